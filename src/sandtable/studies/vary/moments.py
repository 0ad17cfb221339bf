"""Moments as values of a key: how a range of them is written, and their place on a line of days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from sandtable.errors import QuantityError
from sandtable.units import days_between, parse_moment

EXAMPLE = "1939-08-20T05:45..1939-08-21"
MINUTE = 1.0 / 1440.0
"""Days; moments that are neither ends nor listed stand at whole minutes."""

_EPOCH = datetime(1970, 1, 1)
_DAY = r"\d{4}-\d{2}-\d{2}"
_ZONE = r"(?:Z|[+-]\d{2}:\d{2})?"
_SHORT = rf"{_DAY}(?:T\d{{2}}:\d{{2}}{_ZONE})?"
_LONG = rf"{_DAY}T\d{{2}}:\d{{2}}:\d{{2}}{_ZONE}"
# A number of values may stand behind the last colon, so that only beside an end with seconds
# may the other have them.
_RANGES = (
    re.compile(rf"({_LONG})\.\.({_LONG}|{_DAY})(?::([^:]*))?"),
    re.compile(rf"({_SHORT})\.\.({_SHORT})(?::([^:]*))?"),
)


def split_range(text: str) -> tuple[str, str, str | None] | None:
    """Return both ends and the number of values of ``MOMENT..MOMENT:N``; None if it is no such.

    ``:N`` may be absent. The ends are not read yet.
    """
    for pattern in _RANGES:
        found = pattern.fullmatch(text)
        if found:
            return found[1], found[2], found[3]
    return None


def read_moments(texts: Sequence[str]) -> list[datetime] | None:
    """Read dates, with an hour or without, in the zone of the first; None if any is no moment.

    None also if some name a zone and others none: nobody knows then how far they lie apart.
    """
    try:
        found = [parse_moment(text) for text in texts]
    except QuantityError:
        return None
    zones = [moment.tzinfo for moment in found]
    if None in zones:
        return None if any(zones) else found
    return [moment.astimezone(zones[0]) for moment in found]


def day_number(moment: datetime) -> float:
    """Return the days since 1970 began where the moment's clock stands."""
    return days_between(_EPOCH, moment.replace(tzinfo=None))


def at_day(number: float, zone: tzinfo | None = None) -> datetime:
    """Return the moment of a `day_number`, to the second."""
    return later(_EPOCH.replace(tzinfo=zone), number)


def later(start: datetime, days: float) -> datetime:
    """Return the moment so many days after another, to the second."""
    return start + timedelta(seconds=round(days * 86400.0))


def to_minute(days: float) -> float:
    """Return days rounded to a whole minute."""
    return round(days / MINUTE) * MINUTE


def told(moment: datetime) -> str:
    """Return a moment as a reader wants it: date and hour, without the zone."""
    seconds = ":%S" if moment.second else ""
    return moment.strftime(f"%Y-%m-%d %H:%M{seconds}")


def told_day(number: float) -> str:
    """Return the moment of a `day_number` as a reader wants it, to the minute."""
    return told(at_day(to_minute(number)))


def moment_unit(moment: datetime) -> str:
    """Return what a table or an axis of moments says in place of a unit, with the zone."""
    return f"date and hour {moment.tzname()}"
