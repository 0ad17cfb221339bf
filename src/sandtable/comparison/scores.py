"""Proper scores and calibration of an ensemble against a record that is a distribution.

The record of an outcome is a `Truth` and not a figure: a score is the expectation over it of the
score against a figure, so that an ensemble inside a wide claim still has one to lose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sandtable.comparison.truth import Truth

Array = NDArray[np.float64]

PIT_BINS = 10
"""Bins of a histogram of the probability integral transform, of equal width from 0 to 1."""


def crps(ordered: Array, truth: Truth) -> float:
    """Expected continuous ranked probability score of a sorted ensemble; 0 is best.

        E|x - y| - 1/2 E|x - x'|

    with y from the truth, x and x' of the ensemble: the kernel form of Gneiting and Raftery
    (Journal of the American Statistical Association 102, 2007, eq. 21), and the score of the
    ensemble's empirical distribution. Unit: that of the values. In the double sum the i-th of n
    has the weight 2 i - n - 1. It is least for the truth itself, where it is half of E|y - y'|.
    """
    return float(truth.distance(ordered).mean() - _spread(ordered))


def _spread(ordered: Array) -> float:
    """1/2 E|x - x'| of a sorted ensemble."""
    n = ordered.size
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(np.sum(weights * ordered) / n**2)


def pit(ordered: Array, truth: Truth) -> Array:
    """Return how the truth spreads over the ensemble's distribution: shares by bin of the PIT.

    Of shape ``(PIT_BINS,)``, with sum 1. The n members leave n + 1 gaps of equal probability:
    what of the truth lies in the i-th counts evenly from (i - 1)/(n + 1) to i/(n + 1), what
    equals members over them and the gaps to either side. Nothing is drawn (the non-randomised
    histogram of Czado, Gneiting and Held, Biometrics 65, 2009). Calibrated ensembles have an even
    histogram on average.
    """
    n = ordered.size
    values, first, count = np.unique(ordered, return_index=True, return_counts=True)
    below, up_to = truth.below(values), truth.cdf(values)
    in_gaps = np.append(below, 1.0) - np.append(0.0, up_to)
    gaps = np.append(first, n)
    low = np.concatenate([gaps, first]) / (n + 1)
    high = np.concatenate([gaps + 1, first + count + 1]) / (n + 1)
    mass = np.concatenate([in_gaps, up_to - below])
    held = mass > 0.0
    low, high, mass = low[held], high[held], mass[held]
    edges = np.linspace(0.0, 1.0, PIT_BINS + 1)[:, None]
    return np.diff(np.sum(mass * np.clip((edges - low) / (high - low), 0.0, 1.0), axis=1))


def pit_mean(ordered: Array, truth: Truth) -> float:
    """Mean (0-1) of the PIT: near 1 where the record lies above the ensemble."""
    n = ordered.size
    # The mean of a member's place among the gaps: P(x < y) + 1/2 P(x = y), drawn to the middle.
    above = 1.0 - (truth.cdf(ordered) + truth.below(ordered)) / 2
    return float((above.sum() + 0.5) / (n + 1))


Region = Sequence[tuple[float, float]]
"""Intervals that have no point in common, ends included."""


def coverage(region: Region, truth: Truth) -> float:
    """Share (0-1) of the truth inside a region."""
    return math.fsum(truth.mass(low, high) for low, high in region)


def nominal_coverage(
    ordered: Array, region: Region, truth: Truth, ends: tuple[float, float]
) -> float:
    """Share (0-1) of the truth inside a region, if the ensemble were calibrated.

    The event were then a draw of the ensemble, and the record as far from it as one draw of the
    truth is from another: what is expected of a record so wide. For a figure it is the share of
    the ensemble inside, for a wide range less. ``ends`` are those of the scale, such as never: a
    member there leaves nothing to be vague about, and what would come to lie beyond lies there.
    """
    at_end = (ordered <= ends[0]) | (ordered >= ends[1])
    inside = np.zeros_like(ordered)
    for low, high in region:
        least = -np.inf if low <= ends[0] else low
        most = np.inf if high >= ends[1] else high
        about = truth.difference_mass(least - ordered, most - ordered)
        inside += np.where(at_end, (ordered >= low) & (ordered <= high), about)
    return float(inside.mean())


def energy_score(members: Array, truths: Array) -> float:
    """Expected energy score of an ensemble of vectors, by dimension; 0 is best.

        (E||x - y|| - 1/2 E||x - x'||) / sqrt(d)

    ``members`` of shape (n, d), ``truths`` of shape (m, d): draws of the truth, over which the
    expectation is taken. Gneiting and Raftery 2007, eq. 22, over the root of d, so that numbers of
    outcomes do not matter. Unit: that of the values, alike for all dimensions.
    """
    middle = members.mean(axis=0)
    own, said = members - middle, truths - middle
    scored = _mean_distance(own, said) - _mean_distance(own, own) / 2
    return scored / math.sqrt(members.shape[1])


def _mean_distance(a: Array, b: Array) -> float:
    """Mean Euclidean distance of the rows of one array from those of another."""
    # By einsum: the sums of a linear algebra library depend on its number of threads.
    product = np.einsum("ik,jk->ij", a, b)
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * product
    return float(np.sqrt(np.maximum(squares, 0.0)).mean())
