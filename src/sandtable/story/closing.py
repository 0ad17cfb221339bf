"""What a replication came to, and the rest of what the record says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import fsum, isnan

from sandtable import outcomes as forms
from sandtable.calendar import short_date
from sandtable.numerals import figure
from sandtable.outcomes import Kind, Parsed, of_phase, parse
from sandtable.story.incident import MOMENT, Incident, Telling
from sandtable.story.names import is_plural
from sandtable.story.record import Beside
from sandtable.story.words import Piece, Words, counted, joined, listed, men, say, text_of

_CASUALTIES = (
    ("killed", "killed"), ("wounded", "wounded"), ("missing", "missing"),
    ("captured", "taken prisoner"), ("sick", "fallen sick"),
)  # fmt: skip
_MATERIEL = (
    (forms.TANKS, "tank", "tanks"), (forms.GUNS, "gun", "guns"),
    (forms.AIRCRAFT, "aircraft", "aircraft"), (forms.CRAFT, "craft", "craft"),
)  # fmt: skip


def forces_told(telling: Telling) -> Iterator[Incident]:
    """Yield the men and tanks of each side at the start of the campaign, or of each phase."""
    if not telling.tracks:
        return
    parts = telling.resolved.phases or (telling.resolved,)
    for part in parts:
        start = telling.calendar.span(part.phase).start if part.phase else 0.0
        there = {t.formation: t for t in telling.tracks if abs(t.day - start) < MOMENT}
        clauses: list[Piece | Words] = []
        for side in part.sides:
            own = [there[f.id] for f in part.formations if f.side == side.id and f.id in there]
            persons, tanks = (fsum(getattr(t, of) for t in own) for of in ("personnel", "tanks"))
            if round(persons):
                also = f" and {counted(tanks, 'tank')}" if round(tanks) else ""
                told = joined(telling.names.side(side.id), f" {men(persons)}{also}")
                clauses += ["; " if clauses else "forces: ", told]
        if clauses:
            yield Incident(start, "", "forces", (joined(*clauses),), early=True)


def advances_told(telling: Telling) -> Iterator[Incident]:
    """Yield how far an axis had come by the end of a day of which the record tells."""
    for outcome in telling.record.claims:
        parsed = parse(outcome)
        if parsed is None or parsed.form is not forms.ADVANCE:
            continue
        axis, value = parsed.slots["axis"], telling.record.value(outcome)
        if isnan(value) or axis not in telling.names.axes:
            continue
        formations = telling.names.axes[axis].formations
        words = say("by the end of the day {who} had come {km} km",
                    who=telling.names.column(axis), km=figure(value))  # fmt: skip
        yield Incident(
            _end_of_day(telling, parsed) - MOMENT, telling.names.group(formations[0]), "advance",
            (words,), frozenset(formations), telling.record.beside(outcome),
        )  # fmt: skip


def _end_of_day(telling: Telling, parsed: Parsed) -> float:
    span, own = telling.calendar.span(parsed.phase), telling.calendar.of_phase(parsed.phase)
    return min(span.start + own.end_of_day(int(parsed.slots["day"])), span.end)


def losses_told(telling: Telling) -> Iterator[Incident]:
    """Yield what each side had lost at the end."""
    value = telling.record.value
    for side in telling.resolved.sides:
        name = {c: forms.PERSONNEL.name(side=side.id, casualty=c) for c, _ in _CASUALTIES}
        total = forms.PERSONNEL.name(side=side.id, casualty="total")
        if not value(total):
            continue
        parts = [f"{figure(round(value(name[c])))} {word}" for c, word in _CASUALTIES
                 if round(value(name[c]))]  # fmt: skip
        things = [
            counted(count, one, many)
            for form, one, many in _MATERIEL
            if (count := value(form.name(side=side.id))) >= 0.5
        ]
        lost = f": {men(value(total))} lost, of whom "
        told = joined(telling.names.side(side.id), lost, listed(parts))
        also: Words = joined("; with them ", listed(things)) if things else ()
        yield Incident(
            telling.calendar.days, "", "losses", (joined(told, also),),
            beside=telling.record.beside(total),
        )  # fmt: skip


def not_taken_told(telling: Telling) -> Iterator[Incident]:
    """Yield the objectives that were never taken."""
    value, goals = telling.record.value, dict[str, None]()
    for axis in telling.names.axes.values():
        goals.update(dict.fromkeys(place for place, _ in axis.objectives))
    missed = [p for p in goals if isnan(value(forms.CAPTURED.name(place=p)))]
    if not missed:
        return
    places = listed([telling.names.place(place) for place in missed])
    be = "were" if len(missed) > 1 or is_plural(text_of(places)) else "was"
    beside = [telling.record.beside(forms.CAPTURED.name(place=place)) for place in missed]
    words = say("{places} {be} never taken", places=places, be=be)
    yield Incident(
        telling.calendar.days, "", "never", (words,),
        beside=tuple(one for each in beside for one in each), named=len(missed) > 1,
    )  # fmt: skip


def rest_of_record(telling: Telling, told: Iterable[Beside]) -> Iterator[Incident]:
    """Yield each outcome of which the record speaks and no sentence has told."""
    known = {beside.outcome for beside in told}
    for outcome in telling.record.claims:
        parsed = parse(outcome)
        if outcome in known or parsed is None:
            continue
        value = _value(telling, parsed, telling.record.value(outcome))
        if value is None:
            continue
        words = (f"{_label(telling, parsed)}: {value}",)
        yield Incident(
            telling.calendar.days, "", "record", (words,), beside=telling.record.beside(outcome)
        )


def _value(telling: Telling, parsed: Parsed, value: float) -> str | None:
    kind = parsed.form.kind
    if kind is Kind.MOMENT:
        return "never" if isnan(value) else telling.calendar.date_text(value)
    if isnan(value):
        return None
    if kind is Kind.SHARE:
        return f"{value:.0%}"
    if kind is Kind.COUNT:
        return figure(round(value))
    return f"{figure(value)} {'days' if kind is Kind.DURATION else parsed.form.unit}"


def _label(telling: Telling, parsed: Parsed) -> str:
    names = telling.names

    def called(id: str) -> str:
        if id in names.formations:
            return names.title(id)
        if id in names.places:
            return names.place(id).text
        if id in names.axes:
            return names.axes[id].name
        part = telling.resolved.part(id)
        name = part.phase_name if part.phase == id else names.side(id).text
        return name[:1].upper() + name[1:]

    own = telling.calendar.of_phase(parsed.phase)
    return parsed.label(called, lambda day: short_date(own.date_of_day(day)))


def phases_of(telling: Telling, names: Sequence[str]) -> list[str]:
    """Return names of outcomes as they are for the whole and for each phase."""
    phases = [span.id for span in telling.calendar.phases]
    return [of_phase(phase, name) for name in names for phase in ("", *phases)]
