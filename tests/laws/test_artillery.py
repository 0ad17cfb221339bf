"""Guns over ground, by hand, by what must hold, and against a published bombardment."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.artillery import casualties_a_day, share_lost, support_factor
from sandtable.laws.planning import ArtilleryFigures
from sandtable.laws.planning_file import load_planning

FIGURES = ArtilleryFigures(0.5, 0.5, 100.0, 200.0, 0.5)


def test_by_hand():
    """From 3 guns a thousand men to 15: the opponent loses twice as much at an exponent of 1/2."""
    assert support_factor(2_000.0, 6.0, 30.0, FIGURES) == pytest.approx(2.0)
    assert casualties_a_day(20.0, FIGURES) == 10.0
    assert share_lost(10.0, 10.0) == pytest.approx(1.0 - 0.36787944)


@given(st.floats(1.0, 1e6), st.floats(0.0, 1e3), st.floats(0.0, 1e3))
def test_guns_that_can_all_fire_change_nothing(men, guns, more):
    assert support_factor(men, guns, guns, FIGURES) == 1.0
    assert support_factor(men, guns, guns + more, FIGURES) >= 1.0
    assert support_factor(men, guns + more, guns, FIGURES) <= 1.0


@given(st.floats(0.0, 1e4), st.floats(1.0, 1e4), st.floats(0.0, 1.0))
def test_fire_in_two_parts_costs_what_it_does_at_once(casualties, men, part):
    """The share that is left is the product; nobody is hit who isn't there."""
    first = share_lost(part * casualties, men)
    left = men * (1.0 - first)
    at_once = share_lost(casualties, men)
    if left > 1e-6:
        assert 0.0 <= first <= at_once <= 1.0
    assert share_lost(casualties, inf) == 0.0 and share_lost(casualties, 0.0) == 0.0


def test_the_week_before_the_somme():
    """1437 guns in seven days: 1.5 million shells, and some 7000 German casualties of them."""
    sampler = load_planning()
    low, high = (sampler.draw([u] * len(sampler.uncertain)).artillery for u in (0.0, 1.0))
    assert 7 * 1437 * low.rounds < 1.5e6 <= 7 * 1437 * high.rounds
    least = 7 * casualties_a_day(1437.0, low)
    most = 7 * 1437 * high.rounds / low.rounds_to_a_casualty
    assert least < 7_000.0 < most
