"""Predictive distributions against scipy's, numerical integration and the campaign's own laws."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import expit

from sandtable.battles.distributions import Forecast, Normal, taken
from sandtable.battles.fit import Sample
from sandtable.battles.predictions import LEVELS
from sandtable.laws.advance import Attack
from sandtable.laws.attrition import FORMS
from sandtable.laws.circumstances import Circumstances, features
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.growth import between
from sandtable.laws.sampler import LawSampler

LAWS = load_coefficients()
BATTLES = [
    Circumstances(20_000, 9_000, "prepared", 1944.0, surprise=2, attacker_tanks=150, air=1.0),
    Circumstances(3_000, 8_000, "delay", 1917.0, wet=1.0, front_km=4.0, attacker_nation="Nowhere"),
    Circumstances(90_000, 40_000, "hasty", 1973.0, war="Arab-Israeli War, 1973 (Suez Front)",
                  attacker_nation="Israel", defender_nation="Egypt"),
]  # fmt: skip


def sample(battles=BATTLES, days=(2.0, 0.25, 5.0)):
    days = np.array(days)
    nothing = np.full(len(battles), np.nan)
    sides = dict.fromkeys(("attacker", "defender"), nothing)
    rows = np.arange(len(battles))
    return Sample(
        battles, np.maximum(days, 0.5), days, sides, sides, nothing, nothing.astype(str), rows
    )


def test_quantiles_are_those_of_a_lognormal_up_to_the_most():
    mean, sd, most = np.array([3.0, 6.0]), np.array([0.4, 1.5]), np.array([1e9, 500.0])
    points = Normal(mean, sd).quantiles(most)
    for row, m, s, cap in zip(points, mean, sd, most, strict=True):
        expected = stats.lognorm.ppf(LEVELS, s, scale=exp(m))
        np.testing.assert_allclose(row, np.minimum(expected, cap), rtol=1e-12)
    assert points[1, -1] == 500.0


@pytest.mark.parametrize("nothing", [0.0, 0.04, 0.3, 0.97])
def test_quantiles_of_the_mixture_invert_its_distribution(nothing):
    points = Normal(np.array([1.0]), np.array([0.8])).quantiles_with_nothing(np.array([nothing]))[0]
    for point, level in zip(points, LEVELS, strict=True):
        if level <= nothing:
            assert point == 0.0
        else:
            below = nothing + (1 - nothing) * stats.lognorm.cdf(point, 0.8, scale=exp(1.0))
            assert below == pytest.approx(level, abs=1e-12)


def test_chance_of_winning_is_the_integral_over_the_predictor():
    forecast = Forecast(LAWS, sample())
    fit = LAWS.fits["outcome.odds"]
    for battle, chance in zip(BATTLES, forecast.attacker_wins, strict=True):
        core = [1.0, log(battle.attacker / battle.defender)]
        mean, variance = fit.predict(core, features(battle, LAWS.scales), battle)
        density = stats.norm(mean, variance**0.5).pdf
        ends = mean - 12 * variance**0.5, mean + 12 * variance**0.5
        expected, _ = quad(lambda x, f=density: expit(x) * f(x), *ends, epsabs=1e-12)
        assert chance == pytest.approx(LAWS.decided * expected, rel=1e-6)
    p = forecast.attacker_wins
    both = p * LAWS.stalled[0] + (1 - p) * LAWS.stalled[1]
    np.testing.assert_allclose(forecast.no_ground, both)


@pytest.mark.parametrize("law", FORMS)
def test_spread_is_that_of_predictor_battle_and_record(law):
    form, battle, days = FORMS[law], BATTLES[1], 0.5
    found = Forecast(LAWS, sample()).casualties(law, "defender")
    fit = LAWS.fits[f"attrition.{law}.defender"]
    core, fixed = form.values(battle.defender, battle.attacker, days)
    mean, variance = fit.predict(core, features(battle, LAWS.scales), battle)
    assert found.mean[1] == pytest.approx(mean + fixed)
    assert found.sd[1] ** 2 == pytest.approx(variance + fit.residual_sd**2 + fit.recorded_sd**2)


def test_medians_are_those_of_a_campaigns_central_laws():
    """A battle of unknown war and armies has the medians of the engine's engagement."""
    battle = BATTLES[1]
    laws = LawSampler.shipped("full", "fitted", {"x": "", "y": ""}, battle.year).central()
    known = features(battle, laws.scales)
    forecast = Forecast(LAWS, sample([battle], [3.0]))
    pairs = {"attacker": (battle.attacker, battle.defender)}
    pairs["defender"] = pairs["attacker"][::-1]
    for side, (own, opponent) in pairs.items():
        law = getattr(laws.attrition, side)
        casualties = law.between(law.scale(own, opponent, law.level(known, "x", "y")), 0.0, 3.0)
        assert exp(forecast.casualties("full", side).mean[0]) == pytest.approx(casualties)
    level = laws.advance.level(known, "x", "y")
    scale = laws.advance.scale(
        Attack(
            battle.attacker / battle.defender,
            battle.attacker + battle.defender,
            "foot",
            battle.posture,
        ),
        level,
    )
    km = between(scale, laws.advance.time, 0.0, 3.0)
    assert exp(forecast.advance.mean[0]) == pytest.approx(km)


def test_battles_beyond_the_table_are_foretold_as_at_its_end():
    """A tenth of the least size: a tenth of its casualties, and its odds, pace and ground."""
    low, ratio = LAWS.range.persons.low, LAWS.range.ratio.high

    def battle(total, r):
        return replace(BATTLES[1], attacker=total * r / (1 + r), defender=total / (1 + r),
                       front_km=None)  # fmt: skip

    least, less = (Forecast(LAWS, sample([battle(x, 2.0)], [3.0])) for x in (low, 0.1 * low))
    for side in ("attacker", "defender"):
        means = [f.casualties("full", side).mean[0] for f in (least, less)]
        assert means[0] - means[1] == pytest.approx(log(10.0))
    np.testing.assert_allclose(least.advance.mean, less.advance.mean)
    top, over = (Forecast(LAWS, sample([battle(1e4, r)], [3.0])) for r in (ratio, 3 * ratio))
    np.testing.assert_allclose(top.attacker_wins, over.attacker_wins)
    np.testing.assert_allclose(top.advance.mean, over.advance.mean)


def test_short_battles_count_half_a_day_in_casualties_and_as_recorded_in_advance():
    quarter, half = (Forecast(LAWS, sample(days=(2.0, d, 5.0))) for d in (0.25, 0.5))
    np.testing.assert_array_equal(
        quarter.casualties("full", "attacker").mean, half.casualties("full", "attacker").mean
    )
    assert quarter.advance.mean[1] < half.advance.mean[1]


def test_a_known_war_is_surer_than_a_new_one():
    known = BATTLES[2]
    new = Circumstances(90_000, 40_000, "hasty", 1973.0, war="Another")
    sds = Forecast(LAWS, sample([known, new], [1.0, 1.0])).casualties("full", "attacker").sd
    assert sds[0] < sds[1]


def test_taken_keeps_rows_together():
    part = taken(sample(), np.array([2, 0]))
    assert part.battles == [BATTLES[2], BATTLES[0]]
    assert part.recorded_days.tolist() == [5.0, 2.0]
