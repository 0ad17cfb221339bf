"""Who an order reaches and what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.vocabulary import Occasion

if TYPE_CHECKING:
    from sandtable.scenario.schema import OrderTable
    from sandtable.scenario.validate import Draft

AXES_FIRST = frozenset({"advance", "airlift-fuel"})
"""Orders that mean the axis where an axis and a formation share a name."""
MARCHES = frozenset({"withdraw", "counterattack", "relieve", "break-out", "redeploy"})
"""Orders by which formations go to a place from where they stand."""
LANDINGS = frozenset({"land-from-sea", "land-from-air"})
"""Orders by which formations land, where the enemy may be."""
ARRIVALS = frozenset({"reinforce", *LANDINGS})
"""Orders by which formations first appear."""
NEEDS: dict[str, tuple[str, ...]] = {
    "counterattack": ("place",),
    "relieve": ("place",),
    "redeploy": ("place",),
    "withdraw": ("place",),
    "reinforce": ("place",),
    "land-from-sea": ("place",),
    "land-from-air": ("place",),
    "airlift-fuel": ("amount_km",),
    "bombard": ("place", "days"),
}
"""Keys without which an order of this kind can't be carried out."""
TAKES: dict[str, frozenset[str]] = {
    "axis": ARRIVALS,
    "amount_km": frozenset({"airlift-fuel"}),
    "lift": frozenset({"land-from-sea"}),
    "days": frozenset({"bombard"}),
    "by_night": frozenset({"counterattack", "relieve"}),
    "place": frozenset(
        {
            "advance",
            "hold",
            "delay",
            "counterattack",
            "relieve",
            "break-out",
            "redeploy",
            "withdraw",
            "airlift-fuel",
            "bombard",
        }
        | ARRIVALS
    ),
}
"""Kinds of order to which a key means something."""


OCCASIONS: dict[Occasion, str] = {
    "order": "order", "captured": "place", "encircled": "formation", "ceased_fire": "formation",
    "surrendered": "formation",
}  # fmt: skip
"""What an order may wait for, and the table in which that is named."""


def waits_for(order: OrderTable) -> list[tuple[Occasion, str]]:
    """Return what an order waits for, and the name there: one, in an order without faults."""
    found = [(kind, getattr(order.after, kind, None)) for kind in OCCASIONS]
    return [(kind, name) for kind, name in found if name is not None]


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
