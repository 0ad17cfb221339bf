"""Small regressions: least squares, and survival times of which some are censored.

    y = X b + s z,    z standard normal

A censored case says that its y is at least what is recorded. b and s are estimated by maximum
likelihood, s with the degrees of freedom of b given back. The covariance is the inverse of the
information; that of ln s is 1 / (2 nu), nu the cases that are not censored less the terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SHORTEST_COURSE = 5
"""Days from which the counts of a battle tell a course."""
_LEAST_SPARE = 2
_LEAST_SPREAD = 1e-12
_ROUNDS, _SETTLED = 10_000, 1e-13


class TooFewCases(ValueError):
    """Fewer cases than a regression can rest on, or terms that no case tells apart."""


@dataclass(frozen=True)
class Fitted:
    """``estimates`` (p,), their ``covariance`` (p, p), ``spread``, the error of its logarithm."""

    estimates: Array
    covariance: Array
    spread: float
    spread_error: float
    cases: int

    def predicted(self, x: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of new cases with these rows of X, shapes (n,)."""
        variance = np.einsum("ij,jk,ik->i", x, self.covariance, x)
        return x @ self.estimates, np.sqrt(variance + self.spread**2)


def fit(x: Array, y: Array, censored: Mask | None = None) -> Fitted:
    """Fit y, of shape (n,), on the columns of x, (n, p). Raises TooFewCases."""
    held = np.zeros(len(y), dtype=np.bool_) if censored is None else censored
    spare = int((~held).sum()) - x.shape[1]
    if spare < _LEAST_SPARE or np.linalg.matrix_rank(x[~held]) < x.shape[1]:
        raise TooFewCases(f"{int((~held).sum())} cases for {x.shape[1]} terms")
    b, covariance, spread = _likeliest(x, y, held)
    given_back = sqrt(1.0 + x.shape[1] / spare)
    error = sqrt(0.5 / spare)
    return Fitted(b, covariance * given_back**2, spread * given_back, error, len(y))


def _likeliest(x: Array, y: Array, held: Mask) -> tuple[Array, Array, float]:
    """Estimates, covariance and spread of greatest likelihood, by expectation and maximisation.

    A censored case counts in each round as what is expected of it beyond what is recorded.
    """
    b, filled, further = np.linalg.lstsq(x, y, rcond=None)[0], y, np.zeros(len(y))
    spread = max(float(np.sqrt(np.mean((y - x @ b) ** 2))), _LEAST_SPREAD)
    for _ in range(_ROUNDS if held.any() else 0):
        mean, before = x @ b, spread
        z = (y - mean) / spread
        beyond = _mills(z)
        filled = np.where(held, mean + spread * beyond, y)
        further = np.where(held, spread**2 * (1.0 + z * beyond - beyond**2), 0.0)
        b = np.linalg.lstsq(x, filled, rcond=None)[0]
        spread = float(np.sqrt(np.mean((filled - x @ b) ** 2 + further)))
        if abs(spread - before) < _SETTLED:
            break
    z = (y - x @ b) / spread
    weight = np.where(held, _mills(z) * (_mills(z) - z), 1.0)
    covariance = np.linalg.inv((x.T * weight) @ x) * spread**2
    return np.asarray(b, dtype=np.float64), np.asarray(covariance, dtype=np.float64), spread


def _mills(z: Array) -> Array:
    """Mean of a standard normal beyond z: its density over what is left of it."""
    from scipy.stats import norm

    return np.asarray(np.exp(norm.logpdf(z) - norm.logsf(z)))


def power_of_time(counts: Array) -> tuple[float, float]:
    """Exponent w of C(t) ~ t^w from the counts of days 1, 2, ... of a battle, and its error.

    Greatest likelihood of the shares ((t/T)^w - ((t-1)/T)^w) of the whole; the error allows for
    days that differ by more than chance (over-dispersion). Raises TooFewCases for a battle below
    SHORTEST_COURSE.
    """
    from scipy.optimize import minimize_scalar

    days, whole = len(counts), float(counts.sum())
    if days < SHORTEST_COURSE or whole <= 0.0:
        raise TooFewCases(f"{days} days")
    ends = np.arange(days + 1) / days

    def deviance(w: float) -> float:
        return -float(counts @ np.log(np.diff(ends**w)))

    w = float(minimize_scalar(deviance, bounds=(0.05, 5.0), method="bounded",
                              options={"xatol": 1e-10}).x)  # fmt: skip
    expected = whole * np.diff(ends**w)
    dispersion = float(((counts - expected) ** 2 / expected).sum()) / (days - 2)
    step = 1e-4
    bend = (deviance(w + step) - 2.0 * deviance(w) + deviance(w - step)) / step**2
    return w, sqrt(max(dispersion, 1.0) / bend)
