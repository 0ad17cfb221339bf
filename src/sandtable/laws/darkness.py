"""When it is dark: sunrise, sunset and twilight of a place and a day, in closed form.

    cos H = (sin h - sin L sin D) / (cos L cos D)        noon = 1/2 - longitude / 360 + zone - E

H half of the day on which the sun is above the altitude h, as an angle; L latitude, D declination,
E equation of time, zone and noon in days. D and E after J. W. Spencer, Fourier series
representation of the position of the sun, Search 2 (1971), 172. Good to two minutes between the
polar circles; the sun's centre stands 0.833 degrees below the horizon at sunrise (refraction and
its radius) and 6 degrees at civil twilight, which is taken for the edge of darkness.
"""

from __future__ import annotations

from math import acos, cos, pi, radians, sin

SUNRISE, CIVIL = -0.833, -6.0
"""Altitude of the sun in degrees at sunrise and sunset, at the edges of civil twilight."""


def declination(day: int) -> float:
    """Declination of the sun in radians on a day of the year (1 to 366)."""
    g = 2.0 * pi * (day - 1) / 365.0
    return (
        0.006918 - 0.399912 * cos(g) + 0.070257 * sin(g) - 0.006758 * cos(2 * g)
        + 0.000907 * sin(2 * g) - 0.002697 * cos(3 * g) + 0.00148 * sin(3 * g)
    )  # fmt: skip


def equation_of_time(day: int) -> float:
    """By how much the sun is ahead of mean time on a day of the year, in days."""
    g = 2.0 * pi * (day - 1) / 365.0
    return (
        0.000075 + 0.001868 * cos(g) - 0.032077 * sin(g) - 0.014615 * cos(2 * g)
        - 0.040849 * sin(2 * g)
    ) / (2.0 * pi)  # fmt: skip


def half_day(latitude: float, day: int, altitude: float = CIVIL) -> float:
    """Half of the time for which the sun is above an altitude (degrees), in days: 0 to 0.5."""
    at, sun = radians(latitude), declination(day)
    angle = (sin(radians(altitude)) - sin(at) * sin(sun)) / (cos(at) * cos(sun))
    return acos(min(1.0, max(-1.0, angle))) / (2.0 * pi)


def light(
    latitude: float, longitude: float, zone: float, day: int, altitude: float = CIVIL
) -> tuple[float, float]:
    """When the sun comes above an altitude and goes below it, as parts of a day from midnight.

    ``zone``: by how much the clock is ahead of Greenwich, in days. Either may lie outside 0 to 1
    where the clock is far from the sun's.
    """
    noon = 0.5 - longitude / 360.0 + zone - equation_of_time(day)
    half = half_day(latitude, day, altitude)
    return noon - half, noon + half
