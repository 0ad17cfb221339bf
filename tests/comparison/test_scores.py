"""Scores against closed forms, double sums and the theory of order statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sandtable.comparison.scores import (
    QUANTILES,
    crps,
    median_error,
    percentile,
    quantile,
    verdict,
)

numbers = st.floats(-1e6, 1e6)
ensembles = st.lists(numbers, min_size=1, max_size=60).map(np.array)


def double_sum(values, low, high):
    """The definition, member by member."""
    g = [x - low if x < low else x - high if x > high else 0.0 for x in values]
    n = len(g)
    return sum(map(abs, g)) / n - sum(abs(a - b) for a in g for b in g) / (2 * n * n)


@pytest.mark.parametrize("claim", [-1.7, 0.0, 0.4, 3.0])
def test_crps_of_the_normal_distribution_in_closed_form(claim):
    # Gneiting and Raftery 2007, eq. 21: sd [z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi)].
    mean, sd, n = 0.3, 2.5, 20_000
    values = norm.ppf((np.arange(n) + 0.5) / n, mean, sd)
    z = (claim - mean) / sd
    closed = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert crps(values, claim, claim) == pytest.approx(closed, rel=1e-3)


@given(ensembles, numbers, st.floats(0, 1e6))
def test_crps_is_the_double_sum(values, low, width):
    for ends in ((low, low), (low, low + width), (-math.inf, low), (low, math.inf)):
        scale = np.abs(values).max() + abs(low) + width + 1
        assert crps(values, *ends) == pytest.approx(double_sum(values, *ends), abs=1e-11 * scale)


@pytest.mark.parametrize("n", [1, 2, 7, 200])
@pytest.mark.parametrize("claim", [-1.0, 3.0, 5.5, 40.0])
def test_crps_is_that_of_scoringrules(n, claim):
    """Its estimator of the empirical distribution itself: ours is biased alike, by intent."""
    values = np.random.default_rng(n).gamma(2.0, 3.0, n)
    theirs = scoringrules.crps_ensemble(claim, values, estimator="nrg")
    assert crps(values, claim, claim) == pytest.approx(theirs, rel=1e-12)
    # Against an interval it is the score of the distances from it, for an observed distance of 0.
    distances = values - np.clip(values, claim, claim + 2.5)
    theirs = scoringrules.crps_ensemble(0.0, distances, estimator="nrg")
    assert crps(values, claim, claim + 2.5) == pytest.approx(theirs, rel=1e-12, abs=1e-12)


def test_crps_integrates_the_squared_distance_of_the_distributions():
    values = np.array([1.0, 4.0, 4.0, 9.0])
    x = np.linspace(-20, 40, 600_001)
    share = np.searchsorted(np.sort(values), x, side="right") / values.size
    integral = np.sum((share - (x >= 5.0)) ** 2) * (x[1] - x[0])
    assert crps(values, 5.0, 5.0) == pytest.approx(integral, abs=1e-3)


def test_crps_of_a_single_replication_is_its_distance():
    assert crps(np.array([7.0]), 3.0, 4.0) == 3.0
    assert crps(np.array([1.0]), 3.0, 4.0) == 2.0
    assert crps(np.array([3.5]), 3.0, 4.0) == 0.0
    assert crps(np.array([9.0]), 3.0, math.inf) == 0.0
    assert crps(np.array([9.0]), -math.inf, 4.0) == 5.0


def test_an_ensemble_inside_the_claim_scores_nothing_lost():
    assert crps(np.array([3.0, 5.0, 8.0]), 3.0, 8.0) == 0.0


@given(ensembles, st.randoms())
def test_order_of_replications_does_not_matter(values, random):
    shuffled = values.tolist()
    random.shuffle(shuffled)
    assert crps(np.array(shuffled), -3.0, 5.0) == crps(values, -3.0, 5.0)
    assert percentile(np.array(shuffled), -3.0, 5.0) == percentile(values, -3.0, 5.0)


@given(ensembles, numbers, st.floats(0, 1e6))
def test_mirrored_claims_have_mirrored_answers(values, low, width):
    high = low + width
    quantiles = tuple(float(q) for q in np.quantile(values, QUANTILES))
    mirrored = tuple(-q for q in reversed(quantiles))
    assert verdict(low, high, quantiles) == verdict(-high, -low, mirrored)
    assert crps(values, low, high) == pytest.approx(crps(-values, -high, -low), rel=1e-9, abs=1e-6)
    share = percentile(values, low, low)
    assert percentile(-values, -low, -low) == pytest.approx(1 - share)


@given(ensembles, st.floats(0, 1))
def test_quantiles_are_type_seven(values, share):
    expected = np.quantile(values, share)
    assert quantile(np.sort(values), share) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_quantiles_reach_never():
    ordered = np.array([1.0, 2.0, 3.0, np.inf, np.inf])
    assert [quantile(ordered, q) for q in (0.0, 0.5, 0.6, 0.75, 1.0)] == [
        1.0, 3.0, math.inf, math.inf, math.inf,
    ]  # fmt: skip
    assert quantile(np.array([math.inf]), 0.5) == math.inf


def test_an_empty_ensemble_has_no_quantile():
    with pytest.raises(ValueError, match="without members"):
        quantile(np.array([]), 0.5)


def test_verdict_at_the_ends():
    quantiles = (1.0, 3.0, 5.0, 7.0, 9.0)
    assert verdict(7.0, 8.0, quantiles) == "inside 50"
    assert verdict(-math.inf, 3.0, quantiles) == "inside 50"
    assert verdict(7.1, 8.0, quantiles) == "inside 90"
    assert verdict(0.0, 1.0, quantiles) == "inside 90"
    assert verdict(9.0, 10.0, quantiles) == "inside 90"
    assert verdict(9.1, math.inf, quantiles) == "outside"
    assert verdict(-math.inf, 0.9, quantiles) == "outside"
    assert verdict(0.0, 20.0, quantiles) == "inside 50"


def test_error_of_the_median_is_that_of_large_samples():
    # Standard error of a normal sample's median: sqrt(pi / 2) / sqrt(n).
    random = np.random.default_rng(5)
    n, errors, medians = 400, [], []
    for _ in range(400):
        ordered = np.sort(random.normal(size=n))
        errors.append(median_error(ordered))
        medians.append(quantile(ordered, 0.5))
    theory = math.sqrt(math.pi / 2 / n)
    assert np.mean(errors) == pytest.approx(theory, rel=0.05)
    assert np.mean(errors) == pytest.approx(np.std(medians), rel=0.1)


def test_error_of_the_median_at_the_edges():
    assert math.isnan(median_error(np.array([4.0])))
    assert median_error(np.full(9, 4.0)) == 0.0
    assert median_error(np.full(9, np.inf)) == 0.0
    assert median_error(np.array([1.0, 2.0, 3.0, np.inf])) == math.inf


def test_percentile_takes_midpoint_or_finite_end():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert percentile(values, 2.0, 5.0) == 0.75
    assert percentile(values, -math.inf, 1.5) == 0.25
    assert percentile(values, 3.5, math.inf) == 0.75
    assert percentile(values, 3.0, 3.0) == 0.625
    assert percentile(np.zeros(8), 0.0, 0.0) == 0.5
