"""The bar on stderr that tells how far a run is, at which rate, and how long it will take."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from sandtable.experiments import Part


class ReplicationsDone:
    """Counts replications on stderr while it is open; shows nothing if ``quiet``."""

    def __init__(self, replications: int, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._progress = Progress(
            TextColumn("replications"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet,
        )
        self._task = self._progress.add_task("", total=replications, rate="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def add(self, part: Part) -> None:
        """Count one part's replications."""
        self._progress.advance(self._task, len(part.outcomes))
        speed = self._progress.tasks[0].finished_speed or self._progress.tasks[0].speed
        self._progress.update(self._task, rate=f"{speed:.0f}/s" if speed else "")
