"""The planning figures as types: what a draw holds, and shares."""

from dataclasses import FrozenInstanceError

import pytest

from sandtable.laws.cohesion import CAUSES
from sandtable.laws.planning import shares_of
from sandtable.laws.planning_file import load_planning
from sandtable.outcomes import TANK_CAUSES

CENTRAL = load_planning().sampler.central()


def test_a_wrong_name_is_an_error():
    with pytest.raises(AttributeError):
        _ = CENTRAL.fatigue.recovry
    with pytest.raises(KeyError):
        _ = CENTRAL.terrain.foot["dune"]


def test_nobody_changes_a_draw():
    with pytest.raises(FrozenInstanceError):
        CENTRAL.fatigue.loss = 1.0


def test_factors_are_shares_and_rates_positive():
    factors = (CENTRAL.terrain.foot, CENTRAL.terrain.vehicle, CENTRAL.road.foot,
               CENTRAL.road.motor, CENTRAL.road.tracked, CENTRAL.rain)  # fmt: skip
    for by_word in factors:
        assert all(0.0 < factor <= 1.0 for factor in by_word.values())
    assert all(rate > 0.0 for rate in CENTRAL.march.values())


def test_shares_of_tank_losses_stand_in_the_order_of_their_causes():
    named = load_planning().named
    raw = [float(named[f"tanks.{cause}"]) for cause in TANK_CAUSES]
    assert CENTRAL.tanks.shares == pytest.approx([x / sum(raw) for x in raw])


def test_every_cause_of_quitting_has_a_share():
    assert CENTRAL.cohesion.shares.keys() == set(CAUSES)


def test_shares_sum_to_one():
    assert shares_of([1.0, 3.0]) == (0.25, 0.75)
