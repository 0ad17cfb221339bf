"""Does a line of English text print a figure?

A figure is looked for as one of its own kind: a distance must be followed by its unit and a
percentage by its sign, and the day of a month is no number of tanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sandtable.calendar import parse_moment
from sandtable.evidence.dates_in_text import holds_moment, without_dates
from sandtable.evidence.number_words import in_digits

# What must follow a number for it to be a figure in this unit. Units not listed are free, because
# the noun of a strength may stand far off: "tanks and self-propelled guns", or a table's rows.
_FOLLOWED_BY: dict[str, str] = {
    "percent": r"%|per\s?cent(?:age)?\b",
    "km": r"km\b|kilomet(?:re|er)s?\b",
    "mile": r"mi\b|miles?\b",
    "metre": r"m\b|met(?:re|er)s?\b",
    "km/day": r"(?:km|kilomet(?:re|er)s?)\s*(?:/|per|an?|each|every)\s*day\b",
    "tonne": r"t\b|tonn?es?\b|tons?\b",
    "degC": r"°|degrees?\b|C\b",
}
# Units that an ordinal can give ("by the fifth day", "the 38th parallel"), and its noun.
_ORDINAL_FOLLOWED_BY: dict[str, str] = {
    "day": r"days?\b",
    "hour": r"hours?\b",
    "degree": r"parallels?\b|meridians?\b|degrees?\b|°",
}
# Longer measures that a document may print where the register has a shorter one.
_LONGER: dict[str, tuple[str, float]] = {
    "day": (r"weeks?\b", 7.0),
    "hour": (r"days?\b", 24.0),
}
_NUMBER_TEXT = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# No figures: the 34 of T-34, the 4 of Ki4, sums of money.
_NUMBER = re.compile(rf"(?<![\w£$])(?<!\d[.,])(?<![A-Za-z]-)({_NUMBER_TEXT})(st\b|nd\b|rd\b|th\b)?")
_OUT_OF = re.compile(r"\b(\d+)\s+(?:out\s+)?of\s+(?:the\s+)?(\d+)\b")
# Between a number and its unit may stand the other numbers of a range or a list.
_MORE_NUMBERS = rf"(?:\s*(?:[-–—/,]|to\b|or\b|and\b)\s*~?{_NUMBER_TEXT})*[\s-]*"
# Note marks: [34], or a number right behind a closing quotation mark.
_NOTE_MARK = re.compile(r"\[\d{1,3}\]|(?<=[”’])\d{1,3}(?!\d|[,.]\d)")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed, whether it is an ordinal, and the text that follows it."""

    value: float
    ordinal: bool
    rest: str


def missing_figures(line: str, unit: str, low: str, high: str, subject: str = "") -> list[str]:
    """Return those figures that `line` does not print; an empty list means that it holds all.

    `low` and `high` are the figure's ends as the register writes them, empty where open. For the
    unit `name` the figure is `subject`, whose words must stand in the line together and in order.
    """
    if unit == "name":
        return [] if holds_name(line, subject) else [subject]
    if unit == "date":
        ends = ((low, True), (high, False))
        missing = (end for end, is_low in ends if end and not _holds_date(line, end, is_low))
        return list(dict.fromkeys(missing))
    numbers = dict.fromkeys(end for end in (low, high) if end)
    return [number for number in numbers if not holds_number(line, float(number), unit)]


def holds_number(line: str, value: float, unit: str) -> bool:
    """Does `line` print `value` as a figure in `unit`, in digits or in words?"""
    if unit in ("share", "ratio") and any(_same(n / of, value) for n, of in _out_of(line)):
        return True
    return any(_is_figure(number, value, unit) for number in _numbers(line))


def holds_name(line: str, name: str) -> bool:
    """Do the words of `name` stand in `line`, whatever the case, accents and hyphens?"""
    letters = [char for char in _folded(name) if char.isalnum()]
    # A plural or a genitive is the same name.
    pattern = r"[\W_]*".join(letters) + r"(?:s|'s)?"
    return bool(letters) and re.search(rf"\b{pattern}\b", _folded(line)) is not None


def _holds_date(line: str, text: str, is_low: bool) -> bool:
    return holds_moment(line, parse_moment(text), "T" in text, is_low)


def _is_figure(number: PrintedNumber, value: float, unit: str) -> bool:
    if unit in _LONGER:
        noun, times = _LONGER[unit]
        if _same(number.value * times, value) and _precedes(number, noun) and not number.ordinal:
            return True
    if not _same(number.value, value):
        return False
    if number.ordinal:
        return unit in _ORDINAL_FOLLOWED_BY and _precedes(number, _ORDINAL_FOLLOWED_BY[unit])
    return unit not in _FOLLOWED_BY or _precedes(number, _FOLLOWED_BY[unit])


def _precedes(number: PrintedNumber, noun: str) -> bool:
    return re.match(rf"{_MORE_NUMBERS}(?:{noun})", number.rest, re.IGNORECASE) is not None


def _same(printed: float, value: float) -> bool:
    if abs(printed - value) <= 1e-9 * max(1.0, abs(value)):
        return True
    # A third has no end in decimals: two or more of them, rounded, are the same figure.
    decimals = len(repr(value).partition(".")[2])
    return (
        decimals >= 2
        and abs(printed * 60 - round(printed * 60)) < 1e-4
        and (round(printed, decimals) == value)
    )


@lru_cache(maxsize=256)
def _plain_text(line: str) -> str:
    return in_digits(without_dates(_NOTE_MARK.sub(" ", line)))


@lru_cache(maxsize=256)
def _numbers(line: str) -> tuple[PrintedNumber, ...]:
    return tuple(_find_numbers(_plain_text(line)))


def _find_numbers(text: str) -> Iterator[PrintedNumber]:
    for match in _NUMBER.finditer(text):
        value = float(re.sub(r"[, \u00a0\u202f]", "", match[1]))
        yield PrintedNumber(value, match[2] is not None, text[match.end() : match.end() + 60])


def _out_of(line: str) -> Iterator[tuple[float, float]]:
    for match in _OUT_OF.finditer(_plain_text(line)):
        if int(match[2]):
            yield float(match[1]), float(match[2])


def _folded(text: str) -> str:
    # A capital inside a word starts another one: tables lose the space ("YamadaPOW").
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z]{2})", " ", text.replace("’", "'"))
    decomposed = unicodedata.normalize("NFKD", spaced)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
