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


class ChainOfCommand:
    """Which formations stand below which."""

    def __init__(self, formations: Iterable[Formation]) -> None:
        self._every = {formation.id: formation for formation in formations}
        self._position = {name: number for number, name in enumerate(self._every)}
        self._below: dict[str | None, list[str]] = {}
        for formation in self._every.values():
            self._below.setdefault(formation.parent, []).append(formation.id)

    def combat_below(self, name: str) -> list[str]:
        """Return the combat formations at or below `name`, all generations, in the file's order."""
        found: list[str] = []
        waiting, seen = [name], set()
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in self._every and self._every[at].type != "headquarters":
                found.append(at)
            else:
                waiting += self._below.get(at, [])
        return sorted(found, key=self._position.__getitem__)


def lands_later(draft: Draft) -> frozenset[str]:
    """Return the combat formations that an order brings on: reinforcements and landings."""
    chain = ChainOfCommand(draft.formations)
    return frozenset(
        formation
        for order in draft.orders
        if order.what in ARRIVALS
        for name in order.who
        for formation in chain.combat_below(name)
    )
