"""Losses in action: personnel, tanks by cause, guns, armoured cars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandtable.engine.network import Node
from sandtable.engine.state import Formation
from sandtable.laws.armour import cause_weights, tank_losses

if TYPE_CHECKING:
    from sandtable.engine.world import World

Weights = tuple[float, ...]


def take_losses(
    world: World, formations: Sequence[Formation], share: float, weights: Weights, node: Node
) -> None:
    """Take the ``share`` of their personnel, and what goes with it, from formations in action.

    ``weights`` of the causes of tank loss are those of the enemy's weapons.
    """
    planning = world.planning
    rate_ratio = planning["tanks.rate_ratio"]
    guns = min(1.0, share * planning["guns.rate_ratio"])
    for formation in formations:
        lost = formation.personnel * share
        formation.personnel -= lost
        formation.lost += lost
        if formation.tanks > 0.0:
            disabled = tank_losses(formation.tanks, share, rate_ratio, weights)
            disable(world, formation, disabled, weights, node)
        if formation.armoured_cars > 0.0:
            cars = tank_losses(formation.armoured_cars, share, rate_ratio, weights)
            formation.armoured_cars -= cars
            formation.cars_lost += cars
        if formation.guns > 0.0 or formation.antitank_guns > 0.0:
            formation.guns_lost += guns * (formation.guns + formation.antitank_guns)
            formation.guns *= 1.0 - guns
            formation.antitank_guns *= 1.0 - guns
        key = (node.battle, formation.side)
        world.battle_personnel[key] = world.battle_personnel.get(key, 0.0) + lost


def disable(world: World, formation: Formation, tanks: float, weights: Weights, node: Node) -> None:
    """Put tanks out of action; what can be repaired comes back later."""
    formation.tanks -= tanks
    formation.tanks_disabled += tanks
    repairable = world.planning["tanks.repairable"] if world.on.repair else 0.0
    formation.tanks_lost += tanks * (1.0 - repairable)
    if repairable > 0.0:
        back = world.env.now + world.planning["tanks.repair_days"]
        world.in_repair.append((back, formation, tanks * repairable))
    causes, total = world.tank_causes[formation.side], sum(weights)
    for i, weight in enumerate(weights):
        causes[i] += tanks * weight / total
    key = (node.battle, formation.side)
    world.battle_tanks[key] = world.battle_tanks.get(key, 0.0) + tanks


def weights_against(world: World, enemy: Sequence[Formation], hostile_air: float) -> Weights:
    """Weights of the causes of tank loss against an ``enemy`` and his share of the sky."""
    men = max(sum([f.personnel for f in enemy]), 1.0) / 1000.0
    antitank = sum([f.antitank_guns for f in enemy]) / men
    guns = sum([f.guns for f in enemy]) / men
    return cause_weights(world.planning, antitank, guns, hostile_air)
