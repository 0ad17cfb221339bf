"""A battle as a campaign: whole, or cut into places, columns and echelons.

A march takes no time but for a main body that comes up later, so what the campaign costs is what
the battle costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import fsum, nan

from sandtable.battles.campaigns import (
    ATTACKER,
    DEFENDER,
    DEPTH_KM,
    LONGEST,
    STARTS,
    WORKS,
    aircraft,
    at_once,
    headquarters,
    pieces,
    play,
    side_of,
)
from sandtable.calendar import Calendar
from sandtable.engine.world import World
from sandtable.laws.circumstances import Circumstances
from sandtable.laws.coefficients import SIDES
from sandtable.laws.sampler import Laws
from sandtable.mechanisms import Mechanisms
from sandtable.scenario import resolved
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.vocabulary import FormationType, Road

MOMENT = 1e-8
"""Days above which time has passed."""
SUPPLY = ((0, ATTACKER), (-1, DEFENDER))
"""Who is supplied from which of a column's places."""
DECIDED = ("defence broken", "attack broken off")


@dataclass(frozen=True, slots=True)
class Cut:
    """Places one behind another, columns abreast, and each column's march depth.

    The main body comes up ``days_behind`` after the ``head``, a share (0-1) of the column. Places
    have equal shares of the defence, unless the first has ``outpost``, a share (0-1).
    """

    places: int = 1
    columns: int = 1
    head: float = 1.0
    days_behind: float = 0.0
    outpost: float | None = None

    def shares(self) -> list[float]:
        """Shares of a column's defence that hold its places, front to rear."""
        if self.outpost is None or self.places == 1:
            return [1.0 / self.places] * self.places
        return [self.outpost] + [(1.0 - self.outpost) / (self.places - 1)] * (self.places - 1)

    def __str__(self) -> str:
        numbers = ((self.places, "places"), (self.columns, "columns"))
        named = [f"{n} {what}" for n, what in numbers if n > 1]
        if self.outpost is not None:
            named.append(f"{self.outpost:.0%} in the first")
        if self.head < 1.0:
            named.append(f"main body {self.days_behind:g} days behind")
        return ", ".join(named) or "whole"


@dataclass(frozen=True, slots=True)
class Fought:
    """What a battle came to: persons lost by either side, days from contact to decision, km.

    ``days`` is NaN if it wasn't decided in LONGEST days. ``engaged``: share of the places at
    which there was a fight (0-1). ``won``: whether the defence broke last.
    """

    attacker: float
    defender: float
    days: float
    km: float
    engaged: float
    won: bool


def fight(
    battle: Circumstances, cut: Cut, mechanisms: Mechanisms, laws: Laws, replication: int = 0
) -> Fought:
    """Play a battle, so cut, under ``laws`` (of `campaigns.laws_of`).

    The random numbers depend on ``replication`` alone, not on the cut.
    """
    scenario = campaign_of(battle, cut, mechanisms)
    world = play(scenario, at_once(laws, cut.days_behind), replication)
    attackers, defenders = (
        fsum(f.losses.in_action for f in world.by_coalition[side]) for side in SIDES
    )
    engaged = len({e.place for e in world.events or () if e.kind == "contact"})
    found = Fought(
        attackers,
        defenders,
        _days(world),
        _ground(world) / cut.columns,
        engaged / (cut.places * cut.columns),
        _won(world),
    )
    world.close()
    return found


def _days(world: World) -> float:
    """Days from the first contact to the last decision."""
    events = world.events or []
    began = min((e.day for e in events if e.kind == "contact"), default=nan)
    if any(column.engagement is not None for column in world.columns.values()):
        return nan
    return max((e.day for e in events if e.kind in DECIDED), default=nan) - began


def _won(world: World) -> bool:
    decisions = [e.kind for e in world.events or () if e.kind in DECIDED]
    return decisions[-1:] == ["defence broken"]


def _ground(world: World) -> float:
    """Km gained by all columns while time passed, which none does on a march."""
    return fsum(
        km - before
        for column in world.columns.values()
        for (start, before), (end, km) in pairwise(column.progress)
        if end - start > MOMENT
    )


def campaign_of(battle: Circumstances, cut: Cut, mechanisms: Mechanisms) -> ResolvedScenario:
    """The battle, so cut, as a campaign; what is unknown of it counts as the mean.

    A defender's surprise can't be told in a campaign: it counts as none.
    """
    columns = [_Column(battle, cut, number) for number in range(cut.columns)]
    places = tuple(place for column in columns for place in column.places())
    formations = [f for column in columns for f in (*column.attackers(), *column.defenders())]
    defenders = tuple(f.id for f in formations if f.side == DEFENDER)
    moves = battle.posture in ("delay", "withdrawal")
    delay = resolved.Order("delay", "delay", defenders, 0.0, (0.0, 0.0), 1.0, None, None, 0.0)
    return ResolvedScenario(
        "battle", "battle", Calendar(datetime(int(battle.year), 1, 1), LONGEST + STARTS),
        mechanisms, "full", "fitted",
        sides=tuple(side_of(battle, side) for side in SIDES),
        places=places,
        legs=tuple(leg for column in columns for leg in column.legs()),
        formations=(*(headquarters(side) for side in SIDES), *formations),
        axes=tuple(column.axis() for column in columns),
        orders=(delay,) if moves else (),
        weather=(resolved.Weather("sky", tuple(p.id for p in places), battle.wet or 0.0),),
        air=tuple(aircraft(battle.air or 0.0, side) for side in SIDES),
        supply=tuple((c.ids[end], side) for c in columns for end, side in SUPPLY),
    )  # fmt: skip


@dataclass(frozen=True)
class _Column:
    """A column of a battle and those in its way; an ungarrisoned place before the positions."""

    battle: Circumstances
    cut: Cut
    number: int

    @property
    def ids(self) -> list[str]:
        """Places from the start over the approach and the positions to the rear."""
        return [f"place-{self.number}-{i:02}" for i in range(self.cut.places + 3)]

    def places(self) -> Iterator[resolved.Place]:
        for i, id in enumerate(self.ids):
            side = ATTACKER if i < 2 else DEFENDER
            lat, lon = 45.0, 120.0 + 0.01 * self.number + 0.001 * i
            yield resolved.Place(id, id, lat, lon, "town", side, side, (), 0.0)

    def legs(self) -> Iterator[resolved.Leg]:
        for i, (a, b) in enumerate(pairwise(self.ids)):
            length = DEPTH_KM + 1.0 if i else 1.0
            road: Road = "road" if i else "track"
            yield resolved.Leg(a, b, length, "flat", road, "none", "none")

    def attackers(self) -> Iterator[resolved.Formation]:
        parts: list[tuple[float, FormationType]] = [(self.cut.head, "tank")]
        if self.cut.head < 1.0:
            parts.append((1.0 - self.cut.head, "rifle"))
        for i, (share, kind) in enumerate(parts):
            id = f"attacker-{self.number}-{i}"
            yield self._formation(ATTACKER, id, self.ids[0], share / self.cut.columns, kind)

    def defenders(self) -> Iterator[resolved.Formation]:
        for i, (place, share) in enumerate(zip(self.ids[2:-1], self.cut.shares(), strict=True)):
            share /= self.cut.columns
            yield self._formation(DEFENDER, f"defender-{self.number}-{i}", place, share, "tank")

    def _formation(
        self, side: str, id: str, place: str, share: float, kind: FormationType
    ) -> resolved.Formation:
        """A ``share`` of a side; those on tracks march with the head."""
        men = share * getattr(self.battle, side)
        tanks, guns = (share * pieces(self.battle, side, what) for what in ("tanks", "guns"))
        works, depth = WORKS[self.battle.posture], DEPTH_KM / self.cut.places
        if side == ATTACKER:
            works = depth = 0.0
        return resolved.Formation(
            id, id, side, side, kind, "division", side, place,
            men, tanks, guns, 0.0, 0.0, 1.0, works, 0.0, depth,
        )  # fmt: skip

    def axis(self) -> resolved.Axis:
        id = f"column-{self.number}"
        formations = tuple(f.id for f in self.attackers())
        surprise = max(0.0, self.battle.surprise or 0.0)
        width = (self.battle.front_km or 0.0) / self.cut.columns
        return resolved.Axis(id, id, formations, tuple(self.ids[:-1]), (), (), STARTS, surprise,
                             width, {}, None)  # fmt: skip
