"""A column that passes a leg by craft: its head first, the others as the waves bring them."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from itertools import pairwise
from math import fsum, inf
from typing import Any

import simpy

from sandtable.engine.lift import Lift
from sandtable.engine.network import Node
from sandtable.engine.retreat import leg_days
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World


def ferry(
    world: World, column: Column, lift: Lift, node: Node
) -> Generator[simpy.Event, Any, None]:
    """Process: the column embarks for the next place of its way, until its head is ashore there.

    The first wave lands half a turn-round after the head has embarked; who is not up yet embarks
    when it is.
    """
    now = world.env.now
    column.mark(now)
    head = None
    for formation in [f for f in column.formations if f.closed_up < inf]:
        ashore = world.env.event()
        assert ashore.callbacks is not None
        ashore.callbacks.append(partial(_come_up, world, column, formation, node))
        wait, formation.closed_up = formation.closed_up - now, inf
        if wait > 0.0:
            world.env.after(wait, _embark, column, lift, formation, node, ashore)
        else:
            _embark(column, lift, formation, node, ashore)
        head = head or ashore
    assert head is not None
    column.moving = True
    yield head
    column.moving = False
    column.km = column.leg_end
    column.mark(world.env.now)


def _embark(
    column: Column, lift: Lift, formation: Formation, node: Node, ashore: simpy.Event
) -> None:
    """A formation comes up to the water and goes aboard, if it still belongs to the column."""
    if formation.column is column:
        lift.embark(formation, node, ashore, 0.5 * lift.spec.turn_round)


def _come_up(
    world: World, column: Column, formation: Formation, node: Node, ashore: simpy.Event
) -> None:
    """The last of a formation is ashore; it follows the head, which may have gone on."""
    if formation.column is not column:
        return
    days, landed, now = 0.0, column.places.index(node.id), world.env.now
    head_km = column.km
    if column.index >= landed:
        behind = column.places[landed : column.index + 1]
        days = fsum(leg_days(world, formation, a, b) for a, b in pairwise(behind))
        if column.index + 1 < len(column.places):
            there = column.places[column.index + 1]
            leg = world.network.nodes[column.place].legs[there]
            gone = column.km - column.milestones[column.index]
            share = 1.0 if column.moving else min(1.0, gone / leg.length_km)
            head_km = column.milestones[column.index] + share * leg.length_km
            days += share * leg_days(world, formation, column.place, there)
    formation.closed_up = now + days
    if world.tracks is not None and days > 0.0:
        landing_km = column.milestones[landed]
        world.tracks.follows(formation, now, landing_km, formation.closed_up, head_km)
    if column.defending is not None and days == 0.0:
        column.defending.defend(formation)
    elif column.battle is not None:
        column.battle.rouse()
    node.stir()
