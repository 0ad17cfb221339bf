"""Parts of sentences about one event or several: who, with how many men, where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import fsum

from sandtable.engine.events import Event
from sandtable.story.incident import Telling
from sandtable.story.words import Link, Words, joined, listed, men

MOST = 3
"""So many are told by name, of more the first and how many others."""


def number(event: Event, name: str) -> float:
    """A figure of an event's details; 0 where it has none of that name."""
    return float(event.details.get(name, 0.0))


def sum_of(events: Iterable[Event], name: str) -> float:
    """The sum of a figure of several events."""
    return fsum(number(event, name) for event in events)


def formations(telling: Telling, events: Sequence[Event], most: int = MOST) -> Words:
    """Formations by name, of many the greatest."""
    told = sorted(events, key=lambda event: -number(event, "men"))
    ids = list(dict.fromkeys(event.formation for event in told))
    return listed([telling.names.formation(id) for id in ids], most, "more formations")


def with_men(telling: Telling, events: Sequence[Event]) -> Words:
    """Formations with their men; of many the greatest, and the men of all."""
    told = sorted(events, key=lambda event: -number(event, "men"))
    if len(told) <= MOST:
        each = [
            joined(telling.names.formation(e.formation), f" ({men(number(e, 'men'))})")
            for e in told
        ]
        return listed(each)
    return joined(formations(telling, events), f", {men(sum_of(events, 'men'))} in all,")


def who_of(telling: Telling, event: Event) -> Words:
    """The column or formation that an event is about."""
    if event.axis:
        return telling.names.column(event.axis)
    return (telling.names.formation(event.formation),) if event.formation else ("a column",)


def columns(telling: Telling, events: Sequence[Event]) -> Words:
    """Columns or formations, each once."""
    return listed(list(dict.fromkeys(who_of(telling, event) for event in events)), MOST, "others")


def places(telling: Telling, events: Sequence[Event], most: int = 6) -> Words:
    """Places, each once."""
    names = list(dict.fromkeys(event.place for event in events if event.place))
    return listed([telling.names.place(name) for name in names], most, "other places")


def by_place(
    telling: Telling, events: Sequence[Event], tell: Callable[[Link, Sequence[Event]], Words]
) -> Words:
    """One clause a place, joined as one sentence."""
    places = list(dict.fromkeys(event.place for event in events))
    return listed(
        [tell(telling.names.place(p), [e for e in events if e.place == p]) for p in places]
    )
