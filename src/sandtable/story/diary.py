"""The diary of one formation in a replication: where it stood, with whom, what befell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import fsum, isnan
from typing import TYPE_CHECKING

from sandtable.numerals import figure
from sandtable.story.fight_words import lasted
from sandtable.story.incident import MOMENT, Incident, Telling
from sandtable.story.story import BATTLES, Extent, Paragraph, told_by_day, told_of
from sandtable.story.words import Words, counted, joined, men, numbered, say
from sandtable.track_columns import Track, TrackStatus

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.campaign.replay import Replay

_STANDS: dict[TrackStatus, str] = {
    "holding": "it stood at {place}",
    "marching": "it was on the march at {place}",
    "attacking": "it was attacking at {place}",
    "defending": "it was defending {place}",
    "retreating": "it was going back at {place}",
    "pocket": "it was hiding at {place}, beaten and cut off",
    "aboard": "it was aboard",
    "off the map": "it had not come yet",
    "ceased fire": "it stood at {place} and had ceased fire",
}
"""How a formation stands, by the status of its track; who is no more has no standing."""
_ON_THE_WAY: dict[TrackStatus, str] = {
    "marching": "it was on the march from {place} to {toward}, with {share} of the way behind it,",
    "attacking": "it was attacking towards {toward}",
    "retreating": "it was going back from {place} to {toward}",
}
"""How it stands on the way from one place to another."""
_ANYBODY = 0.5
"""Persons below which nobody is told to be left."""
_CHANGE = 0.02
"""Share by which men or tanks have to change before that alone is told."""


def diary(run: CampaignRun, replay: Replay, formation: str) -> list[Paragraph]:
    """Tell what befell one formation, or all below a headquarters, day by day.

    Each day ends with where it stood and what it had, where that changed; what its battles cost
    comes last. Raises UnknownNameError for a formation that the campaign lacks.
    """
    extent = Extent(formation=formation)
    telling, incidents = told_of(run, replay, extent)
    standings = list(_standings(telling, formation))
    told = [replace(one, group="") for one in (*incidents, *standings)]
    battles = list(_battles(telling, formation))
    return told_by_day(telling, told, {BATTLES: battles} if battles else {})


def _standings(telling: Telling, formation: str) -> Iterator[Incident]:
    """Yield where a formation stood at the ends of days, where that is not as it was before."""
    own = [id for id in telling.names.formations if formation in telling.names.chain(id)]
    tracks = {id: [t for t in telling.tracks if t.formation == id] for id in own}
    present = {id: rows for id, rows in tracks.items() if rows}
    before: tuple[Words, float, float] = ((), 0.0, 0.0)
    for end in telling.calendar.daily_moments():
        rows = {id: _at(telling, rows, end) for id, rows in present.items()}
        there = [row for row in rows.values() if row is not None and row.status in _STANDS]
        if not there:
            continue
        where = _where(telling, there[0]) if len(own) == 1 else _how_many(there)
        now = (where, fsum(row.personnel for row in there), fsum(row.tanks for row in there))
        if _differs(before, now):
            when = "at the end of the day " if end > 0.0 else "at first "
            words = joined(when, where, f" with {_strength(*now[1:])}")
            yield Incident(
                max(0.0, end - MOMENT), "", "standing", (words,), frozenset(own), early=end <= 0.0
            )
            before = now


def _at(telling: Telling, rows: Sequence[Track], day: float) -> Track | None:
    """The row that holds at the end of a day, if its phase is not over."""
    start = telling.phase_start(day - MOMENT)
    # Where a phase ends another may begin, with other forces.
    last = day - MOMENT if telling.phase_start(day + MOMENT) > start else day + MOMENT
    held = [row for row in rows if start - MOMENT <= row.day <= max(last, start + MOMENT)]
    return held[-1] if held and held[-1].personnel >= _ANYBODY else None


def _differs(before: tuple[Words, float, float], now: tuple[Words, float, float]) -> bool:
    """Whether a formation stands otherwise than was told; a few sick don't count."""
    changes = zip(before[1:], now[1:], strict=True)
    return before[0] != now[0] or any(abs(new - old) > _CHANGE * old for old, new in changes)


def _strength(persons: float, tanks: float) -> str:
    return men(persons) + (f" and {counted(tanks, 'tank')}" if round(tanks) else "")


def _how_many(rows: Sequence[Track]) -> Words:
    return (f"{numbered(len(rows), 'formation')} of it stood in the field",)


def _where(telling: Telling, row: Track) -> Words:
    """Where a formation is, and what it does there."""
    names = telling.names
    place: Words = (names.place(row.place),) if row.place else ("the rear",)
    if not row.toward:
        return say(_STANDS[row.status], place=place)
    told = _ON_THE_WAY.get(row.status, _ON_THE_WAY["marching"])
    return say(told, place=place, toward=names.place(row.toward), share=f"{row.share:.0%}")


def _battles(telling: Telling, formation: str) -> Iterator[Incident]:
    """Yield each fight that a formation was in, with what it cost both sides."""
    below = {id for id in telling.names.formations if formation in telling.names.chain(id)}
    for row in telling.battles:
        attacked = not below.isdisjoint(row["attackers"])
        if not row["place"] or not (attacked or not below.isdisjoint(row["defenders"])):
            continue
        cause = f" ({row['cause'].replace('-', ' ')})" if row["cause"] else ""
        ratio = "" if isnan(row["ratio"]) else f", {figure(row['ratio'])} to 1 in strength"
        words = say(
            "{date}, {part} {place}{ratio}, {days}: {decision}{cause}; the attackers lost {ours}, "
            "the defenders {theirs}",
            date=telling.calendar.date_text(row["start"]),
            part="attack on" if attacked else "defence of",
            place=telling.names.place(row["place"]), ratio=ratio, days=lasted(row["days"]),
            decision=row["decision"], cause=cause, ours=men(row["attacker_casualties"]),
            theirs=figure(round(row["defender_casualties"])),
        )  # fmt: skip
        yield Incident(row["start"], "", "battle", (words,))
