"""What a battle comes to at one moment: rates of losses, of ground gained, of decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sandtable.engine.conditions import (
    Force,
    Levels,
    circumstances,
    levels,
    posture_of,
    surprise_of,
)
from sandtable.engine.world import World
from sandtable.laws.advance import Attack
from sandtable.laws.circumstances import surprise_left
from sandtable.laws.cohesion import CAUSES, cause_at, multiplier
from sandtable.laws.growth import days_until

if TYPE_CHECKING:
    from sandtable.engine.battle import Battle
    from sandtable.engine.engagement import Engagement

FULLY_UNSUPPLIED_DAYS = 3.0
SHORTEST_STEP = 1e-8
"""Least time between two assessments in days, so that time always passes."""
CROSSED = 1.0 - 1e-9
"""Share of a zone from which it counts as crossed; the rest is rounding."""
_SURPRISE = CAUSES.index("surprise")


class Phase(NamedTuple):
    """Rates of the fight for one place: of the hazard that it breaks, and ground of a day (km)."""

    engagement: Engagement
    breaks: float
    advance: float


class Rates(NamedTuple):
    """Rates from one assessment on, and the ``days`` for which they hold.

    ``quits``: rate of the hazard that the attack ends. ``end``: age of the battle, in days, at
    which it would be decided where it is fought now; inf: never. ``loss_levels``: factors on the
    losses of attackers and defenders. ``intensities``: how far each cause of quitting is present
    (0-1), in the order of ``CAUSES``.
    """

    days: float
    phases: list[Phase]
    quits: float
    end: float
    loss_levels: tuple[float, float]
    intensities: list[float]


class Assessment:
    """Assesses a battle again and again; what changes seldom is kept in between."""

    def __init__(self) -> None:
        self._exposure_version = (-1, 0)
        self._exposure = (0.0, 1.0)
        self._found: dict[tuple[str, bool], Levels] = {}
        self._forces = (0, 0)

    def rates(
        self, battle: Battle, phases: Sequence[Engagement], attackers: Force, defenders: Force
    ) -> Rates:
        """Rates now, and how long they hold: for a step, or until a threshold is reached."""
        world, law = battle.world, battle.world.laws.outcome
        ratio, persons = _ratio(battle, attackers, defenders)
        intensities = self._intensities(battle, phases, defenders)
        factor = _factor(world, intensities)
        efforts = [phase.effort() for phase in phases]
        whole = sum(efforts)
        age, shape, time = battle.age, law.shape, world.laws.advance.time
        until_end = world.scenario.days - world.env.now
        days = min(world.step, until_end) if until_end > 1e-9 else world.step
        found: list[Phase] = []
        all_breaks = all_quits = work_left = level_a = level_d = 0.0
        surprise = surprise_of(battle.columns, world.env.now)
        for engagement, effort in zip(phases, efforts, strict=True):
            share = effort / whole
            posture = posture_of(
                battle.force(engagement.defenders), works_count=world.on.fortification
            )
            level = self._levels(battle, engagement, attackers, defenders, posture)
            breaks, quits = law.rates(ratio, persons, level.outcome)
            if not world.on.cohesion:
                breaks = quits = 0.0
            breaks *= share * factor if battle.breaks else 0.0
            all_quits += share * quits
            advance = _advance(
                battle, engagement, attackers, posture, ratio, persons, level.advance
            )
            losses = world.laws.attrition.levels_at(level.losses, *surprise)
            level_a, level_d = level_a + share * losses[0], level_d + share * losses[1]
            left = battle.work_left(engagement)
            all_breaks, work_left = all_breaks + breaks, work_left + left
            days = days_until(breaks, shape, age, left, days)
            zone = (1.0 - engagement.penetration) * engagement.depth_km
            days = days_until(advance, time, age, zone, days)
            found.append(Phase(engagement, breaks, advance))
        days = days_until(all_quits, shape, age, battle.nerve, days)
        end = _end(battle, all_breaks, work_left, all_quits, shape)
        days = min(days, battle.siege_days - age)
        return Rates(
            max(days, SHORTEST_STEP), found, all_quits, end, (level_a, level_d), intensities
        )

    def _levels(
        self, battle: Battle, engagement: Engagement, attackers: Force, defenders: Force,
        posture: str,
    ) -> Levels:  # fmt: skip
        """Factors of the circumstances, looked at anew when forces, posture or weather change."""
        world, columns = battle.world, battle.columns
        forces = (len(attackers.formations), len(defenders.formations))
        if self._forces != forces:
            self._forces = forces
            self._found.clear()
        wet = world.is_wet(engagement.node.id)
        found = self._found.get((posture, wet))
        if found is None:
            surprise, days = surprise_of(columns, world.env.now)
            known = circumstances(
                columns, attackers, defenders, posture,
                year=world.scenario.year,
                wet=wet,
                air=world.air.superiority(battle.coalition),
                surprise=surprise * surprise_left(days, world.planning.surprise.days),
            )  # fmt: skip
            nations = attackers.nation(), defenders.nation()
            found = self._found[posture, wet] = levels(world.laws, known, *nations)
        return found

    def _intensities(
        self, battle: Battle, phases: Sequence[Engagement], force: Force
    ) -> list[float]:
        """How far each cause of quitting is present (0-1), in the order of ``CAUSES``."""
        world, now, men = battle.world, battle.world.env.now, max(force.men, 1.0)
        on, planning = world.on, world.planning
        version = (world.network.version, len(battle.zone))
        if self._exposure_version != version:
            coalition = force.formations[0].coalition
            self._exposure = world.network.exposure(battle.zone, coalition)
            self._exposure_version = version
        lost, alone = self._exposure
        cut_off = [(now - f.isolated, f.personnel) for f in force.formations if f.isolated <= now]
        enveloped = sum([persons for _, persons in cut_off]) / men
        hungry = sum([min(1.0, days / FULLY_UNSUPPLIED_DAYS) * n for days, n in cut_off]) / men
        penetration = _penetration(battle, phases)
        losses = battle.lost[1] / (battle.lost[1] + men)
        level, days = surprise_of(battle.columns, now)
        surprise = level / 3.0 * surprise_left(days, planning.surprise.days)
        return [
            max(penetration, enveloped) if on.envelopment else 0.0,
            lost if on.neighbours else 0.0,
            surprise,
            penetration if on.envelopment else 0.0,
            min(1.0, losses / planning.cohesion.loss_scale),
            alone,
            hungry if on.supply else 0.0,
        ]


def _ratio(battle: Battle, attackers: Force, defenders: Force) -> tuple[float, float]:
    """Force ratio, and persons of both sides; of the attackers only so many count."""
    ceiling = battle.world.planning.battle.ceiling
    men = max(defenders.men, 1.0)
    counting = min(1.0, ceiling * men / max(attackers.men, 1.0))
    ratio = counting * attackers.strength / max(defenders.strength, 1.0)
    return ratio, counting * attackers.men + men


def _end(battle: Battle, breaks: float, work: float, quits: float, shape: float) -> float:
    """Age at which the battle would be decided where it is fought now, at these rates."""
    days = battle.siege_days - battle.age
    if breaks > 0.0:
        days = days_until(breaks, shape, battle.age, work, days)
    if quits > 0.0:
        days = days_until(quits, shape, battle.age, battle.nerve, days)
    return battle.age + days


def _factor(world: World, intensities: list[float]) -> float:
    """Factor of the causes of quitting that are present on the table's hazard."""
    mean = world.planning.cohesion.mean_intensity
    # Surprise is among the factors of the odds already.
    others = list(intensities)
    others[_SURPRISE] = mean
    return multiplier(world.laws.cohesion_shares, others, mean)


def _penetration(battle: Battle, phases: Sequence[Engagement]) -> float:
    """Share of the grouping's zone crossed in fighting, by the men of its positions."""
    members, broken = battle.members, battle.broken
    crossed = sum([members[f] * share for f, share in broken.items()])
    for phase in phases:
        men = sum([members[f] for f in phase.defenders if f not in broken])
        crossed += phase.penetration * men
    return crossed / max(sum(members.values()), 1.0)


def _advance(
    battle: Battle, engagement: Engagement, attackers: Force, posture: str, ratio: float,
    persons: float, level: float,
) -> float:  # fmt: skip
    """Ground of the first day in km against this opposition; 0 with no zone to cross."""
    world, law = battle.world, battle.world.laws.advance
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
        world.air.superiority(battle.coalition),
        *surprise_of(engagement.attackers, world.env.now),
    )
    return law.scale(attack, level) * battle.pace


def cause_of(battle: Battle, rates: Rates) -> str:
    """The reported cause of a break of the defence."""
    world = battle.world
    mean = world.planning.cohesion.mean_intensity
    return cause_at(world.laws.cohesion_shares, rates.intensities, mean, battle.cause_draw)
