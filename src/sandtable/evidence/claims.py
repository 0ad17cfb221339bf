"""Claims: recorded results. They are compared with a run and never steer one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sandtable.calendar import days_between
from sandtable.errors import InputError, Problem
from sandtable.evidence.rows import ClaimRow, columns
from sandtable.evidence.tables import (
    SLUG,
    Bound,
    Row,
    campaign_files,
    read_bounds,
    read_line,
    read_table,
)
from sandtable.units import UNITS, canonical, convert

COLUMNS = columns(ClaimRow)

# Every form an outcome's name may take, and the unit of its value.
# The days of captured, encircled and surrendered count from H-hour; those of halted are a length.
OUTCOMES: dict[str, str] = {
    "captured/<place>": "day",
    "advance/<axis>/<d>": "km",
    "losses/<formation>/personnel/{killed,wounded,missing,captured,sick,total}": "person",
    "losses/<side>/tanks": "tank",
    "losses/<side>/armoured-cars": "armoured-car",
    "losses/<side>/guns": "gun",
    "losses/<side>/aircraft": "aircraft",
    "losses/<side>/tanks/{irrecoverable,disabled}": "tank",
    "losses/<side>/armoured-cars/{irrecoverable,disabled}": "armoured-car",
    "losses/<side>/guns/{irrecoverable,disabled}": "gun",
    "losses/<side>/aircraft/{irrecoverable,disabled}": "aircraft",
    "losses/<side>/tanks/by/"
    "{anti-tank-guns,artillery,infantry-incendiaries,aircraft,mines-grenades}": "share",
    "battle/<place>/<side>/personnel": "person",
    "battle/<place>/<side>/tanks": "tank",
    "encircled/<formation>": "day",
    "surrendered/<formation>": "day",
    "halted/<formation>/fuel": "day",
    "quit/{encirclement,penetration,neighbour-gone,losses,no-supply,order,surrender}": "share",
}
_MOMENTS = frozenset({"captured", "encircled", "surrendered"})


def _pattern(form: str) -> re.Pattern[str]:
    text = form.replace("<d>", "[1-9][0-9]*")
    text = re.sub(r"<\w+>", lambda _: SLUG, text)
    return re.compile(re.sub(r"\{(.+?)\}", lambda m: f"(?:{m[1].replace(',', '|')})", text))


_PATTERNS = [(_pattern(form), unit) for form, unit in OUTCOMES.items()]


def outcome_unit(name: str) -> str | None:
    """Return the unit in which the outcome `name` is reckoned, or None if no outcome is so named.

    Sides, places, axes and formations are held to the spelling of an id only: which of them
    exist is for the scenario to say.
    """
    return next((unit for pattern, unit in _PATTERNS if pattern.fullmatch(name)), None)


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

    def interval(self, h_hour: datetime) -> tuple[float, float, str]:
        """Return the claim's ends and unit as outcomes are reckoned, open ends as -inf and inf.

        Dates become days from `h_hour`, in whose zone local ones are read. For a capture, an
        encirclement or a surrender the unit `day` means a day of the campaign, day 1 being the
        date of `h_hour`, from its start to its end; hours there are hours from `h_hour`.
        Raises QuantityError when dates and `h_hour` cannot be compared.
        """
        low, high = self.low, self.high
        if self.unit == "day" and self.outcome.partition("/")[0] in _MOMENTS:
            first_day = h_hour.replace(hour=0, minute=0, second=0, microsecond=0)
            low = _plus_days(first_day, low, -1)
            high = _plus_days(first_day, high, 0)
        unit = "day" if self.unit == "date" else canonical(self.unit)
        return (
            _reckoned(low, self.unit, unit, h_hour, -math.inf),
            _reckoned(high, self.unit, unit, h_hour, math.inf),
            unit,
        )


def read_claims(path: Path) -> tuple[list[Claim], list[Problem]]:
    """Read one file of claims; return the sound ones and every problem."""
    return read_table(path, COLUMNS, _parse)


def load_claims(root: Path, campaign: str) -> list[Claim]:
    """Return the register's claims about one campaign, in the order of the file.

    Raises InputError with every problem of the file.
    """
    paths, problems = campaign_files(root / "outcomes", campaign)
    claims: list[Claim] = []
    for path in paths:
        read, faults = read_claims(path)
        claims += read
        problems += faults
    if problems:
        raise InputError(problems)
    return claims


def _parse(row: Row) -> Claim:
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


def _check_outcome(row: Row) -> None:
    name, unit = row["outcome"], row["unit"]
    wanted = outcome_unit(name)
    if wanted is None:
        row.complain("outcome", name, "one of " + ", ".join(OUTCOMES), _spelled_out())
        return
    fitting = {other for other in UNITS if canonical(other) == wanted}
    if name.partition("/")[0] in _MOMENTS:
        fitting.add("date")
    if unit in UNITS and unit not in fitting:
        allowed = " or ".join(sorted(fitting)) + f", the units of {name}"
        row.complain("unit", unit, allowed)


def _spelled_out() -> list[str]:
    """Return the forms of outcomes with each choice in braces written out."""
    names = []
    for form in OUTCOMES:
        head, _, rest = form.partition("{")
        choices, _, tail = rest.partition("}")
        names += [head + choice + tail for choice in choices.split(",")]
    return names


def _plus_days(first_day: datetime, days: Bound, shift: int) -> Bound:
    return first_day + timedelta(days=days + shift) if isinstance(days, float) else None


def _reckoned(end: Bound, unit: str, to: str, h_hour: datetime, if_open: float) -> float:
    if end is None:
        return if_open
    if isinstance(end, datetime):
        return days_between(h_hour, end)
    return convert(end, unit, to)
