"""Where a point lies on the map of a report: whole units, x to the east and y to the south."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandtable.figures.base_map import KM_PER_DEGREE, Bounds
from sandtable.figures.campaign_map import extent
from sandtable.scenario.resolved import ResolvedScenario

ACROSS = 8000
"""Units from the western to the eastern edge of the map as it opens: eight to a pixel or so."""
_RATIO = 0.75
"""Height of the map by its width, as it opens."""
_BEYOND = 1.0
"""How far the ground goes on beyond each edge, by the width and height of the map."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Equirectangular, true to scale at the middle latitude of ``bounds``, as the figures are."""

    bounds: Bounds

    @classmethod
    def of(cls, resolved: ResolvedScenario) -> Projection:
        """Return the projection whose map holds the fighting of a scenario."""
        return cls(Bounds.of(*extent(resolved), _RATIO))

    @property
    def height(self) -> int:
        """Units from the northern to the southern edge."""
        return round(ACROSS * _RATIO)

    @property
    def km(self) -> float:
        """Kilometres of one unit."""
        bounds = self.bounds
        return (bounds.east - bounds.west) * bounds.shrink * KM_PER_DEGREE / ACROSS

    @property
    def wide(self) -> tuple[float, float, float, float]:
        """Edges of what is drawn, in units: west, north, east, south."""
        across, down = _BEYOND * ACROSS, _BEYOND * self.height
        return -across, -down, ACROSS + across, self.height + down

    def units(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return longitudes and latitudes, shape (n, 2), in units."""
        bounds = self.bounds
        scale = ACROSS / (bounds.east - bounds.west)
        x = (points[:, 0] - bounds.west) * scale
        y = (bounds.north - points[:, 1]) * scale / bounds.shrink
        return np.column_stack([x, y])

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        """Return a point in whole units."""
        x, y = self.units(np.array([[lon, lat]]))[0].tolist()
        return math.floor(x + 0.5), math.floor(y + 0.5)
