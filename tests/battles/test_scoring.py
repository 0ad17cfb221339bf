"""Scores against numerical integration, counting and hand-worked cases."""

from math import sqrt

import numpy as np
import pytest
import scoringrules
from scipy import stats
from scipy.integrate import quad

from sandtable.battles.cross_validation import Foretold
from sandtable.battles.scoring import Scored, auc, crps_normal, difference, jackknife, pooled

ALL = np.ones(4, dtype=bool)


def normal(values, recorded, most=np.inf):
    values, recorded = np.array(values, dtype=float), np.array(recorded, dtype=float)
    most = np.full(len(recorded), most)
    return Scored(Foretold("attacker casualties", "x", "s", "", values, recorded, most))


def chance(values, recorded, law="x"):
    values, recorded = np.array(values, dtype=float)[..., None], np.array(recorded, dtype=float)
    most = np.full(len(recorded), np.inf)
    return Scored(Foretold("attacker wins", law, "s", "", values, recorded, most))


@pytest.mark.parametrize(("mean", "sd", "y"), [(0, 1, 0), (2, 0.5, 3.7), (-1, 3, -9), (0, 2, 0.3)])
def test_crps_is_the_integral_of_the_squared_difference(mean, sd, y):
    cdf = stats.norm(mean, sd).cdf
    below, _ = quad(lambda x: cdf(x) ** 2, min(mean, y) - 12 * sd, y)
    above, _ = quad(lambda x: (1 - cdf(x)) ** 2, y, max(mean, y) + 12 * sd)
    found = crps_normal(np.array([mean]), np.array([sd]), np.array([y]))
    assert found[0] == pytest.approx(below + above, rel=1e-6)


def test_crps_is_that_of_scoringrules():
    rng = np.random.default_rng(4)
    mean, sd, y = rng.normal(0, 5, 300), rng.uniform(0.1, 4.0, 300), rng.normal(0, 5, 300)
    theirs = scoringrules.crps_normal(y, mean, sd)
    assert crps_normal(mean, sd, y) == pytest.approx(theirs, rel=1e-9)


def test_auc_counts_pairs():
    rng = np.random.default_rng(3)
    chances, event = rng.integers(0, 6, 40) / 6, (rng.random(40) < 0.4).astype(float)
    pairs = [(a, b) for a in chances[event == 1] for b in chances[event == 0]]
    expected = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)
    assert auc(chances, event) == pytest.approx(expected)
    assert np.isnan(auc(chances, np.ones(40)))


def test_jackknife_over_wars_of_one_battle_is_the_error_of_a_mean():
    values = np.random.default_rng(1).normal(size=30)
    rows = np.ones(30, dtype=bool)
    wars = np.arange(30).astype(str)
    mean, error = jackknife(lambda r: float(values[r].mean()), rows, wars)
    assert (mean, error) == pytest.approx((values.mean(), values.std(ddof=1) / sqrt(30)))


def test_jackknife_takes_wars_whole():
    """Battles repeated within a war tell nothing more: the error is that of the wars."""
    values = np.random.default_rng(2).normal(size=8)
    wars = np.arange(8).astype(str)
    once = jackknife(lambda r: float(values[r].mean()), np.ones(8, dtype=bool), wars)
    often, again = np.repeat(values, 5), np.repeat(wars, 5)
    repeated = jackknife(lambda r: float(often[r].mean()), np.ones(40, dtype=bool), again)
    assert repeated == pytest.approx(once)


def test_one_war_has_no_error_over_wars():
    values = np.arange(4.0)
    mean, error = jackknife(lambda r: float(values[r].mean()), ALL, np.array(["a"] * 4))
    assert mean == 1.5
    assert np.isnan(error)


def test_rms_crps_and_coverage_by_hand():
    """Means of 0, 1 and of records e and 1 over two repeats."""
    one = normal([[[0, 1], [0, 1]], [[1, 1], [0, 1]]], [np.e, 1.0])
    rows = np.ones(2, dtype=bool)
    assert one.statistic("rms")(rows) == pytest.approx(sqrt((1 + 0 + 0 + 0) / 4))
    at_one, at_nought = (float(crps_normal(*np.array([[0.0], [1.0], [y]]))[0]) for y in (1.0, 0.0))
    assert one.statistic("crps")(rows) == pytest.approx((at_one + 3 * at_nought) / 4)
    # 1 lies outside the middle half of a standard normal (0.67) and inside the middle 90 percent.
    assert one.statistic("inside 50")(rows) == pytest.approx(3 / 4)
    assert one.statistic("inside 90")(rows) == 1.0
    assert one.measures == ("rms", "inside 50", "inside 90", "crps")


def test_the_median_ends_where_the_quantity_must():
    one = normal([[[5.0, 1.0]]], [np.e], most=np.e**2)
    assert one.statistic("rms")(np.ones(1, dtype=bool)) == pytest.approx(1.0)


def test_coverage_of_true_predictions_is_nominal():
    rng = np.random.default_rng(8)
    mean, sd = rng.normal(size=4000), rng.uniform(0.3, 2.0, 4000)
    recorded = np.exp(mean + sd * rng.standard_normal(4000))
    one = normal(np.stack([mean, sd], axis=1)[None], recorded)
    rows = np.ones(4000, dtype=bool)
    for share in (50, 90):
        allowed = 4 * sqrt(share * (100 - share)) / 100 / sqrt(4000)
        assert one.statistic(f"inside {share}")(rows) == pytest.approx(share / 100, abs=allowed)


def test_brier_accuracy_and_auc_by_hand():
    one = chance([[0.9, 0.4, 0.2, 0.6]], [1, 1, 0, 0])
    assert one.statistic("brier")(ALL) == pytest.approx((0.01 + 0.36 + 0.04 + 0.36) / 4)
    assert one.statistic("accuracy")(ALL) == 0.5
    assert one.statistic("auc")(ALL) == 0.75
    assert one.measures == ("brier", "auc", "accuracy")
    assert "auc" not in chance([[0.5] * 4], [1, 1, 0, 0], "base-rate").measures


def test_auc_is_the_mean_over_repeats():
    one = chance([[0.9, 0.1], [0.1, 0.9]], [1, 0])
    assert one.statistic("auc")(np.ones(2, dtype=bool)) == 0.5


def test_what_is_not_recorded_is_not_known():
    assert chance([[0.5] * 3], [1, np.nan, 0]).known.tolist() == [True, False, True]


def test_difference_and_pooled():
    assert difference(lambda r: 3.0, lambda r: 1.0)(ALL) == 2.0
    assert pooled([lambda r: 3.0, lambda r: 4.0])(ALL) == pytest.approx(sqrt(12.5))
