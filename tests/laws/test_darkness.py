"""Sunrise, sunset and twilight against published almanacs, and what must hold anywhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.darkness import CIVIL, SUNRISE, declination, equation_of_time, half_day, light

DAYS = st.integers(1, 365)


def hours(clock: str) -> float:
    hour, minute = clock.split(":")
    return int(hour) + int(minute) / 60.0


# Clock times of the standard zone, as almanacs give them.
ALMANAC = [
    ("London", 51.51, -0.13, 0, (6, 21), SUNRISE, "3:43", "20:21"),
    ("London", 51.51, -0.13, 0, (12, 21), SUNRISE, "8:04", "15:53"),
    ("London", 51.51, -0.13, 0, (12, 21), CIVIL, "7:23", "16:34"),
    ("Tokyo", 35.68, 139.69, 9, (6, 21), SUNRISE, "4:25", "19:00"),
    ("Tokyo", 35.68, 139.69, 9, (12, 22), SUNRISE, "6:47", "16:32"),
    ("Moscow", 55.75, 37.62, 3, (6, 21), SUNRISE, "3:44", "21:18"),
    ("Sydney", -33.87, 151.21, 10, (12, 21), SUNRISE, "4:41", "19:05"),
    ("Quito", -0.18, -78.47, -5, (3, 20), SUNRISE, "6:18", "18:24"),
]


@pytest.mark.parametrize(
    ("name", "lat", "lon", "zone", "when", "altitude", "rise", "set_"), ALMANAC
)
def test_almanacs(name, lat, lon, zone, when, altitude, rise, set_):
    day = date(1939, *when).timetuple().tm_yday
    found = light(lat, lon, zone / 24.0, day, altitude)
    for part, clock in zip(found, (rise, set_), strict=True):
        assert 24.0 * part == pytest.approx(hours(clock), abs=4.0 / 60.0), name


def test_the_sun_through_the_year():
    """23.44 degrees at the solstices, none at the equinoxes; 16 minutes ahead in November."""
    degrees = [57.29578 * declination(day) for day in (172, 355, 80, 266)]
    assert degrees == pytest.approx([23.44, -23.44, 0.0, 0.0], abs=0.5)
    minutes = [1440.0 * equation_of_time(day) for day in range(1, 366)]
    assert max(minutes) == pytest.approx(16.4, abs=0.3)
    assert min(minutes) == pytest.approx(-14.2, abs=0.3)


@given(st.floats(-65.0, 65.0), DAYS)
def test_both_hemispheres_share_the_light(latitude, day):
    """What is above the horizon here is below it at the antipode."""
    here, there = half_day(latitude, day, 0.0), half_day(-latitude, day, 0.0)
    assert here + there == pytest.approx(0.5, abs=1e-9)
    assert half_day(latitude, day, CIVIL) >= half_day(latitude, day, SUNRISE) >= here


def test_beyond_the_polar_circle_it_never_darkens_or_never_dawns():
    assert half_day(80.0, 172) == 0.5
    assert half_day(80.0, 355) == 0.0
