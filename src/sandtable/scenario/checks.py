"""What the entries of a scenario say of each other, held together: every fault at once."""

from __future__ import annotations

from collections.abc import Iterable

from sandtable.calendar import FIRST_YEAR, LAST_YEAR
from sandtable.errors import listed, nearest
from sandtable.evidence import ALL_SIDES
from sandtable.laws.coefficients import load_coefficients
from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.checks_axes import check_axes
from sandtable.scenario.checks_legs import check_legs
from sandtable.scenario.checks_orders import check_orders
from sandtable.scenario.checks_rules import check_rules
from sandtable.scenario.findings import NOTHING, Findings, shown
from sandtable.scenario.measures import MOST
from sandtable.scenario.network import RoadNet
from sandtable.scenario.orders import lands_later
from sandtable.scenario.phases import by_phase, check_phases, report
from sandtable.scenario.read import Register
from sandtable.scenario.schema import FormationTable, Header
from sandtable.scenario.validate import Draft, key_of


def check(draft: Draft, register: Register) -> None:
    """Note every fault between entries in the draft's findings."""
    if draft.header is not None:
        _check_campaign(draft.header, register, draft.findings)
        _check_header(draft.header, draft.findings)
    _check_sides(draft)
    _check_names(draft)
    _check_places(draft, RoadNet(draft.legs))
    check_legs(draft)
    sound = len(draft.findings.problems)
    check_phases(draft)
    if not draft.ids["phase"]:
        _check_together(draft)
    elif len(draft.findings.problems) == sound:
        # Of phases that don't fit one another nothing is told but that.
        parts = by_phase(draft)
        for part in parts:
            _check_together(part)
        report(parts, draft.findings)
    for variant in draft.variants:
        if not (variant.set or variant.without):
            found, allowed = "neither set nor without", "what it changes, in one of them or in both"
            draft.findings.add(key_of(variant), found, allowed)
        _mechanism_names(variant.without, f"variant.{variant.id}.without", draft.findings)


def _check_together(draft: Draft) -> None:
    """What must hold of all who take part at once, in a scenario or in one phase of it."""
    _check_coalitions(draft)
    network = RoadNet(draft.legs)
    _check_tree(draft)
    _check_strengths(draft)
    _check_starts(draft)
    check_axes(draft, network)
    check_orders(draft, network)
    check_rules(draft)
    _check_supply(draft)


def _mechanism_names(names: Iterable[str], key: str, findings: Findings) -> None:
    for name in names:
        if name not in MECHANISMS:
            every = "one of " + ", ".join(MECHANISMS)
            findings.add(key, shown(name), every, name=name, names=MECHANISMS)


def _check_campaign(header: Header, register: Register, findings: Findings) -> None:
    """A register of one's own is about the campaign; the shipped one need not know it."""
    name, known = header.campaign, register.campaigns
    if register.about(name) or not known or (register.shipped and nearest(name, known) is None):
        return
    allowed = f"a campaign of {register.title}: {listed(known)}"
    if register.shipped:
        allowed += "; or a name unlike any of them"
    findings.add("scenario.campaign", shown(name), allowed, name=name, names=known)


def _check_header(header: Header, findings: Findings) -> None:
    _mechanism_names(header.mechanisms or (), "scenario.mechanisms", findings)
    if header.start.tzinfo is None:
        allowed = "H-hour with its zone, as 1945-08-09T00:00:00+09:00"
        findings.add("scenario.start", shown(header.start), allowed)
        return
    end = header.end if header.end.tzinfo else header.end.replace(tzinfo=header.start.tzinfo)
    if end <= header.start:
        allowed = f"a moment after the start, {header.start.isoformat()}"
        findings.add("scenario.end", shown(header.end), allowed)
    elif (end - header.start).days > MOST["day"]:
        allowed = f"a moment at most {MOST['day']:,} days after the start"
        findings.add("scenario.end", shown(header.end), allowed)
    if not FIRST_YEAR <= header.start.year <= LAST_YEAR:
        allowed = f"a moment of the years {FIRST_YEAR} to {LAST_YEAR}"
        findings.add("scenario.start", shown(header.start), allowed)


def _check_coalitions(draft: Draft) -> None:
    coalitions = {side.coalition for side in draft.sides}
    if len(draft.sides) == len(draft.ids["side"]) and draft.sides:
        for coalition in ("attacker", "defender"):
            if coalition not in coalitions:
                draft.findings.add("side", f"no {coalition}", "at least one side in each coalition")


def _check_sides(draft: Draft) -> None:
    for side in draft.sides:
        key = key_of(side)
        if side.id in draft.ids["formation"]:
            allowed = "an id that no formation has: both name their losses by it"
            draft.findings.add(f"{key}.id", shown(side.id), allowed)
        if side.id == ALL_SIDES:
            allowed = f"an id other than '{ALL_SIDES}', which in the register means all sides"
            draft.findings.add(f"{key}.id", shown(side.id), allowed)
        if side.army is not None and side.army not in (nations := load_coefficients().nations):
            allowed = "a nation of the battle table: " + ", ".join(nations)
            draft.findings.add(
                f"{key}.army", shown(side.army), allowed, name=side.army, names=nations
            )


def _check_names(draft: Draft) -> None:
    """Hold every reference from one entry to another against the names there are."""
    for leg in draft.legs:
        draft.refer(leg, "from", "place", leg.from_)
        draft.refer(leg, "to", "place", leg.to)
        draft.refer(leg, "lift", "lift", leg.lift)
        if leg.from_ == leg.to:
            found = f"a leg from '{leg.to}' to itself"
            draft.findings.add(key_of(leg), found, "a leg between two places")
    for place in draft.places:
        draft.refer(place, "owner", "side", place.owner)
        draft.refer(place, "overlooks", "place", *place.overlooks)
    for item in draft.formations:
        draft.refer(item, "side", "side", item.side)
        draft.refer(item, "parent", "formation", item.parent)
        draft.refer(item, "start", "place", item.start)
        draft.refer(item, "establishment", "establishment", item.establishment)
    for lift in draft.lifts:
        draft.refer(lift, "side", "side", lift.side)
        draft.refer(lift, "fire_from", "place", *lift.fire_from)
    for weather in draft.weather:
        draft.refer(weather, "places", "place", *weather.places)
    for air in draft.air:
        draft.refer(air, "side", "side", air.side)
        draft.refer(air, "bases", "place", *air.bases)
        draft.refer(air, "places", "place", *air.places)
        draft.refer(air, "axes", "axis", *air.axes)
    for source in draft.supply:
        draft.refer(source, "place", "place", source.place)
        draft.refer(source, "side", "side", source.side)


def _check_places(draft: Draft, network: RoadNet) -> None:
    if not network.whole(draft):
        return
    for place in draft.places:
        if place.id not in network.neighbours and len(draft.ids["place"]) > 1:
            found = "a place to which no leg leads"
            draft.findings.add(f"place.{place.id}", found, "at least one [[leg]] from or to it")


def _check_tree(draft: Draft) -> None:
    every = {formation.id: formation for formation in draft.formations}
    coalitions = {side.id: side.coalition for side in draft.sides}
    for formation in draft.formations:
        parent = every.get(formation.parent or "")
        if parent is None:
            continue
        key = f"formation.{formation.id}.parent"
        line = _ancestors(formation, every)
        if line[-1] == formation.id:
            found = "a cycle, " + " - ".join((formation.id, *line))
            draft.findings.add(key, found, "a headquarters that isn't below it")
        if parent.type != "headquarters":
            found = f"'{parent.id}', of type {parent.type}"
            names = [name for name, item in every.items() if item.type == "headquarters"]
            refer_to = ", ".join(names) or "none in this scenario"
            draft.findings.add(key, found, f"a formation of type headquarters: {refer_to}")
        ours, theirs = coalitions.get(formation.side), coalitions.get(parent.side)
        if ours and theirs and ours != theirs:
            draft.findings.add(key, f"'{parent.id}', of the {theirs}", f"a formation of the {ours}")


def _ancestors(formation: FormationTable, every: dict[str, FormationTable]) -> list[str]:
    """Return the ids above a formation, ending with the first that comes again."""
    line: list[str] = []
    at = every.get(formation.parent or "")
    while at is not None:
        line.append(at.id)
        if at.id == formation.id or at.id in line[:-1]:
            break
        at = every.get(at.parent or "")
    return line


def _check_strengths(draft: Draft) -> None:
    patterns = {pattern.id: pattern for pattern in draft.establishments}
    in_columns = {name for axis in draft.axes for name in axis.formations}
    arriving = lands_later(draft)
    for formation in draft.formations:
        key = f"formation.{formation.id}"
        if formation.type == "headquarters":
            _check_headquarters(formation, formation.id in in_columns, draft.findings)
            continue
        if formation.type == "services":
            _check_services(formation, formation.id in in_columns, draft.findings)
        # An establishment that is itself faulty or unknown is reported where it stands.
        pattern = patterns.get(formation.establishment or "")
        if formation.establishment is None or pattern is not None:
            for field in ("personnel",) if formation.type == "services" else tuple(_WHY):
                held = getattr(formation, field) or getattr(pattern, field, None)
                if held is None:
                    allowed = f"a quantity, here or in the formation's establishment: {_WHY[field]}"
                    draft.findings.add(f"{key}.{field}", NOTHING, allowed)
        complete = all(
            len(draft.ids[table]) == len(draft.models.get(table, ())) for table in ("axis", "order")
        )
        placed = formation.start or formation.id in in_columns or formation.id in arriving
        if complete and not placed:
            allowed = "a place, an axis it marches on, or an order that lands or reinforces it"
            draft.findings.add(f"{key}.start", NOTHING, allowed)


def _check_starts(draft: Draft) -> None:
    """A formation stands among its own."""
    coalitions = {side.id: side.coalition for side in draft.sides}
    holders = {place.id: coalitions.get(place.owner) for place in draft.places}
    for formation in draft.formations:
        holder, ours = holders.get(formation.start or ""), coalitions.get(formation.side)
        if holder and ours and holder != ours:
            found = f"'{formation.start}', held by the {holder}"
            draft.findings.add(f"{key_of(formation)}.start", found, f"a place held by the {ours}")


_FIGHTING = (
    "effectiveness", "fortification", "desertion", "infantry", "tank_hunters", "depth_km",
    "range_km",
)  # fmt: skip
_WHY = {
    "personnel": "any formation but a headquarters has people",
    "effectiveness": "a combat formation has a combat value",
}


def _check_headquarters(formation: FormationTable, in_column: bool, findings: Findings) -> None:
    key = f"formation.{formation.id}"
    for field in ("personnel", "tanks", "guns", "antitank_guns", "armoured_cars", "start"):
        if getattr(formation, field) is not None:
            allowed = "nothing: a headquarters is the sum of the formations below it"
            findings.add(f"{key}.{field}", "a value", allowed)
    if in_column:
        allowed = "combat formations in columns; a headquarters stands above them"
        findings.add(f"{key}.type", "a headquarters in an axis of advance", allowed)


def _check_services(formation: FormationTable, in_column: bool, findings: Findings) -> None:
    key = f"formation.{formation.id}"
    for field in _FIGHTING:
        if getattr(formation, field) is not None:
            findings.add(f"{key}.{field}", "a value", "nothing: services do not fight")
    if in_column:
        allowed = "combat formations in columns; services stay where they stand, or withdraw"
        findings.add(f"{key}.type", "services in an axis of advance", allowed)


def _check_supply(draft: Draft) -> None:
    coalitions = {side.id: side.coalition for side in draft.sides}
    owners = {place.id: coalitions.get(place.owner) for place in draft.places}
    supplied = {coalitions.get(source.side) for source in draft.supply}
    for source in draft.supply:
        holder = owners.get(source.place)
        ours = coalitions.get(source.side)
        if holder and ours and holder != ours:
            found = f"'{source.place}', held by the {holder}"
            draft.findings.add(key_of(source), found, f"a place held by the {ours}")
    if len(draft.supply) < len(draft.ids["supply"]):
        return
    for coalition in sorted({*coalitions.values()} - supplied):
        fielded = any(coalitions.get(item.side) == coalition for item in draft.formations)
        if fielded:
            found = f"no source of supply for the {coalition}"
            draft.findings.add("supply", found, "at least one [[supply]] for each coalition")
