"""A fitted linear predictor: what the fit found, and one draw of it.

    eta = core . b + features . w + sum over groups of effects,

core the law's own terms (1, ln strengths, ln days), features those of `laws.circumstances`,
effects what battles of one war, campaign or army have in common. Coefficients and the effects
of known armies have a joint normal posterior and are drawn together. A level that the fit
doesn't know is drawn from the spread of its group, which is itself known with an error (ln of it
is normal), so that a new war gets an honest, wider interval:

    u = tau exp(v z') z,    tau the spread, v the error of its logarithm, z and z' standard normals

Limits. In a prediction of a battle whose war and campaign are known, their effects count as
independent of the coefficients, with which they are correlated (negatively with the constant: such
intervals come out somewhat too wide). The errors of two groups' spreads are drawn apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, fsum
from operator import mul
from typing import TYPE_CHECKING

from sandtable.laws.circumstances import FEATURES, Circumstances

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

LEAST_TIME_EXPONENT = 0.05
"""A draw far out in the tail of its estimate may not turn time back."""

NATIONS = ("attacking-nation", "defending-nation")
"""Groups whose levels are armies; the others are the same for a whole campaign."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Names of what a predictor is made of: core terms, features, groups of effects."""

    core: tuple[str, ...]
    features: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predictor:
    """One draw: ``core`` coefficients (the first, the constant, holds the war's effects).

    ``weights`` of the features; ``armies`` has the effect of each nation as attacker and as
    defender, and is empty where armies have none.
    """

    core: tuple[float, ...]
    weights: tuple[float, ...]
    armies: tuple[Mapping[str, float], ...]

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """The predictor without the other core terms: constant, features, armies' effects.

        ``attacker``, ``defender``: nations, as the draw was asked for.
        """
        eta = float(self.core[0] + fsum(map(mul, self.weights, features)))
        for effects, nation in zip(self.armies, (attacker, defender), strict=False):
            eta += effects[nation]
        return eta


@dataclass(frozen=True, slots=True)
class Effects:
    """A group's spread with the error of its logarithm; estimate and error of each known level."""

    spread: float
    spread_error: float
    levels: Mapping[str, tuple[float, float]]

    def of(self, level: str) -> tuple[float, float]:
        """Estimate and standard error of a level; one that is new has 0 and `new_spread`."""
        return self.levels.get(level, (0.0, self.new_spread))

    @property
    def new_spread(self) -> float:
        """Standard deviation of a new level's effect, its spread's own error in it."""
        return self.spread * exp(self.spread_error**2)

    def new(self, z: float, z_spread: float) -> float:
        """The effect of a new level at one draw, from two standard normals."""
        return self.spread * exp(self.spread_error * z_spread) * z


@dataclass(frozen=True)
class Fit:
    """One linear predictor's fit.

    ``estimates``: (p,) core first, then features, then the known armies; ``covariance``:
    (p, p). ``residual_sd``: spread of one battle about the predictor; ``recorded_sd``: typical
    error of a record, which the residual leaves out.
    """

    name: str
    terms: Terms
    effects: Mapping[str, Effects]
    estimates: Array
    covariance: Array
    residual_sd: float
    recorded_sd: float
    battles: int

    @cached_property
    def armies(self) -> dict[tuple[str, str], int]:
        """Where each known army stands in the estimates, by group and level."""
        known = [
            (group, level)
            for group, effects in self.effects.items()
            if group in NATIONS
            for level in effects.levels
        ]
        first = len(self.coefficients)
        return dict(zip(known, range(first, first + len(known)), strict=True))

    @cached_property
    def coefficients(self) -> tuple[str, ...]:
        """Names of core terms and features, which the estimates begin with."""
        return (*self.terms.core, *self.terms.features)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of all estimates, an army's as ``<group>.<level>``."""
        return (*self.coefficients, *map(".".join, self.armies))

    def predict(
        self, core: Sequence[float], features: Sequence[float], circumstances: Circumstances
    ) -> tuple[float, float]:
        """Mean and variance of the predictor for one engagement, residual not included.

        ``core``: values of the core terms. ``features``: in the order of FEATURES.
        """
        import numpy as np

        chosen = dict(zip(FEATURES, features, strict=True))
        x = np.zeros(len(self.estimates))
        x[: len(self.coefficients)] = *core, *(chosen[name] for name in self.terms.features)
        mean = variance = 0.0
        for group, effects in self.effects.items():
            level = circumstances.level(group)
            if (group, level) in self.armies:
                x[self.armies[group, level]] = 1.0
            else:
                estimate, error = effects.of(level)
                mean, variance = mean + estimate, variance + error**2
        return mean + float(x @ self.estimates), variance + float(x @ self.covariance @ x)
