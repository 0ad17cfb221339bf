"""The bar on stderr that tells how far a run is, how fast, and how well its means are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer

from sandtable.cli.output import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sandtable.ensemble import Part
    from sandtable.studies.sensitivity.uncertain_inputs import InputPart

# Columns of a terminal: of the bar, and of the whole line without the name of an outcome. A
# terminal of the usual 80 holds the error, one of 120 most names too.
_BAR = 20
_WITHOUT_NAME = 84
# Warnings that are shown one by one; of a table of thousands nobody reads more.
_WARNINGS_SHOWN = 50


def warn(warnings: Sequence[str], quiet: bool) -> None:
    """Print warnings on stderr, the first of many and how many more; nothing if ``quiet``."""
    if quiet:
        return
    for warning in warnings[:_WARNINGS_SHOWN]:
        say(f"warning: {warning}", err=True)
    if len(warnings) > _WARNINGS_SHOWN:
        say(f"warning: and {len(warnings) - _WARNINGS_SHOWN:,} more", err=True)


@contextmanager
def counted(what: str, total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """Count up to ``total`` on stderr; yields what counts one. Shows nothing if ``quiet``."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    bar = (TextColumn(what), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*bar, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


class ReplicationsDone:
    """Counts replications on stderr while it is open; shows nothing if ``quiet``.

    ``names`` are outcomes of one scenario and ``columns`` their places among the columns of its
    parts: of these the bar shows the largest relative Monte Carlo error so far. ``counted`` is
    the word for what is counted.
    """

    def __init__(
        self,
        replications: int,
        quiet: bool,
        names: Sequence[str] = (),
        columns: Sequence[int] = (),
        counted: str = "replications",
    ) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn(counted),
            BarColumn(_BAR),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[told]}", markup=False),
            console=self._console,
            disable=quiet,
        )
        self._left = replications
        self._task = self._progress.add_task("", total=replications, rate="", told="")
        self._names, self._columns = tuple(names), list(columns)
        self._means = RunningMeans(len(self._columns))
        self._failed = 0
        self._begun = False

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and not self._begun:
            # An error is told without a bar of work that never began.
            self._progress.live.transient = True
            self._progress.live.stop()
        else:
            self._progress.stop()

    def resumed(self, done: int) -> None:
        """Take off what an interrupted run had done: it says nothing of the rate."""
        self._left -= done
        self._progress.update(self._task, total=self._left)

    def damaged(self, line: str) -> None:
        """Tell of something in an interrupted folder that can't be gone on with."""
        self._console.print(f"warning: {line}", markup=False, highlight=False, soft_wrap=True)

    def add(self, part: Part | InputPart) -> None:
        """Count one part's replications and its failures, and take in its outcomes."""
        self._begun = True
        self._progress.advance(self._task, len(part.outcomes))
        self._failed += len(part.failures)
        self._means.add(part.outcomes[part.kept][:, self._columns])
        task = self._progress.tasks[0]
        speed = task.finished_speed or task.speed
        rate = f"{speed:.0f}/s" if speed else ""
        self._progress.update(self._task, rate=rate, told=self.told())

    def told(self) -> str:
        """The largest relative error, with the outcome's name where it fits, and the failures."""
        words = [f"{self._failed} failed"] if self._failed else []
        errors = zip(self._means.relative_errors(), self._names, strict=True)
        known = [(error, name) for error, name in errors if error >= 0.0]
        if known:
            error, name = max(known)
            fits = len(name) <= self._console.width - _WITHOUT_NAME
            words.insert(0, f"error {100 * error:.1f} %" + (f" of {name}" if fits else ""))
        return ", ".join(words)


class RunningMeans:
    """Means of columns and their Monte Carlo errors, from rows that come in by and by.

    Counts, means and sums of squared deviations of the rows so far and of the new ones are
    joined after Chan, Golub and LeVeque (American Statistician 37, 1983, eq. 2.1): no row is
    kept. NaN, an outcome that never came about, has no part in a mean.
    """

    def __init__(self, columns: int) -> None:
        import numpy as np

        self._rows = 0
        self._count, self._other_than_zero, self._mean, self._squares = np.zeros((4, columns))

    def add(self, rows: NDArray[np.float64]) -> None:
        """Take in rows of shape (n, columns)."""
        import numpy as np

        told = np.isfinite(rows)
        values = np.where(told, rows, 0.0)
        new = told.sum(axis=0)
        mean = values.sum(axis=0) / np.maximum(new, 1)
        squares = (np.where(told, rows - mean, 0.0) ** 2).sum(axis=0)
        both = np.maximum(self._count + new, 1)
        apart = mean - self._mean
        self._squares += squares + apart**2 * self._count * new / both
        self._mean += apart * new / both
        self._count += new
        self._other_than_zero += np.count_nonzero(values, axis=0)
        self._rows += len(rows)

    def relative_errors(self) -> list[float]:
        """Standard error of each mean as a share of its magnitude.

        NaN stands where that says nothing, by the rule of ``--until-error``: the outcome came
        about, with a value other than zero, in too small a share of the rows.
        """
        import numpy as np

        from sandtable.ensemble.stopping import HARDLY_EVER

        often = self._other_than_zero >= max(2.0, HARDLY_EVER * self._rows)
        count = np.where(often, self._count, np.nan)
        error = np.sqrt(self._squares / (count - 1) / count)
        with np.errstate(divide="ignore"):
            shares: list[float] = (error / np.abs(self._mean)).tolist()
        return shares


@contextmanager
def ensemble_progress(
    replications: int,
    folder: Path | None,
    quiet: bool,
    names: Sequence[str] = (),
    places: Sequence[int] = (),
) -> Iterator[ReplicationsDone]:
    """Show on stderr how far an ensemble is; the rest as of `telling_what_is_kept`.

    ``names`` and ``places`` as of `ReplicationsDone`.
    """
    shown = ReplicationsDone(replications, quiet, names, places)
    with telling_what_is_kept(folder, quiet), shown:
        yield shown


@contextmanager
def telling_what_is_kept(folder: Path | None, quiet: bool) -> Iterator[None]:
    """Say on Ctrl-C what can be taken up again; exit 1 if replications failed.

    Warnings that come up while the work goes on are printed unless ``quiet``.
    """
    from sandtable.cli.warned import warnings_printed
    from sandtable.ensemble import ReplicationsFailed

    try:
        with warnings_printed(quiet):
            yield
    except KeyboardInterrupt:
        if folder is not None and not quiet:
            partial = folder.with_name(folder.name + ".partial")
            kept = f"completed work is kept in {partial}; use --resume to continue"
            say(f"interrupted: {kept if partial.exists() else 'nothing was done yet'}", err=True)
        raise
    except ReplicationsFailed as error:
        say(f"error: {error}", err=True)
        raise typer.Exit(1) from None
