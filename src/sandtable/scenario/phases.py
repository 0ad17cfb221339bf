"""Phases: what of a scenario takes part in each, and whether they fit one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sandtable.calendar import Calendar, PhaseSpan, days_between
from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.scenario.findings import Findings, shown
from sandtable.scenario.schema import (
    AirTable,
    AxisTable,
    Document,
    Establishment,
    FormationTable,
    Header,
    LegTable,
    OrderOfBattleTable,
    OrderTable,
    PhaseTable,
    SideTable,
    SupplySource,
    WeatherTable,
)
from sandtable.scenario.validate import Draft, key_of

Timed = LegTable | AxisTable | OrderTable | WeatherTable | AirTable | SupplySource
_TIMED = ("leg", "axis", "order", "weather", "air", "supply")
_STRENGTHS = tuple(name for name in Establishment.model_fields if name != "id")
_D = TypeVar("_D", bound=Document)


def moments(phase: PhaseTable, header: Header) -> tuple[datetime, datetime]:
    """Return a phase's start and end where the clock of the scenario's start stands."""
    zone = header.start.tzinfo
    start, end = (m if m.tzinfo else m.replace(tzinfo=zone) for m in (phase.start, phase.end))
    return start.astimezone(zone), end.astimezone(zone)


def spans(phases: Sequence[PhaseTable], header: Header) -> tuple[PhaseSpan, ...]:
    """Return when the phases are, in days from the scenario's H-hour."""
    return tuple(
        PhaseSpan(phase.id, *(days_between(header.start, m) for m in moments(phase, header)))
        for phase in phases
    )


def check_phases(draft: Draft) -> None:
    """Note phases that don't follow one another, and names of phases or in them that aren't any."""
    for phase in draft.phases:
        draft.refer(phase, "formations", "formation", *phase.formations)
        draft.refer(phase, "attackers", "side", *phase.attackers)
        draft.refer(phase, "holders", "place", *phase.holders)
        draft.refer(phase, "holders", "side", *phase.holders.values())
        if not (phase.formations or any(row.phase == phase.id for row in draft.order_of_battle)):
            allowed = "formations, or [[order_of_battle]] tables of the phase"
            draft.findings.add(f"{key_of(phase)}.formations", "nobody who takes part", allowed)
    for row in draft.order_of_battle:
        draft.refer(row, "phase", "phase", row.phase)
        draft.refer(row, "formation", "formation", row.formation)
        draft.refer(row, "start", "place", row.start)
        draft.refer(row, "parent", "formation", row.parent)
        draft.refer(row, "establishment", "establishment", row.establishment)
    for model in _timed(draft):
        draft.refer(model, "phases", "phase", *(model.phases or ()))
    if draft.header is not None and draft.header.start.tzinfo is not None:
        _check_times(draft.phases, draft.header, draft.findings)


def _check_times(phases: Sequence[PhaseTable], header: Header, findings: Findings) -> None:
    end = header.end if header.end.tzinfo else header.end.replace(tzinfo=header.start.tzinfo)
    begins, after = header.start, "the scenario's start"
    for phase in phases:
        first, last = moments(phase, header)
        key = key_of(phase)
        if first < begins:
            allowed = f"a moment from {after} on, {begins.isoformat()}"
            findings.add(f"{key}.start", shown(phase.start), allowed)
        if not first < last <= end:
            allowed = f"a moment after its start and up to the scenario's end, {end.isoformat()}"
            findings.add(f"{key}.end", shown(phase.end), allowed)
        begins, after = last, f"the end of '{phase.id}'"


def calendar_with(calendar: Calendar, draft: Draft) -> Calendar:
    """Return the campaign's calendar with the phases of a draft in it."""
    if draft.header is None or not draft.phases or calendar.h_hour != draft.header.start:
        return calendar
    return replace(calendar, phases=spans(draft.phases, draft.header))


def by_phase(draft: Draft) -> list[Draft]:
    """Return the scenario of each phase; none if there are none, or one of them is unsound.

    All note their faults in a list of findings of their own.
    """
    header = draft.header
    if header is None or header.start.tzinfo is None or len(draft.phases) < len(draft.ids["phase"]):
        return []
    if any(span.end <= span.start for span in spans(draft.phases, header)):
        return []
    return [_in_phase(draft, phase, header) for phase in draft.phases]


def _in_phase(draft: Draft, phase: PhaseTable, header: Header) -> Draft:
    start, end = moments(phase, header)
    findings = draft.findings.copy()
    findings.forget()
    rows = {row.formation: row for row in draft.order_of_battle if row.phase == phase.id}
    models: dict[str, list[Any]] = {
        "side": [_side(side, phase) for side in draft.sides],
        "place": [
            place.model_copy(update={"owner": phase.holders.get(place.id, place.owner)})
            for place in draft.places
        ],
        "establishment": draft.establishments,
        "formation": _formations(draft, phase, rows),
    }
    for model in _timed(draft):
        if model.phases is None or phase.id in model.phases:
            models.setdefault(key_of(model).partition(".")[0], []).append(model)
    return Draft(
        findings,
        header.model_copy(update={"start": start, "end": end}),
        draft.map,
        _ids(draft, models),
        models,
        phase.id,
        rows,
    )


def _ids(draft: Draft, models: dict[str, list[Any]]) -> dict[str, tuple[str, ...]]:
    """Names of the entries of a phase, the unsound ones of the scenario among them."""
    ids = dict(draft.ids)
    for table in (*_TIMED, "formation"):
        kept = {_name(model) for model in models.get(table, ())}
        absent = {_name(model) for model in draft.models.get(table, ())} - kept
        ids[table] = tuple(name for name in ids[table] if name not in absent)
    return ids


def _name(model: Document) -> str:
    return key_of(model).partition(".")[2]


def _side(side: SideTable, phase: PhaseTable) -> SideTable:
    if not phase.attackers:
        return side
    coalition = "attacker" if side.id in phase.attackers else "defender"
    return side.model_copy(update={"coalition": coalition})


def _formations(
    draft: Draft, phase: PhaseTable, rows: dict[str, OrderOfBattleTable]
) -> list[FormationTable]:
    """Those who take part, each with what the phase says of it, and the headquarters above them."""
    chain = ChainOfCommand(draft.formations)
    described = {f.id for f in draft.formations if f.personnel or f.establishment}
    named = {id for name in phase.formations for id in chain.combat_below(name)}
    fighting = (named & described) | (named & {*phase.formations}) | rows.keys()
    every = {f.id: _at_phase(f, rows.get(f.id)) for f in draft.formations}
    there: set[str] = set()
    for name in fighting:
        above: str | None = name
        while above is not None and above not in there and above in every:
            there.add(above)
            above = every[above].parent
    return [formation for id, formation in every.items() if id in there]


def _at_phase(formation: FormationTable, row: OrderOfBattleTable | None) -> FormationTable:
    if row is None:
        return formation
    own = {
        name: value
        for name in ("start", "parent", "establishment", *_STRENGTHS)
        if (value := getattr(row, name)) is not None
    }
    if row.establishment is not None:
        own = dict.fromkeys(_STRENGTHS) | own
    return formation.model_copy(update=own)


def _timed(draft: Draft) -> Iterator[Timed]:
    """The entries that may be of some phases only."""
    for tables in (
        draft.legs, draft.axes, draft.orders, draft.weather, draft.air, draft.supply,
    ):  # fmt: skip
        yield from tables


def report(parts: Sequence[Draft], findings: Findings) -> None:
    """Note the faults that the phases found: of each once, and of which phase unless of all."""
    for part in parts:
        for problem in part.findings.problems:
            if all(problem in other.findings.problems for other in parts):
                findings.note(problem)
            else:
                key = f"phase.{part.phase}: {problem.key}"
                findings.note(replace(problem, key=key))
