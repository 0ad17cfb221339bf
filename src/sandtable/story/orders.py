"""What was ordered, and when it was heard; what the columns had been told to do from the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf, isfinite, isnan

from sandtable.engine.events import Event
from sandtable.numerals import figure
from sandtable.scenario.resolved import Axis, Order
from sandtable.story.incident import Incident, Telling
from sandtable.story.words import Words, joined, links_of, listed, numbered, say, text_of
from sandtable.vocabulary import OrderKind

_LATE = 0.25
"""Days from which it is told that an order was heard so much later than it was given."""
_BY_NAME = 3
"""To more formations an order is told by their number."""

_BY_EVENTS: Mapping[OrderKind, tuple[str, ...]] = {
    "land-from-sea": ("lands", "wave lands"),
    "land-from-air": ("lands",),
    "bombard": ("bombards",),
    "surrender": ("surrendered",),
}
"""Orders to few that need no telling where an event tells that they are carried out."""
_WHAT: Mapping[OrderKind, tuple[str, str]] = {
    "advance": ("advance", "to"),
    "hold": ("hold to the last", "at"),
    "delay": ("delay the enemy and go back", "to"),
    "counterattack": ("counterattack", "towards"),
    "relieve": ("relieve", ""),
    "break-out": ("break out", "to"),
    "redeploy": ("go by rail", "to"),
    "withdraw": ("withdraw", "to"),
    "reinforce": ("reinforce", ""),
    "land-from-sea": ("land from the sea", "at"),
    "land-from-air": ("land from the air", "at"),
    "airlift-fuel": ("fly in fuel", "to"),
    "bombard": ("bombard", ""),
    "cease-fire": ("cease fire", "at"),
    "surrender": ("lay down arms", "at"),
}
"""What each kind of order tells its addressees to do, and how its place stands behind that."""


def orders_told(telling: Telling) -> Iterator[Incident]:
    """Yield each order with all who heard it, on the day on which the first did.

    Orders of one kind to few that are heard on one day stand together.
    """
    heard: dict[str, list[Event]] = {}
    for event in telling.events:
        if event.kind == "order" and telling.concerns(event):
            heard.setdefault(str(event.details.get("order", "")), []).append(event)
    few: dict[tuple[int, str, str], list[tuple[Order, float, list[Event]]]] = {}
    for id, events in heard.items():
        order, start = telling.orders.get(id, (None, 0.0))
        if order is None:
            continue
        who = list(dict.fromkeys(event.formation for event in events))
        if len(who) > _BY_NAME:
            yield _incident(telling, events, _to_many(telling, order, start, events))
        elif not all(_carried_out(telling, event) for event in events):
            key = telling.date(events[0].day), telling.names.group_of_many(who), order.what
            few.setdefault(key, []).append((order, start, events))
    for together in few.values():
        events = [event for _, _, own in together for event in own]
        yield _incident(telling, events, _to_few(telling, together))


def _incident(telling: Telling, events: Sequence[Event], words: Words) -> Incident:
    who = [event.formation for event in events]
    return Incident(
        events[0].day, telling.names.group_of_many(who), "order", (words,), frozenset(who),
        early=True,
    )  # fmt: skip


def _carried_out(telling: Telling, event: Event) -> bool:
    """Whether another event tells what the order brought about."""
    kinds = next((k for what, k in _BY_EVENTS.items() if what == event.details.get("what")), ())
    return any(e.kind in kinds and e.formation == event.formation for e in telling.events)


def _given(order: Order, start: float) -> float:
    """When an order was given, in days from H-hour; inf if it waited for something."""
    return start + order.when if order.after is None and isfinite(order.when) else inf


def _to_few(telling: Telling, together: Sequence[tuple[Order, float, Sequence[Event]]]) -> Words:
    """Who was ordered what; after the first clause the verb is left out.

    When the orders were given stands behind the last whom it is true of.
    """
    clauses: dict[tuple[str, str], tuple[list[str], Words]] = {}
    for order, start, events in together:
        _, object = _what(telling, order)
        given = _given(order, start)
        late = telling.calendar.date_text(given) if events[0].day - given > _LATE else ""
        who, _ = clauses.setdefault((text_of(object), late), ([], object))
        who += [event.formation for event in events if event.formation not in who]
    verb, _ = _what(telling, together[0][0])
    keys = list(clauses)
    told = []
    for number, (key, (who, object)) in enumerate(clauses.items()):
        be = telling.names.be(who)
        does = f" {be} ordered to {verb}" if not number else ""
        last = number == len(keys) - 1 or keys[number + 1][1] != key[1]
        late = f" (by an order of {key[1]})" if key[1] and last else ""
        told.append(joined(telling.names.forces(who), does, object, late))
    return listed(told)


def _to_many(telling: Telling, order: Order, start: float, events: Sequence[Event]) -> Words:
    """What was ordered to how many, and when they heard it."""
    who = list(dict.fromkeys(event.formation for event in events))
    given, first, last = _given(order, start), events[0].day, events[-1].day
    dates = list(dict.fromkeys(telling.calendar.date_text(day) for day in (first, last)))
    verb, object = _what(telling, order)
    late = len(dates) == 2 or first - given > _LATE
    told = [id for id in order.who if telling.only is None or id in telling.only]
    deaf = len(told) - len(who)
    return say(
        "the order to {verb}{object}{given} reached {count}{when}{unheard}",
        verb=verb, object=object,
        given=f", given on {telling.calendar.date_text(given)}," if late and given < inf else "",
        count=numbered(len(who), "formation"),
        when=f" from {dates[0]} to {dates[1]}" if len(dates) == 2 else "",
        unheard=f"; {figure(deaf)} never heard or heeded it" if deaf > 0 else "",
    )  # fmt: skip


def _what(telling: Telling, order: Order) -> tuple[str, Words]:
    """The verb of an order, and what stands behind it."""
    names = telling.names
    if order.axis:
        return "join", joined(" ", names.column(order.axis))
    verb, preposition = _WHAT[order.what]
    if not order.place:
        return verb, ()
    return verb, joined(f" {preposition} ".replace("  ", " "), names.place(order.place))


# --- what the columns were to do --------------------------------------------------------------


def plans_told(telling: Telling) -> Iterator[Incident]:
    """Yield where the axes of each group were to lead, at the start of the campaign or phase."""
    for part in telling.resolved.phases or (telling.resolved,):
        start = telling.calendar.span(part.phase).start if part.phase else 0.0
        by_group: dict[str, list[Axis]] = {}
        present = {f.id for f in part.formations if f.personnel > 0.0}
        for axis in part.axes:
            own = present if telling.only is None else present & telling.only
            if not own.isdisjoint(axis.formations):
                by_group.setdefault(telling.names.group(axis.formations[0]), []).append(axis)
        for group, axes in by_group.items():
            who = frozenset(id for axis in axes for id in axis.formations)
            by_name: dict[str, list[Axis]] = {}
            for axis in axes:
                by_name.setdefault(text_of(telling.names.column(axis.id)), []).append(axis)
            sentences = tuple(_plan(telling, own, start) for own in by_name.values())
            yield Incident(start, group, "plan", sentences, who, early=True)


def _plan(telling: Telling, axes: Sequence[Axis], start: float) -> Words:
    """Where the axes of one command lead."""
    columns = f" in {numbered(len(axes), 'column')}," if len(axes) > 1 else ""
    ways = listed([_way(telling, axis, start) for axis in axes])
    who = telling.names.column(axes[0].id)
    be = telling.names.be([link.id for link in links_of(who)])
    return joined(who, f" {be} to go{columns} ", ways)


def _way(telling: Telling, axis: Axis, start: float) -> Words:
    names, planned = telling.names, dict(axis.objectives)
    last = axis.places[-1]
    goals = [_goal(telling, place, start + planned[place]) for place in planned if place != last]
    by: Words = joined(" by way of ", listed(goals)) if goals else ()
    there = _goal(telling, last, start + planned.get(last, inf))
    return joined("from ", names.place(axis.places[0]), by, " to ", there)


def _goal(telling: Telling, place: str, planned: float) -> Words:
    """A place and the last day by which it was to be taken, if one was set."""
    link = telling.names.place(place)
    if isnan(planned) or not isfinite(planned):
        return (link,)
    return (link, f" ({telling.by(planned)})")
