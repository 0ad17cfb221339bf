"""Draws of a linear predictor against the covariance and the spreads that they come from."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from sandtable.laws.circumstances import FEATURES, Circumstances
from sandtable.laws.fit_sampler import FitSampler
from sandtable.laws.fitted import Effects, Fit, Predictor, Terms

GROUPS = ("war", "attacking-nation", "defending-nation")
TERMS = Terms(("constant", "own"), ("fortified", "air"), GROUPS)
# Of four coefficients and four armies; the last rows tie armies to coefficients and to each other.
A = np.array(
    [
        [0.5, 0, 0, 0, 0, 0, 0, 0],
        [-0.2, 0.3, 0, 0, 0, 0, 0, 0],
        [0.1, 0.05, 0.4, 0, 0, 0, 0, 0],
        [0.0, -0.1, 0.2, 0.6, 0, 0, 0, 0],
        [-0.3, 0.1, 0, 0, 0.2, 0, 0, 0],
        [-0.2, 0, 0.1, 0, 0.1, 0.3, 0, 0],
        [0.1, 0, 0, 0.2, -0.1, 0, 0.4, 0],
        [0.0, 0.1, 0, -0.2, 0, 0.2, 0.1, 0.3],
    ]
)
ESTIMATES = np.array([-2.0, 0.6, 0.3, -0.8, -0.4, 0.25, 0.1, -0.6])
ERRORS = np.sqrt((A @ A.T).diagonal()).tolist()


def known(first, *levels):
    return {level: (float(ESTIMATES[i]), ERRORS[i]) for i, level in enumerate(levels, start=first)}


FIT = Fit(
    "attrition.made-up.attacker",
    TERMS,
    {
        "war": Effects(0.7, 0.3, {"Old War": (0.3, 0.2)}),
        "attacking-nation": Effects(0.9, 0.2, known(4, "Japan 1937-1945", "USSR 1937-1945")),
        "defending-nation": Effects(0.5, 0.4, known(6, "Germany 1937-1945", "USSR 1937-1945")),
    },
    ESTIMATES,
    A @ A.T,
    1.1,
    0.1,
    272,
)
ARMIES = {"ussr": "USSR 1937-1945", "mongolia": "Mongolia 1937-1945"}
SAMPLER = FitSampler(FIT, ARMIES)
N = 20_000


def drawn_of(sampler, count=N, seed=11):
    normals = np.random.default_rng(seed).standard_normal((count, len(sampler.inputs)))
    return [sampler.draw(z) for z in normals]


@pytest.fixture(scope="module")
def draws():
    return drawn_of(SAMPLER)


def names(*own):
    return tuple(f"attrition.made-up.attacker.{name}" for name in own)


def test_every_input_has_a_name():
    assert SAMPLER.inputs == names(
        "constant", "own", "fortified", "air", "attacking-nation.ussr", "defending-nation.ussr",
        "war", "attacking-nation.mongolia", "defending-nation.mongolia",
        "war.spread", "attacking-nation.spread", "defending-nation.spread",
    )  # fmt: skip


def test_a_spread_is_drawn_only_where_something_is_new():
    assert FitSampler(FIT, {"ussr": ARMIES["ussr"]}).inputs == names(
        "constant", "own", "fortified", "air", "attacking-nation.ussr", "defending-nation.ussr",
        "war", "war.spread",
    )  # fmt: skip
    half = FitSampler(FIT, {"japan": "Japan 1937-1945"})
    assert half.inputs[-3:] == names("defending-nation.japan", "war.spread",
                                     "defending-nation.spread")  # fmt: skip


def test_coefficients_and_known_armies_are_drawn_from_their_joint_posterior():
    """The constant has the spread of a war that the fit doesn't know on top of its own."""
    sampler = FitSampler(FIT, {"a": "Japan 1937-1945", "b": "USSR 1937-1945"})
    places = [FEATURES.index(name) for name in TERMS.features]
    drawn = np.array(
        [
            [*p.core, *(p.weights[i] for i in places), p.armies[0]["a"], p.armies[0]["b"],
             p.armies[1]["b"]]
            for p in drawn_of(sampler)
        ]
    )  # fmt: skip
    kept = [0, 1, 2, 3, 4, 5, 7]
    covariance = (A @ A.T)[np.ix_(kept, kept)]
    covariance[0, 0] += 0.7**2 * exp(2 * 0.3**2)
    errors = np.sqrt(covariance.diagonal())
    # The error of a mean of N is 1 / sqrt(N) of its spread, of a covariance up to sqrt(2 / N);
    # the mixture over spreads has heavier tails than a normal, and so a greater one.
    assert (drawn.mean(axis=0) - ESTIMATES[kept]) / errors == pytest.approx(0, abs=4 / N**0.5)
    scale = np.outer(errors, errors)
    assert np.cov(drawn.T) / scale == pytest.approx(covariance / scale, abs=6 * (2 / N) ** 0.5)


def test_a_new_level_has_its_spread_with_the_error_of_it(draws):
    """Of ln |u| = ln tau + v z' + ln |z| the variance is v^2 + pi^2 / 8, as a half-normal's."""
    for place, group in enumerate(GROUPS[1:]):
        spread, error = FIT.effects[group].spread, FIT.effects[group].spread_error
        drawn = np.array([p.armies[place]["mongolia"] for p in draws])
        assert drawn.mean() == pytest.approx(0.0, abs=4 * spread * exp(error**2) / N**0.5)
        logs = np.log(np.abs(drawn))
        assert logs.var() == pytest.approx(error**2 + np.pi**2 / 8, rel=0.1)
        euler = 0.5772156649015329
        assert logs.mean() == pytest.approx(np.log(spread) - (euler + np.log(2)) / 2, abs=0.04)
        assert FIT.effects[group].of("Mongolia")[1] == pytest.approx(spread * exp(error**2))


def test_unknown_armies_are_drawn_apart(draws):
    drawn = np.array([[p.armies[0]["mongolia"], p.armies[1]["mongolia"], p.core[0]] for p in draws])
    assert np.corrcoef(drawn.T) == pytest.approx(np.eye(3), abs=4 / N**0.5)


def test_the_middle_of_every_input_is_the_estimate():
    central = SAMPLER.draw([0.0] * len(SAMPLER.inputs))
    assert central.core == pytest.approx((-2.0, 0.6))
    assert central.armies[0] == pytest.approx({"ussr": 0.25, "mongolia": 0.0})
    assert central.armies[1] == pytest.approx({"ussr": -0.6, "mongolia": 0.0})
    weights = dict(zip(FEATURES, central.weights, strict=True))
    assert (weights.pop("fortified"), weights.pop("air")) == pytest.approx((0.3, -0.8))
    assert set(weights.values()) == {0.0}


def test_the_same_inputs_give_the_same_draw_and_each_input_another():
    size = len(SAMPLER.inputs)
    z = np.random.default_rng(2).standard_normal(size).tolist()
    first = SAMPLER.draw(z)
    assert SAMPLER.draw(z) == first
    for i in range(size):
        assert SAMPLER.draw([x + (i == j) for j, x in enumerate(z)]) != first


@pytest.mark.parametrize("other", ["Mongolia 1937-1945", "Japan 1937-1945", ""])
def test_a_nation_keeps_its_draw_whoever_else_takes_part(other):
    """Its inputs are drawn by name, and no army that is added enters its sums."""
    alone = FitSampler(FIT, {"ussr": ARMIES["ussr"]})
    both = FitSampler(FIT, {"ussr": ARMIES["ussr"], "other": other})
    assert set(alone.inputs) <= set(both.inputs)
    z = dict(zip(both.inputs, np.random.default_rng(3).standard_normal(20), strict=False))
    found = [one.draw([z[name] for name in one.inputs]) for one in (alone, both)]
    assert [p.armies[0]["ussr"] for p in found] == pytest.approx([found[0].armies[0]["ussr"]] * 2)
    assert [p.armies[1]["ussr"] for p in found] == pytest.approx([found[0].armies[1]["ussr"]] * 2)
    assert found[1].core == pytest.approx(found[0].core)


def test_nations_of_one_army_share_its_effect():
    sampler = FitSampler(FIT, {"first": ARMIES["ussr"], "second": ARMIES["ussr"], "x": "", "y": ""})
    assert not any(name.endswith(".second") for name in sampler.inputs)
    drawn = sampler.draw(np.random.default_rng(4).standard_normal(len(sampler.inputs)).tolist())
    for effects in drawn.armies:
        assert effects["first"] == effects["second"] != 0.0
        assert effects["x"] != effects["y"]


def test_a_side_of_the_battle_without_effects_of_armies_has_none():
    fit = replace(
        FIT,
        terms=replace(TERMS, groups=("attacking-nation",)),
        effects={"attacking-nation": FIT.effects["attacking-nation"]},
        estimates=ESTIMATES[:6],
        covariance=(A @ A.T)[:6, :6],
    )
    drawn = FitSampler(fit, ARMIES).draw([1.0] * 7)
    assert drawn.armies[0]["ussr"] != 0.0 and drawn.armies[1] == {"ussr": 0.0, "mongolia": 0.0}
    none = FitSampler(replace(fit, effects={}, estimates=ESTIMATES[:4],
                              covariance=(A @ A.T)[:4, :4]), ARMIES)  # fmt: skip
    assert none.draw([1.0] * 4).armies == ()


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
X = [1.0, 9.0, 1.0, 1.0]
NEW = {"war": 0.7 * exp(0.3**2), "attacker": 0.9 * exp(0.2**2), "defender": 0.5 * exp(0.4**2)}


@pytest.mark.parametrize(
    ("changes", "armies", "mean", "variance"),
    [
        ({}, [0, 1, 1, 0], 0.3, 0.2**2),
        ({"war": "New War"}, [0, 1, 1, 0], 0.0, NEW["war"] ** 2),
        ({"attacker_nation": "Finland"}, [0, 0, 1, 0], 0.3, 0.2**2 + NEW["attacker"] ** 2),
        ({"defender_nation": "USSR"}, [0, 1, 0, 1], 0.3, 0.2**2),
        ({"year": 1962}, [0] * 4, 0.3, 0.2**2 + NEW["attacker"] ** 2 + NEW["defender"] ** 2),
        ({"war": "", "attacker_nation": "", "defender_nation": ""}, [0] * 4, 0.0,
         sum(sd**2 for sd in NEW.values())),
    ],
)  # fmt: skip
def test_prediction_by_hand_for_what_is_known_and_what_is_not(changes, armies, mean, variance):
    found = FIT.predict(CORE, FEATURES_OF_IT, engagement(**changes))
    x = np.array([*X, *armies], dtype=float)
    assert found == pytest.approx((x @ ESTIMATES + mean, x @ A @ A.T @ x + variance))


@pytest.mark.parametrize(("defender", "nation"), [("mongolia", "Mongolia"), ("ussr", "USSR")])
def test_draws_spread_as_the_prediction_for_an_unknown_war_says(draws, defender, nation):
    found = [p.core[1] * CORE[1] + p.level(FEATURES_OF_IT, "ussr", defender) for p in draws]
    known = engagement(war="New War", defender_nation=nation)
    mean, variance = FIT.predict(CORE, FEATURES_OF_IT, known)
    assert np.mean(found) == pytest.approx(mean, abs=4 * (variance / N) ** 0.5)
    assert np.var(found) == pytest.approx(variance, rel=5 * (2 / N) ** 0.5)


def test_a_covariance_that_is_none_has_no_draws():
    bad = np.diag([1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    with pytest.raises(np.linalg.LinAlgError):
        FitSampler(replace(FIT, covariance=bad), ARMIES).draw([0.0] * 12)
