"""Words: lists, plurals, numbers, capitals."""

from __future__ import annotations

import pytest

from sandtable.story.words import (
    Link,
    counted,
    joined,
    links_of,
    listed,
    men,
    numbered,
    say,
    sentence,
    text_of,
)

HILL = Link("place", "hill", "the hill")


def test_a_number_may_be_unknown() -> None:
    assert men(float("nan")) == "an unknown number of men"
    assert counted(float("nan"), "tank") == "an unknown number of tanks"


@pytest.mark.parametrize(
    ("items", "most", "expected"),
    [
        ([], 0, ""),
        (["a"], 0, "a"),
        (["a", "b"], 0, "a and b"),
        (["a", "b", "c"], 0, "a, b and c"),
        (["a", "b", "c", "d"], 3, "a, b, c and d"),
        (["a", "b", "c", "d", "e"], 3, "a, b, c and two more"),
    ],
)
def test_lists(items: list[str], most: int, expected: str) -> None:
    assert text_of(listed(items, most)) == expected


def test_a_template_keeps_what_leads_somewhere() -> None:
    words = say("{who} took {place}", who="the army", place=HILL)
    assert words == ("the army took ", HILL)
    assert links_of(joined(words, HILL)) == [HILL]
    with pytest.raises(KeyError):
        say("{who} took {place}", who="the army")


def test_a_sentence_begins_with_a_capital_and_ends() -> None:
    assert text_of(sentence(("the army came",))) == "The army came."
    assert text_of(sentence((HILL, " fell"))) == "The hill fell."


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0.0, "no men"), (0.4, "no men"), (0.6, "1 man"), (1.0, "1 man"), (1.5, "2 men"),
     (999.6, "1,000 men"), (12345.0, "12,345 men")],
)  # fmt: skip
def test_men(number: float, expected: str) -> None:
    assert men(number) == expected


def test_other_nouns() -> None:
    assert (counted(1, "tank"), counted(2, "tank")) == ("1 tank", "2 tanks")
    assert counted(3, "aircraft", "aircraft") == "3 aircraft"
    assert [numbered(n, "wave") for n in (1, 2, 12, 13)] == [
        "one wave", "two waves", "twelve waves", "13 waves",
    ]  # fmt: skip
