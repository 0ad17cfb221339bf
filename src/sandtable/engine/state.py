"""What changes while a campaign runs: formations and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan
from typing import TYPE_CHECKING

from sandtable.laws.advance import MOBILITY
from sandtable.laws.condition import rested
from sandtable.scenario import resolved

if TYPE_CHECKING:
    import simpy

    from sandtable.engine.engagement import Engagement

HOLDING, RETREATING, POCKET, GONE = "holding", "retreating", "pocket", "gone"
# A formation out of supply still keeps part of its effectiveness: it has its cartridges.
LEAST_UNSUPPLIED = 0.3
# What is left of a formation below this share of its first strength no longer counts as one.
REMNANT = 0.02


class Formation:
    """A combat formation in the field; persons and pieces are floats, never below zero.

    Losses are kept in few accounts and divided when they are reported: ``lost`` are battle
    casualties of all kinds, ``surrendered`` prisoners by capitulation, ``fell`` and
    ``scattered`` those killed and missing beside battle casualties.
    """

    __slots__ = (
        "antitank_guns", "armoured_cars", "cars_lost", "ceased", "coalition", "column", "delaying",
        "depth_km", "deserted", "desertion", "effectiveness", "encircled", "engagement",
        "fatigue", "fatigue_at", "fell", "first_strength", "fortification", "guns", "guns_lost",
        "holds", "id", "isolated", "lost", "met", "mobility", "name", "parent", "personnel",
        "place", "ready", "scattered", "sick", "side", "status", "surrender_day",
        "surrendered", "tanks", "tanks_disabled", "tanks_lost", "type",
    )  # fmt: skip

    def __init__(self, spec: resolved.Formation, depth_km: float) -> None:
        self.id, self.name, self.side = spec.id, spec.name, spec.side
        self.coalition, self.type, self.parent = spec.coalition, spec.type, spec.parent
        self.mobility = MOBILITY[spec.type]
        self.personnel = self.first_strength = spec.personnel
        self.tanks, self.guns = spec.tanks, spec.guns
        self.antitank_guns, self.armoured_cars = spec.antitank_guns, spec.armoured_cars
        self.effectiveness, self.fortification = spec.effectiveness, spec.fortification
        self.desertion, self.depth_km = spec.desertion, depth_km
        self.place: str | None = spec.start
        self.status = HOLDING
        self.column: Column | None = None
        self.engagement: Engagement | None = None
        self.ceased = self.delaying = self.holds = self.met = False
        self.ready = 0.0
        self.fatigue = self.fatigue_at = 0.0
        self.isolated = inf
        self.encircled = self.surrender_day = nan
        self.lost = self.surrendered = self.fell = self.scattered = 0.0
        self.deserted = self.sick = 0.0
        self.tanks_disabled = self.tanks_lost = self.guns_lost = self.cars_lost = 0.0

    def fights(self) -> bool:
        """Whether it stands in somebody's way."""
        return self.status == HOLDING and not self.ceased and self.personnel > 0.0

    def in_place(self) -> bool:
        """Whether it stands somewhere by itself, to be supplied or cut off."""
        standing = self.status in (HOLDING, POCKET) and self.personnel > 0.0
        return standing and self.column is None and self.place is not None

    def strength(self, now: float, wear: float) -> float:
        """Effective strength: persons times effectiveness, less fatigue and days unsupplied."""
        value = self.personnel * self.effectiveness * (1.0 - self.fatigue)
        if now > self.isolated:
            value *= max(LEAST_UNSUPPLIED, 1.0 - wear * (now - self.isolated))
        return value

    def rest(self, now: float, recovery: float) -> None:
        """Recover for the time since fatigue was last reckoned."""
        self.fatigue = rested(self.fatigue, now - self.fatigue_at, recovery)
        self.fatigue_at = now

    def is_remnant(self) -> bool:
        """Whether too little is left to count as a formation."""
        return self.personnel < REMNANT * self.first_strength


@dataclass(slots=True, eq=False)
class Column:
    """Formations that move and attack together, in order of march.

    ``places`` is its way, ``index`` the last place reached, ``km`` the distance gained along
    it, ``milestones`` the distances of the places reached, ``leg_end`` where its present leg
    ends, ``track`` the points (day, km) between which it moved evenly. ``attack_day`` is when
    its surprise began to fade; ``frontage_km`` is 0 where unknown. Without an axis it is a
    landing, a siege or a counterattack.
    """

    id: str
    coalition: str
    formations: list[Formation]
    places: tuple[str, ...]
    starts: float = 0.0
    surprise: float = 0.0
    index: int = 0
    km: float = 0.0
    milestones: list[float] = field(default_factory=lambda: [0.0])
    leg_end: float = inf
    track: list[tuple[float, float]] = field(default_factory=list)
    fuel_km: float = inf
    halted_days: float = 0.0
    marched_days: float = 0.0
    attack_day: float = nan
    frontage_km: float = 0.0
    engagement: Engagement | None = None
    defending: Engagement | None = None
    moving: bool = False
    waiting_for_fuel: bool = False
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
        return [f for f in self.formations if f.ready <= now + 1e-9 and not f.ceased]

    def mark(self, now: float) -> None:
        """Note where the head stands now."""
        self.track.append((now, self.km))

    def drop(self, formation: Formation) -> None:
        """Take a formation out of the column."""
        self.formations.remove(formation)
        formation.column = None
