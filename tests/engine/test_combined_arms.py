"""Tanks without infantry, and before tank hunters."""

from math import log

import pytest

from engine.builder import AT_ONCE, blue, duel, laws, play, red
from sandtable.outcomes import TANK_CAUSES

UNDER = laws(breaks=0.0, tanks__escort=10.0, tanks__unescorted=3.0, tanks__hunters=5.0,
             tanks__repairable=0.0)  # fmt: skip
GUNS = {"guns": 12.0, "antitank_guns": 18.0}
"""Of 3000 men at the densities at which the shares by cause were found: a weight of 1 in all."""


def lost(*reds, hunters=0.0, days=1.0, **changes):
    s = duel(reds, [blue("j", "b", 3000.0, tank_hunters=hunters, **GUNS)], days=days, **changes)
    return play(s, UNDER)


def left(played, tanks=100.0):
    return 1.0 - played.outcomes["losses/ussr/tanks/disabled"] / tanks


def shares(played):
    return [played.outcomes[f"losses/ussr/tanks/by/{cause}"] for cause in TANK_CAUSES]


def weights(v=1.0, h=1.0):
    antitank, artillery, infantry, air, mines = UNDER.tank_shares
    return [antitank * v, artillery, infantry * v * h, 0.0 * air, mines * v]


@pytest.mark.parametrize(("infantry", "v"), [(0.0, 3.0), (500.0, 2.0), (1000.0, 1.0), (5e3, 1.0)])
def test_tanks_without_infantry_are_lost_at_the_factor(infantry, v):
    """What is left is a power of what infantry leaves: the exponents are as the weights.

    Those who are left have more infantry each, so that the middle one falls behind a little.
    """
    alone = lost(red("t", "a", tanks=100.0, infantry=infantry))
    whole = lost(red("t", "a", tanks=100.0))
    ratio = log(left(alone)) / log(left(whole))
    assert ratio == pytest.approx(sum(weights(v)) / sum(weights()), rel=6e-2)
    assert shares(alone) == pytest.approx([w / sum(weights(v)) for w in weights(v)], rel=6e-2)


def test_a_rifle_division_beside_them_covers_them():
    both = red("t", "a", 3000.0, tanks=100.0, infantry=0.0), red("r", "a", 7000.0)
    never = lost(both[0], red("r", "a", 7000.0, type="artillery"), without=("second-echelon",))
    covered = lost(*both, without=("second-echelon",))
    assert left(covered) > left(never)
    assert shares(covered) == pytest.approx([w / sum(weights()) for w in weights()], rel=1e-2)


def test_tank_hunters_take_their_share():
    hunted = lost(red("t", "a", tanks=100.0), hunters=0.5)
    w = weights(h=3.0)
    assert shares(hunted) == pytest.approx([x / sum(w) for x in w], rel=1e-6)


def test_they_hunt_the_tanks_of_an_attack_and_those_of_a_defence():
    s = duel(
        [red("r", "a", 6000.0, tank_hunters=1.0)], [blue("j", "b", 3000.0, tanks=50.0)], days=1.0
    )
    free = duel([red("r", "a", 6000.0)], [blue("j", "b", 3000.0, tanks=50.0)], days=1.0)
    key = "losses/japan/tanks/disabled"
    assert play(s, UNDER).outcomes[key] > play(free, UNDER).outcomes[key] > 0.0


def test_the_events_are_the_same_but_for_the_tanks():
    under = laws(breaks=AT_ONCE)
    logs = [
        play(duel([red("t", "a", tanks=100.0, infantry=i)], [blue("j", "b")]), under).log()
        for i in (None, 0.0)
    ]
    assert logs[0] == logs[1]
    assert [(kind, place) for _, kind, place, _ in logs[0]] == [
        ("contact", "b"), ("defence broken", "b"), ("withdraws", "b"), ("captured", "b"),
        ("arrives", "c"),
    ]  # fmt: skip


def test_without_the_mechanism_nothing_of_it_counts():
    bare = ("combined-arms",)
    plain = lost(red("t", "a", tanks=100.0), without=bare)
    alone = lost(red("t", "a", tanks=100.0, infantry=0.0), hunters=1.0, without=bare)
    assert left(alone) == left(plain)
