"""Claims: recorded results. They are compared with a run and never steer one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sandtable.calendar import Calendar
from sandtable.errors import InputError, Problem
from sandtable.evidence.rows import ClaimRow, columns
from sandtable.evidence.tables import (
    CLAIMS,
    Bound,
    CsvRow,
    campaign_files,
    read_bounds,
    read_line,
    read_table,
)
from sandtable.outcomes import (
    Kind,
    allowed_in_place_of,
    is_moment,
    nearest_name,
    parse,
    split_phase,
)
from sandtable.units import UNITS, canonical, convert

COLUMNS = columns(ClaimRow)


@dataclass(frozen=True, slots=True)
class Claim:
    """One recorded result, as one claimant puts it.

    `low` and `high` are in `unit`, as printed; None leaves the range open. For the unit `date`
    they are moments, a whole day reaching from its start to its end. `printed` has both ends
    as the register writes them.
    """

    id: str
    campaign: str
    outcome: str
    low: Bound
    high: Bound
    unit: str
    claimant: str
    source: str
    line: int | None
    note: str
    printed: tuple[str, str] = ("", "")

    def interval(self, calendar: Calendar) -> tuple[float, float, str]:
        """Return the claim's ends and unit as outcomes are reckoned, open ends as -inf and inf.

        Dates become days from H-hour, in whose zone local ones are read. For the time of an
        event the unit `day` means a calendar day of the campaign, from its start to its end;
        hours there are hours from H-hour. Raises QuantityError when dates and H-hour cannot be
        compared.
        """
        unit = "day" if self.unit == "date" else canonical(self.unit)
        calendar_days = self.unit == "day" and is_moment(self.outcome)

        def reckoned(end: Bound, *, is_low: bool) -> float:
            if end is None:
                return -math.inf if is_low else math.inf
            if isinstance(end, datetime):
                return calendar.day_of(end)
            if calendar_days:
                return calendar.end_of_day(end - 1 if is_low else end)
            return convert(end, self.unit, unit)

        return reckoned(self.low, is_low=True), reckoned(self.high, is_low=False), unit


def read_claims(path: Path) -> tuple[list[Claim], list[Problem]]:
    """Read one file of claims; return the sound ones and every problem."""
    return read_table(path, COLUMNS, _parse)


def load_claims(root: Path, campaign: str) -> list[Claim]:
    """Return the register's claims about one campaign, in the order of the file.

    Raises InputError with every problem of the file.
    """
    paths, problems = campaign_files(root, CLAIMS, campaign)
    claims: list[Claim] = []
    for path in paths:
        read, faults = read_claims(path)
        claims += read
        problems += faults
    if problems:
        raise InputError(problems)
    return claims


def about_phase(claims: Iterable[Claim], phase: str) -> list[Claim]:
    """Return the claims about one phase, each on the outcome as a run of that phase names it."""
    told = ((claim, split_phase(claim.outcome)) for claim in claims)
    return [replace(claim, outcome=name) for claim, (of, name) in told if of == phase]


def _parse(row: CsvRow) -> Claim:
    low, high = read_bounds(row)
    _check_outcome(row)
    return Claim(
        id=row["id"],
        campaign=row["campaign"],
        outcome=row["outcome"],
        low=low,
        high=high,
        unit=row["unit"],
        claimant=row.words("claimant"),
        source=row["source"],
        line=read_line(row),
        note=row["note"],
        printed=(row["low"], row["high"]),
    )


def _check_outcome(row: CsvRow) -> None:
    name, unit = row["outcome"], row["unit"]
    found = parse(name)
    if found is None:
        row.complain("outcome", name, allowed_in_place_of(name), hint=nearest_name(name))
        return
    fitting = {other for other in UNITS if canonical(other) == found.form.unit}
    if found.form.kind is Kind.MOMENT:
        fitting.add("date")
    if unit in UNITS and unit not in fitting:
        allowed = " or ".join(sorted(fitting)) + f", the units of {name}"
        row.complain("unit", unit, allowed)
