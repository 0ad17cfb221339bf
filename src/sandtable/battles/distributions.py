"""What the laws foretell of battles: the distributions that are printed and those that are judged.

ln casualties are normal: mean and variance of the fitted predictor, the spread of one battle
about it, and the error of a typical record. Casualties end at the side's strength. ln km gained
is normal likewise where any ground is gained; with probability

    nothing = p stalled[0] + (1 - p) stalled[1]        p the chance that the attacker wins

none is. p is the expectation of the logistic over the normal predictor of the odds, times the
share of battles that somebody won.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import pi, sqrt
from statistics import NormalDist
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri

from sandtable.battles.fit import Sample
from sandtable.battles.mixed import Matrix, Vector
from sandtable.battles.predictions import LEVELS
from sandtable.laws.circumstances import Scale, features
from sandtable.laws.fitted import Fit
from sandtable.laws.table_range import TableRange

_Z = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
# Exact to more figures than are ever written, for predictors of any spread that a fit allows.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(64)


class LawsToForecast(Protocol):
    """Fitted laws, from a coefficients file or fresh from a fit."""

    @property
    def range(self) -> TableRange:
        """How far the table reaches."""

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Scales of the factors that are numbers."""

    @property
    def fits(self) -> Mapping[str, Fit]:
        """Predictors by name."""

    @property
    def decided(self) -> float:
        """Share of battles that somebody won."""

    @property
    def stalled(self) -> tuple[float, float]:
        """Shares without ground gained, of battles won by the attacker and of others."""


@dataclass(frozen=True, slots=True)
class Normal:
    """Logarithms of one quantity of n battles: means and standard deviations, shape (n,)."""

    mean: Vector
    sd: Vector

    def quantiles(self, most: Vector | float = np.inf) -> Matrix:
        """Quantiles of the quantity at LEVELS, (n, 5), none above ``most``."""
        points = np.exp(self.mean[..., None] + self.sd[..., None] * _Z)
        return np.asarray(np.minimum(points, np.asarray(most)[..., None]))

    def quantiles_with_nothing(self, nothing: Vector) -> Matrix:
        """The same, (n, 5), of a quantity that is 0 with the probabilities ``nothing``."""
        rest = (np.array(LEVELS) - nothing[:, None]) / (1.0 - nothing[:, None])
        some = rest > 0.0
        z = ndtri(np.where(some, rest, 0.5))
        return np.where(some, np.exp(self.mean[:, None] + self.sd[:, None] * z), 0.0)


@dataclass(frozen=True)
class Forecast:
    """What ``laws`` foretell of the battles of a sample, whose results aren't looked at."""

    laws: LawsToForecast
    sample: Sample

    @cached_property
    def _features(self) -> Matrix:
        return np.array([features(battle, self.laws.scales) for battle in self.sample.battles])

    def _predictor(self, name: str) -> tuple[Vector, Vector]:
        """Mean and variance of a linear predictor, each (n,)."""
        fit = self.laws.fits[name]
        core, fixed = self.sample.core(name, self.laws.range)
        rows = zip(core, self._features, self.sample.battles, strict=True)
        found = np.array([fit.predict(*row) for row in rows]).reshape(-1, 2)
        return found[:, 0] + fixed, found[:, 1]

    def _normal(self, name: str) -> Normal:
        fit = self.laws.fits[name]
        mean, variance = self._predictor(name)
        return Normal(mean, np.sqrt(variance + fit.residual_sd**2 + fit.recorded_sd**2))

    def casualties(self, law: str, side: str) -> Normal:
        """Casualties of a side (persons, before they end at its strength)."""
        return self._normal(f"attrition.{law}.{side}")

    @cached_property
    def advance(self) -> Normal:
        """Ground gained (km) where any is."""
        return self._normal("advance.fitted")

    @cached_property
    def attacker_wins(self) -> Vector:
        """Probability that the attacker wins, (n,)."""
        mean, variance = self._predictor("outcome.odds")
        odds = expit(mean[:, None] + np.sqrt(variance)[:, None] * _NODES)
        return self.laws.decided * (odds @ _WEIGHTS) / sqrt(2.0 * pi)

    @cached_property
    def no_ground(self) -> Vector:
        """Probability that the attacker gains no ground, (n,)."""
        if_won, if_not = self.laws.stalled
        return self.attacker_wins * if_won + (1.0 - self.attacker_wins) * if_not


def taken(sample: Sample, rows: npt.NDArray[np.int_]) -> Sample:
    """The battles of a sample in ``rows``, indices."""
    return replace(
        sample,
        battles=[sample.battles[i] for i in rows],
        days=sample.days[rows],
        recorded_days=sample.recorded_days[rows],
        casualties={side: values[rows] for side, values in sample.casualties.items()},
        recorded={side: values[rows] for side, values in sample.recorded.items()},
        advance=sample.advance[rows],
        won=sample.won[rows],
        places=sample.places[rows],
    )
