"""How long garrisons hold out and what of a pocket gets away, by hand."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.exploitation import PursuitLaw
from sandtable.laws.fortress import FortressLaw, PocketLaw, days_at_bay

FORTRESS = FortressLaw(log(16.0), log(2.5), 1.2)
POCKET = PocketLaw(log(10.0), 0.5, -2.0, 1.5)


@pytest.mark.parametrize(
    ("works", "median", "spread"),
    [(1.0, 16.0, 1.2), (0.6, 16.0, 1.2), (0.59, 40.0, 1.2), (0.25, 40.0, 1.2),
     (0.24, 10.0, 0.5), (0.0, 10.0, 0.5)],
)  # fmt: skip
def test_works_say_which_law_holds(works, median, spread):
    for z in (-1.0, 0.0, 2.0):
        assert days_at_bay(FORTRESS, POCKET, works, z) == pytest.approx(median * exp(spread * z))


def test_share_that_escapes():
    """Log odds of -2 are odds of 0.1353 to 1."""
    assert POCKET.share_escaped(0.0) == pytest.approx(0.1353352832 / 1.1353352832)
    assert POCKET.share_escaped(2.0 / 1.5) == pytest.approx(0.5)


@given(st.floats(-3.0, 2.0), st.floats(0.0, 0.5))
def test_over_a_pockets_days_that_share_gets_away(z, losses):
    """Those that slip out by an exponential hazard, less what they lose by it."""
    mean = POCKET.breakout_days(z, losses)
    away = (1.0 - exp(-10.0 / mean)) * (1.0 - losses)
    assert away == pytest.approx(min(POCKET.share_escaped(z), 0.99 * (1.0 - losses)))


def test_pace_of_exploitation():
    law = PursuitLaw(log(18.0), log(30.0), 0.5)
    for mobility, median in (("foot", 18), ("horse", 18), ("motor", 30), ("tracked", 30)):
        assert law.pace(mobility, 0.0) == pytest.approx(median)
        assert law.pace(mobility, 2.0) == pytest.approx(median * exp(1.0))
