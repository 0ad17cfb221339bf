"""Claims with an open end, such as "at most 20,000": what the run says of them.

A bound leaves nearly everything open, so that keeping it tells little. It is given as an event
with a probability, apart from all scores.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np

from sandtable.comparison.scores import Array
from sandtable.comparison.verdicts import quantile
from sandtable.outcomes import Kind, parse

if TYPE_CHECKING:
    from sandtable.comparison.compare import Row


@dataclass(frozen=True, slots=True)
class Kept:
    """How an ensemble stands to one bound.

    ``share`` (0-1) of the replications that keep it; ``brier``, the Brier score (0-1) of that
    probability if the bound is true, (1 - share)^2; ``distance`` of the ensemble's median from
    the bound: their ratio for counts and distances, the median less the bound for days and
    shares (inf: the median is never).
    """

    share: float
    brier: float
    distance: float

    @classmethod
    def nothing(cls) -> Kept:
        """What is said of a claim that is no bound."""
        return cls(math.nan, math.nan, math.nan)


def kept(outcome: str, ordered: Array, low: float, high: float) -> Kept:
    """Set a sorted ensemble beside a bound; of ``low`` and ``high`` one is infinite.

    Days that never come are +inf in the ensemble.
    """
    told = parse(outcome)
    share = float(np.count_nonzero((ordered >= low) & (ordered <= high)) / ordered.size)
    bound, median = (low if math.isinf(high) else high), quantile(ordered, 0.5)
    if told is not None and told.form.kind in (Kind.COUNT, Kind.DISTANCE):
        distance = median / bound if bound else math.nan
    else:
        distance = median - bound if math.isfinite(bound) else math.nan
    return Kept(share, (1.0 - share) ** 2, distance)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What all bounds come to: how many claims on how many outcomes.

    ``kept`` (0-1) and ``brier`` are means over outcomes of the means over their claims; NaN if
    there are none.
    """

    claims: int
    outcomes: int
    kept: float
    brier: float

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Bounds:
        """Sum up the bounds among ``rows`` that test something and that no order gives."""
        by_outcome: dict[str, list[Row]] = {}
        for row in rows:
            if not math.isnan(row.kept) and row.tests and not row.given:
                by_outcome.setdefault(row.outcome, []).append(row)
        groups = by_outcome.values()
        return cls(
            sum(map(len, groups)),
            len(by_outcome),
            mean(mean(r.kept for r in group) for group in groups) if groups else math.nan,
            mean(mean(r.brier for r in group) for group in groups) if groups else math.nan,
        )
