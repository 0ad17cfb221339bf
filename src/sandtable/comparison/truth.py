"""What the record says of an outcome, as a distribution: a mixture of its claimants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sandtable.comparison.scores import Array


@dataclass(frozen=True, slots=True)
class Truth:
    """A mixture of uniform distributions with equal weights, one a claim.

    ``pieces`` are the ends of each, equal for a point, on whatever scale. A mixture and not the
    hull of the claims: between two figures that contradict each other nobody claims anything.
    """

    pieces: tuple[tuple[float, float], ...]

    @property
    def mean(self) -> float:
        """Expected value."""
        return float(np.mean([(low + high) / 2 for low, high in self.pieces]))

    def cdf(self, x: ArrayLike) -> Array:
        """P(Y <= x), of the shape of ``x``."""
        return self._average(_share_to, x, right=True)

    def below(self, x: ArrayLike) -> Array:
        """P(Y < x), of the shape of ``x``."""
        return self._average(_share_to, x, right=False)

    def distance(self, x: ArrayLike) -> Array:
        """E|x - Y|, of the shape of ``x``: twice E(x - Y)+, less x, plus the mean."""
        points = np.asarray(x, dtype=np.float64)
        return 2.0 * self._average(_excess, points) - points + self.mean

    def mass(self, low: float, high: float) -> float:
        """P(low <= Y <= high)."""
        return float(self.cdf(high) - self.below(low))

    def difference_mass(self, low: ArrayLike, high: ArrayLike) -> Array:
        """P(low <= Y' - Y <= high) of two independent draws, of the shape of the ends.

        For one range of width w the difference has the triangular density from -w to w.
        """
        up_to = self._difference_to(np.asarray(high, dtype=np.float64), right=True)
        return up_to - self._difference_to(np.asarray(low, dtype=np.float64), right=False)

    def draw(self, piece: Array, within: Array) -> Array:
        """Draw values by uniform numbers (0-1): one chooses the claim, one the place in it."""
        ends = np.array(self.pieces)
        chosen = ends[(piece * len(ends)).astype(int)]
        return np.asarray(chosen[:, 0] + within * (chosen[:, 1] - chosen[:, 0]))

    def _average(self, of_piece: Callable[..., Array], x: ArrayLike, **how: bool) -> Array:
        points = np.asarray(x, dtype=np.float64)
        terms = [of_piece(points, *piece, **how) for piece in self.pieces]
        return np.asarray(np.mean(terms, axis=0))

    def _difference_to(self, t: Array, *, right: bool) -> Array:
        """P(Y' - Y <= t), or < t, by the mean over Y of the distribution of Y' at Y + t."""
        terms = []
        for low, high in self.pieces:
            if low == high:
                terms.append(self.cdf(low + t) if right else self.below(low + t))
            else:
                above, under = (self._average(_excess, end + t) for end in (high, low))
                with np.errstate(invalid="ignore"):
                    share = (above - under) / (high - low)
                terms.append(np.where(np.isinf(t), t > 0, share))
        return np.asarray(np.mean(terms, axis=0))


def _share_to(x: Array, low: float, high: float, *, right: bool) -> Array:
    """Share of a uniform piece up to ``x``, a point at ``x`` included if ``right``."""
    if low == high:
        return np.asarray(x >= low if right else x > low, dtype=np.float64)
    return np.asarray((np.clip(x, low, high) - low) / (high - low))


def _excess(x: Array, low: float, high: float) -> Array:
    """E(x - Y)+ of a uniform piece: the integral of its distribution up to ``x``."""
    beyond = np.maximum(x - high, 0.0)
    if low == high:
        return beyond
    return (np.clip(x, low, high) - low) ** 2 / (2.0 * (high - low)) + beyond


def claimed(
    claims: Sequence[tuple[str, str, float, float]],
) -> tuple[tuple[float, float], ...]:
    """Return the ranges of ``claims`` (claimant, source, low, high), repetitions left out.

    A claim repeats another if the same claimant or the same source gives the same range.
    """
    said: set[tuple[str, str, float, float]] = set()
    found: list[tuple[float, float]] = []
    for claimant, source, low, high in claims:
        names = {("claimant", claimant, low, high), ("source", source, low, high)}
        if not names & said:
            found.append((low, high))
        said |= names
    return tuple(found)


def disputed(ranges: Sequence[tuple[float, float]]) -> bool:
    """Whether any two of the ranges have no point in common; ends may be infinite."""
    return max((low for low, _ in ranges), default=0.0) > min(
        (high for _, high in ranges), default=0.0
    )
