"""The units of the register and of scenarios, and moments of time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from sandtable.errors import QuantityError, nearest

# Every unit a figure may be printed in. `name` marks a statement without a figure.
_UNITS_TEXT = """
    person tank gun mortar rocket-launcher armoured-car vehicle aircraft ship horse truck
    division brigade battalion formation km mile metre km/day hour day date name share percent
    ratio tonne round refill unit-of-fire sortie degC degree work weapon code
"""
UNITS = frozenset(_UNITS_TEXT.split())

# Units that measure the same thing as a canonical unit, and the factor that leads to it.
# The international mile is 1609.344 m by definition (agreement of 1959).
_TO_CANONICAL: dict[str, tuple[str, float]] = {
    "mile": ("km", 1.609344),
    "metre": ("km", 0.001),
    "hour": ("day", 1 / 24),
    "percent": ("share", 0.01),
}

_SECONDS_PER_DAY = 86400.0
_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?P<time>T\d{2}:\d{2}(?::\d{2})?)?(?P<zone>Z|[+-]\d{2}:\d{2})?"
)


def canonical(unit: str) -> str:
    """Return the unit that `unit` is reckoned in: km for mile, day for hour, else itself.

    Raises QuantityError for an unknown unit.
    """
    return _canonical_factor(unit)[0]


def _canonical_factor(unit: str) -> tuple[str, float]:
    if unit not in UNITS:
        close = nearest(unit, UNITS)
        hint = f"; did you mean '{close}'?" if close else ""
        raise QuantityError(f"unknown unit '{unit}'{hint}")
    return _TO_CANONICAL.get(unit, (unit, 1.0))


def convert(value: float, unit: str, to: str) -> float:
    """Return `value`, given in `unit`, in the unit `to`.

    Raises QuantityError for an unknown unit and for units that measure different things.
    """
    base, factor = _canonical_factor(unit)
    base_to, factor_to = _canonical_factor(to)
    if base != base_to:
        raise QuantityError(f"cannot convert {unit} to {to}: they measure different things")
    return value if unit == to else value * factor / factor_to


def parse_moment(text: str, zone: tzinfo | None = None) -> datetime:
    """Read `1945-08-09` or `1945-08-09T01:00`, with or without an offset such as `+09:00`.

    A date alone means the start of that day. Without an offset the moment is in `zone`, which
    None leaves naive: local time at a place not stated. Raises QuantityError for other text and
    for days that no calendar has.
    """
    match = _MOMENT.fullmatch(text)
    if match is None or (match["zone"] and not match["time"]):
        raise QuantityError(f"cannot read '{text}' as a date: write 1945-08-09 or 1945-08-09T01:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuantityError(f"cannot read '{text}' as a date: {error}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_latest_moment(text: str, zone: tzinfo | None = None) -> datetime:
    """Read a date as `parse_moment` does, but return the end of the day if no time is given."""
    moment = parse_moment(text, zone)
    return moment if "T" in text else moment + timedelta(days=1)


def days_between(start: datetime, moment: datetime) -> float:
    """Return the days from `start` to `moment`, negative before it.

    A naive `moment` is local time in the zone of `start`. Raises QuantityError when `start` is
    naive and `moment` is not: the two cannot be compared.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=start.tzinfo)
    elif start.tzinfo is None:
        raise QuantityError(f"{moment.isoformat()} has a zone, the start {start.isoformat()} none")
    return (moment - start).total_seconds() / _SECONDS_PER_DAY
