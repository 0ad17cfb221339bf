"""What the record says of something that a replication's story tells."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sandtable.calendar import Calendar
from sandtable.comparison import Row
from sandtable.numerals import figure, figures
from sandtable.outcomes import Kind, is_moment, parse
from sandtable.plain_text import NBSP
from sandtable.story.words import Link, Piece, Words, counted, joined, listed


@dataclass(frozen=True, slots=True)
class Beside:
    """A claim beside the value of a replication.

    ``said`` is the claim's range as it is written; ``differs`` tells by how much the record lies
    away from the value, empty if the value lies in the range; ``about`` is the id of what is told
    of, such as a place.
    """

    claim: str
    outcome: str
    said: str
    claimant: str
    differs: str
    about: str


class Record:
    """The claims on a run, by outcome, and what a replication has for each.

    ``rows`` are those of `comparison.compare`; a claim that any answer meets is left out.
    ``value`` tells a replication's by its outcome, days from H-hour and NaN for never.
    """

    def __init__(
        self, rows: Iterable[Row], value: Callable[[str], float], calendar: Calendar
    ) -> None:
        self.calendar, self.value = calendar, value
        self.claims: dict[str, list[Row]] = {}
        for row in rows:
            if row.tests:
                self.claims.setdefault(row.outcome, []).append(row)

    def beside(self, outcome: str) -> tuple[Beside, ...]:
        """Return the claims on an outcome beside what the replication has; none for no claim."""
        return tuple(self._beside(row, self.value(outcome)) for row in self.claims.get(outcome, ()))

    def of_moment(self, outcomes: Sequence[str], day: float) -> tuple[Beside, ...]:
        """Return the claims on those of some outcomes that tell of this very moment."""
        known = [name for name in outcomes if name in self.claims]
        told = [name for name in known if abs(self.value(name) - day) < _SAME]
        return tuple(beside for name in told for beside in self.beside(name))

    def _beside(self, row: Row, value: float) -> Beside:
        if is_moment(row.outcome):
            said = self._dates(row)
            differs = _days_apart(row, value, self.calendar.span(_phase(row.outcome)).end)
        else:
            said, differs = _range(row), _apart(row, value)
        told = parse(row.outcome)
        about = next(iter(told.slots.values()), "") if told else ""
        return Beside(row.claim, row.outcome, said, row.claimant, differs, about)

    def _dates(self, row: Row) -> str:
        low, high = _ends(row)
        never = self.calendar.span(_phase(row.outcome)).end
        if low >= never and math.isinf(high):
            return "never"
        return self.calendar.dates_text(low, high)


_SAME = 1e-6
"""Days within which two moments are the same."""


def record_words(beside: Sequence[Beside], name: Callable[[str], Words] | None = None) -> Words:
    """Return the record's words: ``record: 22–23 Aug (Vorotnikov 1989), differs: 2 days later``.

    Claims with the same range stand together; empty without a claim. ``name`` tells what they are
    about, where there is more than one thing that they could be about.
    """
    if not beside:
        return ()
    together: dict[tuple[str, str, str], list[Beside]] = {}
    for one in beside:
        together.setdefault((one.about, one.said, one.differs), []).append(one)
    pieces: list[Piece | Words] = ["record: "]
    last = ""
    for number, ((about, said, differs), claims) in enumerate(together.items()):
        who = listed([Link("claim", one.claim, one.claimant) for one in _first_of_each(claims)])
        apart = f", differs: {differs}" if differs else ""
        named = joined(name(about), " ") if name and about != last else ""
        pieces += ["; " if number else "", named, f"{said.replace(NBSP, ' ')} (", who, f"){apart}"]
        last = about
    return joined(*pieces)


def _range(row: Row) -> str:
    """A claim's range as tables write it, shares as percentages."""
    low, high = (None if math.isinf(end) else end for end in _ends(row))
    told = parse(row.outcome)
    if told is None or told.form.kind is not Kind.SHARE:
        return figures(low, high)
    scaled = (None if end is None else 100.0 * end for end in (low, high))
    return f"{figures(*scaled)}%"


def _first_of_each(claims: Iterable[Beside]) -> list[Beside]:
    """One claim of each claimant."""
    found: dict[str, Beside] = {}
    for one in claims:
        found.setdefault(one.claimant, one)
    return list(found.values())


def _ends(row: Row) -> tuple[float, float]:
    return row.claim_low, row.claim_high


def _phase(outcome: str) -> str:
    told = parse(outcome)
    return "" if told is None else told.phase


def _days_apart(row: Row, value: float, never: float) -> str:
    """By how much the record is earlier or later than the replication."""
    low, high = _ends(row)
    came = math.isfinite(value) and value <= never
    if low >= never and math.isinf(high):
        return "here it came" if came else ""
    if not came:
        return "" if math.isinf(high) else "here never"
    if value < low - _SAME:
        return f"{_days(low - value)} later"
    return f"{_days(value - high)} earlier" if value > high + _SAME else ""


def _days(days: float) -> str:
    hours = days * 24.0
    if hours < 23.5:
        return "less than an hour" if hours < 1.0 else counted(hours, "hour")
    told = f"{days:.1f}".removesuffix(".0")
    return "1 day" if told == "1" else f"{told} days"


def _apart(row: Row, value: float) -> str:
    """By how much the record is more or less than the replication."""
    low, high = _ends(row)
    told = parse(row.outcome)
    if math.isnan(value) or (low <= value <= high):
        return ""
    end = low if value < low else high
    kind = told.form.kind if told else Kind.COUNT
    if kind is Kind.SHARE:
        return f"here {value:.0%}"
    if kind is Kind.DURATION:
        return f"here {figure(value)} days"
    much = "many" if kind is Kind.COUNT else "far"
    if value <= 0.0:
        return "here none"
    ratio = end / value
    if ratio >= _TIMES:
        return f"{figure(ratio)} times as {much}"
    if ratio <= 1.0 / _TIMES:
        return (
            f"here {figure(value)}" if end <= 0.0 else f"here {figure(1 / ratio)} times as {much}"
        )
    percent = round(100.0 * abs(ratio - 1.0))
    return f"{percent or 'less than 1'} percent {'more' if ratio > 1.0 else 'less'}"


_TIMES = 2.0
"""From this ratio on a difference is told as so many times, below as percent."""
