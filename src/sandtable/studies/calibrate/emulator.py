"""Gaussian processes that stand in for the model between the points at which it was run."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import MissingPackageError

Floats = NDArray[np.float64]

# Of any distribution with one peak at least 95 percent lies within three standard deviations
# (Pukelsheim 1994).
CUTOFF = 3.0
_JITTER = 1e-8


@dataclass(frozen=True, slots=True)
class Sampled:
    """An outcome at the points at which the model was run.

    ``points`` has shape (n, inputs); ``means`` and ``spreads`` (standard deviations between
    replications) and ``counts`` (replications in which the outcome applies) have shape (n,).
    """

    points: Floats
    means: Floats
    spreads: Floats
    counts: Floats


class Emulator:
    """Gaussian processes for an outcome's mean and for its spread between replications.

    The spread comes first, so that the mean knows how uncertain the Monte Carlo error leaves
    each of its points. Raises SandtableError without scikit-learn.
    """

    def __init__(self, sampled: Sampled) -> None:
        points, spreads, counts = sampled.points, sampled.spreads, sampled.counts
        # Standard error of a normal sample's standard deviation, pooled over the points.
        error = np.full(len(points), np.mean(spreads**2)) / (2 * (counts - 1))
        self._spread = _Surface(points, spreads, error)
        self._bounds = float(spreads.min()), float(spreads.max())
        self._replications = float(np.mean(counts))
        self._mean = _Surface(points, sampled.means, self.spread(points) ** 2 / counts)

    def mean(self, points: Floats) -> tuple[Floats, Floats]:
        """Return the expected mean at each point, and its standard deviation."""
        return self._mean.at(points)

    def spread(self, points: Floats) -> Floats:
        """Return the expected spread at each point, never outside what was seen anywhere."""
        return np.clip(self._spread.at(points)[0], *self._bounds)

    def chance(self, points: Floats, *, on_average: bool = False) -> Floats:
        """Return the variance of one replication about the mean; ``on_average``, of the mean.

        The Monte Carlo error counts in both: points that share their draws share it too, and
        no emulator sees what is wrong with all of its points alike.
        """
        single = 0.0 if on_average else 1.0
        return self.spread(points) ** 2 * (single + 1 / self._replications)

    @cached_property
    def well_predicted(self) -> float:
        """Share of the points that lie within three standard deviations if left out."""
        return float(np.mean(np.abs(self._mean.left_out()) <= CUTOFF))


class _Surface:
    """A Gaussian process through noisy values, Matérn 5/2 with a length for each input."""

    def __init__(self, points: Floats, values: Floats, noise: Floats) -> None:
        self._middle, self._scale = float(values.mean()), float(values.std())
        self._process: Any = None
        # Rounding leaves a spread of some 1e-16 among equal values.
        if self._scale <= 1e-12 * abs(self._middle):
            return
        scaled = (values - self._middle) / self._scale
        self._process = _process(points.shape[1], noise / self._scale**2 + _JITTER)
        from sklearn.exceptions import ConvergenceWarning

        with warnings.catch_warnings():
            # A length at its bound is an input without influence, not a failure.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._process.fit(points, scaled)

    def at(self, points: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard deviation at each point."""
        if self._process is None:
            return np.full(len(points), self._middle), np.zeros(len(points))
        mean, error = self._process.predict(points, return_std=True)
        return self._middle + self._scale * mean, self._scale * error

    def left_out(self) -> Floats:
        """Standardised error of each value, predicted from all the others."""
        if self._process is None:
            return np.zeros(1)
        lower = np.linalg.inv(self._process.L_)
        inverse = lower.T @ lower
        # Rasmussen and Williams (2006), equations 5.10 to 5.12.
        found: Floats = self._process.alpha_ / np.sqrt(np.diag(inverse))
        return found


def library_version() -> str:
    """Return scikit-learn's version. Raises MissingPackageError where it is not installed."""
    try:
        import sklearn
    except ModuleNotFoundError:
        raise MissingPackageError("calibrate", "scikit-learn", "calibrate") from None
    return str(sklearn.__version__)


def _process(inputs: int, noise: Floats) -> Any:
    library_version()
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    lengths = Matern(np.ones(inputs), (0.05, 20.0), nu=2.5)
    kernel = ConstantKernel(1.0, (0.01, 1000.0)) * lengths
    return GaussianProcessRegressor(kernel, alpha=noise, n_restarts_optimizer=1, random_state=0)
