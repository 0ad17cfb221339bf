"""A scenario with phases in plain numbers: each phase by itself, and the whole that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from sandtable.calendar import Calendar
from sandtable.evidence import Fact
from sandtable.mechanisms import Mechanisms
from sandtable.ranges import Uncertain
from sandtable.scenario import resolved as plain
from sandtable.scenario.quantities import Quantities, QuantityUse
from sandtable.scenario.resolve import resolve, side_colours
from sandtable.scenario.validate import Draft


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


def resolve_phases(
    draft: Draft,
    parts: Sequence[Draft],
    calendar: Calendar,
    facts: Mapping[str, Fact],
    register: str,
    name: str,
    mechanisms: Mechanisms,
) -> tuple[plain.ResolvedScenario, list[QuantityUse]]:
    """Return the scenario that runs through the phases, and every quantity of it once.

    ``parts`` are the drafts of the phases, ``calendar`` is the campaign's with the phases in it.
    Faults go to the draft's findings. Moments are told from the campaign's H-hour.
    """
    uses: dict[str, QuantityUse] = {}
    phases = []
    for part in parts:
        origin = calendar.span(part.phase).start
        own = calendar.of_phase(part.phase)
        quantities = Quantities(facts, own, draft.findings, register, origin)
        phases.append(resolve_part(draft, part, quantities, name, mechanisms))
        for use in quantities.uses:
            uses.setdefault(use.key, use)
    return _whole(draft, phases, calendar), list(uses.values())


def resolve_part(
    draft: Draft, part: Draft, quantities: Quantities, name: str, mechanisms: Mechanisms
) -> plain.ResolvedScenario:
    """Return one phase in numbers; its sides have the colours that they have in the whole."""
    colours = side_colours(draft.sides)
    found = resolve(part, quantities, name, mechanisms)
    (called,) = (phase.name for phase in draft.phases if phase.id == part.phase)
    sides = tuple(replace(s, colour=colours[s.id]) for s in found.sides)
    return replace(found, sides=sides, phase_name=called)


def _whole(
    draft: Draft, phases: Sequence[plain.ResolvedScenario], calendar: Calendar
) -> plain.ResolvedScenario:
    """Everybody who takes part in any phase, as in the first that has them, on one calendar.

    Places and sides are as the scenario itself has them, whoever attacks in a phase.
    """
    coalitions: dict[str, str] = {side.id: side.coalition for side in draft.sides}
    owners = {place.id: place.owner for place in draft.places}
    first = phases[0]
    starts = [calendar.span(part.phase).start for part in phases]
    timed = list(zip(phases, starts, strict=True))
    return replace(
        first,
        calendar=calendar,
        phase="",
        phase_name="",
        phases=tuple(phases),
        sides=tuple(replace(s, coalition=coalitions[s.id]) for s in first.sides),
        places=tuple(
            replace(place, side=owners[place.id], coalition=coalitions.get(owners[place.id], ""))
            for place in first.places
        ),
        legs=tuple({frozenset((g.a, g.b)): g for p in phases for g in p.legs}.values()),
        formations=tuple(
            replace(formation, coalition=coalitions.get(formation.side, ""))
            for formation in _once(f for part in phases for f in part.formations)
        ),
        axes=_once(_axis_later(axis, start) for part, start in timed for axis in part.axes),
        orders=_once(
            replace(order, when=_later(order.when, start))
            for part, start in timed
            for order in part.orders
        ),
        weather=_once(zone for part in phases for zone in part.weather),
        air=_last_in_the_air(phases),
        supply=tuple(
            dict.fromkeys((place, coalitions.get(owners[place], "")) for p in phases
                          for place, _ in p.supply)
        ),
    )  # fmt: skip


def _last_in_the_air(phases: Sequence[plain.ResolvedScenario]) -> tuple[plain.Air, ...]:
    """The air forces of each side in the last phase in which it has any."""
    last = {
        force.side: [other for other in part.air if other.side == force.side]
        for part in phases
        for force in part.air
    }
    return tuple(force for forces in last.values() for force in forces)


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    found: dict[str, _T] = {}
    for item in items:
        found.setdefault(item.id, item)
    return tuple(found.values())


def _axis_later(axis: plain.Axis, days: float) -> plain.Axis:
    objectives = tuple((place, _later(planned, days)) for place, planned in axis.objectives)
    return replace(axis, starts=_later(axis.starts, days), objectives=objectives)


def _later(moment: float, days: float) -> Any:
    """A moment of a phase on the campaign's calendar, a range still a range."""
    if not isinstance(moment, Uncertain):
        return moment + days
    (factor,) = moment.factors
    return Uncertain((factor._replace(low=factor.low + days, high=factor.high + days),))
