"""Fatigue and lift against the published rule and by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.endurance import (
    fatigued_days,
    fuel_for,
    lift,
    rested,
    tired,
    unsupplied,
)


def test_the_published_rule_of_fatigue():
    """0.05 a day in action to a floor of 0.5, 0.1 a day regained at rest."""
    assert tired(0.0, 4.0, 0.05, 0.5) == pytest.approx(0.2)
    assert tired(0.0, 30.0, 0.05, 0.5) == 0.5
    assert rested(0.2, 1.5, 0.1) == pytest.approx(0.05)
    assert rested(0.2, 9.0, 0.1) == 0.0


@given(st.floats(0, 0.5), st.lists(st.floats(0, 5), max_size=10))
def test_days_add_up(fatigue, spells):
    whole = tired(fatigue, sum(spells), 0.05, 0.5)
    for days in spells:
        fatigue = tired(fatigue, days, 0.05, 0.5)
    assert fatigue == pytest.approx(whole)


def test_lift_halves_with_the_line():
    assert lift(80.0, 0.0, 100.0) == 80.0
    assert lift(80.0, 100.0, 100.0) == pytest.approx(40.0)
    assert lift(80.0, 300.0, 100.0) == pytest.approx(10.0)


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(10, 500))
def test_a_longer_line_never_lifts_more(a, b, halves):
    short, long = sorted((a, b))
    assert 0.0 <= lift(50.0, long, halves) <= lift(50.0, short, halves) <= 50.0


def test_fresh_and_tired_days():
    assert fatigued_days(2.0, 3.0, 0.5) == 2.0
    assert fatigued_days(5.0, 3.0, 0.5) == 7.0
    assert fatigued_days(1.0, 0.0, 0.8) == pytest.approx(1.25)


def test_without_supply_it_keeps_its_cartridges():
    assert unsupplied(0.0, 0.05) == 1.0
    assert unsupplied(4.0, 0.05) == pytest.approx(0.8)
    assert unsupplied(100.0, 0.05) == 0.3


def test_half_as_much_fuel_again_over_the_mountains():
    assert (fuel_for(80.0, "mountain"), fuel_for(80.0, "dunes")) == (120.0, 80.0)
