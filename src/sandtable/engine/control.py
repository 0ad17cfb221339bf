"""Who holds what and who is cut off: capture, encirclement, surrender, the end of a formation.

These follow from one another (a capture cuts a line of communication, which cuts off a
formation, whose surrender frees a place), so they stand together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, inf, isinf, isnan

from sandtable.engine.network import ENEMY, Node
from sandtable.engine.parks import overrun
from sandtable.engine.state import GONE, HOLDING, POCKET, RETREATING, Column, Formation
from sandtable.engine.world import World

TO_THE_LAST = 0.6
"""Degree of fortification from which a garrison with no way out holds to the last."""


def leave(world: World, formation: Formation) -> None:
    """Take a formation off the place, column and engagement where it stood."""
    if formation.engagement is not None:
        formation.engagement.remove(formation)
    if formation.column is not None:
        formation.column.drop(formation)
    if formation.place is not None:
        node = world.network.nodes[formation.place]
        if formation in node.formations:
            node.formations.remove(formation)
        vacated(world, node)


def vacated(world: World, node: Node) -> None:
    """Somebody left: a masked place falls to the masking column once nobody defends it."""
    node.stir()
    column = node.masked_by
    if column is not None and not node.defenders(ENEMY[column.coalition]):
        capture(world, node, column)


def stand(world: World, formation: Formation, place: str) -> None:
    """Put a formation into a place, ready to fight for it."""
    node = world.network.nodes[place]
    formation.place, formation.status = place, HOLDING
    node.formations.append(formation)
    node.stir()
    formation.rest(world.env.now, world.planning.fatigue.recovery)
    supplied = world.network.hops_from_supply(formation.coalition)
    if world.on.encirclement and isinf(formation.isolated) and place not in supplied:
        isolate(world, formation)
    engagement = world.engagements.get((place, ENEMY[formation.coalition]))
    if engagement is not None and formation.fights():
        engagement.defend(formation)


def capture(world: World, node: Node, column: Column) -> None:
    """A column takes a place; those who gave up there, and services, become prisoners."""
    coalition = column.coalition
    node.masked_by = None
    if node.coalition != coalition:
        if isnan(node.changed):
            node.changed = world.env.now
            world.occasions.tell("captured", node.id)
        if node.depot_km > 0.0 and world.on.fuel:
            column.fuel_km += node.depot_km
            node.depot_km = 0.0
            world.log("depot taken", column=column, place=node.id)
        world.log("captured", column=column, place=node.id)
        overrun(world, node, column)
    for formation in list(node.formations):
        if formation.coalition == coalition:
            continue
        if formation.ceased_fire:
            surrender(world, formation, "order")
        elif not formation.combatant:
            surrender(world, formation, "encirclement")
    change_hands(world, node, coalition, None)


def change_hands(world: World, node: Node, coalition: str, masked_by: Column | None) -> None:
    """A place falls to a coalition, or is masked by it: some are cut off, others relieved."""
    loser, network = ENEMY[coalition], world.network
    lost = network.change_hands(node, coalition, masked_by)
    if not world.on.encirclement:
        return
    for place in sorted(lost):
        for formation in list(network.nodes[place].formations):
            own = formation.coalition == loser and formation.in_place()
            if own and isinf(formation.isolated):
                isolate(world, formation)
    if world.cut_off[coalition]:
        reached = network.hops_from_supply(coalition)
        for formation in [f for f in world.cut_off[coalition] if f.place in reached]:
            relieve(world, formation)


def stand_at_bay(world: World, formation: Formation) -> None:
    """A formation without a way out, or told to hold, fights on where it stands."""
    if formation.at_bay:
        return
    formation.at_bay = True
    world.log("at bay", formation=formation, place=formation.place)


def end_siege(world: World, formation: Formation, node: Node) -> None:
    """A garrison at bay is at its end: works are stormed to the last man, others give up."""
    to_the_last = formation.fortification >= TO_THE_LAST or formation.holds
    if to_the_last or not world.on.capitulation:
        dissolve(world, formation, node, "encirclement")
    else:
        surrender(world, formation, "encirclement")


def relieve(world: World, formation: Formation) -> None:
    """A formation is in supply again."""
    if formation.status == HOLDING and not isinf(formation.isolated):
        world.log("relieved", formation=formation, place=formation.place)
        forget_isolation(world, formation)


def lift_siege(world: World, node: Node, column: Column) -> None:
    """Who invested a place has been beaten: it is no longer masked."""
    if node.masked_by is not None and node.masked_by.coalition != column.coalition:
        world.sieges.pop((node.id, node.masked_by.coalition), None)
        change_hands(world, node, column.coalition, None)


def free_pocket(world: World, node: Node, coalition: str) -> None:
    """Formations that hid as a pocket in a place are found there by a relieving column."""
    supplied = node.id in world.network.hops_from_supply(coalition)
    for formation in [f for f in node.formations if f.coalition == coalition]:
        if formation.status == POCKET and supplied:
            formation.status = HOLDING
            relieve(world, formation)


def forget_isolation(world: World, formation: Formation) -> None:
    """A formation is cut off no longer, or is no more."""
    formation.isolated = inf
    formation.at_bay = formation.holds and formation.at_bay
    if formation in world.cut_off[formation.coalition]:
        world.cut_off[formation.coalition].remove(formation)


def isolate(world: World, formation: Formation) -> None:
    """A formation is cut off: it will give up or slip out unless it is relieved."""
    now = world.env.now
    formation.isolated = now
    if formation not in world.cut_off[formation.coalition]:
        world.cut_off[formation.coalition].append(formation)
    if isnan(formation.encircled):
        formation.encircled = now
    world.log("encircled", formation=formation, place=formation.place,
              details={"men": formation.personnel})  # fmt: skip
    world.occasions.tell("encircled", formation.id, formation.first_strength)
    draws = world.draws(f"pocket/{formation.id}")
    endurance = world.sides[formation.side].pocket_endurance
    gives_up = draws.exponential() * endurance
    slips_out = draws.exponential() * world.laws.operations.pocket.breakout_days(
        draws.normal(), world.planning.pursuit.breakout_losses
    )
    if now + gives_up < world.scenario.days:
        world.env.after(gives_up, _give_up, world, formation, now)
    if slips_out < gives_up and now + slips_out < world.scenario.days:
        world.env.after(slips_out, _slip_out, world, formation, now)


def _still_cut_off(formation: Formation, since: float) -> bool:
    return formation.in_place() and formation.isolated == since


def _give_up(world: World, formation: Formation, since: float) -> None:
    if _still_cut_off(formation, since) and not formation.at_bay:
        surrender(world, formation, "encirclement")


def _slip_out(world: World, formation: Formation, since: float) -> None:
    """Break out to the nearest place in supply; part of the formation doesn't get through."""
    if not _still_cut_off(formation, since) or formation.holds or formation.ceased_fire:
        return
    assert formation.place is not None
    reached = world.network.hops_from_supply(formation.coalition)
    target = world.network.nearest(formation.place, reached)
    if target is None:
        return
    lost = formation.personnel * world.planning.pursuit.breakout_losses
    formation.personnel -= lost
    formation.losses.strayed += lost
    world.log("breaks out", formation=formation, place=formation.place,
              text=f"{lost:.0f} missing", details={"men": lost})  # fmt: skip
    way = world.network.way(formation.place, target)
    days = _days_on_foot(world, way)
    leave(world, formation)
    formation.status = RETREATING
    forget_isolation(world, formation)
    if world.tracks is not None:
        world.tracks.goes(formation, way, [_days_on_foot(world, leg) for leg in pairwise(way)])
    world.env.after(days, _arrive, world, formation, target)


def _arrive(world: World, formation: Formation, target: str) -> None:
    if formation.status != RETREATING:
        return
    stand(world, formation, target)
    if world.network.nodes[target].holder != formation.coalition:
        formation.status = POCKET


def _days_on_foot(world: World, way: Sequence[str]) -> float:
    """Along a way across country, at the pace of foot troops."""
    legs = [world.network.nodes[a].legs[b] for a, b in pairwise(way)]
    km = fsum(leg.length_km for leg in legs)
    return km / (world.planning.march["foot"] * world.planning.road.foot["none"])


def surrender(world: World, formation: Formation, cause: str) -> None:
    """A formation gives up: all that is left of it become prisoners."""
    if not world.on.capitulation or formation.status == GONE:
        return
    formation.losses.surrendered += formation.personnel
    formation.surrender_day = world.env.now
    world.occasions.tell("surrendered", formation.id, formation.first_strength)
    if formation.status != POCKET and formation.combatant:
        world.quits["order" if cause == "order" else "surrender"] += 1
    world.log("surrendered", formation=formation, place=formation.place, cause=cause,
              text=f"{formation.personnel:.0f} prisoners",
              details={"men": formation.personnel})  # fmt: skip
    _strike_off(world, formation)


def dissolve(world: World, formation: Formation, node: Node, cause: str) -> None:
    """A formation is overrun at a place: all that is left of it are killed or taken."""
    lost = formation.personnel
    formation.losses.overrun += lost
    world.losses.count(node, formation.side, lost)
    world.quits[cause] += 1
    world.log("destroyed", formation=formation, place=formation.place, cause=cause,
              details={"men": lost})  # fmt: skip
    _strike_off(world, formation)


def _strike_off(world: World, formation: Formation) -> None:
    formation.personnel = 0.0
    formation.losses.tanks += formation.tanks
    formation.lose_guns(1.0)
    formation.losses.armoured_cars += formation.armoured_cars
    formation.tanks = formation.armoured_cars = 0.0
    formation.status = GONE
    forget_isolation(world, formation)
    leave(world, formation)


def cease_fire(world: World, formation: Formation) -> None:
    """The order to cease fire reaches a formation: it stops resisting where it stands."""
    if formation.ceased_fire or formation.status == GONE:
        return
    formation.ceased_fire = True
    world.log("ceases fire", formation=formation, place=formation.place, cause="order")
    if formation.engagement is not None:
        formation.engagement.remove(formation)
    if formation.column is not None:
        formation.place = formation.column.place
        world.network.nodes[formation.place].formations.append(formation)
        formation.column.drop(formation)
    if formation.place is not None:
        vacated(world, world.network.nodes[formation.place])
    world.occasions.tell("ceased_fire", formation.id, formation.first_strength)
