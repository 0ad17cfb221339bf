"""From circumstances to a fitted predictor: designs, and fits in their own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from sandtable.battles.mixed import (
    FREE,
    Gamma,
    Matrix,
    Posterior,
    Vector,
    bernoulli,
    fit_generalised,
    fit_linear,
    weibull,
)
from sandtable.laws.circumstances import FEATURES, Circumstances
from sandtable.laws.fitted import NATIONS, Effects, Fit, Terms

_FACTORS = 0
_SHAPES = (0.3, 5.0)
SPREADS = Gamma(2.0, 0.5)
"""Prior of the spreads of factors, wars, campaigns and armies (Chung et al. 2013).

Its peak is at 2, a factor of 7 either way: far above any that the table shows."""


@dataclass(frozen=True, slots=True)
class Design:
    """Columns of a regression: core terms, features, then the levels of each group.

    ``x``: (n, p); ``groups``: (p,) as `mixed` takes them; ``levels``: names by group.
    """

    terms: Terms
    levels: dict[str, list[str]]
    x: Matrix
    groups: npt.NDArray[np.int_]


def design(
    terms: Terms, core: Matrix, features: Matrix, battles: Sequence[Circumstances]
) -> Design:
    """Build the design of n battles.

    ``core``: (n, len(terms.core)) values of the core terms; ``features``: (n, len(FEATURES)),
    of which the terms take their own.
    """
    columns = [core, features[:, [FEATURES.index(name) for name in terms.features]]]
    members = [FREE] * len(terms.core) + [_FACTORS] * len(terms.features)
    levels = {}
    last = _FACTORS if terms.features else FREE
    for group in terms.groups:
        level = np.array([battle.level(group) for battle in battles])
        levels[group] = names = [str(name) for name in np.unique(level) if name]
        if names:
            last += 1
            columns.append((level[:, None] == np.array(names)).astype(np.float64))
            members += [last] * len(names)
    return Design(terms, levels, np.column_stack(columns), np.array(members))


def linear(
    name: str, design: Design, y: Vector, recorded: Vector, start: Vector | None = None
) -> tuple[Fit, Vector, Vector]:
    """Fit a linear predictor; also what it leaves of y, (n,), and a start for a similar fit.

    ``recorded``: variances, (n,).
    """
    posterior = fit_linear(design.x, design.groups, y, recorded, start, SPREADS)
    typical = float(np.sqrt(recorded.mean()))
    left = y - design.x @ posterior.mean
    return _fit(name, design, posterior, typical), left, posterior.logs


def logistic(
    name: str, design: Design, event: Vector, start: Vector | None = None
) -> tuple[Fit, Vector]:
    """Fit log-odds of events (1 or 0); also a start for a similar fit."""
    posterior = fit_generalised(design.x, design.groups, bernoulli(event), start, SPREADS)
    return _fit(name, design, posterior, 0.0), posterior.logs


def duration(name: str, design: Design, event: Vector, days: Vector) -> tuple[Fit, float]:
    """Fit the hazard of events (1) or none (0) within days, and the shape of its growth."""

    def posterior(shape: float) -> Posterior:
        family = weibull(event, days, shape)
        return fit_generalised(design.x, design.groups, family, prior=SPREADS)

    best = minimize_scalar(
        lambda shape: -posterior(shape).evidence, bounds=_SHAPES, method="bounded",
        options={"xatol": 1e-3},
    )  # fmt: skip
    shape = float(best.x)
    return _fit(name, design, posterior(shape), 0.0), shape


def _fit(name: str, design: Design, posterior: Posterior, recorded_sd: float) -> Fit:
    at = len(design.terms.core) + len(design.terms.features)
    # What is known of coefficients and armies is kept together: a campaign draws both.
    kept, effects = list(range(at)), {}
    of_groups = slice(1 if design.terms.features else 0, None)
    known = zip(posterior.spreads[of_groups], posterior.spread_errors[of_groups], strict=True)
    errors = np.sqrt(posterior.covariance.diagonal())
    for group, names in design.levels.items():
        # Where no battle has a level, nothing is known of the group: it has no effects.
        spread, spread_error = next(known) if names else (0.0, 0.0)
        places = range(at, at + len(names))
        found = [(float(posterior.mean[i]), float(errors[i])) for i in places]
        effects[group] = Effects(
            float(spread), float(spread_error), dict(zip(names, found, strict=True))
        )
        kept += places if group in NATIONS else ()
        at += len(names)
    return Fit(
        name, design.terms, effects, posterior.mean[kept], posterior.covariance[np.ix_(kept, kept)],
        posterior.residual_sd, recorded_sd, len(design.x),
    )  # fmt: skip
