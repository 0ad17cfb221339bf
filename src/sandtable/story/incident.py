"""What a story is put together from: incidents, and what is needed to tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import inf
from typing import Any

from sandtable.calendar import Calendar
from sandtable.engine.events import Event
from sandtable.scenario.resolved import Order, ResolvedScenario
from sandtable.story.names import Names
from sandtable.story.record import Beside, Record
from sandtable.story.words import Words
from sandtable.track_columns import Track

SAME = 1e-9
"""Days within which two events are of one moment."""
MOMENT = 2.0 / 86400.0
"""Days by which the end of a day still belongs to it: two seconds, for dates have whole ones."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that is told: sentences without their full stops, in order.

    ``day`` from H-hour, ``group`` as of `Names.group`, ``kind`` that of the event or ``fight``.
    ``who`` are the ids of the formations that it is about; ``beside`` is what the record says of
    it, and ``named`` whether that needs to name what it is about. ``timed``: whether it is told at
    what time of the day it happened; ``early``: whether it stands before what else happened on
    that day.
    """

    day: float
    group: str
    kind: str
    sentences: tuple[Words, ...]
    who: frozenset[str] = frozenset()
    beside: tuple[Beside, ...] = ()
    named: bool = False
    timed: bool = False
    early: bool = False


@dataclass
class Telling:
    """A replication that is told: the scenario, what happened in it, and the claims on it.

    ``resolved`` is the scenario in the middle of its ranges, for names, places and orders;
    ``battles`` are rows of the table of battles, and so are ``tracks`` of the table of tracks.
    """

    resolved: ResolvedScenario
    events: Sequence[Event]
    battles: Sequence[Mapping[str, Any]]
    tracks: Sequence[Track]
    record: Record
    names: Names = field(init=False)
    only: frozenset[str] | None = None
    """The formations that are told of, None for all."""

    def __post_init__(self) -> None:
        self.names = Names(self.resolved)
        self._dates: dict[float, int] = {}

    def concerns(self, event: Event) -> bool:
        """Whether an event is about one of the formations that are told of."""
        return self.only is None or not self.only.isdisjoint(self.formations_of(event))

    def formations_of(self, event: Event) -> frozenset[str]:
        """The formation that an event is about, with all that march on its axis."""
        axis = self.names.axes.get(event.axis)
        return frozenset((event.formation, *(axis.formations if axis else ())))

    def tells_of(self, incident: Incident) -> bool:
        """Whether an incident is about one of the formations that are told of."""
        return self.only is None or not self.only.isdisjoint(incident.who)

    @property
    def calendar(self) -> Calendar:
        """The campaign's time."""
        return self.resolved.calendar

    @cached_property
    def orders(self) -> Mapping[str, tuple[Order, float]]:
        """Orders by id, with the day from H-hour on which their phase begins."""
        found: dict[str, tuple[Order, float]] = {}
        for part in self.resolved.phases or (self.resolved,):
            start = self.calendar.span(part.phase).start if part.phase else 0.0
            for order in part.orders:
                found.setdefault(order.id, (order, start))
        return found

    def moment(self, day: float) -> datetime:
        """The moment so many days from H-hour."""
        return self.calendar.moment_of(day)

    def date(self, day: float) -> int:
        """The number of the calendar day on which a moment lies."""
        found = self._dates.get(day)
        if found is None:
            days = (self.moment(day).date() - self.calendar.h_hour.date()).days
            found = self._dates[day] = days + 1
        return found

    def group(self, event: Event) -> str:
        """The group under which an event is told."""
        if event.formation:
            return self.names.group(event.formation)
        axis = self.names.axes.get(event.axis)
        return self.names.group(axis.formations[0]) if axis else f"side/{event.side}"

    def phase_start(self, day: float) -> float:
        """The day from H-hour on which the phase of a moment begins; 0 where there is none."""
        return max((s.start for s in self.calendar.phases if s.start <= day + SAME), default=0.0)

    def by(self, day: float) -> str:
        """The last day of a span, as tables write it."""
        return self.calendar.dates_text(-inf, day).removeprefix("by ")

    def coalition_attacking(self, battle: int) -> str:
        """The coalition that attacks in a battle; empty for a number that no battle has."""
        return next((str(row["coalition"]) for row in self.battles if row["battle"] == battle), "")

    def fought_for(self, event: Event) -> tuple[str, ...]:
        """The places for which one who joins a battle fights, as far as that can be told."""
        own = [row for row in self.battles if row["battle"] == event.battle and row["place"]]
        now = [r for r in own if r["start"] - SAME <= event.day and not r["end"] < event.day - SAME]
        last = [row for row in own if row["start"] <= event.day][-1:] or own[:1]
        places = list(dict.fromkeys(str(row["place"]) for row in now or last))
        axis = self.names.axes.get(event.axis)
        ways = axis.places if axis else (event.place,)
        return tuple([place for place in places if place in ways] or places)

    def aboard(self, formation: str, day: float) -> bool:
        """Whether a formation is not all ashore at a moment, or has not come yet."""
        before = [row for row in self._tracks.get(formation, ()) if row.day <= day + MOMENT]
        return bool(before) and before[-1].status in ("aboard", "off the map")

    @cached_property
    def _tracks(self) -> dict[str, list[Track]]:
        found: dict[str, list[Track]] = {}
        for row in self.tracks:
            found.setdefault(row.formation, []).append(row)
        return found

    def named(self, id: str) -> Words:
        """What an id of a claim is called: a place or formation without its article."""
        if id in self.names.places:
            return (self.names.place(id),)
        return (self.names.title(id),) if id in self.names.formations else (id,)


_PARTS = (
    (5, "in the night"), (8, "early in the morning"), (12, "in the morning"),
    (14, "about noon"), (18, "in the afternoon"), (22, "in the evening"),
    (24, "late in the evening"),
)  # fmt: skip


def part_of_day(moment: datetime) -> str:
    """Return the part of the day in which a moment lies: a simulated minute says no more."""
    return next(name for until, name in _PARTS if moment.hour < until)
