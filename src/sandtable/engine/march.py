"""A column on its axis: it marches, waits for fuel, meets the enemy, takes what it reaches."""

from __future__ import annotations

from collections.abc import Generator
from math import fsum, inf
from typing import Any

import simpy

from sandtable.battle_columns import REPULSED
from sandtable.engine.control import (
    capture,
    change_hands,
    free_pocket,
    lift_siege,
    surrender,
)
from sandtable.engine.demolition import set_out
from sandtable.engine.engagement import engage
from sandtable.engine.ferry import ferry
from sandtable.engine.forward_detachment import ForwardDetachment
from sandtable.engine.fuel import FuelSupply
from sandtable.engine.lift import Lift
from sandtable.engine.network import ENEMY, Node
from sandtable.engine.night import march_factor
from sandtable.engine.rules_of_engagement import opens
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World
from sandtable.laws.advance import pace, wet_days
from sandtable.laws.endurance import fatigued_days
from sandtable.scenario import resolved
from sandtable.scenario.resolved import Bypass, Fuel, Leg
from sandtable.vocabulary import Mobility, Road, Terrain

Process = Generator[simpy.Event, Any, None]


class March:
    """The process of one column; ``bypasses`` by place.

    ``fuel`` if it is bound by it, ``forward`` if a detachment of it runs ahead.
    """

    def __init__(
        self,
        world: World,
        column: Column,
        bypasses: dict[str, Bypass],
        fuel: Fuel | None,
        forward: resolved.ForwardDetachment | None = None,
    ) -> None:
        self.world, self.column, self.bypasses = world, column, bypasses
        self.fuel = FuelSupply(world, column, fuel) if fuel and world.on.fuel else None
        self.forward = None
        if forward is not None and world.on.forward_detachment:
            self.forward = ForwardDetachment(world, column, forward)
        self._drawn: float | None = None
        self._stands_before = ""
        self._paces: dict[tuple[str, str, str], float] = {}
        world.columns[column.id] = column
        world.network.nodes[column.place].columns.append(column)
        for formation in column.formations:
            formation.column = column
            if formation.place is not None:
                node = world.network.nodes[formation.place]
                node.formations.remove(formation)
                node.stir()
                formation.place = None

    def run(self) -> Process:
        """Process: go on from place to place to the end of the way."""
        world, column = self.world, self.column
        yield from self._wait_for_orders()
        for formation in column.formations:
            formation.closed_up = max(formation.closed_up, world.env.now)
        column.mark(world.env.now)
        while column.index + 1 < len(column.places) and column.formations:
            here, there = column.places[column.index], column.places[column.index + 1]
            if self._barred(there):
                yield world.env.timeout(self._until_open(there))
                continue
            column.leg_end = column.milestones[column.index]
            leg = world.network.nodes[here].legs[there]
            column.leg_end += leg.length_km
            yield from self._leg(column.index, world.network.nodes[there], leg)
        column.mark(world.env.now)

    def _barred(self, place: str) -> bool:
        """Whether the next place lies beyond a border that the column may not cross yet."""
        world, column = self.world, self.column
        return opens(world, column.formations, place, column.border) > world.env.now

    def _until_open(self, place: str) -> float:
        """Days until the column looks again whether it may cross the border before a place."""
        world, column = self.world, self.column
        if self._stands_before != place:
            self._stands_before = place
            world.log("halts at the border", column=column, place=place)
        column.marched_days = 0.0
        column.leg_end = column.km
        column.mark(world.env.now)
        return min(
            world.step, opens(world, column.formations, place, column.border) - world.env.now
        )

    def _wait_for_orders(self) -> Process:
        """Stand until the time, and the orders, to set out."""
        world, column = self.world, self.column
        over = world.scenario.days + 1.0
        while column.waits_for or column.starts > world.env.now:
            due = over if column.waits_for else min(column.starts, over)
            yield from world.env.pause(due - world.env.now)

    def _leg(self, index: int, node: Node, leg: Leg) -> Process:
        """One leg: crossing, free march, contact, arrival; given up if the column is driven back.

        Whatever has happened while time passed is looked at anew: who is in the way, whether
        the column itself is attacked, whether its head is up.
        """
        world, column = self.world, self.column
        lift = self._lift(leg)
        crossing, ground = (
            self._crossing(leg, node) if lift is None else 0.0,
            leg if lift is None else None,
        )
        passing = False
        while column.formations and column.index == index:
            left = column.leg_end - column.km
            enemies = [] if passing else self._in_the_way(node)
            zone = max([f.depth_km for f in enemies]) if enemies else 0.0
            if column.defending is not None:
                yield column.defending.done
            elif column.head().closed_up > world.env.now + 1e-9:
                wait = column.head().closed_up - world.env.now
                yield world.env.timeout(wait if wait < inf else world.step)
            elif lift is not None and left > 1e-9:
                yield from ferry(world, column, lift, node)
            elif self.forward is not None and self.forward.is_alone() and left > zone + 1e-9:
                yield world.network.nodes[column.place].next_stir(world.env)
            elif left > zone + 1e-9 or crossing > 0.0:
                yield from self._march(leg, max(0.0, left - zone), crossing)
                crossing = 0.0
            elif enemies and self._goes_round(node):
                passing = self._detach(node, self.bypasses[node.id], ground)
            elif enemies and (staying := self._investing(node, enemies)):
                passing = self._detach(node, Bypass("besiege", staying), ground)
            elif enemies:
                yield from self._attack(node, enemies, ground)
            elif left > 1e-9:
                yield from self._march(leg, left, 0.0)
            else:
                self._arrive(node)

    def _in_the_way(self, node: Node) -> list[Formation]:
        """Who defends the next place; for a relieving column also who invests it."""
        enemy, ring = ENEMY[self.column.coalition], node.masked_by
        found = node.defenders(enemy)
        if self.column.relieves and ring is not None and ring.coalition == enemy:
            found += [f for f in ring.formations if not f.ceased_fire and f not in found]
        return found

    def _goes_round(self, node: Node) -> bool:
        """Whether the column is to leave a detachment before this place, and can."""
        bypass = self.bypasses.get(node.id)
        if bypass is None or bypass.how == "assault" or not self.world.on.siege:
            return False
        staying = [f for f in self.column.formations if f.id in bypass.detachment]
        return node.masked_by is not None or 0 < len(staying) < len(self.column.formations)

    def _investing(self, node: Node, enemies: list[Formation]) -> tuple[str, ...]:
        """Who stays before a garrison at bay while the column goes on; nobody if it can't spare it.

        The smallest formation that is up and enough by itself, or else several of the small ones.
        """
        world, column = self.world, self.column
        at_end = column.index + 2 >= len(column.places)
        if at_end or not world.on.siege or not all(f.at_bay for f in enemies):
            return ()
        least = world.planning.battle.invest_ratio * fsum([f.personnel for f in enemies])
        up = sorted(column.present(world.env.now), key=lambda f: f.personnel)
        staying = [f for f in up if f.personnel >= least][:1]
        if not staying:
            for formation in up:
                staying.append(formation)
                if fsum([f.personnel for f in staying]) >= least:
                    break
        men = fsum([f.personnel for f in staying])
        if men < least or fsum([f.personnel for f in column.formations]) < 2.0 * men:
            return ()
        return tuple([f.id for f in staying])

    def _attack(self, node: Node, enemies: list[Formation], leg: Leg | None) -> Process:
        world = self.world
        wait = 0.0 if self.forward is None else self.forward.waits(node, enemies)
        if wait > 0.0:
            yield world.env.timeout(wait) | node.next_stir(world.env)
            return
        verdict = yield engage(world, self.column, node, enemies, leg).done
        if verdict == REPULSED:
            yield world.env.timeout(world.planning.attack.regroup)
            now, recovery = world.env.now, world.planning.fatigue.recovery
            for formation in self.column.formations:
                formation.rest(now, recovery)

    def _arrive(self, node: Node) -> None:
        world, column = self.world, self.column
        world.network.nodes[column.place].columns.remove(column)
        column.index += 1
        column.km = column.leg_end
        del column.milestones[column.index :]
        column.milestones.append(column.km)
        column.mark(world.env.now)
        node.columns.append(column)
        if column.relieves:
            lift_siege(world, node, column)
        if node.masked_by is None:
            capture(world, node, column)
            if column.relieves:
                free_pocket(world, node, column.coalition)
            return
        world.log("passes", column=column, place=node.id)
        for formation in list(node.formations):
            if formation.coalition != column.coalition and formation.ceased_fire:
                surrender(world, formation, "order")

    def _detach(self, node: Node, bypass: Bypass, leg: Leg | None) -> bool:
        """Leave the detachment to mask or besiege the place, unless somebody else does."""
        world, column = self.world, self.column
        if node.masked_by is not None:
            return True
        stay = [f for f in column.formations if f.id in bypass.detachment]
        for formation in stay:
            column.drop(formation)
        siege = Column(
            f"{column.id}/{node.id}",
            "",
            column.coalition,
            stay,
            (column.place, node.id),
            surprise=column.surprise,
            attack_day=world.env.now,
        )
        if world.tracks is not None:
            world.tracks.stays(siege, column)
        world.log("masked" if bypass.how == "mask" else "besieged", column=siege, place=node.id)
        for formation in stay:
            formation.column = siege
        world.columns[siege.id] = siege
        change_hands(world, node, column.coalition, siege)
        if bypass.how == "besiege":
            world.env.process(besiege(world, siege, node, leg))
        return True

    def _pace(self, mobility: Mobility, leg: Leg) -> float:
        key = (mobility, leg.terrain, leg.road)
        found = self._paces.get(key)
        if found is None:
            on = self.world.on
            terrain: Terrain = leg.terrain if on.terrain else "flat"
            road: Road = leg.road if on.road else "road"
            found = self._paces[key] = pace(self.world.planning, mobility, terrain, road)
        return found

    def _luck(self) -> float:
        """What sets this column's exploitation apart from others, drawn once."""
        if self._drawn is None:
            self._drawn = self.world.draws(f"pursuit/{self.column.id}").normal()
        return self._drawn

    def _lift(self, leg: Leg) -> Lift | None:
        """The craft by which the column passes a leg, if it does."""
        lift = self.world.lifts.get(leg.lift or "")
        return lift if lift is not None and lift.spec.coalition == self.column.coalition else None

    def _crossing(self, leg: Leg, node: Node) -> float:
        """Days that the obstacle at the start of a leg costs, and what was blown up on it."""
        begun = self.column.km > self.column.milestones[self.column.index]
        if begun:
            return 0.0
        ahead = self.forward is not None and self.forward.leads()
        blown = set_out(self.world, self.column, leg, node.id, ahead=ahead)
        return blown + (self.world.planning.obstacle[leg.obstacle] if self.world.on.river else 0.0)

    def _days(self, start: float, km: float, mobility: Mobility, leg: Leg, fresh: float) -> float:
        """Days for ``km`` from ``start``: pace, wet days, and rest on long marches."""
        world = self.world
        rate = self._pace(mobility, leg)
        rate *= march_factor(world, self.column, mobility, self.column.places[self.column.index])
        if world.on.pursuit and self.column.exploits:
            rate = min(rate, world.laws.operations.pursuit.pace(mobility, self._luck()))
        days = km / rate
        if world.on.march_fatigue:
            days = fatigued_days(days, fresh, world.planning.march_fatigue.factor)
        wet = world.wet.get(self.column.places[self.column.index + 1])
        if wet is None or leg.rain == "none":
            return days
        return wet_days(start, days, wet, world.planning.rain[leg.rain])

    def _march(self, leg: Leg, km: float, delay: float) -> Process:
        """Move the head by ``km``; the others follow at their own pace."""
        world, column = self.world, self.column
        if self.fuel is not None:
            index = column.index
            yield from self.fuel.halt(leg, km)
            if not column.formations or column.defending or column.index != index:
                return
        start, head = world.env.now, column.head()
        column.mark(start)
        fresh = max(0.0, world.planning.march_fatigue.days - column.marched_days)
        days: dict[str, float] = {}
        for formation in column.formations:
            if formation.mobility not in days:
                days[formation.mobility] = delay + self._days(
                    start + delay, km, formation.mobility, leg, fresh
                )
        lead = spent = days[head.mobility]
        if self.forward is not None:
            spent = max(lead, self.forward.earliest(start, km, days, delay) - start)
        arrives = start + spent
        for formation in column.formations:
            begins = formation.closed_up if formation.closed_up > start else start
            ready = begins + days[formation.mobility]
            formation.closed_up = ready if ready > arrives else arrives
            if world.tracks is not None:
                world.tracks.follows(
                    formation, begins, column.km, formation.closed_up, column.km + km
                )
        # Noted beforehand, so that a march which the campaign's end cuts short counts too.
        column.progress.append((arrives, column.km + km))
        column.moving = True
        yield world.env.timeout(spent)
        column.moving = False
        if self.fuel is not None:
            self.fuel.burn(leg, km)
        column.marched_days += lead
        column.km += km
        now = world.env.now
        for formation in column.formations:
            formation.fatigue_at = now


def besiege(world: World, siege: Column, node: Node, leg: Leg | None) -> Process:
    """Process: a detachment attacks a fortified region until it falls."""
    while siege.formations and node.masked_by is siege:
        enemies = node.defenders(ENEMY[siege.coalition])
        if not enemies:
            capture(world, node, siege)
            return
        verdict = yield engage(world, siege, node, enemies, leg).done
        if verdict == REPULSED:
            yield world.env.timeout(world.planning.attack.regroup)
