"""The story of one replication: dated paragraphs, made from what happened in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import inf, nan
from typing import TYPE_CHECKING

from sandtable.calendar import short_date
from sandtable.engine.events import Event
from sandtable.errors import UnknownNameError
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.story.closing import (
    advances_told,
    forces_told,
    losses_told,
    not_taken_told,
    phases_of,
    rest_of_record,
)
from sandtable.story.events import cause_of, told_already
from sandtable.story.fights import fights_of, incidents_of, whole_battles
from sandtable.story.incident import SAME, Incident, Telling, part_of_day
from sandtable.story.kinds import KINDS, TOLD_OTHERWISE, cut_off
from sandtable.story.names import Names
from sandtable.story.orders import orders_told, plans_told
from sandtable.story.record import Beside, Record, record_words
from sandtable.story.words import Link, Words, joined, sentence, text_of

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.campaign.replay import Replay

END, RECORD, BATTLES = "What it came to", "What else the record tells of", "Its battles"
LISTS = (END, RECORD, BATTLES)
"""Chapters that come after the last day, a sentence a line."""
_OUTCOMES = {
    "captured": "captured/{place}", "encircled": "encircled/{formation}",
    "surrendered": "surrendered/{formation}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a story: ``kind`` says of what, ``day`` when, in days from H-hour.

    ``beside`` are the claims of the record on what it tells, ``record`` the words for them.
    """

    day: float
    kind: str
    words: Words
    beside: tuple[Beside, ...] = ()
    record: Words = ()

    @property
    def text(self) -> str:
        """The sentence as plain text, without the record's words."""
        return text_of(self.words)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What happened on a day to a front or top formation, ``about``; to all, where it is None.

    ``chapter`` is the name of the phase, or the heading of what comes after the last day; ``date``
    as tables write it.
    """

    day: float
    date: str
    chapter: str
    about: Link | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """What of a story is told: from one day to another (from H-hour), of whom, along which axis.

    Of a formation also what befalls those below it.
    """

    first: float = -inf
    last: float = inf
    formation: str | None = None
    axis: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Extent()

    def only(self, names: Names) -> frozenset[str] | None:
        """Return the formations that are told of, None for all.

        Raises UnknownNameError for a formation or an axis that the campaign lacks.
        """
        if self.formation is not None and self.formation not in names.formations:
            raise UnknownNameError("formation", self.formation, names.formations)
        if self.axis is not None and self.axis not in names.axes:
            raise UnknownNameError("axis", self.axis, names.axes)
        if self.formation is None:
            return frozenset(names.axes[self.axis].formations) if self.axis else None
        below = {id for id in names.formations if self.formation in names.chain(id)}
        return frozenset(below.intersection(names.axes[self.axis].formations) if self.axis
                         else below)  # fmt: skip

    def has(self, day: float) -> bool:
        """Whether a moment is told of."""
        return self.first <= day + SAME and day < self.last


def story(run: CampaignRun, replay: Replay, extent: Extent = Extent()) -> list[Paragraph]:
    """Tell the story of a replication of a run, in paragraphs by day and front.

    What it came to and the rest of the record come last, in chapters of their own, unless the
    ``extent`` leaves something out. Raises UnknownNameError for a formation or an axis in it that
    the campaign lacks.
    """
    telling, incidents = told_of(run, replay, extent)
    if not extent.whole:
        return told_by_day(telling, incidents, {})
    closing = [*losses_told(telling), *not_taken_told(telling)]
    known = chain.from_iterable(one.beside for one in (*incidents, *closing))
    rest = list(rest_of_record(telling, known))
    return told_by_day(telling, incidents, {END: closing, RECORD: rest})


def told_of(run: CampaignRun, replay: Replay, extent: Extent) -> tuple[Telling, list[Incident]]:
    """Return what is needed to tell of a replication, and all that is told of it, in order."""
    resolved = run.campaign.scenario.sampler.central()
    record = Record(run.compare(), _values(run, replay.number), resolved.calendar)
    events = [Event(**line) for line in replay.events]
    telling = Telling(resolved, events, replay.battles, replay.tracks, record)
    telling.only = extent.only(telling.names)
    return telling, [
        one for one in _incidents(telling) if telling.tells_of(one) and extent.has(one.day)
    ]


def _values(run: CampaignRun, number: int) -> Callable[[str], float]:
    """Return what tells a replication's outcome by its name, NaN for one that the run lacks.

    Of thousands a story asks for some hundred, each of which is read once.
    """
    place = run.numbers.tolist().index(number)

    @cache
    def value(name: str) -> float:
        return float(run.outcomes[name][place]) if name in run.outcomes else nan

    return value


def told_by_day(
    telling: Telling, incidents: Iterable[Incident], after: Mapping[str, Sequence[Incident]]
) -> list[Paragraph]:
    """Put incidents into paragraphs; those ``after`` the last day into a chapter each."""
    ordered = sorted(
        incidents, key=lambda one: (telling.date(one.day), not one.early, one.day, _rank(one.kind))
    )
    last = (_paragraph(telling, chapter, None, own) for chapter, own in after.items() if own)
    return [*_paragraphs(telling, ordered), *last]


# --- incidents --------------------------------------------------------------------------------


def _incidents(telling: Telling) -> list[Incident]:
    fights, used = fights_of(telling)
    return [
        *forces_told(telling),
        *plans_told(telling),
        *orders_told(telling),
        *_of_events(telling, used | told_already(telling)),
        *(one for fight in fights for one in incidents_of(telling, fight)),
        *whole_battles(telling),
        *advances_told(telling),
    ]


def _rank(kind: str) -> int:
    """What stands first of what happens at one moment: who lands, then who fights."""
    return 0 if kind in ("lands", "wave lands") else 1 + (kind != "fight")


def _of_events(telling: Telling, used: set[int]) -> Iterator[Incident]:
    """Yield what is told of events by themselves, those of a day, a group and a kind together."""
    together: dict[tuple[int, str, str, int], list[Event]] = {}
    for number, event in enumerate(telling.events):
        if number in used or event.kind in TOLD_OTHERWISE or not telling.concerns(event):
            continue
        cause = cause_of(telling.events, number)
        key = (telling.date(event.day), _group(telling, event, cause), event.kind, cause)
        together.setdefault(key, []).append(event)
    for (_, group, kind, cause), events in together.items():
        words = (
            cut_off(telling, telling.events[cause], events) if cause >= 0
            else KINDS[events[0].kind](telling, events)
        )  # fmt: skip
        who = frozenset(chain.from_iterable(telling.formations_of(event) for event in events))
        beside = tuple(chain.from_iterable(_beside(telling, event) for event in events))
        yield Incident(
            events[0].day, group, kind, (words,), who, beside,
            named=len(events) > 1,
        )  # fmt: skip


def _group(telling: Telling, event: Event, cause: int) -> str:
    """Under whom an event is told: what is cut off, with those who did it.

    Who gives himself up is told with all others under the same command, theatres included.
    """
    if cause >= 0:
        return telling.group(telling.events[cause])
    if event.kind == "surrendered":
        chain = telling.names.chain(event.formation)
        return chain[-1] if len(chain) > 1 else telling.group(event)
    return telling.group(event)


def _beside(telling: Telling, event: Event) -> tuple[Beside, ...]:
    """What the record says of the moment of an event; of a landing, of the place that it took."""
    kind = "captured" if event.kind == "lands" else event.kind
    form = _OUTCOMES.get(kind)
    if form is None:
        return ()
    name = form.format(place=event.place, formation=event.formation)
    return telling.record.of_moment(phases_of(telling, [name]), event.day)


# --- paragraphs -------------------------------------------------------------------------------


def _paragraphs(telling: Telling, incidents: Iterable[Incident]) -> Iterator[Paragraph]:
    """Put incidents into paragraphs: by phase, day and group, those of no group first."""
    parts = telling.resolved.phases or (telling.resolved,)
    orders = [_order_of_groups(telling, part) for part in parts]
    together: dict[tuple[int, int, bool, int, str], list[Incident]] = {}
    for one in incidents:
        phase = _phase_at(telling, one.day)
        before = one.kind in ("forces", "plan")
        date = telling.date(one.day + SAME)
        key = (phase, date, not before, orders[phase].get(one.group, -1), one.group)
        together.setdefault(key, []).append(one)
    for (phase, _, later, _, group), own in sorted(together.items(), key=lambda item: item[0]):
        about = telling.names.group_title(group) if group else None
        if about is not None and not later:
            about = about._replace(text=f"{about.text}, plan")
        yield _paragraph(telling, _chapter(telling, phase), about, own)


def _paragraph(
    telling: Telling, chapter: str, about: Link | None, incidents: Sequence[Incident]
) -> Paragraph:
    day = max(0.0, incidents[0].day)
    sentences = list[Sentence]()
    last = ""
    for one in incidents:
        part = part_of_day(telling.moment(one.day)) if one.timed else ""
        for number, words in enumerate(one.sentences):
            timed = part if part and part != last and not number else ""
            beside = one.beside if number == len(one.sentences) - 1 else ()
            told = sentence(joined(f"{timed} ", words) if timed else words)
            record = record_words(beside, telling.named if one.named else None)
            sentences.append(Sentence(one.day, one.kind, told, beside, record))
        last = part or last
    date = short_date(telling.moment(day + SAME))
    return Paragraph(day, date, chapter, about, tuple(sentences))


def _phase_at(telling: Telling, day: float) -> int:
    """The number of the phase to which a moment belongs; 0 in a campaign without any."""
    phases = telling.calendar.phases
    return max((n for n, span in enumerate(phases) if span.start <= day + SAME), default=0)


def _chapter(telling: Telling, phase: int) -> str:
    parts = telling.resolved.phases
    return parts[phase].phase_name if parts else ""


def _order_of_groups(telling: Telling, part: ResolvedScenario) -> dict[str, int]:
    """Where each group stands on a day: attackers before defenders, as the scenario has them."""
    ordered = sorted(part.formations, key=lambda f: f.coalition != "attacker")
    found: dict[str, int] = {}
    for formation in ordered:
        found.setdefault(telling.names.group(formation.id), len(found))
    for formation in ordered:
        for above in telling.names.chain(formation.id):
            found.setdefault(above, len(found))
        found.setdefault(f"side/{formation.side}", len(found))
    return found
