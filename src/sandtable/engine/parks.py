"""What stands on airfields and in parks when a place is taken."""

from __future__ import annotations

from sandtable.engine.network import Node
from sandtable.engine.state import Column
from sandtable.engine.world import World


def overrun(world: World, node: Node, column: Column) -> None:
    """A column takes a place with what was left there on the ground."""
    if not world.on.overrun_parks:
        return
    place = world.scenario.places_by_id[node.id]
    taken = world.air.overrun(node.id, column.coalition, world.planning.air.caught)
    tanks, aircraft = world.parked.pop(node.id, (0.0, 0.0))
    world.losses.parked_tanks[place.side] += tanks
    world.air.lost[place.side] += aircraft
    aircraft += taken
    if tanks + aircraft > 0.0:
        text = f"{tanks:.0f} tanks, {aircraft:.0f} aircraft"
        world.log("park taken", column=column, place=node.id, text=text,
                  details={"tanks": tanks, "aircraft": aircraft})  # fmt: skip
