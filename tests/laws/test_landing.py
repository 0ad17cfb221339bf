"""What fire from the shore costs a landing, by hand."""

from math import exp, log

import pytest

from sandtable.laws.landing import MOST_LOST, LandingLaw

LAW = LandingLaw(log(80.0), 1.8)


def test_half_of_the_first_days_losses_at_the_median():
    assert LAW.share_lost(0.0, 0.5) == pytest.approx(0.04)
    assert LAW.share_lost(-1.0, 0.5) == pytest.approx(0.04 * exp(-1.8))
    assert LAW.share_lost(1.0, 0.25) == pytest.approx(0.02 * exp(1.8))


def test_a_few_always_get_ashore():
    assert LAW.share_lost(6.0, 0.5) == MOST_LOST == 0.98
