"""Quantities of the shipped campaigns against a second entry from the documents and the reasons.

The tables in second_entry/ were first entered without sight of the scenario's numbers: for each
key only the cited facts, by their words, and the reason were read, and what range follows from the
documents and from the reason's own words was entered. Where the two disagreed both were read again:
a number that contradicts its document is put right, and a reason that doesn't lead to its number is
mended, which its row says: such a row holds the words to the number from now on, but is no
independent witness of it; nor is one whose number was in sight. An end that no reader can arrive
at is a judgement, left empty and counted, so that their number can only fall.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandtable.scenario import Scenario, load_scenario
from sandtable.scenario.quantities import QuantityUse

ROOT = Path(__file__).parents[2]
SECOND_ENTRY = Path(__file__).with_name("second_entry")
JUDGEMENTS = {
    "khalkhin-gol-1939": 143,
    "kurils-1945": 85,
    "lake-khasan-1938": 20,
    "manchuria-1945": 277,
    "mutanchiang-1945": 94,
    "south-sakhalin-1945": 103,
}
"""Keys of which a reason leaves one end or both open: at most so many."""

DIGITS = 1e-5
"""Numbers are entered to six digits."""
ROUNDING = 0.05
"""A reason's words give two digits: a seventh may stand as 0.14 or 0.15."""
PIECES = {"person", "gun", "tank", "armoured-car", "aircraft"}

Row = dict[str, str]


@pytest.fixture(scope="module", params=JUDGEMENTS)
def campaign(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


@pytest.fixture(scope="module")
def entered(campaign: Scenario) -> dict[str, Row]:
    path = SECOND_ENTRY / f"{campaign.name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["key"] for row in rows})
    return {row["key"]: row for row in rows}


def stated(campaign: Scenario) -> Iterator[QuantityUse]:
    """What the scenario itself states: not the lengths that follow from coordinates."""
    return (use for use in campaign.quantities if use.facts or use.kind != "derived")


def end(campaign: Scenario, row: Row, name: str) -> float | None:
    """A number, or the days from H-hour to a moment in its zone; none if it is a judgement."""
    if not row[name]:
        return None
    if "-" not in row[name]:
        return float(row[name])
    moment = datetime.fromisoformat(row[name]).replace(tzinfo=campaign.calendar.zone)
    return max(0.0, (moment - campaign.calendar.h_hour) / timedelta(days=1))


def agree(use: QuantityUse, entry: float | None, number: float) -> bool:
    if entry is None:
        return True
    if use.kind == "cited":
        return number == pytest.approx(entry, rel=DIGITS, abs=DIGITS)
    return number == pytest.approx(entry, rel=ROUNDING, abs=0.5 if use.unit in PIECES else 0)


def test_every_quantity_was_entered_again(campaign: Scenario, entered: dict[str, Row]) -> None:
    found = {(use.key, use.kind, use.unit) for use in stated(campaign)}
    assert found == {(key, row["kind"], row["unit"]) for key, row in entered.items()}


def test_both_entries_agree(campaign: Scenario, entered: dict[str, Row]) -> None:
    differ = [
        f"{use.key}: {entry}..{other} ({row['from']}), and stated {use.low:g}..{use.high:g}"
        for use in stated(campaign)
        for row in [entered[use.key]]
        for entry, other in [(end(campaign, row, "low"), end(campaign, row, "high"))]
        if not (agree(use, entry, use.low) and agree(use, other, use.high))
    ]
    assert not differ, f"{len(differ)} differ:\n" + "\n".join(differ)


def test_judgements_only_become_fewer(campaign: Scenario, entered: dict[str, Row]) -> None:
    judged = [key for key, row in entered.items() if not (row["low"] and row["high"])]
    assert len(judged) <= JUDGEMENTS[campaign.name]
    assert not [key for key in judged if entered[key]["kind"] == "cited"]
    assert all(row["from"] for row in entered.values())


def test_the_page_tells_how_many_are_judgements(entered: dict[str, Row]) -> None:
    judged = sum(not (row["low"] and row["high"]) for row in entered.values())
    page = " ".join((ROOT / "docs" / "verification.md").read_text(encoding="utf-8").split())
    assert f"{judged} of {len(entered)}" in page
