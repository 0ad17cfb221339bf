"""Rivals of the engine, against another library and against the battle laws' own predictions."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from operations.made_up import operation
from sandtable.laws.coefficients import load_coefficients
from sandtable.operations.forecast import (
    MEMBERS,
    constant_rate,
    logarithms,
    of_ensembles,
    one_battle,
    regression,
)
from sandtable.operations.play import QUANTITIES

GENERATOR = np.random.default_rng(11)
OPERATIONS = [
    operation(f"o{i}", days=float(d), own=float(a), other=float(b))
    for i, (d, a, b) in enumerate(
        zip(
            GENERATOR.integers(3, 60, 20),
            GENERATOR.integers(20_000, 900_000, 20),
            GENERATOR.integers(20_000, 900_000, 20),
            strict=True,
        )
    )
]
WARS = ["one"] * 8 + ["two"] * 8 + ["three"] * 4
RECORDED = {name: GENERATOR.normal(10.0, 0.8, 20) for name in QUANTITIES}
SPREAD = MEMBERS / (MEMBERS - 1)


def test_regression_foretells_a_war_from_the_others_as_statsmodels_does() -> None:
    found = regression(OPERATIONS, RECORDED, WARS)
    for name, own in (("attacker_losses", "attacker_strength"),
                      ("defender_losses", "defender_strength"),
                      ("depth_km", "attacker_strength")):  # fmt: skip
        men = np.log([getattr(o, own) for o in OPERATIONS])
        x = sm.add_constant(np.column_stack([men, np.log([o.days for o in OPERATIONS])]))
        for war in ("one", "two", "three"):
            held = np.array(WARS) == war
            fit = sm.OLS(RECORDED[name][~held], x[~held]).fit()
            told = fit.get_prediction(x[held])
            np.testing.assert_allclose(np.median(found[name][held], axis=1), told.predicted_mean)
            # The 84th percentile of a normal lies one standard deviation up.
            one_up = np.quantile(found[name][held], 0.841345, axis=1) - told.predicted_mean
            np.testing.assert_allclose(one_up, np.sqrt(told.se_obs**2), rtol=0.02)


def test_the_constant_rate_is_the_mean_rate_of_other_wars() -> None:
    found = constant_rate(OPERATIONS, RECORDED, WARS)
    held = np.array(WARS) == "two"
    days = np.log([o.days for o in OPERATIONS])
    men = np.log([o.defender_strength for o in OPERATIONS])
    rate = (RECORDED["defender_losses"] - days - men)[~held].mean()
    np.testing.assert_allclose(
        np.median(found["defender_losses"][held], axis=1), (days + men)[held] + rate
    )
    km_a_day = (RECORDED["depth_km"] - days)[~held].mean()
    np.testing.assert_allclose(
        np.median(found["depth_km"][held], axis=1), np.maximum(days[held] + km_a_day, 0.0)
    )


@pytest.mark.parametrize("rival", [regression, constant_rate])
def test_no_record_of_a_war_enters_what_is_foretold_of_it(rival: object) -> None:
    assert callable(rival)
    held = np.array(WARS) == "one"
    altered = {name: np.where(held, 99.0, values) for name, values in RECORDED.items()}
    before, after = rival(OPERATIONS, RECORDED, WARS), rival(OPERATIONS, altered, WARS)
    for name in QUANTITIES:
        np.testing.assert_array_equal(before[name][held], after[name][held])
        assert not np.allclose(before[name][~held], after[name][~held])


def test_nothing_is_foretold_from_a_handful_or_where_nothing_is_recorded() -> None:
    few = {name: np.where(np.arange(20) < 14, np.nan, v) for name, v in RECORDED.items()}
    found = regression(OPERATIONS, few, WARS)
    assert np.isnan(found["depth_km"][:, 0]).all()


def test_one_battle_is_the_law_written_out() -> None:
    laws = load_coefficients()
    # 1940 is the table's mean year nearly: what is left of the factor is told here.
    asked = operation(start="1940-05-10", days=16.0, attacker="Ruritania", own=4e5, other=1e5)
    found = one_battle([asked], laws)
    fit = laws.fits["attrition.full.attacker"]
    b = dict(zip(fit.parameters, fit.estimates, strict=True))
    scale = laws.scales["year"]
    eta = (
        b["constant"] + b["own"] * np.log(4e5) + b["opponent"] * np.log(1e5)
        + b["time"] * np.log(16.0) + b["prepared"]
        + b["year"] * (1940.0 - scale.centre) / scale.spread
    )  # fmt: skip
    assert np.median(found["attacker_losses"][0]) == pytest.approx(eta, abs=1e-9)
    few = operation(days=200.0, own=1000.0, other=1e6)
    assert one_battle([few], laws)["attacker_losses"].max() == pytest.approx(np.log(1000.0))
    ground = laws.fits["advance.fitted"]
    c = dict(zip(ground.parameters, ground.estimates, strict=True))
    km = (
        c["constant"] + c["ratio"] * np.log(4.0) + c["total"] * np.log(50.0)
        + c["time"] * np.log(16.0) + c["prepared"]
    )  # fmt: skip
    assert np.median(found["depth_km"][0]) == pytest.approx(km, abs=1e-9)


def test_what_is_below_one_counts_as_one() -> None:
    np.testing.assert_allclose(logarithms(np.array([0.0, 0.5, 1.0, np.e])), [0, 0, 0, 1])
    ensemble = {name: np.array([0.0, np.e]) for name in QUANTITIES}
    assert of_ensembles([ensemble, ensemble])["depth_km"].tolist() == [[0.0, 1.0], [0.0, 1.0]]
