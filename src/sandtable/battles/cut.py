"""A battle as a campaign: whole, or cut into places, columns and echelons.

A march takes no time, but for the echelons that come up later, and an attack that was broken off
is not begun again: what the campaign costs is what the battle costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import expm1, inf, log, nan

from sandtable.calendar import Calendar
from sandtable.engine.campaign import STEP_DAYS
from sandtable.engine.march import March
from sandtable.engine.orders import issue
from sandtable.engine.state import Column
from sandtable.engine.world import World
from sandtable.laws.advance import FittedGround
from sandtable.laws.circumstances import Circumstances
from sandtable.laws.coefficients import SIDES, load_coefficients
from sandtable.laws.exploitation import PursuitLaw
from sandtable.laws.planning import Planning
from sandtable.laws.sampler import Laws, LawSampler
from sandtable.mechanisms import Mechanisms
from sandtable.scenario import resolved
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams
from sandtable.vocabulary import FormationType, Road

ATTACKER, DEFENDER = SIDES
WORKS = {"hasty": 0.0, "prepared": 0.4, "fortified": 0.8, "delay": 0.0, "withdrawal": 0.0}
"""A degree of fortification that counts as each posture."""
DEPTH_KM = 3000.0
"""Of the defended zone: more ground than any battle gains."""
AT_ONCE = 1e12
"""Rate of march, km a day, at which a march takes no time."""
MOMENT = 1e-8
"""Days above which time has passed."""
NEVER = 1e9
"""Days to regroup after which there is no other attack."""
STARTS = 1.0
"""Day of the attack: an order of H-hour is known by then."""
LONGEST = 1000.0
"""Days that a battle is followed for."""
SURE = 60.0
"""Logarithm of the odds at which an attack succeeds."""
SUPPLY = ((0, ATTACKER), (-1, DEFENDER))
"""Who is supplied from which of a column's places."""
DECIDED = ("defence broken", "attack broken off")


@dataclass(frozen=True, slots=True)
class Cut:
    """Places one behind another, columns abreast, and each column's march depth.

    The main body comes up ``days_behind`` after the ``head``, a share (0-1) of the column.
    """

    places: int = 1
    columns: int = 1
    head: float = 1.0
    days_behind: float = 0.0

    def __str__(self) -> str:
        numbers = ((self.places, "places"), (self.columns, "columns"))
        named = [f"{n} {what}" for n, what in numbers if n > 1]
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
    """Play a battle, so cut, under ``laws`` (of `laws_of`).

    The random numbers depend on ``replication`` alone, not on the cut.
    """
    scenario = campaign_of(battle, cut, mechanisms)
    world = World(scenario, _without_marches(laws, cut), Streams("battle", 1), replication,
                  STEP_DAYS, True)  # fmt: skip
    for axis in scenario.axes:
        formations = [world.formations[id] for id in axis.formations]
        column = Column(axis.id, axis.id, ATTACKER, formations, axis.places, axis.starts,
                        axis.surprise if world.on.surprise else 0.0,
                        frontage_km=axis.frontage_km)  # fmt: skip
        world.env.process(March(world, column, {}, None).run())
    for order in scenario.orders:
        issue(world, order)
    world.env.run(until=scenario.days)
    attackers, defenders = (sum(f.lost for f in world.by_coalition[side]) for side in SIDES)
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
    return sum(
        km - before
        for column in world.columns.values()
        for (start, before), (end, km) in pairwise(column.progress)
        if end - start > MOMENT
    )


def laws_of(battle: Circumstances, *, luck: bool) -> Laws:
    """The shipped laws at their estimates, in a war that the fit doesn't know.

    Without ``luck`` no battle differs from what the laws say of it, and the attack succeeds.
    """
    armies = {ATTACKER: battle.attacker_nation, DEFENDER: battle.defender_nation}
    laws = LawSampler.shipped("full", "fitted", armies, battle.year).central()
    if luck:
        return laws
    assert isinstance(laws.advance, FittedGround)
    constant, *others = laws.outcome.odds.core
    odds = replace(laws.outcome.odds, core=(constant + SURE, *others))
    return replace(
        laws,
        attrition=replace(laws.attrition, residual=(0.0, 0.0, 0.0)),
        advance=replace(laws.advance, residual_sd=0.0),
        operations=replace(laws.operations, time=replace(laws.operations.time, spread=0.0)),
        outcome=replace(laws.outcome, odds=odds),
    )


def _without_marches(laws: Laws, cut: Cut) -> Laws:
    figures: Planning = laws.planning
    foot = 1.0 / (AT_ONCE * cut.days_behind) if cut.days_behind else 1.0
    at_once = PursuitLaw(log(AT_ONCE), log(AT_ONCE), 0.0)
    return replace(
        laws,
        operations=replace(laws.operations, pursuit=at_once),
        planning=replace(
            figures,
            march=dict.fromkeys(figures.march, AT_ONCE),
            # The first km, on a track, is the way that the echelons come later.
            road=replace(figures.road, foot={**figures.road.foot, "track": foot, "road": 1.0}),
            attack=replace(figures.attack, regroup=NEVER),
        ),
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
        sides=tuple(_side(battle, side) for side in SIDES),
        places=places,
        legs=tuple(leg for column in columns for leg in column.legs()),
        formations=(*(_headquarters(side) for side in SIDES), *formations),
        axes=tuple(column.axis() for column in columns),
        orders=(delay,) if moves else (),
        weather=(resolved.Weather("sky", tuple(p.id for p in places), battle.wet or 0.0),),
        air=tuple(_air(battle, side) for side in SIDES),
        supply=tuple((c.ids[end], side) for c in columns for end, side in SUPPLY),
    )  # fmt: skip


def _side(battle: Circumstances, side: str) -> resolved.Side:
    army = battle.attacker_nation if side == ATTACKER else battle.defender_nation
    return resolved.Side(side, side, 0.25, 0.0, 0.0, 0.0, inf, side, "#000000", army)


def _headquarters(side: str) -> resolved.Formation:
    return resolved.Formation(
        side, side, side, side, "headquarters", "army", None, None,
        0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0,
    )  # fmt: skip


def _air(battle: Circumstances, side: str) -> resolved.Air:
    """Aircraft whose share of the sorties is the side's superiority."""
    superiority = battle.air or 0.0
    share = 0.5 * (1.0 + (superiority if side == ATTACKER else -superiority))
    return resolved.Air(side, side, share, 1.0, 1.0, 0.0)


def pieces(battle: Circumstances, side: str, what: str) -> float:
    """Tanks or guns of a side; where unknown, as many as count as the mean."""
    count: float | None = getattr(battle, f"{side}_{what}")
    men: float = getattr(battle, side)
    density = load_coefficients().scales[f"{side}-{what}"].centre
    return men * expm1(density) / 1000.0 if count is None else count


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
        share = 1.0 / (self.cut.columns * self.cut.places)
        for i, place in enumerate(self.ids[2:-1]):
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
