"""Orders held against the formations, axes and places that they name."""

from __future__ import annotations

from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.scenario.findings import NOTHING
from sandtable.scenario.network import RoadNet
from sandtable.scenario.orders import AXES_FIRST, MARCHES, NEEDS, OCCASIONS, TAKES, waits_for
from sandtable.scenario.schema import OrderTable
from sandtable.scenario.validate import Draft


def check_orders(draft: Draft, network: RoadNet) -> None:
    """Note every order that names nobody, lacks a key, has one too many, or can't be reached."""
    whole, chain = _whole_tree(draft), ChainOfCommand(draft.formations)
    for order in draft.orders:
        _check_keys(order, draft)
        _check_after(order, draft, chain, whole)
        _check_who(order, draft, chain, whole)
        _check_way(order, draft, chain, network)
        _check_lift(order, draft, chain)
        _check_guns(order, draft, chain)


def _check_keys(order: OrderTable, draft: Draft) -> None:
    findings, key = draft.findings, f"order.{order.id}"
    for field in NEEDS.get(order.what, ()):
        if getattr(order, field) is None:
            findings.add(f"{key}.{field}", NOTHING, f"what the order {order.what} needs")
    for field, kinds in TAKES.items():
        if getattr(order, field) is not None and order.what not in kinds:
            takers = ", ".join(sorted(kinds))
            allowed = f"nothing with {order.what}; it belongs to {takers}"
            findings.add(f"{key}.{field}", "a key without meaning here", allowed)
    draft.refer(order, "place", "place", order.place)
    draft.refer(order, "axis", "axis", order.axis)
    draft.refer(order, "lift", "lift", order.lift)


def _check_after(order: OrderTable, draft: Draft, chain: ChainOfCommand, whole: bool) -> None:
    """Note an order that is never given, or that waits for nothing that can happen."""
    findings, key = draft.findings, f"order.{order.id}"
    if order.when is None and order.after is None:
        findings.add(f"{key}.when", NOTHING, "a moment, or an event under `after`")
    if order.after is None:
        return
    waits = waits_for(order)
    if len(waits) != 1:
        found = " and ".join(kind for kind, _ in waits) or NOTHING
        findings.add(f"{key}.after", found, "one of " + ", ".join(OCCASIONS))
    for kind, name in waits:
        table = OCCASIONS[kind]
        draft.refer(order, f"after.{kind}", table, name)
        known = whole and table == "formation" and name in draft.ids[table]
        if known and not chain.combat_below(name):
            found = f"'{name}', with no combat formation below it"
            findings.add(f"{key}.after.{kind}", found, "a formation in being")
    line = _waits_in_turn(order, {other.id: other for other in draft.orders})
    if line[-1] == order.id:
        found = "a cycle, " + " - ".join((order.id, *line))
        findings.add(f"{key}.after.order", found, "an order that does not wait for it")


def _waits_in_turn(order: OrderTable, every: dict[str, OrderTable]) -> list[str]:
    """Return the orders for which one waits in turn, ending with the first that comes again."""
    line: list[str] = []
    at: OrderTable | None = order
    while at is not None and (not line or (line[-1] != order.id and line[-1] not in line[:-1])):
        name = at.after.order if at.after is not None else None
        line.append(name or "")
        at = every.get(name or "")
    return line


def _check_lift(order: OrderTable, draft: Draft, chain: ChainOfCommand) -> None:
    """Craft carry the formations of their coalition."""
    coalitions = {side.id: side.coalition for side in draft.sides}
    sides = {formation.id: coalitions.get(formation.side) for formation in draft.formations}
    lift = next((lift for lift in draft.lifts if lift.id == order.lift), None)
    ours = coalitions.get(lift.side) if lift is not None else None
    for name in order.who:
        for formation in chain.combat_below(name) if ours else ():
            if sides.get(formation) not in (ours, None):
                found = f"'{order.lift}', craft of the {ours}"
                allowed = f"craft of the {sides[formation]}, as '{formation}' is"
                draft.findings.add(f"order.{order.id}.lift", found, allowed)


def _check_guns(order: OrderTable, draft: Draft, chain: ChainOfCommand) -> None:
    """Who bombards has guns, and they have a range."""
    if order.what != "bombard":
        return
    patterns = {pattern.id: pattern for pattern in draft.establishments}
    formations = {formation.id: formation for formation in draft.formations}
    for name in [below for who in order.who for below in chain.combat_below(who)]:
        own = formations[name]
        pattern = patterns.get(own.establishment or "")
        for field in ("guns", "range_km"):
            if getattr(own, field) is None and getattr(pattern, field, None) is None:
                found = f"'{name}', without {field}"
                allowed = "formations with guns and range_km, their own or their establishment's"
                draft.findings.add(f"order.{order.id}.who", found, allowed)


def _check_who(order: OrderTable, draft: Draft, chain: ChainOfCommand, whole: bool) -> None:
    findings, key = draft.findings, f"order.{order.id}.who"
    axes, formations = draft.ids["axis"], draft.ids["formation"]
    if not order.who:
        findings.add(key, "an empty list", "at least one formation or axis")
    for name in order.who:
        if name not in axes and name not in formations:
            known = (*formations, *axes)
            findings.add(
                key, f"'{name}'", "a formation or an axis of this scenario", name=name, names=known
            )
        elif order.what == "airlift-fuel" and name not in axes:
            findings.add(key, f"the formation '{name}'", "axes", name=name, names=axes)
        elif name not in formations and order.what not in AXES_FIRST:
            allowed = f"formations, which an order to {order.what} goes to"
            findings.add(key, f"the axis '{name}'", allowed, name=name, names=formations)
        elif name in axes and (name not in formations or order.what in AXES_FIRST):
            continue
        elif whole and not chain.combat_below(name):
            findings.add(
                key, f"'{name}', with no combat formation below it", "a formation in being"
            )


def _whole_tree(draft: Draft) -> bool:
    """Say whether the order of battle is known in full, each formation under its parent."""
    known = draft.ids["formation"]
    return len(draft.formations) == len(known) and all(
        formation.parent is None or formation.parent in known for formation in draft.formations
    )


def _check_way(order: OrderTable, draft: Draft, chain: ChainOfCommand, network: RoadNet) -> None:
    """Formations that go to a place need a way to it."""
    if order.what not in MARCHES or not network.whole(draft):
        return
    kind = "way"
    if order.what == "redeploy":
        kind = "railway"
        network = RoadNet(leg for leg in network.legs if leg.road == "rail" or leg.trains)
    if order.place is None or order.place not in draft.ids["place"]:
        return
    starts = {formation.id: formation.start for formation in draft.formations}
    for name in order.who:
        for formation in chain.combat_below(name):
            start = starts[formation]
            if start in draft.ids["place"] and not network.connected(start or "", order.place):
                found = f"'{order.place}', to which no {kind} leads from '{start}'"
                allowed = f"a place that '{formation}' can reach"
                draft.findings.add(f"order.{order.id}.place", found, allowed)
