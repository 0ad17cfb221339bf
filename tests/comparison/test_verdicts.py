"""Quantiles, verdicts and percentiles against numpy, by hand, and by the theory of samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.comparison.verdicts import (
    QUANTILES,
    central_region,
    median_error,
    percentile,
    quantile,
    verdict,
)

numbers = st.floats(-1e6, 1e6)
ensembles = st.lists(numbers, min_size=1, max_size=60).map(np.array)


@given(ensembles, st.randoms())
def test_order_of_replications_does_not_matter(values, random):
    shuffled = values.tolist()
    random.shuffle(shuffled)
    assert percentile(np.array(shuffled), -3.0, 5.0) == percentile(values, -3.0, 5.0)


@given(ensembles, numbers, st.floats(0, 1e6))
def test_mirrored_claims_have_mirrored_answers(values, low, width):
    high = low + width
    quantiles = tuple(float(q) for q in np.quantile(values, QUANTILES))
    mirrored = tuple(-q for q in reversed(quantiles))
    assert verdict(low, high, quantiles) == verdict(-high, -low, mirrored)
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


def test_the_middle_of_an_ensemble_is_between_its_quantiles():
    values = np.sort(np.random.default_rng(1).normal(size=101))
    ends = np.quantile(values, (0.1, 0.9))
    assert central_region(values, 80) == [pytest.approx(tuple(ends))]


def test_a_middle_that_reaches_never_ends_at_the_last_day_before():
    values = np.array([0.2, 0.3, 0.4, 1.0, 1.0])
    assert central_region(values, 50, never=1.0) == [(0.3, 0.4), (1.0, 1.0)]
    # Nothing is made up between the last day and never.
    assert central_region(values[:4], 90, never=1.0) == [(pytest.approx(0.215), 0.4), (1.0, 1.0)]
    assert central_region(np.ones(3), 90, never=1.0) == [(1.0, 1.0)]
    assert central_region(values, 50) == [(0.3, 1.0)]
