"""Reasons of the shipped campaigns: each its own, on facts, and told what would replace it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from sandtable.evidence import load_facts
from sandtable.shipped import register_root

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REASON = re.compile(r'because = "([^"]*)"(?:, until = "([^"]*)")?')
# Facts of the shipped register are named after whom they come from; what a reason names so is one.
FACT = re.compile(r"\b(?:his|kg|ref|st|apx)-[a-z0-9]+(?:-[a-z0-9]+)+\b")


def reasons(name: str) -> list[tuple[str, str]]:
    files = sorted((SCENARIOS / name).glob("*.toml"))
    return list(chain.from_iterable(REASON.findall(path.read_text()) for path in files))


@pytest.mark.parametrize(
    "name",
    [
        "khalkhin-gol-1939",
        "kurils-1945",
        "lake-khasan-1938",
        "manchuria-1945",
        "mutanchiang-1945",
        "sedan-1940",
        "south-sakhalin-1945",
    ],
)
def test_every_reason_says_what_would_replace_it(name: str) -> None:
    given = reasons(name)
    assert len(given) > 80
    assert [because for because, until in given if not until] == []


def test_no_reason_stands_for_two_values() -> None:
    for texts in zip(*reasons("khalkhin-gol-1939"), strict=True):
        assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_what_a_reason_names_is_a_fact_and_no_claim() -> None:
    facts = load_facts(register_root())
    named = {id for because, _ in reasons("khalkhin-gol-1939") for id in FACT.findall(because)}
    assert len(named) > 20
    assert sorted(named - set(facts)) == []
