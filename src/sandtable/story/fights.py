"""Fights for places: which events belong to them, and when each is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, isnan
from typing import Any

from sandtable.battle_columns import ABANDONED, WON
from sandtable.engine.events import Event
from sandtable.outcomes import CAPTURED, SURRENDERED
from sandtable.story import fight_words as words
from sandtable.story.closing import phases_of
from sandtable.story.events import taken_in
from sandtable.story.incident import SAME, Incident, Telling
from sandtable.story.record import Beside
from sandtable.story.words import Words

_ENDS = ("defence broken", "defence gone", "attack broken off")
_AT_OPENING = ("at bay", "deserted")
_AT_END = ("destroyed", "withdraws", "surrendered")
SMALL = 0.01
"""A fight that is won and costs less of all casualties in battle than this is told in short."""


@dataclass
class Fight:
    """A row of the table of battles about a place, with the events that belong to it.

    ``attackers`` and ``defenders`` are the formations there when it opens, ``terms`` the details of
    its ``contact``. ``fates`` are what befell formations with its opening and its end, ``captured``
    when the place was taken on the day on which it ended, ``fell_back`` where those that withdrew
    came to.
    """

    row: Mapping[str, Any]
    attackers: list[str]
    defenders: list[str]
    terms: Mapping[str, float | str] = field(default_factory=dict)
    fates: list[Event] = field(default_factory=list)
    captured: Event | None = None
    fell_back: dict[str, str] = field(default_factory=dict)
    small: bool = False

    @property
    def ended(self) -> bool:
        """Whether it ended before the campaign did."""
        return not isnan(self.row["end"])

    def fates_of(self, kind: str) -> list[Event]:
        """What befell formations that is of this kind."""
        return [event for event in self.fates if event.kind == kind]


def fights_of(telling: Telling) -> tuple[list[Fight], set[int]]:
    """Return all fights, and which events, by their place in the log, are told with them."""
    events, used = telling.events, set[int]()
    rows = [row for row in telling.battles if row["place"]]
    cost = fsum(_cost(row) for row in rows)
    found = []
    for row in rows:
        fight = Fight(row, *_at_opening(telling, row))
        fight.small = row["decision"] in (WON, ABANDONED) and _cost(row) < SMALL * cost
        for number in _of_fight(events, row):
            _take(telling, fight, number, used)
        found.append(fight)
    return found, used | _joining(events)


def _cost(row: Mapping[str, Any]) -> float:
    return float(row["attacker_casualties"] + row["defender_casualties"])


def _at_opening(telling: Telling, row: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Attackers and defenders that had not joined the battle later, nor were still aboard."""
    late = set[str]()
    for event in telling.events:
        joins = event.kind == "joins" and event.battle == row["battle"]
        if joins and event.day > row["start"] + SAME:
            late.update(telling.formations_of(event))
    sides = (list(row["attackers"]), list(row["defenders"]))
    late |= {id for own in sides for id in own if telling.aboard(id, row["start"])}
    there = ([id for id in own if id not in late] or own for own in sides)
    return next(there), next(there)


def _of_fight(events: Sequence[Event], row: Mapping[str, Any]) -> Iterator[int]:
    """Yield the places in the log of what belongs to a fight."""
    fighting = {*row["attackers"], *row["defenders"]}
    for number, event in enumerate(events):
        if event.place != row["place"]:
            continue
        opens = abs(event.day - row["start"]) < SAME
        ends = abs(event.day - row["end"]) < SAME
        mine, theirs = event.battle == row["battle"], event.formation in fighting
        if (
            (opens and mine and event.kind == "contact")
            or (ends and mine and event.kind in _ENDS)
            or (opens and theirs and event.kind in _AT_OPENING)
            or (ends and theirs and event.kind in _AT_END)
            or (event.kind == "captured" and taken_in(row, event))
        ):
            yield number


def _take(telling: Telling, fight: Fight, number: int, used: set[int]) -> None:
    event = telling.events[number]
    if event.kind == "contact":
        fight.terms = event.details
    elif event.kind == "captured":
        if telling.date(event.day) != telling.date(fight.row["end"]) or number in used:
            return
        fight.captured = event
    elif event.kind not in _ENDS:
        fight.fates.append(event)
        if event.kind == "withdraws":
            _follow(telling.events, number, fight, used)
    used.add(number)


def _follow(events: Sequence[Event], number: int, fight: Fight, used: set[int]) -> None:
    """Find where a formation that withdraws comes to, unless something befalls it before."""
    who = events[number].formation
    later = ((n, e) for n, e in enumerate(events[number + 1 :], number + 1) if e.formation == who)
    after = next(later, None)
    if after is not None and after[1].kind == "arrives":
        fight.fell_back[who] = after[1].place
        used.add(after[0])


def _joining(events: Sequence[Event]) -> set[int]:
    """Columns that join a battle as they open a fight, which tells of them."""
    opened = {(e.axis, e.formation, e.day) for e in events if e.kind == "contact"}
    return {
        n
        for n, e in enumerate(events)
        if e.kind == "joins" and (e.axis, e.formation, e.day) in opened
    }


# --- incidents --------------------------------------------------------------------------------


def incidents_of(telling: Telling, fight: Fight) -> list[Incident]:
    """Return what is told of a fight: at once if it ended on the day on which it began."""
    row, days = fight.row, (fight.row["start"], fight.row["end"])
    told: list[tuple[float, tuple[Words, ...]]]
    if not fight.ended:
        opened = words.opening(telling, fight)
        told = [(days[0], (*opened, words.unfinished(fight)))]
    elif telling.date(days[0]) != telling.date(days[1]):
        told = [
            (days[0], words.opening(telling, fight)),
            (days[1], words.ending(telling, fight, apart=True)),
        ]
    else:
        told = [(days[0], words.whole(telling, fight))]
    group = telling.names.group(row["attackers"][0])
    who = frozenset([*row["attackers"], *row["defenders"]])
    beside, last = _beside(telling, fight), len(told) - 1
    return [
        Incident(
            day, group, "fight", sentences, who, beside if number == last else (),
            named=len({one.about for one in beside}) > 1, timed=True,
        )
        for number, (day, sentences) in enumerate(told)
    ]  # fmt: skip


def _beside(telling: Telling, fight: Fight) -> tuple[Beside, ...]:
    """What the record says of the capture of the place and of who gave himself up there."""
    moments = [
        (SURRENDERED.name(formation=event.formation), event.day)
        for event in fight.fates_of("surrendered")
    ]
    if fight.captured is not None:
        moments.insert(0, (CAPTURED.name(place=fight.captured.place), fight.captured.day))
    found = (telling.record.of_moment(phases_of(telling, [name]), day) for name, day in moments)
    return tuple(one for beside in found for one in beside)


def whole_battles(telling: Telling) -> Iterator[Incident]:
    """Yield what battles of more than one fight came to, when they had ended."""
    fights: dict[int, int] = {}
    for row in telling.battles:
        fights[row["battle"]] = fights.get(row["battle"], 0) + bool(row["place"])
    for row in telling.battles:
        if not row["place"] and fights[row["battle"]] > 1 and not isnan(row["end"]):
            who = frozenset([*row["attackers"], *row["defenders"]])
            group = telling.names.group(row["attackers"][0])
            told = words.battle(telling, row, fights[row["battle"]])
            yield Incident(row["end"], group, "battle", (told,), who)
