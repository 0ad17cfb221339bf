"""What an engagement comes to at one moment: rates of losses, of ground gained, of decision."""

from __future__ import annotations

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
from sandtable.laws.cohesion import CAUSES, multiplier
from sandtable.laws.growth import days_until

if TYPE_CHECKING:
    from sandtable.engine.engagement import Engagement

FULLY_UNSUPPLIED_DAYS = 3.0
CROSSED = 1.0 - 1e-9
"""Share of a zone from which it counts as crossed; the rest is rounding."""
_SURPRISE = CAUSES.index("surprise")


class Rates(NamedTuple):
    """Rates from one assessment on, and the ``days`` for which they hold.

    ``advance``: ground of the first day (km). ``breaks``, ``quits``: of the hazards that the
    defence breaks and that the attack ends. ``loss_levels``: factors on the losses of attackers
    and defenders. ``intensities``: how far each cause of quitting is present (0-1), in the order
    of ``CAUSES``.
    """

    days: float
    advance: float
    breaks: float
    quits: float
    loss_levels: tuple[float, float]
    intensities: list[float]


class Assessment:
    """Assesses an engagement again and again; what changes seldom is kept in between."""

    def __init__(self) -> None:
        self._exposure_version = -1
        self._exposure = (0.0, 1.0)
        self._found: tuple[tuple[str, int, int], Levels] | None = None

    def rates(self, engagement: Engagement, attackers: Force, defenders: Force) -> Rates:
        """Rates now, and how long they hold: for a step, or until a threshold is reached."""
        world = engagement.world
        posture = posture_of(defenders, works_count=world.on.fortification)
        found = self._levels(engagement, attackers, defenders, posture)
        advance = _advance(engagement, attackers, defenders, posture, found.advance)
        intensities = self._intensities(engagement, defenders)
        breaks, quits = _hazards(world, attackers, defenders, found, intensities)
        until_end = world.scenario.days - world.env.now
        days = min(world.step, until_end) if until_end > 1e-9 else world.step
        age, shape = engagement.age, world.laws.outcome.shape
        left = (1.0 - engagement.penetration) * engagement.depth_km
        days = days_until(breaks, shape, age, engagement.resolve, days)
        days = days_until(quits, shape, age, engagement.nerve, days)
        days = days_until(advance, world.laws.advance.time, age, left, days)
        surprise = surprise_of(engagement.attackers, world.env.now)
        losses = world.laws.attrition.levels_at(found.losses, *surprise)
        return Rates(days, advance, breaks, quits, losses, intensities)

    def _levels(
        self, engagement: Engagement, attackers: Force, defenders: Force, posture: str
    ) -> Levels:
        """Factors of the circumstances, looked at anew when forces or posture change."""
        key = (posture, len(attackers.formations), len(defenders.formations))
        if self._found is None or self._found[0] != key:
            world, columns, place = engagement.world, engagement.attackers, engagement.node.id
            surprise, days = surprise_of(columns, world.env.now)
            known = circumstances(
                columns, attackers, defenders, posture,
                year=world.scenario.year,
                wet=world.is_wet(place),
                air=world.air.superiority(columns[0].coalition),
                surprise=surprise * surprise_left(days, world.planning.surprise.days),
            )  # fmt: skip
            nations = attackers.nation(), defenders.nation()
            self._found = key, levels(world.laws, known, *nations)
        return self._found[1]

    def _intensities(self, engagement: Engagement, force: Force) -> list[float]:
        """How far each cause of quitting is present (0-1), in the order of ``CAUSES``."""
        world, defenders = engagement.world, force.formations
        now, on, planning = world.env.now, world.on, world.planning
        if self._exposure_version != world.network.version:
            side = defenders[0].coalition
            self._exposure = world.network.exposure(engagement.node.id, side)
            self._exposure_version = world.network.version
        lost, alone = self._exposure
        cut_off = [now - f.isolated for f in defenders if f.isolated <= now]
        penetration = engagement.penetration
        losses = engagement.defender_lost / (engagement.defender_lost + force.men)
        level, days = surprise_of(engagement.attackers, world.env.now)
        surprise = level / 3.0 * surprise_left(days, planning.surprise.days)
        return [
            max(penetration, len(cut_off) / len(defenders)) if on.envelopment else 0.0,
            lost if on.neighbours else 0.0,
            surprise,
            penetration if on.envelopment else 0.0,
            min(1.0, losses / planning.cohesion.loss_scale),
            alone,
            min(1.0, max(cut_off) / FULLY_UNSUPPLIED_DAYS) if cut_off and on.supply else 0.0,
        ]


def _advance(
    engagement: Engagement, attackers: Force, defenders: Force, posture: str, level: float
) -> float:
    """Ground of the first day in km against this opposition; 0 with no zone to cross."""
    world, law = engagement.world, engagement.world.laws.advance
    crossed = engagement.depth_km <= 0.0 or engagement.penetration >= CROSSED
    if not world.on.opposed_advance or crossed:
        return 0.0
    leg = engagement.leg
    attack = Attack(
        attackers.strength,
        defenders.strength,
        attackers.formations[0].mobility,
        posture,
        leg.terrain if leg is not None and world.on.terrain else None,
        world.air.superiority(engagement.attackers[0].coalition),
        *surprise_of(engagement.attackers, world.env.now),
    )
    return law.scale(attack, level) * engagement.pace


def _hazards(
    world: World, attackers: Force, defenders: Force, found: Levels, intensities: list[float]
) -> tuple[float, float]:
    """Rates, as of `OutcomeLaw.rates`, at which the defence breaks and the attack ends."""
    if not world.on.cohesion:
        return 0.0, 0.0
    mean = world.planning.cohesion.mean_intensity
    # Surprise is among the factors of the odds already.
    others = list(intensities)
    others[_SURPRISE] = mean
    breaks, quits = world.laws.outcome.rates(attackers.strength, defenders.strength, found.outcome)
    return breaks * multiplier(world.laws.cohesion_shares, others, mean), quits
