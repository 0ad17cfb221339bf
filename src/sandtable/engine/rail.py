"""Formations that are redeployed by railway: loading, the line, the run, and where it ends."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise

from sandtable.engine.control import leave
from sandtable.engine.demolition import wait_for
from sandtable.engine.retreat import depart, stop
from sandtable.engine.state import HOLDING, RETREATING, Formation
from sandtable.engine.world import World
from sandtable.laws.railways import days_of_trains
from sandtable.scenario.resolved import Leg


def redeploy(world: World, formation: Formation, target: str) -> None:
    """Move a formation by railway, on foot where no line is open; one in action can't go."""
    if formation.status != HOLDING or formation.place is None or formation.engagement is not None:
        return
    way = _line(world, formation.place, target, formation.coalition) if world.on.rail else ()
    if len(way) < 2:
        depart(world, formation, target)
        return
    now, figures = world.env.now, world.planning.rail
    legs = [world.network.nodes[a].legs[b] for a, b in pairwise(way)]
    least = min([_trains(world, leg) for leg in legs])
    free = max([world.lines.get((leg.a, leg.b), 0.0) for leg in legs])
    begin = max(now + figures.loading, free)
    last = begin + days_of_trains(formation.personnel, least, figures)
    for leg in legs:
        world.lines[leg.a, leg.b] = last
    world.env.after(begin - now, _entrain, world, formation, way, last)


def _entrain(world: World, formation: Formation, way: tuple[str, ...], last: float) -> None:
    """The first train leaves, and with it the position is given up, unless it is attacked."""
    standing = formation.status == HOLDING and formation.place == way[0]
    if not standing or formation.engagement is not None or formation.ceased_fire:
        return
    world.log("entrains", formation=formation, place=way[0], text=f"for {way[-1]}",
              details={"to": way[-1]})  # fmt: skip
    leave(world, formation)
    formation.status = RETREATING
    formation.fortification = 0.0
    if world.tracks is not None:
        world.tracks.goes(formation, (way[0], way[0]), (last - world.env.now,))
    world.env.after(last - world.env.now, _run, world, formation, way)


def _run(world: World, formation: Formation, way: tuple[str, ...]) -> None:
    """The last train goes on to the next place, or ends where it is if that was lost."""
    if formation.status != RETREATING:
        return
    formation.place = way[0]
    figures, network = world.planning.rail, world.network
    if len(way) < 2:
        world.env.after(figures.loading, stop, world, formation, way[0])
        return
    leg = network.nodes[way[0]].legs[way[1]]
    if network.nodes[way[1]].holder != formation.coalition:
        stop(world, formation, way[0])
        return
    days = leg.length_km / figures.km + wait_for(world, leg)
    if world.tracks is not None:
        world.tracks.goes(formation, way[:2], (days,))
    world.env.after(days, _run, world, formation, way[1:])


def _trains(world: World, leg: Leg) -> float:
    """Trains a day on a leg; 0 where no railway leads along it."""
    return leg.trains or (world.planning.rail.trains if leg.road == "rail" else 0.0)


def _line(world: World, here: str, target: str, coalition: str) -> tuple[str, ...]:
    """The shortest railway over places of a coalition, with both ends; empty if there is none."""
    nodes = world.network.nodes
    ways: list[tuple[float, tuple[str, ...]]] = [(0.0, (here,))]
    seen = set[str]()
    while ways:
        km, way = heappop(ways)
        at = way[-1]
        if at == target:
            return way
        if at in seen:
            continue
        seen.add(at)
        for there, leg in nodes[at].legs.items():
            if nodes[there].holder == coalition and _trains(world, leg) > 0.0:
                heappush(ways, (km + leg.length_km, (*way, there)))
    return ()
