"""A fitted linear predictor: what the fit found, and one draw of it.

    eta = core . b + features . w + sum over groups of effects,

core the law's own terms (1, ln strengths, ln days), features those of `laws.circumstances`,
effects what battles of one war, campaign or army have in common. A level that the fit knows
has its effect with a standard error; a level that it doesn't know is drawn from the spread of
its group, so that a new war gets an honest, wider interval.

Limits. Effects are drawn independently of the coefficients and of each other, though the
constant and the known levels are correlated (negatively: intervals of known levels come out
somewhat too wide). The spread of a group counts as known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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

    ``weights`` of the features; ``armies`` has the effect of each nation, by group.
    """

    core: tuple[float, ...]
    weights: tuple[float, ...]
    armies: tuple[Mapping[str, float], ...]

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """The predictor without the other core terms: constant, features, armies' effects.

        ``attacker``, ``defender``: nations, as the draw was asked for.
        """
        eta = float(self.core[0] + sum(map(mul, self.weights, features)))
        for effects, nation in zip(self.armies, (attacker, defender), strict=False):
            eta += effects[nation]
        return eta


@dataclass(frozen=True, slots=True)
class Effects:
    """A group's spread, and the estimate and standard error of each level that is known."""

    spread: float
    levels: Mapping[str, tuple[float, float]]

    def of(self, level: str) -> tuple[float, float]:
        """Estimate and standard error of a level; nothing and the spread if it is new."""
        return self.levels.get(level, (0.0, self.spread))


@dataclass(frozen=True)
class Fit:
    """One linear predictor's fit.

    ``estimates``: (p,) core first, then features; ``covariance``: (p, p). ``residual_sd``:
    spread of one battle about the predictor; ``recorded_sd``: typical error of a record, which
    the residual leaves out.
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
    def factor(self) -> Array:
        """Lower Cholesky factor of the covariance. Raises LinAlgError if it has none."""
        import numpy as np

        return np.asarray(np.linalg.cholesky(self.covariance))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the coefficients, in the order of the estimates."""
        return (*self.terms.core, *self.terms.features)

    def predict(
        self, core: Sequence[float], features: Sequence[float], circumstances: Circumstances
    ) -> tuple[float, float]:
        """Mean and variance of the predictor for one engagement, residual not included.

        ``core``: values of the core terms. ``features``: in the order of FEATURES.
        """
        import numpy as np

        chosen = dict(zip(FEATURES, features, strict=True))
        x = np.array([*core, *(chosen[name] for name in self.terms.features)])
        mean, variance = float(x @ self.estimates), float(x @ self.covariance @ x)
        for group, effects in self.effects.items():
            estimate, error = effects.of(circumstances.level(group))
            mean += estimate
            variance += error**2
        return mean, variance

    def inputs(self, nations: Sequence[str]) -> tuple[str, ...]:
        """Names of the standard normals that a draw takes, for these nations' armies."""
        names = list(self.parameters)
        for group in self.effects:
            names += [f"{group}.{n}" for n in nations] if group in NATIONS else [group]
        return tuple(f"{self.name}.{name}" for name in names)

    def draw(self, z: Sequence[float], armies: Mapping[str, str]) -> Predictor:
        """The predictor at one draw, in a war and a campaign that the fit doesn't know.

        ``z``: standard normals in the order of ``inputs(tuple(armies))``. ``armies``: level
        of each nation (`circumstances.nation_level`).
        """
        import numpy as np

        size = len(self.parameters)
        drawn = (self.estimates + self.factor @ np.asarray(z[:size], dtype=np.float64)).tolist()
        core, rest = drawn[: len(self.terms.core)], drawn[len(self.terms.core) :]
        weights = dict(zip(self.terms.features, rest, strict=True))
        normals = iter(z[size:])
        found = []
        for group, effects in self.effects.items():
            if group not in NATIONS:
                core[0] += effects.spread * next(normals)
                continue
            known = {nation: effects.of(level) for nation, level in armies.items()}
            found.append({n: mean + sd * next(normals) for n, (mean, sd) in known.items()})
        return Predictor(
            tuple(core), tuple(weights.get(name, 0.0) for name in FEATURES), tuple(found)
        )
