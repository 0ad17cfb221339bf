"""Attrition laws against the textbook statements that name them."""

from math import exp, log

import numpy as np
import pytest

from sandtable.laws.attrition import FORMS, POSTURES, AttritionLaw, posture_factors

VALUES = {
    "logarithmic": (log(0.02), -0.4, -0.5, 0.3),
    "square": (log(0.02), -0.4, -0.5, 0.3),
    "linear": (log(1e-6), -0.4, -0.5, 0.3),
    "free-exponents": (-1.0, -0.4, -0.5, 0.3, 0.6, 0.3),
    "fatigue": (-1.0, -0.4, -0.5, 0.3, 0.6, 0.3, log(0.5)),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("posture", POSTURES)
def test_the_formula_as_published(name, posture):
    form, values = FORMS[name], VALUES[name]
    extra = dict(zip(form.parameters()[4:], values[4:], strict=True))
    p = form.own if form.own is not None else extra["own"]
    q = form.opponent if form.opponent is not None else extra["opponent"]
    c = form.time if form.time is not None else exp(extra["log-time"])
    shift = {"hasty": 0.0, "prepared": -0.4, "fortified": -0.5, "delay": 0.3, "withdrawal": 0.3}
    expected = exp(values[0] + shift[posture]) * 9000**p * 4000**q * 3**c
    side = form.side(values)
    assert side.between(side.scale(9000, 4000, posture), 0, 3) == pytest.approx(expected, rel=1e-12)


def test_logarithmic_takes_a_constant_fraction_of_the_own_force():
    side = FORMS["logarithmic"].side(VALUES["logarithmic"])
    for own, opponent in ((1000, 10), (50_000, 9e5)):
        assert side.scale(own, opponent, "hasty") / own == pytest.approx(0.02)


def test_square_law_losses_follow_the_opponent_alone():
    side = FORMS["square"].side(VALUES["square"])
    assert side.scale(1000, 5000, "hasty") == pytest.approx(100)
    assert side.scale(70_000, 5000, "hasty") == pytest.approx(100)


def test_linear_law_losses_follow_the_product():
    side = FORMS["linear"].side(VALUES["linear"])
    assert side.scale(2000, 5000, "hasty") == pytest.approx(10)


@pytest.mark.parametrize("name", FORMS)
def test_casualties_of_consecutive_spans_add_up(name):
    side = FORMS[name].side(VALUES[name])
    scale = side.scale(12_000, 5000, "prepared")
    parts = sum(side.between(scale, t, t + 0.25) for t in np.arange(0, 5, 0.25))
    assert parts == pytest.approx(side.between(scale, 0, 5), rel=1e-12)


def test_fatigue_halves_the_pace_where_the_exponent_says_so():
    side = FORMS["fatigue"].side(VALUES["fatigue"])
    scale = side.scale(10_000, 10_000, "hasty")
    # With c = 1/2 the first quarter of the time takes half of the casualties.
    assert side.between(scale, 0, 1) == pytest.approx(side.between(scale, 1, 4))


@pytest.mark.parametrize("name", FORMS)
def test_nobody_falls_where_a_side_is_absent(name):
    side = FORMS[name].side(VALUES[name])
    assert side.scale(0, 4000, "hasty") == 0.0
    assert side.scale(4000, 0, "hasty") == 0.0


def test_unknown_posture_is_refused():
    with pytest.raises(KeyError):
        FORMS["square"].side(VALUES["square"]).scale(1, 1, "heroic")


def test_every_posture_has_a_factor():
    assert tuple(posture_factors(0.0, (0.1, 0.2, 0.3))) == POSTURES


def test_spread_has_the_covariance_of_the_residuals():
    covariance = np.array([[0.9, 0.3], [0.3, 1.4]])
    factor = np.linalg.cholesky(covariance)
    side = FORMS["square"].side(VALUES["square"])
    law = AttritionLaw("square", side, side, (factor[0, 0], factor[1, 0], factor[1, 1]))
    z = np.random.default_rng(3).standard_normal((40_000, 2))
    logs = np.log([law.spread(*pair) for pair in z])
    assert np.cov(logs.T) == pytest.approx(covariance, abs=0.03)
    assert np.median(logs, axis=0) == pytest.approx([0, 0], abs=0.02)
