"""Guns with range over ground: they support fights elsewhere, bombard by order, and answer."""

from __future__ import annotations

from collections.abc import Generator
from math import fsum
from typing import TYPE_CHECKING, Any

import simpy

from sandtable.engine.network import ENEMY, Node
from sandtable.engine.state import HOLDING, Formation
from sandtable.laws.artillery import casualties_a_day, share_lost, support_factor
from sandtable.scenario.resolved import Order

if TYPE_CHECKING:
    from sandtable.engine.assessment import Line
    from sandtable.engine.conditions import Force
    from sandtable.engine.world import World

SALVO = 1.0 / 24.0
"""Share of the step, an hour of a day, after which a bombardment is reckoned anew."""


def supported(
    world: World, line: Line, attackers: Force, defenders: Force, *, dark: bool
) -> tuple[float, float]:
    """Factors on the casualties of (attackers, defenders) in the fight for a place.

    Nobody observes by night: then all guns count as the law has them.
    """
    if not world.ranged or dark:
        return 1.0, 1.0
    place = line.engagement.node.id
    return _factor(world, place, defenders), _factor(world, place, attackers)


def _factor(world: World, place: str, force: Force) -> float:
    """Factor on the casualties of those whom a force fights at a place."""
    coalition = force.formations[0].coalition
    guns = fsum([f.guns for f in force.formations])
    at_hand = fsum([f.guns for f in force.formations if f.range_km <= 0.0])
    reaching = fsum([f.guns for f in _battery(world, coalition, place)])
    firing = at_hand + reaching * _worth(world, coalition, place)
    return support_factor(max(force.men, 1.0), guns, firing, world.planning.artillery)


def _battery(world: World, coalition: str, place: str) -> list[Formation]:
    """Formations of a coalition whose guns can fire on a place."""
    return [f for f in world.ranged if f.coalition == coalition and can_fire(world, f, place)]


def can_fire(world: World, formation: Formation, place: str) -> bool:
    """Whether a formation's guns are in position, in range of a place, and not in action elsewhere.

    One that fights for its own place fires there alone.
    """
    f, column = formation, formation.column
    if f.guns <= 0.0 or f.personnel <= 0.0 or f.ceased_fire or f.status != HOLDING:
        return False
    here = _position(f)
    if here is None or (column is not None and (column.moving or f.closed_up > world.env.now)):
        return False
    fight = f.engagement if column is None else column.engagement or column.defending
    if fight is not None and fight.node.id != place:
        return False
    return world.network.distance_km(here, place) <= f.range_km


def _worth(world: World, coalition: str, place: str) -> float:
    """What fire on a place is worth (0-1): in full if observed from a height that overlooks it.

    Where no height does, those in contact observe.
    """
    heights = world.overlooking.get(place)
    if not heights or any(world.network.nodes[h].coalition == coalition for h in heights):
        return 1.0
    return world.planning.artillery.unobserved


def bombard(world: World, formation: Formation, order: Order) -> Generator[simpy.Event, Any, None]:
    """Process: a formation's guns fire on a place for so many days, and the enemy's answer."""
    assert order.place is not None
    node, until = world.network.nodes[order.place], world.env.now + order.days
    guns = formation.guns if can_fire(world, formation, node.id) else 0.0
    world.log("bombards", formation=formation, place=node.id,
              text=f"{guns:.0f} guns" if guns else "out of range",
              details={"guns": guns})  # fmt: skip
    world.firing.append(formation)
    lost = 0.0
    while until - world.env.now > 1e-9 and can_fire(world, formation, node.id):
        days = min(until - world.env.now, SALVO * world.step)
        yield world.env.timeout(days)
        if can_fire(world, formation, node.id):
            lost += _fire(world, formation.guns, node, _targets(node, formation.coalition), days)
            _answer(world, formation, days)
    world.firing.remove(formation)
    if formation.personnel > 0.0:
        told = f"defenders lost {lost:,.0f} men"
        world.log("bombardment ends", formation=formation, place=node.id, text=told,
                  details={"men": lost})  # fmt: skip


def _targets(node: Node, coalition: str) -> list[Formation]:
    """Enemies at a place who are in no battle, whose law counts the fire on them."""
    return [f for f in node.defenders(ENEMY[coalition]) if not _in_battle(f)]


def _fire(world: World, guns: float, node: Node, targets: list[Formation], days: float) -> float:
    """What so many guns cost those at a place; returns the persons lost."""
    if not targets:
        return 0.0
    worth = _worth(world, ENEMY[targets[0].coalition], node.id)
    casualties = guns * worth * casualties_a_day(1.0, world.planning.artillery) * days
    # Rounds to a casualty are those of full positions: who is left in thinned ones is hit less.
    share = share_lost(casualties, fsum([f.first_strength for f in targets]))
    return world.losses.take_by_fire(targets, share, node, world.env.now)


def _answer(world: World, formation: Formation, days: float) -> None:
    """The enemy's guns in range fire back on those who bombard, with a part of their rounds."""
    here = _position(formation)
    if here is None or _in_battle(formation):
        return
    ours = [f for f in world.firing if f.coalition == formation.coalition]
    for battery in _battery(world, ENEMY[formation.coalition], here):
        reached = [f for f in ours if can_fire(world, battery, _position(f) or "")]
        guns = battery.guns * world.planning.artillery.answer / len(reached)
        _fire(world, guns, world.network.nodes[here], [formation], days)


def _position(formation: Formation) -> str | None:
    """Where a formation stands, or the last place that its column reached."""
    return formation.place if formation.column is None else formation.column.place


def _in_battle(formation: Formation) -> bool:
    """Whether a battle's law counts the fire on a formation."""
    if formation.engagement is not None:
        return True
    return formation.battle is not None and formation.battle.is_alive()
