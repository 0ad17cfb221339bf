"""Which events others tell, and what brought an event about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandtable.battle_columns import ABANDONED, WON
from sandtable.engine.events import Event
from sandtable.story.incident import SAME, Telling

_CAUSES = ("captured", "besieged", "masked")


def told_already(telling: Telling) -> set[int]:
    """Return the events, by their place in the log, that the sentence of another tells.

    Who is at bay has been cut off on that day; a landing in waves ends when all of it is ashore,
    one without takes the place that it lands at; a place that nobody is left to defend is taken;
    a detachment that is left to besiege a place needs not join in.
    """
    events = telling.events
    waves = {e.formation for e in events if e.kind == "wave lands"}
    seen = {(e.kind, e.formation, telling.date(e.day)) for e in events}
    landed = {(e.formation, e.place, telling.date(e.day)) for e in events if e.kind == "lands"}
    stayed = {(e.formation, e.day) for e in events if e.kind in ("besieged", "masked")}
    taken = {(e.place, telling.date(e.day)) for e in events if e.kind == "captured"}
    return {
        number
        for number, e in enumerate(events)
        if (e.kind == "at bay" and ("encircled", e.formation, telling.date(e.day)) in seen)
        or (e.kind == "lands" and e.formation in waves)
        or (
            e.kind == "captured"
            and (e.formation, e.place, telling.date(e.day)) in landed
            and e.formation not in waves
        )
        or (e.kind == "joins" and (e.formation, e.day) in stayed)
        or (e.kind == "defence gone" and (e.place, telling.date(e.day)) in taken)
    }


def after_a_fight(telling: Telling, captured: Event) -> bool:
    """Whether a place was taken within a day of a fight for it that its defence had lost."""
    rows = (row for row in telling.battles if row["place"] == captured.place)
    return any(taken_in(row, captured) for row in rows)


def taken_in(row: Mapping[str, Any], captured: Event) -> bool:
    """Whether the attackers of a fight for a place took it with the fight's end or a day on."""
    won = row["decision"] in (WON, ABANDONED) and row["coalition"] == captured.coalition
    return bool(won and -SAME <= captured.day - row["end"] < 1.0)


def cause_of(events: Sequence[Event], number: int) -> int:
    """Return what cut a formation off, by its place in the log; -1 if no event of its moment did.

    It is the capture of a place, or a detachment that was left before it.
    """
    event = events[number]
    if event.kind != "encircled":
        return -1
    for other in range(number - 1, -1, -1):
        if event.day - events[other].day > SAME:
            return -1
        if events[other].kind in _CAUSES and events[other].coalition != event.coalition:
            return other
    return -1
