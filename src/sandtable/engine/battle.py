"""A battle: all that columns of one coalition and one grouping of the defence fight out.

It has one clock, one account of losses, one pair of residuals, one staying power of each side
and one residual of the advance. The engagements for single places are its phases. Rates hold
from one assessment to the next, which comes after the step, when a threshold is reached, or
when somebody joins or leaves.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import exp, fsum, inf
from typing import TYPE_CHECKING

import simpy

from sandtable.battle_columns import REPULSED, WON
from sandtable.engine.assessment import Assessment, Line, Rates, cause_of
from sandtable.engine.battle_record import BattleAccount
from sandtable.engine.conditions import Force
from sandtable.engine.control import end_siege
from sandtable.engine.night import darkness_of
from sandtable.engine.state import HOLDING, RETREATING, Column, Formation
from sandtable.engine.toll import Toll
from sandtable.engine.world import World
from sandtable.laws.endurance import tired
from sandtable.laws.growth import between

if TYPE_CHECKING:
    from sandtable.engine.engagement import Engagement

SPENT = 1e-9
"""Staying power at which it counts as spent; the rest is rounding."""


class Battle:
    """Columns of one coalition against one grouping of the defence.

    ``zone`` are the places of the grouping and ``members`` its formations, each with its persons
    when it was first counted; ``broken`` those that have been beaten out of a position, with the
    share of its zone that was crossed: they add to the strength of the next position, not to its
    staying power; ``beaten_men`` are their persons when first counted. ``opened`` is the age at
    which each place was first fought for. The battle is ``decided`` when all are broken. ``age``
    are the days in contact, ``toll`` is what it costs. ``resolve`` and ``nerve`` are the staying
    powers of defenders and attackers, ``shape`` the exponent of time of their hazards, ``time``
    that of the ground gained; ``dark``: all is fought out by night; ``tempo`` are the days of the
    battle in one of fighting, 1 by day.
    ``siege_days`` is how long a garrison at bay holds out, inf for a
    battle in the field.
    """

    def __init__(
        self, world: World, name: str, coalition: str, zone: set[str], siege_days: float = inf,
        breaks: bool = True,
    ) -> None:  # fmt: skip
        self.breaks, self.account = breaks, BattleAccount(name)
        self.world, self.coalition, self.zone, self.siege_days = world, coalition, zone, siege_days
        ordinal = world.fought.get(name, 0)
        world.fought[name] = ordinal + 1
        draws = self._draws = world.draws(f"battle/{name}/{ordinal}")
        luck = world.laws.attrition.spread(draws.normal(), draws.normal())
        self.resolve, self.nerve = draws.exponential(), draws.exponential()
        self.pace = exp(world.laws.advance.residual_sd * draws.normal())
        self.cause_draw = draws.uniform()
        within = world.laws.operations.time.exponents(draws.normal(), draws.normal())
        self.shape, self.time = world.laws.outcome.shape, world.laws.advance.time
        self.columns: list[Column] = []
        self.members: dict[Formation, float] = {}
        self.toll = Toll(world, self.members, luck, within)
        self.broken: dict[Formation, float] = {}
        self.opened: dict[str, float] = {}
        self.first_men = self.beaten_men = self._power = 0.0
        self.decided = False
        self.age = 0.0
        self.dark, self.tempo = False, 1.0
        self.last_contact = world.env.now
        self.phases: list[Engagement] = []
        self.process: simpy.Process | None = None
        self._assessment = Assessment()
        self._gap = world.planning.battle.gap_days
        self.wear = world.planning.pursuit.isolation_wear if world.on.supply else 0.0

    # --- who belongs to it ---------------------------------------------------------------------

    def enlist(self, formations: Sequence[Formation]) -> None:
        """Count formations in on the side of the defence."""
        for formation in formations:
            formation.battle = self
            if formation not in self.members:
                self.members[formation] = formation.personnel
                self.account.enlist(self.world, formation)
        if self.first_men == 0.0:
            self.first_men = max(fsum(self.members.values()), 1.0)
        self._weigh()

    def join(self, column: Column) -> None:
        """A column joins on the side of the attack."""
        if column not in self.columns:
            self.columns.append(column)
        column.battle = self
        self.account.join(self.world, column)

    def take_up(self, engagement: Engagement) -> None:
        """The fight for a place begins, as a phase of this battle."""
        self.phases.append(engagement)
        if self.process is None:
            self._pass(self.world.env.now - self.last_contact)
            self.process = self.world.env.process(self.run())
        else:
            self.rouse()

    def rouse(self) -> None:
        """Look at the battle anew: somebody has joined or left it."""
        process = self.process
        if process is not None and process is not self.world.env.active_process:
            process.interrupt()

    def is_alive(self) -> bool:
        """Whether contact is kept."""
        if self.nerve <= SPENT:
            return False
        if self.phases:
            return True
        return not self.decided and self.world.env.now - self.last_contact <= self._gap

    def force(self, formations: list[Formation]) -> Force:
        """Formations as a force, at their present numbers."""
        return Force(formations, self.world.env.now, self.wear)

    def attackers(self) -> Force:
        """All men of the columns that take part, wherever in them they march."""
        found = [
            f for column in self.columns if self._takes_part(column)
            for f in column.formations if f.closed_up < inf and not f.ceased_fire
        ]  # fmt: skip
        for column in self.columns:
            if column.ammunition is not None:
                column.ammunition.receive()
        self.toll.commit(found)
        return self.force(found)

    def _takes_part(self, column: Column) -> bool:
        """Whether a column that has joined is in contact, or near enough to be again."""
        if column.battle is not self:
            return False
        if column.engagement is not None:
            return True
        world = self.world
        if world.env.now - column.last_contact <= self._gap:
            return True
        near = world.network.within(column.place, world.planning.battle.support_km)
        return not column.moving and any(place in self.zone for place in near)

    def defenders(self) -> Force:
        """All of the grouping that stand or fall back."""
        return self.force(self._standing())

    def _standing(self) -> list[Formation]:
        return [
            f for f in self.members
            if f.battle is self and f.personnel > 0.0 and not f.ceased_fire
            and (f.status == HOLDING or f.status == RETREATING)
        ]  # fmt: skip

    # --- its course ----------------------------------------------------------------------------

    def run(self) -> Generator[simpy.Event, None, None]:
        """Process: assess, let time pass, take losses, until no place is fought for."""
        while self.phases:
            lines = [line for phase in list(self.phases) if (line := phase.line()) is not None]
            if lines:
                self.dark, self.tempo = darkness_of(self.world, lines)
                rates = self._assessment.rates(self, lines)
                days = yield from self._pause(rates.days / self.tempo)
                self._take_effect(rates, days * self.tempo)
            elif self.phases:
                wait = min([phase.days_to_wait() for phase in self.phases])
                rest = any(phase.rests_by_day() for phase in self.phases)
                idle = yield from self._pause(wait)
                if not rest:
                    self._pass(idle)
        self.process = None
        self.last_contact = self.world.env.now

    def _pause(self, days: float) -> Generator[simpy.Event, None, float]:
        """Let time pass until the next assessment; returns the days that went by."""
        start = self.world.env.now
        yield from self.world.env.pause(days)
        return self.world.env.now - start

    def _pass(self, idle: float) -> None:
        """No place was fought for in some days: the clock runs on while contact is kept.

        Who besieges keeps it.
        """
        if self.age > 0.0 and (idle <= self._gap or self.siege_days < inf):
            self.age += idle

    def _take_effect(self, rates: Rates, days: float) -> None:
        """What the time between two assessments brings to those who were in contact then."""
        if days <= 0.0:
            return
        t0, t1 = self.age, self.age + days
        self.age = t1
        lines = [phase.line for phase in rates.phases]
        self._take_losses(rates, lines)
        hazard, ground = between(1.0, self.shape, t0, t1), between(1.0, self.time, t0, t1)
        for line, breaks, advance in rates.phases:
            engagement = line.engagement
            engagement.age += days
            for column in engagement.attackers:
                if column.ammunition is not None:
                    column.ammunition.fire(days)
            engagement.gain_ground(advance * ground)
            engagement.work += breaks * hazard
            if self.world.on.combat_fatigue:
                self._tire(line.front, days)
                self._tire(line.opposed.formations, days)
        self.nerve -= rates.quits * hazard
        self._decide(rates, [line.engagement for line in lines])

    def _take_losses(self, rates: Rates, lines: Sequence[Line]) -> None:
        shares = self.toll.charge(lines, self.age, rates.reckoning)
        for line in lines:
            line.engagement.suffer(line, *shares)

    def _tire(self, formations: list[Formation], days: float) -> None:
        figures, now = self.world.planning.fatigue, self.world.env.now
        for formation in formations:
            formation.fatigue = tired(formation.fatigue, days, figures.loss, figures.floor)
            formation.fatigue_at = now

    def _decide(self, rates: Rates, fought: Sequence[Engagement]) -> None:
        """End what has come to its end: a garrison's resistance, a position, the attack."""
        if self.siege_days < inf:
            self._decide_siege(fought)
        else:
            self._decide_field(rates, fought)
        if self.nerve <= SPENT:
            for engagement in list(self.phases):
                engagement.finish(REPULSED, "")
            for column in self.columns:
                if column.battle is self:
                    column.battle = None
            if self.siege_days < inf:
                # A garrison's battle goes on with the next assault.
                self.nerve = self._draws.exponential()

    def _decide_siege(self, fought: Sequence[Engagement]) -> None:
        """A garrison's resistance ends: in its days, or in the open sooner if it breaks."""
        for engagement in fought:
            if self.age >= self.siege_days - SPENT or engagement.breaks_now():
                for formation in list(engagement.defenders):
                    end_siege(self.world, formation, engagement.node)
                engagement.finish(WON, "encirclement")
                self.world.sieges.pop((engagement.node.id, self.coalition), None)

    def _decide_field(self, rates: Rates, fought: Sequence[Engagement]) -> None:
        for engagement in fought:
            if engagement.breaks_now() and engagement in self.phases:
                crossed = engagement.penetration
                self.broken |= {f: crossed for f in engagement.defenders if f not in self.broken}
                self._weigh()
                engagement.finish(WON, cause_of(self, rates))
        if all(f in self.broken for f in self._standing()):
            self.decided = True

    def power_left(self) -> float:
        """What is left of the grouping's staying power."""
        return max(0.0, self._power - fsum([phase.work for phase in self.phases]))

    def _weigh(self) -> None:
        """See how much staying power they have who are not beaten out of their positions."""
        members, broken = self.members, self.broken
        men = fsum([men for f, men in members.items() if f not in broken])
        self.beaten_men = fsum([men for f, men in members.items() if f in broken])
        self._power = self.resolve * men / self.first_men

    def unbroken_men(self, engagement: Engagement) -> float:
        """Persons, when first counted, of the defenders of a place not beaten before."""
        members, broken = self.members, self.broken
        return fsum([members[f] for f in engagement.defenders if f not in broken])

    def work_left(self, engagement: Engagement) -> float:
        """What is left of a position's part, by men, of the grouping's staying power."""
        part = self.resolve * self.unbroken_men(engagement) / self.first_men
        return max(0.0, part - engagement.work)
