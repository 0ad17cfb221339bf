"""Bridges and tunnels that are blown up before an attacker, and when they can be passed again."""

from __future__ import annotations

from sandtable.engine.network import ENEMY
from sandtable.engine.state import Column
from sandtable.engine.world import World
from sandtable.laws.bridging import blown, repair_days
from sandtable.scenario.resolved import Leg


def wait_for(world: World, leg: Leg) -> float:
    """Days until what was blown up on a leg can be passed; 0 where nothing was."""
    if leg.demolition is None:
        return 0.0
    return max(0.0, world.passable.get((leg.a, leg.b), 0.0) - world.env.now)


def set_out(world: World, column: Column, leg: Leg, place: str, *, ahead: bool) -> float:
    """A column sets out on a leg to a place; the enemy blows up what he has prepared on it.

    ``ahead``: a forward detachment leads it. Returns the days until the column can cross. It is
    decided once, before the first column.
    """
    demolition, key = leg.demolition, (leg.a, leg.b)
    if demolition is None or not world.on.demolition:
        return 0.0
    if demolition.coalition != ENEMY[column.coalition] or key in world.passable:
        return wait_for(world, leg)
    figures = world.planning.demolition
    taken = figures.taken if demolition.taken < 0.0 else demolition.taken
    coup = ahead or world.network.nodes[place].coalition == column.coalition
    chance = blown(demolition.chance, taken, coup_de_main=coup)
    now = world.passable[key] = world.env.now
    if world.draws(f"demolition/{leg.a}--{leg.b}").uniform() >= chance:
        world.log("bridge intact", column=column, place=place)
        return 0.0
    days = demolition.repair_days
    if demolition.span_km > 0.0:
        days = repair_days(demolition.span_km, figures)
    world.passable[key] = now + days
    world.log("bridge blown", column=column, place=place, text=f"{days:.1f} days to repair",
              details={"days": days})  # fmt: skip
    return days
