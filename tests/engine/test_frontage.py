"""A front has room for so many men: who counts, who is in action, and how long a head waits."""

from __future__ import annotations

from math import inf

import pytest

from engine.builder import axis, blue, laws, leg, line, place, play, red, scenario
from sandtable.engine import assessment
from sandtable.engine.conditions import Force, circumstances
from sandtable.engine.state import Column

NARROW = laws(breaks=0.0, front__attackers_km=4_000.0, front__defenders_km=2_000.0)


def defile(front_km: float = 1.0, way_km: float = 0.0, *, days: float = 3.0, **changes):
    """Two divisions before a position that a front of so many km leads to, in contact at once."""
    places, legs = line("abc", 9.0)
    places[1] = place("b", front_km=front_km)
    legs[0] = leg("ab", 9.0, front_km=way_km)
    forces = [red("r", "a", 4_000.0), red("s", "a", 8_000.0), blue("j", "b", 3_000.0)]
    return scenario(places, legs, forces, [axis("x", "r s", "ab")], days=days, **changes)


def test_the_log_of_a_fight_in_a_defile_is_exact() -> None:
    """4,000 of 12,000 and 2,000 of 3,000 count; without it all of them do."""
    run = play(defile(), NARROW)
    told = [(round(e.day, 6), e.kind, e.place, e.axis or e.formation, e.text) for e in run.events]
    assert told == [
        (0.0, "battle begins", "b", "x", "j: 12000 men in 2 formations against 3000 men in 1"
         " formation"),
        (0.0, "contact", "b", "x", "force ratio 2.0 to 1"),
    ]  # fmt: skip
    whole, phase = run.battles
    for row in (whole, phase):
        assert (row["attacker_committed"], row["defender_committed"]) == (4_000.0, 2_000.0)
        assert (row["attacker_strength"], row["defender_strength"]) == (4_000.0, 2_000.0)
    free = play(defile(without=["frontage"]), NARROW)
    assert [e.text for e in free.events][1:] == ["force ratio 4.0 to 1"]
    assert free.battles[0]["attacker_committed"] == 12_000.0


def test_those_who_find_no_room_are_not_in_action() -> None:
    """The first division fills the kilometre, and goes on doing so as long as it does."""
    run = play(defile(days=1.5), NARROW)
    whole = run.battles[0]
    assert whole["attacker_in_contact"] == 12_000.0  # The second steps in for the first's losses.
    first = play(defile(3.0 / 4.0, days=1.5), NARROW)
    assert first.battles[0]["attacker_in_contact"] == 4_000.0
    assert first.outcomes["losses/s/personnel/total"] == 0.0
    assert first.outcomes["losses/r/personnel/total"] > 0.0


@pytest.mark.parametrize(("place_km", "way_km"), [(0.5, 0.0), (2.0, 0.5), (0.0, 0.5)])
def test_the_narrower_of_place_and_ways_bounds(place_km: float, way_km: float) -> None:
    row = play(defile(place_km, way_km), NARROW).battles[0]
    assert row["attacker_committed"] == 2_000.0


def test_two_ways_have_room_for_the_men_of_both() -> None:
    places, legs = line("abc", 9.0)
    places.append(place("d", "ussr"))
    legs = [leg("ab", 9.0, front_km=0.5), leg("bc"), leg("db", 9.0, front_km=0.25)]
    forces = [red("r", "a"), red("s", "d"), blue("j", "b", 3_000.0)]
    axes = [axis("x", "r", "ab"), axis("y", "s", "db")]
    supply = {"a": "attacker", "d": "attacker", "c": "defender"}
    row = play(scenario(places, legs, forces, axes, days=2.0, supply=supply), NARROW).battles[0]
    assert row["attacker_committed"] == 3_000.0


def test_a_head_that_fills_the_front_waits_for_nobody() -> None:
    """3,000 men need 3,750 to be attacked by, but there is room for no more than 2,000."""
    places, legs = line("abc", 60.0)
    forces = [red("r", "a", 2_500.0, type="tank"), red("s", "a"), blue("j", "b", 3_000.0)]
    column = axis("x", "r s", "ab")
    days = []
    for km in (0.0, 0.5):
        places[1] = place("b", front_km=km)
        run = play(scenario(places, legs, forces, [column]), NARROW)
        days.append(run.day("contact", "b"))
    assert days[1] < days[0] - 1.0


def test_the_front_of_the_place_is_that_of_the_attacks_density(monkeypatch) -> None:
    """It goes before that of the axes, but those who find no room make nothing denser."""
    seen = []

    def known(*forces, front_km, **others):
        seen.append(front_km)
        return circumstances(*forces, front_km=front_km, **others)

    monkeypatch.setattr(assessment, "circumstances", known)
    for km in (1.0, 5.0, 0.0):
        play(defile(km, days=0.01), NARROW)
    assert seen == [3.0, 5.0, inf]
    column = Column("x", "x", "attacker", [], ("a", "b"), frontage_km=8.0)
    force = Force([], 0.0, 0.0)
    known = {"year": 1939.0, "wet": False, "air": 0.0, "surprise": 0.0}
    fronts = [
        circumstances([column], force, force, "hasty", front_km=km, **known).front_km
        for km in (5.0, inf)
    ]
    assert fronts == [5.0, 8.0]
