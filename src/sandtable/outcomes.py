"""The only list of outcomes and daily series: how they are named, and what they are.

A name is a path of words, such as ``losses/japan/personnel/killed``, or of one phase of the
campaign alone, ``phase/<phase>/losses/japan/personnel/killed``. Its `Form` has slots: ids
that the scenario gives (``<place>``, ``<side>``, ...), the number of a calendar day, or a choice
of words that the form lists. Ids are held to their spelling here; which of them exist is for the
scenario to say, and so is whether ``losses/<id>/personnel/killed`` is a side's or a formation's.

Times are in days from H-hour; an outcome that never comes about is NaN (`calendar`). A new
outcome is a form here, its value in `engine.reporting`, and a row in docs/model.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import zip_longest

from sandtable.errors import nearest

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""The spelling of an id: lower-case words and digits joined by hyphens."""

PHASE = "phase"
"""The word at the head of the name of an outcome of one phase."""

_DAY_NUMBER = r"[1-9][0-9]*"
_OF_PHASE = re.compile(rf"{PHASE}/({SLUG})/(.+)")
_SLOT = re.compile(r"<(\w+)>")
_WORD_OF_SLOT = re.compile(r"\{(\w+)\}")


class Kind(StrEnum):
    """What an outcome measures: it decides how values are compared, scored and drawn."""

    MOMENT = "time of event"
    """Days from H-hour; NaN is never, and counts as later than the campaign's end."""
    DURATION = "duration"
    COUNT = "count"
    DISTANCE = "distance"
    SHARE = "share"
    """From 0 to 1; NaN is a share of nothing."""


class ScoreKind(StrEnum):
    """What outcomes are scored together, on one scale; see `comparison`."""

    DATES = "dates"
    """Times of events, and days that something lasts."""
    PERSONNEL = "personnel"
    MATERIEL = "materiel"
    GROUND = "ground"
    SHARES = "shares"


_SCORE_KINDS = {
    Kind.MOMENT: ScoreKind.DATES,
    Kind.DURATION: ScoreKind.DATES,
    Kind.DISTANCE: ScoreKind.GROUND,
    Kind.SHARE: ScoreKind.SHARES,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A word that a form lists: how figures put it, and how its meaning does (absent: itself)."""

    label: str
    meaning: str | None = None
    headline: bool = False


_CASUALTIES = {
    "killed": Choice("killed", headline=True),
    "wounded": Choice("wounded"),
    "missing": Choice("missing"),
    "captured": Choice("prisoners", "taken prisoner", headline=True),
    "sick": Choice("sick", "fallen sick"),
    "deserted": Choice("deserted"),
    "in-action": Choice(
        "casualties in action",
        "killed, wounded, missing or taken prisoner in action, the sick and capitulations apart",
    ),
    "irrecoverable": Choice("irrecoverable", "killed, missing or taken prisoner"),
    "wounded-and-sick": Choice("wounded and sick", "wounded or fallen sick"),
    "total": Choice(
        "all losses", "killed, wounded, missing, taken prisoner or fallen sick", headline=True
    ),
}
_TANK_CAUSES = {
    "anti-tank-guns": Choice("anti-tank guns"),
    "artillery": Choice("artillery"),
    "infantry-incendiaries": Choice("infantry with incendiaries"),
    "aircraft": Choice("aircraft"),
    "mines-grenades": Choice("mines and grenades"),
}
_QUIT_CAUSES = {
    "encirclement": Choice("encirclement"),
    "penetration": Choice("penetration"),
    "neighbour-gone": Choice("neighbour gone"),
    "surprise": Choice("surprise"),
    "losses": Choice("losses"),
    "no-supply": Choice("no supply"),
    "no-reserves": Choice("no reserves"),
    "order": Choice("order"),
    "surrender": Choice("surrender"),
    "other": Choice("other"),
}
TANK_CAUSES = tuple(_TANK_CAUSES)
"""Causes of tank losses."""
QUIT_CAUSES = tuple(_QUIT_CAUSES)
"""Causes of defeats."""


@dataclass(frozen=True, eq=False)
class Form:
    """One form of name, and what all names of it have in common.

    ``meaning`` (a sentence) and ``label`` (words for a figure) have the slots in braces; a label
    may also say ``{date}``, that of the slot ``day``. ``choices`` are the words of a slot.
    """

    pattern: str
    unit: str
    kind: Kind
    meaning: str
    label: str
    headline: bool = False
    choices: Mapping[str, Mapping[str, Choice]] = field(default_factory=dict)

    def name(self, **slots: object) -> str:
        """Return the name with these slots. Raises ValueError for a word that is no choice."""
        for slot, words in self.choices.items():
            if slots[slot] not in words:
                raise ValueError(f"{self.pattern}: '{slots[slot]}' is none of {', '.join(words)}")
        return _template(self).format_map(slots)

    @property
    def score_kind(self) -> ScoreKind:
        """With which outcomes it is scored."""
        if self.kind is Kind.COUNT:
            return ScoreKind.PERSONNEL if self.unit == "person" else ScoreKind.MATERIEL
        return _SCORE_KINDS[self.kind]

    @property
    def written(self) -> str:
        """The form with each slot of choices as a list of them in braces."""
        text = self.pattern
        for slot, words in self.choices.items():
            text = text.replace(f"<{slot}>", "{" + ",".join(words) + "}")
        return text

    @property
    def meaning_of_any(self) -> str:
        """The meaning with each slot as the pattern writes it."""
        return _WORD_OF_SLOT.sub(r"<\1>", self.meaning)

    @property
    def spelled_out(self) -> list[str]:
        """The form once for each of its choices."""
        texts = [self.pattern]
        for slot, words in self.choices.items():
            texts = [text.replace(f"<{slot}>", word) for text in texts for word in words]
        return texts


@cache
def _template(form: Form) -> str:
    return _SLOT.sub(r"{\1}", form.pattern)


@cache
def _regex(form: Form) -> re.Pattern[str]:
    return re.compile(
        _SLOT.sub(lambda slot: f"(?P<{slot[1]}>{_spelling(slot[1], form.choices)})", form.pattern)
    )


def _spelling(slot: str, choices: Mapping[str, Mapping[str, Choice]] | None = None) -> str:
    """A regular expression for what may stand in a slot."""
    if choices and slot in choices:
        return "|".join(choices[slot])
    return _DAY_NUMBER if slot == "day" else SLUG


def _casualties(*names: str) -> dict[str, dict[str, Choice]]:
    return {"casualty": {name: _CASUALTIES[name] for name in names}}


CAPTURED = Form(
    "captured/<place>", "day", Kind.MOMENT,
    "days from H-hour until {place} changes hands; NaN: never", "{place} captured", headline=True,
)  # fmt: skip
ADVANCE = Form(
    "advance/<axis>/<day>", "km", Kind.DISTANCE,
    "ground gained along the axis {axis} by the end of day {day}", "{axis}: gained by {date}",
    headline=True,
)  # fmt: skip
PERSONNEL = Form(
    "losses/<side>/personnel/<casualty>", "person", Kind.COUNT, "persons {casualty}, {side}",
    "{side}: {casualty}", headline=True, choices=_casualties(*_CASUALTIES),
)  # fmt: skip
FORMATION_PERSONNEL = Form(
    "losses/<formation>/personnel/<casualty>", "person", Kind.COUNT,
    "persons {casualty}, {formation}", "{formation}: {casualty}",
    choices=_casualties(
        "total", "killed", "in-action", "irrecoverable", "wounded-and-sick", "captured"
    ),
)  # fmt: skip
TANKS = Form(
    "losses/<side>/tanks", "tank", Kind.COUNT, "tanks lost for good, {side}", "{side}: tanks",
    headline=True,
)  # fmt: skip
TANKS_DISABLED = Form(
    "losses/<side>/tanks/disabled", "tank", Kind.COUNT,
    "tanks put out of action, part of which return, {side}", "{side}: tanks, disabled",
)  # fmt: skip
ARMOURED_CARS = Form(
    "losses/<side>/armoured-cars", "armoured-car", Kind.COUNT, "armoured cars lost, {side}",
    "{side}: armoured cars",
)  # fmt: skip
GUNS = Form(
    "losses/<side>/guns", "gun", Kind.COUNT, "guns lost, anti-tank guns among them, {side}",
    "{side}: guns",
)  # fmt: skip
FIELD_GUNS = Form(
    "losses/<side>/field-guns", "gun", Kind.COUNT, "guns lost other than anti-tank guns, {side}",
    "{side}: field guns",
)  # fmt: skip
AIRCRAFT = Form(
    "losses/<side>/aircraft", "aircraft", Kind.COUNT,
    "aircraft lost on sorties or on the ground with their airfield, {side}",
    "{side}: aircraft",
)  # fmt: skip
CRAFT = Form(
    "losses/<side>/craft", "ship", Kind.COUNT,
    "craft that carried troops and were sunk by fire from the shore, {side}; of sides with a lift",
    "{side}: craft",
)  # fmt: skip
TANKS_BY = Form(
    "losses/<side>/tanks/by/<cause>", "share", Kind.SHARE,
    "share by {cause} of the tanks of {side} put out of action; NaN: none",
    "{side}: tanks lost to {cause}", choices={"cause": _TANK_CAUSES},
)  # fmt: skip
BATTLE_PERSONNEL = Form(
    "battle/<battle>/<side>/personnel", "person", Kind.COUNT,
    "persons lost in action in the battle {battle}, {side}", "{battle}, battle: {side}, personnel",
)  # fmt: skip
BATTLE_TANKS = Form(
    "battle/<battle>/<side>/tanks", "tank", Kind.COUNT,
    "tanks put out of action in the battle {battle}, {side}", "{battle}, battle: {side}, tanks",
)  # fmt: skip
ENCIRCLED = Form(
    "encircled/<formation>", "day", Kind.MOMENT,
    "days from H-hour until {formation} is cut off; NaN: never", "{formation} encircled",
)  # fmt: skip
SURRENDERED = Form(
    "surrendered/<formation>", "day", Kind.MOMENT,
    "days from H-hour until {formation} gives itself up; NaN: never", "{formation} surrendered",
)  # fmt: skip
HALTED = Form(
    "halted/<axis>/fuel", "day", Kind.DURATION,
    "days that {axis} stands halted for want of fuel", "{axis}: halted for fuel",
)  # fmt: skip
QUIT = Form(
    "quit/<cause>", "share", Kind.SHARE, "share of defeats by the cause {cause}; NaN: no defeat",
    "Defeats by {cause}", choices={"cause": _QUIT_CAUSES},
)  # fmt: skip

FORMS = (
    CAPTURED, ADVANCE, PERSONNEL, TANKS, TANKS_DISABLED, ARMOURED_CARS, GUNS, FIELD_GUNS, AIRCRAFT,
    CRAFT, TANKS_BY, FORMATION_PERSONNEL, BATTLE_PERSONNEL, BATTLE_TANKS, ENCIRCLED, SURRENDERED,
    HALTED, QUIT,
)  # fmt: skip
"""Every form of outcome, one value a replication."""

STRENGTH = Form(
    "strength/<side>/personnel", "person", Kind.COUNT, "persons present, {side}",
    "{side}: personnel",
)  # fmt: skip
TANK_STRENGTH = Form(
    "strength/<side>/tanks", "tank", Kind.COUNT, "tanks fit for action, {side}", "{side}: tanks"
)
# A series of losses has the name of the outcome that it comes to at the campaign's end.
LOST = replace(
    PERSONNEL, meaning="persons {casualty} so far, {side}",
    choices=_casualties("total", "killed", "captured"),
)  # fmt: skip
TANKS_LOST = replace(TANKS, meaning="tanks lost for good so far, {side}")
FRONT = Form(
    "front/<axis>", "km", Kind.DISTANCE, "ground gained along the axis {axis}", "{axis}: front"
)

SERIES = (STRENGTH, TANK_STRENGTH, LOST, TANKS_LOST, FRONT)
"""Every form of daily series, one value a replication and day."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A name taken apart: its form, what stands in each slot, and its phase (empty: none)."""

    form: Form
    slots: Mapping[str, str]
    phase: str = ""

    @property
    def meaning(self) -> str:
        """What the value is, in a sentence."""
        words = dict(self.slots)
        for slot, choices in self.form.choices.items():
            words[slot] = choices[words[slot]].meaning or words[slot]
        meaning = self.form.meaning.format_map(words)
        return f"{meaning}; within the phase {self.phase}" if self.phase else meaning

    def label(self, called: Callable[[str], str], date_of_day: Callable[[int], str]) -> str:
        """Return words short enough to stand beside a row of a figure.

        ``called`` tells what a place, a side or the like of that id is called, ``date_of_day``
        how the date of a calendar day is written.
        """
        words: dict[str, str] = {}
        for slot, word in self.slots.items():
            if slot == "day":
                words["date"] = date_of_day(int(word))
            elif slot in self.form.choices:
                words[slot] = self.form.choices[slot][word].label
            else:
                words[slot] = called(word)
        label = self.form.label.format_map(words)
        return f"{called(self.phase)}: {label}" if self.phase else label

    def fits(self, ids: Mapping[str, Collection[str]]) -> bool:
        """Whether it is of no phase, and each slot that ``ids`` has holds one of its ids."""
        return not self.phase and all(
            word in ids[slot] for slot, word in self.slots.items() if slot in ids
        )

    @property
    def headline(self) -> bool:
        """Whether the form and all its choices may tell a campaign's result."""
        chosen = (words[self.slots[slot]] for slot, words in self.form.choices.items())
        return self.form.headline and all(choice.headline for choice in chosen)


def parse(name: str, forms: Iterable[Form] = FORMS) -> Parsed | None:
    """Take the name of an outcome apart, or None if it is of none of the ``forms``.

    Of two forms that fit it is the first: a side's losses, where a formation's would fit too.
    """
    phase, inner = split_phase(name)
    for form in forms:
        match = _regex(form).fullmatch(inner)
        if match is not None:
            return Parsed(form, match.groupdict(), phase)
    return None


def split_phase(name: str) -> tuple[str, str]:
    """Return the phase of a name, empty if it has none, and what is left without it."""
    found = _OF_PHASE.fullmatch(name)
    return (found[1], found[2]) if found else ("", name)


def of_phase(phase: str, name: str) -> str:
    """Return the name of an outcome within a phase; the name itself for no phase."""
    return f"{PHASE}/{phase}/{name}" if phase else name


def describe(name: str, forms: Iterable[Form] = FORMS) -> tuple[str, str]:
    """Return unit and meaning of an outcome; both empty for a name of none of the ``forms``."""
    found = parse(name, forms)
    return ("", "") if found is None else (found.form.unit, found.meaning)


def is_moment(name: str) -> bool:
    """Whether an outcome is the time of an event, of which NaN means never."""
    found = parse(name)
    return found is not None and found.form.kind is Kind.MOMENT


def is_amount(name: str) -> bool:
    """Whether an outcome or series is always a number: no moment, nor a share of nothing."""
    found = parse(name) or parse(name, SERIES)
    return found is not None and found.form.kind not in (Kind.MOMENT, Kind.SHARE)


def headlines(names: Iterable[str], ids: Mapping[str, Collection[str]]) -> list[str]:
    """Return those of ``names`` by which a campaign is judged.

    These are the headline forms for the ``ids`` by slot: every ``side``, as ``place`` the
    objectives, and as ``day`` the last.
    """
    found = ((name, parse(name)) for name in names)
    return [name for name, told in found if told and told.headline and told.fits(ids)]


def closest(name: str, names: Iterable[str]) -> str | None:
    """Return that one of ``names`` which ``name`` probably means, of its own kind; else None."""
    first, phased = _kind_of(name)
    return nearest(name, [other for other in names if _kind_of(other) == (first, phased)])


def _kind_of(name: str) -> tuple[str, bool]:
    """The first word of a name, its phase left out, and whether it has one."""
    phase, inner = split_phase(name)
    return inner.partition("/")[0], bool(phase)


def allowed_in_place_of(name: str) -> str:
    """Return what a name that no form fits may be instead.

    The text has the forms that begin as the name does, each with its meaning, or else all forms.
    """
    first = _kind_of(name)[0]
    alike = [form for form in FORMS if form.pattern.partition("/")[0] == first]
    told = [f"{form.written} ({form.meaning_of_any})" for form in alike]
    return ", ".join(told or [form.written for form in FORMS])


def nearest_name(name: str) -> str | None:
    """Return the listed name that a misspelt one probably stands for, its own ids kept."""
    phase, name = split_phase(name)
    if phase:
        inner = nearest_name(name)
        return None if inner is None else of_phase(phase, inner)
    parts = name.split("/")
    names = [_filled(text, parts) for form in FORMS for text in form.spelled_out]
    head, _, last = name.rpartition("/")
    beside = [other.rpartition("/")[2] for other in names if other.rpartition("/")[0] == head]
    close = nearest(last, beside)
    if close is not None:
        return f"{head}/{close}"
    # A part too many, else the nearest of all.
    return head if head in names else nearest(name, names)


def _filled(text: str, parts: Sequence[str]) -> str:
    """A form spelled out, with a name's own parts in its slots where they can stand there."""
    words = text.split("/")
    own = zip_longest(words, parts[: len(words)], fillvalue="")
    return "/".join(
        part if word.startswith("<") and re.fullmatch(_spelling(word[1:-1]), part) else word
        for word, part in own
    )


def name_pattern() -> str:
    """Return a regular expression for the names of all outcomes, as JSON Schema writes them."""

    def spelling(form: Form) -> str:
        return _SLOT.sub(lambda slot: f"(?:{_spelling(slot[1], form.choices)})", form.pattern)

    return f"^(?:{PHASE}/{SLUG}/)?(?:{'|'.join(map(spelling, FORMS))})$"
