"""Numbers written in English words, rewritten in digits so that one pattern finds them all."""

from __future__ import annotations

import re

_ONES_TEXT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS_TEXT = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ONES, _TENS = _ONES_TEXT.split(), _TENS_TEXT.split()
_CARDINALS = {word: n for n, word in enumerate(_ONES)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_ORDINALS = {word: n for n, word in enumerate(_ORDINALS_TEXT.split())} | {
    word[:-1] + "ieth": 10 * n for n, word in enumerate(_TENS, start=2)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_TIMES = {"single": 1, "twice": 2, "double": 2, "doubled": 2, "thrice": 3, "triple": 3}
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}

_ANY_TENS = "|".join(_TENS)
_DIGITS = r"\d[\d,]*(?:\.\d+)?"
_RANGE = r"\s*(?:[-–—]|\bto\b|\bor\b|\band\b)\s*"

_ORDINAL = re.compile(rf"\b(?:({_ANY_TENS})[-\s])?({'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_CARDINAL = re.compile(
    rf"\b(?:({_ANY_TENS})[-\s])?({'|'.join(_ONES)})\b|\b({_ANY_TENS})\b", re.IGNORECASE
)
_TIMES_WORD = re.compile(rf"\b({'|'.join(_TIMES)})\b", re.IGNORECASE)
# "an hour" is one hour, "half an hour" less; in "70 km a day" the day is no figure.
_ONE_OF_TIME = re.compile(
    r"(?<!km )(?<!miles )(?<!metres )(?<!times )(?<!tons )(?<!tonnes )"
    r"\b(half\s+)?an?(?=\s+(?:minute|hour|day|week)\b)",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(r"\b(\d+)\s+and\s+a\s+half\b", re.IGNORECASE)
# "a third" is a share only before "of": elsewhere it is one more of a kind.
_SHARE = re.compile(
    rf"\b(\d+)[-\s]+({'|'.join(_PARTS)}|3rd|5th|10th)s?\b"
    r"|\ba\s+(3rd|quarter|5th|10th)(?=\s+of\b)"
    r"|\b(half)\b",
    re.IGNORECASE,
)
# A plural of no number, or "several" of them, says two at the least.
_AT_LEAST = re.compile(
    rf"\b(?:(?:several|a\s+few)\s+({'|'.join(_SCALES)})|({'|'.join(_SCALES)})s)\b", re.IGNORECASE
)


def in_digits(text: str) -> str:
    """Return `text` with every number written in words rewritten in digits.

    "thirty-five" becomes "35", "one and a half million" "1500000", "fifth" "5th", "two thirds"
    "0.666667"; "dozens" and "several dozen" become "24", the least that they can mean.
    """
    text = _ORDINAL.sub(_ordinal, text)
    text = _CARDINAL.sub(_cardinal, text)
    text = _TIMES_WORD.sub(lambda m: str(_TIMES[m[1].lower()]), text)
    text = _ONE_OF_TIME.sub(lambda m: "0.5" if m[1] else "1", text)
    text = _AND_A_HALF.sub(lambda m: f"{m[1]}.5", text)
    text = _SHARE.sub(_share, text)
    text = _AT_LEAST.sub(lambda m: str(2 * _SCALES[(m[1] or m[2]).lower()]), text)
    # From the smallest scale up: "nine hundred thousand" is nine hundred, then a thousand of it.
    for word, scale in _SCALES.items():
        text = _scaled(text, word, scale)
    return text


def _ordinal(match: re.Match[str]) -> str:
    tens = _CARDINALS[match[1].lower()] if match[1] else 0
    number = _ORDINALS[match[2].lower()]
    if tens and number >= 10:
        return match[0]
    number += tens
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number in (11, 12, 13) else endings.get(number % 10, "th")
    return f"{number}{ending}"


def _cardinal(match: re.Match[str]) -> str:
    if match[3]:
        return str(_CARDINALS[match[3].lower()])
    ones = _CARDINALS[match[2].lower()]
    if match[1] is None:
        return str(ones)
    tens = _CARDINALS[match[1].lower()]
    return str(tens + ones) if 0 < ones < 10 else f"{tens} {ones}"


def _share(match: re.Match[str]) -> str:
    count = float(match[1]) if match[1] else 1.0
    part = (match[2] or match[3] or match[4]).lower()
    parts = _PARTS.get(part) or int(part.rstrip("rdth"))
    return _plain(count / parts)


def _scaled(text: str, word: str, scale: int) -> str:
    below = len(str(scale)) - 1
    rest = rf"(?:\s+(?:and\s+)?(\d{{1,{below}}})\b(?![.,]\d))?" if scale in (100, 1000) else ""
    both = re.compile(rf"({_DIGITS})({_RANGE})({_DIGITS})[-\s]+{word}\b", re.IGNORECASE)
    one = re.compile(rf"(?:\b({_DIGITS})(?:[-\s]+a)?[-\s]+|\ba\s+|\b){word}\b{rest}", re.IGNORECASE)
    text = both.sub(lambda m: f"{m[1]} {word}{m[2]}{m[3]} {word}", text)

    def product(match: re.Match[str]) -> str:
        count = float(match[1].replace(",", "")) if match[1] else 1.0
        remainder = float(match[2]) if rest and match[2] else 0.0
        return _plain(count * scale + remainder)

    return one.sub(product, text)


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
