"""What changes while a campaign runs: formations and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan
from typing import TYPE_CHECKING

from sandtable.laws.advance import MOBILITY
from sandtable.laws.endurance import rested, unsupplied
from sandtable.scenario import resolved
from sandtable.scenario.resolved import Border
from sandtable.vocabulary import NightAction

if TYPE_CHECKING:
    import simpy

    from sandtable.engine.ammunition import Ammunition
    from sandtable.engine.battle import Battle
    from sandtable.engine.engagement import Engagement

HOLDING, RETREATING, POCKET, GONE = "holding", "retreating", "pocket", "gone"
LEAST_STRENGTH = 1.0
"""Effective persons below which a force in action is no more."""
# What is left of a formation below this share of its first strength no longer counts as one.
REMNANT = 0.02


class FormationLosses:
    """What a formation has lost so far, in few accounts that are divided when they are reported.

    ``in_action`` are casualties of all kinds in contact with the enemy, ``overrun`` those killed or
    taken when it was destroyed, ``strayed`` those missing when it broke out of a pocket,
    ``surrendered`` prisoners by capitulation. ``tanks`` are beyond repair, ``tanks_disabled`` out
    of action for a time or for good. ``guns`` are of both kinds, ``field_guns`` no anti-tank guns.
    """

    __slots__ = (
        "armoured_cars", "deserted", "field_guns", "guns", "in_action", "overrun", "sick",
        "strayed", "surrendered", "tanks", "tanks_disabled",
    )  # fmt: skip

    def __init__(self) -> None:
        self.in_action = self.surrendered = self.overrun = self.strayed = 0.0
        self.deserted = self.sick = 0.0
        self.tanks = self.tanks_disabled = self.armoured_cars = self.guns = self.field_guns = 0.0


class Formation:
    """A combat formation in the field; persons and pieces are floats, never below zero.

    ``closed_up`` is the day from which it is up with the head of its column, inf while it is
    aboard. Services are no ``combatant``: they neither fight nor are fought for. ``infantry`` is
    the share of its men who fight on foot beside tanks, None where its own tanks have enough.
    """

    __slots__ = (
        "antitank_guns", "armoured_cars", "at_bay", "battle", "ceased_fire", "closed_up",
        "coalition", "column", "combatant", "delaying", "depth_km", "desertion", "effectiveness",
        "encircled", "engagement", "fatigue", "fatigue_at", "first_strength", "fortification",
        "guns", "holds", "id", "in_contact_before", "infantry", "isolated", "losses", "mobility",
        "name", "parent", "personnel", "place", "range_km", "side", "status", "surrender_day",
        "tank_hunters", "tanks", "type",
    )  # fmt: skip

    def __init__(self, spec: resolved.Formation, depth_km: float) -> None:
        self.id, self.name, self.side = spec.id, spec.name, spec.side
        self.coalition, self.type, self.parent = spec.coalition, spec.type, spec.parent
        self.mobility = MOBILITY[spec.type]
        self.combatant = spec.combatant
        self.personnel = self.first_strength = spec.personnel
        self.tanks, self.guns = spec.tanks, spec.guns
        self.antitank_guns, self.armoured_cars = spec.antitank_guns, spec.armoured_cars
        self.effectiveness, self.fortification = spec.effectiveness, spec.fortification
        self.desertion, self.depth_km = spec.desertion, depth_km
        self.range_km = spec.range_km
        self.tank_hunters, self.infantry = spec.tank_hunters, _share_on_foot(spec)
        self.place: str | None = spec.start
        self.status = HOLDING
        self.column: Column | None = None
        self.engagement: Engagement | None = None
        self.battle: Battle | None = None
        self.at_bay = self.ceased_fire = self.delaying = self.holds = self.in_contact_before = False
        self.closed_up = 0.0
        self.fatigue = self.fatigue_at = 0.0
        self.isolated = inf
        self.encircled = self.surrender_day = nan
        self.losses = FormationLosses()

    def fights(self) -> bool:
        """Whether it stands in somebody's way."""
        willing = self.status == HOLDING and not self.ceased_fire
        return willing and self.combatant and self.personnel > 0.0

    def in_place(self) -> bool:
        """Whether it stands somewhere by itself, to be supplied or cut off."""
        standing = self.status in (HOLDING, POCKET) and self.personnel > 0.0
        return standing and self.column is None and self.place is not None

    def strength(self, now: float, wear: float) -> float:
        """Effective strength: persons times effectiveness, less fatigue and days unsupplied."""
        value = self.personnel * self.effectiveness * (1.0 - self.fatigue)
        if now > self.isolated:
            value *= unsupplied(now - self.isolated, wear)
        if self.column is not None and self.column.ammunition is not None:
            value *= self.column.ammunition.factor
        return value

    def rest(self, now: float, recovery: float) -> None:
        """Recover for the time since fatigue was last reckoned."""
        self.fatigue = rested(self.fatigue, now - self.fatigue_at, recovery)
        self.fatigue_at = now

    def lose_guns(self, share: float) -> None:
        """Lose a share (0-1) of the guns of both kinds."""
        self.losses.field_guns += share * self.guns
        self.losses.guns += share * (self.guns + self.antitank_guns)
        self.guns *= 1.0 - share
        self.antitank_guns *= 1.0 - share

    def is_remnant(self) -> bool:
        """Whether too little is left to count as a formation."""
        return self.personnel < REMNANT * self.first_strength


_ON_FOOT = frozenset(
    ("rifle", "motor-rifle", "mechanised", "cavalry", "garrison", "border", "airborne",
     "naval-infantry", "puppet")
)  # fmt: skip


def _share_on_foot(spec: resolved.Formation) -> float | None:
    """Share of its men who fight on foot beside tanks; None for tanks that have enough of them."""
    if spec.infantry is not None:
        return min(1.0, spec.infantry / spec.personnel)
    if spec.tanks > 0.0:
        return None
    return 1.0 if spec.type in _ON_FOOT else 0.0


@dataclass(slots=True, eq=False)
class Column:
    """Formations that move and attack together, in order of march.

    It sets out on the day ``starts``, when none of the orders that it ``waits_for`` is still out.
    ``places`` is its way, ``index`` the last place reached, ``km`` the distance gained along
    it, ``milestones`` the distances of the places reached, ``leg_end`` where its present leg
    ends, ``progress`` the points (day, km) between which it moved evenly. ``attack_day`` is when
    its surprise began to fade, ``last_contact`` when its last fight ended; ``frontage_km`` is 0
    where unknown. ``axis`` is the axis of advance that it follows, empty for a landing, a siege or
    a counterattack. ``border`` is one of its own, besides its side's. It may attack or march by
    night only. One that ``relieves`` attacks who invests a place, and frees whom it finds there.
    ``ammunition`` is None where it never runs short.
    """

    id: str
    axis: str
    coalition: str
    formations: list[Formation]
    places: tuple[str, ...]
    starts: float = 0.0
    surprise: float = 0.0
    index: int = 0
    km: float = 0.0
    milestones: list[float] = field(default_factory=lambda: [0.0])
    leg_end: float = inf
    progress: list[tuple[float, float]] = field(default_factory=list)
    fuel_km: float = inf
    halted_days: float = 0.0
    marched_days: float = 0.0
    attack_day: float = nan
    last_contact: float = -inf
    frontage_km: float = 0.0
    border: Border | None = None
    relieves: bool = False
    ammunition: Ammunition | None = None
    attacks_by_night: bool = False
    marches_by_night: bool = False
    battle: Battle | None = None
    exploits: bool = False
    engagement: Engagement | None = None
    defending: Engagement | None = None
    moving: bool = False
    waiting_for_fuel: bool = False
    waits_for: int = 0
    process: simpy.Process | None = None

    @property
    def place(self) -> str:
        """The last place reached."""
        return self.places[self.index]

    def head(self) -> Formation:
        """The leading formation."""
        return self.formations[0]

    def present(self, now: float) -> list[Formation]:
        """Formations that have come up to the head of the column and still fight."""
        return [f for f in self.formations if f.closed_up <= now + 1e-9 and not f.ceased_fire]

    def holds(self) -> bool:
        """Whether it has come to the end of its way, where it stays."""
        return self.index + 1 == len(self.places) and self.engagement is None

    def keep_to_darkness(self, what: tuple[NightAction, ...]) -> None:
        """Do so in the hours of darkness only."""
        self.attacks_by_night, self.marches_by_night = "attack" in what, "march" in what

    def mark(self, now: float) -> None:
        """Note where the head stands now."""
        self.progress.append((now, self.km))

    def drop(self, formation: Formation) -> None:
        """Take a formation out of the column, and out of the attack that it makes."""
        self.formations.remove(formation)
        formation.column = None
        if self.battle is not None:
            self.battle.rouse()


def positions(column: Column, times: list[float]) -> list[float]:
    """Distance gained (km) at each of the ``times``, from the points of the column's progress."""
    progress = column.progress
    found: list[float] = []
    i, last = 0, len(progress) - 1
    for time in times:
        while i < last and progress[i + 1][0] <= time:
            i += 1
        if not progress or time < progress[0][0]:
            found.append(0.0)
        elif i == last:
            found.append(progress[i][1])
        else:
            (t0, km0), (t1, km1) = progress[i], progress[i + 1]
            found.append(km0 + (km1 - km0) * (time - t0) / (t1 - t0))
    return found
