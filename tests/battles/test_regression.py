"""Designs by hand, and fits in their own words against the numbers that they come from."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from sandtable.battles.mixed import FREE, bernoulli, fit_generalised, fit_linear
from sandtable.battles.regression import SPREADS, design, duration, linear, logistic
from sandtable.laws.circumstances import FEATURES, Circumstances
from sandtable.laws.fitted import Terms

TERMS = Terms(("constant", "own"), ("air", "prepared"), ("war", "attacking-nation"))
PLAIN = Circumstances(1000.0, 500.0, "hasty", 1944.0)


def made_up(n=120, wars=6, nations=("USSR", "Japan", "USA")):
    rng = np.random.default_rng(9)
    found = [
        replace(PLAIN, war=f"war {i % wars}", attacker_nation=nations[i % len(nations)])
        for i in range(n)
    ]
    core = np.column_stack([np.ones(n), rng.standard_normal(n)])
    known = rng.standard_normal((n, len(FEATURES)))
    y = core @ [2.0, 0.5] + 0.4 * known[:, FEATURES.index("air")] + rng.standard_normal(n)
    y += np.array([0.8 * (i % wars) - 0.9 * (i % 3) for i in range(n)])
    return found, core, known, y


def test_columns_by_hand():
    wars = [("B", "USSR", 1943.0), ("A", "USSR", 1939.0), ("B", "", 1950.0), ("", "USSR", 1962.0)]
    found = [replace(PLAIN, war=w, attacker_nation=n, year=y) for w, n, y in wars]
    core = np.array([[1.0, 7.0], [1.0, 8.0], [1.0, 9.0], [1.0, 6.0]])
    known = np.arange(4 * len(FEATURES), dtype=float).reshape(4, -1)
    columns = design(TERMS, core, known, found)
    air, prepared = FEATURES.index("air"), FEATURES.index("prepared")
    expected = [
        # constant, own, air, prepared, war A, war B, USSR 1937-1945, USSR since 1960
        [1.0, 7.0, known[0, air], known[0, prepared], 0, 1, 1, 0],
        [1.0, 8.0, known[1, air], known[1, prepared], 1, 0, 1, 0],
        [1.0, 9.0, known[2, air], known[2, prepared], 0, 1, 0, 0],
        [1.0, 6.0, known[3, air], known[3, prepared], 0, 0, 0, 1],
    ]
    assert columns.x.tolist() == expected
    assert columns.groups.tolist() == [FREE, FREE, 0, 0, 1, 1, 2, 2]
    assert columns.levels == {
        "war": ["A", "B"], "attacking-nation": ["USSR 1937-1945", "USSR since 1960"],
    }  # fmt: skip
    assert columns.terms == TERMS


def test_without_factors_the_first_group_is_the_wars():
    found, core, known, _ = made_up()
    columns = design(Terms(("constant",), (), ("war",)), core[:, :1], known, found)
    assert columns.groups.tolist() == [FREE] + [0] * 6


def test_a_linear_fit_says_of_each_battle_what_its_regression_does():
    found, core, known, y = made_up()
    columns, recorded = design(TERMS, core, known, found), np.full(120, 0.04)
    fit, left, start = linear("attrition.made-up", columns, y, recorded)
    posterior = fit_linear(columns.x, columns.groups, y, recorded, prior=SPREADS)
    for i, battle in enumerate(found):
        mean, variance = fit.predict(core[i], known[i], battle)
        assert mean == pytest.approx(columns.x[i] @ posterior.mean)
        war = columns.x[i, 4:10] @ posterior.covariance.diagonal()[4:10]
        x = np.delete(columns.x[i], range(4, 10))
        assert variance == pytest.approx(x @ np.delete(np.delete(
            posterior.covariance, range(4, 10), 0), range(4, 10), 1) @ x + war)  # fmt: skip
    assert (fit.name, fit.terms, fit.battles) == ("attrition.made-up", TERMS, 120)
    assert fit.residual_sd == posterior.residual_sd
    assert fit.recorded_sd == pytest.approx(0.2)
    assert [effects.spread for effects in fit.effects.values()] == posterior.spreads[1:].tolist()
    assert start.tolist() == posterior.logs.tolist()
    assert left == pytest.approx(y - columns.x @ posterior.mean)


def test_a_war_that_nobody_fought_has_the_spread_of_all():
    found, core, known, y = made_up()
    fit, *_ = linear("x", design(TERMS, core, known, found), y, np.zeros(120))
    old, new = (fit.predict(core[0], known[0], b) for b in (found[0], replace(found[0], war="new")))
    estimate, error = fit.effects["war"].levels["war 0"]
    war = fit.effects["war"]
    assert new[0] == pytest.approx(old[0] - estimate)
    assert war.spread_error > 0.0
    # The mean square of a lognormal spread.
    mean_square = war.spread**2 * exp(2 * war.spread_error**2)
    assert new[1] == pytest.approx(old[1] - error**2 + mean_square)
    assert new[1] > old[1]


@pytest.mark.parametrize("absent", [("war",), ("attacking-nation",), ("war", "attacking-nation")])
def test_a_group_of_which_no_battle_has_a_level_has_no_effects(absent):
    """The fit is that of the terms without the group."""
    found, core, known, y = made_up()
    if "war" in absent:
        found = [replace(battle, war="") for battle in found]
    if "attacking-nation" in absent:
        found = [replace(battle, attacker_nation="") for battle in found]
    groups = tuple(group for group in TERMS.groups if group not in absent)
    fit, *_ = linear("x", design(TERMS, core, known, found), y, np.zeros(120))
    less = design(replace(TERMS, groups=groups), core, known, found)
    other, *_ = linear("x", less, y, np.zeros(120))
    for group in TERMS.groups:
        effects = fit.effects[group]
        assert (effects.spread, effects.levels) == (0.0, {}) if group in absent else (
            effects == other.effects[group] and len(effects.levels) > 1
        )  # fmt: skip
    assert fit.estimates.tolist() == other.estimates.tolist()
    assert fit.predict(core[0], known[0], found[0]) == other.predict(core[0], known[0], found[0])


def test_a_logistic_fit_says_of_each_battle_what_its_regression_does():
    found, core, known, y = made_up()
    columns, event = design(TERMS, core, known, found), (y > y.mean()).astype(float)
    fit, start = logistic("outcome.made-up", columns, event)
    posterior = fit_generalised(columns.x, columns.groups, bernoulli(event), prior=SPREADS)
    found_odds = [fit.predict(core[i], known[i], battle)[0] for i, battle in enumerate(found)]
    assert found_odds == pytest.approx(columns.x @ posterior.mean)
    assert fit.residual_sd == fit.recorded_sd == 0.0
    assert start.tolist() == posterior.logs.tolist()
    # The score of the constant vanishes at the maximum: as many wins foretold as there were.
    assert expit(found_odds).sum() == pytest.approx(event.sum(), abs=1e-3)


ALONE = Terms(("constant",), (), ("war",))


@pytest.mark.parametrize(("shape", "seed"), [(0.7, 0), (1.0, 1), (1.6, 2), (2.5, 3)])
def test_the_shape_of_a_hazard_is_of_the_greatest_likelihood(shape, seed):
    """One constant, no wars: the maximum of the censored Weibull likelihood written out."""
    rng = np.random.default_rng(seed)
    ends, limit = 3.0 * rng.weibull(shape, 400), rng.exponential(8.0, 400)
    event, days = (ends < limit).astype(float), np.minimum(ends, limit)

    def loss(v):
        s, rate = np.exp(v)
        return (rate * days**s).sum() - event @ (v[1] + v[0] + (s - 1) * np.log(days))

    best = minimize(loss, np.zeros(2), method="BFGS")
    columns = design(ALONE, np.ones((400, 1)), np.zeros((400, len(FEATURES))), [PLAIN] * 400)
    fit, found = duration("outcome.made-up", columns, event, days)
    assert [log(found), fit.estimates[0]] == pytest.approx(best.x, abs=5e-3)
    # The standard error of ln s is about 0.78 over the root of the events.
    assert found == pytest.approx(shape, rel=3 * 0.78 / np.sqrt(event.sum()))


@pytest.mark.verify
def test_hazards_of_wars_that_differ_are_not_taken_for_a_falling_one():
    """Mixed without regard to the war, constant hazards look as if they fell with time."""
    rng, wars = np.random.default_rng(3), 20
    effects = rng.normal(0.0, 1.2, wars)
    level = np.arange(1000) % wars
    days = rng.exponential(np.exp(-effects[level]))
    core, nothing = np.ones((1000, 1)), np.zeros((1000, len(FEATURES)))
    found = [replace(PLAIN, war=f"war {k}") for k in level]
    fit, shape = duration("x", design(ALONE, core, nothing, found), np.ones(1000), days)
    _, pooled = duration("x", design(ALONE, core, nothing, [PLAIN] * 1000), np.ones(1000), days)
    assert shape == pytest.approx(1.0, abs=0.08)
    assert pooled < 0.8
    assert fit.effects["war"].spread == pytest.approx(1.2, rel=3 / np.sqrt(2 * wars))
    known = np.array([fit.effects["war"].levels[f"war {k}"][0] for k in range(wars)])
    assert np.corrcoef(known, effects)[0, 1] > 0.97
