"""The tables of `run` and `compare`: against the record, and between two ensembles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.calendar import Calendar
from sandtable.cli.fitted import fitted_fields
from sandtable.cli.output import NBSP, figure, figures, print_table, print_wrapped
from sandtable.comparison import (
    COLUMNS,
    COMPARISON,
    OUTSIDE,
    UNANSWERED,
    Row,
    Summary,
    Unanswered,
    read_comparison,
    read_unanswered,
    summarise,
)
from sandtable.ensemble.shifts import SIGNIFICANCE
from sandtable.outcomes import describe, is_moment
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.results import read_calendar, read_manifest

if TYPE_CHECKING:
    from sandtable.ensemble import Difference, Shift

_MARK = "× "


@dataclass(frozen=True)
class Recorded:
    """A run beside the record, as its folder holds it."""

    rows: list[Row]
    unanswered: list[Unanswered]
    manifest: Mapping[str, Any]
    calendar: Calendar

    @classmethod
    def of(cls, folder: Path) -> Recorded:
        """Read it from a finished run's folder. Raises InputError if it is not there."""
        return cls(
            read_comparison(folder / COMPARISON),
            read_unanswered(folder / UNANSWERED),
            read_manifest(folder),
            read_calendar(folder),
        )

    def as_json(self) -> dict[str, Any]:
        """Return rows, summary and claims without an answer, for JSON."""
        return {
            "comparison": [{name: getattr(row, name) for name in COLUMNS} for row in self.rows],
            "summary": {**asdict(summarise(self.rows)), "not_answered": len(self.unanswered)},
            "unanswered": [asdict(item) for item in self.unanswered],
            **fitted_fields(self.manifest),
        }


def comparison_table(title: str, recorded: Recorded) -> None:
    """Print outcomes beside the claims that the record makes of them, and what it comes to.

    Claims that lie outside come last and marked, next to the counts. Of a run that was fitted
    to the record the table says so.
    """
    headings = ["outcome", "record>", "unit", "claimant", "p05>", "p50>", "p95>", "verdict"]
    rows = sorted(recorded.rows, key=lambda row: row.verdict == OUTSIDE)
    print_table(
        title,
        [*headings, "CRPS>", "baseline>"],
        (_comparison_cells(row, recorded.calendar) for row in rows),
        spare=("CRPS", "baseline"),
        above=("claimant",),
    )
    for line in _summary_lines(summarise(rows)):
        print_wrapped(line)
    print(f"not answered: {len(recorded.unanswered)}")
    warning = fitted_warning(recorded.manifest)
    if warning is not None:
        print_wrapped(warning)


def unanswered_table(title: str, found: Iterable[Unanswered]) -> None:
    """Print the claims without an answer, each with the reason."""
    cells = ([item.outcome, item.claim, item.reason] for item in found)
    print_table(title, ["outcome", "claim", "reason"], cells)


def _comparison_cells(row: Row, calendar: Calendar) -> Sequence[str]:
    ends = (None if math.isinf(end) else end for end in (row.claim_low, row.claim_high))
    dates = calendar.dates_text(row.claim_low, row.claim_high)
    return [
        (_MARK if row.verdict == OUTSIDE else " " * len(_MARK)) + row.outcome,
        dates if is_moment(row.outcome) else figures(*ends),
        row.unit,
        row.claimant,
        *(value_text(row.outcome, value, calendar) for value in (row.p05, row.p50, row.p95)),
        row.verdict,
        *map(figure, (row.crps, row.baseline_crps)),
    ]


def value_text(outcome: str, value: float, calendar: Calendar) -> str:
    """Write an outcome's value, the time of an event with its date: ``3.23 (12 Aug)``."""
    if not (is_moment(outcome) and math.isfinite(value)):
        return figure(value)
    return f"{figure(value)} ({calendar.date_text(value).replace(' ', NBSP)})"


def _summary_lines(summary: Summary) -> list[str]:
    ranges, bounds = summary.ranges, summary.bounds
    told = f"{ranges.inside_50} inside 50, {ranges.inside_90} inside 90, {ranges.outside} outside"
    kept = f"{bounds.inside_50}, {bounds.inside_90}, {bounds.outside}"
    counts = f"{ranges.total} ranges ({told}), {bounds.total} bounds ({kept})"
    if summary.against_baseline:
        against = f"error is {summary.crps_ratio:.3g} of the baseline's (below 1 is better), "
        against += f"median of {summary.against_baseline} ranges"
    else:
        against = "error against the baseline: the baseline answers none of the ranges"
    return [f"{summary.answered} claims answered: {counts}", against]


def step_table(found: Sequence[Shift], calendar: Calendar) -> None:
    """Print how far half the time step shifts each outcome, and whether chance explains it."""
    print_table(
        "Half the time step, same streams",
        ["outcome", "unit", "mean>", "MC error>", "half step>", "shift>", "±>", "beyond chance"],
        [[*_step_cells(item.difference, calendar), _beyond(item)] for item in found],
    )
    count = sum(item.shifted for item in found)
    print_wrapped(
        f"half the time step shifts {count} of {len(found)} outcomes by more than the Monte Carlo "
        f"error of the paired difference ({SIGNIFICANCE:.0%} level for all together, after Holm)"
    )


def _step_cells(found: Difference, calendar: Calendar) -> list[str]:
    return [
        found.outcome,
        describe(found.outcome)[0],
        value_text(found.outcome, found.first, calendar),
        figure(found.first_error),
        value_text(found.outcome, found.second, calendar),
        figure(found.mean),
        figure(found.mc_error),
    ]


def _beyond(item: Shift) -> str:
    if not (item.difference.pairs or item.difference.moved):
        return "never occurs"
    return f"{_MARK}yes" if item.shifted else "no"
