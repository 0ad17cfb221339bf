"""Why forces quit: McQuie's shares, the multiplier's limits, the draw of a cause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.cohesion import (
    CAUSES,
    REPORTED,
    cause_at,
    multiplier,
)
from sandtable.laws.planning import shares_of
from sandtable.laws.planning_file import load_planning
from sandtable.outcomes import QUIT_CAUSES

SHARES = (0.33, 0.13, 0.08, 0.06, 0.10, 0.12, 0.02, 0.16)
INTENSITIES = st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7)


def test_the_shipped_shares_are_mcquies():
    """Of 100 defeats 33 by envelopment, 13 neighbour, 8 surprise, ...; 6 by truce left out."""
    shares = load_planning().symbolic.cohesion.shares
    without_truce = [x / 94 for x in (33, 13, 8, 6, 10, 12, 2, 10)]
    assert shares_of([shares[cause] for cause in CAUSES]) == pytest.approx(without_truce)


def test_shares_are_made_to_sum_to_one():
    assert shares_of([0.5] * 8) == pytest.approx([1 / 8] * 8)


def test_the_average_battle_has_the_tables_hazard():
    assert multiplier(SHARES, [0.4] * 7, 0.4) == pytest.approx(1.0)


def test_without_causes_the_others_are_left():
    assert multiplier(SHARES, [0.0] * 7, 0.4) == pytest.approx(0.16)


def test_a_cause_fully_there_by_hand():
    assert multiplier(SHARES, [1.0, 0, 0, 0, 0, 0, 0], 0.5) == pytest.approx(0.16 + 0.66)


@given(INTENSITIES, st.integers(0, 6), st.floats(0.1, 1.0))
def test_more_of_a_cause_is_never_less_hazard(intensities, which, mean):
    worse = [1.0 if i == which else x for i, x in enumerate(intensities)]
    assert multiplier(SHARES, worse, mean) >= multiplier(SHARES, intensities, mean)


def test_causes_are_drawn_in_proportion():
    """Midpoints of a grid: the share of each cause is its weight, to the grid's step."""
    intensities, mean, n = [1.0, 0.5, 0.0, 0.0, 1.0, 0.0, 0.0], 0.5, 10_000
    drawn = [cause_at(SHARES, intensities, mean, (i + 0.5) / n) for i in range(n)]
    weights = {"penetration": 0.66, "neighbour-gone": 0.13, "losses": 0.2, "other": 0.16}
    total = sum(weights.values())
    assert set(drawn) == set(weights)
    for cause, weight in weights.items():
        assert drawn.count(cause) / n == pytest.approx(weight / total, abs=2e-4)


@given(INTENSITIES, st.floats(0.0, 1.0), st.floats(0.1, 1.0))
def test_every_draw_has_a_cause_that_is_reported(intensities, u, mean):
    assert cause_at(SHARES, intensities, mean, u) in QUIT_CAUSES


def test_every_cause_is_reported_under_a_name():
    assert REPORTED.keys() == set(CAUSES)
    assert set(REPORTED.values()) <= set(QUIT_CAUSES)
