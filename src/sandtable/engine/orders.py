"""Orders: who does what, when it reaches them, and what then happens."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from math import inf, isnan
from typing import TYPE_CHECKING, Any

import simpy

from sandtable.engine.control import after, capture, cease_fire, leave, stand, surrender
from sandtable.engine.engagement import REPULSED, engage
from sandtable.engine.march import March
from sandtable.engine.network import ENEMY
from sandtable.engine.retreat import depart, leg_days
from sandtable.engine.state import GONE, HOLDING, Column, Formation
from sandtable.scenario.resolved import Order

if TYPE_CHECKING:
    from sandtable.engine.world import World

Process = Generator[simpy.Event, Any, None]

MECHANISM = {
    "withdraw": "withdrawal",
    "counterattack": "counterattack",
    "reinforce": "reinforcement",
    "land-from-sea": "landing",
    "land-from-air": "landing",
    "airlift-fuel": "airlift",
    "cease-fire": "cease_fire",
    "surrender": "cease_fire",
}
"""Mechanism without which an order of this kind isn't given."""


def issue(world: World, order: Order) -> None:
    """Send an order: each addressee gets it in his own time, or never."""
    mechanism = MECHANISM.get(order.what)
    if mechanism is not None and not getattr(world.on, mechanism):
        return
    low, high = order.delay
    for who in order.who:
        delay, heeded = low, True
        if low < high or order.heeded < 1.0:
            draws = world.draws(f"order/{order.id}/{who}")
            delay, heeded = draws.between(low, high), draws.uniform() < order.heeded
        if not world.on.order_delay:
            delay = 0.0
        when = max(0.0, order.when + delay) if heeded else inf
        if order.what == "advance" and who in world.columns:
            world.columns[who].starts = max(world.columns[who].starts, when)
        elif when <= world.scenario.days:
            after(world, when, obey, order, who)


def obey(world: World, order: Order, who: str) -> None:
    """Carry out an order that has arrived at a formation or an axis."""
    if order.what == "airlift-fuel":
        _airlift(world, world.columns[who], order.amount_km)
        return
    formation = world.formations.get(who)
    if formation is None or formation.status == GONE:
        return
    world.log("order", formation.place or "", formation.id, formation.side, order.id, order.what)
    if order.what == "cease-fire":
        cease_fire(world, formation)
    elif order.what == "surrender":
        if formation.ceased:
            surrender(world, formation, "order")
    elif order.what == "hold":
        formation.holds = True
    elif order.what == "delay":
        formation.delaying = True
    elif order.what == "withdraw" and order.place is not None:
        formation.holds = False
        depart(world, formation, order.place)
    elif order.what == "reinforce":
        _reinforce(world, formation, order)
    elif order.what == "advance" and order.place is not None:
        depart(world, formation, order.place)
    elif order.what == "counterattack" and order.place is not None:
        _counterattack(world, formation, order.place)
    elif order.place is not None:
        _lands(world, formation, order)


def _airlift(world: World, column: Column, amount_km: float) -> None:
    column.fuel_km += amount_km
    if column.waiting_for_fuel and column.process is not None:
        column.process.interrupt()


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
    here = formation.place
    if formation.column is column or not column.formations or formation.engagement is not None:
        return
    leave(world, formation)
    days = 0.0
    if here is not None:
        way = world.network.way(here, column.place)
        days = sum(leg_days(world, formation, a, b) for a, b in pairwise(way))
    formation.place = None
    formation.ready = world.env.now + days
    formation.column = column
    column.formations.append(formation)


def _counterattack(world: World, formation: Formation, target: str) -> None:
    """March on a place and attack whoever holds it; a formation in action can't."""
    if formation.status != HOLDING or formation.place is None or formation.engagement:
        return
    start = formation.place
    way = world.network.way(start, target)
    if len(way) < 2:
        return
    leave(world, formation)
    formation.place = None
    column = Column(f"counterattack/{formation.id}", formation.coalition, [formation], way)
    column.process = world.env.process(March(world, column, {}, None).run())


def _lands(world: World, formation: Formation, order: Order) -> None:
    assert order.place is not None
    if formation.status != HOLDING:
        return
    world.log("lands", order.place, formation.id, formation.side, order.what)
    leave(world, formation)
    formation.place = None
    column = Column(f"landing/{formation.id}", formation.coalition, [formation], (order.place,))
    formation.column = column
    formation.ready = world.env.now
    world.columns[column.id] = column
    world.env.process(_land(world, column, order))


def _land(world: World, column: Column, order: Order) -> Process:
    """Take the place, by assault from the sea, or from the air once nobody defends it."""
    node = world.network.nodes[column.places[0]]
    while column.formations:
        enemies = node.defenders(ENEMY[column.coalition])
        if not enemies:
            node.columns.append(column)
            if node.coalition != column.coalition or isnan(node.changed):
                capture(world, node, column)
            return
        if order.what == "land-from-air":
            yield world.env.timeout(1.0)
            continue
        verdict = yield engage(world, column, node, enemies, None).done
        if verdict == REPULSED:
            yield world.env.timeout(world.planning["attack.regroup"])
