"""Darkness at the places of a campaign, and what fighting and marching by night come to."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf
from typing import TYPE_CHECKING, NamedTuple

from sandtable.engine.state import Column
from sandtable.laws.darkness import light
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.vocabulary import Mobility

if TYPE_CHECKING:
    from sandtable.engine.assessment import Line
    from sandtable.engine.world import World

MOMENT = 1e-9
"""Days within which a moment counts as come; the rest is rounding."""
SHORTEST = 0.01
"""Days below which there is no night, but for the drift of noon from one day to the next."""
LONGEST = 400
"""Days within which a night comes at any latitude, if one ever does."""


class Night(NamedTuple):
    """From the end of civil twilight in the evening to its beginning in the morning, in days."""

    start: float
    end: float


class Nights:
    """The nights at each place, in days from H-hour."""

    def __init__(self, scenario: ResolvedScenario) -> None:
        self._places, self._calendar = scenario.places_by_id, scenario.calendar
        self._found: dict[str, Night] = {}

    def at(self, place: str, now: float) -> Night:
        """The night that is on at a place, or else the next; never (inf) where none comes."""
        night = self._found.get(place)
        if night is None or not night.start - 1.0 <= now < night.end - MOMENT:
            night = self._found[place] = self._look(place, now)
        return night

    def _look(self, place: str, now: float) -> Night:
        today = floor(now + self._calendar.day_fraction)
        for day in range(today - 1, today + LONGEST):
            start, end = self._light(place, day)[1], self._light(place, day + 1)[0]
            if end - start > SHORTEST and end > now + MOMENT:
                return Night(start, end)
        return Night(inf, inf)

    def _light(self, place: str, day: int) -> tuple[float, float]:
        """When light comes to a place and goes; ``day`` 0 is that of H-hour."""
        at, calendar = self._places[place], self._calendar
        offset = calendar.h_hour.utcoffset()
        # A clock without a zone is taken for the sun's own.
        zone = at.lon / 360.0 if offset is None else offset.total_seconds() / 86400.0
        number = calendar.date_of_day(day + 1).timetuple().tm_yday
        comes, goes = light(at.lat, at.lon, zone, number)
        return day + comes - calendar.day_fraction, day + goes - calendar.day_fraction


def is_dark(world: World, place: str) -> bool:
    """Whether it is night at a place."""
    return world.nights.at(place, world.env.now).start <= world.env.now + MOMENT


def rests(world: World, column: Column, place: str) -> bool:
    """Whether a column that attacks by night only waits for darkness before a place."""
    return column.attacks_by_night and not is_dark(world, place)


def days_to_twilight(world: World, place: str) -> float:
    """Days until night falls at a place, or until it ends."""
    now, night = world.env.now, world.nights.at(place, world.env.now)
    return (night.end if night.start <= now + MOMENT else night.start) - now


def darkness_of(world: World, lines: Sequence[Line]) -> tuple[bool, float]:
    """Whether all is fought out by night, and days of the battle in a day of such fighting.

    A night's fighting counts as a day's, whose quiet night the table counts with it: then the
    battle's day passes in the hours of darkness, and none by day.
    """
    if not all(line.engagement.by_night() for line in lines):
        return False, 1.0
    night = world.nights.at(lines[0].engagement.node.id, world.env.now)
    return True, 1.0 / (night.end - night.start)


def march_factor(world: World, column: Column, mobility: Mobility, place: str) -> float:
    """Factor (0-1) on the rate of a column that marches by night only.

    Darkness slows it, and a night shorter than a day's march cuts the march short.
    """
    if not column.marches_by_night:
        return 1.0
    figures, night = world.planning.night, world.nights.at(place, world.env.now)
    slowed = figures.foot if mobility in ("foot", "horse") else figures.vehicle
    hours = 24.0 * (night.end - night.start) if night.start < inf else 0.0
    return max(slowed * min(1.0, hours / figures.march_hours), LEAST)


LEAST = 0.05
"""Least factor on a march where there is hardly any night."""
