"""How far the battle table reaches: beyond it the laws extrapolate nothing.

A ratio or a size outside counts as the end of its range. Casualties outside the range of size are
those of the same forces scaled into it, in proportion:

    C(a, b) = C(k a, k b) / k,    k nearest 1 with k (a + b) in the range

so that from there on a man's risk is that at the end of the range.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Span(NamedTuple):
    """What lies between two numbers, both included."""

    low: float
    high: float

    def hold(self, x: float) -> float:
        """``x``, or the end that it lies beyond."""
        if x < self.low:
            return self.low
        return self.high if x > self.high else x

    def factor(self, x: float) -> float:
        """The factor nearest 1 that brings ``x``, above zero, into the span."""
        return self.hold(x) / x


ANY = Span(0.0, inf)


class TableRange(NamedTuple):
    """Least and greatest of the table's battles.

    ``days`` that a battle lasted, ``persons`` of both sides together, ``strength`` of either side
    (persons), ``ratio`` of the attacker's to the defender's.
    """

    days: Span
    persons: Span
    strength: Span
    ratio: Span


UNBOUNDED = TableRange(ANY, ANY, ANY, ANY)
"""That of laws which no table bounds."""
