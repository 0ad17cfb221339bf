"""A scenario in plain numbers: what one replication of the engine runs on.

Every quantity has been drawn, every date is in days from H-hour, every default of the
schema has been filled in. Nobody changes these objects once they are built; they aren't
frozen only because a replication builds hundreds of them and a frozen one costs four times
as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import inf

from sandtable.calendar import Calendar
from sandtable.errors import SandtableError
from sandtable.mechanisms import Mechanisms
from sandtable.outcomes import headlines
from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.vocabulary import (
    Conduct,
    Echelon,
    FormationType,
    NightAction,
    Obstacle,
    Occasion,
    OrderKind,
    RainEffect,
    Road,
    Terrain,
    Weapon,
)


@dataclass(slots=True)
class Border:
    """Places beyond a border, and the day from which it may be crossed (infinite: never)."""

    beyond: tuple[str, ...]
    until: float


@dataclass(slots=True)
class Ban:
    """Weapons that may not be used, and the day from which they may (infinite: never)."""

    weapons: tuple[Weapon, ...]
    until: float


@dataclass(slots=True)
class Side:
    """Shares are 0-1; ``sick`` a day; ``pocket_endurance`` in days, infinite if never.

    ``sick_of_wounded`` are fallen sick for each wounded man, beside those a day.

    ``colour`` is that of its figures, ``#rrggbb``; ``army`` a nation of the battle table, empty
    if unknown.
    """

    id: str
    coalition: str
    killed: float
    captured: float
    missing: float
    sick: float
    pocket_endurance: float
    name: str
    colour: str
    army: str
    border: Border | None = None
    ban: Ban | None = None
    sick_of_wounded: float = 0.0

    @property
    def wounded(self) -> float:
        """Share of the casualties in action: neither killed nor taken nor missing."""
        return 1.0 - self.killed - self.captured - self.missing


@dataclass(slots=True)
class Place:
    """``coalition`` holds it at H-hour; its fighting is counted to each of ``battles``.

    ``depot_km`` is the fuel there, ``front_km`` the width of front, 0 if it bounds nobody;
    ``parked_tanks`` and ``parked_aircraft`` belong to ``side`` and to nobody in the field.
    """

    id: str
    name: str
    lat: float
    lon: float
    kind: str
    side: str
    coalition: str
    battles: tuple[str, ...]
    depot_km: float
    front_km: float = 0.0
    parked_tanks: float = 0.0
    parked_aircraft: float = 0.0
    overlooks: tuple[str, ...] = ()


@dataclass(slots=True)
class Demolition:
    """A bridge or tunnel that a coalition has prepared for demolition.

    ``chance`` that it is blown up, ``taken`` that a coup de main saves it (0-1; negative: that of
    the planning figures). It costs ``repair_days``, or a bridge of ``span_km`` where that is above
    0.
    """

    coalition: str
    chance: float
    span_km: float
    repair_days: float
    taken: float


@dataclass(slots=True)
class Leg:
    """A way between two places, passable in both directions.

    ``trains`` a day in each direction on the railway along it; 0 where there is none, or where
    the planning figures tell. ``front_km`` as of a place.
    ``fuel`` burnt over that on rolling ground, None where the terrain tells it.
    """

    a: str
    b: str
    length_km: float
    terrain: Terrain
    road: Road
    obstacle: Obstacle
    rain: RainEffect
    demolition: Demolition | None = None
    trains: float = 0.0
    lift: str | None = None
    front_km: float = 0.0
    fuel: float | None = None


@dataclass(slots=True)
class Formation:
    """Counts at H-hour; ``depth_km`` is 0 where the echelon's depth applies.

    ``range_km`` is 0 where its guns fire for its own fight alone.

    ``infantry``: persons who fight on foot beside tanks, None where that isn't told.
    """

    id: str
    name: str
    side: str
    coalition: str
    type: FormationType
    echelon: Echelon
    parent: str | None
    start: str | None
    personnel: float
    tanks: float
    guns: float
    antitank_guns: float
    armoured_cars: float
    effectiveness: float
    fortification: float
    desertion: float
    depth_km: float
    infantry: float | None = None
    tank_hunters: float = 0.0
    range_km: float = 0.0

    @property
    def combatant(self) -> bool:
        """Whether it fights: neither a headquarters nor services."""
        return self.type != "headquarters" and self.type != "services"


@dataclass(slots=True)
class Fuel:
    """Kilometres on rolling ground: carried, lifted a day at the railhead, halving length.

    ``depot`` is where the line begins, None for the axis's first place.
    """

    carried_km: float
    lift_km: float
    lift_halves_km: float
    depot: str | None = None


@dataclass(slots=True)
class Ammunition:
    """Days of attack: carried, lifted a day at the depot; and the halving length in km.

    ``depot`` is where the line begins, None for the axis's first place.
    """

    carried_days: float
    lift: float
    lift_halves_km: float
    depot: str | None = None


@dataclass(slots=True)
class ForwardDetachment:
    """The formations that lead a column, and how far ahead of the others they may be."""

    formations: tuple[str, ...]
    bound_km: float


@dataclass(slots=True)
class Bypass:
    """Conduct (assault, mask, besiege) at a fortified region, and who stays behind."""

    how: Conduct
    detachment: tuple[str, ...]


@dataclass(slots=True)
class Axis:
    """``starts`` in days from H-hour; ``planned`` days by objective (NaN if no date was set)."""

    id: str
    name: str
    formations: tuple[str, ...]
    places: tuple[str, ...]
    objectives: tuple[tuple[str, float], ...]
    neighbours: tuple[str, ...]
    starts: float
    surprise: float
    frontage_km: float
    fortified_regions: dict[str, Bypass]
    fuel: Fuel | None
    forward_detachment: ForwardDetachment | None = None
    border: Border | None = None
    ammunition: Ammunition | None = None
    by_night: tuple[NightAction, ...] = ()


@dataclass(slots=True)
class After:
    """What an order waits for: ``kind`` as the key of the scenario, and whom or what it befalls."""

    kind: Occasion
    name: str


@dataclass(slots=True)
class Order:
    """``when`` in days from H-hour: given then, or not before then if it waits for something.

    ``who`` lists combat formations or axes (headquarters are expanded). ``delay`` is the
    range from which each formation draws its own lateness; ``heeded`` the share that obeys.
    """

    id: str
    what: OrderKind
    who: tuple[str, ...]
    when: float
    delay: tuple[float, float]
    heeded: float
    place: str | None
    axis: str | None
    amount_km: float
    after: After | None = None
    lift: str | None = None
    days: float = 0.0
    by_night: tuple[NightAction, ...] = ()


@dataclass(slots=True)
class Lift:
    """Craft, men whom each carries in a wave, days between waves.

    ``weapons_after``: days by which weapons come after the men, None if with them.
    """

    id: str
    side: str
    coalition: str
    craft: float
    men: float
    turn_round: float
    weapons_after: float | None = None
    fire_from: tuple[str, ...] = ()
    rain: RainEffect = "none"


@dataclass(slots=True)
class Weather:
    """Chance of a wet day (0-1) for legs that end in ``places``."""

    id: str
    places: tuple[str, ...]
    rain: float


@dataclass(slots=True)
class Air:
    """Aircraft, share serviceable, sorties a dry day each, losses a sortie against an equal.

    ``bases``: places of its airfields; ``places``: over which it flies, all of them if there are
    none; ``rain``: what a wet day does to its sorties.
    """

    side: str
    coalition: str
    aircraft: float
    serviceable: float
    sorties: float
    losses: float
    bases: tuple[str, ...] = ()
    id: str = ""
    places: tuple[str, ...] = ()
    rain: RainEffect = "none"


@dataclass(slots=True)
class Map:
    """A shipped base or ``none``, or a file of the scenario; whether borders are drawn."""

    base: str = "world"
    file: str | None = None
    borders: bool = False
    note: str | None = None


@dataclass
class ResolvedScenario:
    """One replication's scenario."""

    name: str
    campaign: str
    calendar: Calendar
    mechanisms: Mechanisms
    attrition: str
    advance: str
    sides: tuple[Side, ...]
    places: tuple[Place, ...]
    legs: tuple[Leg, ...]
    formations: tuple[Formation, ...]
    axes: tuple[Axis, ...]
    orders: tuple[Order, ...]
    weather: tuple[Weather, ...]
    air: tuple[Air, ...]
    supply: tuple[tuple[str, str], ...]
    """Supply sources: place id and coalition."""
    map: Map = field(default_factory=Map)
    lifts: tuple[Lift, ...] = ()
    phase: str = ""
    """Of which phase of the campaign it is; empty: of the whole."""
    phase_name: str = ""
    phases: tuple[ResolvedScenario, ...] = ()
    """The phases through which it runs, each on the calendar of its own; without any it is one."""

    def part(self, phase: str) -> ResolvedScenario:
        """Return the scenario of one of its phases; itself for no phase, or one it hasn't."""
        return next((part for part in self.phases if part.phase == phase), self)

    @property
    def days(self) -> float:
        """The campaign's length in days from H-hour."""
        return self.calendar.days

    @property
    def year(self) -> float:
        """The year of H-hour."""
        return float(self.calendar.year)

    @property
    def battles(self) -> Mapping[str, tuple[str, ...]]:
        """The places of each battle that is reported, by its name, in alphabetical order."""
        found: dict[str, list[str]] = {}
        for place in self.places:
            for battle in place.battles:
                found.setdefault(battle, []).append(place.id)
        return {battle: tuple(found[battle]) for battle in sorted(found)}

    def headline(self, names: Iterable[str]) -> list[str]:
        """Return those of ``names`` by which the campaign is judged.

        These are the losses of each side in personnel and tanks, the day of capture of every
        objective of an axis, and the ground gained along each axis by the last day.
        """
        ids = {
            "side": {side.id for side in self.sides},
            "place": {place for axis in self.axes for place, _ in axis.objectives},
            "day": {str(self.calendar.calendar_days)},
        }
        return headlines(names, ids)

    @cached_property
    def sides_by_id(self) -> Mapping[str, Side]:
        """The sides by their ids."""
        return {side.id: side for side in self.sides}

    @cached_property
    def places_by_id(self) -> Mapping[str, Place]:
        """The places by their ids."""
        return {place.id: place for place in self.places}

    @cached_property
    def formations_by_id(self) -> Mapping[str, Formation]:
        """The formations by their ids."""
        return {formation.id: formation for formation in self.formations}

    @cached_property
    def combatants(self) -> tuple[Formation, ...]:
        """The formations that fight, in the order of the scenario."""
        return tuple(f for f in self.formations if f.combatant)

    @cached_property
    def combat_below(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the formations with men of their own at or below each formation, if any.

        Formations and those below them stand in the order of the scenario.
        """
        chain, by_id = ChainOfCommand(self.formations), self.formations_by_id
        below = {
            f.id: tuple(id for id in chain.combat_below(f.id) if by_id[id].personnel > 0.0)
            for f in self.formations
        }
        return {id: ids for id, ids in below.items() if ids}

    @cached_property
    def _leg_km(self) -> Mapping[frozenset[str], float]:
        """Length of the shortest leg between two places."""
        lengths: dict[frozenset[str], float] = {}
        for leg in self.legs:
            ends = frozenset((leg.a, leg.b))
            lengths[ends] = min(leg.length_km, lengths.get(ends, inf))
        return lengths

    def km_along(self, axis: Axis) -> tuple[float, ...]:
        """Distance of each place of an axis from its first: cumulated lengths of the legs.

        Raises SandtableError where no leg joins two places that follow each other.
        """
        km = [0.0]
        for here, there in pairwise(axis.places):
            length = self._leg_km.get(frozenset((here, there)))
            if length is None:
                raise SandtableError(f"axis {axis.id}: no leg joins {here} and {there}")
            km.append(km[-1] + length)
        return tuple(km)
