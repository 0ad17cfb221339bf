"""What a battle comes to at one moment: rates of losses, of ground gained, of decision."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from sandtable.engine.artillery import supported
from sandtable.engine.conditions import (
    Force,
    Levels,
    circumstances,
    levels,
    posture_of,
    surprise_of,
)
from sandtable.engine.reckoning import Reckoning, holds_out, reckoning
from sandtable.engine.state import Formation
from sandtable.engine.world import World
from sandtable.laws.advance import Attack
from sandtable.laws.circumstances import surprise_left
from sandtable.laws.cohesion import CAUSES, cause_at, multiplier
from sandtable.laws.frontage import Room, counting, room_on
from sandtable.laws.growth import between, days_until

if TYPE_CHECKING:
    from sandtable.engine.battle import Battle
    from sandtable.engine.engagement import Engagement

FULLY_UNSUPPLIED_DAYS = 3.0
SHORTEST_STEP = 1e-8
"""Least time between two assessments in days, so that time always passes."""
FIRST_STEP = 0.125
"""Share of the step after which a battle is assessed for the second time."""
CROSSED = 1.0 - 1e-9
"""Share of a zone from which it counts as crossed; the rest is rounding."""
_SURPRISE = CAUSES.index("surprise")


class Line:
    """The fight for a place at one moment, and who stands in it.

    ``up``: attackers that have come up, ``effort`` their effective strength, ``front`` those of
    them in action, who bear the losses. ``opposed``: the defenders of the place.
    """

    __slots__ = ("effort", "engagement", "front", "opposed", "up")

    def __init__(
        self, engagement: Engagement, up: list[Formation], effort: float, front: list[Formation],
        opposed: Force,
    ) -> None:  # fmt: skip
        self.engagement, self.up, self.effort = engagement, up, effort
        self.front, self.opposed = front, opposed


class Phase(NamedTuple):
    """Rates of the fight for one place: of the hazard that it breaks, and ground of a day (km)."""

    line: Line
    breaks: float
    advance: float


class Rates(NamedTuple):
    """Rates from one assessment on, and the ``days`` for which they hold.

    ``quits``: rate of the hazard that the attack ends. ``reckoning``: what casualties follow from.
    ``intensities``: how far each cause of quitting is present (0-1), in the order of ``CAUSES``.
    """

    days: float
    phases: list[Phase]
    quits: float
    reckoning: Reckoning
    intensities: list[float]


class Assessment:
    """Assesses a battle again and again; what changes seldom is kept in between."""

    def __init__(self) -> None:
        self._exposure_version = (-1, 0)
        self._exposure = (0.0, 1.0)
        self._found: dict[tuple[str, bool, float, bool, int], Levels] = {}
        self._forces = (0, 0)

    def rates(self, battle: Battle, lines: Sequence[Line]) -> Rates:
        """Rates now, and how long they hold: for a step, or until a threshold is reached."""
        world, age, now = battle.world, battle.age, battle.world.env.now
        attackers, defenders = battle.attackers(), battle.defenders()
        front = fsum([line.engagement.front_km() for line in lines])
        room = room_on(front, world.planning.front)
        battle.toll.count(room)
        ratio, persons = _ratio(battle, attackers, defenders, room), fsum(battle.toll.persons)
        twilight = min([line.engagement.days_to_twilight() for line in lines]) * battle.tempo
        until_end = (world.scenario.days - now) * battle.tempo
        # Everything grows as a power of the battle's age, so steps grow with it.
        longest = min(world.step, max(age, FIRST_STEP * world.step), twilight)
        if until_end > 1e-9:
            longest = min(longest, until_end)
        whole = fsum([line.effort for line in lines])
        surprise = surprise_of(battle.columns, now)
        phases: list[Phase] = []
        quits = level_a = level_d = 0.0
        for line in lines:
            share = line.effort / whole
            posture = posture_of(line.opposed, works_count=world.on.fortification)
            air = _superiority(battle, line.engagement.node.id)
            level = self._levels(battle, line.engagement, attackers, defenders, posture, front, air)
            advance = _advance(battle, line, attackers, posture, ratio, persons, level.advance, air)
            losses = world.laws.attrition.levels_at(level.losses, *surprise)
            if battle.dark:
                advance *= world.planning.night.advance
            fire = supported(world, line, attackers, defenders, dark=battle.dark)
            level_a += share * losses[0] * fire[0]
            level_d += share * losses[1] * fire[1]
            of_defence, of_attack = world.laws.outcome.rates(ratio, battle.toll.size, level.outcome)
            if not world.on.cohesion:
                of_defence = of_attack = 0.0
            quits += share * of_attack
            phases.append(Phase(line, share * of_defence if battle.breaks else 0.0, advance))
            engagement = line.engagement
            zone = (1.0 - engagement.penetration) * engagement.depth_km
            longest = days_until(advance, battle.time, age, zone, longest)
            wait = world.planning.attack.echelon_wait - engagement.age
            if len(line.front) < len(line.up) and wait > 0.0:
                longest = min(longest, wait)
        goes_on = battle.siege_days - age
        if quits > 0.0:
            goes_on = days_until(quits, battle.shape, age, battle.nerve, goes_on)
        longest = max(min(longest, goes_on), SHORTEST_STEP)
        if battle.dark:
            level_a *= world.planning.night.casualties
            level_d *= world.planning.night.casualties
        factors = battle.toll.factors((level_a, level_d), attackers.value, defenders.value)
        without = Rates(longest, phases, quits, reckoning(battle, phases, goes_on, factors), [])
        return self._with_causes(battle, without, lines, defenders, goes_on)

    def _with_causes(
        self, battle: Battle, without: Rates, lines: Sequence[Line], defenders: Force,
        goes_on: float,
    ) -> Rates:  # fmt: skip
        """Put the causes of quitting into the hazards of the defence.

        Causes grow while a rate holds: what counts is how far they are present half way. When
        a position breaks before the longest time is over, half way is sooner. ``goes_on``: days
        for which the attack would go on if nothing broke.
        """
        found = without
        for _ in range(2):
            intensities = self._intensities(battle, found, defenders, 0.5 * found.days)
            factor = _factor(battle.world, intensities)
            phases = [Phase(line, b * factor, advance) for line, b, advance in without.phases]
            by = reckoning(battle, phases, goes_on, without.reckoning.factors)
            days = min(without.days, battle.toll.used_up(lines, by) - battle.age)
            for phase in phases:
                days = min(days, holds_out(battle, phase))
            days = max(days, SHORTEST_STEP)
            found = Rates(days, phases, without.quits, by, intensities)
            if found.days == without.days:
                break
        return found

    def _levels(
        self, battle: Battle, engagement: Engagement, attackers: Force, defenders: Force,
        posture: str, front: float, air: float,
    ) -> Levels:  # fmt: skip
        """Factors of the circumstances, looked at anew when forces or circumstances change.

        ``front``: width of all fronts now fought on, in km; ``air``: superiority, from -1 to 1.
        """
        world, columns = battle.world, battle.columns
        forces = (len(attackers.formations), len(defenders.formations))
        if self._forces != forces:
            self._forces = forces
            self._found.clear()
        wet = world.is_wet(engagement.node.id)
        key = (posture, wet, front, battle.dark, world.air.sky(engagement.node.id))
        found = self._found.get(key)
        if found is None:
            surprise, days = surprise_of(columns, world.env.now)
            known = circumstances(
                columns, attackers, defenders, posture,
                year=world.scenario.year,
                wet=wet,
                air=air,
                surprise=surprise * surprise_left(days, world.planning.surprise.days),
                # Those who find no room make the attack no denser.
                front_km=max(front, attackers.men / world.planning.front.attackers_km),
            )  # fmt: skip
            nations = attackers.nation(), defenders.nation()
            found = self._found[key] = levels(world.laws, known, *nations)
        return found

    def _intensities(self, battle: Battle, rates: Rates, force: Force, ahead: float) -> list[float]:
        """How far each cause of quitting is present (0-1), in the order of ``CAUSES``.

        ``ahead``: days from now; ground and losses grow until then as they do now.
        """
        world, men = battle.world, max(force.men, 1.0)
        on, planning, now = world.on, world.planning, world.env.now + ahead
        version = (world.network.version, len(battle.zone))
        if self._exposure_version != version:
            coalition = force.formations[0].coalition
            self._exposure = world.network.exposure(battle.zone, coalition)
            self._exposure_version = version
        lost, alone = self._exposure
        enveloped = hungry = 0.0
        for f in force.formations:
            if f.isolated <= now:
                enveloped += f.personnel / men
                days = now - f.isolated
                hungry += min(1.0, days / FULLY_UNSUPPLIED_DAYS) * f.personnel / men
        penetration = _penetration(battle, rates.phases, ahead)
        lost_then = battle.toll.defence_by(battle.age + ahead, rates.reckoning)
        level, days = surprise_of(battle.columns, now)
        return [
            max(penetration, enveloped) if on.envelopment else 0.0,
            lost if on.neighbours else 0.0,
            level / 3.0 * surprise_left(days, planning.surprise.days),
            penetration if on.envelopment else 0.0,
            min(1.0, lost_then / (battle.toll.lost[1] + men) / planning.cohesion.loss_scale),
            alone,
            hungry if on.supply else 0.0,
        ]


def _superiority(battle: Battle, place: str) -> float:
    """The attackers' superiority in the air over a place, from -1 to 1; nobody's in the dark."""
    world = battle.world
    if battle.dark:
        return 0.0
    return world.air.superiority(battle.coalition, place, wet=world.is_wet(place))


def _ratio(battle: Battle, attackers: Force, defenders: Force, room: Room) -> float:
    """Ratio of the strengths now.

    Only so many count as the ceiling and the fronts' ``room`` let.
    """
    ours, theirs = max(attackers.men, 1.0), max(defenders.men, 1.0)
    a, d = counting(ours, theirs, battle.world.planning.battle.ceiling, room)
    return a / ours * attackers.strength / (d / theirs * max(defenders.strength, 1.0))


def _factor(world: World, intensities: list[float]) -> float:
    """Factor of the causes of quitting that are present on the table's hazard."""
    mean = world.planning.cohesion.mean_intensity
    # Surprise is among the factors of the odds already.
    others = list(intensities)
    others[_SURPRISE] = mean
    return multiplier(world.laws.cohesion_shares, others, mean)


def _penetration(battle: Battle, phases: Sequence[Phase], ahead: float) -> float:
    """Share of the grouping's zone crossed in fighting, by the men of its positions.

    ``ahead``: days from now.
    """
    members, broken = battle.members, battle.broken
    crossed = fsum([members[f] * share for f, share in broken.items()])
    for line, _, advance in phases:
        engagement = line.engagement
        men = fsum([members[f] for f in engagement.defenders if f not in broken])
        share = engagement.penetration
        if advance > 0.0:
            gained = between(advance, battle.time, battle.age, battle.age + ahead)
            share = min(1.0, share + gained / engagement.depth_km)
        crossed += share * men
    return crossed / max(fsum(members.values()), 1.0)


def _advance(
    battle: Battle, line: Line, attackers: Force, posture: str, ratio: float, persons: float,
    level: float, air: float,
) -> float:  # fmt: skip
    """Ground of the first day in km against this opposition; 0 with no zone to cross."""
    world, law, engagement = battle.world, battle.world.laws.advance, line.engagement
    crossed = engagement.depth_km <= 0.0 or engagement.penetration >= CROSSED
    if not world.on.opposed_advance or crossed:
        return 0.0
    leg = engagement.leg
    attack = Attack(
        ratio,
        persons,
        attackers.formations[0].mobility,
        posture,
        leg.terrain if leg is not None and world.on.terrain else None,
        air,
        *surprise_of(engagement.attackers, world.env.now),
    )
    return law.scale(attack, level) * battle.pace


def cause_of(battle: Battle, rates: Rates) -> str:
    """The reported cause of a break of the defence."""
    world = battle.world
    mean = world.planning.cohesion.mean_intensity
    return cause_at(world.laws.cohesion_shares, rates.intensities, mean, battle.cause_draw)
