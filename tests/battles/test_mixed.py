"""Partial pooling against closed forms, a likelihood written out, and other optimisers."""

from math import exp, log

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import multivariate_normal, weibull_min
from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec
from threadpoolctl import threadpool_limits

from sandtable.battles.mixed import (
    FREE,
    MOST_SPREAD_ERROR,
    Family,
    Gamma,
    bernoulli,
    fit_generalised,
    fit_linear,
    weibull,
)
from sandtable.laws.circumstances import FEATURES
from sandtable.laws.fitted import Predictor
from sandtable.laws.outcome import OutcomeLaw


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small cost far more to share among threads than to work out in one."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield


def world(n=80, seed=1, spreads=(0.8, 0.7), sd=0.6):
    """Two free columns, three of a first group, twelve levels of a second."""
    rng = np.random.default_rng(seed)
    x = np.column_stack(
        [np.ones(n), rng.standard_normal((n, 4)), rng.integers(0, 12, n)[:, None] == np.arange(12)]
    )
    groups = np.array([FREE, FREE, 0, 0, 0] + [1] * 12)
    scale = np.append(spreads, 0.0)[groups]
    b = np.where(groups == FREE, 1.5, scale * rng.standard_normal(len(groups)))
    recorded = rng.uniform(0.0, 0.3, n)
    y = x @ b + np.sqrt(sd**2 + recorded) * rng.standard_normal(n)
    return x, groups, y, recorded


def covariance_of(x, groups, recorded, spreads, sd):
    """Covariance of y with the pooled coefficients integrated out."""
    v = np.diag(sd**2 + recorded)
    for k, spread in enumerate(spreads):
        z = x[:, groups == k]
        v += spread**2 * z @ z.T
    return v


def restricted(x, groups, y, recorded, spreads, sd):
    """Restricted log-likelihood: the marginal one with the flat coefficients integrated out."""
    v, free = covariance_of(x, groups, recorded, spreads, sd), x[:, groups == FREE]
    inverse = np.linalg.inv(v)
    information = free.T @ inverse @ free
    b = np.linalg.solve(information, free.T @ inverse @ y)
    found = multivariate_normal(free @ b, v).logpdf(y)
    return found - 0.5 * np.linalg.slogdet(information)[1]


def test_coefficients_are_those_of_generalised_least_squares_and_blup():
    """Henderson 1975: flat ones by GLS, pooled ones as tau^2 Z' V^-1 of what GLS leaves."""
    x, groups, y, recorded = world()
    fit = fit_linear(x, groups, y, recorded)
    inverse = np.linalg.inv(covariance_of(x, groups, recorded, fit.spreads, fit.residual_sd))
    free = x[:, groups == FREE]
    information = free.T @ inverse @ free
    b = np.linalg.solve(information, free.T @ inverse @ y)
    assert fit.mean[groups == FREE] == pytest.approx(b, rel=1e-8)
    assert fit.covariance[:2, :2] == pytest.approx(np.linalg.inv(information), rel=1e-8)
    projection = inverse - inverse @ free @ np.linalg.solve(information, free.T @ inverse)
    for k, spread in enumerate(fit.spreads):
        z, inside = x[:, groups == k], np.ix_(groups == k, groups == k)
        assert fit.mean[groups == k] == pytest.approx(spread**2 * z.T @ inverse @ (y - free @ b))
        # Variance of the error of prediction of the pooled ones.
        left = spread**2 * np.eye(z.shape[1]) - spread**4 * z.T @ projection @ z
        assert fit.covariance[inside] == pytest.approx(left, abs=1e-9)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(4))
def test_no_other_spreads_make_the_data_likelier(seed):
    x, groups, y, recorded = world(seed=seed)
    fit = fit_linear(x, groups, y, recorded)
    best = restricted(x, groups, y, recorded, fit.spreads, fit.residual_sd)
    for near in (-0.5, -0.05, 0.05, 0.5):
        for k in range(2):
            spreads = fit.spreads * np.exp(near * (np.arange(2) == k))
            assert restricted(x, groups, y, recorded, spreads, fit.residual_sd) < best
        assert restricted(x, groups, y, recorded, fit.spreads, fit.residual_sd * exp(near)) < best
    found = minimize(
        lambda logs: -restricted(x, groups, y, recorded, np.exp(logs[:2]), exp(logs[2])),
        np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6},
    )  # fmt: skip
    assert best == pytest.approx(-found.fun, abs=1e-4)
    assert [*fit.spreads, fit.residual_sd] == pytest.approx(np.exp(found.x), rel=0.01)


def test_the_evidence_is_the_restricted_likelihood_up_to_a_constant():
    """The same constant, n - 2 of ln(2 pi) / 2, for any data and spreads."""
    missing = []
    for seed in range(3):
        x, groups, y, recorded = world(seed=seed)
        fit = fit_linear(x, groups, y, recorded)
        here = restricted(x, groups, y, recorded, fit.spreads, fit.residual_sd)
        missing.append(fit.evidence - here)
    assert missing == pytest.approx([0.5 * 80 * log(2 * np.pi)] * 3, abs=1e-6)


@pytest.mark.parametrize("start", [(-6.0, -6.0, 2.0), (2.0, 2.0, -4.0), (0.0, -8.0, 0.0)])
def test_the_optimum_is_one_wherever_the_search_begins(start):
    data = world()
    usual, other = fit_linear(*data), fit_linear(*data, np.array(start))
    assert other.evidence == pytest.approx(usual.evidence, abs=1e-3)
    assert other.spreads == pytest.approx(usual.spreads, rel=0.02)
    assert other.mean == pytest.approx(usual.mean, abs=0.01)


def test_without_groups_it_is_ordinary_least_squares():
    """With the unbiased variance of the residual."""
    x, _, y, _ = world()
    x = x[:, :5]
    fit = fit_linear(x, np.full(5, FREE), y, np.zeros(len(y)))
    b, (squares,), _, _ = np.linalg.lstsq(x, y, rcond=None)
    variance = squares / (len(y) - 5)
    assert fit.mean == pytest.approx(b, rel=1e-8)
    assert fit.residual_sd**2 == pytest.approx(variance, rel=1e-3)
    assert fit.covariance == pytest.approx(variance * np.linalg.inv(x.T @ x), rel=1e-3)
    assert len(fit.spreads) == 0


@pytest.mark.parametrize("seed", range(3))
def test_one_way_layout_in_balance_is_the_analysis_of_variance(seed):
    """s^2 is the mean square within, tau^2 (between - within) / m, and means shrink by it."""
    rng, m, k = np.random.default_rng(seed), 8, 20
    y = np.repeat(rng.standard_normal(k), m) + 0.7 * rng.standard_normal(k * m) + 3.0
    level = np.repeat(np.arange(k), m)
    x = np.column_stack([np.ones(k * m), level[:, None] == np.arange(k)]).astype(float)
    fit = fit_linear(x, np.array([FREE] + [0] * k), y, np.zeros(k * m))
    means = y.reshape(k, m).mean(axis=1)
    within = ((y.reshape(k, m) - means[:, None]) ** 2).sum() / (k * (m - 1))
    between = m * means.var(ddof=1)
    assert fit.residual_sd**2 == pytest.approx(within, rel=2e-3)
    assert fit.spreads[0] ** 2 == pytest.approx((between - within) / m, rel=5e-3)
    assert fit.mean[0] == pytest.approx(y.mean(), rel=1e-6)
    shrunk = (1 - within / between) * (means - y.mean())
    assert fit.mean[1:] == pytest.approx(shrunk, abs=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_crossed_effects_are_those_of_statsmodels(seed):
    """Two factors across each other, as wars and armies are: REML by another's optimiser.

    Both stop short of the optimum, on different scales; a thousandth of a standard error is
    a digit that no report shows.
    """
    rng, n, sizes = np.random.default_rng((11, seed)), 240, (10, 14)
    free = np.column_stack([np.ones(n), rng.standard_normal((n, 2))])
    pooled = [(rng.integers(0, k, n)[:, None] == np.arange(k)).astype(float) for k in sizes]
    effects = [tau * rng.standard_normal(k) for tau, k in zip((0.9, 0.5), sizes, strict=True)]
    y = free @ [1.5, -0.8, 0.4] + 0.7 * rng.standard_normal(n)
    y += sum(z @ b for z, b in zip(pooled, effects, strict=True))
    fit = fit_linear(np.hstack([free, *pooled]), np.repeat([FREE, 0, 1], (3, *sizes)), y, 0.0 * y)

    levels = [[[f"{k:02}" for k in range(size)]] for size in sizes]
    crossed = VCSpec(["army", "war"], levels, [[z] for z in pooled])
    theirs = MixedLM(y, free, groups=np.ones(n), exog_vc=crossed).fit(reml=True)
    error = np.sqrt(fit.covariance.diagonal())
    assert np.abs((fit.mean[:3] - theirs.fe_params) / error[:3]).max() < 1e-3
    assert error[:3] == pytest.approx(theirs.bse_fe, rel=5e-3)
    assert fit.spreads == pytest.approx(np.sqrt(theirs.vcomp), rel=5e-3)
    assert fit.residual_sd == pytest.approx(np.sqrt(theirs.scale), rel=1e-3)
    assert np.abs((fit.mean[3:] - theirs.random_effects[1.0]) / error[3:]).max() < 5e-3
    # Ours leaves out what the normal density's constant comes to.
    assert fit.evidence - theirs.llf == pytest.approx(0.5 * (n - 3) * log(2 * np.pi), abs=1e-3)


def test_levels_as_alike_as_chance_makes_them_are_taken_as_one():
    """A mean square between below that within: REML's spread is none, and so are the effects."""
    level, noise = np.arange(60) % 6, np.random.default_rng(0).standard_normal(60)
    for k in range(6):
        noise[level == k] -= noise[level == k].mean()
    x = np.column_stack([np.ones(60), level[:, None] == np.arange(6)]).astype(float)
    fit = fit_linear(x, np.array([FREE] + [0] * 6), 2.0 + noise, np.zeros(60))
    assert fit.spreads[0] < 0.02
    assert fit.mean[1:] == pytest.approx(0.0, abs=1e-3)


def alike(levels=6, n=60, seed=0):
    """Levels that are more alike than chance makes them: REML's spread is none."""
    level, noise = np.arange(n) % levels, np.random.default_rng(seed).standard_normal(n)
    for k in range(levels):
        noise[level == k] *= 0.1 if k else 1.0
        noise[level == k] -= noise[level == k].mean()
    x = np.column_stack([np.ones(n), level[:, None] == np.arange(levels)]).astype(float)
    return x, np.array([FREE] + [0] * levels), 2.0 + noise, np.zeros(n)


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_the_prior_keeps_a_spread_off_the_boundary_by_about_a_standard_error(rate):
    """Chung et al. 2013: ln L(0) - ln L is about (tau / error)^2 / 2, so the peak of tau L is 1."""
    data = alike()
    none, some = fit_linear(*data), fit_linear(*data, prior=Gamma(2.0, rate))
    assert none.spreads[0] < 0.02 < some.spreads[0]
    flat = [restricted(*data, [spread], some.residual_sd) for spread in (0.0, *some.spreads)]
    assert flat[0] - flat[1] == pytest.approx(0.5, abs=0.15)


def test_the_prior_is_in_what_is_maximised():
    """Against a search without slopes of the likelihood times tau e^(-rate tau), written out."""
    x, groups, y, recorded = world(seed=2)
    prior = Gamma(2.0, 0.7)
    fit = fit_linear(x, groups, y, recorded, prior=prior)

    def loss(logs):
        spreads = np.exp(logs[:2])
        log_prior = (np.log(spreads) - prior.rate * spreads).sum()
        return -restricted(x, groups, y, recorded, spreads, exp(logs[2])) - log_prior

    found = minimize(loss, np.zeros(3), method="Nelder-Mead",
                     options={"xatol": 1e-5, "fatol": 1e-8})  # fmt: skip
    assert [*fit.spreads, fit.residual_sd] == pytest.approx(np.exp(found.x), rel=0.005)
    errors = np.sqrt(np.linalg.inv(second(loss, found.x, 0.02)).diagonal())
    assert fit.spread_errors == pytest.approx(errors[:2], rel=0.03)


def test_a_spread_of_many_levels_is_known_to_the_root_of_twice_their_number():
    """The chi-square of k means: ln tau has the error 1 / sqrt(2 (k - 1)) where noise is small."""
    rng, k = np.random.default_rng(1), 50
    y = np.repeat(rng.standard_normal(k), 20) + 0.1 * rng.standard_normal(20 * k)
    x = np.column_stack([np.ones(20 * k), np.repeat(np.arange(k), 20)[:, None] == np.arange(k)])
    fit = fit_linear(x.astype(float), np.array([FREE] + [0] * k), y, np.zeros(20 * k))
    assert fit.spread_errors[0] == pytest.approx(1 / np.sqrt(2 * (k - 1)), rel=0.02)


def test_a_group_of_one_level_tells_nothing_of_its_spread():
    """The prior's peak, 1 / rate, and the error that it has there."""
    x = np.column_stack([np.ones(40), np.ones(40)])
    y = np.random.default_rng(0).standard_normal(40)
    fit = fit_linear(x, np.array([FREE, 0]), y, np.zeros(40), prior=Gamma(2.0, 0.5))
    assert fit.spreads[0] == pytest.approx(2.0, rel=0.02)
    assert fit.spread_errors[0] == pytest.approx(1.0, abs=0.01)
    unbound = fit_linear(x, np.array([FREE, 0]), y, np.zeros(40), prior=Gamma(2.0, 0.0))
    assert unbound.spread_errors[0] <= MOST_SPREAD_ERROR + 1e-9


def test_what_the_records_vary_by_is_not_of_the_battles():
    """With every record's variance known and equal, the residual is what is left of the whole."""
    x, _, y, _ = world()
    x, groups = x[:, :5], np.full(5, FREE)
    plain = fit_linear(x, groups, y, np.zeros(len(y)))
    less = fit_linear(x, groups, y, np.full(len(y), 0.2))
    assert less.residual_sd**2 == pytest.approx(plain.residual_sd**2 - 0.2, rel=5e-3)
    assert less.covariance == pytest.approx(plain.covariance, rel=5e-3)


def test_a_worse_record_counts_for_less():
    """Weighted least squares: two records of one number, weighted by their known precision."""
    y, recorded = np.array([1.0, 5.0, 1.2, 4.0]), np.array([0.0, 9.0, 0.0, 9.0])
    fit = fit_linear(np.ones((4, 1)), np.array([FREE]), y, recorded)
    weight = 1 / (fit.residual_sd**2 + recorded)
    assert fit.mean[0] == pytest.approx((weight * y).sum() / weight.sum())
    assert fit.mean[0] < 1.5


def test_a_column_of_nothing_has_no_free_coefficient():
    x, _, y, recorded = world()
    x = np.column_stack([np.ones(len(y)), np.zeros(len(y))])
    with pytest.raises(np.linalg.LinAlgError):
        fit_linear(x, np.full(2, FREE), y, recorded)


def events(n=300, seed=5):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.standard_normal((n, 2))])
    return rng, x


def test_without_groups_log_odds_are_of_the_greatest_likelihood():
    """Against a maximum found without derivatives of its own; the covariance by differences."""
    rng, x = events()
    event = (rng.random(len(x)) < expit(x @ [0.3, 1.0, -0.7])).astype(float)
    fit = fit_generalised(x, np.full(3, FREE), bernoulli(event))

    def loss(b):
        p = 1 / (1 + np.exp(-(x @ b)))
        return -np.log(np.where(event == 1, p, 1 - p)).sum()

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    assert fit.mean == pytest.approx(best.x, abs=1e-5)
    assert np.linalg.inv(fit.covariance) == pytest.approx(second(loss, fit.mean), rel=1e-4)
    assert np.abs(fit.mean - [0.3, 1.0, -0.7]).max() < 3 * np.sqrt(fit.covariance.diagonal()).max()


def second(f, at, h=1e-3):
    """Matrix of the second derivatives of f by central differences."""
    steps = h * np.eye(len(at))
    return np.array(
        [
            [sum(i * j * f(at + i * u + j * v) for i in (1, -1) for j in (1, -1)) for u in steps]
            for v in steps
        ]
    ) / (4 * h * h)


def test_one_constant_hazard_is_events_over_days():
    event, days = np.array([1.0, 1, 0, 1, 0, 1, 1]), np.array([1.0, 2, 8, 0.5, 3, 4, 2])
    fit = fit_generalised(np.ones((7, 1)), np.array([FREE]), weibull(event, days, 1.0))
    assert exp(fit.mean[0]) == pytest.approx(5 / 20.5)
    # Its logarithm is known to one over the root of the events.
    assert fit.covariance[0, 0] == pytest.approx(1 / 5)


@pytest.mark.parametrize("shape", [0.6, 1.0, 2.3])
def test_the_weibull_likelihood_is_that_of_its_distribution(shape):
    """Density of the events and survival of the rest, as scipy has them."""
    rng, x = events(40)
    eta, days = x @ [-0.5, 0.4, 0.2], rng.exponential(3.0, 40)
    event = (rng.random(40) < 0.7).astype(float)
    law = weibull_min(shape, scale=np.exp(-eta / shape))
    expected = np.where(event == 1, law.logpdf(days), law.logsf(days)).sum()
    assert -weibull(event, days, shape).loss(eta) == pytest.approx(expected)


def test_pace_and_odds_together_are_the_likelihood_of_the_outcome_law():
    """The two fits by themselves maximise what the two hazards of `laws.outcome` say."""
    nothing = (0.0,) * len(FEATURES)
    law = OutcomeLaw(Predictor((-0.7, -0.4), nothing, ()), Predictor((0.5, 1.2), nothing, ()), 1.6)
    rng = np.random.default_rng(4)
    a, d = rng.uniform(1e3, 1e5, (2, 30))
    days, won = rng.exponential(3.0, 30), rng.choice(["attacker", "defender", "draw"], 30)
    expected = 0.0
    for i in range(30):
        breaks, quits = law.rates(a[i] / d[i], a[i] + d[i], law.levels(nothing, "", ""))
        rate = {"attacker": breaks, "defender": quits, "draw": None}[won[i]]
        expected -= (breaks + quits) * days[i] ** 1.6
        expected += 0.0 if rate is None else log(rate * 1.6 * days[i] ** 0.6)
    pace, odds = -0.7 - 0.4 * np.log((a + d) / 1e4), 0.5 + 1.2 * np.log(a / d)
    decided = won != "draw"
    found = weibull(decided.astype(float), days, 1.6).loss(pace)
    found += bernoulli((won[decided] == "attacker").astype(float)).loss(odds[decided])
    assert -found == pytest.approx(expected)


FAMILIES = {
    "bernoulli": bernoulli(np.array([1.0, 0, 1, 1, 0])),
    "weibull": weibull(np.array([1.0, 0, 1, 1, 0]), np.array([0.5, 2, 1, 7, 3]), 1.7),
}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_slope_and_curvature_are_the_derivatives_of_the_loss(family):
    eta = np.array([-2.0, -0.3, 0.0, 0.9, 2.5])
    for i in range(5):
        h = 1e-4 * (np.arange(5) == i)
        slope = (family.loss(eta + h) - family.loss(eta - h)) / 2e-4
        bend = (family.slope(eta + h) - family.slope(eta - h))[i] / 2e-4
        assert family.slope(eta)[i] == pytest.approx(slope, rel=1e-6, abs=1e-7)
        assert family.curvature(eta)[i] == pytest.approx(bend, rel=1e-6, abs=1e-7)


def test_odds_far_out_have_a_loss_of_their_own_size():
    family = bernoulli(np.array([1.0, 0.0]))
    assert family.loss(np.array([-800.0, 800.0])) == pytest.approx(1600.0)
    assert np.isfinite(family.curvature(np.array([-800.0, 800.0]))).all()


def test_laplace_is_exact_where_the_likelihood_is_normal():
    """With a normal family of known variance the generalised fit is the linear one."""
    x, groups, y, _ = world()
    s2 = 0.36
    normal = Family(
        lambda eta: float(((y - eta) ** 2).sum() / (2 * s2)),
        lambda eta: (eta - y) / s2,
        lambda eta: np.full(len(y), 1 / s2),
    )
    fit = fit_generalised(x, groups, normal)
    found = minimize(
        lambda logs: -restricted(x, groups, y, np.zeros(len(y)), np.exp(logs), s2**0.5),
        np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6},
    )  # fmt: skip
    assert fit.spreads == pytest.approx(np.exp(found.x), rel=0.02)
    whole = covariance_of(x, groups, np.zeros(len(y)), fit.spreads, s2**0.5)
    inverse, free = np.linalg.inv(whole), x[:, groups == FREE]
    gls = np.linalg.solve(free.T @ inverse @ free, free.T @ inverse @ y)
    assert fit.mean[:2] == pytest.approx(gls, rel=1e-5)
    here = restricted(x, groups, y, np.zeros(len(y)), fit.spreads, s2**0.5)
    constant = 0.5 * len(y) * (log(2 * np.pi) + log(s2))
    assert fit.evidence - here == pytest.approx(constant, abs=1e-3)

    def loss(logs):
        likely = restricted(x, groups, y, np.zeros(len(y)), np.exp(logs), s2**0.5)
        return -likely - (logs - 0.5 * np.exp(logs)).sum()

    kept = fit_generalised(x, groups, normal, prior=Gamma(2.0, 0.5))
    found = minimize(loss, np.zeros(2), method="BFGS")
    assert kept.spreads == pytest.approx(np.exp(found.x), rel=0.02)
    errors = np.sqrt(np.linalg.inv(second(loss, found.x, 0.02)).diagonal())
    assert kept.spread_errors == pytest.approx(errors, rel=0.05)


def test_spread_of_log_odds_against_the_integrated_likelihood():
    """Laplace against integrating each level's effect out by Gauss and Hermite's quadrature."""
    rng, k, m, tau = np.random.default_rng(6), 60, 100, 1.0
    event = rng.random((k, m)) < expit(0.4 + tau * rng.standard_normal(k))[:, None]
    wins = event.sum(axis=1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)

    def loss(v):
        eta = v[0] + exp(v[1]) * nodes
        each = wins[:, None] * -np.logaddexp(0, -eta) + (m - wins)[:, None] * -np.logaddexp(0, eta)
        return -np.log(np.exp(each) @ weights / np.sqrt(2 * np.pi)).sum()

    best = minimize(loss, [0.0, 0.0], method="Nelder-Mead")
    x = np.column_stack([np.ones(k * m), np.repeat(np.eye(k), m, axis=0)])
    fit = fit_generalised(x, np.array([FREE] + [0] * k), bernoulli(event.ravel().astype(float)))
    # The fit integrates over the constant too, which the maximum likelihood does not: a spread
    # larger by the order of 1 / (2 k), and Laplace's own error.
    assert fit.mean[0] == pytest.approx(best.x[0], abs=0.02)
    assert fit.spreads[0] == pytest.approx(exp(best.x[1]), rel=0.03)


@pytest.mark.parametrize("start", [(-6.0,), (1.0,)])
def test_the_generalised_optimum_is_one_wherever_the_search_begins(start):
    rng, k = np.random.default_rng(2), 15
    x = np.column_stack([np.ones(300), np.tile(np.eye(k), (20, 1))])
    event = (rng.random(300) < expit(x @ np.append(0.3, rng.standard_normal(k)))).astype(float)
    groups = np.array([FREE] + [0] * k)
    usual = fit_generalised(x, groups, bernoulli(event))
    other = fit_generalised(x, groups, bernoulli(event), np.array(start))
    assert other.evidence == pytest.approx(usual.evidence, abs=1e-3)
    assert other.spreads == pytest.approx(usual.spreads, rel=0.02)


def test_estimates_and_spreads_are_right_on_the_whole():
    """A hundred worlds: deviations in standard errors are standard normal; spreads unbiased."""
    deviations, squares = [], []
    for seed in range(100):
        rng = np.random.default_rng((7, seed))
        x, groups, _, recorded = world(n=400, seed=seed)
        b = np.append((0.8, 0.7), 1.5)[groups] * np.where(
            groups == FREE, 1.0, rng.standard_normal(len(groups))
        )
        y = x @ b + np.sqrt(0.36 + recorded) * rng.standard_normal(400)
        fit = fit_linear(x, groups, y, recorded)
        deviations.append((fit.mean - b)[:5] / np.sqrt(fit.covariance.diagonal()[:5]))
        squares.append([*fit.spreads**2, fit.residual_sd**2])
    z = np.array(deviations)
    assert np.sqrt(100) * np.abs(z.mean(axis=0)).max() < 3.5
    # The mean square of 500 standard normals, few of them dependent, spreads by 0.063.
    assert (z**2).mean() == pytest.approx(1.0, abs=0.25)
    mean, error = np.mean(squares, axis=0), np.std(squares, axis=0) / np.sqrt(100)
    assert (np.abs(mean - [0.64, 0.49, 0.36]) < 3.5 * error).all()
