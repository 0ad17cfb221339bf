"""The tables of `run` and `compare`: against the record, and between two ensembles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.calendar import Calendar
from sandtable.cli.fitted import fitted_fields
from sandtable.cli.headline import print_headline
from sandtable.cli.output import figure, figures, print_table, print_wrapped, say
from sandtable.comparison import (
    BASELINES,
    COLUMNS,
    COMPARISON,
    NEVER_ONLY,
    OUTSIDE,
    SCORE_COLUMNS,
    UNANSWERED,
    Row,
    Score,
    Scores,
    Unanswered,
    read_comparison,
    read_scores,
    read_unanswered,
    summary_fields,
)
from sandtable.ensemble.shifts import SIGNIFICANCE
from sandtable.outcomes import describe, is_moment
from sandtable.plain_text import NBSP
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.results import read_calendar, read_manifest

if TYPE_CHECKING:
    from sandtable.ensemble import Difference, Shift

_MARK = f"×{NBSP}"


@dataclass(frozen=True)
class Recorded:
    """A run beside the record, as its folder holds it."""

    rows: list[Row]
    unanswered: list[Unanswered]
    scores: Scores
    manifest: Mapping[str, Any]
    calendar: Calendar

    @classmethod
    def of(cls, folder: Path, calendar: Calendar | None = None) -> Recorded:
        """Read it from a finished run's folder, its calendar too, unless it is given.

        Raises InputError if it is not there.
        """
        return cls(
            read_comparison(folder / COMPARISON),
            read_unanswered(folder / UNANSWERED),
            read_scores(folder),
            read_manifest(folder),
            read_calendar(folder) if calendar is None else calendar,
        )

    def as_json(self) -> dict[str, Any]:
        """Return rows, scores, what they come to and claims without an answer, for JSON."""
        return {
            "comparison": [{name: getattr(row, name) for name in COLUMNS} for row in self.rows],
            "score": [
                {name: getattr(score, name) for name in SCORE_COLUMNS}
                for score in self.scores.outcomes
            ],
            "summary": {**summary_fields(self.scores), "not_answered": len(self.unanswered)},
            "unanswered": [asdict(item) for item in self.unanswered],
            **fitted_fields(self.manifest),
        }


def comparison_table(title: str, recorded: Recorded) -> None:
    """Print each outcome beside all claims that the record makes of it, and the headline.

    Claimants who contradict each other stand side by side, in one row. Outcomes that a claim
    misses come last and marked, next to the headline. Of a run that was fitted to the record the
    table says so.
    """
    by_outcome: dict[str, list[Row]] = {}
    for row in recorded.rows:
        by_outcome.setdefault(row.outcome, []).append(row)
    scored = [(score, by_outcome.get(score.outcome, [])) for score in recorded.scores.outcomes]
    told = sorted(((s, rows) for s, rows in scored if rows), key=lambda pair: _misses(pair[1]))
    headings = ["outcome", "record>", "unit", "claimant", "p05>", "p50>", "p95>", "verdict<"]
    baselines = [name.replace("_", " ") for name in BASELINES]
    print_table(
        title,
        [*headings, "score>", *(f"{name}>" for name in baselines)],
        (_comparison_cells(score, rows, recorded.calendar) for score, rows in told),
        spare=("score", *baselines),
        above=("claimant",),
    )
    print_headline(recorded.scores, recorded.calendar)
    say(f"claims not answered: {len(recorded.unanswered)}")
    warning = fitted_warning(recorded.manifest)
    if warning is not None:
        print_wrapped(warning)


def unanswered_table(title: str, found: Iterable[Unanswered]) -> None:
    """Print the claims without an answer, each with the reason."""
    cells = ([item.outcome, item.claim, item.reason] for item in found)
    print_table(title, ["outcome", "claim", "reason"], cells)


def _misses(rows: Iterable[Row]) -> bool:
    return any(row.verdict in (OUTSIDE, NEVER_ONLY) and not row.given for row in rows)


def _comparison_cells(score: Score, rows: Sequence[Row], calendar: Calendar) -> Sequence[str]:
    first = rows[0]
    by_range: dict[str, list[Row]] = {}
    for row in rows:
        by_range.setdefault(_record_text(row, calendar), []).append(row)
    between = " or " if score.disputed else "; "
    claimants = (dict.fromkeys(r.claimant for r in group) for group in by_range.values())
    verdicts = [_verdict_text(group[0]) for group in by_range.values()]
    verdict = verdicts[0] if len(set(verdicts)) == 1 else between.join(verdicts)
    return [
        (_MARK if _misses(rows) else " " * len(_MARK)) + first.outcome,
        between.join(by_range),
        first.unit,
        between.join(" and ".join(group) for group in claimants),
        *(
            value_text(first.outcome, value, calendar)
            for value in (first.p05, first.p50, first.p95)
        ),
        f"disputed: {verdict}" if score.disputed else verdict,
        *map(figure, (score.score, *(score.against(name) for name in BASELINES))),
    ]


def _record_text(row: Row, calendar: Calendar) -> str:
    low, high = row.claim_low, row.claim_high
    if is_moment(row.outcome):
        return calendar.dates_text(low, high).replace(" ", NBSP)
    return figures(*(None if math.isinf(end) else end for end in (low, high)))


def _verdict_text(row: Row) -> str:
    """The verdict, or of a bound in how many replications it is kept."""
    if row.given:
        return "given"
    told = row.verdict if math.isnan(row.kept) else f"kept in {row.kept:.0%}"
    return told.replace(" ", NBSP)


def value_text(outcome: str, value: float, calendar: Calendar) -> str:
    """Write an outcome's value, the time of an event with its date: ``3.23 (12 Aug)``."""
    if not (is_moment(outcome) and math.isfinite(value)):
        return figure(value)
    return f"{figure(value)} ({calendar.date_text(value).replace(' ', NBSP)})"


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
