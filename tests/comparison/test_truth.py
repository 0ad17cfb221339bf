"""The record as a distribution, against many draws and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sandtable.comparison.truth import Truth, claimed, disputed

MIXTURE = Truth(((0.0, 2.0), (1.0, 1.0), (5.0, 9.0)))


@pytest.fixture(scope="module")
def draws():
    random = np.random.default_rng(11)
    chosen = random.integers(3, size=200_000)
    return (
        np.array(MIXTURE.pieces)[chosen, 0]
        + random.uniform(size=chosen.size) * np.diff(np.array(MIXTURE.pieces)[chosen]).ravel()
    )


def test_mean_distribution_and_distance_are_those_of_draws(draws):
    assert MIXTURE.mean == pytest.approx(draws.mean(), abs=0.02)
    for x in (-1.0, 0.5, 1.0, 3.0, 6.0, 10.0):
        assert MIXTURE.cdf(x) == pytest.approx(np.mean(draws <= x), abs=0.005)
        assert MIXTURE.below(x) == pytest.approx(np.mean(draws < x), abs=0.005)
        assert MIXTURE.distance(x) == pytest.approx(np.abs(x - draws).mean(), abs=0.02)


def test_difference_of_two_draws(draws):
    apart = np.random.default_rng(12).permutation(draws) - draws
    for low, high in ((-1.0, 1.0), (0.0, 0.0), (0.0, 3.0), (-math.inf, -2.0), (-9.0, math.inf)):
        share = np.mean((apart >= low) & (apart <= high))
        assert MIXTURE.difference_mass(low, high) == pytest.approx(share, abs=0.005)
    # A third of a third of all pairs have both the one figure.
    assert MIXTURE.difference_mass(0.0, 0.0) == pytest.approx(1 / 9)


def test_draws_are_those_of_the_mixture(draws):
    random = np.random.default_rng(13)
    own = MIXTURE.draw(random.uniform(size=50_000), random.uniform(size=50_000))
    levels = np.linspace(0.02, 0.98, 13)
    assert np.quantile(own, levels) == pytest.approx(np.quantile(draws, levels), abs=0.1)


def test_a_claim_repeats_another_of_the_same_claimant_or_source():
    claims = [
        ("A", "a-book", 1.0, 2.0),
        ("A", "another-book", 1.0, 2.0),
        ("B", "another-book", 1.0, 2.0),
        ("B", "a-third-book", 1.0, 2.0),
        ("C", "a-fourth-book", 1.0, 2.0),
        ("A", "a-book", 1.0, 3.0),
    ]
    assert claimed(claims) == ((1.0, 2.0), (1.0, 2.0), (1.0, 3.0))


def test_claims_without_a_common_point_are_a_dispute():
    assert not disputed([(1.0, 3.0), (3.0, 3.0), (-math.inf, 3.0)])
    assert disputed([(1.0, 3.0), (2.0, 5.0), (3.5, 3.5)])
    assert disputed([(78.0, 78.0), (300.0, math.inf)])
    assert not disputed([(78.0, 78.0)]) and not disputed([])
