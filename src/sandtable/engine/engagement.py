"""An engagement: the fight for one place, a phase of a battle.

The battle has the clock, the account of losses and the staying power; the engagement says who
is in contact at the place, how far the defended zone is crossed, and what its end brings.
"""

from __future__ import annotations

from itertools import zip_longest
from math import fsum, inf

import simpy

from sandtable.battle_columns import ABANDONED, AT_BAY, GIVEN_UP, REPULSED, WON
from sandtable.engine.assessment import Line
from sandtable.engine.battle import SPENT, Battle
from sandtable.engine.battle_record import PhaseAccount, cost
from sandtable.engine.conditions import posture_of
from sandtable.engine.control import dissolve, stand_at_bay
from sandtable.engine.events import Details, EventKind
from sandtable.engine.grouping import battle_for, siege_of
from sandtable.engine.losses import Threat, threat_of, to_attack
from sandtable.engine.network import Node
from sandtable.engine.night import days_to_twilight, rests
from sandtable.engine.retreat import fall_back
from sandtable.engine.state import LEAST_STRENGTH, Column, Formation
from sandtable.engine.world import World
from sandtable.laws.frontage import Room, room_on
from sandtable.scenario.resolved import Leg


class Engagement:
    """Columns of one coalition against the defenders of a place.

    ``penetration`` is the share of the defended zone crossed, ``work`` what it has cost of the
    grouping's staying power, ``age`` the days in action. ``done`` ends with ``won`` or
    ``repulsed`` for the attackers.
    """

    def __init__(self, world: World, node: Node, battle: Battle, leg: Leg | None) -> None:
        self.world, self.node, self.battle, self.leg = world, node, battle, leg
        self.attackers: list[Column] = []
        self.defenders: list[Formation] = []
        self.opened = False
        self.account: PhaseAccount | None = None
        self.age = self.penetration = self.work = self.depth_km = 0.0
        self._joined: dict[Column, tuple[float, float]] = {}
        self._way_back_version, self._way_back = -1, False
        self._threats: tuple[Threat, Threat] | None = None
        self.done: simpy.Event = world.env.event()

    # --- who is in it --------------------------------------------------------------------------

    def attack(self, column: Column) -> None:
        """A column joins the attack."""
        self.attackers.append(column)
        self._joined[column] = (column.km, self.penetration)
        column.engagement = self
        self.battle.join(column)
        self.battle.account.see(self)
        if self.opened:
            self._begin(column)
        self.battle.rouse()

    def defend(self, formation: Formation) -> None:
        """A formation joins the defence; unreliable ones may melt away at first contact."""
        self.defenders.append(formation)
        formation.engagement = self
        formation.rest(self.world.env.now, self.world.planning.fatigue.recovery)
        if not formation.in_contact_before:
            formation.in_contact_before = True
            if self.world.on.desertion and formation.desertion > 0.0:
                gone = formation.personnel * formation.desertion
                formation.losses.deserted += gone
                formation.personnel -= gone
                self.world.log("deserted", formation=formation, place=self.node.id,
                               text=f"{gone:.0f} leave", details={"men": gone})  # fmt: skip
        self.battle.enlist([formation])
        self.battle.account.see(self)
        if formation.column is not None:
            formation.column.defending = self
        self.battle.rouse()

    def remove(self, formation: Formation) -> None:
        """A formation leaves the defence."""
        if formation in self.defenders:
            self.defenders.remove(formation)
        formation.engagement = None
        self.battle.rouse()

    # --- what the battle asks ------------------------------------------------------------------

    def line(self) -> Line | None:
        """Who fights here now; ends the engagement if one side is not there any more.

        None while nobody fights: before the head of the attack is up, and after the end.
        """
        opposed = self.battle.force(list(self.defenders))
        if opposed.strength < LEAST_STRENGTH:
            cause = "losses" if self.defenders else ""
            # Who stands at bay falls back nowhere, and would be attacked again at once.
            for formation in [f for f in self.defenders if f.at_bay]:
                dissolve(self.world, formation, self.node, "losses")
            self.finish(WON, cause)
            return None
        if not any(column.formations for column in self.attackers):
            self.finish(REPULSED, "")
            return None
        if self._stands_at_bay():
            return None
        for column in [c for c in self.attackers if c.attacks_by_night and self.opened]:
            self._begin(column)
        up = self.present()
        if not self.opened and self._is_up(up):
            self._open()
        if not self.opened:
            return None
        force = self.battle.force(up)
        if force.strength < LEAST_STRENGTH:
            return None
        return Line(self, up, force.strength, self._front(up, opposed.strength), opposed)

    def front_km(self) -> float:
        """Width on which the place can be attacked now, in km; inf where nothing bounds it.

        That of the place, or of the ways of all columns together if that is less.
        """
        network = self.world.network
        if not network.bounds or not self.world.on.frontage:
            return inf
        ways = {}
        for here in [column.place for column in self.attackers]:
            leg = network.nodes[here].legs.get(self.node.id)
            ways[here] = inf if leg is None else leg.front_km or inf
        return min(self.node.front_km, fsum(ways.values()))

    def room(self) -> Room:
        """How many the front has room for."""
        return room_on(self.front_km(), self.world.planning.front)

    def days_to_wait(self) -> float:
        """Days until more of the column is up or night falls, or a step if nobody is on the way."""
        falls = [days_to_twilight(self.world, self.node.id)] if self.rests_by_day() else []
        return min([*self._coming(), *falls], default=self.world.step)

    def rests_by_day(self) -> bool:
        """Whether columns that attack by night only wait for darkness here."""
        return any(rests(self.world, column, self.node.id) for column in self.attackers)

    def by_night(self) -> bool:
        """Whether it is fought out by night alone."""
        return all(column.attacks_by_night for column in self.attackers)

    def days_to_twilight(self) -> float:
        """Days until a column here begins to fight or leaves off with the darkness, or inf."""
        if not any(column.attacks_by_night for column in self.attackers):
            return inf
        return days_to_twilight(self.world, self.node.id)

    def _coming(self) -> list[float]:
        """In how many days each formation on the way will be up."""
        now = self.world.env.now
        return [
            f.closed_up - now
            for column in self.attackers
            for f in column.formations
            if f.closed_up > now + 1e-9
        ]

    def _is_up(self, up: list[Formation]) -> bool:
        """Whether the head is strong enough to attack, or nothing is left to wait for.

        A head waits for the main body before more than it would attack by itself, unless the
        front has no room for more; what a commander sees of the enemy are men.
        """
        men = fsum([f.personnel for f in up])
        least = self.world.planning.attack.least_ratio
        needed = least * fsum([f.personnel for f in self.defenders])
        enough = men >= min(needed, self.room().attackers)
        return men > 0.0 and (enough or not self._coming())

    def present(self) -> list[Formation]:
        """Attackers that have come up, the heads of all columns first."""
        now = self.world.env.now
        columns = [
            column.present(now) for column in self.attackers
            if not rests(self.world, column, self.node.id)
        ]  # fmt: skip
        if not columns:
            return []
        if len(columns) == 1:
            return columns[0]
        abreast = zip_longest(*columns)
        return [f for rank in abreast for f in rank if f is not None]

    def _front(self, up: list[Formation], against: float) -> list[Formation]:
        """Attackers in action: enough of them for three to one in strength, or all.

        No more than the front has room for. ``up``: those that have come up, the heads of all
        columns first.
        """
        planning, room = self.world.planning.attack, self.room().attackers
        enough = planning.sufficient_ratio * against
        if not self.world.on.second_echelon or self.age >= planning.echelon_wait:
            enough = inf
        if len(up) == 1 or enough == room == inf:
            return up
        strength = men = 0.0
        now, wear = self.world.env.now, self.battle.wear
        for count, formation in enumerate(up, start=1):
            strength += formation.strength(now, wear)
            men += formation.personnel
            if strength >= enough or men >= room:
                return up[:count]
        return up

    def breaks_now(self) -> bool:
        """Whether its part of the grouping's staying power is used up."""
        return self.battle.breaks and bool(self.defenders) and self.battle.work_left(self) <= SPENT

    def _stands_at_bay(self) -> bool:
        """See who has no way out; a garrison all of which is at bay fights its own battle."""
        world, node = self.world, self.node
        if world.on.encirclement and world.on.withdrawal:
            coalition = self.defenders[0].coalition
            closed = node.masked_by is not None or not self._has_way_back(coalition)
            for formation in self.defenders:
                if (closed or formation.holds) and formation.column is None:
                    stand_at_bay(world, formation)
        if self.battle.siege_days < inf or not all(f.at_bay for f in self.defenders):
            return False
        self.battle.account.close(self, AT_BAY, "")
        self.battle.phases.remove(self)
        self.battle = siege_of(world, node, self.attackers[0].coalition, self.defenders)
        for column in self.attackers:
            self.battle.join(column)
        if self.opened:
            self.account = self.battle.account.begin(self.battle, self)
        self.battle.opened.setdefault(node.id, 0.0)
        self.battle.take_up(self)
        return True

    def _has_way_back(self, coalition: str) -> bool:
        """Whether a way leads from the place to supply; looked at anew when places change hands."""
        network = self.world.network
        if self._way_back_version != network.version:
            self._way_back_version = network.version
            self._way_back = network.way_back(self.node.id, coalition) is not None
        return self._way_back

    # --- what happens in it --------------------------------------------------------------------

    def _begin(self, column: Column) -> None:
        """A column attacks; with its first attack its surprise begins to fade.

        One that rests for the day begins when night falls.
        """
        if column.attack_day != column.attack_day and not rests(self.world, column, self.node.id):
            column.attack_day = self.world.env.now
            if column.attacks_by_night and self.world.on.surprise:
                column.surprise = max(column.surprise, self.world.planning.night.surprise)

    def _open(self) -> None:
        self.opened = True
        self.battle.opened.setdefault(self.node.id, self.battle.age)
        for column in self.attackers:
            self._begin(column)
        zone = max(f.depth_km for f in self.defenders)
        self.depth_km = zone if self.leg is None else min(zone, self.leg.length_km)
        self.account = self.battle.account.begin(self.battle, self)
        ratio = self.account.opening.ratio
        told = None if self.world.events is None else self._terms(ratio)
        self._log("contact", text=f"force ratio {ratio:.1f} to 1", details=told)

    def _terms(self, ratio: float) -> Details:
        """Who meets whom with what, and on what ground."""
        ours, theirs = self.present(), self.battle.force(self.defenders)
        works = self.world.on.fortification
        return {
            "attackers": fsum([f.personnel for f in ours]),
            "defenders": theirs.men,
            "attacker_tanks": fsum([f.tanks for f in ours]),
            "defender_tanks": fsum([f.tanks for f in theirs.formations]),
            "ratio": ratio,
            "posture": posture_of(theirs, works_count=works),
            "terrain": "" if self.leg is None else self.leg.terrain,
            "obstacle": "" if self.leg is None else self.leg.obstacle,
        }

    def _log(
        self, kind: EventKind, *, cause: str = "", text: str = "", details: Details | None = None
    ) -> None:
        column = self.attackers[0]
        self.world.log(kind, column=column, place=self.node.id, cause=cause, text=text,
                       battle=self.battle.account.number, details=details)  # fmt: skip

    def gain_ground(self, km: float) -> None:
        """The attackers come so many km further through the defended zone."""
        if km <= 0.0:
            return
        self.penetration = min(1.0, self.penetration + km / self.depth_km)
        for column in self.attackers:
            if self.leg is not None and column.index + 1 < len(column.places):
                km, penetration = self._joined[column]
                gained = km + (self.penetration - penetration) * self.depth_km
                column.km = max(column.km, min(column.leg_end, gained))
                column.mark(self.world.env.now)

    def suffer(self, line: Line, of_attackers: float, of_defenders: float) -> None:
        """Both sides lose a share (0-1) of the men in action here, and what goes with it."""
        world = self.world
        if self._threats is None:
            ours, theirs = world.air.overhead(
                self.attackers[0].coalition, self.node.id, wet=world.is_wet(self.node.id)
            )
            tanks, shares, hunted = (
                world.planning.tanks,
                world.laws.tank_shares,
                world.on.combined_arms,
            )
            self._threats = (
                threat_of(tanks, shares, line.opposed.formations, theirs, hunted=hunted),
                threat_of(tanks, shares, line.up, ours, hunted=hunted),
            )
        against_a, against_d = self._threats
        if world.on.combined_arms:
            against_a = to_attack(against_a, world.planning.tanks, line.up)
        now, account = world.env.now, self.account
        assert account is not None
        front, opposed = line.front, line.opposed.formations
        account.act(front, opposed)
        account.lost[0] += world.losses.take(front, of_attackers, against_a, self.node, now)
        account.lost[1] += world.losses.take(opposed, of_defenders, against_d, self.node, now)

    def finish(self, verdict: str, cause: str) -> None:
        """The fight for the place is over."""
        world, battle = self.world, self.battle
        if verdict == WON:
            battle.account.close(self, WON if cause else ABANDONED, cause)
        else:
            battle.account.close(self, REPULSED if battle.nerve <= SPENT else GIVEN_UP, cause)
        battle.phases.remove(self)
        del world.engagements[self.node.id, self.attackers[0].coalition]
        told = "" if self.account is None else cost(self.account.lost)
        broken = list(self.defenders)
        for column in self.attackers:
            column.engagement = None
            column.last_contact = world.env.now
            column.marched_days = 0.0
            for formation in [f for f in column.formations if f.is_remnant()]:
                dissolve(world, formation, self.node, "losses")
        for formation in broken:
            formation.engagement = None
            if formation.column is not None:
                formation.column.defending = None
        if verdict == WON:
            for column in self.attackers:
                column.exploits = column.axis != ""
            self._log("defence broken" if broken else "defence gone", cause=cause, text=told)
            fall_back(world, self.node, broken, cause)
        else:
            self._log("attack broken off", text=told)
        self.done.succeed(verdict)


def engage(world: World, column: Column, node: Node, enemies: list[Formation],
           leg: Leg | None) -> Engagement:  # fmt: skip
    """Join the engagement for a place, or begin one."""
    key = (node.id, column.coalition)
    engagement = world.engagements.get(key)
    if engagement is None:
        battle = battle_for(world, column, node, enemies)
        engagement = world.engagements[key] = Engagement(world, node, battle, leg)
        for formation in enemies:
            if formation.engagement is None:
                engagement.defend(formation)
        engagement.attack(column)
        battle.take_up(engagement)
        node.stir()
    else:
        engagement.attack(column)
    return engagement
