"""Scores and calibration against scoringrules, closed forms, integrals and many draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sandtable.comparison.scores import (
    PIT_BINS,
    coverage,
    crps,
    energy_score,
    nominal_coverage,
    pit,
    pit_mean,
)
from sandtable.comparison.truth import Truth

EVERYWHERE = (-math.inf, math.inf)
MIXTURE = Truth(((1.0, 4.0), (3.0, 3.0), (7.0, 7.5)))
numbers = st.floats(-1e3, 1e3)
ensembles = st.lists(numbers, min_size=1, max_size=40).map(lambda values: np.sort(values))
pieces = st.tuples(numbers, st.floats(0, 100)).map(lambda piece: (piece[0], piece[0] + piece[1]))
truths = st.lists(pieces, min_size=1, max_size=3).map(lambda found: Truth(tuple(found)))


def drawn(truth: Truth, n: int, seed: int = 1) -> np.ndarray:
    """Draws of a truth, made here."""
    random = np.random.default_rng(seed)
    chosen = random.integers(len(truth.pieces), size=n)
    return np.array([random.uniform(*truth.pieces[i]) for i in chosen])


@pytest.mark.parametrize("claim", [-1.7, 0.0, 0.4, 3.0])
def test_crps_of_the_normal_distribution_in_closed_form(claim):
    # Gneiting and Raftery 2007, eq. 21: sd [z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi)].
    mean, sd, n = 0.3, 2.5, 20_000
    values = norm.ppf((np.arange(n) + 0.5) / n, mean, sd)
    z = (claim - mean) / sd
    closed = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert crps(values, Truth(((claim, claim),))) == pytest.approx(closed, rel=1e-3)


@pytest.mark.parametrize("n", [1, 2, 7, 200])
@pytest.mark.parametrize("claim", [-1.0, 3.0, 5.5, 40.0])
def test_crps_of_a_figure_is_that_of_scoringrules(n, claim):
    """Its estimator of the empirical distribution itself: ours is biased alike, by intent."""
    values = np.sort(np.random.default_rng(n).gamma(2.0, 3.0, n))
    theirs = scoringrules.crps_ensemble(claim, values, estimator="nrg")
    assert crps(values, Truth(((claim, claim),))) == pytest.approx(theirs, rel=1e-12)


def test_crps_of_a_mixture_is_the_mean_of_scoringrules_over_it():
    values = np.sort(np.random.default_rng(3).gamma(2.0, 3.0, 50))
    middles = (np.arange(4000) + 0.5) / 4000
    points = np.concatenate([low + (high - low) * middles for low, high in MIXTURE.pieces])
    theirs = np.mean(
        scoringrules.crps_ensemble(points, np.tile(values, (points.size, 1)), estimator="nrg")
    )
    assert crps(values, MIXTURE) == pytest.approx(theirs, rel=1e-6)


def test_crps_integrates_the_squared_distance_of_the_distributions():
    """And half of E|y - y'| more, which nobody can lose: 1/6 of a uniform range's width."""
    values, truth = np.array([1.0, 4.0, 4.0, 9.0]), Truth(((3.0, 6.0),))
    x = np.linspace(-20, 40, 600_001)
    share = np.searchsorted(values, x, side="right") / values.size
    integral = np.sum((share - np.clip((x - 3.0) / 3.0, 0, 1)) ** 2) * (x[1] - x[0])
    assert crps(values, truth) == pytest.approx(integral + 3.0 / 6.0, abs=1e-3)


def test_no_ensemble_scores_better_than_the_truth_itself():
    own = np.sort(drawn(MIXTURE, 4000))
    for other in (own + 0.5, own - 0.5, np.full(9, 3.0), np.sort(0.5 * own + 0.5 * own.mean())):
        assert crps(other, MIXTURE) > crps(own, MIXTURE) + 1e-3


def test_crps_of_a_single_replication_is_its_mean_distance():
    range_ = Truth(((3.0, 4.0),))
    assert crps(np.array([7.0]), range_) == pytest.approx(3.5)
    assert crps(np.array([1.0]), range_) == pytest.approx(2.5)
    assert crps(np.array([3.5]), range_) == pytest.approx(0.25)


@given(ensembles, truths)
def test_mirrored_truths_have_mirrored_scores(values, truth):
    mirrored = Truth(tuple((-high, -low) for low, high in truth.pieces))
    back = -values[::-1]
    assert crps(values, truth) == pytest.approx(crps(back, mirrored), abs=1e-6)
    assert pit(values, truth) == pytest.approx(pit(back, mirrored)[::-1], abs=1e-6)


@given(ensembles, truths)
def test_a_histogram_is_a_distribution_with_the_mean_of_the_transform(values, truth):
    shares = pit(values, truth)
    assert shares.shape == (PIT_BINS,)
    assert shares.sum() == pytest.approx(1.0)
    assert shares.min() >= -1e-12
    middles = (np.arange(PIT_BINS) + 0.5) / PIT_BINS
    assert pit_mean(values, truth) == pytest.approx(shares @ middles, abs=0.5 / PIT_BINS)


def test_the_transform_by_hand():
    # Four members: a figure between the second and the third has 0.4 to 0.6, of ten bins two.
    values = np.array([1.0, 2.0, 3.0, 4.0])
    shares = pit(values, Truth(((2.5, 2.5),)))
    assert shares.tolist() == pytest.approx([0, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0])
    # One that equals the second lies anywhere from 0.2 to 0.6.
    shares = pit(values, Truth(((2.0, 2.0),)))
    assert shares.tolist() == pytest.approx([0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0, 0, 0])
    # A range from 3.5 to 5.5 has a quarter below the last member, the rest above.
    shares = pit(values, Truth(((3.5, 5.5),)))
    assert shares.tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0.125, 0.125, 0.375, 0.375])
    assert pit_mean(values, Truth(((2.0, 2.0),))) == pytest.approx(0.4)


@pytest.mark.verify
@pytest.mark.parametrize("tied", [False, True])
def test_the_transform_of_calibrated_ensembles_is_even(tied):
    random, total, n = np.random.default_rng(8), np.zeros(PIT_BINS), 10_000
    for _ in range(n):
        values = random.normal(size=8)
        values = np.round(values) if tied else values
        total += pit(np.sort(values[1:]), Truth(((values[0], values[0]),)))
    assert total / n == pytest.approx(np.full(PIT_BINS, 0.1), abs=0.012)


def test_coverage_is_the_share_of_the_truth_inside():
    # A third each: of 1 to 4 two thirds, 3 whole, nothing of the last.
    assert coverage([(2.0, 5.0)], MIXTURE) == pytest.approx((2 / 3 + 1) / 3)
    assert coverage([(3.0, 3.0)], MIXTURE) == pytest.approx(1 / 3)
    assert coverage([(4.5, 6.9)], MIXTURE) == 0.0
    assert coverage([(0.0, 9.0)], MIXTURE) == pytest.approx(1.0)
    assert coverage([(2.0, 2.5), (7.0, 9.0)], MIXTURE) == pytest.approx((0.5 / 3 + 1) / 3)


def test_nominal_coverage_of_a_figure_is_the_ensembles_own():
    values = np.sort(np.random.default_rng(2).normal(size=1001))
    interval = tuple(np.quantile(values, (0.25, 0.75)))
    figure = Truth(((40.0, 40.0),))
    assert nominal_coverage(values, [interval], figure, EVERYWHERE) == pytest.approx(0.5, abs=0.002)


def test_nominal_coverage_is_that_of_records_scattered_about_draws_of_the_ensemble():
    """A range of width w that holds the event anywhere in it: its mean share inside."""
    random, width = np.random.default_rng(6), 2.0
    values = np.sort(random.normal(size=400))
    low, high = np.quantile(values, (0.1, 0.9))
    events = random.choice(values, 40_000)
    starts = events - width * random.uniform(size=events.size)
    inside = np.minimum(starts + width, high) - np.maximum(starts, low)
    expected = np.mean(np.maximum(inside, 0.0)) / width
    told = nominal_coverage(values, [(low, high)], Truth(((7.0, 7.0 + width),)), EVERYWHERE)
    assert told == pytest.approx(expected, abs=0.005)
    # So of a mixture: the record is as far from the event as two draws of it from one another.
    about = drawn(MIXTURE, 40_000, 1) - drawn(MIXTURE, 40_000, 2) + events
    expected = np.mean((about >= low) & (about <= high))
    told = nominal_coverage(values, [(low, high)], MIXTURE, EVERYWHERE)
    assert told == pytest.approx(expected, abs=0.01)


def test_never_leaves_nothing_to_be_vague_about():
    # Half of the ensemble never: the middle half reaches there, and a record of never is inside.
    values = np.array([0.2, 0.4, 1.0, 1.0])
    wide = Truth(((0.3, 0.5),))
    told = nominal_coverage(values, [(0.35, 0.4), (1.0, 1.0)], wide, (0.0, 1.0))
    # From 0.2 it is 0.15 to 0.2 to the first stretch and more than 0.5 to the end, from 0.4
    # -0.05 to 0.
    first, second = _least(0.15) - _least(0.2), _least(-0.05) - _least(0.0)
    assert told == pytest.approx((first + second + 2.0) / 4)
    assert nominal_coverage(np.ones(4), [(1.0, 1.0)], wide, (0.0, 1.0)) == 1.0


def test_what_would_lie_beyond_the_scale_lies_at_its_end():
    # From 0.9 half of all records of width 0.2 are greater, from 0.5 none is; 1 is inside itself.
    told = nominal_coverage(
        np.array([0.5, 0.9, 1.0]), [(0.9, 1.0)], Truth(((0.3, 0.5),)), (0.0, 1.0)
    )
    assert told == pytest.approx((0.0 + 0.5 + 1.0) / 3)
    # And mirrored.
    told = nominal_coverage(
        np.array([0.0, 0.1, 0.5]), [(0.0, 0.1)], Truth(((0.3, 0.5),)), (0.0, 1.0)
    )
    assert told == pytest.approx((1.0 + 0.5 + 0.0) / 3)


def _least(least):
    """P(D >= least) of the difference D of two draws of a range of width 0.2."""
    x = least / 0.2
    return 0.5 * (1 - x) ** 2 if x >= 0 else 1 - 0.5 * (1 + x) ** 2


@pytest.mark.parametrize("dimensions", [1, 3])
def test_energy_score_is_that_of_scoringrules(dimensions):
    random = np.random.default_rng(dimensions)
    members, truth = random.normal(size=(40, dimensions)), random.normal(size=(5, dimensions))
    theirs = np.mean([scoringrules.es_ensemble(y, members, estimator="nrg") for y in truth])
    ours = energy_score(members, truth)
    assert ours == pytest.approx(theirs / math.sqrt(dimensions), rel=1e-7)


def test_energy_score_in_one_dimension_is_the_crps():
    values = np.sort(np.random.default_rng(4).normal(size=30))
    assert energy_score(values[:, None], np.array([[0.3]])) == pytest.approx(
        crps(values, Truth(((0.3, 0.3),)))
    )
