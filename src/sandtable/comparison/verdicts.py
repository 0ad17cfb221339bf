"""How an ensemble stands to one claim: quantiles, verdict, percentile.

A claim is an interval ``low`` to ``high``, one of whose ends may be open (-inf, inf). What may
never happen is told in days from H-hour, and ``never`` comes out as NaN. A campaign ends, so all
that it can say of such a day is whether it came before the end, and when: ``Calendar.until_end``
takes ensemble and claim to that scale, with everything later, ``never`` included, at +inf.
"""

from __future__ import annotations

import math

import numpy as np

from sandtable.comparison.scores import Array, Region

INSIDE_50, INSIDE_90, OUTSIDE = "inside 50", "inside 90", "outside"
NEVER_ONLY = "never only"
"""Verdict where the claim lies in the band only because that reaches to ``never``."""
NO_ANSWER = "no answer"
"""Verdict where the outcome does not apply in any replication."""
TESTS_NOTHING = "tests nothing"
"""Verdict on a claim so wide that any answer meets it."""
VERDICTS = (INSIDE_50, INSIDE_90, NEVER_ONLY, OUTSIDE, NO_ANSWER, TESTS_NOTHING)

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


def central_region(ordered: Array, percent: float, never: float = math.inf) -> Region:
    """Return where the middle ``percent`` of a sorted ensemble lies.

    It is the interval between two quantiles. Members at ``never`` (those that are as great) are no
    further days: if the interval reaches there, it ends at the last member before, and never is
    apart.
    """
    tail = (100.0 - percent) / 200.0
    told = np.where(ordered >= never, np.inf, ordered)
    low, high = quantile(told, tail), quantile(told, 1.0 - tail)
    if not np.isinf(high):
        return [(low, high)]
    latest = told[np.isfinite(told)].max(initial=-math.inf)
    return [(low, latest), (never, never)] if low <= latest else [(never, never)]


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


def verdict(low: float, high: float, quantiles: tuple[float, ...], latest: float = math.inf) -> str:
    """Where the claim ``low`` to ``high`` meets the ensemble, whose QUANTILES are given.

    ``inside 50`` if it has a point in common with p25 to p75, else ``inside 90`` with p05 to
    p95, else ``outside``. A band that ends at ``never`` holds every day until the campaign's
    end, whether or not the event comes about so late in any replication: ``never only`` is a
    claim inside such a band that lies later than ``latest``, the last finite member.
    """
    p05, p25, _, p75, p95 = quantiles
    if not (low <= p95 and high >= p05):
        return OUTSIDE
    if math.isfinite(high) and low > latest:
        return NEVER_ONLY
    return INSIDE_50 if low <= p75 and high >= p25 else INSIDE_90


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
