"""Regressions against another library, closed forms and made-up data."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.stats import norm

from sandtable.operations.regressions import TooFewCases, fit, power_of_time

RNG = np.random.default_rng(5)
X = np.column_stack([np.ones(40), RNG.normal(size=40)])
Y = X @ [2.0, -0.5] + 0.8 * RNG.normal(size=40)


def test_least_squares_are_those_of_another_library():
    ours, theirs = fit(X, Y), sm.OLS(Y, X).fit()
    assert ours.estimates == pytest.approx(theirs.params)
    assert ours.covariance == pytest.approx(theirs.cov_params())
    assert ours.spread**2 == pytest.approx(theirs.scale)
    assert ours.spread_error == pytest.approx(1.0 / np.sqrt(2 * 38))
    mean, sd = ours.predicted(X[:3])
    frame = theirs.get_prediction(X[:3]).summary_frame()
    assert mean == pytest.approx(frame["mean"].to_numpy())
    assert sd**2 == pytest.approx(frame["mean_se"].to_numpy() ** 2 + theirs.scale)


def test_censored_cases_are_those_of_greatest_likelihood():
    """The likelihood is climbed another way, and its top is flat in every direction."""
    held = Y > 2.6
    y = np.where(held, 2.6, Y)
    ours = fit(X, y, held)
    raw = ours.spread / np.sqrt(1.0 + 2 / (int((~held).sum()) - 2))

    def deviance(p):
        z = (y - X @ p[:2]) / np.exp(p[2])
        return -np.where(held, norm.logsf(z), norm.logpdf(z) - p[2]).sum()

    found = minimize(deviance, [0.0, 0.0, 0.0], method="Nelder-Mead",
                     options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 5000}).x  # fmt: skip
    assert ours.estimates == pytest.approx(found[:2], abs=1e-6)
    assert np.log(raw) == pytest.approx(found[2], abs=1e-6)
    # The covariance is the inverse bend of the deviance, with the degrees of freedom given back.
    step = 1e-3 * np.eye(3)
    bend = [
        [(deviance(found + a + b) - deviance(found + a - b) - deviance(found - a + b)
          + deviance(found - a - b)) / 4e-6 for b in step[:2]]
        for a in step[:2]
    ]  # fmt: skip
    back = (ours.spread / raw) ** 2
    assert ours.covariance == pytest.approx(np.linalg.inv(bend) * back, rel=1e-3)
    # Left as if they had ended there, they would pull the mean down.
    assert ours.estimates[0] > fit(X, y).estimates[0] + 0.1


def test_known_coefficients_come_back_from_censored_data():
    n, rng = 4000, np.random.default_rng(1)
    x = np.column_stack([np.ones(n), rng.integers(0, 2, n).astype(float)])
    y = x @ [2.7, 1.0] + 1.25 * rng.normal(size=n)
    ends = rng.uniform(1.0, 6.0, n)
    found = fit(x, np.minimum(y, ends), y > ends)
    error = np.sqrt(np.diag(found.covariance))
    assert np.all(np.abs(found.estimates - [2.7, 1.0]) < 4 * error) and np.all(error < 0.1)
    assert found.spread == pytest.approx(1.25, rel=0.06)


def test_too_few_cases_or_terms_that_nothing_tells_apart():
    with pytest.raises(TooFewCases, match="3 cases for 2 terms"):
        fit(X[:3], Y[:3])
    with pytest.raises(TooFewCases):
        fit(np.ones((9, 2)), Y[:9])


@pytest.mark.parametrize("w", [0.5, 0.9, 1.0, 1.3])
def test_a_power_of_time_comes_back(w):
    counts = 1e4 * np.diff(np.arange(19) ** w)
    found, error = power_of_time(counts)
    assert found == pytest.approx(w, abs=1e-6)
    # Without days that differ from it, what is left is the error of counting.
    assert error < 0.02


def test_the_error_of_the_power_is_that_of_repeated_battles():
    rng, days = np.random.default_rng(3), np.diff(np.arange(19) ** 0.9) * 3000.0
    found = [power_of_time(days * rng.gamma(20.0, 1 / 20.0, 18)) for _ in range(300)]
    w, error = np.array(found).T
    assert w.mean() == pytest.approx(0.9, abs=0.02)
    assert np.sqrt((error**2).mean()) == pytest.approx(w.std(), rel=0.25)


def test_a_few_days_are_no_course():
    with pytest.raises(TooFewCases):
        power_of_time(np.ones(4))
