"""How an ensemble stands to a claim: quantiles, verdict, percentile, score.

A claim is an interval ``low`` to ``high``, one of whose ends may be open (-inf, inf). What may
never happen is told in days from H-hour, and ``never`` comes out as NaN. A campaign ends, so all
that it can say of such a day is whether it came before the end, and when: ``Calendar.until_end``
takes ensemble and claim to that scale, with everything later, ``never`` included, at +inf.
Quantiles, verdict and percentile are read there; scores, which need distances, put +inf at the
campaign's end.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

INSIDE_50, INSIDE_90, OUTSIDE = "inside 50", "inside 90", "outside"
NO_ANSWER = "no answer"
"""Verdict where the outcome does not apply in any replication."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantile(ordered: Array, share: float) -> float:
    """Quantile of a sorted ensemble, linear between its members (Hyndman and Fan's type 7).

    Between a finite member and +inf it is +inf. ``share`` from 0 to 1. Raises ValueError for
    an empty ensemble.
    """
    if not ordered.size:
        raise ValueError("an ensemble without members has no quantile")
    place = share * (ordered.size - 1)
    below, above = float(ordered[math.floor(place)]), float(ordered[math.ceil(place)])
    return below if below == above else below + (above - below) * (place - math.floor(place))


def median_error(ordered: Array) -> float:
    """Monte Carlo standard error of the median of a sorted ensemble, by order statistics.

    The rank of the true median is binomial, with a standard deviation of half the root of n:
    the error is half the distance between the quantiles that lie so far to either side. Nothing
    is drawn for it. It is 0 where those agree, +inf where one is ``never``, and NaN for a single
    replication, which tells nothing of its error.
    """
    if ordered.size == 1:
        return math.nan
    spread = 0.5 / math.sqrt(ordered.size)
    low, high = quantile(ordered, 0.5 - spread), quantile(ordered, 0.5 + spread)
    return 0.0 if low == high else (high - low) / 2


def verdict(low: float, high: float, quantiles: tuple[float, ...]) -> str:
    """Where the claim ``low`` to ``high`` meets the ensemble, whose QUANTILES are given.

    ``inside 50`` if it has a point in common with p25 to p75, else ``inside 90`` with p05 to
    p95, else ``outside``.
    """
    p05, p25, _, p75, p95 = quantiles
    if low <= p75 and high >= p25:
        return INSIDE_50
    return INSIDE_90 if low <= p95 and high >= p05 else OUTSIDE


def percentile(values: Array, low: float, high: float) -> float:
    """Share (0-1) of the ensemble below the claim: below its midpoint, or below its finite end.

    Members that equal that point count half, so that an ensemble all of which equals the claim
    puts it at 0.5.
    """
    if math.isinf(low) or math.isinf(high):
        point = high if math.isinf(low) else low
    else:
        point = low + (high - low) / 2
    below, equal = np.count_nonzero(values < point), np.count_nonzero(values == point)
    return float((below + 0.5 * equal) / values.size)


def crps(values: Array, low: float, high: float) -> float:
    """Continuous ranked probability score of a finite ensemble against a claim; 0 is best.

        E|g| - 1/2 E|g - g'|

    with g the signed distance of a member from the interval ``low`` to ``high``, 0 inside. For
    ``low`` = ``high`` this is the score of the ensemble's empirical distribution, in the kernel
    form of Gneiting and Raftery (Journal of the American Statistical Association 102, 2007,
    eq. 21); for a single member it is the distance. Unit: that of the values. The double sum is
    taken over the sorted distances, where the i-th of n enters with weight 2 i - n - 1.
    """
    distance = np.sort(np.minimum(values - low, 0.0) + np.maximum(values - high, 0.0))
    n = distance.size
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(np.abs(distance).mean() - np.sum(weights * distance) / n**2)
