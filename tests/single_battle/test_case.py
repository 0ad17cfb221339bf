"""The circumstances of a battle beside the range of the table that the laws are fitted on."""

from __future__ import annotations

import pytest

from sandtable.laws.coefficients import load_coefficients
from sandtable.single_battle import case_of

RANGE = load_coefficients().range


def test_what_lies_outside_the_table_is_told() -> None:
    (men, *_) = case_of("men=300", "men=300").doubts()
    assert men == (
        f"men of both sides: 600 lies outside the laws' battles, {RANGE.persons.low:,.4g} to "
        f"{RANGE.persons.high:,.4g}; counts as {RANGE.persons.low:,.4g}"
    )
    assert case_of("men=3000", "men=3000").doubts() == []
    (ratio,) = case_of("men=50000", "men=3000").doubts()
    assert ratio.startswith("ratio of strengths: 16.67 lies outside")
    (tanks,) = case_of("men=3000,tanks=90", "men=3000").doubts()
    assert tanks.startswith("attacker's tanks a thousand men: 30 lies outside")
    (days,) = case_of("men=3000", "men=3000", days=200.0).doubts()
    assert "days: 200" in days and "counts as" not in days


def test_what_counts_in_no_law_is_told() -> None:
    (guns,) = case_of("men=3000,guns=10", "men=3000").doubts()
    assert guns == "attacker's guns: count in no law but the enemy's loss of tanks"
    (terrain,) = case_of("men=3000", "men=3000", terrain="rugged").doubts()
    assert terrain == "--terrain: counts in no law but the advance `dupuy`"
    assert case_of("men=3000", "men=3000", terrain="rugged", advance="dupuy").doubts() == []
    (army,) = case_of("men=3000,nation=Egypt", "men=3000").doubts()
    assert army.startswith("attacker: the table has no battle of an army Egypt 1937-1945")


@pytest.mark.parametrize(
    ("attacker", "defender", "setting", "air"),
    [
        ("men=1", "men=1", {}, None),
        ("men=1,aircraft=30", "men=1,aircraft=10", {}, 0.5),
        ("men=1", "men=1,aircraft=10", {}, -1.0),
        ("men=1,aircraft=30", "men=1", {"air": -0.2}, -0.2),
    ],
)
def test_the_sky_is_shared_by_aircraft(
    attacker: str, defender: str, setting: dict[str, float], air: float | None
) -> None:
    assert case_of(attacker, defender, **setting).air == air


def test_posture_and_year_are_those_of_the_scenario() -> None:
    case = case_of("men=9000", "manchuria-1945:107-division")
    assert (case.posture, case.year) == ("fortified", 1945.0)
    changed = case_of("men=9000", "manchuria-1945:107-division", posture="hasty", year=1939.0)
    assert (changed.posture, changed.year) == ("hasty", 1939.0)
    assert case_of("men=1", "men=1").posture == "hasty"
