"""The laws of operations fitted on the tables of cases, and each examined on cases left out.

Each law is a `Sample`: ln days of sieges and of pockets, log odds of escape from a pocket, ln km a
day of exploitations, ln men lost a thousand landed, exponents of time within a battle. Contact
without a decision has no cases of its own: its ranges run from nothing to the least that was
recorded of fighting and all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from sandtable.errors import InputError, Problem
from sandtable.laws.operational import REGRESSIONS
from sandtable.operations.cases import (
    Day,
    Exploitation,
    Landing,
    Pocket,
    Siege,
    read_days,
    read_exploitations,
    read_landings,
    read_pockets,
    read_sieges,
    sure,
)
from sandtable.operations.regressions import (
    SHORTEST_COURSE,
    Array,
    Fitted,
    Mask,
    TooFewCases,
    fit,
    power_of_time,
)
from sandtable.operations.table import Operation, Record, read_operations, read_records
from sandtable.scenario import WINDING

SINCE = date(1914, 1, 1)
"""First day of the battles that the other laws are fitted on."""
PURSUIT_KM_DAY = 8.0
"""Km a day from which a whole operation counts as a pursuit."""
FILES = (
    "sieges.csv", "pockets.csv", "pursuits.csv", "landings.csv", "daily.csv", "operations.csv",
)  # fmt: skip
_LEAST_SHARE = 0.002
"""Share that escaped below which nobody counted: its log odds would run away."""


@dataclass(frozen=True)
class Sample:
    """What a regression is fitted on: X (n, p), y (n,), which are censored, and groups (n,)."""

    name: str
    x: Array
    y: Array
    censored: Mask
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.y)

    def fit(self, rows: Mask | None = None) -> Fitted:
        """Fit all rows, or some. Raises TooFewCases."""
        chosen = np.ones(len(self), dtype=np.bool_) if rows is None else rows
        return fit(self.x[chosen], self.y[chosen], self.censored[chosen])


@dataclass(frozen=True)
class Tables:
    """The tables of a folder, read; ``digests`` by file name."""

    sieges: tuple[Siege, ...]
    pockets: tuple[Pocket, ...]
    exploitations: tuple[Exploitation, ...]
    landings: tuple[Landing, ...]
    days: tuple[Day, ...]
    operations: tuple[tuple[Operation, Record], ...]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bound:
    """Casualties a thousand men and day that nothing recorded was below, and where that was."""

    rate: float
    where: str


def read_tables(folder: Path) -> Tables:
    """Read the tables of a folder. Raises InputError with every fault of the first that has any."""
    paths = {name: folder / name for name in FILES}
    sieges, pockets = read_sieges(paths["sieges.csv"]), read_pockets(paths["pockets.csv"])
    pursuits, days = read_exploitations(paths["pursuits.csv"]), read_days(paths["daily.csv"])
    landings = read_landings(paths["landings.csv"])
    known = read_operations(paths["operations.csv"])
    records = read_records(paths["operations.csv"])
    read = (sieges, pockets, pursuits, landings, days)
    digests = [*[table.digest for table in read], known.digest]
    return Tables(
        sieges.rows,
        pockets.rows,
        pursuits.rows,
        landings.rows,
        days.rows,
        tuple(zip(known.operations, records, strict=True)),
        dict(zip(FILES, digests, strict=True)),
    )


def samples_of(tables: Tables) -> dict[str, Sample]:
    """Return what each regression is fitted on, by its name in the file of fits."""
    made = (
        sieges_sample(sure(tables.sieges)),
        *_pockets(sure(tables.pockets)),
        _exploitations(sure(tables.exploitations)),
        _landings(sure(tables.landings)),
        _time(sure(tables.days)),
    )
    return {sample.name: sample for sample in made}


def fit_all(tables: Tables, folder: Path) -> dict[str, Fitted]:
    """Fit every regression. Raises InputError if a table has too few cases for its law."""
    found = {}
    for name, sample in samples_of(tables).items():
        try:
            found[name] = sample.fit()
        except TooFewCases as error:
            allowed = f"enough cases that differ in {', '.join(REGRESSIONS[name])}"
            raise InputError([Problem(str(folder), name, str(error), allowed)]) from None
    return found


def sieges_sample(sieges: Sequence[Siege], terms: Sequence[str] = ("field works",)) -> Sample:
    """Return ln days of sieges since 1914, with a constant and these terms besides.

    A term is ``field works``, ``size`` (ln of the garrison over 10,000) or ``way open``. A garrison
    that was relieved, was evacuated or held to the end of the war is censored.
    """
    chosen = [s for s in sieges if s.start >= SINCE and ("size" not in terms or s.men)]
    columns = {
        "field works": [float(s.field) for s in chosen],
        "size": [np.log((s.men or 1e4) / 1e4) for s in chosen],
        "way open": [float(s.open) for s in chosen],
    }
    x = np.column_stack([np.ones(len(chosen)), *(columns[term] for term in terms)])
    held = np.array([s.held for s in chosen], dtype=np.bool_)
    return Sample("siege", x, _logs([s.days for s in chosen]), held, _names(chosen, "war"))


def _pockets(pockets: Sequence[Pocket]) -> tuple[Sample, Sample]:
    """Ln days of pockets that no air lift kept alive, and log odds of a man's escape from them."""
    chosen = [p for p in pockets if not p.by_air]
    x, groups = np.ones((len(chosen), 1)), _names(chosen, "name")
    none = np.zeros(len(chosen), dtype=np.bool_)
    held = np.array([p.ended == "relieved" for p in chosen], dtype=np.bool_)
    shares = np.clip([p.escaped for p in chosen], _LEAST_SHARE, 1.0 - _LEAST_SHARE)
    odds = np.log(shares / (1.0 - shares))
    return (
        Sample("pocket", x, _logs([p.days for p in chosen]), held, groups),
        Sample("escape", x, odds, none, groups),
    )


def _exploitations(found: Sequence[Exploitation]) -> Sample:
    """Ln km a day of exploitations, on foot and mobile; straight lines by a road's winding."""
    chosen = [e for e in found if e.counts]
    x = np.array([[float(not e.mobile), float(e.mobile)] for e in chosen]).reshape(-1, 2)
    km = [e.km_day * (WINDING["road"] if e.straight else 1.0) for e in chosen]
    none = np.zeros(len(chosen), dtype=np.bool_)
    return Sample("pursuit", x, _logs(km), none, _names(chosen, "operation"))


def _landings(landings: Sequence[Landing]) -> Sample:
    """Ln men lost a thousand landed on the first day of a landing under fire."""
    none = np.zeros(len(landings), dtype=np.bool_)
    rates = _logs([landing.rate for landing in landings])
    return Sample("landing", np.ones((len(landings), 1)), rates, none, _names(landings, "name"))


def _time(days: Sequence[Day]) -> Sample:
    """Exponents of time of each side of each phase of a battle that lasted long enough."""
    courses: dict[tuple[str, str, str], list[float]] = {}
    for d in days:
        courses.setdefault((d.battle, d.phase, d.role), []).append(d.casualties)
    phases = [phase for phase, course in courses.items() if len(course) >= SHORTEST_COURSE]
    powers = [power_of_time(np.array(courses[phase]))[0] for phase in phases]
    x = np.array([[float(role == side) for side in REGRESSIONS["time"]] for *_, role in phases])
    none = np.zeros(len(phases), dtype=np.bool_)
    groups = tuple(f"{battle}, {phase}" for battle, phase, _ in phases)
    return Sample("time", x.reshape(-1, 2), np.array(powers), none, groups)


def bounds_of(tables: Tables, folder: Path) -> dict[str, Bound]:
    """Return the upper ends of the rates of contact, by name in the file of fits.

    In pursuit: the cheapest operation of at least PURSUIT_KM_DAY; holding: the quietest day of a
    side in the daily series. Both hold fights, so what contact alone costs lies below. Raises
    InputError if no row may decide.
    """
    quick = [
        Bound(1000.0 * r.attacker_losses / o.attacker_strength / o.days, o.name)
        for o, r in tables.operations
        if r.counts and r.confidence != "low" and r.depth_km >= PURSUIT_KM_DAY * o.days
        and r.attacker_losses > 0.0
    ]  # fmt: skip
    days = [Bound(d.rate, f"{d.battle}, {d.phase}, day {d.day}") for d in sure(tables.days)]
    for name, found, allowed in (
        ("operations.csv", quick, f"an operation of {PURSUIT_KM_DAY:g} km a day and more"),
        ("daily.csv", days, "a day whose row may decide"),
    ):
        if not found:
            raise InputError([Problem(str(folder / name), "file", "none", allowed)])
    return {
        "contact.pursuit": min(quick, key=lambda b: b.rate),
        "contact.holding": min(days, key=lambda b: b.rate),
    }


def _logs(values: Sequence[float]) -> Array:
    return np.log(np.array(values, dtype=np.float64))


def _names(rows: Sequence[object], field: str) -> tuple[str, ...]:
    return tuple(str(getattr(row, field)) for row in rows)
