"""Partial pooling: regressions whose coefficients are drawn from groups of unknown spread.

Every coefficient is either free (a flat prior) or belongs to a group k, whose members are
normal about zero with standard deviation tau_k. The tau_k and the residual spread maximise
the marginal likelihood of the data times a prior of the tau_k; the coefficients then have a
normal posterior:

    y = X b + e,   e_i ~ N(0, s^2 + m_i),   b_j ~ N(0, tau_k(j)^2)        linear
    p(y | X b) Bernoulli or Weibull, by Laplace's approximation       generalised

m_i is the known variance of the record of battle i. Estimating the spread of a group this
way pools its members as far as the data say that they are alike (empirical Bayes; Laird and
Ware 1982, Breslow and Clayton 1993).

The likelihood of a spread often has its peak at 0, though a spread of some size is nearly as
likely; a Gamma(2, small rate) prior keeps the estimate off that boundary, by about one standard
error where the peak is there (Y. Chung, S. Rabe-Hesketh, V. Dorie, A. Gelman and J. Liu, A
nondegenerate penalized likelihood estimator for variance parameters in multilevel models,
Psychometrika 78 (2013), 685-709). The same maximum is that of the posterior of ln tau under a flat
prior of tau (rate 0), and its curvature there says how well the spread is known: ln tau is taken
as normal with that variance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.optimize import minimize
from scipy.special import expit

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int_]

FREE = -1
"""Group of a coefficient with a flat prior."""
# ln of a variance: from nothing that could be seen to far more than ln casualties ever vary.
_SMALLEST, _LARGEST = -9.0, 5.0
_TOLERANCE = 1e-6
# Steps in ln of a variance by which curvatures are measured, from slopes and from values.
_SLOPE_STEP, _VALUE_STEP = 0.02, 0.2
MOST_SPREAD_ERROR = 1.0
"""A spread counts as known to a factor e at worst: so much the prior of one level alone says."""


class Gamma(NamedTuple):
    """Prior density of a spread tau, up to a constant: tau^(shape - 1) exp(-rate tau)."""

    shape: float
    rate: float

    def loss(self, logs: Vector) -> float:
        """-2 ln of the density; ``logs``: ln tau^2, shape (K,)."""
        return float(((1.0 - self.shape) * logs + 2.0 * self.rate * np.exp(0.5 * logs)).sum())

    def slope(self, logs: Vector) -> Vector:
        """Derivative of the loss by each of ``logs``."""
        return np.asarray(1.0 - self.shape + self.rate * np.exp(0.5 * logs))


FLAT = Gamma(1.0, 0.0)
"""No prior: the spreads of restricted maximum likelihood."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Coefficients of shape (p,) and their covariance; spreads of the groups, shape (K,).

    ``residual_sd`` is that of a linear model, 0 in a generalised one.
    """

    mean: Vector
    covariance: Matrix
    spreads: Vector
    spread_errors: Vector
    """Standard deviations of ln of each spread, shape (K,)."""
    residual_sd: float
    logs: Vector
    """Logarithms of the variances, a start for a similar fit."""
    evidence: float
    """Logarithm of the marginal likelihood times the prior, up to a constant of the design."""


def fit_linear(
    x: Matrix, groups: Groups, y: Vector, recorded: Vector, start: Vector | None = None,
    prior: Gamma = FLAT,
) -> Posterior:  # fmt: skip
    """Fit y, shape (n,), on x, shape (n, p); ``groups``: (p,) from 0, or FREE.

    ``recorded``: (n,) variances of the record. ``prior``: of the groups' spreads. Raises
    LinAlgError if the free columns are dependent.
    """
    count = int(groups.max(initial=FREE)) + 1
    masks = [groups == k for k in range(count)]
    sizes = np.array([mask.sum() for mask in masks], dtype=np.float64)

    def solve(logs: Vector) -> tuple[Vector, Matrix, Vector, Vector, Matrix, float]:
        variance = np.exp(logs[-1]) + recorded
        weighted = x / variance[:, None]
        precision = x.T @ weighted
        precision[np.diag_indices(len(groups))] += _shrinkage(logs, groups)
        inverse, determinant = _inverse(precision)
        mean = inverse @ (weighted.T @ y)
        return mean, inverse, variance, y - x @ mean, weighted, determinant

    def loss(logs: Vector) -> tuple[float, Vector]:
        mean, inverse, variance, error, weighted, determinant = solve(logs)
        shrinkage = _shrinkage(logs, groups)
        value = np.log(variance).sum() + determinant + sizes @ logs[:count]
        value += error @ (error / variance) + shrinkage @ mean**2 + prior.loss(logs[:count])
        slope = np.empty(count + 1)
        variances = inverse.diagonal()
        for k, mask in enumerate(masks):
            second = (mean[mask] ** 2 + variances[mask]).sum()
            slope[k] = sizes[k] - np.exp(-logs[k]) * second
        slope[:count] += prior.slope(logs[:count])
        fitted = ((weighted @ inverse) * weighted).sum()
        noise = (1.0 / variance).sum() - ((error / variance) ** 2).sum() - fitted
        slope[count] = np.exp(logs[-1]) * noise
        return float(value), slope

    noise = np.log(max(0.5 * y.var(), np.exp(_SMALLEST)))
    first = np.append(np.full(count, -2.0), noise) if start is None else start
    bounds = [(_SMALLEST, _LARGEST)] * (count + 1)
    best = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, tol=_TOLERANCE)
    mean, inverse, *_ = solve(best.x)
    logs = np.asarray(best.x, dtype=np.float64)
    spreads = np.exp(0.5 * logs)
    errors = _errors(_from_slopes(lambda logs: loss(logs)[1], logs))[:count]
    evidence = -0.5 * float(best.fun)
    return Posterior(mean, inverse, spreads[:count], errors, float(spreads[count]), logs, evidence)


@dataclass(frozen=True, slots=True)
class Family:
    """A likelihood of independent observations given their linear predictors, shape (n,).

    ``loss``: minus its logarithm; ``slope`` and ``curvature``: derivatives for each one.
    """

    loss: Callable[[Vector], float]
    slope: Callable[[Vector], Vector]
    curvature: Callable[[Vector], Vector]


def bernoulli(event: Vector) -> Family:
    """Events (1 or 0) whose log-odds are the linear predictor."""
    return Family(
        lambda eta: float(np.logaddexp(0.0, eta).sum() - event @ eta),
        lambda eta: np.asarray(expit(eta) - event),
        lambda eta: np.asarray(expit(eta) * expit(-eta)),
    )


def weibull(event: Vector, days: Vector, shape: float) -> Family:
    """Events (1), or none within the days (0), at a hazard s t^(s-1) exp(predictor) a day."""
    grown = days**shape
    fixed = float(event @ (np.log(shape) + (shape - 1.0) * np.log(days)))
    return Family(
        lambda eta: float(np.exp(eta) @ grown - event @ eta) - fixed,
        lambda eta: np.exp(eta) * grown - event,
        lambda eta: np.exp(eta) * grown,
    )


def fit_generalised(
    x: Matrix, groups: Groups, family: Family, start: Vector | None = None, prior: Gamma = FLAT
) -> Posterior:
    """Fit a generalised model; arguments as of `fit_linear`."""
    count = int(groups.max(initial=FREE)) + 1
    masks = [groups == k for k in range(count)]
    sizes = np.array([mask.sum() for mask in masks], dtype=np.float64)
    warm = np.zeros(len(groups))

    def marginal(logs: Vector) -> float:
        b, precision = mode(logs)
        value = 2.0 * family.loss(x @ b) + _shrinkage(logs, groups) @ b**2
        return float(value + np.linalg.slogdet(precision)[1] + sizes @ logs + prior.loss(logs))

    def mode(logs: Vector) -> tuple[Vector, Matrix]:
        """Coefficients of greatest posterior density, and the precision there."""
        nonlocal warm
        shrinkage = _shrinkage(logs, groups)

        def loss(b: Vector) -> float:
            return family.loss(x @ b) + 0.5 * float(shrinkage @ b**2)

        def slope(b: Vector) -> Vector:
            return np.asarray(x.T @ family.slope(x @ b) + shrinkage * b)

        def precision(b: Vector) -> Matrix:
            return np.asarray((x * family.curvature(x @ b)[:, None]).T @ x + np.diag(shrinkage))

        options: Any = {"gtol": 1e-7}
        best = minimize(
            loss, warm, jac=slope, hess=precision, method="trust-exact", options=options
        )
        warm = np.asarray(best.x, dtype=np.float64)
        return warm, precision(warm)

    logs = np.full(count, -2.0) if start is None else start
    if count:
        bounds = [(_SMALLEST, _LARGEST)] * count
        options: Any = {"ftol": 1e-6, "eps": 1e-4}
        best = minimize(marginal, logs, method="L-BFGS-B", bounds=bounds, options=options)
        logs = np.asarray(best.x, dtype=np.float64)
    b, precision = mode(logs)
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    errors = _errors(_from_values(marginal, logs))
    return Posterior(b, covariance, np.exp(0.5 * logs), errors, 0.0, logs, -0.5 * marginal(logs))


def _shrinkage(logs: Vector, groups: Groups) -> Vector:
    """Prior precision of each coefficient: 1 / tau^2 of its group, 0 where free."""
    # FREE, the last place of the array, has none.
    count = int(groups.max(initial=FREE)) + 1
    return np.asarray(np.append(np.exp(-logs[:count]), 0.0)[groups])


def _inverse(matrix: Matrix) -> tuple[Matrix, float]:
    """Inverse and ln determinant of a symmetric matrix, by its Cholesky factor.

    Raises LinAlgError unless it is positive definite.
    """
    factor, failed = dpotrf(matrix, lower=1)
    if failed:
        raise np.linalg.LinAlgError("matrix is not positive definite")
    # Above the diagonal both hold zeros.
    lower, _ = dpotri(factor, lower=1)
    inverse = np.ascontiguousarray(lower + lower.T)
    inverse[np.diag_indices(len(inverse))] *= 0.5
    return inverse, 2.0 * float(np.log(factor.diagonal()).sum())


def _from_slopes(slope: Callable[[Vector], Vector], at: Vector) -> Matrix:
    """Second derivatives by central differences of the first."""
    steps = _SLOPE_STEP * np.eye(len(at))
    found = np.array([slope(at + step) - slope(at - step) for step in steps])
    return np.asarray((found + found.T) / (4.0 * _SLOPE_STEP))


def _from_values(value: Callable[[Vector], float], at: Vector) -> Matrix:
    """Second derivatives by central differences of the value."""
    size, steps = len(at), _VALUE_STEP * np.eye(len(at))
    ahead = np.array([value(at + step) for step in steps])
    back = np.array([value(at - step) for step in steps])
    here, found = value(at), np.empty((size, size))
    for i in range(size):
        found[i, i] = ahead[i] - 2.0 * here + back[i]
        for j in range(i):
            both = value(at + steps[i] + steps[j]) + value(at - steps[i] - steps[j])
            both += 2.0 * here - ahead[i] - ahead[j] - back[i] - back[j]
            found[i, j] = found[j, i] = 0.5 * both
    return np.asarray(found / _VALUE_STEP**2)


def _errors(curvature: Matrix) -> Vector:
    """Standard deviations of ln tau from the curvature of -2 ln density by ln tau^2.

    None exceeds MOST_SPREAD_ERROR, in whatever direction the density is flat or at a bound.
    """
    values, directions = np.linalg.eigh(2.0 * curvature)
    variances = 1.0 / np.maximum(values, MOST_SPREAD_ERROR**-2)
    return np.asarray(np.sqrt((directions**2) @ variances))
