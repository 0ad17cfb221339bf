"""What is sound in a scenario and yet hardly meant: warnings, apart from faults.

A fault keeps a scenario from being run; what is listed here runs, but not as its author will
have thought. Claims are held against it in `comparison.plausibility`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import Doubt, nearest
from sandtable.evidence import ALL_SIDES
from sandtable.laws.advance import MOBILITY
from sandtable.laws.planning_file import load_planning
from sandtable.ranges import Uncertain
from sandtable.scenario.findings import Findings
from sandtable.scenario.geometry import great_circle_km
from sandtable.scenario.ground import read_ground
from sandtable.scenario.resolved import Axis, Formation, ResolvedScenario
from sandtable.vocabulary import Echelon

if TYPE_CHECKING:
    from sandtable.scenario.load import Scenario

FAR_KM = 1000.0
"""Farther than this from every other place, a place lies in another theatre."""
FAR_RATIO = 20.0
"""So many times the usual distance to the next place, too."""
SAME_POINT_KM = 0.05
NEAR_DEGREES = 1.0
"""A feature of a map lies elsewhere if it is farther from the places than this and their extent."""
WINDING = 5.0
SHORT_KM = 20.0
"""A leg is a slip that is longer than WINDING times the straight line and SHORT_KM more."""
MEN: Mapping[Echelon, tuple[float, float]] = {
    "battalion": (50, 5_000), "regiment": (150, 20_000), "brigade": (200, 40_000),
    "division": (500, 60_000), "corps": (1_000, 300_000), "army": (1_000, 1_000_000),
}  # fmt: skip
"""Men of a formation, from one worn to a tenth to one twice the largest: a digit too many or too
few lies outside."""
MEN_A_TANK = 3.0
"""A tank's crew; with fewer men a tank, the tanks have none."""
_YEAR = len("1945")


@dataclass(frozen=True)
class _Look:
    """A scenario, or one phase of it, with all that its warnings are told from."""

    scenario: Scenario
    central: ResolvedScenario

    @cached_property
    def fighting(self) -> list[Formation]:
        """The formations with men of their own: combat formations and services."""
        return [f for f in self.central.formations if f.type != "headquarters"]

    @cached_property
    def axis_of(self) -> Mapping[str, Axis]:
        """The axis of each formation that marches on one."""
        return {name: axis for axis in self.central.axes for name in axis.formations}

    def coalition(self, axis: Axis) -> str:
        return self.central.formations_by_id[axis.formations[0]].coalition

    def doubt(self, key: str, found: str, expected: str, near: str | None = None) -> Doubt:
        return Doubt(self.scenario.file_of(key), key, found, expected, near)


def doubts(scenario: Scenario) -> list[Doubt]:
    """Return what is hardly meant in a scenario, by file and key."""
    whole = scenario.sampler.central()
    parts = [_Look(scenario, part) for part in whole.phases or (whole,)]
    found: dict[Doubt, None] = {}
    for check in CHECKS.values():
        looks = [_Look(scenario, whole)] if check in _OF_THE_WHOLE else parts
        found |= dict.fromkeys(doubt for look in looks for doubt in check(look))
    return sorted(found, key=lambda doubt: (doubt.file, doubt.key))


def _strengths(look: _Look) -> Iterator[Doubt]:
    for formation in look.fighting:
        key, men = f"formation.{formation.id}", formation.personnel
        if men <= 0.0:
            yield look.doubt(f"{key}.personnel", "0", "men: without any it takes no part")
            continue
        if formation.combatant and formation.effectiveness <= 0.0:
            allowed = "a value above 0: at 0 it does not fight"
            yield look.doubt(f"{key}.effectiveness", "0", allowed)
        low, high = MEN.get(formation.echelon, (0.0, math.inf))
        if not low <= men <= high:
            expected = f"{low:,.0f} to {high:,.0f} men in a {formation.echelon}"
            yield look.doubt(f"{key}.personnel", f"{men:,.0f}", expected)
        if formation.tanks * MEN_A_TANK > men:
            found = f"{formation.tanks:,.0f} tanks with {men:,.0f} men"
            expected = f"at least {MEN_A_TANK:g} men a tank"
            yield look.doubt(f"{key}.tanks", found, expected)


def _starts(look: _Look) -> Iterator[Doubt]:
    """Enemies in one place, and columns that begin among the enemy."""
    by_place: dict[str, dict[str, Formation]] = {}
    for formation in look.fighting:
        place, ours = formation.start, formation.coalition
        if place is None:
            continue
        by_place.setdefault(place, {}).setdefault(ours, formation)
        holder, axis = look.central.places_by_id[place].coalition, look.axis_of.get(formation.id)
        if axis is not None and holder != ours:
            found = f"'{place}' first, which the {holder} holds at H-hour"
            yield look.doubt(
                f"axis.{axis.id}.places", found, f"a first place that the {ours} holds"
            )
    for place, there in by_place.items():
        if len(there) > 1:
            one, other = (there[name].id for name in sorted(there))
            found = f"'{other}' and its enemy '{one}' in '{place}'"
            expected = "enemies that start in different places"
            yield look.doubt(f"formation.{other}.start", found, expected)


def _columns(look: _Look) -> Iterator[Doubt]:
    for formation in look.fighting:
        axis = look.axis_of.get(formation.id)
        if axis is None or formation.start is None or formation.start in axis.places:
            continue
        found = f"'{formation.start}', off its axis '{axis.id}'"
        expected = "a place of the axis: " + ", ".join(axis.places)
        yield look.doubt(f"formation.{formation.id}.start", found, expected)


def _places(look: _Look) -> Iterator[Doubt]:
    places = look.central.places
    next_km: dict[str, tuple[float, str]] = {}
    for place in places:
        others = ((great_circle_km(place, p), p.id) for p in places if p is not place)
        next_km[place.id] = min(others, default=(0.0, ""))
    usual = median(km for km, _ in next_km.values())
    for name, (km, other) in next_km.items():
        if km > FAR_KM and km > FAR_RATIO * usual:
            found = f"{km:,.0f} km from '{other}', the nearest place"
            expected = f"places of one theatre, here usually {usual:,.0f} km apart"
            yield look.doubt(f"place.{name}", found, expected)
        elif other and km < SAME_POINT_KM and name < other:
            found = f"the coordinates of '{other}'"
            yield look.doubt(f"place.{name}", found, "coordinates of its own")


def _map(look: _Look) -> Iterator[Doubt]:
    """A feature of the scenario's own map that lies elsewhere, as with its coordinates swapped."""
    if look.scenario.file.map.file is None or look.scenario.ground is None:
        return
    file = str(look.scenario.ground)
    places = np.array([(place.lon, place.lat) for place in look.central.places])
    low, high = places.min(axis=0), places.max(axis=0)
    around = max(NEAR_DEGREES, *(high - low).tolist())
    for number, feature in enumerate(read_ground(look.scenario.ground, Findings(file)).features, 1):
        points = np.concatenate(feature.lines)
        west_south, east_north = points.min(axis=0), points.max(axis=0)
        if (west_south > high + around).any() or (east_north < low - around).any():
            layer = feature.properties.layer
            found = f"a feature of layer {layer}, {_extent(west_south, east_north)}"
            expected = (
                f"one near the places, {_extent(low, high)}; a position is longitude, latitude"
            )
            yield Doubt(file, f"features[{number}]", found, expected)


def _extent(low: NDArray[np.float64], high: NDArray[np.float64]) -> str:
    """Degrees from the lowest to the highest, longitude first."""
    return f"longitude {low[0]:g} to {high[0]:g}, latitude {low[1]:g} to {high[1]:g}"


def _legs(look: _Look) -> Iterator[Doubt]:
    places = look.central.places_by_id
    for leg in look.central.legs:
        straight = great_circle_km(places[leg.a], places[leg.b])
        if leg.length_km > WINDING * straight + SHORT_KM:
            key = f"leg.{leg.a}--{leg.b}.length_km"
            found = f"{leg.length_km:,.0f} km"
            expected = f"a way not much longer than the straight line of {straight:,.0f} km"
            yield look.doubt(key, found, expected)


def _axes(look: _Look) -> Iterator[Doubt]:
    march = load_planning().symbolic.march
    by_id, places = look.central.formations_by_id, look.central.places_by_id
    for axis in look.central.axes:
        key, days = f"axis.{axis.id}", look.central.days - axis.starts
        km = look.central.km_along(axis)[-1]
        rates = (march[MOBILITY[by_id[name].type]] for name in axis.formations)
        rate = max(figure.span[1] if isinstance(figure, Uncertain) else figure for figure in rates)
        if km > rate * days:
            expected = f"at most {rate * days:,.0f}, {days:.3g} days' march at {rate:g} km a day"
            yield look.doubt(f"{key}.places", f"{km:,.0f} km", expected)
        for place, planned in axis.objectives:
            at = f"{key}.objectives.{place}"
            if places[place].coalition == look.coalition(axis):
                found = f"'{place}', which its own side holds at H-hour"
                yield look.doubt(at, found, "a place that the enemy holds")
            if planned < axis.starts:
                yield look.doubt(f"{at}.planned", "a date before the axis starts", "a later one")


def _orders(look: _Look) -> Iterator[Doubt]:
    by_id, places = look.central.formations_by_id, look.central.places_by_id
    for order in look.central.orders:
        if order.what != "reinforce" or order.place is None or not order.who:
            continue
        ours, holder = by_id[order.who[0]].coalition, places[order.place].coalition
        if ours != holder:
            found = f"'{order.place}', which the {holder} holds at H-hour"
            expected = f"a place of the {ours}: where the enemy stands, reinforcements are cut off"
            yield look.doubt(f"order.{order.id}.place", found, expected)


def _sides(look: _Look) -> Iterator[Doubt]:
    fielded = {formation.side for formation in look.central.formations}
    for side in look.central.sides:
        if side.id not in fielded:
            yield look.doubt(f"side.{side.id}", "no formation", "formations of each side")


def _facts(look: _Look) -> Iterator[Doubt]:
    """Facts about a side that isn't there, or another than that whose figure they are."""
    sides, campaign = look.central.sides_by_id, look.central.campaign
    file = look.scenario.register / "facts" / f"{campaign}.csv"
    for fact in look.scenario.facts.values():
        if fact.campaign == campaign and fact.side not in (*sides, ALL_SIDES):
            expected, close = "a side of the scenario", nearest(fact.side, sides)
            yield Doubt(str(file), f"{fact.id}.side", f"'{fact.side}'", expected, close)
    by_id = look.central.formations_by_id
    for use in look.scenario.quantities:
        table, _, rest = use.key.partition(".")
        name = rest.partition(".")[0]
        own = by_id[name].side if table == "formation" and name in by_id else None
        own = name if table == "side" else own
        for cited in use.facts:
            about = look.scenario.facts[cited].side
            if own is not None and about not in (own, ALL_SIDES):
                yield look.doubt(use.key, f"'{cited}', about {about}", f"a fact about {own}")


def _late_facts(look: _Look) -> Iterator[Doubt]:
    """A figure from after the campaign; the mean of many years, as of a climate, is of any time."""
    end = look.central.calendar.moment_of(look.central.days).date().isoformat()
    for use in look.scenario.quantities:
        for cited in use.facts:
            first, *last = look.scenario.facts[cited].date.split("/")
            of_years = len(first) == _YEAR and last and last[0] != first
            if first > end[: len(first)] and not of_years:
                found, expected = f"'{cited}', of {first}", f"a fact from before the end, {end}"
                yield look.doubt(use.key, found, expected)


CHECKS: Mapping[str, Callable[[_Look], Iterable[Doubt]]] = {
    "a combat formation without men, of effectiveness 0, of a size that its echelon never has, or "
    "with more tanks than crews": _strengths,
    "enemies that start in one place, and a column that begins in a place of the enemy's": _starts,
    "a formation that starts off its axis": _columns,
    "a place far from all others, and two places at one point": _places,
    "a feature of the scenario's own map that lies away from all places": _map,
    "a leg far longer than the straight line": _legs,
    "an axis longer than its column can march, an objective that its own side holds at H-hour, and "
    "one planned before the axis starts": _axes,
    "reinforcements ordered to a place that the enemy holds at H-hour": _orders,
    "a side without formations": _sides,
    "a fact of the register about a side that the scenario lacks, and a figure whose fact is about "
    "another side than its own": _facts,
    "a figure whose fact is of a date after the campaign's end": _late_facts,
}
"""Every check, by what it warns of."""
_OF_THE_WHOLE = (_places, _map, _legs, _sides, _facts, _late_facts)
"""Those that a scenario with phases is held to once; to the others each phase by itself."""
