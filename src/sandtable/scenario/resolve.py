"""A checked scenario in plain numbers, some of them still ranges (`sampler.Uncertain`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from typing import Any

from sandtable.mechanisms import Mechanisms
from sandtable.ranges import Uncertain
from sandtable.scenario import resolved as plain
from sandtable.scenario import schema
from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.scenario.geometry import great_circle_km
from sandtable.scenario.measures import MEASURES
from sandtable.scenario.orders import AXES_FIRST, lands_later, waits_for
from sandtable.scenario.quantities import Quantities
from sandtable.scenario.validate import Draft, key_of
from sandtable.vocabulary import COALITION_COLOURS, PALETTE

WINDING: dict[str, float] = {"rail": 1.1, "road": 1.2, "track": 1.3, "none": 1.15}
"""Length of a way over the great circle between its ends, by road: an assumption.

Railways are laid out straightest, tracks follow the ground, and a march without any road holds
its bearing. A sea passage (terrain ``sea``) is the great circle itself.
"""
SEA_WINDING = 1.0


def resolve(
    draft: Draft, quantities: Quantities, name: str, mechanisms: Mechanisms
) -> plain.ResolvedScenario:
    """Return the scenario in numbers, ranges as `Uncertain`.

    Faults of quantities go to the draft's findings; the result is only good if there are none.
    """
    header = draft.header
    coalitions: dict[str, str] = {side.id: side.coalition for side in draft.sides}
    calendar = quantities.calendar
    return plain.ResolvedScenario(
        name=name,
        campaign=header.campaign if header else "",
        calendar=calendar,
        mechanisms=mechanisms,
        attrition=header.attrition if header else "",
        advance=header.advance if header else "",
        sides=_sides(draft.sides, quantities),
        places=tuple(_place(place, quantities, coalitions) for place in draft.places),
        legs=_legs(draft, quantities, coalitions),
        formations=_formations(draft, quantities, coalitions),
        axes=tuple(_axis(axis, quantities, calendar.days) for axis in draft.axes),
        orders=_orders(draft, quantities, calendar.days),
        weather=tuple(
            plain.Weather(w.id, w.places, _number(quantities, w, "rain")) for w in draft.weather
        ),
        air=tuple(_air(air, draft, quantities, coalitions) for air in draft.air),
        supply=tuple(dict.fromkeys((s.place, coalitions.get(s.side, "")) for s in draft.supply)),
        map=_map(draft.map),
        phase=draft.phase,
        lifts=tuple(_lift(lift, quantities, coalitions) for lift in draft.lifts),
    )


def _map(table: schema.MapTable) -> plain.Map:
    base = table.base or ("world" if table.file is None else "none")
    borders = table.file is not None if table.borders is None else table.borders
    return plain.Map(base, table.file, borders, table.note)


def _number(quantities: Quantities, model: schema.Document, field: str) -> float:
    """Return one quantity of a table of the scenario; 0 if it is absent."""
    measure = MEASURES[type(model).__name__][field]
    return quantities.number(f"{key_of(model)}.{field}", getattr(model, field), measure)


def _sides(sides: Sequence[schema.SideTable], quantities: Quantities) -> tuple[plain.Side, ...]:
    colours = side_colours(sides)
    return tuple(_side(side, colours[side.id], quantities) for side in sides)


def side_colours(sides: Sequence[schema.SideTable]) -> dict[str, str]:
    """Return each side's colour as `#rrggbb`: its own, or its coalition's next that is free.

    A coalition of more sides than its row has colours goes through the row again.
    """
    given = {s.id: PALETTE.get(s.colour, s.colour).upper() for s in sides if s.colour}
    rows = {}
    for coalition, names in COALITION_COLOURS.items():
        row = [PALETTE[name] for name in names]
        rows[coalition] = cycle([c for c in row if c not in given.values()] or row)
    return {side.id: given.get(side.id) or next(rows[side.coalition]) for side in sides}


def _side(side: schema.SideTable, colour: str, quantities: Quantities) -> plain.Side:
    findings, key = quantities.findings, key_of(side)
    killed, captured, missing = (
        _number(quantities, side, field) for field in ("killed", "captured", "missing")
    )
    highest = math.fsum(
        share.span[1] if isinstance(share, Uncertain) else share
        for share in (killed, captured, missing)
    )
    if highest > 1 + 1e-9:
        found = f"killed, captured and missing that come to {highest:g}"
        findings.add(key, found, "shares that come to at most 1, each at its highest")
    endurance = quantities.number(
        f"{key}.pocket_endurance",
        side.pocket_endurance,
        MEASURES["SideTable"]["pocket_endurance"],
        absent=math.inf,
    )
    sick = _number(quantities, side, "sick")
    return plain.Side(
        side.id,
        side.coalition,
        killed,
        captured,
        missing,
        sick,
        endurance,
        name=side.name or side.id,
        colour=colour,
        army=side.army or "",
        border=_border(key, side.border, quantities),
        ban=None
        if side.ban is None
        else plain.Ban(side.ban.weapons, _lifted(f"{key}.ban.until", side.ban.until, quantities)),
        sick_of_wounded=_number(quantities, side, "sick_of_wounded"),
    )


def _border(
    key: str, table: schema.BorderTable | None, quantities: Quantities
) -> plain.Border | None:
    if table is None:
        return None
    until = _lifted(f"{key}.border.until", table.until, quantities)
    return plain.Border(table.beyond, until)


def _lifted(key: str, moment: schema.Moment | None, quantities: Quantities) -> float:
    """Return the day from which something is allowed; infinite if it never is."""
    return math.inf if moment is None else quantities.moment(key, moment)


def _place(
    place: schema.PlaceTable, quantities: Quantities, coalitions: dict[str, str]
) -> plain.Place:
    return plain.Place(
        id=place.id,
        name=place.name,
        lat=place.lat,
        lon=place.lon,
        kind=place.kind,
        side=place.owner,
        coalition=coalitions.get(place.owner, ""),
        battles=_battles(place),
        depot_km=_number(quantities, place, "depot_km"),
        front_km=_number(quantities, place, "front_km"),
        overlooks=place.overlooks,
        parked_tanks=_number(quantities, place, "parked_tanks"),
        parked_aircraft=_number(quantities, place, "parked_aircraft"),
    )


def _battles(place: schema.PlaceTable) -> tuple[str, ...]:
    """Return the battles to which fighting at a place is counted, each once."""
    if place.battle is None:
        return (place.id,) if place.kind == "fortified-region" else ()
    names = [place.battle] if isinstance(place.battle, str) else place.battle
    return tuple(dict.fromkeys(names))


def _legs(
    draft: Draft, quantities: Quantities, coalitions: dict[str, str]
) -> tuple[plain.Leg, ...]:
    places = {place.id: place for place in draft.places}
    legs = []
    for leg in draft.legs:
        a, b = places.get(leg.from_), places.get(leg.to)
        straight = great_circle_km(a, b) if a and b else math.nan
        length = _leg_length(leg, straight, quantities)
        demolition = _demolition(
            f"{key_of(leg)}.demolition", leg.demolition, quantities, coalitions
        )
        fuel = None if leg.fuel is None else _number(quantities, leg, "fuel")
        legs.append(
            plain.Leg(
                leg.from_,
                leg.to,
                length,
                leg.terrain,
                leg.road,
                leg.obstacle,
                leg.rain,
                demolition,
                _number(quantities, leg, "trains"),
                leg.lift,
                _number(quantities, leg, "front_km"),
                fuel,
            )
        )
    return tuple(legs)


def _demolition(
    key: str,
    table: schema.DemolitionTable | None,
    quantities: Quantities,
    coalitions: dict[str, str],
) -> plain.Demolition | None:
    if table is None:
        return None
    absent = {"taken": -1.0}
    figures = {
        field: quantities.number(
            f"{key}.{field}", getattr(table, field), measure, absent.get(field, 0.0)
        )
        for field, measure in MEASURES["DemolitionTable"].items()
    }
    return plain.Demolition(coalitions.get(table.side, ""), **figures)


def _leg_length(leg: schema.LegTable, straight: float, quantities: Quantities) -> float:
    key = f"{key_of(leg)}.length_km"
    if leg.length_km is None:
        sea = leg.terrain == "sea"
        winding = SEA_WINDING if sea else WINDING[leg.road]
        way = "passage by sea" if sea else f"way by {leg.road}"
        because = f"great circle times {winding:g}, the winding assumed of a {way}"
        return quantities.derived(key, straight * winding, "km", because)
    length = _number(quantities, leg, "length_km")
    shortest = length.span[0] if isinstance(length, Uncertain) else length
    # Coordinates are good to a kilometre or so; a way much shorter than the straight line is a
    # slip of the pen or a wrong place.
    if shortest < 0.8 * straight - 2.0 or shortest == 0:
        allowed = f"a length above 0, and not far below the straight line of {straight:.1f} km"
        quantities.findings.add(key, f"{shortest:g} km", allowed)
    return length


_STRENGTHS = tuple(MEASURES["Establishment"])


def _formations(
    draft: Draft, quantities: Quantities, coalitions: dict[str, str]
) -> tuple[plain.Formation, ...]:
    patterns = {
        pattern.id: {
            field: _number(quantities, pattern, field)
            for field in _STRENGTHS
            if getattr(pattern, field) is not None
        }
        for pattern in draft.establishments
    }
    first_place = {f: axis.places[0] for axis in draft.axes if axis.places for f in axis.formations}
    later = lands_later(draft)
    formations = []
    for formation in draft.formations:
        strengths: dict[str, Any] = dict.fromkeys(_STRENGTHS, 0.0) | {"infantry": None}
        strengths |= patterns.get(formation.establishment or "", {})
        row = draft.rows.get(formation.id)
        for field in _STRENGTHS:
            stated = row if row is not None and getattr(row, field) is not None else formation
            if getattr(stated, field) is not None:
                strengths[field] = _number(quantities, stated, field)
        start = formation.start
        if start is None and formation.id not in later:
            start = first_place.get(formation.id)
        formations.append(
            plain.Formation(
                id=formation.id,
                name=formation.name,
                side=formation.side,
                coalition=coalitions.get(formation.side, ""),
                type=formation.type,
                echelon=formation.echelon,
                parent=formation.parent,
                start=start,
                **strengths,
            )
        )
    return tuple(formations)


def _axis(axis: schema.AxisTable, quantities: Quantities, days: float) -> plain.Axis:
    key = key_of(axis)
    starts = 0.0
    if axis.starts is not None:
        starts = _within(f"{key}.starts", axis.starts, quantities, days)
    objectives = tuple(
        (
            objective.place,
            quantities.moment(
                f"{key}.objectives.{objective.place}.planned", objective.planned, planned=True
            ),
        )
        for objective in axis.objectives
    )
    return plain.Axis(
        id=axis.id,
        name=axis.name,
        formations=axis.formations,
        places=axis.places,
        objectives=objectives,
        neighbours=axis.neighbours,
        starts=starts,
        surprise=_number(quantities, axis, "surprise"),
        frontage_km=_number(quantities, axis, "frontage_km"),
        fortified_regions={
            region.place: plain.Bypass(region.how, region.detachment)
            for region in axis.fortified_regions
        },
        fuel=_fuel(f"{key}.fuel", axis.fuel, quantities),
        by_night=axis.by_night or (),
        forward_detachment=_forward_detachment(
            f"{key}.forward_detachment", axis.forward_detachment, quantities
        ),
        border=_border(key, axis.border, quantities),
        ammunition=_ammunition(f"{key}.ammunition", axis.ammunition, quantities),
    )


def _ammunition(
    key: str, table: schema.AmmunitionTable | None, quantities: Quantities
) -> plain.Ammunition | None:
    if table is None:
        return None
    figures = {
        field: quantities.number(f"{key}.{field}", getattr(table, field), measure)
        for field, measure in MEASURES["AmmunitionTable"].items()
    }
    return plain.Ammunition(**figures, depot=table.depot)


def _fuel(key: str, table: schema.FuelTable | None, quantities: Quantities) -> plain.Fuel | None:
    if table is None:
        return None
    figures = {
        field: quantities.number(f"{key}.{field}", getattr(table, field), measure)
        for field, measure in MEASURES["FuelTable"].items()
    }
    return plain.Fuel(**figures, depot=table.depot)


def _forward_detachment(
    key: str, table: schema.ForwardDetachmentTable | None, quantities: Quantities
) -> plain.ForwardDetachment | None:
    if table is None:
        return None
    measure = MEASURES["ForwardDetachmentTable"]["bound_km"]
    bound = quantities.number(f"{key}.bound_km", table.bound_km, measure)
    return plain.ForwardDetachment(table.formations, bound)


def _within(key: str, moment: schema.Moment, quantities: Quantities, days: float) -> float:
    """Return a moment that must lie between H-hour and the end."""
    value = quantities.moment(key, moment)
    low, high = value.span if isinstance(value, Uncertain) else (value, value)
    if moment.fact is not None and low < 0 <= high and isinstance(value, Uncertain):
        # A fact tells the day; H-hour is within it.
        name = value.factors[0].name
        value, low = Uncertain((value.factors[0]._replace(name=name, low=0.0),)), 0.0
    if math.isfinite(days) and (low < 0 or high > days):
        found = f"day {low:g}" if low == high else f"days {low:g} to {high:g}"
        quantities.findings.add(key, found, f"from H-hour, day 0, to the end, day {days:g}")
    return value


def _orders(draft: Draft, quantities: Quantities, days: float) -> tuple[plain.Order, ...]:
    chain = ChainOfCommand(draft.formations)
    return tuple(
        _order(order, _who(order, draft, chain), quantities, days) for order in draft.orders
    )


def _order(
    order: schema.OrderTable, who: tuple[str, ...], quantities: Quantities, days: float
) -> plain.Order:
    key = key_of(order)
    heeded = quantities.number(
        f"{key}.heeded", order.heeded, MEASURES["OrderTable"]["heeded"], absent=1.0
    )
    return plain.Order(
        id=order.id,
        what=order.what,
        who=who,
        when=_within(f"{key}.when", order.when, quantities, days) if order.when else 0.0,
        delay=quantities.span(f"{key}.delay", order.delay, MEASURES["OrderTable"]["delay"]),
        heeded=heeded,
        place=order.place,
        axis=order.axis,
        amount_km=_number(quantities, order, "amount_km"),
        lift=order.lift,
        days=_number(quantities, order, "days"),
        by_night=order.by_night or (),
        after=next((plain.After(kind, name) for kind, name in waits_for(order)), None),
    )


def _who(order: schema.OrderTable, draft: Draft, chain: ChainOfCommand) -> tuple[str, ...]:
    """Return the axes and combat formations that an order names, headquarters expanded."""
    axes, formations = draft.ids["axis"], draft.ids["formation"]
    who: list[str] = []
    for name in order.who:
        if name in axes and (name not in formations or order.what in AXES_FIRST):
            who.append(name)
        else:
            who += chain.combat_below(name)
    return tuple(dict.fromkeys(who))


def _lift(lift: schema.LiftTable, quantities: Quantities, coalitions: dict[str, str]) -> plain.Lift:
    later = lift.weapons_after is not None
    return plain.Lift(
        id=lift.id,
        side=lift.side,
        coalition=coalitions.get(lift.side, ""),
        craft=_number(quantities, lift, "craft"),
        men=_number(quantities, lift, "men"),
        turn_round=_number(quantities, lift, "turn_round"),
        weapons_after=_number(quantities, lift, "weapons_after") if later else None,
        fire_from=lift.fire_from,
        rain=lift.rain,
    )


def _air(
    air: schema.AirTable, draft: Draft, quantities: Quantities, coalitions: dict[str, str]
) -> plain.Air:
    fields = ("aircraft", "serviceable", "sorties", "losses")
    aircraft, serviceable, sorties, losses = (_number(quantities, air, f) for f in fields)
    along = [place for axis in draft.axes if axis.id in air.axes for place in axis.places]
    return plain.Air(
        side=air.side,
        coalition=coalitions.get(air.side, ""),
        aircraft=aircraft,
        serviceable=serviceable,
        sorties=sorties,
        losses=losses,
        bases=air.bases,
        id=air.id or air.side,
        places=tuple(dict.fromkeys((*air.places, *along))),
        rain=air.rain,
    )
