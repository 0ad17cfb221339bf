"""Sieges, pockets, exploitations, landings and daily losses of other wars, read and checked.

Each ships in `operations/`, a row a case with its confidence and source. A row of low confidence is
from memory; it is read, and decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, sqrt
from pathlib import Path
from typing import Generic, TypeVar

from sandtable.battles.columns import LEAST, Numbers, Words
from sandtable.battles.table_faults import Faults
from sandtable.operations.cells import Cells, Column, read_rows
from sandtable.operations.table import CONFIDENCES
from sandtable.scenario.measures import MOST

T = TypeVar("T")
C = TypeVar("C", "Siege", "Pocket", "Exploitation", "Landing", "Day")

_ABOVE = Numbers(LEAST, required=True)
_DAYS = Numbers(LEAST, MOST["day"], required=True)
_KM = Numbers(LEAST, MOST["km"], required=True)
_COUNT = Numbers(required=True)
_TEXT = Words(required=True)
_YES = Words(("yes", "no"))
_LOW = "low"

SIEGES: Mapping[str, Column] = {
    "place": _TEXT, "war": _TEXT, "start": _TEXT, "days": _DAYS,
    "garrison_low": Numbers(), "garrison_high": Numbers(),
    "works": Words(("permanent works", "field works")),
    "way_open": _YES,
    "ended": Words(
        ("stormed", "surrendered", "starved", "evacuated", "relieved", "end of the war")
    ),
    "confidence": Words(CONFIDENCES),
}  # fmt: skip
POCKETS: Mapping[str, Column] = {
    "pocket": _TEXT, "war": _TEXT, "encircler": _TEXT, "start": _TEXT, "days": _DAYS,
    "encircled_low": _ABOVE, "encircled_high": _ABOVE,
    "escaped_low": _COUNT, "escaped_high": _COUNT,
    "by_air": _YES, "ended": Words(("destroyed", "broke out", "relieved")),
    "confidence": Words(CONFIDENCES),
}  # fmt: skip
PURSUITS: Mapping[str, Column] = {
    "operation": _TEXT, "troops": _TEXT, "war": _TEXT, "class": Words(("foot", "mobile")),
    "start": _TEXT, "km_day_low": _KM, "km_day_high": _KM,
    "measured": Words(("straight line", "as published")),
    "stage": Words(("exploitation", "with the breakthrough", "with a battle")),
    "confidence": Words(CONFIDENCES),
}  # fmt: skip
LANDINGS: Mapping[str, Column] = {
    "landing": _TEXT, "war": _TEXT, "start": _TEXT,
    "landed_low": _ABOVE, "landed_high": _ABOVE, "lost_low": _ABOVE, "lost_high": _ABOVE,
    "confidence": Words(CONFIDENCES),
}  # fmt: skip
DAYS: Mapping[str, Column] = {
    "battle": _TEXT, "phase": _TEXT, "role": Words(("attacker", "defender")), "side": _TEXT,
    "date": _TEXT, "day": Numbers(1.0, MOST["day"], whole=True, required=True),
    "strength": _ABOVE, "casualties": _COUNT, "confidence": Words(CONFIDENCES),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Siege:
    """A fortress: days from investment or first bombardment to its end.

    ``men``: geometric mean of the garrison's bounds, None where unknown. ``field``: field works or
    a town. ``open``: whether a way of supply, relief or retreat stayed open. ``held``: whether it
    was never taken in these days, but relieved, evacuated or left alone until the war's end.
    """

    name: str
    war: str
    start: date
    days: float
    men: float | None
    field: bool
    open: bool
    ended: str
    sure: bool

    @property
    def held(self) -> bool:
        """Whether its end is not known, because it was never brought about."""
        return self.ended in ("relieved", "evacuated", "end of the war")


@dataclass(frozen=True, slots=True)
class Pocket:
    """An encirclement in the field: days, share of its men that escaped (0-1).

    ``by_air``: whether it was supplied by air throughout.
    """

    name: str
    war: str
    days: float
    escaped: float
    by_air: bool
    ended: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Exploitation:
    """A rate of advance in km a day with halts.

    ``straight``: measured as the crow flies. ``counts``: whether it is of an exploitation alone,
    without the breakthrough and without a battle.
    """

    operation: str
    troops: str
    war: str
    mobile: bool
    km_day: float
    straight: bool
    counts: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Landing:
    """The first day of a landing under fire: men put ashore, and lost at sea and on the beach.

    Each is the geometric mean of its bounds.
    """

    name: str
    war: str
    landed: float
    lost: float
    sure: bool

    @property
    def rate(self) -> float:
        """Men lost a thousand landed."""
        return 1000.0 * self.lost / self.landed


@dataclass(frozen=True, slots=True)
class Day:
    """A side's casualties on the ``day`` (from 1) of a phase of a battle; strength in persons."""

    battle: str
    phase: str
    role: str
    day: int
    strength: float
    casualties: float
    sure: bool

    @property
    def rate(self) -> float:
        """Casualties a thousand men."""
        return 1000.0 * self.casualties / self.strength


@dataclass(frozen=True, slots=True)
class Cases(Generic[T]):
    """The rows of one table in its order; ``digest`` is the file's SHA-256."""

    path: Path
    digest: str
    rows: tuple[T, ...]


def read_sieges(path: Path) -> Cases[Siege]:
    """Read sieges. Raises TableError with every fault, InputError if no file can be read."""
    return _read(path, SIEGES, _siege)


def read_pockets(path: Path) -> Cases[Pocket]:
    """Read pockets; raises as `read_sieges`."""
    return _read(path, POCKETS, _pocket)


def read_exploitations(path: Path) -> Cases[Exploitation]:
    """Read exploitations; raises as `read_sieges`."""
    return _read(path, PURSUITS, _exploitation)


def read_landings(path: Path) -> Cases[Landing]:
    """Read landings; raises as `read_sieges`."""
    return _read(path, LANDINGS, _landing)


def read_days(path: Path) -> Cases[Day]:
    """Read daily losses; raises as `read_sieges`, and for a phase without one of its days."""
    found = _read(path, DAYS, _day)
    faults, days = Faults(str(path)), Counter[tuple[str, str, str]]()
    for day in found.rows:
        phase = (day.battle, day.phase, day.role)
        days[phase] += 1
        if day.day != days[phase]:
            key, allowed = ", ".join(phase), f"day {days[phase]} next, each day once"
            faults.add(key, f"day {day.day}", allowed)
    if faults:
        raise faults.error()
    return found


def _read(
    path: Path, columns: Mapping[str, Column], make: Callable[[_Row], T | None]
) -> Cases[T]:  # fmt: skip
    faults = Faults(str(path))
    rows, digest = read_rows(path, {n: _must(c) for n, c in columns.items()}, faults)
    found = [made for number, cells in rows if (made := make(_Row(number, cells, faults, columns)))]
    if not faults and not found:
        faults.add("row 2", "no case", "at least one case")
    if faults:
        raise faults.error()
    return Cases(path, digest, tuple(found))


def _must(column: Column) -> Column:
    """Return the column as one that has to be there, whatever a cell of it may lack."""
    if isinstance(column, Words):
        return Words(column.allowed, required=True)
    return Numbers(column.low, column.high, column.whole, required=True)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's values by column: faults are noted, and something of the kind stands in."""

    number: int
    cells: Mapping[str, str]
    faults: Faults
    columns: Mapping[str, Column]

    @property
    def _read(self) -> Cells:
        return Cells(self.number, self.cells, self.faults)

    def text(self, column: str) -> str:
        return self._read.text(column)

    def word(self, column: str) -> str:
        kind = self.columns[column]
        found = self._read.word(column, kind)
        if not found and not self.cells[column]:
            assert isinstance(kind, Words)
            key, allowed = f"row {self.number}, column {column}", ", ".join(kind.allowed)
            self.faults.add_cell(key, "", allowed)
        return found

    def maybe(self, column: str) -> float | None:
        return self._read.number(column, self.columns[column])

    def number_of(self, column: str) -> float:
        return self.maybe(column) or 0.0

    def day(self, column: str) -> date:
        return self._read.day(column) or date.min

    def between(self, low: str, high: str) -> float | None:
        """Geometric mean of two bounds, None where either is unknown."""
        ends = self.maybe(low), self.maybe(high)
        if ends[0] is None or ends[1] is None:
            return None
        if ends[0] > ends[1]:
            key = f"row {self.number}, column {high}"
            self.faults.add(key, f"{ends[1]:g}", f"at least {low}, which is {ends[0]:g}")
        return sqrt(ends[0] * ends[1])


def _siege(row: _Row) -> Siege:
    return Siege(
        row.text("place"),
        row.text("war"),
        row.day("start"),
        row.number_of("days"),
        row.between("garrison_low", "garrison_high"),
        row.word("works") == "field works",
        row.word("way_open") == "yes",
        row.word("ended"),
        row.word("confidence") != _LOW,
    )


def _pocket(row: _Row) -> Pocket:
    row.day("start")
    men, away = (
        fsum(row.number_of(f"{name}_{end}") for end in ("low", "high"))
        for name in ("encircled", "escaped")
    )
    if away > men:
        key = f"row {row.number}, column escaped_high"
        row.faults.add(key, f"{away / 2:g} on average", "no more than were encircled")
    return Pocket(
        row.text("pocket"),
        row.text("war"),
        row.number_of("days"),
        away / men if men else 0.0,
        row.word("by_air") == "yes",
        row.word("ended"),
        row.word("confidence") != _LOW,
    )


def _exploitation(row: _Row) -> Exploitation:
    row.day("start")
    return Exploitation(
        row.text("operation"),
        row.text("troops"),
        row.text("war"),
        row.word("class") == "mobile",
        row.between("km_day_low", "km_day_high") or 0.0,
        row.word("measured") == "straight line",
        row.word("stage") == "exploitation",
        row.word("confidence") != _LOW,
    )


def _landing(row: _Row) -> Landing:
    row.day("start")
    return Landing(
        row.text("landing"),
        row.text("war"),
        row.between("landed_low", "landed_high") or 1.0,
        row.between("lost_low", "lost_high") or 1.0,
        row.word("confidence") != _LOW,
    )


def _day(row: _Row) -> Day:
    row.day("date")
    return Day(
        row.text("battle"),
        row.text("phase"),
        row.word("role"),
        int(row.number_of("day")),
        row.number_of("strength"),
        row.number_of("casualties"),
        row.word("confidence") != _LOW,
    )


def sure(cases: Sequence[C]) -> list[C]:
    """Those of them that may decide."""
    return [case for case in cases if case.sure]
