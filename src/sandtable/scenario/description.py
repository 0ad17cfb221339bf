"""A scenario as plain data for a reader: order of battle, axes, orders, and what it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sandtable.laws.circumstances import nation_level
from sandtable.laws.coefficients import load_coefficients
from sandtable.scenario import resolved as plain
from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.scenario.load import Scenario
from sandtable.scenario.measures import MEASURES
from sandtable.scenario.orders import LANDINGS
from sandtable.scenario.quantities import QuantityUse
from sandtable.scenario.schema import FormationTable

COUNTS = ("personnel", "tanks", "guns", "antitank_guns", "armoured_cars")


@dataclass(frozen=True, slots=True)
class SideLine:
    """A belligerent; `army` is its nation in its era, None if the battle table doesn't know it.

    `coalition` is None if the side attacks in some phases and defends in others.
    """

    id: str
    name: str
    coalition: str | None
    army: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A formation with those below it; `strength` gives lowest and highest sum for each count.

    `effectiveness` is the range of the formation's own combat value, None for a headquarters.
    Through phases each formation is as in the first that it takes part in, and `strength` is empty
    where these differ: no day has that sum.
    """

    id: str
    name: str
    side: str
    type: str
    echelon: str
    start: str | None
    strength: dict[str, tuple[float, float]]
    effectiveness: tuple[float, float] | None
    below: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A place on an axis: km from the axis's start, and the day by which it was planned, if any."""

    place: str
    km: float
    planned_day: float | None


@dataclass(frozen=True, slots=True)
class AxisLine:
    """An axis with its column and its places in order."""

    id: str
    name: str
    formations: tuple[str, ...]
    stages: tuple[Stage, ...]
    starts_day: float
    surprise: float


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order: from which day, how late it may arrive (days), to how many formations or axes."""

    id: str
    what: str
    who: tuple[str, ...]
    day: float
    delay: tuple[float, float]
    heeded: float
    place: str | None


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase, in days from H-hour, with the men and tanks of each side in the middle.

    `attackers` is empty if nobody has an axis or lands.
    """

    id: str
    name: str
    start_day: float
    end_day: float
    attackers: tuple[str, ...]
    personnel: dict[str, float]
    tanks: dict[str, float]


@dataclass(frozen=True, slots=True)
class Description:
    """What `show` tells of a scenario; days count from H-hour, dates are ISO with their zone."""

    name: str
    title: str
    campaign: str
    summary: str
    start: str
    end: str
    days: float
    attrition: str
    advance: str
    sides: tuple[SideLine, ...]
    order_of_battle: tuple[Unit, ...]
    axes: tuple[AxisLine, ...]
    orders: tuple[OrderLine, ...]
    sizes: dict[str, int]
    quantities: dict[str, int]
    uncertain: int
    facts: int
    mechanisms: tuple[str, ...]
    switched_off: tuple[str, ...]
    variants: tuple[tuple[str, str], ...]
    phases: tuple[PhaseLine, ...] = ()


def describe(scenario: Scenario) -> Description:
    """Return a scenario's description; uncertain numbers stand at the middle of their ranges."""
    middle = scenario.sampler.central()
    header = scenario.file.scenario
    kinds = Counter(use.kind for use in scenario.quantities)
    tables = ("places", "legs", "formations", "axes", "orders")
    return Description(
        name=scenario.name,
        title=header.title,
        campaign=header.campaign,
        summary=header.summary,
        start=scenario.calendar.h_hour.isoformat(),
        end=_end(scenario).isoformat(),
        days=middle.days,
        attrition=middle.attrition,
        advance=middle.advance,
        sides=tuple(_side(side, middle) for side in middle.sides),
        order_of_battle=_order_of_battle(scenario),
        axes=tuple(_axis(axis, middle) for axis in middle.axes),
        orders=tuple(
            OrderLine(o.id, o.what, o.who, o.when, o.delay, o.heeded, o.place)
            for o in middle.orders
        ),
        sizes={table: len(getattr(middle, table)) for table in tables},
        quantities={kind: kinds[kind] for kind in ("cited", "assumed", "derived")},
        uncertain=len(scenario.sampler.uncertain),
        facts=len(scenario.facts_used),
        mechanisms=scenario.mechanisms.on,
        switched_off=scenario.mechanisms.off,
        variants=tuple((variant.id, variant.question) for variant in scenario.variants),
        phases=tuple(_phase(part, scenario) for part in middle.phases),
    )


def _end(scenario: Scenario) -> datetime:
    if scenario.phase is not None:
        return scenario.calendar.moment_of(scenario.calendar.days)
    end = scenario.file.scenario.end
    return end if end.tzinfo else end.replace(tzinfo=scenario.calendar.zone)


def _phase(part: plain.ResolvedScenario, scenario: Scenario) -> PhaseLine:
    span = scenario.calendar.span(part.phase)
    sides = {side.id: [f for f in part.formations if f.side == side.id] for side in part.sides}
    attacked = part.axes or any(order.what in LANDINGS for order in part.orders)
    attackers = [side.id for side in part.sides if side.coalition == "attacker" and sides[side.id]]
    return PhaseLine(
        part.phase,
        part.phase_name,
        span.start,
        span.end,
        tuple(attackers) if attacked else (),
        {side: math.fsum(f.personnel for f in own) for side, own in sides.items()},
        {side: math.fsum(f.tanks for f in own) for side, own in sides.items()},
    )


def _side(side: plain.Side, whole: plain.ResolvedScenario) -> SideLine:
    army = nation_level(side.army, whole.year)
    known = army in load_coefficients().armies
    roles = {
        own.coalition
        for part in whole.phases or (whole,)
        for own in part.sides
        if own.id == side.id
    }
    coalition = roles.pop() if len(roles) == 1 else None
    return SideLine(side.id, side.name, coalition, army if known else None)


def inherited(scenario: Scenario) -> list[QuantityUse]:
    """Return what formations have from their establishments, under the formations' own keys.

    Of a scenario with phases it is what they have in the first that they take part in.
    """
    uses = {use.key: use for use in scenario.quantities}
    found = []
    for formation, (own, *others) in _tables_of(scenario).items():
        for field in MEASURES["Establishment"]:
            key = f"formation.{formation}.{field}"
            origins = (f"{table}.{field}" for table in others)
            origin = next((name for name in origins if name in uses), None)
            if f"{own}.{field}" not in uses and key not in uses and origin is not None:
                found.append(replace(uses[origin], key=key, inherited_from=origin))
    return found


def _tables_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The tables in which each formation's figures stand, by its id: whichever has one first."""
    first = _first_phases(scenario)
    rows = {(row.phase, row.formation): row for row in scenario.file.order_of_battle}
    found: dict[str, tuple[str, ...]] = {}
    for written in scenario.file.formation:
        own: tuple[str, ...] = (f"formation.{written.id}", f"establishment.{written.establishment}")
        row = rows.get((first.get(written.id, ""), written.id))
        if row is not None:
            table = f"order_of_battle.{row.phase}--{row.formation}"
            pattern = f"establishment.{row.establishment}"
            own = (table, *own) if row.establishment is None else (table, pattern)
        found[written.id] = own
    return found


def _first_phases(scenario: Scenario) -> dict[str, str]:
    """The first phase that each formation takes part in, by its id."""
    central = scenario.sampler.central()
    first: dict[str, str] = {}
    for part in central.phases or (central,):
        for formation in part.formations:
            first.setdefault(formation.id, part.phase)
    return first


def _order_of_battle(scenario: Scenario) -> tuple[Unit, ...]:
    uses = {use.key: use for use in scenario.quantities}
    written = {formation.id: formation for formation in scenario.file.formation}
    there = {formation.id: formation for formation in scenario.sampler.central().formations}
    chain = ChainOfCommand(there.values())
    tables, first = _tables_of(scenario), _first_phases(scenario)

    def unit(formation: FormationTable) -> Unit:
        units = tuple(unit(written[id]) for id in chain.children.get(formation.id, ()))
        own = {count: _range(tables[formation.id], count, uses) or (0.0, 0.0) for count in COUNTS}
        together = len({first[id] for id in chain.combat_below(formation.id)}) <= 1
        strength = {
            count: (
                own[count][0] + math.fsum(item.strength[count][0] for item in units),
                own[count][1] + math.fsum(item.strength[count][1] for item in units),
            )
            for count in COUNTS
            if together
        }
        return Unit(
            id=formation.id,
            name=formation.name,
            side=formation.side,
            type=formation.type,
            echelon=formation.echelon,
            start=there[formation.id].start,
            strength=strength,
            effectiveness=_range(tables[formation.id], "effectiveness", uses),
            below=units,
        )

    return tuple(unit(written[id]) for id in chain.children.get(None, ()))


def _range(
    tables: Iterable[str], field: str, uses: dict[str, QuantityUse]
) -> tuple[float, float] | None:
    """Return a formation's range of one quantity, be it its own or its establishment's."""
    use = next((uses[key] for table in tables if (key := f"{table}.{field}") in uses), None)
    return None if use is None else (use.low, use.high)


def _axis(axis: plain.Axis, resolved: plain.ResolvedScenario) -> AxisLine:
    lengths = {frozenset((leg.a, leg.b)): leg.length_km for leg in resolved.legs}
    planned = dict(axis.objectives)
    km, stages = 0.0, []
    for number, place in enumerate(axis.places):
        if number:
            km += lengths[frozenset((axis.places[number - 1], place))]
        day = planned.get(place, math.nan)
        stages.append(Stage(place, km, None if math.isnan(day) else day))
    return AxisLine(axis.id, axis.name, axis.formations, tuple(stages), axis.starts, axis.surprise)
