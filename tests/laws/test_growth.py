"""What grows as a power of time, by hand and by its own algebra."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.growth import between, days_until

TIME = st.floats(0.05, 3.0)
"""Exponents of ground below one, of a hazard that grows above."""


@given(st.floats(0.01, 60.0), TIME, st.floats(0.0, 30.0), st.floats(0.01, 30.0))
def test_ground_and_the_days_for_it_are_inverse(scale, time, t0, days):
    km = between(scale, time, t0, t0 + days)
    assert days_until(scale, time, t0, km, 2.0 * days) == pytest.approx(days, rel=1e-6)


@given(TIME, st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_ground_of_consecutive_spans_adds_up(time, t0, t1, t2):
    t0, t1, t2 = sorted((t0, t1, t2))
    whole = between(7.0, time, t0, t2)
    assert between(7.0, time, t0, t1) + between(7.0, time, t1, t2) == pytest.approx(whole, abs=1e-9)
    assert whole >= 0.0


def test_ground_by_hand():
    """With an exponent of one half, four days gain twice what the first one does."""
    assert between(5.0, 0.5, 0.0, 1.0) == 5.0
    assert between(5.0, 0.5, 0.0, 4.0) == 10.0
    assert days_until(5.0, 0.5, 1.0, 5.0, 9.0) == pytest.approx(3.0)


def test_what_takes_longer_takes_the_days_allowed():
    assert days_until(5.0, 0.5, 1.0, 5.0, 2.0) == 2.0
    assert days_until(0.0, 0.5, 0.0, 5.0, 2.0) == 2.0


def test_what_would_take_for_ever_overflows_nothing():
    assert days_until(1e-12, 0.05, 0.0, 1e12, 0.25) == 0.25


def test_with_an_exponent_of_one_the_same_is_added_every_day():
    assert between(4.0, 1.0, 3.0, 3.5) == between(4.0, 1.0, 0.0, 0.5) == 2.0
