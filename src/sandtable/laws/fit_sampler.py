"""Draws of one fitted predictor, for the armies of one scenario in a war that is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING

from sandtable.laws.circumstances import FEATURES
from sandtable.laws.fitted import NATIONS, Fit, Predictor

if TYPE_CHECKING:
    from sandtable.laws.fitted import Array

Army = tuple[str, str]
"""A group of NATIONS and a nation."""


@dataclass(frozen=True)
class FitSampler:
    """How a fit is drawn: which standard normals it takes, each with a name.

    ``armies``: level of each nation (`circumstances.nation_level`). Nations of one level field
    one army and share its effect; an empty level is an army of which nothing is known.
    """

    fit: Fit
    armies: Mapping[str, str]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the standard normals of a draw.

        First the coefficients, then the known armies, drawn together; then war and campaign,
        unknown armies, and the spreads of the groups in which something is new.
        """
        names = [*self.fit.coefficients, *map(".".join, self._known)]
        names += [*self._wars, *map(".".join, self._unknown)]
        names += [f"{group}.spread" for group in self._spreads]
        return tuple(f"{self.fit.name}.{name}" for name in names)

    @cached_property
    def _sources(self) -> dict[Army, Army]:
        """Whose effect each army has: its own, or that of the first nation of its level."""
        first: dict[Army, Army] = {}
        found = {}
        for nation, level in self.armies.items():
            for group in NATIONS:
                if group in self.fit.effects:
                    army = group, nation
                    found[army] = first.setdefault((group, level), army) if level else army
        return found

    @cached_property
    def _known(self) -> tuple[Army, ...]:
        armies = dict.fromkeys(self._sources.values())
        return tuple(army for army in armies if self._level(army) in self.fit.armies)

    @cached_property
    def _unknown(self) -> tuple[Army, ...]:
        armies = dict.fromkeys(self._sources.values())
        return tuple(army for army in armies if self._level(army) not in self.fit.armies)

    def _level(self, army: Army) -> tuple[str, str]:
        group, nation = army
        return group, self.armies[nation]

    @cached_property
    def _wars(self) -> tuple[str, ...]:
        """Groups of which a campaign is always a new level."""
        return tuple(group for group in self.fit.effects if group not in NATIONS)

    @cached_property
    def _spreads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._wars, *(group for group, _ in self._unknown))))

    @cached_property
    def _joint(self) -> tuple[Array, Array]:
        """Estimates of coefficients and known armies, and the Cholesky factor of their covariance.

        Coefficients first: no army changes their draw, nor one that comes later an earlier one's.
        """
        import numpy as np

        fit = self.fit
        places = [*range(len(fit.coefficients)), *(fit.armies[self._level(a)] for a in self._known)]
        factor = np.linalg.cholesky(fit.covariance[np.ix_(places, places)])
        return fit.estimates[places], np.asarray(factor)

    def draw(self, z: Sequence[float]) -> Predictor:
        """The predictor at one draw; ``z``: standard normals in the order of `inputs`."""
        import numpy as np

        estimates, factor = self._joint
        fit, size = self.fit, len(estimates)
        drawn = (estimates + factor @ np.asarray(z[:size], dtype=np.float64)).tolist()
        new = [*((group, "") for group in self._wars), *self._unknown]
        spreads = dict(zip(self._spreads, z[size + len(new) :], strict=True))
        effects = {
            one: fit.effects[one[0]].new(normal, spreads[one[0]])
            for one, normal in zip(new, z[size:], strict=False)
        }
        first, last = len(fit.terms.core), len(fit.coefficients)
        effects |= zip(self._known, drawn[last:], strict=True)
        constant = drawn[0] + fsum([effects[group, ""] for group in self._wars])
        weights = dict(zip(fit.terms.features, drawn[first:last], strict=True))
        return Predictor(
            (constant, *drawn[1:first]),
            tuple([weights.get(name, 0.0) for name in FEATURES]),
            self._armies(effects),
        )

    def _armies(self, effects: Mapping[Army, float]) -> tuple[Mapping[str, float], ...]:
        """Effects of each nation as attacker and as defender, 0 where the fit has none."""
        if not self._sources:
            return ()
        return tuple(
            {
                nation: effects[self._sources[group, nation]] if group in self.fit.effects else 0.0
                for nation in self.armies
            }
            for group in NATIONS
        )
