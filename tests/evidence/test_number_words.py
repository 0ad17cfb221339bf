import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.evidence.number_words import in_digits

ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelled(number: int) -> str:
    """The number as an English writer spells it."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    for scale, word in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            count, rest = divmod(number, scale)
            text = f"{spelled(count)} {word}"
            if not rest or scale == 10**6:
                return text
            return f"{text}{' and ' if rest < 100 else ' '}{spelled(rest)}"
    raise AssertionError(number)


@given(st.integers(0, 999_999))
def test_every_spelled_number_is_read(number: int) -> None:
    assert in_digits(f"some {spelled(number)} men") == f"some {number} men"


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("one and a half million men", "1500000 men"),
        ("1.5 million men", "1500000 men"),
        ("half a million men", "500000 men"),
        ("five to six thousand men", "5000 to 6000 men"),
        ("a hundred and one tanks", "101 tanks"),
        ("a dozen tanks", "12 tanks"),
        ("two dozen tanks", "24 tanks"),
        ("dozens of tanks", "24 of tanks"),
        ("several hundred tanks", "200 tanks"),
        ("Thirty-five tanks", "35 tanks"),
        ("in nineteen forty-five", "in 19 45"),
        ("twenty eleven", "20 11"),
        ("the fifth day", "the 5th day"),
        ("the twenty-second day", "the 22nd day"),
        ("the twelfth day", "the 12th day"),
        ("one-third of it", "0.333333 of it"),
        ("two thirds of it", "0.666667 of it"),
        ("a quarter of it", "0.25 of it"),
        ("half of it", "0.5 of it"),
        ("a third attack", "a 3rd attack"),
        ("an hour later", "1 hour later"),
        ("someone often weighed tents", "someone often weighed tents"),
    ],
)
def test_words(words: str, digits: str) -> None:
    assert in_digits(words) == digits
