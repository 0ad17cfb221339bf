"""Rules of engagement held against the places and sides that they bind."""

from __future__ import annotations

from collections.abc import Mapping

from sandtable.scenario.findings import shown
from sandtable.scenario.schema import AxisTable, SideTable
from sandtable.scenario.validate import Draft, key_of


def check_rules(draft: Draft) -> None:
    """Note every border that binds nobody or lies among a side's own, and every empty ban."""
    coalitions = {side.id: side.coalition for side in draft.sides}
    sides = {formation.id: coalitions.get(formation.side) for formation in draft.formations}
    for side in draft.sides:
        _check_border(side, side.coalition, draft, coalitions)
        if side.ban is not None and not side.ban.weapons:
            draft.findings.add(f"{key_of(side)}.ban.weapons", "an empty list", "a weapon or more")
    for axis in draft.axes:
        ours = next((sides[name] for name in axis.formations if sides.get(name)), None)
        _check_border(axis, ours, draft, coalitions)


def _check_border(
    table: SideTable | AxisTable, ours: str | None, draft: Draft, coalitions: Mapping[str, str]
) -> None:
    """What lies beyond a border is places of others."""
    if table.border is None:
        return
    key = f"{key_of(table)}.border.beyond"
    if not table.border.beyond:
        draft.findings.add(key, "an empty list", "the places that lie beyond the border")
    draft.refer(table, "border.beyond", "place", *table.border.beyond)
    holders = {place.id: coalitions.get(place.owner) for place in draft.places}
    for name in table.border.beyond:
        if ours is not None and holders.get(name) == ours:
            found = f"{shown(name)}, held by the {ours} itself"
            draft.findings.add(key, found, "places of the other coalition")
