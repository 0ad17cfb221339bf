"""Axes of advance held against places, legs and the formations that march on them."""

from __future__ import annotations

from collections.abc import Sequence

from sandtable.scenario.findings import NOTHING, Findings, shown
from sandtable.scenario.network import RoadNet
from sandtable.scenario.orders import lands_later
from sandtable.scenario.schema import AxisTable
from sandtable.scenario.validate import Draft


def check_axes(draft: Draft, network: RoadNet) -> None:
    """Note every axis that leads nowhere, and every column that can't march on it."""
    for axis in draft.axes:
        _check_axis(axis, draft, network)
        _check_regions(axis, draft.findings)
        _check_forward_detachment(axis, draft.findings)
        for key in ("fuel", "ammunition"):
            _check_depot(axis, key, draft, network)
    _check_columns(draft)
    _check_starts(draft)


def _check_axis(axis: AxisTable, draft: Draft, network: RoadNet) -> None:
    findings, key = draft.findings, f"axis.{axis.id}"
    places = draft.ids["place"]
    draft.refer(axis, "places", "place", *axis.places)
    draft.refer(axis, "formations", "formation", *axis.formations)
    draft.refer(axis, "neighbours", "axis", *axis.neighbours)
    if axis.id in axis.neighbours:
        findings.add(f"{key}.neighbours", shown(axis.id), "axes other than itself")
    if len(axis.places) < 2:
        findings.add(f"{key}.places", f"a list of {len(axis.places)}", "at least two places")
    if not axis.formations:
        findings.add(f"{key}.formations", "an empty list", "at least one formation")
    for a, b in zip(axis.places, axis.places[1:], strict=False):
        if a in places and b in places and not network.joined(a, b) and network.whole(draft):
            found = f"no leg between '{a}' and '{b}'"
            findings.add(f"{key}.places", found, "places each joined to the next by a [[leg]]")
    for objective in axis.objectives:
        at = f"{key}.objectives.{objective.place}"
        if objective.place not in axis.places:
            allowed = "a place of the axis: " + ", ".join(axis.places)
            name = objective.place
            findings.add(at, "a place off the axis", allowed, name=name, names=axis.places)
    _check_twice(f"{key}.objectives", [o.place for o in axis.objectives], findings)
    _check_twice(f"{key}.fortified_regions", [r.place for r in axis.fortified_regions], findings)
    _check_twice(f"{key}.places", axis.places, findings)
    _check_twice(f"{key}.formations", axis.formations, findings)


def _check_regions(axis: AxisTable, findings: Findings) -> None:
    key = f"axis.{axis.id}"
    for region in axis.fortified_regions:
        at = f"{key}.fortified_regions.{region.place}"
        if region.place not in axis.places:
            allowed = "a place of the axis: " + ", ".join(axis.places)
            name = region.place
            findings.add(at, "a place off the axis", allowed, name=name, names=axis.places)
        findings.refer(
            f"{at}.detachment",
            region.detachment,
            axis.formations,
            "a formation of the column",
        )
        if region.how == "besiege" and not region.detachment:
            findings.add(f"{at}.detachment", NOTHING, "the formations that besiege it")


def _check_forward_detachment(axis: AxisTable, findings: Findings) -> None:
    """It leads the column, and somebody is left for the main body."""
    if axis.forward_detachment is None:
        return
    key = f"axis.{axis.id}.forward_detachment.formations"
    names = axis.forward_detachment.formations
    findings.refer(key, names, axis.formations, "a formation of the column")
    if not names:
        findings.add(key, "an empty list", "the formations that lead the column")
    elif set(names) <= set(axis.formations) and axis.formations[: len(names)] != names:
        first = ", ".join(axis.formations[: len(names)])
        findings.add(key, ", ".join(names), f"the first of the column in order of march: {first}")
    elif names == axis.formations:
        findings.add(key, "the whole column", "some of its formations: a main body must follow")


def _check_depot(axis: AxisTable, kind: str, draft: Draft, network: RoadNet) -> None:
    """Fuel and ammunition come from a place of the column's own coalition, by a way."""
    table = axis.fuel if kind == "fuel" else axis.ammunition
    if table is None or table.depot is None:
        return
    depot, key = table.depot, f"axis.{axis.id}.{kind}.depot"
    draft.refer(axis, f"{kind}.depot", "place", depot)
    coalitions = {side.id: side.coalition for side in draft.sides}
    owners = {place.id: coalitions.get(place.owner) for place in draft.places}
    sides = {formation.id: coalitions.get(formation.side) for formation in draft.formations}
    ours = next((sides[name] for name in axis.formations if sides.get(name)), None)
    if ours is not None and owners.get(depot) not in (None, ours):
        draft.findings.add(key, f"'{depot}', of the {owners[depot]}", f"a place of the {ours}")
    first = next(iter(axis.places), None)
    known = depot in owners and first in owners
    if known and network.whole(draft) and not network.connected(depot, first or ""):
        found = f"'{depot}', from which no way leads to '{first}'"
        draft.findings.add(key, found, "a place from which the axis can be reached")


def _check_twice(key: str, names: Sequence[str], findings: Findings) -> None:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            findings.add(key, f"'{name}' {names.count(name)} times", "each name once")


def _check_columns(draft: Draft) -> None:
    """Formations march on one axis, with their own coalition."""
    coalitions = {side.id: side.coalition for side in draft.sides}
    every = {formation.id: formation for formation in draft.formations}
    marching: dict[str, str] = {}
    leading: dict[str, str] = {}
    for axis in draft.axes:
        key = f"axis.{axis.id}.formations"
        members = [every[name] for name in axis.formations if name in every]
        known = [coalitions[item.side] for item in members if item.side in coalitions]
        for item in members:
            if marching.setdefault(item.id, axis.id) != axis.id:
                found = f"'{item.id}', which marches on '{marching[item.id]}'"
                draft.findings.add(key, found, "formations that march on no other axis")
            if item.side in coalitions and coalitions[item.side] != known[0]:
                found = f"'{item.id}', of the {coalitions[item.side]}"
                draft.findings.add(key, found, f"formations of one coalition, here the {known[0]}")
        if known:
            leading[axis.id] = known[0]
    for axis in draft.axes:
        for name in axis.neighbours:
            if leading.get(name, leading.get(axis.id)) != leading.get(axis.id):
                found = f"'{name}', of the {leading[name]}"
                draft.findings.add(f"axis.{axis.id}.neighbours", found, "axes of its coalition")


def _check_starts(draft: Draft) -> None:
    """A column begins where its formations stand; those that arrive later march to it."""
    starts = {formation.id: formation.start for formation in draft.formations}
    arriving = lands_later(draft)
    for axis in draft.axes:
        for name in axis.formations if axis.places else ():
            start = starts.get(name)
            if start in {None, axis.places[0]} or start not in draft.ids["place"]:
                continue
            if name not in arriving:
                found = f"'{name}', which starts in '{start}'"
                allowed = f"formations that start where the axis begins, in '{axis.places[0]}'"
                draft.findings.add(f"axis.{axis.id}.formations", found, allowed)
