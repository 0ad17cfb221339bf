"""What is seen on stderr while the points of a large study are loaded."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sandtable.cli.output import say

if TYPE_CHECKING:
    from rich.progress import Progress

# Seconds that nobody minds waiting.
_MOMENT = 1.0


class PointsLoaded:
    """Counts points on stderr while it is open, once it takes more than a moment.

    On a terminal it is a bar that goes away again, elsewhere one line; nothing if ``quiet``.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._done = 0
        self._told = False
        self._bar: Progress | None = None
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def add(self, points: int) -> None:
        """Count one more of so many ``points``."""
        self._done += 1
        if self._quiet or time.monotonic() - self._started < _MOMENT:
            return
        if not self._told:
            self._told = True
            self._begin(points)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._done)

    def _begin(self, points: int) -> None:
        if not sys.stderr.isatty():
            say(f"loading {points} points", err=True)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = TextColumn("points loaded"), BarColumn(20), MofNCompleteColumn()
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.add_task("", total=points)
        self._bar.start()
