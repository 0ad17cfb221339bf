"""Dates and times of day in a line of English text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sandtable.evidence.number_words import in_digits

_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"Sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?<![\d.,])\d{1,2}(?:st|nd|rd|th)?(?![\d:])"
_DASH = r"\s*(?:[-–—/]|to\b|and\b|or\b)\s*"
_ISO = r"\b(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)\b"
_DAY_FIRST = (
    rf"(?P<days>{_DAY}(?:(?:{_DASH}|,\s*){_DAY})*)\s*(?:of\s+)?\b(?P<month>{_MONTH})\b\.?"
    r"(?:,?\s+(?P<year>\d{4})(?![\d,]\d))?"
)
# "August 18 and 19" is two days; "August 18 and 30 tanks" is one.
_MONTH_FIRST = (
    rf"\b(?P<us_month>{_MONTH})\b\.?\s+(?:the\s+)?"
    rf"(?P<us_days>{_DAY}(?:{_DASH}{_DAY}(?!\s+[a-z]))*)(?![.,]\d)"
    r"(?:,?\s+(?P<us_year>\d{4})(?![\d,]\d))?"
)
_MONTH_ALONE = rf"\b(?P<whole_month>{_MONTH})\b(?:,?\s+(?P<month_year>\d{{4}})(?!\d))?"
_DATE = re.compile("|".join((_ISO, _DAY_FIRST, _MONTH_FIRST, _MONTH_ALONE)))
_TWELVE_HOURS = re.compile(r"\b(\d{1,2})(?:[.:](\d{2}))?\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_TWENTY_FOUR_HOURS = re.compile(r"\b(\d{1,2}):(\d{2})\b|\b(\d{2})(\d{2})(?=\s*(?:hours|hrs)\b)")
_NAMED = re.compile(
    r"(?:\b(\d+(?:\.\d+)?)(?:\s+an?)?\s+(minute|hour)s?\s+(past|after|before|to)\s+)?"
    r"\b(midnight|noon)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed: without a year, or without a day, where the text leaves them out."""

    year: int | None
    month: int
    day: int | None


def dates_in(text: str) -> Iterator[PrintedDate]:
    """Yield the dates that `text` prints, both ends of a range, and months without a day."""
    for match in _DATE.finditer(text):
        if match["iso_year"]:
            year, month, day = (int(match[f"iso_{part}"]) for part in ("year", "month", "day"))
            yield PrintedDate(year, month, day)
        elif match["whole_month"]:
            yield PrintedDate(_int(match["month_year"]), _MONTHS[match["whole_month"]], None)
        else:
            month = _MONTHS[match["month"] or match["us_month"]]
            for days in re.findall(r"\d+", match["days"] or match["us_days"]):
                yield PrintedDate(_int(match["year"] or match["us_year"]), month, int(days))


def times_in(text: str) -> set[int]:
    """Return the times of day that `text` prints, in minutes after midnight."""
    times = set()
    for match in _TWELVE_HOURS.finditer(text):
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        times.add(60 * hour + int(match[2] or 0))
    for match in _TWENTY_FOUR_HOURS.finditer(text):
        times.add(60 * int(match[1] or match[3]) + int(match[2] or match[4]))
    for match in _NAMED.finditer(in_digits(text)):
        minute = 0 if match[4].lower() == "midnight" else 720
        if match[1]:
            shift = round(float(match[1]) * (60 if match[2].lower() == "hour" else 1))
            minute += -shift if match[3].lower() in ("before", "to") else shift
        times.add(minute % 1440)
    return times


def without_dates(text: str) -> str:
    """Return `text` with its dates and times taken out, for none of them counts anything."""
    for pattern in (_DATE, _TWELVE_HOURS, _TWENTY_FOUR_HOURS):
        text = pattern.sub(" · ", text)
    return text


def holds_moment(line: str, moment: datetime, timed: bool, is_low: bool) -> bool:
    """Does `line` print this moment's date and, if `timed`, its time of day?

    A month printed without a day holds its first day as a low end and its last as a high end.
    """
    if timed and 60 * moment.hour + moment.minute not in times_in(line):
        return False
    last = calendar.monthrange(moment.year, moment.month)[1]
    edge = 1 if is_low else last
    return any(
        printed.year in (None, moment.year)
        and printed.month == moment.month
        and (printed.day or edge) == moment.day
        for printed in dates_in(line)
    )


def _int(text: str | None) -> int | None:
    return int(text) if text else None
