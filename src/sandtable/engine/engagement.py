"""An engagement: attrition, opposed advance and cohesion until one side gives way.

Rates hold from one assessment to the next, which comes after the step or when the first
threshold is reached, whichever is sooner: a shorter step changes little.
"""

from __future__ import annotations

from collections.abc import Generator
from math import exp
from typing import TYPE_CHECKING

from sandtable.engine.conditions import (
    Force,
    Levels,
    air_superiority,
    circumstances,
    levels,
    posture_of,
    surprise_of,
)
from sandtable.engine.control import dissolve
from sandtable.engine.losses import Threat, take_losses, threat_of
from sandtable.engine.network import Node
from sandtable.engine.retreat import fall_back
from sandtable.engine.state import Column, Formation
from sandtable.laws.advance import mobility_factor, surprise_factor
from sandtable.laws.cohesion import CAUSES, cause_at, multiplier
from sandtable.laws.condition import tired
from sandtable.laws.growth import between, days_until
from sandtable.scenario.resolved import Leg

if TYPE_CHECKING:
    import simpy

    from sandtable.engine.world import World

LEAST_STRENGTH = 1.0
FULLY_UNSUPPLIED_DAYS = 3.0
CROSSED = 1.0 - 1e-9
"""Share of a zone from which it counts as crossed; the rest is rounding."""
WON, REPULSED = "won", "repulsed"
_SURPRISE = CAUSES.index("surprise")


class Engagement:
    """Columns of one coalition against the defenders of a place.

    ``penetration`` is the share of the defended zone crossed. ``done`` succeeds with ``won``
    or ``repulsed`` for the attackers.
    """

    def __init__(self, world: World, node: Node, column: Column, leg: Leg | None) -> None:
        self.world, self.node, self.leg = world, node, leg
        self.attackers: list[Column] = []
        self.defenders: list[Formation] = []
        self.done: simpy.Event = world.env.event()
        self.began = world.env.now
        self.opened = self.committed_all = False
        self.age = self.penetration = 0.0
        self._joined: dict[Column, tuple[float, float]] = {}
        self.depth_km = 0.0
        self.attacker_lost = self.defender_lost = 0.0
        ordinal = world.fought.get(node.id, 0)
        world.fought[node.id] = ordinal + 1
        draws = world.draws(f"engagement/{node.id}/{column.id}/{ordinal}")
        spread = world.laws.attrition.spread(draws.normal(), draws.normal())
        self.spread_attacker, self.spread_defender = spread
        self.resolve, self.nerve = draws.exponential(), draws.exponential()
        self.pace = exp(world.laws.advance.residual_sd * draws.normal())
        self.cause_draw = draws.uniform()
        self._exposure_version = -1
        self._exposure = (0.0, 1.0)
        self._threats: tuple[Threat, Threat] | None = None
        planning = world.planning
        self._found: tuple[tuple[str, int, int], Levels] | None = None
        self._wear = planning["pursuit.isolation_wear"] if world.on.supply else 0.0
        self._fatigue = (planning["fatigue.loss"], planning["fatigue.floor"])

    def attack(self, column: Column) -> None:
        """A column joins the attack."""
        self.attackers.append(column)
        self._joined[column] = (column.km, self.penetration)
        column.engagement = self
        if column.attack_day != column.attack_day:
            column.attack_day = self.world.env.now

    def defend(self, formation: Formation) -> None:
        """A formation joins the defence; unreliable ones may melt away at first contact."""
        self.defenders.append(formation)
        formation.engagement = self
        formation.rest(self.world.env.now, self.world.planning["fatigue.recovery"])
        if not formation.met:
            formation.met = True
            if self.world.on.desertion and formation.desertion > 0.0:
                gone = formation.personnel * formation.desertion
                formation.deserted += gone
                formation.personnel -= gone
                self.world.log("deserted", self.node.id, formation.id, formation.side,
                               text=f"{gone:.0f} leave")  # fmt: skip
        if formation.column is not None:
            formation.column.defending = self

    def remove(self, formation: Formation) -> None:
        """A formation leaves the defence."""
        if formation in self.defenders:
            self.defenders.remove(formation)
        formation.engagement = None

    def run(self) -> Generator[simpy.Event, None, None]:
        """Process: assess, let time pass, take losses, until somebody gives way."""
        world = self.world
        while True:
            defenders = self._force(list(self.defenders))
            if defenders.strength < LEAST_STRENGTH:
                return self._finish(WON, "losses")
            attackers = self._attacking(defenders)
            if not any(column.formations for column in self.attackers):
                return self._finish(REPULSED, "")
            if not self.opened:
                wait = self._waits_for(attackers, defenders)
                if wait > 0.0:
                    yield world.env.timeout(wait)
                    continue
                self._open(attackers, defenders)
            if attackers.strength < LEAST_STRENGTH:
                yield world.env.timeout(world.step)
                continue
            verdict = yield from self._fight(attackers, defenders)
            if verdict is not None:
                return self._finish(*verdict)

    def _attacking(self, defenders: Force) -> Force:
        """All attackers that have come up; in action enough of them for three to one, or all."""
        now, planning = self.world.env.now, self.world.planning
        force = self._force([f for column in self.attackers for f in column.present(now)])
        if self.opened and self.age >= planning["attack.echelon_wait"]:
            self.committed_all = True
        if self.committed_all or not self.world.on.second_echelon:
            return force
        enough = planning["attack.sufficient_ratio"] * defenders.strength
        if force.strength > enough:
            strength = 0.0
            for count, formation in enumerate(force.formations, start=1):
                strength += formation.strength(now, self._wear)
                if strength >= enough:
                    force.front = force.formations[:count]
                    break
        return force

    def _waits_for(self, attackers: Force, defenders: Force) -> float:
        """Days to wait until more of the column is up; 0 when the attack can open."""
        if attackers.strength >= self.world.planning["attack.least_ratio"] * defenders.strength:
            return 0.0
        now = self.world.env.now
        coming = [
            f.ready - now
            for column in self.attackers
            for f in column.formations
            if f.ready > now + 1e-9
        ]
        return min(coming, default=0.0)

    def _open(self, attackers: Force, defenders: Force) -> None:
        self.opened = True
        zone = max(f.depth_km for f in defenders.formations)
        self.depth_km = zone if self.leg is None else min(zone, self.leg.length_km)
        ratio = attackers.strength / defenders.strength
        self.world.log("contact", self.node.id, self.attackers[0].id, self.attackers[0].coalition,
                       text=f"force ratio {ratio:.1f} to 1")  # fmt: skip

    def _force(self, formations: list[Formation]) -> Force:
        now, wear = self.world.env.now, self._wear
        men = sum([f.personnel for f in formations])
        strength = sum([f.strength(now, wear) for f in formations])
        return Force(formations, formations, men, strength)

    def _levels(self, attackers: Force, defenders: Force, posture: str) -> Levels:
        """Factors of the circumstances, looked at anew when forces or posture change."""
        key = (posture, len(attackers.formations), len(defenders.formations))
        if self._found is None or self._found[0] != key:
            world = self.world
            known = circumstances(
                world, self.attackers, attackers, defenders, posture, self.node.id
            )
            found = levels(world, known, attackers.nation(), defenders.nation())
            self._found = key, found
        return self._found[1]

    def _surprise(self, table: str) -> float:
        """A factor of surprise after Dupuy, for laws that don't have it among their own."""
        world = self.world
        level, days = surprise_of(world, self.attackers)
        return surprise_factor(
            world.laws.tables[table], level, days, world.planning["surprise.days"]
        )

    def _loss_levels(self, found: Levels) -> tuple[float, float]:
        """Factors on the losses of (attackers, defenders) now, with those of surprise."""
        own, enemy = found.attacker_losses, found.defender_losses
        if not self.world.laws.attrition.surprise:
            own *= self._surprise("surprise.surpriser")
            enemy *= self._surprise("surprise.surprised")
        return own, enemy

    def _intensities(self, force: Force) -> list[float]:
        """How far each cause of quitting is present (0-1), in the order of ``CAUSES``."""
        world, now, defenders = self.world, self.world.env.now, force.formations
        if self._exposure_version != world.network.version:
            self._exposure = world.network.exposure(self.node.id, defenders[0].coalition)
            self._exposure_version = world.network.version
        lost, alone = self._exposure
        cut_off = [now - f.isolated for f in defenders if f.isolated <= now]
        penetration = self.penetration
        losses = self.defender_lost / (self.defender_lost + force.men)
        on = world.on
        level, days = surprise_of(world, self.attackers)
        surprise = level / 3.0 * max(0.0, 1.0 - days / world.planning["surprise.days"])
        return [
            max(penetration, len(cut_off) / len(defenders)) if on.envelopment else 0.0,
            lost if on.neighbours else 0.0,
            surprise,
            penetration if on.envelopment else 0.0,
            min(1.0, losses / world.planning["cohesion.loss_scale"]),
            alone,
            min(1.0, max(cut_off) / FULLY_UNSUPPLIED_DAYS) if cut_off and on.supply else 0.0,
        ]

    def _advance_scale(
        self, attackers: Force, defenders: Force, posture: str, level: float
    ) -> float:
        """Ground of the first day in km against this opposition; 0 with no zone to cross."""
        world, law = self.world, self.world.laws.advance
        if not world.on.opposed_advance or self.depth_km <= 0.0 or self.penetration >= CROSSED:
            return 0.0
        mobility, effective, others = attackers.formations[0].mobility, attackers.strength, 1.0
        if not law.complete:
            air = air_superiority(world, self.attackers[0].coalition)
            effective *= 1.0 + world.planning["air.effect"] * air
            others = mobility_factor(self._surprise("surprise.mobility"))
            if self.leg is not None and world.on.terrain:
                kind = "vehicle" if mobility in ("motor", "tracked") else "foot"
                others *= world.planning[f"terrain.{kind}.{self.leg.terrain}"]
        scale = law.scale(effective, defenders.strength, mobility, posture, level)
        return scale * others * self.pace

    def _hazards(
        self, attackers: Force, defenders: Force, found: Levels, intensities: list[float]
    ) -> tuple[float, float]:
        """Rates, as of `OutcomeLaw.rates`, at which the defence breaks and the attack ends."""
        world = self.world
        if not world.on.cohesion:
            return 0.0, 0.0
        mean = world.planning["cohesion.mean_intensity"]
        # Surprise is among the factors of the odds already.
        others = list(intensities)
        others[_SURPRISE] = mean
        breaks, quits = world.laws.outcome.rates(
            attackers.strength, defenders.strength, found.outcome
        )
        return breaks * multiplier(world.laws.cohesion_shares, others, mean), quits

    def _fight(
        self, attackers: Force, defenders: Force
    ) -> Generator[simpy.Event, None, tuple[str, str] | None]:
        """One assessment: rates now, then the time that they hold, then their effects."""
        world, planning = self.world, self.world.planning
        posture = posture_of(world, defenders)
        found = self._levels(attackers, defenders, posture)
        advance = self._advance_scale(attackers, defenders, posture, found.advance)
        intensities = self._intensities(defenders)
        breaks, quits = self._hazards(attackers, defenders, found, intensities)
        loss_levels = self._loss_levels(found)
        until_end = world.scenario.days - world.env.now
        days = min(world.step, until_end) if until_end > 1e-9 else world.step
        time = world.laws.advance.time
        shape = world.laws.outcome.shape
        left = (1.0 - self.penetration) * self.depth_km
        days = days_until(breaks, shape, self.age, self.resolve, days)
        days = days_until(quits, shape, self.age, self.nerve, days)
        days = days_until(advance, time, self.age, left, days)
        yield world.env.timeout(days)
        attackers.keep([f for f in attackers.formations if f.column in self.attackers])
        defenders.keep([f for f in defenders.formations if f.engagement is self])
        if world.on.attrition and attackers.men > 0.0 and defenders.men > 0.0:
            self._take_losses(attackers, defenders, days, loss_levels)
        if world.on.combat_fatigue:
            self._tire(attackers, days)
            self._tire(defenders, days)
        t0, t1 = self.age, self.age + days
        self._gain_ground(between(advance, time, t0, t1))
        self.resolve -= between(breaks, shape, t0, t1)
        self.nerve -= between(quits, shape, t0, t1)
        self.age = t1
        if self.resolve <= 1e-9:
            mean = planning["cohesion.mean_intensity"]
            shares = world.laws.cohesion_shares
            return WON, cause_at(shares, intensities, mean, self.cause_draw)
        return (REPULSED, "") if self.nerve <= 1e-9 else None

    def _gain_ground(self, km: float) -> None:
        if km <= 0.0:
            return
        self.penetration = min(1.0, self.penetration + km / self.depth_km)
        for column in self.attackers:
            if self.leg is not None and column.index + 1 < len(column.places):
                km, penetration = self._joined[column]
                gained = km + (self.penetration - penetration) * self.depth_km
                column.km = max(column.km, min(column.leg_end, gained))
                column.mark(self.world.env.now)

    def _take_losses(
        self, attackers: Force, defenders: Force, days: float, loss_levels: tuple[float, float]
    ) -> None:
        """Casualties by the law between two ages of the engagement, spread over each force."""
        world, law = self.world, self.world.laws.attrition
        engaged_a = attackers.men + self.attacker_lost
        engaged_d = defenders.men + self.defender_lost
        t0, t1 = self.age, self.age + days
        level_a, level_d = loss_levels
        scale_a = law.attacker.scale(engaged_a, defenders.value * engaged_d, level_a)
        scale_d = law.defender.scale(engaged_d, attackers.value * engaged_a, level_d)
        lost_a = law.attacker.between(scale_a, t0, t1) * self.spread_attacker
        lost_d = law.defender.between(scale_d, t0, t1) * self.spread_defender
        men_in_action = sum([f.personnel for f in attackers.front])
        share_a = min(1.0, lost_a / men_in_action) if men_in_action > 0.0 else 0.0
        share_d = min(1.0, lost_d / defenders.men)
        self.attacker_lost += share_a * men_in_action
        self.defender_lost += share_d * defenders.men
        if self._threats is None:
            share = world.sortie_share[self.attackers[0].coalition]
            ours, theirs = (share, 1.0 - share) if world.on.air and world.aircraft else (0.0, 0.0)
            self._threats = (
                threat_of(world, defenders.formations, theirs),
                threat_of(world, attackers.formations, ours),
            )
        against_a, against_d = self._threats
        take_losses(world, attackers.front, share_a, against_a, self.node)
        take_losses(world, defenders.front, share_d, against_d, self.node)

    def _tire(self, force: Force, days: float) -> None:
        loss, floor = self._fatigue
        now = self.world.env.now
        for formation in force.front:
            formation.fatigue = tired(formation.fatigue, days, loss, floor)
            formation.fatigue_at = now

    def _finish(self, verdict: str, cause: str) -> None:
        world = self.world
        del world.engagements[self.node.id, self.attackers[0].coalition]
        broken = list(self.defenders)
        for column in self.attackers:
            column.engagement = None
            column.marched_days = 0.0
            for formation in [f for f in column.formations if f.is_remnant()]:
                dissolve(world, formation, "losses")
        for formation in broken:
            formation.engagement = None
            if formation.column is not None:
                formation.column.defending = None
        if verdict == WON:
            world.log("defence broken" if broken else "defence gone", self.node.id,
                      self.attackers[0].id, self.attackers[0].coalition, cause)  # fmt: skip
            fall_back(world, self.node, broken, cause)
        else:
            world.log("attack broken off", self.node.id, self.attackers[0].id,
                      self.attackers[0].coalition)  # fmt: skip
        self.done.succeed(verdict)


def engage(world: World, column: Column, node: Node, enemies: list[Formation],
           leg: Leg | None) -> Engagement:  # fmt: skip
    """Join the engagement for a place, or begin one."""
    key = (node.id, column.coalition)
    engagement = world.engagements.get(key)
    if engagement is None:
        engagement = world.engagements[key] = Engagement(world, node, column, leg)
        for formation in enemies:
            if formation.engagement is None:
                engagement.defend(formation)
        engagement.attack(column)
        world.env.process(engagement.run())
    else:
        engagement.attack(column)
    return engagement
