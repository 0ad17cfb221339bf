"""Time of a campaign: moments, days from H-hour, calendar days and their ends, and "never".

A time is a number of days from H-hour. The campaign's calendar days are numbered from 1, the
date of H-hour, and end at midnight where H-hour's clock stands. What has not come about by the
campaign's end is never: NaN in an outcome, and whatever is later than the end in a claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import ceil, floor, isinf
from typing import TYPE_CHECKING

from sandtable.errors import QuantityError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_SECONDS_PER_DAY = 86400.0
MINUTE = 1.0 / 1440.0
"""Days."""
FIRST_YEAR, LAST_YEAR = 1600, 2100
"""Years of the campaigns, battles and facts that are taken in: the table of battles begins with the
first."""

# Tables of runs hold days of long campaigns to three decimals: half a unit of the last.
_ROUNDED = 5e-4
# Not by strftime, which writes them in the language of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase of a campaign, from ``start`` to ``end`` in days from the campaign's H-hour."""

    id: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Calendar:
    """A campaign's time: H-hour, the length in days from it (infinite if not known), its phases."""

    h_hour: datetime
    days: float
    phases: tuple[PhaseSpan, ...] = ()

    def span(self, phase: str) -> PhaseSpan:
        """Return a phase's span; the whole campaign's for no phase, or one that it hasn't."""
        whole = PhaseSpan("", 0.0, self.days)
        return next((span for span in self.phases if span.id == phase), whole)

    def of_phase(self, phase: str) -> Calendar:
        """Return a phase's own calendar, which counts from its start."""
        span = self.span(phase)
        return Calendar(self.moment_of(span.start), span.end - span.start)

    def to_end_of(self, phase: str) -> Calendar:
        """Return the calendar that ends with a phase and counts on from the campaign's H-hour."""
        return Calendar(self.h_hour, self.span(phase).end)

    @property
    def zone(self) -> tzinfo | None:
        """The zone of H-hour, in which moments without a zone are read."""
        return self.h_hour.tzinfo

    def zone_name(self, zone: tzinfo | None = None) -> str | None:
        """Return what a zone (absent: H-hour's own) is called at H-hour."""
        return (self.h_hour.astimezone(zone) if zone else self.h_hour).tzname()

    @property
    def year(self) -> int:
        """The year of H-hour."""
        return self.h_hour.year

    @property
    def day_fraction(self) -> float:
        """Time of day of H-hour (0-1)."""
        return days_between(_midnight(self.h_hour), self.h_hour)

    @property
    def calendar_days(self) -> int:
        """Number of calendar days that the campaign touches."""
        return ceil(self.days + self.day_fraction)

    def end_of_day(self, number: float) -> float:
        """Return the end of a calendar day, in days from H-hour; that of day 0 is day 1's start."""
        return number - self.day_fraction

    def ends_of_days(self) -> list[float]:
        """Return H-hour and the end of each calendar day, in days from H-hour.

        The last may lie beyond the campaign's end.
        """
        fraction = self.day_fraction
        return [0.0] + [number - fraction for number in range(1, self.calendar_days + 1)]

    def daily_moments(self) -> list[float]:
        """Return the moments at which a daily series has its values, in days from H-hour.

        These are H-hour and the ends of the calendar days, the last of which is cut short by the
        campaign's end.
        """
        return [min(end, self.days) for end in self.ends_of_days()]

    def midnights(self, first: float, last: float) -> list[float]:
        """Return the midnights from ``first`` to ``last``, all in days from H-hour."""
        fraction = self.day_fraction
        return [n - fraction for n in range(ceil(first + fraction), floor(last + fraction) + 1)]

    def date_of_day(self, number: int) -> date:
        """Return the date of a calendar day, 1 being that of H-hour."""
        return self.h_hour.date() + timedelta(days=number - 1)

    def day_of(self, moment: datetime) -> float:
        """Return the days from H-hour to a moment, as ``days_between`` does."""
        return days_between(self.h_hour, moment)

    def moment_of(self, day: float) -> datetime:
        """Return the moment so many days from H-hour, to the second, where its clock stands."""
        return later(self.h_hour, day)

    def date_text(self, day: float) -> str:
        """Return the date so many days from H-hour as a reader wants it, such as ``9 Aug``."""
        return short_date(later(self.h_hour, day))

    def dates_text(self, low: float, high: float) -> str:
        """Return a span of days from H-hour as dates: ``9 Aug``, ``9–11 Aug``, ``30 Aug–2 Sep``.

        An end at midnight is that of a whole day, any other has its hour: ``9 Aug 05:45``. With an
        open end (-inf, inf) it is ``by 11 Aug`` or ``from 9 Aug``, and with two ``any day``.
        """
        first = None if isinf(low) else self._to_midnight(low)
        last = None if isinf(high) else self._to_midnight(high)
        if first is None or last is None:
            if last is not None:
                return f"by {_end_text(last)}"
            return "any day" if first is None else f"from {_start_text(first)}"
        if first == last:
            return f"{short_date(first)} {first:%H:%M}"
        begin, end = _start_text(first), _end_text(last)
        if begin == end:
            return begin
        whole_days = first == _midnight(first) and last == _midnight(last)
        if whole_days and begin.split()[1] == end.split()[1]:
            begin = str(first.day)
        return f"{begin}–{end}"

    def _to_midnight(self, day: float) -> datetime:
        """The moment to the minute, at midnight if a table's rounding alone keeps it from there."""
        nearest = round(day + self.day_fraction) - self.day_fraction
        return later(self.h_hour, nearest if abs(day - nearest) < _ROUNDED else to_minute(day))

    def until_end(self, values: ArrayLike) -> Floats:
        """Days from H-hour as the campaign can tell them: later or never (NaN) is +inf."""
        import numpy as np

        array = np.asarray(values, dtype=np.float64)
        return np.where(array <= self.days, array, np.inf)

    def never_as_end(self, values: ArrayLike) -> Floats:
        """Days from H-hour with later and never (NaN) at the campaign's end."""
        import numpy as np

        return np.fmin(np.asarray(values, dtype=np.float64), self.days)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def days_between(start: datetime, moment: datetime) -> float:
    """Return the days from ``start`` to ``moment``, negative before it.

    A naive ``moment`` is local time in the zone of ``start``. Raises QuantityError when ``start``
    is naive and ``moment`` is not: the two cannot be compared.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=start.tzinfo)
    elif start.tzinfo is None:
        raise QuantityError(f"{moment.isoformat()} has a zone, the start {start.isoformat()} none")
    return (moment - start).total_seconds() / _SECONDS_PER_DAY


# --- moments as text --------------------------------------------------------------------------

_DAY = r"\d{4}-\d{2}-\d{2}"
_ZONE = r"(?:Z|[+-]\d{2}:\d{2})?"
# Python 3.14 reads the hour 24, which those before it refuse.
_TIME = r"T(?!24)\d{2}:\d{2}(?::\d{2})?"
_MOMENT = re.compile(rf"(?P<date>{_DAY})(?P<time>{_TIME})?(?P<zone>{_ZONE})")


class NoSuchDayError(QuantityError):
    """A moment that is well written, but of a day or hour that no calendar has."""


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
        raise NoSuchDayError(f"cannot read '{text}' as a date: {error}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_latest_moment(text: str, zone: tzinfo | None = None) -> datetime:
    """Read a date as `parse_moment` does, but return the end of the day if no time is given."""
    moment = parse_moment(text, zone)
    return moment if "T" in text else moment + timedelta(days=1)


def parse_moments(texts: Sequence[str]) -> list[datetime] | None:
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


RANGE_EXAMPLE = "1939-08-20T05:45..1939-08-21"
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


def moment_text(moment: datetime) -> str:
    """Return a moment as a reader wants it: date and hour, without the zone."""
    seconds = ":%S" if moment.second else ""
    return moment.strftime(f"%Y-%m-%d %H:%M{seconds}")


def short_date(day: date) -> str:
    """Return a date as tables write it, such as ``9 Aug``, in English anywhere."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _start_text(moment: datetime) -> str:
    """The start of a span, with its hour unless that is a day's beginning."""
    return short_date(moment) + (f"{moment: %H:%M}" if moment != _midnight(moment) else "")


def _end_text(moment: datetime) -> str:
    """The end of a span, with its hour unless that is a day's end."""
    if moment == _midnight(moment):
        return short_date(moment - timedelta(days=1))
    return f"{short_date(moment)} {moment:%H:%M}"


# --- moments on a line of days ----------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1)


def day_number(moment: datetime) -> float:
    """Return the days since 1970 began where the moment's clock stands."""
    return days_between(_EPOCH, moment.replace(tzinfo=None))


def at_day_number(number: float, zone: tzinfo | None = None) -> datetime:
    """Return the moment of a `day_number`, to the second."""
    return later(_EPOCH.replace(tzinfo=zone), number)


def later(start: datetime, days: float) -> datetime:
    """Return the moment so many days after another, to the second.

    Raises QuantityError for one that no calendar has.
    """
    try:
        return start + timedelta(seconds=round(days * _SECONDS_PER_DAY))
    except (OverflowError, ValueError):
        raise NoSuchDayError(f"no calendar has a day {days:g} days from {start:%Y-%m-%d}") from None


def to_minute(days: float) -> float:
    """Return days rounded to a whole minute."""
    return round(days / MINUTE) * MINUTE


def day_number_text(number: float) -> str:
    """Return the moment of a `day_number` as a reader wants it, to the minute."""
    return moment_text(at_day_number(to_minute(number)))
