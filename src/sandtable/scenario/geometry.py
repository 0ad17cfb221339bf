"""Distances on the globe."""

from __future__ import annotations

import math
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the GRS 80 ellipsoid, (2a + b) / 3 (Moritz 2000, Journal of Geodesy 74)."""


class Located(Protocol):
    """Anything with a latitude and a longitude in degrees."""

    @property
    def lat(self) -> float:
        """North of the equator."""
        ...

    @property
    def lon(self) -> float:
        """East of Greenwich."""
        ...


def great_circle_km(a: Located, b: Located) -> float:
    """Return the great-circle distance in km between two places, by the haversine formula."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    square = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    # Rounding may carry the square past 1 for antipodes.
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, square)))
