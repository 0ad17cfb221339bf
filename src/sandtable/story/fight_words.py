"""What is said of a fight: who met whom with what, how long, at what cost, why it ended."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum, isnan
from typing import TYPE_CHECKING, Any

from sandtable.battle_columns import ABANDONED, AT_BAY, GIVEN_UP, REPULSED, UNFINISHED, WON
from sandtable.engine.events import Event
from sandtable.numerals import figure
from sandtable.story.incident import Telling, part_of_day
from sandtable.story.words import Link, Words, counted, joined, listed, men, numbered, say

if TYPE_CHECKING:
    from sandtable.story.fights import Fight

_POSTURES = {
    "hasty": "a hasty defence", "prepared": "prepared positions", "fortified": "fortifications",
    "delay": "a delaying defence", "withdrawal": "a withdrawing defence",
}  # fmt: skip
_GROUND = {
    "flat": "on flat ground", "rolling": "on rolling ground", "rugged": "on rugged ground",
    "mountain": "in mountains", "desert": "in the desert", "dunes": "in dunes",
    "marsh": "in marsh", "forest": "in forest", "sea": "over water",
}  # fmt: skip
_OBSTACLES = {
    "fordable-river": "across a fordable river", "river": "across a river",
    "great-river": "across a great river", "wire": "through wire", "forest": "through woods",
}  # fmt: skip
CAUSES = {
    "encirclement": "{defence} gave way to encirclement",
    "penetration": "{defence} gave way to a penetration",
    "neighbour-gone": "{defence} gave way with its neighbour gone",
    "surprise": "{defence} gave way to surprise",
    "losses": "{defence} broke under its losses",
    "no-supply": "{defence} gave way for want of supply",
    "no-reserves": "{defence} gave way with no reserves left",
    "order": "{defence} left on orders",
    "surrender": "{defence} gave itself up",
    "other": "{defence} gave way",
}
"""Why a defence ended, by the cause of a defeat."""
ENDS = {
    ABANDONED: "{defence} had nobody left",
    REPULSED: "{attack} was spent and broken off",
    GIVEN_UP: "{attack} was given up",
    AT_BAY: "{defence} stood at bay without a way out",
    UNFINISHED: "{attack} was not decided",
}
"""How a fight ended that was not won, by its decision."""
_AT_ONCE = 1.0 / 24.0


def whole(telling: Telling, fight: Fight) -> tuple[Words, ...]:
    """A fight that ended on the day on which it began."""
    if not fight.small:
        return (*opening(telling, fight), *ending(telling, fight))
    row, names = fight.row, telling.names
    told = say(
        "{who} attacked {place}, held by {defence}{terms}, and took it in {days} ({lost})",
        who=names.forces(fight.attackers), place=names.place(row["place"]),
        defence=names.forces(fight.defenders), terms=f": {_terms(fight)}",
        days=lasted(row["days"]), lost=_lost(row),
    )  # fmt: skip
    fate = _fate(telling, fight)
    return (told, fate) if fate else (told,)


def opening(telling: Telling, fight: Fight) -> tuple[Words, ...]:
    """Who attacks whom, with what, and on what ground."""
    row, names = fight.row, telling.names
    told = say(
        "{who} {verb} {place}, held by {defence}{at_bay}: {terms}",
        who=names.forces(fight.attackers),
        verb=_verb(row),
        place=names.place(row["place"]),
        defence=names.forces(fight.defenders) if fight.defenders else "nobody",
        at_bay=", who had no way out" if fight.fates_of("at bay") else "",
        terms=_terms(fight),
    )
    gone = fight.fates_of("deserted")
    if not gone:
        return (told,)
    who = names.forces([event.formation for event in gone])
    count = men(fsum(float(event.details["men"]) for event in gone))
    return told, joined("at first contact ", count, " left ", who)


def _verb(row: Mapping[str, Any]) -> str:
    column = next(iter(row["columns"]), "")
    if column.startswith(("counterattack/", "relief/")):
        return "counterattacked at"
    return "assaulted" if row["name"].startswith("siege/") else "attacked"


def _terms(fight: Fight) -> str:
    """Men and tanks of both sides, their ratio, the defence's posture and the ground."""
    terms, row = fight.terms, fight.row
    ours = _force(terms.get("attackers", row["attacker_committed"]), terms.get("attacker_tanks"))
    theirs = _force(terms.get("defenders", row["defender_committed"]), terms.get("defender_tanks"))
    told = [f"{ours} against {theirs}"]
    if not isnan(row["ratio"]):
        told.append(f"{figure(row['ratio'])} to 1 in strength")
    if fight.small:
        return ", ".join(told)
    posture = _POSTURES.get(str(terms.get("posture")), "")
    ground = _GROUND.get(str(terms.get("terrain")), "")
    obstacle = _OBSTACLES.get(str(terms.get("obstacle")), "")
    where = " ".join(filter(None, (posture and f"against {posture}", ground, obstacle)))
    return ", ".join(filter(None, (*told, where)))


def _force(persons: float | str, tanks: float | str | None) -> str:
    told = men(float(persons))
    if tanks is not None and round(float(tanks)):
        told += f" with {counted(float(tanks), 'tank')}"
    return told


def ending(telling: Telling, fight: Fight, *, apart: bool = False) -> tuple[Words, ...]:
    """How a fight ended, at what cost, what became of the defence, and what it opened.

    ``apart``: told on another day than its beginning, so that the place has to be named.
    """
    row = fight.row
    place = telling.names.place(row["place"])
    why = CAUSES.get(row["cause"], CAUSES["other"]) if row["decision"] == WON else (
        ENDS[row["decision"]]
    )  # fmt: skip
    why_words = say(
        why,
        defence=joined("the defence of ", place) if apart else "the defence",
        attack=joined("the attack on ", place) if apart else "the attack",
    )
    after = f" after {lasted(row['days'])}"
    fate = _fate(telling, fight)
    if fight.small:
        told = joined(why_words, after, f" ({_lost(row)})")
        rest = listed(
            ([fate] if fate else []) + ([joined(place, " fell")] if fight.captured else [])
        )
        return (joined(told, "; ", rest) if rest else told,)
    ground = row["ground"] if row["decision"] in (REPULSED, GIVEN_UP) else 0.0
    came = f", {figure(ground)} km from where it began" if ground >= _GROUND_TOLD else ""
    told = joined(why_words, after, came, f"; it cost {_cost(row)}")
    return (told, *([fate] if fate else []), *_gain(telling, fight))


_GROUND_TOLD = 0.1
"""Kilometres from which the ground gained by an attack that failed is told."""


def _cost(row: Mapping[str, Any]) -> str:
    ours, theirs = row["attacker_casualties"], row["defender_casualties"]
    return f"the attackers {men(ours)}, the defenders {figure(round(theirs))}"


def _lost(row: Mapping[str, Any]) -> str:
    ours, theirs = row["attacker_casualties"], row["defender_casualties"]
    return f"{men(ours)} lost against {figure(round(theirs))}"


def unfinished(fight: Fight) -> Words:
    """What a fight had cost when the campaign ended."""
    return (f"the end came before a decision; by then it had cost {_cost(fight.row)}",)


def _fate(telling: Telling, fight: Fight) -> Words:
    """What became of formations with the end of a fight."""
    names = telling.names
    told: list[Words] = []
    for kind, verb in (("destroyed", "destroyed"), ("surrendered", "taken prisoner")):
        if events := fight.fates_of(kind):
            ids = [event.formation for event in events]
            told.append(joined(names.forces(ids), f" {names.be(ids)} {verb}"))
    back: dict[str, list[str]] = {}
    for event in fight.fates_of("withdraws"):
        back.setdefault(fight.fell_back.get(event.formation, ""), []).append(event.formation)
    for place, ids in back.items():
        to: Words = joined(" to ", names.place(place)) if place else ()
        told.append(joined(names.forces(ids), " fell back", to))
    return listed(told) if told else ()


def _gain(telling: Telling, fight: Fight) -> list[Words]:
    """The place that was taken, and where the way from it leads."""
    event = fight.captured
    if event is None:
        return []
    late = event.day - fight.row["end"]
    when = "at once" if late < _AT_ONCE else part_of_day(telling.moment(event.day))
    way = _next_place(telling, event)
    to: Words = joined(", and the way to ", way, " was open") if way else ()
    return [joined(telling.names.place(event.place), f" fell {when}", to)]


def _next_place(telling: Telling, event: Event) -> Link | None:
    axis = telling.names.axes.get(event.axis)
    if axis is None or event.place not in axis.places[:-1]:
        return None
    return telling.names.place(axis.places[axis.places.index(event.place) + 1])


def lasted(days: float) -> str:
    """How long something lasted: hours within a day, else days."""
    hours = round(days * 24.0)
    if hours < 1:
        return "less than an hour"
    return counted(hours, "hour") if hours < 24 else counted_days(days)


def counted_days(days: float) -> str:
    """Days as a number with its noun."""
    return f"{figure(days)} day{'' if figure(days) == '1' else 's'}"


def battle(telling: Telling, row: Mapping[str, Any], fights: int) -> Words:
    """What a battle of several fights had come to when it ended."""
    kind, _, place = row["name"].partition("/")
    siege = kind == "siege" and place
    army: Words = (
        joined("the garrison of ", telling.names.place(place)) if siege
        else (telling.names.formation(row["name"]),)
    )  # fmt: skip
    return say(
        "with that the battle against {army} ended after {days} and {fights}: in all it cost "
        "{cost}",
        army=army, days=lasted(row["days"]), fights=numbered(fights, "fight"), cost=_cost(row),
    )  # fmt: skip
