"""Competing hazards against direct integration of their densities and simple limits."""

from math import exp, log

import pytest
from scipy.integrate import quad

from sandtable.laws.attrition import POSTURES
from sandtable.laws.outcome import Hazard, OutcomeLaw

LAW = OutcomeLaw(
    Hazard.of((-0.7, -0.3, -0.6, 0.4, 0.5, -0.4)), Hazard.of((-1.2, 0.3, 0.6, -0.4, -0.5, -0.3))
)


def test_rate_as_the_formula_says():
    expected = exp(-0.7 - 0.6 + 0.5 * log(3) - 0.4 * log(2.4))
    assert LAW.breaks.rate(18_000, 6_000, "fortified") == pytest.approx(expected)


def test_at_equal_force_and_reference_scale_only_the_constant_counts():
    assert LAW.breaks.rate(5000, 5000, "hasty") == pytest.approx(exp(-0.7))


@pytest.mark.parametrize("posture", POSTURES)
@pytest.mark.parametrize("days", [0.1, 2.0, 30.0])
def test_probabilities_are_the_integrated_densities(posture, days):
    def density(outcome):
        return lambda t: exp(LAW.log_likelihood(outcome, 20_000, 8_000, posture, t))

    attacker, defender, undecided = LAW.probabilities(20_000, 8_000, posture, days)
    assert attacker == pytest.approx(quad(density("attacker"), 0, days)[0], rel=1e-7)
    assert defender == pytest.approx(quad(density("defender"), 0, days)[0], rel=1e-7)
    assert undecided == pytest.approx(density("draw")(days))
    assert attacker + defender + undecided == pytest.approx(1.0)


def test_more_attackers_win_more_often_at_the_same_scale():
    wins = [LAW.probabilities(a, 30_000 - a, "prepared", 5.0)[0] for a in (5e3, 15e3, 25e3)]
    assert wins == sorted(wins) and wins[0] < wins[-1]


def test_swapped_sides_of_a_symmetric_law_swap_results():
    breaks = Hazard({"hasty": 0.4}, 0.7, -0.2)
    law = OutcomeLaw(breaks, Hazard({"hasty": 0.4}, -0.7, -0.2))
    there, back = (law.probabilities(*s, "hasty", 3.0) for s in ((9e3, 4e3), (4e3, 9e3)))
    assert there == pytest.approx((back[1], back[0], back[2]))


def test_unknown_outcome_is_refused():
    with pytest.raises(KeyError):
        LAW.log_likelihood("victory", 1, 1, "hasty", 1)
