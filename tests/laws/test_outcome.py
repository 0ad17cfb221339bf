"""Competing hazards by hand, and what the shipped ones say of force and circumstances."""

from math import exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.circumstances import FEATURES, Circumstances, features
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.fit_sampler import FitSampler
from sandtable.laws.fitted import Predictor
from sandtable.laws.outcome import OutcomeLaw, log_ratio, log_total

NOTHING = [0.0] * len(FEATURES)
WEIGHTS = tuple(0.1 * i for i in range(len(FEATURES)))
PACE = Predictor((-0.7, -0.4), (0.0,) * len(FEATURES), ())
ODDS = Predictor((0.5, 1.2), WEIGHTS, ({"a": 0.3, "d": 9.0}, {"a": 9.0, "d": -0.6}))
LAW = OutcomeLaw(PACE, ODDS, 1.6)
STRENGTH = st.floats(10.0, 1e6)


def rates(attacker, defender, found=NOTHING, law=LAW):
    return law.rates(attacker / defender, attacker + defender, law.levels(found, "a", "d"))


def test_rates_as_the_formulas_say():
    found = list(NOTHING)
    found[3] = 1.0
    h = exp(-0.7 - 0.4 * log(2.4))
    o = exp(0.5 + 1.2 * log(3) + 0.3 + 0.3 - 0.6)
    expected = h * o / (1 + o), h / (1 + o)
    assert rates(18_000, 6_000, found) == pytest.approx(expected)


def test_at_equal_force_and_reference_scale_only_the_constants_count():
    assert log_ratio(5000, 5000) == log_total(5000, 5000) == 0.0
    breaks, quits = rates(5000, 5000)
    assert breaks + quits == pytest.approx(exp(-0.7))
    assert breaks / quits == pytest.approx(exp(0.5 + 0.3 - 0.6))


@given(STRENGTH, STRENGTH)
def test_the_sum_is_the_pace_and_the_quotient_the_odds(attacker, defender):
    pace, odds = LAW.levels(NOTHING, "a", "d")
    breaks, quits = LAW.rates(attacker / defender, attacker + defender, (pace, odds))
    assert breaks + quits == pytest.approx(pace * ((attacker + defender) / 1e4) ** -0.4)
    assert breaks == pytest.approx(quits * odds * (attacker / defender) ** 1.2, rel=1e-6)


@given(STRENGTH, STRENGTH, st.floats(1.0, 10.0))
def test_a_greater_share_of_the_same_men_never_hurts(attacker, defender, factor):
    total = attacker + defender
    more = attacker + (1.0 - 1.0 / factor) * defender
    before, after = rates(attacker, defender), rates(more, total - more)
    assert after[0] >= before[0] * (1 - 1e-9)
    assert after[1] <= before[1] * (1 + 1e-9)


def test_swapped_sides_of_a_symmetric_law_swap_results():
    law = OutcomeLaw(PACE, Predictor((0.0, 0.8), (0.0,) * len(FEATURES), ()), 1.0)
    there, back = (rates(*s, law=law) for s in ((9e3, 4e3), (4e3, 9e3)))
    assert there == pytest.approx(back[::-1])


def test_overwhelming_odds_leave_no_number_behind():
    for level in (1e-300, 1e300):
        breaks, quits = LAW.rates(1e6, 1e6 + 1.0, (1.0, level))
        assert 0.0 <= breaks < inf and 0.0 <= quits < inf and breaks + quits > 0.0


def central(fit):
    sampler = FitSampler(fit, {"a": "", "d": ""})
    return sampler.draw([0.0] * len(sampler.inputs))


def shipped():
    coefficients = load_coefficients()
    names = ("outcome.pace", "outcome.odds")
    fits = [coefficients.fits[name] for name in names]
    drawn = [central(fit) for fit in fits]
    return OutcomeLaw(*drawn, coefficients.shape), coefficients.scales


@pytest.mark.parametrize("total", [2_000, 30_000, 500_000])
def test_by_the_shipped_coefficients_the_force_ratio_tells(total):
    law, scales = shipped()
    found = []
    for share in (0.2, 0.4, 0.6, 0.8):
        a, d = share * total, (1 - share) * total
        known = features(Circumstances(a, d, "hasty", 1943), scales)
        found.append(rates(a, d, known, law))
    breaks, quits = zip(*found, strict=True)
    assert list(breaks) == sorted(breaks) and breaks[0] < breaks[-1]
    assert list(quits) == sorted(quits, reverse=True) and quits[0] > quits[-1]


def test_by_the_shipped_coefficients_larger_battles_last_longer():
    law, scales = shipped()
    known = features(Circumstances(1.0, 1.0, "hasty", 1943), scales)
    paces = [sum(rates(n, n, known, law)) for n in (1e3, 1e4, 1e5)]
    assert paces == sorted(paces, reverse=True)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"attacker_tanks": 500}, {"attacker_tanks": 0}),
        ({"defender_tanks": 0}, {"defender_tanks": 500}),
        ({"air": 1.0}, {"air": -1.0}),
        ({"surprise": 3.0}, {"surprise": 0.0}),
        ({"posture": "hasty"}, {"posture": "fortified"}),
    ],
)
def test_by_the_shipped_coefficients_what_helps_the_attacker_helps_him(better, worse):
    law, scales = shipped()
    odds = []
    for changes in (better, worse):
        known = {"attacker": 2e4, "defender": 1e4, "posture": "hasty", "year": 1943} | changes
        breaks, quits = rates(2e4, 1e4, features(Circumstances(**known), scales), law)
        odds.append(breaks / quits)
    assert odds[0] > odds[1]
