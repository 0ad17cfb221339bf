"""All laws together: what is uncertain is named, drawn within its range, shared by variants."""

from dataclasses import asdict, replace
from math import inf, sqrt

import numpy as np
import pytest

from sandtable.laws.advance import Attack, DupuyTable, FittedGround
from sandtable.laws.attrition import FORMS
from sandtable.laws.circumstances import FEATURES, Circumstances, features, nation_level
from sandtable.laws.fit_sampler import FitSampler
from sandtable.laws.fitted import NATIONS
from sandtable.laws.sampler import LawSampler
from sandtable.streams import Streams

ARMIES = {"reds": "USSR", "greens": "", "blues": "Japan"}
SAMPLER = LawSampler.shipped("full", "fitted", ARMIES, 1939.0)
CENTRAL = SAMPLER.central()
NOTHING = [0.0] * len(FEATURES)
FITTED = ("outcome.pace", "outcome.odds", "attrition.full.attacker", "attrition.full.defender",
          "advance.fitted")  # fmt: skip


def moved(changes, sampler=SAMPLER):
    """The laws with these inputs at other places of their ranges than the middle."""
    u = [0.5] * len(sampler.uncertain)
    for name, value in changes.items():
        u[sampler.uncertain.index(name)] = value
    return sampler.draw(u)


def sampled(sampler, count, seed=0):
    streams = Streams("spread", seed)
    columns = [streams.uniforms(name, 0, count) for name in sampler.uncertain]
    return [sampler.draw([column[i] for column in columns]) for i in range(count)]


def test_every_uncertain_input_has_a_name_of_its_own():
    names = SAMPLER.uncertain
    assert len(set(names)) == len(names)
    levels = {side: nation_level(army, 1939.0) for side, army in ARMIES.items()}
    fitted = [
        f"law.{one}"
        for name in FITTED
        for one in FitSampler(SAMPLER.coefficients.fits[name], levels).inputs
    ]
    others = [*SAMPLER.operations.uncertain, *SAMPLER.planning.uncertain]
    assert sorted(names) == sorted([*fitted, *(f"law.{name}" for name in others)])
    assert {"law.attrition.full.attacker.constant", "law.outcome.odds.attacking-nation.blues",
            "law.advance.fitted.campaign", "law.advance.fitted.campaign.spread",
            "law.siege.field-works", "law.march.foot"} < set(names)  # fmt: skip
    assert "law.attrition.full.attacker.defending-nation.blues" not in names


@pytest.mark.parametrize("attrition", FORMS)
@pytest.mark.parametrize(("advance", "kind"), [("dupuy", DupuyTable), ("fitted", FittedGround)])
def test_the_laws_that_were_named(attrition, advance, kind):
    sampler = LawSampler.shipped(attrition, advance, ARMIES, 1939.0)
    laws = sampler.central()
    assert laws.attrition.name == attrition
    assert laws.attrition.surprise == (None if attrition == "full" else laws.planning.surprise)
    assert isinstance(laws.advance, kind)
    drawn = {name for name in SAMPLER.coefficients.fits if any(
        used.startswith(f"law.{name}.") for used in sampler.uncertain)}  # fmt: skip
    assert drawn == set(sampler.fits) >= {"outcome.pace", "outcome.odds"}
    assert ("advance.fitted" in drawn) == (advance == "fitted")
    assert {name for name in drawn if name.startswith("attrition")} == {
        f"attrition.{attrition}.attacker", f"attrition.{attrition}.defender",
    }  # fmt: skip


@pytest.mark.parametrize("attrition", FORMS)
def test_the_battle_law_alone_is_that_of_all_laws(attrition):
    sampler = LawSampler.shipped(attrition, "fitted", ARMIES, 1939.0)
    uniforms = Streams("alone", 0).within("laws", 0)
    u = [uniforms.uniform() for _ in sampler.uncertain]
    assert sampler.battle_law(u) == sampler.draw(u).attrition != sampler.central().attrition


def test_every_law_holds_its_arguments_in_the_range_of_the_table():
    within = SAMPLER.coefficients.range
    sides = CENTRAL.attrition.attacker, CENTRAL.attrition.defender
    laws = (*sides, CENTRAL.outcome, CENTRAL.advance)
    assert [law.within for law in laws] == [within] * 4


def test_the_centre_is_the_estimate_and_the_middle():
    fits = SAMPLER.coefficients.fits
    for name, predictor in (
        ("outcome.pace", CENTRAL.outcome.pace),
        ("outcome.odds", CENTRAL.outcome.odds),
        ("attrition.full.attacker", CENTRAL.attrition.attacker.predictor),
        ("attrition.full.defender", CENTRAL.attrition.defender.predictor),
        ("advance.fitted", CENTRAL.advance.predictor),
    ):
        fit = fits[name]
        weights = dict(zip(FEATURES, predictor.weights, strict=True))
        found = [*predictor.core, *(weights[f] for f in fit.terms.features)]
        assert found == pytest.approx(fit.estimates[: len(found)].tolist())
    assert CENTRAL.outcome.shape == SAMPLER.coefficients.shape
    assert CENTRAL.advance.residual_sd == fits["advance.fitted"].residual_sd
    low, high = SAMPLER.planning.symbolic.march["foot"].span
    assert CENTRAL.planning.march["foot"] == pytest.approx((low + high) / 2)
    assert sum(CENTRAL.cohesion_shares) == pytest.approx(1.0)


@pytest.mark.parametrize("attrition", FORMS)
def test_the_spread_of_engagements_is_that_of_the_residuals(attrition):
    """Its factor gives back the covariance that spreads and correlation make."""
    sampler = LawSampler.shipped(attrition, "dupuy", {}, 1939.0)
    l11, l21, l22 = sampler.central().attrition.residual
    factor = np.array([[l11, 0.0], [l21, l22]])
    fits = sampler.coefficients.fits
    a, d = (fits[f"attrition.{attrition}.{side}"].residual_sd for side in ("attacker", "defender"))
    shared = sampler.coefficients.correlations[attrition] * a * d
    assert factor @ factor.T == pytest.approx(np.array([[a * a, shared], [shared, d * d]]))


def test_an_army_has_its_own_effect_and_one_that_nobody_knows_has_none_at_the_centre():
    ground = CENTRAL.advance.predictor
    effects = SAMPLER.coefficients.fits["advance.fitted"].effects
    for place, group in enumerate(NATIONS):
        for side in ("reds", "blues"):
            level = f"{ARMIES[side]} 1937-1945"
            known = effects[group].levels.get(level, (0.0, None))[0]
            assert ground.armies[place][side] == pytest.approx(known)
        assert ground.armies[place]["greens"] == 0.0
    late = LawSampler.shipped("full", "fitted", ARMIES, 1904.0).central()
    assert late.advance.predictor.armies[0]["reds"] != ground.armies[0]["reds"]


def test_an_unknown_army_is_drawn_from_the_spread_of_all():
    drawn = sampled(SAMPLER, 1000)
    effects = SAMPLER.coefficients.fits["outcome.odds"].effects["attacking-nation"]
    spread = effects.new_spread
    found = np.array([laws.outcome.odds.armies[0]["greens"] for laws in drawn])
    assert found.mean() == pytest.approx(0.0, abs=4 * spread / sqrt(1000))
    # The tails of a mixture are heavy: the middle is that of the spread's own median.
    assert found.std() == pytest.approx(spread, rel=8 / sqrt(2000))
    middle = np.mean(np.abs(found) < effects.spread)
    assert middle == pytest.approx(0.683, abs=0.06)


def test_a_planning_figure_moves_with_its_own_number_alone():
    low = moved({"law.march.foot": 0.0})
    foot = SAMPLER.planning.symbolic.march["foot"].span[0]
    march = {**CENTRAL.planning.march, "foot": foot}
    assert low.planning == replace(CENTRAL.planning, march=march) != CENTRAL.planning
    assert low.attrition == CENTRAL.attrition


@pytest.mark.parametrize("name", FITTED)
def test_an_input_moves_its_own_law_alone(name):
    laws = asdict(moved({f"law.{name}.constant": 0.9}))
    changed = {key for key, value in asdict(CENTRAL).items() if laws[key] != value}
    assert changed == {name.partition(".")[0]}


def test_the_number_in_the_unit_interval_is_a_normal_quantile():
    """0.8413447 is one standard deviation: a war's spread, on the constant."""
    high = moved({"law.attrition.full.defender.war": 0.8413447460685429})
    spread = SAMPLER.coefficients.fits["attrition.full.defender"].effects["war"].spread
    constants = [laws.attrition.defender.predictor.core[0] for laws in (high, CENTRAL)]
    assert constants[0] - constants[1] == pytest.approx(spread)


def test_scenarios_that_differ_in_a_law_share_the_other_draws():
    """Inputs are drawn by name, so that a variant has the same odds, pace and march."""
    square = LawSampler.shipped("square", "fitted", ARMIES, 1939.0)
    dupuy = LawSampler.shipped("full", "dupuy", ARMIES, 1939.0)
    (full,), (one,), (other,) = (
        sampled(sampler, 1, seed=3) for sampler in (SAMPLER, square, dupuy)
    )
    assert full.outcome == one.outcome == other.outcome != CENTRAL.outcome
    assert full.advance == one.advance
    assert full.attrition == other.attrition
    assert full.planning == one.planning == other.planning


def test_the_same_names_give_the_same_draws():
    assert sampled(SAMPLER, 3) == sampled(SAMPLER, 3)
    assert sampled(SAMPLER, 3) != sampled(SAMPLER, 3, seed=1)


@pytest.mark.parametrize("attrition", FORMS)
def test_extreme_draws_stay_finite(attrition):
    sampler = LawSampler.shipped(attrition, "fitted", ARMIES, 1939.0)
    known = Circumstances(1e4, 5e3, "fortified", 1939, attacker_tanks=500, air=1.0)
    found = features(known, sampler.coefficients.scales)
    for u in (0.0, 1.0 - 2**-53):
        laws = sampler.draw([u] * len(sampler.uncertain))
        side = laws.attrition.attacker
        scale = side.scale(1e4, 5e3, side.level(found, "reds", "blues"))
        assert 0.0 < side.between(scale, 0.0, 30.0) < inf
        rates = laws.outcome.rates(2.0, 1.5e4, laws.outcome.levels(found, "reds", "blues"))
        assert all(0.0 <= rate < inf for rate in rates) and sum(rates) > 0.0
        level = laws.advance.level(found, "reds", "greens")
        assert 0.0 < laws.advance.scale(Attack(2.0, 1.5e4, "foot", "fortified"), level) < inf
        assert laws.advance.time > 0.0


@pytest.mark.verify
def test_drawn_coefficients_spread_by_their_standard_error():
    fit, n = SAMPLER.coefficients.fits["outcome.odds"], 1000
    ratio = fit.parameters.index("ratio")
    drawn = np.array([laws.outcome.odds.core[1] for laws in sampled(SAMPLER, n)])
    error = sqrt(fit.covariance[ratio, ratio])
    assert drawn.mean() == pytest.approx(fit.estimates[ratio], abs=4 * error / sqrt(n))
    assert drawn.std() == pytest.approx(error, rel=4 / sqrt(2 * n))
