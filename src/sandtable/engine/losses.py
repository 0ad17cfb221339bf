"""Losses in action: personnel, tanks by cause, guns, armoured cars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sandtable.engine.network import Node
from sandtable.engine.state import Formation
from sandtable.laws.armour import cause_weights, tank_share

if TYPE_CHECKING:
    from sandtable.engine.world import World


class Threat(NamedTuple):
    """What threatens tanks: the weight of all causes of loss, and the share of each in it."""

    weight: float
    shares: tuple[float, ...]


def take_losses(
    world: World, formations: Sequence[Formation], share: float, threat: Threat, node: Node
) -> None:
    """Take the ``share`` of their personnel, and what goes with it, from formations in action.

    ``threat`` is that of the enemy's weapons to tanks.
    """
    planning = world.planning
    tanks = tank_share(share, planning.tanks.rate_ratio, threat.weight)
    guns = min(1.0, share * planning.guns.rate_ratio)
    for formation in formations:
        lost = formation.personnel * share
        formation.personnel -= lost
        formation.lost += lost
        if formation.tanks > 0.0:
            disable(world, formation, formation.tanks * tanks, threat, node)
        if formation.armoured_cars > 0.0:
            cars = formation.armoured_cars * tanks
            formation.armoured_cars -= cars
            formation.cars_lost += cars
        if formation.guns > 0.0 or formation.antitank_guns > 0.0:
            formation.guns_lost += guns * (formation.guns + formation.antitank_guns)
            formation.guns *= 1.0 - guns
            formation.antitank_guns *= 1.0 - guns
        key = (node.battle, formation.side)
        world.battle_personnel[key] = world.battle_personnel.get(key, 0.0) + lost


def disable(world: World, formation: Formation, tanks: float, threat: Threat, node: Node) -> None:
    """Put tanks out of action; what can be repaired comes back later."""
    formation.tanks -= tanks
    formation.tanks_disabled += tanks
    repairable = world.planning.tanks.repairable if world.on.repair else 0.0
    formation.tanks_lost += tanks * (1.0 - repairable)
    if repairable > 0.0:
        back = world.env.now + world.planning.tanks.repair_days
        world.in_repair.append((back, formation, tanks * repairable))
    causes = world.tank_causes[formation.side]
    for i, share in enumerate(threat.shares):
        causes[i] += tanks * share
    key = (node.battle, formation.side)
    world.battle_tanks[key] = world.battle_tanks.get(key, 0.0) + tanks


def threat_of(world: World, enemy: Sequence[Formation], hostile_air: float) -> Threat:
    """What an ``enemy`` and his share of the sky are to tanks."""
    men = max(sum([f.personnel for f in enemy]), 1.0) / 1000.0
    antitank = sum([f.antitank_guns for f in enemy]) / men
    guns = sum([f.guns for f in enemy]) / men
    weights = cause_weights(
        world.laws.tank_shares, world.planning.tanks, antitank, guns, hostile_air
    )
    total = sum(weights)
    return Threat(total, tuple([weight / total for weight in weights]))
