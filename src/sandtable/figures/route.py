"""Axes of advance as lines on the ground: kilometres along them, and where a front stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandtable.figures.style import Floats
from sandtable.scenario.resolved import Axis, Place, ResolvedScenario


@dataclass(frozen=True, slots=True)
class Route:
    """An axis of advance: its places, and the km along the legs at which each lies."""

    axis: Axis
    places: tuple[Place, ...]
    km: Floats
    lon: Floats
    lat: Floats

    def at(self, km: float) -> tuple[float, float]:
        """Return longitude and latitude of the point ``km`` along the axis, ends included."""
        return float(np.interp(km, self.km, self.lon)), float(np.interp(km, self.km, self.lat))

    def between(self, start: float, end: float) -> list[tuple[float, float]]:
        """Return the line of the axis from km ``start`` to km ``end``, places on it included."""
        passed = self.km[(self.km > start) & (self.km < end)]
        return [self.at(float(km)) for km in (start, *passed, end)]


def routes_of(resolved: ResolvedScenario) -> list[Route]:
    """Return every axis of advance as a route.

    Distances are the cumulated lengths of the legs between consecutive places. Raises
    SandtableError where no leg joins two of them.
    """
    return [_route(axis, resolved) for axis in resolved.axes]


def _route(axis: Axis, resolved: ResolvedScenario) -> Route:
    along = tuple(resolved.places_by_id[id] for id in axis.places)
    return Route(
        axis,
        along,
        np.array(resolved.km_along(axis)),
        np.array([place.lon for place in along]),
        np.array([place.lat for place in along]),
    )
