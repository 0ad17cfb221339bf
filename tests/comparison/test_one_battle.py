"""One battle against the battle law and the march reckoned by hand."""

from __future__ import annotations

import builtins
import io
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp, spearmanr

from comparison.small_campaign import axis, formation
from sandtable.calendar import Calendar
from sandtable.comparison.one_battle import one_battle
from sandtable.errors import SandtableError
from sandtable.evidence import load_claims
from sandtable.laws.attrition import OWN_ARMY
from sandtable.laws.circumstances import FEATURES, Circumstances, features
from sandtable.laws.coefficients import Coefficients, load_coefficients
from sandtable.laws.fitted import Effects
from sandtable.laws.planning_file import load_planning
from sandtable.scenario.resolved import Air
from sandtable.shipped import register_root
from sandtable.streams import Streams

DRAWS = 60


@pytest.fixture
def coefficients() -> Coefficients:
    return load_coefficients()


def certain(coefficients: Coefficients) -> Coefficients:
    """The same laws without their uncertainty and without the spread of a battle."""
    fits = {}
    for name, fit in coefficients.fits.items():
        known = {group: Effects(0.0, 0.0, effects.levels) for group, effects in fit.effects.items()}
        none = 1e-24 * np.eye(len(fit.estimates))
        fits[name] = replace(fit, covariance=none, effects=known, residual_sd=0.0)
    return replace(coefficients, fits=fits)


ARMIES = {"attacking-nation": "USSR 1937-1945", "defending-nation": "Japan 1937-1945"}


def law_of(coefficients: Coefficients, side: str, circumstances: Circumstances) -> dict[str, float]:
    """What the fit says of one side: its exponents, and the rest of ln casualties (eta)."""
    fit = coefficients.fits[f"attrition.full.{side}"]
    fitted = dict(zip(fit.parameters, fit.estimates.tolist(), strict=True))
    described = zip(FEATURES, features(circumstances, coefficients.scales), strict=True)
    eta = fitted["constant"] + sum(fitted.get(name, 0.0) * x for name, x in described)
    group = OWN_ARMY[side]
    eta += fitted[f"{group}.{ARMIES[group]}"]
    return {"eta": eta, **{name: fitted[name] for name in ("own", "opponent", "time")}}


def casualties(
    coefficients: Coefficients, circumstances: Circumstances, days: float = 10.0
) -> tuple[float, float]:
    """Of 40,000 attackers and 15,000 defenders of effectiveness 0.5, by the formula."""
    found = []
    for side, own, opponent in (("attacker", 40_000, 7_500), ("defender", 15_000, 40_000)):
        law = law_of(coefficients, side, circumstances)
        found.append(
            np.exp(law["eta"]) * own ** law["own"] * opponent ** law["opponent"]
            * days ** law["time"]
        )  # fmt: skip
    return found[0], found[1]


KNOWN = Circumstances(
    40_000.0, 15_000.0, "prepared", 1945.0, attacker_tanks=200.0, defender_tanks=0.0,
    attacker_guns=50.0, defender_guns=0.0, surprise=0.0, air=0.0,
)  # fmt: skip
"""Of the whole campaign: no aircraft; neither weather nor width of front is known."""


def test_losses_are_the_battle_law_applied_once(resolved, coefficients, streams):
    said = one_battle(resolved, certain(coefficients), streams, 3)
    attacker, defender = casualties(coefficients, KNOWN)
    assert attacker < 40_000 and defender < 15_000
    assert said["losses/ussr/personnel/total"] == pytest.approx([attacker * 3 / 4] * 3)
    assert said["losses/ussr/personnel/killed"] == pytest.approx([attacker * 3 / 16] * 3)
    assert said["losses/ussr/personnel/missing"] == pytest.approx([attacker * 3 / 80] * 3)
    assert said["losses/ussr/personnel/wounded"] == pytest.approx([attacker * 0.7 * 3 / 4] * 3)
    assert said["losses/ussr/personnel/in-action"] == pytest.approx([attacker * 3 / 4] * 3)
    assert said["losses/ussr/personnel/irrecoverable"] == pytest.approx(
        [attacker * 0.3 * 3 / 4] * 3
    )
    assert said["losses/mongolia/personnel/killed"] == pytest.approx([attacker / 8] * 3)
    assert said["losses/japan/personnel/total"] == pytest.approx([defender] * 3)
    assert said["losses/japan/personnel/wounded"] == pytest.approx([defender * 0.3] * 3)


def test_sorties_and_the_greatest_surprise_are_known_too(resolved, coefficients, streams):
    """300 sorties a day against 100: halfway to all of the sky."""
    air = (
        Air("ussr", "attacker", 200.0, 0.75, 2.0, 0.01),
        Air("japan", "defender", 100.0, 1.0, 1.0, 0.01),
    )
    first, second = resolved.axes
    axes = (replace(first, surprise=1.0), replace(second, surprise=2.5))
    short = replace(resolved, air=air, axes=axes, calendar=Calendar(datetime(1945, 8, 9), 4.0))
    said = one_battle(short, certain(coefficients), streams, 1)
    attacker, defender = casualties(coefficients, replace(KNOWN, air=0.5, surprise=2.5), 4.0)
    assert attacker < 40_000 and defender < 15_000
    assert said["losses/japan/personnel/total"] == pytest.approx([defender])
    assert said["losses/ussr/personnel/total"] == pytest.approx([attacker * 3 / 4])


@pytest.mark.parametrize(
    ("fortification", "posture"),
    [(0.0, "hasty"), (0.24, "hasty"), (0.25, "prepared"), (0.59, "prepared"), (0.6, "fortified")],
)
def test_works_set_the_posture(resolved, coefficients, streams, fortification, posture):
    formations = tuple(
        replace(f, fortification=fortification) if f.side == "japan" else f
        for f in resolved.formations
    )
    said = one_battle(replace(resolved, formations=formations), certain(coefficients), streams, 1)
    expected, _ = casualties(coefficients, replace(KNOWN, posture=posture))
    total = said["losses/ussr/personnel/total"] + said["losses/mongolia/personnel/total"]
    assert total == pytest.approx([expected])


@pytest.mark.verify
def test_the_draws_spread_as_coefficients_effects_and_residual_say(resolved, coefficients, streams):
    """The same distribution from another generator, by its mean and its covariance."""
    said = one_battle(resolved, coefficients, streams, 2000)
    medians = casualties(coefficients, KNOWN)
    random = np.random.default_rng(3)
    eta = np.empty((2000, 2))
    sds = []
    for i, (side, own, opponent) in enumerate(
        (("attacker", 40_000, 7_500), ("defender", 15_000, 40_000))
    ):
        fit = coefficients.fits[f"attrition.full.{side}"]
        chosen = dict(zip(FEATURES, features(KNOWN, coefficients.scales), strict=True))
        x = [1.0, np.log(own), np.log(opponent), np.log(10.0)]
        x += [chosen[name] for name in fit.terms.features]
        army = f"{OWN_ARMY[side]}.{ARMIES[OWN_ARMY[side]]}"
        x += [float(name == army) for name in fit.parameters[len(x) :]]
        variance = x @ fit.covariance @ np.array(x)
        eta[:, i] = np.log(medians[i]) + np.sqrt(variance) * random.normal(size=2000)
        for group in ("war", "campaign"):
            effects = fit.effects[group]
            spreads = effects.spread * np.exp(effects.spread_error * random.normal(size=2000))
            eta[:, i] += spreads * random.normal(size=2000)
        sds.append(fit.residual_sd)
    rho = coefficients.correlations["full"]
    shared = rho * sds[0] * sds[1]
    covariance = [[sds[0] ** 2, shared], [shared, sds[1] ** 2]]
    eta += random.multivariate_normal([0.0, 0.0], covariance, size=2000)
    expected = np.minimum(np.exp(eta), (40_000, 15_000))
    attacker, defender = (said[f"losses/{f}/personnel/total"] for f in ("a-front", "4-division"))
    assert ks_2samp(attacker, expected[:, 0]).pvalue > 0.001
    assert ks_2samp(defender, expected[:, 1]).pvalue > 0.001
    together = spearmanr(attacker, defender).statistic
    assert together == pytest.approx(spearmanr(*expected.T).statistic, abs=0.1)


def test_nobody_is_lost_twice_or_beyond_the_strength(resolved, coefficients, streams):
    said = one_battle(
        replace(resolved, calendar=Calendar(datetime(1945, 8, 9), 4000.0)),
        coefficients,
        streams,
        DRAWS,
    )
    assert (said["losses/japan/personnel/total"] <= 15_000).all()
    assert (said["losses/japan/personnel/total"] == 15_000).any()
    assert (said["losses/ussr/tanks"] <= 200).all()


def test_a_headquarters_loses_what_its_formations_lose(resolved, coefficients, streams):
    said = one_battle(resolved, coefficients, streams, DRAWS)
    for kind in ("total", "killed"):
        below = {f.id: said.get(f"losses/{f.id}/personnel/{kind}") for f in resolved.formations}
        army = below["1-tank"] + below["2-rifle"]
        np.testing.assert_allclose(below["a-army"], army)
        np.testing.assert_allclose(below["a-front"], army + below["3-cavalry"])
        sides = said[f"losses/ussr/personnel/{kind}"] + said[f"losses/mongolia/personnel/{kind}"]
        np.testing.assert_allclose(below["a-front"], sides)


def test_services_lose_nothing_and_change_nothing(resolved, coefficients, streams):
    rear = formation("depot", "japan", "defender", type="services", personnel=90_000.0, guns=500.0)
    more = replace(resolved, formations=(*resolved.formations, rear))
    alone = one_battle(resolved, coefficients, streams, DRAWS)
    beside = one_battle(more, coefficients, streams, DRAWS)
    assert np.all(beside.pop("losses/depot/personnel/total") == 0.0)
    assert np.all(beside.pop("losses/depot/personnel/killed") == 0.0)
    assert np.all(beside.pop("losses/depot/personnel/in-action") == 0.0)
    assert alone.keys() == beside.keys()
    for name, values in alone.items():
        np.testing.assert_array_equal(beside[name], values)


def test_tanks_and_guns_go_at_their_published_rates(resolved, coefficients, streams):
    said = one_battle(resolved, coefficients, streams, DRAWS)
    share = said["losses/ussr/personnel/total"] / 30_000
    small = share < 1 / 7
    assert small.any()
    for arm, count in (("tanks", 200.0), ("guns", 50.0)):
        low, high = load_planning().named[f"{arm}.rate_ratio"].span
        ratio = (said[f"losses/ussr/{arm}"] / count / share)[small]
        assert (ratio >= low - 1e-12).all() and (ratio <= high + 1e-12).all()
        assert ratio.min() < ratio.max()


def test_days_are_distance_over_the_planned_rate(resolved, coefficients, streams):
    said = one_battle(resolved, coefficients, streams, DRAWS)
    low, high = load_planning().named["march.tracked"].span
    rate = 200.0 / said["captured/middle"]
    assert (rate >= low).all() and (rate < high).all()
    # The shorter of two legs, and the tank column before the riflemen who start two days later.
    np.testing.assert_allclose(said["captured/far"], 900.0 / rate)
    np.testing.assert_allclose(said["advance/tanks/3"], np.minimum(3 * rate, 900.0))
    assert (said["advance/tanks/10"] <= 900.0).all()
    assert (said["advance/riflemen/2"] == 0.0).all()
    foot = said["advance/riflemen/3"]
    low, high = load_planning().named["march.foot"].span
    assert (foot >= low).all() and (foot < high).all()
    np.testing.assert_allclose(said["captured/valley"], 2.0 + 250.0 / foot)
    assert "advance/tanks/11" not in said


def test_ground_is_gained_by_the_calendar(resolved, coefficients, streams):
    # H-hour at 18:00: day 1 has six hours, and ten days of campaign touch eleven dates.
    evening = replace(resolved, calendar=Calendar(datetime(1945, 8, 9, 18), 10.0))
    said = one_battle(evening, coefficients, streams, DRAWS)
    rate = 200.0 / said["captured/middle"]
    for d in (1, 2, 3):
        expected = np.minimum((d - 0.75) * rate, 900.0)
        np.testing.assert_allclose(said[f"advance/tanks/{d}"], expected)
    foot = 250.0 / (said["captured/valley"] - 2.0)
    assert (said["advance/riflemen/2"] == 0.0).all()
    np.testing.assert_allclose(said["advance/riflemen/3"], 0.25 * foot)
    assert "advance/tanks/11" in said and "advance/tanks/12" not in said
    # Seven hours of one afternoon are one date, not a day of 24 hours.
    afternoon = replace(resolved, calendar=Calendar(datetime(1945, 8, 9, 12), 0.3))
    brief = one_battle(afternoon, coefficients, streams, DRAWS)
    assert "advance/tanks/1" in brief and "advance/tanks/2" not in brief


def test_ground_and_road_do_not_enter(resolved, coefficients, streams):
    easy = tuple(
        replace(x, terrain="flat", road="road", obstacle="none", rain="none") for x in resolved.legs
    )
    hard = one_battle(resolved, coefficients, streams, DRAWS)
    np.testing.assert_array_equal(
        one_battle(replace(resolved, legs=easy), coefficients, streams, DRAWS)["captured/far"],
        hard["captured/far"],
    )


def test_what_it_cannot_say_is_absent(resolved, coefficients, streams):
    said = one_battle(resolved, coefficients, streams, DRAWS)
    for name in (
        "losses/japan/personnel/captured",
        "losses/japan/personnel/irrecoverable",
        "losses/4-division/personnel/captured",
        "losses/ussr/personnel/sick",
        "losses/ussr/personnel/wounded-and-sick",
        "losses/japan/tanks",
        "losses/ussr/tanks/by/artillery",
        "losses/ussr/aircraft",
        "captured/start",
        "captured/aside",
        "encircled/4-division",
    ):
        assert name not in said
    assert all(np.isfinite(values).all() for values in said.values())


def test_a_missing_leg_is_told(resolved, coefficients, streams):
    """No such scenario can be loaded; one made by hand fails with the axis and the places."""
    apart = replace(resolved, legs=resolved.legs[:1])
    with pytest.raises(SandtableError, match="axis tanks: no leg joins middle and far"):
        one_battle(apart, coefficients, streams, DRAWS)


def test_an_axis_that_returns_to_a_place_took_it_the_first_time(resolved, coefficients, streams):
    there_and_back = axis("tanks", ("1-tank",), ("start", "middle", "start", "middle"), 0.0)
    said = one_battle(replace(resolved, axes=(there_and_back,)), coefficients, streams, DRAWS)
    rate = said["advance/tanks/1"]
    np.testing.assert_allclose(said["captured/middle"], 200.0 / rate)
    np.testing.assert_allclose(said["advance/tanks/10"], 600.0)


def test_an_axis_without_a_column_or_places_says_nothing(resolved, coefficients, streams):
    empty = (axis("nobody", (), ("start",), 0.0), axis("nowhere", ("1-tank",), (), 0.0))
    said = one_battle(replace(resolved, axes=empty), coefficients, streams, 5)
    assert not [name for name in said if name.startswith(("captured", "advance"))]


def test_the_first_draws_are_the_same_whatever_follows(resolved, coefficients):
    few = one_battle(resolved, coefficients, Streams("small", 0), 20)
    many = one_battle(resolved, coefficients, Streams("small", 0), 40)
    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name][:20])
    other = one_battle(resolved, coefficients, Streams("small", 1), 20)
    assert not np.array_equal(few["captured/far"], other["captured/far"])
    assert not np.array_equal(
        few["losses/japan/personnel/total"], other["losses/japan/personnel/total"]
    )


def test_a_coalition_without_an_enemy_loses_nobody(resolved, coefficients, streams):
    alone = tuple(f for f in resolved.formations if f.side != "japan")
    said = one_battle(replace(resolved, formations=alone), coefficients, streams, 5)
    assert (said["losses/ussr/personnel/total"] == 0.0).all()
    assert "losses/japan/personnel/total" not in said


def test_it_reads_no_record(resolved, coefficients, streams, monkeypatch):
    opened = []

    def watch(real):
        def opening(file, *args, **kwargs):
            if not isinstance(file, int) and "outcomes" in Path(file).parts:
                opened.append(file)
            return real(file, *args, **kwargs)

        return opening

    for module in (builtins, io, os):
        monkeypatch.setattr(module, "open", watch(module.open))
    one_battle(resolved, coefficients, streams, 5)
    assert opened == []
    load_claims(register_root(), "manchuria-1945")
    assert opened, "the watch sees nothing"
