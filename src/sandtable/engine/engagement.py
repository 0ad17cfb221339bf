"""An engagement: attrition, opposed advance and cohesion until one side gives way.

Rates hold from one assessment to the next, which comes after the step or when the first
threshold is reached, whichever is sooner: a shorter step changes little.
"""

from __future__ import annotations

from collections.abc import Generator
from math import exp

import simpy

from sandtable.engine.assessment import Assessment, Rates
from sandtable.engine.conditions import Force
from sandtable.engine.control import dissolve
from sandtable.engine.events import EventKind
from sandtable.engine.losses import Threat, threat_of
from sandtable.engine.network import Node
from sandtable.engine.retreat import fall_back
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World
from sandtable.laws.cohesion import cause_at
from sandtable.laws.endurance import tired
from sandtable.laws.growth import between
from sandtable.scenario.resolved import Leg

LEAST_STRENGTH = 1.0
SPENT = 1e-9
"""Staying power at which it counts as spent; the rest is rounding."""
WON, REPULSED = "won", "repulsed"


class Engagement:
    """Columns of one coalition against the defenders of a place; its process begins with it.

    ``penetration`` is the share of the defended zone crossed, ``age`` the days in action.
    ``resolve`` and ``nerve`` are what is left of the staying power of defenders and attackers.
    ``done`` ends with ``won`` or ``repulsed`` for the attackers.
    """

    def __init__(self, world: World, node: Node, column: Column, leg: Leg | None) -> None:
        self.world, self.node, self.leg = world, node, leg
        self.attackers: list[Column] = []
        self.defenders: list[Formation] = []
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
        self._assessment = Assessment()
        self._threats: tuple[Threat, Threat] | None = None
        planning = world.planning
        self._wear = planning.pursuit.isolation_wear if world.on.supply else 0.0
        self._fatigue = (planning.fatigue.loss, planning.fatigue.floor)
        self.done: simpy.Event = world.env.process(self.run())

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
        formation.rest(self.world.env.now, self.world.planning.fatigue.recovery)
        if not formation.in_contact_before:
            formation.in_contact_before = True
            if self.world.on.desertion and formation.desertion > 0.0:
                gone = formation.personnel * formation.desertion
                formation.deserted += gone
                formation.personnel -= gone
                self.world.log(
                    "deserted", formation=formation, place=self.node.id, text=f"{gone:.0f} leave"
                )
        if formation.column is not None:
            formation.column.defending = self

    def remove(self, formation: Formation) -> None:
        """A formation leaves the defence."""
        if formation in self.defenders:
            self.defenders.remove(formation)
        formation.engagement = None

    def run(self) -> Generator[simpy.Event, None, str]:
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
            rates = self._assessment.rates(self, attackers, defenders)
            yield world.env.timeout(rates.days)
            self._take_effect(attackers, defenders, rates)
            if self.resolve <= SPENT:
                return self._finish(WON, self._cause(rates.intensities))
            if self.nerve <= SPENT:
                return self._finish(REPULSED, "")

    def _attacking(self, defenders: Force) -> Force:
        """All attackers that have come up; in action enough of them for three to one, or all."""
        now, planning = self.world.env.now, self.world.planning
        force = self._force([f for column in self.attackers for f in column.present(now)])
        if self.opened and self.age >= planning.attack.echelon_wait:
            self.committed_all = True
        if self.committed_all or not self.world.on.second_echelon:
            return force
        enough = planning.attack.sufficient_ratio * defenders.strength
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
        if attackers.strength >= self.world.planning.attack.least_ratio * defenders.strength:
            return 0.0
        now = self.world.env.now
        coming = [
            f.closed_up - now
            for column in self.attackers
            for f in column.formations
            if f.closed_up > now + 1e-9
        ]
        return min(coming, default=0.0)

    def _open(self, attackers: Force, defenders: Force) -> None:
        self.opened = True
        zone = max(f.depth_km for f in defenders.formations)
        self.depth_km = zone if self.leg is None else min(zone, self.leg.length_km)
        ratio = attackers.strength / defenders.strength
        self._log("contact", text=f"force ratio {ratio:.1f} to 1")

    def _log(self, kind: EventKind, *, cause: str = "", text: str = "") -> None:
        column = self.attackers[0]
        self.world.log(kind, column=column, place=self.node.id, cause=cause, text=text)

    def _force(self, formations: list[Formation]) -> Force:
        now, wear = self.world.env.now, self._wear
        men = sum([f.personnel for f in formations])
        strength = sum([f.strength(now, wear) for f in formations])
        return Force(formations, formations, men, strength)

    def _take_effect(self, attackers: Force, defenders: Force, rates: Rates) -> None:
        """What the time between two assessments brings, at the rates of the first."""
        world, days = self.world, rates.days
        attackers.keep([f for f in attackers.formations if f.column in self.attackers])
        defenders.keep([f for f in defenders.formations if f.engagement is self])
        if world.on.attrition and attackers.men > 0.0 and defenders.men > 0.0:
            self._take_losses(attackers, defenders, days, rates.loss_levels)
        if world.on.combat_fatigue:
            self._tire(attackers, days)
            self._tire(defenders, days)
        t0, t1, shape = self.age, self.age + days, world.laws.outcome.shape
        self._gain_ground(between(rates.advance, world.laws.advance.time, t0, t1))
        self.resolve -= between(rates.breaks, shape, t0, t1)
        self.nerve -= between(rates.quits, shape, t0, t1)
        self.age = t1

    def _cause(self, intensities: list[float]) -> str:
        """The reported cause of a break of the defence."""
        world = self.world
        mean = world.planning.cohesion.mean_intensity
        return cause_at(world.laws.cohesion_shares, intensities, mean, self.cause_draw)

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
            share = world.air.sortie_share[self.attackers[0].coalition]
            ours, theirs = (share, 1.0 - share) if world.air.any_fly else (0.0, 0.0)
            tanks, shares = world.planning.tanks, world.laws.tank_shares
            self._threats = (
                threat_of(tanks, shares, defenders.formations, theirs),
                threat_of(tanks, shares, attackers.formations, ours),
            )
        against_a, against_d = self._threats
        now = world.env.now
        world.losses.take(attackers.front, share_a, against_a, self.node, now)
        world.losses.take(defenders.front, share_d, against_d, self.node, now)

    def _tire(self, force: Force, days: float) -> None:
        loss, floor = self._fatigue
        now = self.world.env.now
        for formation in force.front:
            formation.fatigue = tired(formation.fatigue, days, loss, floor)
            formation.fatigue_at = now

    def _finish(self, verdict: str, cause: str) -> str:
        world = self.world
        del world.engagements[self.node.id, self.attackers[0].coalition]
        broken = list(self.defenders)
        for column in self.attackers:
            column.engagement = None
            column.marched_days = 0.0
            for formation in [f for f in column.formations if f.is_remnant()]:
                dissolve(world, formation, self.node, "losses")
        for formation in broken:
            formation.engagement = None
            if formation.column is not None:
                formation.column.defending = None
        if verdict == WON:
            self._log("defence broken" if broken else "defence gone", cause=cause)
            fall_back(world, self.node, broken, cause)
        else:
            self._log("attack broken off")
        return verdict


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
    return engagement
