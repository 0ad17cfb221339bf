"""Orders: who does what, when it reaches them, and what then happens."""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import pairwise
from math import fsum, inf, isnan
from typing import Any, NamedTuple

import simpy

from sandtable.battle_columns import REPULSED
from sandtable.engine.artillery import bombard
from sandtable.engine.control import capture, cease_fire, leave, stand, surrender
from sandtable.engine.engagement import engage
from sandtable.engine.network import ENEMY
from sandtable.engine.rail import redeploy
from sandtable.engine.relief import break_out, set_out
from sandtable.engine.retreat import depart, leg_days
from sandtable.engine.rules_of_engagement import opens
from sandtable.engine.state import GONE, HOLDING, Column, Formation
from sandtable.engine.world import World
from sandtable.mechanisms import Mechanisms
from sandtable.scenario.resolved import Order
from sandtable.vocabulary import OrderKind

Process = Generator[simpy.Event, Any, None]


def issue(world: World, order: Order) -> None:
    """Have an order given: at its time, or when what it waits for has happened."""
    switch = KINDS[order.what].switch
    if switch is not None and not switch(world.on):
        return
    if order.after is None:
        _send(world, order)
        return
    if order.what == "advance":
        for who in order.who:
            if who in world.columns:
                world.columns[who].waits_for += 1
    world.occasions.wait(order.after, lambda: _send(world, order))


def _send(world: World, order: Order) -> None:
    """Send an order: each addressee gets it in his own time, or never."""
    (low, high), last, now = order.delay, world.scenario.days, world.env.now
    given = max(order.when, now) if order.after is not None else order.when
    for who in order.who:
        delay, heeded = low, True
        if low < high or order.heeded < 1.0:
            draws = world.draws(f"order/{order.id}/{who}")
            delay, heeded = draws.between(low, high), draws.uniform() < order.heeded
        if not world.on.order_delay:
            delay = 0.0
        when = max(0.0, given + delay) if heeded else inf
        if order.what == "advance" and who in world.columns:
            _set_out(world, world.columns[who], order, when)
        elif when <= last:
            world.env.after(when - now, obey, world, order, who)


def _set_out(world: World, column: Column, order: Order, when: float) -> None:
    """Let a column wait for its order to advance, which is on its way."""
    column.starts = max(column.starts, when)
    if order.after is not None:
        column.waits_for -= 1
        if column.process is not None:
            column.process.interrupt()
    if order.id in world.occasions.orders and when <= world.scenario.days:
        world.env.after(when - world.env.now, world.occasions.tell, "order", order.id)


def obey(world: World, order: Order, who: str) -> None:
    """Carry out an order that has arrived at a formation or an axis."""
    world.occasions.tell("order", order.id)
    kind = KINDS[order.what]
    if kind.column is not None:
        kind.column(world, world.columns[who], order)
        return
    formation = world.formations.get(who)
    if formation is None or formation.status == GONE:
        return
    world.log("order", formation=formation, place=formation.place,
              text=f"{order.what} ({order.id})",
              details={"order": order.id, "what": order.what})  # fmt: skip
    assert kind.formation is not None
    kind.formation(world, formation, order)


def _cease_fire(world: World, formation: Formation, order: Order) -> None:
    cease_fire(world, formation)


def _surrender(world: World, formation: Formation, order: Order) -> None:
    if formation.ceased_fire:
        surrender(world, formation, "order")


def _hold(world: World, formation: Formation, order: Order) -> None:
    formation.holds = True


def _delay(world: World, formation: Formation, order: Order) -> None:
    formation.delaying = True


def _withdraw(world: World, formation: Formation, order: Order) -> None:
    formation.holds = False
    _advance(world, formation, order)


def _redeploy(world: World, formation: Formation, order: Order) -> None:
    assert order.place is not None
    redeploy(world, formation, order.place)


def _advance(world: World, formation: Formation, order: Order) -> None:
    if order.place is not None:
        depart(world, formation, order.place)


def _reinforce(world: World, formation: Formation, order: Order) -> None:
    """March to a place, or catch up with a column; one in retreat or in a pocket can't."""
    if formation.status != HOLDING:
        return
    if order.axis is None:
        if order.place is not None and formation.place is not None:
            depart(world, formation, order.place)
        elif order.place is not None and formation.column is None:
            stand(world, formation, order.place)
        return
    column = world.columns[order.axis]
    here = formation.column.place if formation.column is not None else formation.place
    if formation.column is column or not column.formations or formation.engagement is not None:
        return
    if not formation.combatant:
        return
    leave(world, formation)
    days = 0.0
    if here is not None:
        way = world.network.way(here, column.place)
        legs = [leg_days(world, formation, a, b) for a, b in pairwise(way)]
        days = fsum(legs)
        if world.tracks is not None:
            world.tracks.goes(formation, way, legs)
    formation.place = None
    formation.closed_up = world.env.now + days
    formation.column = column
    column.formations.append(formation)


def _counterattack(world: World, formation: Formation, order: Order) -> None:
    set_out(world, formation, order, "counterattack", relieves=False)


def _relieve(world: World, formation: Formation, order: Order) -> None:
    set_out(world, formation, order, "relief", relieves=True)


def _break_out(world: World, formation: Formation, order: Order) -> None:
    break_out(world, formation, order.place)


def _bombard(world: World, formation: Formation, order: Order) -> None:
    world.env.process(bombard(world, formation, order))


def _land(world: World, formation: Formation, order: Order) -> None:
    assert order.place is not None
    if formation.status != HOLDING or not formation.combatant or formation.personnel <= 0.0:
        return
    if opens(world, [formation], order.place) > world.env.now:
        return
    leave(world, formation)
    formation.place = None
    lift = world.lifts.get(order.lift or "")
    if lift is None:
        _come_ashore(world, formation, order)
        return
    ashore = world.env.event()
    assert ashore.callbacks is not None
    ashore.callbacks.append(lambda _: _come_ashore(world, formation, order))
    lift.embark(formation, world.network.nodes[order.place], ashore, 0.0)


def _come_ashore(world: World, formation: Formation, order: Order) -> None:
    assert order.place is not None
    if formation.status != HOLDING or formation.ceased_fire:
        return
    world.log("lands", formation=formation, place=order.place, cause="order", text=order.what,
              details={"what": order.what})  # fmt: skip
    column = Column(f"landing/{formation.id}", "", formation.coalition, [formation], (order.place,))
    formation.column = column
    formation.closed_up = world.env.now
    world.columns[column.id] = column
    world.env.process(_take_beach(world, column, order))


def _take_beach(world: World, column: Column, order: Order) -> Process:
    """Take the place, by assault from the sea, or from the air once nobody defends it."""
    node = world.network.nodes[column.places[0]]
    while column.formations:
        enemies = node.defenders(ENEMY[column.coalition])
        if not enemies:
            node.columns.append(column)
            if node.coalition != column.coalition or isnan(node.changed):
                capture(world, node, column)
            for formation in list(column.formations) if order.axis is not None else ():
                _reinforce(world, formation, order)
            return
        if order.what == "land-from-air":
            yield world.env.timeout(1.0)
            continue
        verdict = yield engage(world, column, node, enemies, None).done
        if verdict == REPULSED:
            yield world.env.timeout(world.planning.attack.regroup)


def _airlift(world: World, column: Column, order: Order) -> None:
    column.fuel_km += order.amount_km
    if column.waiting_for_fuel and column.process is not None:
        column.process.interrupt()


class OrderHandlers(NamedTuple):
    """How a formation, or else a column, carries out an order of this kind.

    ``switch``: whether the mechanisms let it be given at all.
    """

    formation: Callable[[World, Formation, Order], None] | None
    switch: Callable[[Mechanisms], bool] | None = None
    column: Callable[[World, Column, Order], None] | None = None


KINDS: dict[OrderKind, OrderHandlers] = {
    "advance": OrderHandlers(_advance),
    "hold": OrderHandlers(_hold),
    "delay": OrderHandlers(_delay),
    "withdraw": OrderHandlers(_withdraw, lambda on: on.withdrawal),
    "counterattack": OrderHandlers(_counterattack, lambda on: on.counterattack),
    "relieve": OrderHandlers(_relieve, lambda on: on.relief),
    "break-out": OrderHandlers(_break_out, lambda on: on.relief),
    "redeploy": OrderHandlers(_redeploy),
    "reinforce": OrderHandlers(_reinforce, lambda on: on.reinforcement),
    "land-from-sea": OrderHandlers(_land, lambda on: on.landing),
    "land-from-air": OrderHandlers(_land, lambda on: on.landing),
    "airlift-fuel": OrderHandlers(None, lambda on: on.airlift, _airlift),
    "bombard": OrderHandlers(_bombard, lambda on: on.artillery),
    "cease-fire": OrderHandlers(_cease_fire, lambda on: on.cease_fire),
    "surrender": OrderHandlers(_surrender, lambda on: on.cease_fire),
}
