"""Each kind of event and the sentence that tells it, of one event or of several of a day.

A kind that another tells is set aside on purpose: `TOLD_OTHERWISE` says where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sandtable.engine.events import Event, EventKind
from sandtable.numerals import figure
from sandtable.story.events import after_a_fight
from sandtable.story.incident import Telling
from sandtable.story.phrases import (
    MOST,
    by_place,
    columns,
    formations,
    number,
    places,
    sum_of,
    who_of,
    with_men,
)
from sandtable.story.words import Link, Words, counted, joined, listed, men, numbered, say, text_of

Teller = Callable[[Telling, Sequence[Event]], Words]


def _captured(telling: Telling, events: Sequence[Event]) -> Words:
    """Places taken on that day, by column: without a fight, or after one of the day before."""
    fought = [event for event in events if after_a_fight(telling, event)]
    free = [event for event in events if event not in fought]
    told: list[Words] = []
    if free:
        told.append(joined("without a fight ", _taken(telling, free)))
    if fought:
        told.append(_taken(telling, fought))
    return listed(told)


def _taken(telling: Telling, events: Sequence[Event]) -> Words:
    by_column: dict[str, list[Event]] = {}
    for event in events:
        by_column.setdefault(text_of(who_of(telling, event)), []).append(event)
    clauses: list[Words] = []
    for own in by_column.values():
        who = who_of(telling, own[0])
        verb = " took " if not clauses else " "
        clauses.append(joined(who, verb, listed([_planned(telling, event) for event in own])))
    return listed(clauses)


def _planned(telling: Telling, event: Event) -> Words:
    """A place, with the date by which the plan had it taken, if any."""
    axis = telling.names.axes.get(event.axis)
    planned = dict(axis.objectives).get(event.place) if axis else None
    place = telling.names.place(event.place)
    if planned is None or planned != planned:
        return (place,)
    return (place, f" (planned for {telling.by(telling.phase_start(event.day) + planned)})")


def _depot(telling: Telling, events: Sequence[Event]) -> Words:
    return say(
        "{who} filled up from the fuel found in {where}",
        who=columns(telling, events), where=places(telling, events),
    )  # fmt: skip


def _park(telling: Telling, events: Sequence[Event]) -> Words:
    tanks, aircraft = sum_of(events, "tanks"), sum_of(events, "aircraft")
    counts = [counted(n, one, many) for n, one, many in
              ((tanks, "tank", None), (aircraft, "aircraft", "aircraft")) if round(n)]  # fmt: skip
    return say(
        "at {where} {what} fell into the attackers' hands on the ground",
        where=places(telling, events), what=listed(counts) if counts else "nothing",
    )  # fmt: skip


def _invested(how: str) -> Teller:
    def tell(telling: Telling, events: Sequence[Event]) -> Words:
        return by_place(
            telling, events,
            lambda place, own: say("{who} stayed before {place} {how}",
                                   who=formations(telling, own), place=place, how=how),
        )  # fmt: skip

    return tell


def _passes(telling: Telling, events: Sequence[Event]) -> Words:
    return say(
        "{who} went on past {where}",
        who=columns(telling, events), where=places(telling, events),
    )  # fmt: skip


def _encircled(telling: Telling, events: Sequence[Event]) -> Words:
    """Who was cut off, where."""
    be = telling.names.be(event.formation for event in events)
    few = len({event.place for event in events}) <= MOST
    where: Words = joined(" at ", places(telling, events)) if few else ()
    return say("{who} {be} cut off{where}", who=with_men(telling, events), be=be, where=where)


def _surrendered(telling: Telling, events: Sequence[Event]) -> Words:
    """Who gave themselves up, and why."""
    ordered = sum(event.cause == "order" for event in events)
    how = " as ordered" if ordered == len(events) else ""
    if len(events) > MOST and len(events) > ordered > len(events) / 2:
        how = ", most of them as ordered"
    few = 0 < len({event.place for event in events if event.place}) <= MOST
    where: Words = joined(" at ", places(telling, events)) if few else ()
    be = telling.names.be(event.formation for event in events)
    themselves = "itself" if be == "was" else "themselves"
    return say(
        "{who} gave {themselves} up{how}{where}",
        who=with_men(telling, events), themselves=themselves, how=how, where=where,
    )  # fmt: skip


def _was(verb: str, *, at: str = " at ", count: bool = True) -> Teller:
    """``X and Y were <verb> at Z``."""

    def tell(telling: Telling, events: Sequence[Event]) -> Words:
        be = telling.names.be(event.formation for event in events)
        who = with_men(telling, events) if count else formations(telling, events)
        where: Words = joined(at, places(telling, events)) if any(e.place for e in events) else ()
        return say("{who} {be} {verb}{where}", who=who, be=be, verb=verb, where=where)

    return tell


def _did(verb: str, *, where: str = "") -> Teller:
    """``X and Y <verb> [at Z]``, of columns or formations."""

    def tell(telling: Telling, events: Sequence[Event]) -> Words:
        there: Words = joined(where, places(telling, events)) if where else ()
        return say("{who} {verb}{there}", who=columns(telling, events), verb=verb, there=there)

    return tell


def _arrives(telling: Telling, events: Sequence[Event]) -> Words:
    return by_place(
        telling, events,
        lambda place, own: say("{who} came to {place}", who=formations(telling, own), place=place),
    )  # fmt: skip


def _entrains(telling: Telling, events: Sequence[Event]) -> Words:
    clauses = [
        say("{who} left {place} by rail for {to}", who=telling.names.formation(e.formation),
            place=telling.names.place(e.place), to=telling.names.place(str(e.details.get("to"))))
        for e in events
    ]  # fmt: skip
    return listed(clauses)


def _waves(telling: Telling, events: Sequence[Event]) -> Words:
    def tell(place: Link, own: Sequence[Event]) -> Words:
        landed = f"{numbered(len(own), 'wave')} landed {men(sum_of(own, 'men'))} at "
        lost, craft = sum_of(own, "lost"), sum_of(own, "craft_lost")
        cost = f", of whom fire cost {men(lost)}" if round(lost) else ""
        cost += f" and {figure(craft)} craft" if craft >= 0.05 else ""
        return joined(landed, place, cost)

    return by_place(telling, events, tell)


def _weapons(telling: Telling, events: Sequence[Event]) -> Words:
    counts = (("tanks", "tank"), ("guns", "gun"), ("armoured_cars", "armoured car"))
    told = [counted(n, one) for name, one in counts if round(n := sum_of(events, name))]
    return say("{what} came ashore at {where}", what=listed(told) if told else "weapons",
               where=places(telling, events))  # fmt: skip


def _lands(telling: Telling, events: Sequence[Event]) -> Words:
    def tell(place: Link, own: Sequence[Event]) -> Words:
        by_air = all(e.details.get("what") == "land-from-air" for e in own)
        landed = {(e.formation, e.place, telling.date(e.day)) for e in own}
        took = any(
            e.kind == "captured" and (e.formation, e.place, telling.date(e.day)) in landed
            for e in telling.events
        )
        return say("{who} landed {how} {place}{took}", who=formations(telling, own), place=place,
                   how="by air at" if by_air else "at",
                   took=" and took the place" if took else "")  # fmt: skip

    return by_place(telling, events, tell)


def _joins(telling: Telling, events: Sequence[Event]) -> Words:
    """Who came up while a battle went on, on either side."""
    together: dict[tuple[bool, tuple[str, ...]], list[Words]] = {}
    for event in events:
        attacks = telling.coalition_attacking(event.battle) == event.coalition
        who = joined(who_of(telling, event), f" ({men(number(event, 'men'))})")
        places = telling.fought_for(event)
        together.setdefault((attacks, places), []).append(who)
    clauses = []
    for (attacks, places), own in together.items():
        side = "attack on" if attacks else "defence of"
        where = listed([telling.names.place(place) for place in places])
        clauses.append(joined(listed(own), f" joined the {side} ", where or "the place"))
    return listed(clauses)


def _deserted(telling: Telling, events: Sequence[Event]) -> Words:
    return say("{count} of {who} left at first contact", count=men(sum_of(events, "men")),
               who=formations(telling, events))  # fmt: skip


def _halts(telling: Telling, events: Sequence[Event]) -> Words:
    return say("{who} stood still without fuel at {where}", who=columns(telling, events),
               where=places(telling, events))  # fmt: skip


def _short(telling: Telling, events: Sequence[Event]) -> Words:
    left = min(number(event, "strength") for event in events)
    return say("{who} had fired the ammunition that came with the attack, which left {share}",
               who=columns(telling, events), share=f"{left:.0%} of the strength")  # fmt: skip


def _waits(telling: Telling, events: Sequence[Event]) -> Words:
    def tell(place: Link, own: Sequence[Event]) -> Words:
        ours, theirs = men(number(own[0], "men")), figure(round(number(own[0], "against")))
        return say("the forward detachment of {who}, {ours}, waited before {place} and its "
                   "{theirs} defenders for the main body",
                   who=columns(telling, own), place=place, ours=ours, theirs=theirs)  # fmt: skip

    return by_place(telling, events, tell)


def _blown(telling: Telling, events: Sequence[Event]) -> Words:
    def tell(place: Link, own: Sequence[Event]) -> Words:
        days = figure(number(own[0], "days"))
        return say("the bridge on the way to {place} was blown up before {who}, {repair} to repair",
                   place=place, who=columns(telling, own),
                   repair=f"{days} day{'' if days == '1' else 's'}")  # fmt: skip

    return by_place(telling, events, tell)


def _intact(telling: Telling, events: Sequence[Event]) -> Words:
    return say("the bridge on the way to {where} fell into the hands of {who} whole",
               where=places(telling, events), who=columns(telling, events))  # fmt: skip


def _bombards(telling: Telling, events: Sequence[Event]) -> Words:
    def tell(place: Link, own: Sequence[Event]) -> Words:
        guns = round(sum_of(own, "guns"))
        if not guns:
            return say("{who} could not reach {place} with its guns",
                       who=formations(telling, own), place=place)  # fmt: skip
        return say("{who} opened fire on {place} with {guns}", who=formations(telling, own),
                   place=place, guns=counted(guns, "gun"))  # fmt: skip

    return by_place(telling, events, tell)


def _bombarded(telling: Telling, events: Sequence[Event]) -> Words:
    return by_place(
        telling, events,
        lambda place, own: say("the bombardment of {place} had cost {cost} when it ceased",
                               place=place, cost=men(sum_of(own, "men"))),
    )  # fmt: skip


def _breaks_out(telling: Telling, events: Sequence[Event]) -> Words:
    return say("{who} broke out at {where}, leaving {missing} behind",
               who=formations(telling, events), where=places(telling, events),
               missing=men(sum_of(events, "men")))  # fmt: skip


def cut_off(telling: Telling, cause: Event, events: Sequence[Event]) -> Words:
    """Whom the fall of a place cut off, or whom a detachment before it shut in."""
    who, place = with_men(telling, events), telling.names.place(cause.place)
    if cause.kind == "captured":
        return say("the fall of {place} cut off {who}", place=place, who=_no_comma(who))
    be = telling.names.be(event.formation for event in events)
    return say("{who} {be} shut in at {place}", who=who, be=be, place=place)


def _no_comma(words: Words) -> Words:
    *rest, last = words
    return joined(*rest, last.removesuffix(",") if isinstance(last, str) else last)


def _fight(what: str) -> Teller:
    """A fight's end of which the table of battles has no row: nothing was fought out."""

    def tell(telling: Telling, events: Sequence[Event]) -> Words:
        return say("{what} {where}", what=what, where=places(telling, events))

    return tell


KINDS: Mapping[EventKind, Teller] = {
    "captured": _captured,
    "depot taken": _depot,
    "park taken": _park,
    "masked": _invested("to watch it"),
    "besieged": _invested("to besiege it"),
    "passes": _passes,
    "encircled": _encircled,
    "relieved": _was("in supply again", count=False),
    "at bay": _was("at bay, with no way out", at=", at ", count=False),
    "breaks out": _breaks_out,
    "surrendered": _surrendered,
    "destroyed": _was("destroyed"),
    "withdraws": _did("fell back", where=" from "),
    "falls back": _did("went back beaten", where=" to "),
    "breaks up": _did("broke up", where=" at "),
    "arrives": _arrives,
    "entrains": _entrains,
    "lands": _lands,
    "wave lands": _waves,
    "weapons land": _weapons,
    "waits for weather": _did("waited for dry weather before landing", where=" at "),
    "joins": _joins,
    "deserted": _deserted,
    "defence broken": _fight("the defence gave way at"),
    "defence gone": _fight("nobody was left to defend"),
    "attack broken off": _fight("the attack was broken off at"),
    "halts for fuel": _halts,
    "fuel arrives by air": _did("went on with fuel that was flown in", where=" to "),
    "runs short": _short,
    "waits for the main body": _waits,
    "halts at the border": _did("halted at the border before", where=" "),
    "bridge blown": _blown,
    "bridge intact": _intact,
    "bombards": _bombards,
    "bombardment ends": _bombarded,
}  # fmt: skip
"""How each kind of event is told, where no fight and no order tells it."""

TOLD_OTHERWISE: Mapping[EventKind, str] = {
    "phase begins": "the heading of a phase and the forces below it",
    "phase ends": "the heading of the next",
    "order": "orders, each with all who heard it",
    "ceases fire": "the order to cease fire",
    "battle begins": "the first fight of the battle",
    "contact": "the fight that it opens",
    "battle ends": "the end of its last fight, and what the whole battle cost",
}
"""Kinds of events that have no sentence of their own, and what tells them."""
