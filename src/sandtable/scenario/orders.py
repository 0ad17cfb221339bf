"""Who an order reaches and what it needs."""

from __future__ import annotations

from collections.abc import Iterable

from sandtable.scenario.schema import Formation
from sandtable.scenario.validate import Draft

AXES_FIRST = frozenset({"advance", "airlift-fuel"})
"""Orders that mean the axis where an axis and a formation share a name."""
ARRIVALS = frozenset({"reinforce", "land-from-sea", "land-from-air"})
"""Orders by which formations first appear."""
NEEDS: dict[str, tuple[str, ...]] = {
    "counterattack": ("place",),
    "withdraw": ("place",),
    "reinforce": ("place",),
    "land-from-sea": ("place",),
    "land-from-air": ("place",),
    "airlift-fuel": ("amount_km",),
}
"""Keys without which an order of this kind can't be carried out."""
TAKES: dict[str, frozenset[str]] = {
    "axis": ARRIVALS,
    "amount_km": frozenset({"airlift-fuel"}),
    "place": frozenset(
        {"advance", "hold", "delay", "counterattack", "withdraw", "airlift-fuel"} | ARRIVALS
    ),
}
"""Kinds of order to which a key means something."""


def combat_below(name: str, formations: Iterable[Formation]) -> list[str]:
    """Return the combat formations at or below `name`, all generations, in the file's order."""
    by_parent: dict[str | None, list[Formation]] = {}
    every = {formation.id: formation for formation in formations}
    for formation in every.values():
        by_parent.setdefault(formation.parent, []).append(formation)
    found: list[str] = []
    waiting, seen = [name], set()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if at in every and every[at].type != "headquarters":
            found.append(at)
        else:
            waiting += [formation.id for formation in by_parent.get(at, [])]
    position = {formation: number for number, formation in enumerate(every)}
    return sorted(found, key=position.__getitem__)


def lands_later(draft: Draft) -> frozenset[str]:
    """Return the combat formations that an order brings on: reinforcements and landings."""
    return frozenset(
        formation
        for order in draft.orders
        if order.what in ARRIVALS
        for name in order.who
        for formation in combat_below(name, draft.formations)
    )
