"""Who an order reaches and what it needs."""

from __future__ import annotations

from sandtable.scenario.chain_of_command import ChainOfCommand
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
