"""Rules of engagement: a border that is not crossed, weapons that are held back."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from sandtable.engine.state import GONE, Formation
from sandtable.engine.world import World
from sandtable.scenario.resolved import Border


def opens(
    world: World, formations: Sequence[Formation], place: str, border: Border | None = None
) -> float:
    """Day from which formations may enter a place; 0 where no border forbids it, inf for never.

    ``border``: one of the column's own, besides those of their sides.
    """
    if not world.on.rules_of_engagement:
        return 0.0
    borders = [border, *[world.sides[f.side].border for f in formations]]
    return max([b.until for b in borders if b is not None and place in b.beyond], default=0.0)


def hold_back(world: World) -> None:
    """Take banned weapons from those who may not use them yet; they come back with the day."""
    if not world.on.rules_of_engagement:
        return
    for side in world.scenario.sides:
        ban = side.ban
        if ban is None or ban.until <= 0.0:
            continue
        for weapon in ban.weapons:
            if weapon == "aircraft":
                world.air.ground(side.id)
                if ban.until < inf:
                    world.env.after(ban.until, world.air.release, side.id)
        if "tanks" in ban.weapons:
            for formation in world.by_side[side.id]:
                if formation.tanks > 0.0:
                    world.held_back[formation], formation.tanks = formation.tanks, 0.0
                    if ban.until < inf:
                        world.env.after(ban.until, _give_back, world, formation)


def _give_back(world: World, formation: Formation) -> None:
    """The tanks join their formation; of one that is no more they stay where they are."""
    if formation.status != GONE:
        formation.tanks += world.held_back.pop(formation)
