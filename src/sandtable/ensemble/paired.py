"""Differences between two paired ensembles."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandtable.representation import Represented, number_text


@dataclass(frozen=True, slots=True, repr=False)
class Difference(Represented):
    """The paired difference of one outcome, second ensemble less first.

    ``first`` and ``second`` are means over the ``pairs`` replications in which both have a
    value; ``p05`` and ``p95`` bound 90 percent of the pairs' differences; ``mc_error`` is the
    Monte Carlo standard error of ``mean``, and ``first_error`` that of ``first``. ``share_first``
    and ``share_second`` tell in how large a share of replications the outcome came about,
    ``first_alone`` and ``second_alone`` in how many it did so in that ensemble only.
    """

    outcome: str
    pairs: int
    first: float
    first_error: float
    second: float
    mean: float
    p05: float
    p95: float
    mc_error: float
    share_first: float
    share_second: float
    first_alone: int
    second_alone: int

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        low, high = (f"{'+' if x > 0 else ''}{number_text(x)}" for x in (self.p05, self.p95))
        told: dict[str, object] = {
            "outcome": self.outcome,
            "first": number_text(self.first),
            "second": number_text(self.second),
            "second less first": f"{number_text(self.mean)} ± {number_text(self.mc_error)}",
            "middle 90 percent": f"{low} to {high}",
            "pairs": self.pairs,
        }
        if self.first_alone or self.second_alone:
            told["occurs"] = f"{self.share_first:.0%}, {self.share_second:.0%}"
        return told

    @property
    def moved(self) -> bool:
        """Whether any replication came out otherwise."""
        changed = self.pairs > 0 and (self.mean, self.p05, self.p95) != (0.0, 0.0, 0.0)
        return changed or self.share_first != self.share_second


def paired_difference(
    outcome: str, first: NDArray[np.float64], second: NDArray[np.float64]
) -> Difference:
    """Compare two ensembles of one outcome, replication by replication (NaN: it never came)."""
    both = np.isfinite(first) & np.isfinite(second)
    pairs = int(both.sum())
    delta = second[both] - first[both]
    p05, p95 = np.quantile(delta, [0.05, 0.95]) if pairs else (math.nan, math.nan)
    return Difference(
        outcome,
        pairs,
        _mean(first[both]),
        _standard_error(first[both]),
        _mean(second[both]),
        _mean(delta),
        float(p05),
        float(p95),
        _standard_error(delta),
        float(np.isfinite(first).mean()),
        float(np.isfinite(second).mean()),
        int((np.isfinite(first) & ~both).sum()),
        int((np.isfinite(second) & ~both).sum()),
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else math.nan


def _standard_error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.nan
