"""What becomes of a broken defence, and of formations that march by order."""

from __future__ import annotations

from sandtable.engine.control import TO_THE_LAST, dissolve, isolate, leave, stand, surrender
from sandtable.engine.demolition import wait_for
from sandtable.engine.network import Node
from sandtable.engine.state import (
    GONE,
    HOLDING,
    POCKET,
    RETREATING,
    Column,
    Formation,
)
from sandtable.engine.world import World
from sandtable.laws.advance import pace
from sandtable.vocabulary import Road, Terrain


def fall_back(world: World, node: Node, broken: list[Formation], cause: str) -> None:
    """Send each broken formation back, into a pocket, or to its end; services go with them."""
    beaten = dict.fromkeys(f.column for f in broken if f.column is not None)
    for column in beaten:
        if column.index > 0:
            give_ground(world, column)
        else:
            break_up(world, column)
    for formation in broken:
        if formation.status == GONE or formation.column is not None:
            continue
        if formation.is_remnant():
            dissolve(world, formation, node, "losses")
            continue
        ring = node.masked_by
        surrounded = ring is not None and ring.coalition != formation.coalition
        way = None if surrounded else world.network.way_back(node.id, formation.coalition)
        if not world.on.withdrawal:
            dissolve(world, formation, node, cause)
        elif formation.at_bay:
            continue
        elif way is None or formation.holds:
            lose_position(world, formation, node)
        else:
            world.quits[cause] += 1
            retire(world, formation, cause)
            march(world, formation, (node.id, way))
    if broken and world.on.withdrawal:
        evacuate(world, node, broken[0].coalition)


def evacuate(world: World, node: Node, coalition: str) -> None:
    """Services leave a place that is lost in a fight, if a way is open."""
    way = world.network.way_back(node.id, coalition)
    if way is None or node.masked_by is not None:
        return
    for formation in [f for f in node.formations if f.coalition == coalition]:
        if not (formation.combatant or formation.ceased_fire) and formation.status == HOLDING:
            march(world, formation, (node.id, way))


def lose_position(world: World, formation: Formation, node: Node) -> None:
    """A broken formation without a way out: garrisons of works die, others hide as a pocket.

    Services give up at once.
    """
    if not formation.combatant:
        surrender(world, formation, "encirclement")
        return
    to_the_last = formation.fortification >= TO_THE_LAST or formation.holds
    if to_the_last or not world.on.encirclement:
        dissolve(world, formation, node, "encirclement")
        return
    world.quits["encirclement"] += 1
    formation.status = POCKET
    abandon_guns(world, formation)
    isolate(world, formation)


def abandon_guns(world: World, formation: Formation) -> None:
    """Leave part of the guns behind."""
    formation.lose_guns(world.planning.pursuit.guns_abandoned)


def retire(world: World, formation: Formation, cause: str) -> None:
    """A formation was beaten out of its position: part of the guns stay behind."""
    world.log("withdraws", formation=formation, place=formation.place, cause=cause,
              details={"men": formation.personnel})  # fmt: skip
    if not formation.delaying:
        abandon_guns(world, formation)
        if world.on.combat_fatigue:
            most = 1.0 - world.planning.fatigue.floor
            broken = world.planning.fatigue.broken
            formation.fatigue = min(most, formation.fatigue + broken)


def give_ground(world: World, column: Column) -> None:
    """A beaten column goes back to the place before."""
    world.log("falls back", column=column, place=column.place)
    world.network.nodes[column.place].columns.remove(column)
    column.index -= 1
    column.km = column.milestones[column.index]
    column.mark(world.env.now)
    world.network.nodes[column.place].columns.append(column)


def break_up(world: World, column: Column) -> None:
    """A column beaten where it started is one no more: each formation is on its own."""
    world.log("breaks up", column=column, place=column.place)
    node = world.network.nodes[column.place]
    if column in node.columns:
        node.columns.remove(column)
    for formation in list(column.formations):
        column.drop(formation)
        formation.place = node.id
        node.formations.append(formation)


def leg_days(world: World, formation: Formation, here: str, there: str) -> float:
    """Days that a formation needs by itself over a leg."""
    leg = world.network.nodes[here].legs[there]
    terrain: Terrain = leg.terrain if world.on.terrain else "flat"
    road: Road = leg.road if world.on.road else "road"
    days = leg.length_km / pace(world.planning, formation.mobility, terrain, road)
    return days + wait_for(world, leg)


def march(world: World, formation: Formation, way: tuple[str, ...]) -> None:
    """Set a formation marching along ``way`` as far as it stays friendly, to stand there.

    Its works stay behind. One that has ceased fire on the way gives itself up to whoever holds
    the place that it comes to.
    """
    leave(world, formation)
    formation.status = RETREATING
    formation.fortification = 0.0
    _go_on(world, formation, way)


def _go_on(world: World, formation: Formation, way: tuple[str, ...]) -> None:
    """March the first leg of a way, or stop before it if its end isn't friendly."""
    if len(way) > 1 and world.network.nodes[way[1]].holder == formation.coalition:
        days = leg_days(world, formation, way[0], way[1])
        if world.tracks is not None:
            world.tracks.goes(formation, way[:2], (days,))
        world.env.after(days, _come_up, world, formation, way)
    else:
        stop(world, formation, way[0])


def _come_up(world: World, formation: Formation, way: tuple[str, ...]) -> None:
    """The first leg is behind it; go back if its end has been lost meanwhile."""
    if formation.status != RETREATING:
        return
    if world.network.nodes[way[1]].holder != formation.coalition:
        stop(world, formation, way[0])
        return
    formation.place = way[1]
    _go_on(world, formation, way[1:])


def stop(world: World, formation: Formation, here: str) -> None:
    """A march ends: the formation stands there, or is cut off if the place isn't friendly."""
    if formation.status != RETREATING:
        return
    node = world.network.nodes[here]
    if node.holder == formation.coalition:
        world.log("arrives", formation=formation, place=here)
        stand(world, formation, here)
        return
    node.formations.append(formation)
    if formation.ceased_fire:
        surrender(world, formation, "order")
    else:
        lose_position(world, formation, node)


def depart(world: World, formation: Formation, target: str) -> None:
    """Set a formation on the march to a place, if it is free to go."""
    if formation.status != HOLDING or formation.place is None:
        return
    way = world.network.way(formation.place, target)
    if len(way) > 1:
        march(world, formation, way)
