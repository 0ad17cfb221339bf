"""Who is cut off is relieved from outside, or breaks out."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sandtable.battle_columns import REPULSED
from sandtable.engine.control import forget_isolation, leave, lift_siege, stand
from sandtable.engine.engagement import engage
from sandtable.engine.march import March
from sandtable.engine.network import ENEMY, Node
from sandtable.engine.state import HOLDING, POCKET, Column, Formation
from sandtable.engine.world import World
from sandtable.scenario.resolved import Order


def set_out(world: World, formation: Formation, order: Order, name: str, *, relieves: bool) -> None:
    """March on a place and attack whoever holds it, or also invests it; one in action can't."""
    if formation.status != HOLDING or formation.place is None or formation.engagement:
        return
    if not formation.combatant:
        return
    assert order.place is not None
    way = world.network.way(formation.place, order.place)
    if len(way) < 2:
        return
    leave(world, formation)
    formation.place = None
    column = Column(f"{name}/{formation.id}", "", formation.coalition, [formation], way)
    column.relieves = relieves
    column.keep_to_darkness(order.by_night if world.on.night else ())
    column.process = world.env.process(March(world, column, {}, None).run())


def break_out(world: World, formation: Formation, target: str | None) -> None:
    """A formation that is cut off fights its way to a place, or to the nearest in supply."""
    cut_off = formation in world.cut_off[formation.coalition]
    here, fit = formation.place, formation.status in (HOLDING, POCKET) and formation.combatant
    if not cut_off or not fit or here is None or formation.ceased_fire:
        return
    network = world.network
    goal = target or network.nearest(here, network.hops_from_supply(formation.coalition))
    way = network.way(here, goal) if goal is not None else ()
    if len(way) < 2:
        return
    if formation.engagement is not None:
        formation.engagement.remove(formation)
    formation.status, formation.holds, formation.battle = HOLDING, False, None
    forget_isolation(world, formation)
    formation.fortification = 0.0
    column = Column(f"break-out/{formation.id}", "", formation.coalition, [formation], way)
    column.relieves = True
    march = March(world, column, {}, None)
    column.process = world.env.process(_fight_out(world, march, network.nodes[here]))


def _fight_out(world: World, march: March, node: Node) -> Generator[simpy.Event, Any, None]:
    """Process: beat who invests the place, march, and stand where the way ends."""
    column, ring = march.column, node.masked_by
    while column.formations and ring is not None and ring.coalition == ENEMY[column.coalition]:
        around = [f for f in ring.formations if not f.ceased_fire]
        if not around:
            break
        verdict = yield engage(world, column, node, around, None).done
        if verdict == REPULSED:
            yield world.env.timeout(world.planning.attack.regroup)
    if ring is not None and column.formations:
        lift_siege(world, node, column)
    yield from march.run()
    for formation in list(column.formations):
        leave(world, formation)
        world.log("arrives", formation=formation, place=column.place)
        stand(world, formation, column.place)
    world.network.nodes[column.place].columns.remove(column)
