"""Which outcomes a change of the computation shifts: paired ensembles, many looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandtable.ensemble.paired import Difference

SIGNIFICANCE = 0.05
"""Chance of a shift found in any outcome where there is none in all of them."""
# Shares of a mean that are the last digits of sums, not a shift.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Shift:
    """The difference of one outcome between two paired ensembles, judged.

    ``p_value`` is the chance of one as large where there is none; ``adjusted`` is that after
    Holm's correction for all the outcomes looked at together. ``shifted`` if that is below
    SIGNIFICANCE.
    """

    difference: Difference
    p_value: float
    adjusted: float

    @property
    def shifted(self) -> bool:
        """Whether the outcome moves by more than chance explains."""
        return self.adjusted < SIGNIFICANCE


def judge_shifts(differences: Sequence[Difference]) -> list[Shift]:
    """Judge paired differences by their own Monte Carlo error, in the order given.

    Each is held against its error with Student's t. An outcome that comes about in more of the
    replications of one ensemble than of the other counts likewise: the replications in which it
    comes about in one alone are held against an even split (McNemar's exact test). Of both the
    smaller p-value counts twice. With so many looked at, some would seem shifted by chance:
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70, keeps the chance of any such at
    SIGNIFICANCE.
    """
    values = [_p_value(item) for item in differences]
    order = sorted(range(len(values)), key=lambda k: values[k])
    adjusted, worst = [1.0] * len(values), 0.0
    for rank, k in enumerate(order):
        worst = max(worst, min(1.0, values[k] * (len(values) - rank)))
        adjusted[k] = worst
    return [Shift(item, p, q) for item, p, q in zip(differences, values, adjusted, strict=True)]


def _p_value(found: Difference) -> float:
    return min(1.0, 2.0 * min(_of_mean(found), _of_share(found)))


def _of_mean(found: Difference) -> float:
    from scipy.stats import t

    if found.pairs < 2 or abs(found.mean) <= _ROUNDING * abs(found.first):
        return 1.0
    if found.mc_error == 0.0:
        return 0.0
    return float(2.0 * t.sf(abs(found.mean) / found.mc_error, found.pairs - 1))


def _of_share(found: Difference) -> float:
    from scipy.stats import binomtest

    alone = found.first_alone, found.second_alone
    return float(binomtest(alone[0], sum(alone)).pvalue) if any(alone) else 1.0
