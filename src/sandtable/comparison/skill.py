"""Skill against a baseline, by kind and pooled, and how much it may owe to chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandtable.comparison.outcome_scores import Score
from sandtable.comparison.scores import Array
from sandtable.streams import Streams

RESAMPLES = 2000
FEWEST_CLUSTERS = 10
"""With fewer clusters a bootstrap over them is far too narrow, and no interval is given."""
_LEVEL = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Skill:
    """One less the ratio of scores: 1 is faultless, 0 as good as the baseline, below 0 worse.

    Over the ``outcomes`` that run and baseline both answer, which belong to ``clusters``; NaN if
    there are none. ``low`` to ``high`` is the 90 percent interval, NaN below FEWEST_CLUSTERS.
    """

    outcomes: int
    clusters: int
    skill: float
    low: float
    high: float

    def __str__(self) -> str:
        """``+0.21 [−0.15, +0.54]``; without the interval if there is none."""
        if not self.outcomes:
            return "–"
        ends = "" if math.isnan(self.low) else f" [{_signed(self.low)}, {_signed(self.high)}]"
        return _signed(self.skill) + ends


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def skill(scores: Sequence[Score], baseline: str, streams: Streams) -> Skill:
    """Return the skill of a run against one of BASELINES.

    Of one kind it is 1 - mean(S) / mean(B), S the run's scores and B the baseline's. Over several
    kinds, whose units differ, it is one less the mean of those ratios, weighted by outcomes. The
    interval is a percentile bootstrap over clusters, since places on one axis and losses of one
    side come out together: RESAMPLES resamples from one stream, always the same.
    """
    both = [s for s in scores if not math.isnan(s.score + s.against(baseline))]
    clusters = list(dict.fromkeys(s.cluster for s in both))
    if not both:
        return Skill(0, 0, math.nan, math.nan, math.nan)
    sums = _sums(both, baseline, clusters)
    whole = float(_skill(sums, np.ones((1, len(clusters))))[0])
    low = high = math.nan
    if len(clusters) >= FEWEST_CLUSTERS:
        weights = _resampled(len(clusters), streams)
        low, high = np.quantile(_skill(sums, weights), _LEVEL).tolist()
    return Skill(len(both), len(clusters), whole, low, high)


def _sums(scores: Sequence[Score], baseline: str, clusters: Sequence[str]) -> Array:
    """Sums of scores, of the baseline's and of outcomes, of shape (3, kinds, clusters)."""
    kinds = list(dict.fromkeys(s.kind for s in scores))
    sums = np.zeros((3, len(kinds), len(clusters)))
    for s in scores:
        place = kinds.index(s.kind), clusters.index(s.cluster)
        sums[(slice(None), *place)] += s.score, s.against(baseline), 1.0
    return sums


def _skill(sums: Array, weights: Array) -> Array:
    """Pooled skill for each row of weights of the clusters, of shape ``(rows,)``."""
    own, baseline, count = np.einsum("skc,rc->srk", sums, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(own == baseline, 1.0, own / baseline)
    weighed = np.sum(np.where(count > 0, ratio, 0.0) * count, axis=1)
    return np.asarray(1.0 - weighed / count.sum(axis=1))


def _resampled(clusters: int, streams: Streams) -> Array:
    """How often each cluster is drawn in each resample, of shape (RESAMPLES, clusters)."""
    names = [f"resample/{number}" for number in range(clusters)]
    drawn = (streams.table(names, 0, RESAMPLES) * clusters).astype(int)
    return np.array([np.bincount(row, minlength=clusters) for row in drawn], dtype=np.float64)


def effective_number(members: Array) -> float:
    """Effective number of independent outcomes in an ensemble of shape (n, outcomes).

        k^2 / sum of rho_ij^2

    with rho the rank correlations over replications: the participation ratio of their matrix
    (Bretherton and others, Journal of Climate 12, 1999, eq. 5), from 1 to k. Of n replications,
    rho^2 is 1/(n - 1) by chance alone, which is taken off. NaN without outcomes, or for fewer
    than three replications.
    """
    n, k = members.shape
    if not k or n < 3:
        return math.nan
    ranks = np.apply_along_axis(_ranks, 0, members)
    ranks -= ranks.mean(axis=0)
    size = np.linalg.norm(ranks, axis=0)
    # What never varies goes along with nothing.
    unit = np.divide(ranks, size, out=np.zeros_like(ranks), where=size > 0.0)
    squares = np.einsum("ri,rj->ij", unit, unit) ** 2
    unbiased = (squares * (n - 1) - 1.0) / (n - 2)
    apart = ~np.eye(k, dtype=bool) & (size > 0.0) & (size > 0.0)[:, None]
    return float(min(k, k**2 / max(1.0, k + unbiased[apart].sum())))


def _ranks(values: Array) -> Array:
    """Ranks from 1, those of equal values their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)
