"""The paper keeps to its form, cites what it lists, and claims no more than the verification."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandtable.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[2]
PAPER = (ROOT / "paper.md").read_text(encoding="utf-8")
BODY = PAPER.split("\n---\n", 1)[1].split("# References")[0]
ENTRIES = re.split(r"^@", (ROOT / "paper.bib").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
TOGETHER = re.compile(r"[+−]\d\.\d\d \[[+−]\d\.\d\d, [+−]\d\.\d\d\]")
"""A skill with its interval."""


def test_it_has_the_parts_that_are_asked_for_and_their_length() -> None:
    heads = re.findall(r"^# (.*)$", PAPER, re.MULTILINE)
    assert {"Summary", "Statement of need", "State of the field", "References"} <= set(heads)
    assert 250 <= len(BODY.split()) <= 1000


def test_what_is_cited_is_listed_and_what_is_listed_is_cited() -> None:
    keys = [re.match(r"\w+\{(\w+),", entry)[1] for entry in ENTRIES]  # type: ignore[index]
    assert len(keys) == len(set(keys))
    assert set(re.findall(r"@(\w+)", BODY)) == set(keys)
    for entry in ENTRIES:
        for field in ("author", "title", "year"):
            assert re.search(rf"^  {field} = ", entry, re.MULTILINE), entry
        doi = re.search(r"doi = \{(.*)\}", entry)
        assert doi is None or re.fullmatch(r"10\.\d{4,}/\S+", doi[1]), entry


@pytest.mark.parametrize("page", ["paper.md", "README.md"])
def test_the_figures_of_the_score_are_those_of_the_verification(page: str) -> None:
    verification = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    row = re.search(r"^\| all together \|.*$", verification, re.MULTILINE)
    assert row is not None
    told = re.sub(r"\s+", " ", (ROOT / page).read_text(encoding="utf-8"))
    assert TOGETHER.findall(told) == TOGETHER.findall(row[0])
    inside, due = re.search(r"\d+, \d+, (\d+) \(\d+, \d+, (\d+)\)", row[0]).groups()  # type: ignore[union-attr]
    assert re.search(rf"hold {inside} percent of the record, where {due} were due", told)


def test_its_counts_are_those_of_the_program() -> None:
    assert "More than forty mechanisms" in re.sub(r"\s+", " ", BODY) and 40 < len(MECHANISMS) < 50
    model = (ROOT / "docs" / "reporting.md").read_text(encoding="utf-8")
    assert "272 battles" in BODY and "272 battles" in model
