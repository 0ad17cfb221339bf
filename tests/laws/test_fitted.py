"""Draws of a linear predictor against the covariance and the spreads that they come from."""

from dataclasses import replace

import numpy as np
import pytest

from sandtable.laws.circumstances import FEATURES, Circumstances
from sandtable.laws.fitted import Effects, Fit, Predictor, Terms

TERMS = Terms(("constant", "own"), ("fortified", "air"), ("war", "attacking-nation"))
A = np.array([[0.5, 0, 0, 0], [-0.2, 0.3, 0, 0], [0.1, 0.05, 0.4, 0], [0.0, -0.1, 0.2, 0.6]])
FIT = Fit(
    "attrition.made-up.attacker",
    TERMS,
    {
        "war": Effects(0.7, {"Old War": (0.3, 0.2)}),
        "attacking-nation": Effects(0.9, {"USSR 1937-1945": (-0.4, 0.25)}),
    },
    np.array([-2.0, 0.6, 0.3, -0.8]),
    A @ A.T,
    1.1,
    0.1,
    272,
)
ARMIES = {"ussr": "USSR 1937-1945", "mongolia": "Mongolia 1937-1945"}
N = 20_000


@pytest.fixture(scope="module")
def draws():
    normals = np.random.default_rng(11).standard_normal((N, len(FIT.inputs(tuple(ARMIES)))))
    return [FIT.draw(z, ARMIES) for z in normals]


def test_every_input_has_a_name():
    assert FIT.inputs(("ussr", "mongolia")) == tuple(
        f"attrition.made-up.attacker.{name}"
        for name in (
            "constant", "own", "fortified", "air", "war", "attacking-nation.ussr",
            "attacking-nation.mongolia",
        )
    )  # fmt: skip


def test_draws_have_the_mean_and_covariance_of_the_estimates(draws):
    """The constant has the spread of a war that the fit doesn't know on top of its own."""
    places = [FEATURES.index(name) for name in TERMS.features]
    drawn = np.array([[*p.core, *(p.weights[i] for i in places)] for p in draws])
    covariance = A @ A.T
    covariance[0, 0] += 0.7**2
    errors = np.sqrt(covariance.diagonal())
    # The error of a mean of N is 1 / sqrt(N) of its spread, of a covariance up to sqrt(2 / N).
    assert (drawn.mean(axis=0) - FIT.estimates) / errors == pytest.approx(0, abs=4 / N**0.5)
    scale = np.outer(errors, errors)
    assert np.cov(drawn.T) / scale == pytest.approx(covariance / scale, abs=4 * (2 / N) ** 0.5)


@pytest.mark.parametrize(("nation", "mean", "sd"), [("ussr", -0.4, 0.25), ("mongolia", 0.0, 0.9)])
def test_a_known_army_has_its_own_effect_and_another_the_spread_of_all(draws, nation, mean, sd):
    drawn = np.array([p.armies[0][nation] for p in draws])
    assert drawn.mean() == pytest.approx(mean, abs=4 * sd / N**0.5)
    assert drawn.std() == pytest.approx(sd, rel=4 / (2 * N) ** 0.5)


def test_armies_are_drawn_apart(draws):
    drawn = np.array([[p.armies[0]["ussr"], p.armies[0]["mongolia"], p.core[0]] for p in draws])
    assert np.corrcoef(drawn.T) == pytest.approx(np.eye(3), abs=4 / N**0.5)


def test_the_middle_of_every_input_is_the_estimate():
    central = FIT.draw([0.0] * 7, ARMIES)
    assert central.core == pytest.approx((-2.0, 0.6))
    assert central.armies == ({"ussr": -0.4, "mongolia": 0.0},)
    weights = dict(zip(FEATURES, central.weights, strict=True))
    assert (weights.pop("fortified"), weights.pop("air")) == pytest.approx((0.3, -0.8))
    assert set(weights.values()) == {0.0}


def test_the_same_inputs_give_the_same_draw_and_each_input_another():
    z = np.random.default_rng(2).standard_normal(7).tolist()
    first = FIT.draw(z, ARMIES)
    assert FIT.draw(z, ARMIES) == first
    for i in range(7):
        assert FIT.draw([x + (i == j) for j, x in enumerate(z)], ARMIES) != first


def test_a_nation_keeps_its_draw_whoever_else_takes_part():
    z = np.random.default_rng(3).standard_normal(6).tolist()
    alone = FIT.draw(z, {"ussr": ARMIES["ussr"]})
    both = FIT.draw([*z, 1.0], ARMIES)
    assert both.armies[0]["ussr"] == alone.armies[0]["ussr"]
    assert both.core == alone.core


def test_level_by_hand():
    weights = tuple(0.1 * i for i in range(len(FEATURES)))
    features = [0.0] * len(FEATURES)
    features[1], features[15] = 1.0, -2.0
    armies = ({"a": 0.5, "b": 9.0}, {"a": 9.0, "b": -0.25})
    predictor = Predictor((2.0, 0.7), weights, armies)
    # 2 + 0.1 * 1 + 1.5 * -2 + the attacker's 0.5 + the defender's -0.25
    assert predictor.level(features, "a", "b") == pytest.approx(-0.65)
    assert Predictor((2.0,), weights, ()).level(features, "a", "b") == pytest.approx(-0.9)


def engagement(**changes):
    old = Circumstances(8000, 3000, "fortified", 1943, air=1.0, war="Old War",
                        attacker_nation="USSR", defender_nation="Germany")  # fmt: skip
    return replace(old, **changes)


FEATURES_OF_IT = [1.0 if name in ("fortified", "air") else 0.0 for name in FEATURES]
CORE = (1.0, 9.0)
X = np.array([1.0, 9.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("changes", "mean", "variance"),
    [
        ({}, 0.3 - 0.4, 0.2**2 + 0.25**2),
        ({"war": "New War"}, -0.4, 0.7**2 + 0.25**2),
        ({"attacker_nation": "Finland"}, 0.3, 0.2**2 + 0.9**2),
        ({"year": 1962}, 0.3, 0.2**2 + 0.9**2),
        ({"war": "", "attacker_nation": ""}, 0.0, 0.7**2 + 0.9**2),
    ],
)
def test_prediction_by_hand_for_what_is_known_and_what_is_not(changes, mean, variance):
    found = FIT.predict(CORE, FEATURES_OF_IT, engagement(**changes))
    expected = X @ FIT.estimates + mean, X @ FIT.covariance @ X + variance
    assert found == pytest.approx(expected)


def test_draws_spread_as_the_prediction_for_an_unknown_war_says(draws):
    found = [p.core[1] * CORE[1] + p.level(FEATURES_OF_IT, "ussr", "ussr") for p in draws]
    mean, variance = FIT.predict(CORE, FEATURES_OF_IT, engagement(war="New War"))
    assert np.mean(found) == pytest.approx(mean, abs=4 * (variance / N) ** 0.5)
    assert np.var(found) == pytest.approx(variance, rel=4 * (2 / N) ** 0.5)


def test_a_covariance_that_is_none_has_no_draws():
    with pytest.raises(np.linalg.LinAlgError):
        _ = replace(FIT, covariance=np.diag([1.0, 1.0, -1.0, 1.0])).factor
