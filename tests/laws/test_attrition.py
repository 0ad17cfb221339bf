"""Attrition laws against the textbook statements that name them."""

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.attrition import FORMS, AttritionLaw, SideLaw
from sandtable.laws.circumstances import FEATURES, POSTURE_FEATURES, Circumstances, features
from sandtable.laws.coefficients import SIDES, load_coefficients
from sandtable.laws.fit_sampler import FitSampler
from sandtable.laws.fitted import LEAST_TIME_EXPONENT, Predictor
from sandtable.laws.planning import Surprise

FREE = 0.6, 0.3, 0.5
"""Exponents of own force, opponent and time where a law leaves them free."""
PUBLISHED = {
    "constant-rate": (1.0, 0.0, 1.0), "logarithmic": (1.0, 0.0, 1.0), "square": (0.0, 1.0, 1.0),
    "linear": (1.0, 1.0, 1.0), "free-exponents": (0.6, 0.3, 1.0), "fatigue": FREE, "full": FREE,
}  # fmt: skip
CONSTANT = {"square": log(0.02), "logarithmic": log(0.02), "linear": log(1e-6)}
WEIGHTS = tuple(0.05 * i for i in range(len(FEATURES)))
NOTHING = [0.0] * len(FEATURES)


def side_of(name, constant=None, armies=()):
    """A law of one side, its free exponents as in FREE."""
    form = FORMS[name]
    exponents = zip((form.own, form.opponent, form.time), FREE, strict=True)
    core = [CONSTANT.get(name, -1.0) if constant is None else constant]
    core += [free for fixed, free in exponents if fixed is None]
    return form.side(Predictor(tuple(core), WEIGHTS, armies))


def lost(side, own, opponent, days, found=NOTHING):
    scale = side.scale(own, opponent, side.level(found, "a", "d"))
    return side.between(scale, 0.0, days)


def test_the_laws_by_name():
    assert list(FORMS) == list(PUBLISHED)
    for name in FORMS:
        side = side_of(name)
        assert (side.own, side.opponent, side.time) == PUBLISHED[name]


@pytest.mark.parametrize("name", FORMS)
def test_the_formula_as_published(name):
    p, q, c = PUBLISHED[name]
    found = [0.5 if name in ("fortified", "air") else 0.0 for name in FEATURES]
    factors = 0.5 * (WEIGHTS[FEATURES.index("fortified")] + WEIGHTS[FEATURES.index("air")])
    expected = exp(CONSTANT.get(name, -1.0) + factors) * 9000**p * 4000**q * 3**c
    assert lost(side_of(name), 9000, 4000, 3.0, found) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", FORMS)
def test_the_fit_and_the_campaign_read_one_formula(name):
    """The terms that are fitted, times their coefficients, are ln C of the law."""
    side, form = side_of(name), FORMS[name]
    values, fixed = form.values(9000, 4000, 3.0)
    assert len(values) == len(form.terms("attacker").core)
    eta = fixed + sum(v * b for v, b in zip(values, side.predictor.core, strict=True))
    assert exp(eta) == pytest.approx(lost(side, 9000, 4000, 3.0), rel=1e-12)


def test_effects_of_the_armies_are_factors():
    side = side_of("full", armies=({"x": log(2.0), "y": 0.0}, {"x": 0.0, "y": log(3.0)}))
    plain = side.level(NOTHING, "y", "x")
    assert side.level(NOTHING, "x", "x") == pytest.approx(2 * plain)
    assert side.level(NOTHING, "x", "y") == pytest.approx(6 * plain)


def test_logarithmic_takes_a_constant_fraction_of_the_own_force():
    for own, opponent in ((1000, 10), (50_000, 9e5)):
        assert lost(side_of("logarithmic"), own, opponent, 1.0) / own == pytest.approx(0.02)


def test_square_law_losses_follow_the_opponent_alone():
    for own in (1000, 70_000):
        assert lost(side_of("square"), own, 5000, 1.0) == pytest.approx(100)


def test_linear_law_losses_follow_the_product():
    assert lost(side_of("linear"), 2000, 5000, 1.0) == pytest.approx(10)


def test_under_the_square_law_numbers_count_by_their_square():
    """The exchange is even in shares of the forces when k own^2 is: Lanchester's parity."""
    one, other = side_of("square", log(0.02)), side_of("square", log(0.08))
    a, b = 10_000, 20_000
    assert lost(one, a, b, 1.0) / a == pytest.approx(lost(other, b, a, 1.0) / b)


def test_laws_fix_what_they_say_and_leave_the_rest_to_the_fit():
    assert FORMS["constant-rate"].terms("attacker").features == ()
    for name in ("logarithmic", "square", "linear", "free-exponents", "fatigue"):
        assert FORMS[name].terms("defender").features == POSTURE_FEATURES
        assert FORMS[name].terms("defender").groups == ("war",)
    full = FORMS["full"].terms("attacker")
    assert full.core == ("constant", "own", "opponent", "time")
    assert set(POSTURE_FEATURES) < set(full.features) < set(FEATURES)


@pytest.mark.parametrize(
    ("side", "own"), [("attacker", "attacking-nation"), ("defender", "defending-nation")]
)
def test_an_army_counts_for_what_it_suffers(side, own):
    assert FORMS["full"].terms(side).groups == ("war", "campaign", own)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("step", [0.25, 1.3])
def test_casualties_of_consecutive_spans_add_up(name, step):
    side = side_of(name)
    scale = side.scale(12_000, 5000, 1.0)
    times = [*np.arange(0, 5, step), 5.0]
    parts = sum(side.between(scale, *span) for span in pairwise(times))
    assert parts == pytest.approx(side.between(scale, 0, 5), rel=1e-12)


def test_fatigue_halves_the_pace_where_the_exponent_says_so():
    side = side_of("fatigue")
    scale = side.scale(10_000, 10_000, 1.0)
    # With c = 1/2 the first quarter of the time takes half of the casualties.
    assert side.between(scale, 0, 1) == pytest.approx(side.between(scale, 1, 4))


@given(
    st.sampled_from(sorted(FORMS)),
    st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.floats(0.01, 100.0), st.floats(1.0, 5.0),
)  # fmt: skip
def test_more_of_anything_is_never_fewer_casualties(name, own, opponent, days, more):
    side = side_of(name)
    least = lost(side, own, opponent, days) * (1 - 1e-12)
    assert lost(side, own * more, opponent, days) >= least
    assert lost(side, own, opponent * more, days) >= least
    assert lost(side, own, opponent, days * more) >= least


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", FORMS)
def test_shipped_exponents_give_more_losses_for_more_force_and_a_fight_that_slackens(name, side):
    fit = load_coefficients().fits[f"attrition.{name}.{side}"]
    law = FORMS[name].side(Predictor(tuple(fit.estimates[: len(fit.terms.core)]), (), ()))
    assert law.own >= 0.0 and law.opponent >= 0.0
    assert 0.0 < law.time <= 1.0


@pytest.mark.parametrize("name", FORMS)
def test_nobody_falls_where_a_side_is_absent(name):
    side = side_of(name)
    assert side.scale(0, 4000, 1.0) == side.scale(4000, 0, 1.0) == 0.0


@pytest.mark.parametrize("drawn", [-3.0, 0.0, 0.049, 0.2])
def test_no_draw_turns_time_back(drawn):
    side = FORMS["fatigue"].side(Predictor((0.0, 0.5, 0.5, drawn), (), ()))
    assert side.time == max(drawn, LEAST_TIME_EXPONENT) > 0.0


def test_spread_has_the_covariance_of_the_residuals():
    covariance = np.array([[0.9, 0.3], [0.3, 1.4]])
    factor = np.linalg.cholesky(covariance)
    side = SideLaw(Predictor((0.0,), (), ()), 1.0, 1.0, 1.0)
    law = AttritionLaw("square", side, side, (factor[0, 0], factor[1, 0], factor[1, 1]), None)
    z = np.random.default_rng(3).standard_normal((40_000, 2))
    logs = np.log([law.spread(*pair) for pair in z])
    assert np.cov(logs.T) == pytest.approx(covariance, abs=0.03)
    assert np.median(logs, axis=0) == pytest.approx([0, 0], abs=0.02)


def test_a_law_without_surprise_among_its_factors_takes_the_published_ones():
    """Dupuy: substantial surprise, half of its three days past; a law that has it takes none."""
    side = SideLaw(Predictor((0.0,), (), ()), 1.0, 1.0, 1.0)
    factors = Surprise((1.0,) * 4, (1.0, 0.9, 0.6, 0.4), (1.0, 1.2, 2.0, 3.0), 3.0)
    law = AttritionLaw("square", side, side, (0.0, 0.0, 0.0), factors)
    assert law.levels_at((2.0, 3.0), 2.0, 0.0) == pytest.approx((2.0 * 0.6, 3.0 * 2.0))
    assert law.levels_at((2.0, 3.0), 2.0, 1.5) == pytest.approx((2.0 * 0.8, 3.0 * 1.5))
    assert law.levels_at((2.0, 3.0), 0.0, 0.0) == law.levels_at((2.0, 3.0), 3.0, 3.0) == (2.0, 3.0)
    has = replace(law, surprise=None)
    assert has.levels_at((2.0, 3.0), 3.0, 0.0) == (2.0, 3.0)


def test_levels_are_those_of_the_two_sides():
    found = [0.1 * i for i in range(len(FEATURES))]
    attacker = SideLaw(Predictor((0.2,), WEIGHTS, ()), 1.0, 1.0, 1.0)
    defender = SideLaw(Predictor((0.5,), WEIGHTS, ()), 1.0, 1.0, 1.0)
    law = AttritionLaw("square", attacker, defender, (0.0, 0.0, 0.0), None)
    own, enemy = law.levels(found, "a", "d")
    assert (own, enemy) == (attacker.level(found, "a", "d"), defender.level(found, "a", "d"))
    assert enemy / own == pytest.approx(exp(0.3))


def test_features_come_from_the_circumstances():
    """Two thousand tanks more are the weight of the tanks times what their feature grows by."""
    coefficients = load_coefficients()
    fit, scales = coefficients.fits["attrition.full.attacker"], coefficients.scales
    sampler = FitSampler(fit, {"a": "nobody", "d": "none"})
    side = FORMS["full"].side(sampler.draw([0.0] * len(sampler.inputs)))
    levels = [
        side.level(features(Circumstances(1e5, 5e4, "hasty", 1944, attacker_tanks=n), scales),
                   "a", "d")
        for n in (0, 2000)
    ]  # fmt: skip
    weight = fit.estimates[fit.parameters.index("attacker-tanks")]
    grown = log(21) / scales["attacker-tanks"].spread
    assert levels[1] / levels[0] == pytest.approx(exp(weight * grown))
    assert 0.0 < levels[1] < inf
