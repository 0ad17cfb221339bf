"""Which battle a contact belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from sandtable.engine.battle import Battle
from sandtable.engine.network import Node
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World
from sandtable.laws.fortress import days_at_bay, holds_works


def battle_for(world: World, column: Column, node: Node, enemies: Sequence[Formation]) -> Battle:
    """The battle that an attack on a place belongs to; a new one if there is none.

    That is the battle whose zone has the place, else the column's own while contact is kept.
    The defence of a new one are the formations at the place and those of the same armies that
    hold within supporting distance. Garrisons at bay are fought each in a battle of its own.
    """
    if all(f.at_bay for f in enemies):
        return siege_of(world, node, column.coalition, enemies)
    world.battles = [battle for battle in world.battles if battle.is_alive()]
    for battle in world.battles:
        if node.id in battle.zone and battle.coalition == column.coalition:
            battle.enlist(enemies)
            return battle
    zone, members = _grouping(world, node, enemies)
    own = column.battle
    if own is not None and own in world.battles:
        own.zone |= zone
        own.enlist(members)
        return own
    battle = Battle(world, army_of(world, enemies[0]), column.coalition, zone)
    battle.enlist(members)
    world.battles.append(battle)
    return battle


def siege_of(world: World, node: Node, coalition: str, garrison: Sequence[Formation]) -> Battle:
    """The battle for a garrison at bay; how long it holds out is drawn when it begins."""
    battle = world.sieges.get((node.id, coalition))
    if battle is None:
        men = fsum([f.personnel for f in garrison])
        works = fsum([f.personnel * f.fortification for f in garrison]) / max(men, 1.0)
        z, laws = world.draws(f"siege/{node.id}").normal(), world.laws.operations
        days = days_at_bay(laws.fortress, laws.pocket, works, z)
        breaks = not holds_works(works)
        battle = Battle(world, f"siege/{node.id}", coalition, {node.id}, days, breaks)
        world.sieges[node.id, coalition] = battle
    battle.enlist(garrison)
    return battle


def army_of(world: World, formation: Formation) -> str:
    """The army that a formation belongs to: the nearest such headquarters, else the highest."""
    found = world.armies.get(formation.id)
    if found is None:
        found, above = formation.id, formation.parent
        while above is not None:
            headquarters = world.scenario.formations_by_id[above]
            found, above = above, headquarters.parent
            if headquarters.echelon == "army":
                break
        world.armies[formation.id] = found
    return found


def _grouping(
    world: World, node: Node, enemies: Sequence[Formation]
) -> tuple[set[str], list[Formation]]:
    """Places and formations in mutual support with the defenders of a place."""
    armies = {army_of(world, f) for f in enemies}
    zone, members, ring = {node.id}, list(enemies), [node.id]
    members += _supporting(world, node, enemies, armies)
    while ring:
        for place in world.network.within(ring.pop(), world.planning.battle.support_km):
            if place not in zone:
                found = _supporting(world, world.network.nodes[place], enemies, armies)
                if found:
                    zone.add(place)
                    ring.append(place)
                    members += found
    return zone, members


def _supporting(
    world: World, node: Node, enemies: Sequence[Formation], armies: set[str]
) -> list[Formation]:
    """Formations of these armies that hold a place and are in no battle of their own.

    A column that has gone all its way holds the place that it came to.
    """
    coalition = enemies[0].coalition
    there = [f for column in node.columns if column.holds() for f in column.formations]
    return [
        f for f in [*node.formations, *there]
        if f.coalition == coalition and f.fights() and not f.at_bay
        and (f.battle is None or not f.battle.is_alive())
        and f not in enemies and army_of(world, f) in armies
    ]  # fmt: skip
