"""How what is foretold of operations stands to the record.

The truth about an operation is spread over `PARTS` equal parts of a range: a record is one figure,
but where the attacker's losses count the sick, his losses in action were `SICK` of it. Every score
is the mean over those parts. Everything is in natural logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sandtable.battles.scoring import jackknife
from sandtable.operations.forecast import Array, logarithms
from sandtable.operations.table import Record

Mask = NDArray[np.bool_]

SICK = (0.75, 1.0)
"""Losses in action over losses that count the sick: a tenth to a quarter of these were sick, and
at the most nobody."""
PARTS = 5
INTERVALS = (0.5, 0.8, 0.9)
MEASURES = ("rms", "mean", *(f"inside {100 * share:.0f}" for share in INTERVALS), "crps")
"""Root mean square and mean of ln(recorded / median); share of records inside the middle 50, 80
and 90 percent; continuous ranked probability score."""


def recorded_range(record: Record, name: str) -> tuple[float, float]:
    """Return the least and the most that a record can mean, NaN where there is none."""
    value: float = getattr(record, name)
    low, high = SICK if name == "attacker_losses" and record.sick else (1.0, 1.0)
    return low * value, high * value


def truths(records: Sequence[Record], name: str) -> Array:
    """Return what was, (operations, PARTS), NaN where nothing is recorded.

    An operation that gained no ground has no depth to judge: its record is of what was held at the
    end.
    """
    low, high = np.array([recorded_range(record, name) for record in records]).T
    low[~(low > 0.0)] = np.nan
    parts = (np.arange(PARTS) + 0.5) / PARTS
    spread = low[:, None] + (high - low)[:, None] * parts
    return np.where(np.isnan(spread), np.nan, logarithms(spread))


@dataclass(frozen=True)
class Judged:
    """One method's forecasts of a quantity beside the truth: (n, members) and (n, PARTS)."""

    foretold: Array
    truth: Array
    wars: NDArray[np.str_]

    @cached_property
    def known(self) -> Mask:
        """Which operations have both."""
        return np.isfinite(self.truth[:, 0]) & np.isfinite(self.foretold[:, 0])

    def quantiles(self, levels: Sequence[float]) -> Array:
        """Quantiles of what is foretold, (n, levels)."""
        return np.asarray(np.quantile(self.foretold, levels, axis=1).T)

    @cached_property
    def below(self) -> Array:
        """Share of what is foretold that lies below the truth, (n,); what equals it counts half."""
        members, truth = self.foretold[:, None, :], self.truth[:, :, None]
        shares = (members < truth).mean(axis=2) + 0.5 * (members == truth).mean(axis=2)
        return np.asarray(shares.mean(axis=1))

    @cached_property
    def each(self) -> dict[str, Array]:
        """Of each operation what the measures average, (n,)."""
        errors = self.truth - self.quantiles([0.5])
        found = {"rms": (errors**2).mean(axis=1), "mean": errors.mean(axis=1)}
        for share in INTERVALS:
            low, high = self.quantiles([0.5 - share / 2, 0.5 + share / 2]).T
            inside = (self.truth >= low[:, None]) & (self.truth <= high[:, None])
            found[f"inside {100 * share:.0f}"] = inside.mean(axis=1)
        return found | {"crps": crps(self.foretold, self.truth).mean(axis=1)}

    def measure(self, name: str, rows: Mask) -> tuple[float, float]:
        """A measure over operations in ``rows``, which are known, and its error over wars."""
        values = self.each[name]

        def statistic(chosen: Mask) -> float:
            mean = float(values[chosen].mean())
            return mean**0.5 if name == "rms" else mean

        return jackknife(statistic, rows, self.wars)

    def skill(self, rival: Judged, rows: Mask) -> tuple[float, float]:
        """1 less the score over a rival's, over operations known of both, and its error."""
        own, other = self.each["crps"], rival.each["crps"]

        def statistic(chosen: Mask) -> float:
            return float(1.0 - own[chosen].mean() / other[chosen].mean())

        return jackknife(statistic, rows, self.wars)


def crps(foretold: Array, truth: Array) -> Array:
    """Continuous ranked probability score of ensembles, (n, members), at each truth, (n, parts).

    E|X - y| - 1/2 E|X - X'|, X and X' members of the ensemble (Gneiting and Raftery, Journal of the
    American Statistical Association 102, 2007); the shape is that of ``truth``, the unit theirs.
    """
    ordered = np.sort(foretold, axis=1)
    n = ordered.shape[1]
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    spread = (ordered * weights).sum(axis=1) / n**2
    distance = np.abs(foretold[:, None, :] - truth[:, :, None]).mean(axis=2)
    return np.asarray(distance - spread[:, None])
