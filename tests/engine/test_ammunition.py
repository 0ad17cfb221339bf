"""Ammunition of an attack: what it carries, what comes up, and what it is worth without."""

import pytest

from engine.builder import axis, blue, laws, leg, line, place, play, red, scenario
from sandtable.laws.endurance import without_ammunition
from sandtable.scenario.resolved import Ammunition

UNDER = laws(breaks=0.0)


def attack(ammunition, *, days=6.0, km=9.0, **changes):
    """Contact at H-hour, at nine kilometres; the fight goes on to the end."""
    places, legs = line("abc", km)
    return scenario(
        places, legs, [red("r", "a"), blue("j", "b", 9000.0)],
        [axis("x", "r", "ab", ammunition=ammunition)], days=days, **changes,
    )  # fmt: skip


def short(played):
    return [(round(e.day, 2), e.text) for e in played.events if e.kind == "runs short"]


def column(played):
    return played.world.columns["x"].ammunition


def test_an_attack_without_lift_fires_what_it_carries():
    played = play(attack(Ammunition(2.0, 0.0, 100.0)), UNDER, step_days=0.25)
    assert played.log() == [(0.0, "contact", "b", "x"), (2.0, "runs short", "a", "x")]
    assert short(played) == [(2.0, "0.30 of its strength")]
    assert column(played).factor == 0.3


def test_the_lift_makes_it_last_and_then_sets_what_is_fired():
    """Half of a day's need comes up: two days become four, and then 0.3 + 0.7 / 2 is left."""
    played = play(attack(Ammunition(2.0, 0.5, 1e9)), UNDER, step_days=0.25)
    ((day, text),) = short(played)
    assert 4.0 <= day <= 4.25 and text == "0.65 of its strength"


def test_with_enough_lift_it_never_runs_short():
    assert not short(play(attack(Ammunition(1.5, 1.0, 1e9)), UNDER))


def test_the_lift_halves_with_the_line():
    """A depot as far behind as halves the lift; no ground is gained."""
    places, legs = line("abc", 9.0)
    places.append(place("d", "ussr"))
    legs.append(leg("da", 80.0))
    stock = Ammunition(2.0, 1.0, 80.0, depot="d")
    s = scenario(places, legs, [red("r", "a"), blue("j", "b", 9000.0)],
                 [axis("x", "r", "ab", ammunition=stock)], days=6.0,
                 supply={"d": "attacker", "c": "defender"},
                 without=("opposed-advance",))  # fmt: skip
    played = play(s, UNDER, step_days=0.25)
    ((day, text),) = short(played)
    assert 4.0 <= day <= 4.25 and text == "0.65 of its strength"


def test_a_line_that_is_cut_brings_nothing():
    played = play(
        attack(Ammunition(2.0, 5.0, 1e9), supply={"c": "defender"}), UNDER, step_days=0.25
    )
    assert short(played) == [(2.0, "0.30 of its strength")]


def test_strength_and_what_it_inflicts_fall_with_the_factor():
    rich, poor = (play(attack(a), UNDER) for a in (None, Ammunition(0.5, 0.0, 100.0)))
    key = "losses/japan/personnel/total"
    assert poor.outcomes[key] < rich.outcomes[key]
    formation = poor.world.formations["r"]
    bare = formation.personnel * (1.0 - formation.fatigue)
    assert formation.strength(6.0, 0.0) == pytest.approx(0.3 * bare)


def test_at_rest_the_stock_fills_up_to_what_can_be_carried():
    ammunition = column(play(attack(Ammunition(2.0, 1.0, 1e9), days=5.0), UNDER))
    ammunition._stock = 0.5
    ammunition._reckoned = 0.0
    ammunition.receive()
    assert ammunition._stock == 2.0


@pytest.mark.parametrize(("resupply", "factor"), [(0.0, 0.3), (0.5, 0.65), (1.0, 1.0), (4.0, 1.0)])
def test_without_ammunition_it_fires_what_comes(resupply, factor):
    assert without_ammunition(resupply) == pytest.approx(factor)
