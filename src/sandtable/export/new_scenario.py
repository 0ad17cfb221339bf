"""An imported order of battle written as a scenario file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from sandtable.export.imported import (
    TO_FILL_IN,
    Count,
    Imported,
    NewFormation,
    NewPlace,
    NewSide,
)

_HEAD = """\
# An order of battle, imported from {file}. Sides, formations, parents, echelons, types, places and
# counts are the file's. What it does not say is an assumption that begins "{mark}";
# `sandtable show SCENARIO --quantities` lists them all.
#
# The file has neither ground nor movements. The legs below join all places by the shortest lines,
# and the one axis only makes the scenario whole: replace both, and the sources of supply."""


def scenario_text(result: Imported, name: str) -> str:
    """Return the scenario as TOML, with what is left out in its head."""
    return "\n".join(_lines(result, name)) + "\n"


def _lines(result: Imported, name: str) -> Iterator[str]:
    file = result.file
    yield _HEAD.format(file=file.called, mark=TO_FILL_IN.strip())
    if result.left_out:
        yield "#\n# Not taken over:"
        yield from (f"# - {text}" for text in result.left_out)
    legs = list(_tree(result.places)) if result.places else []
    yield "\n[scenario]"
    yield f"title = {_text(file.name)}"
    yield f"campaign = {_text(name)}"
    summary = file.description or f"Order of battle imported from {file.called}"
    yield f"summary = {_text(summary)}"
    yield f"start = {_moment(file.start)}"
    yield f"end = {_moment(file.end)}"
    for side in result.sides:
        yield from _side(side)
    for place in result.places:
        yield from _place(place)
    for one, other in legs:
        yield f"\n[[leg]]  # {TO_FILL_IN}ground and road"
        yield f'from = "{one.id}"\nto = "{other.id}"\nterrain = "rolling"\nroad = "road"'
    for formation in result.formations:
        yield from _formation(formation)
    yield from _axis(result, _first_way(result, legs))
    yield from _supply(result)


def _side(side: NewSide) -> Iterator[str]:
    yield f'\n[[side]]\nid = "{side.id}"\nname = {_text(side.name)}'
    yield f'coalition = "{side.coalition}"'
    for name, share in side.losses.items():
        yield f"{name} = {_quantity(share)}"


def _place(place: NewPlace) -> Iterator[str]:
    yield f'\n[[place]]\nid = "{place.id}"\nname = {_text(place.name)}'
    yield f"lat = {place.lat}\nlon = {place.lon}"
    yield f'kind = "open-ground"\nowner = "{place.owner}"'


def _formation(formation: NewFormation) -> Iterator[str]:
    yield f'\n[[formation]]\nid = "{formation.id}"\nname = {_text(formation.name)}'
    yield f'side = "{formation.side}"\ntype = "{formation.type}"'
    yield f'echelon = "{formation.echelon}"'
    for key in ("parent", "start"):
        value = getattr(formation, key)
        if value is not None:
            yield f'{key} = "{value}"'
    for name, count in formation.counts.items():
        yield f"{name} = {_quantity(count)}"


def _axis(result: Imported, way: list[str]) -> Iterator[str]:
    coalition = result.coalition_of
    column = [
        f.id
        for f in result.formations
        if way and f.start == way[0] and coalition[f.side] == "attacker" and f.type != "services"
    ]
    if column:
        yield f"\n[[axis]]  # {TO_FILL_IN}who advances, where to"
        yield 'id = "to-be-filled-in"\nname = "To be filled in"'
        yield f"formations = {json.dumps(column)}\nplaces = {json.dumps(way)}"


def _supply(result: Imported) -> Iterator[str]:
    """A source of supply for each coalition: the first place of its own."""
    sides = {side.coalition: side.id for side in reversed(result.sides)}
    for coalition in sorted(sides):
        own = [p for p in result.places if result.coalition_of[p.owner] == coalition]
        if own:
            yield f"\n[[supply]]  # {TO_FILL_IN}where lines of communication begin"
            yield f'place = "{own[0].id}"\nside = "{own[0].owner}"'


def _quantity(count: Count) -> str:
    low, high = f"{count.low:.12g}", f"{count.high:.12g}"
    value = low if low == high else f"[{low}, {high}]"
    until = f", until = {_text(count.until)}" if count.until else ""
    return f"{{ assumed = {value}, because = {_text(count.because)}{until} }}"


def _text(text: str) -> str:
    """A basic string of TOML: JSON's has the same escapes, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _moment(moment: datetime) -> str:
    """A moment to the second; TOML knows no offset of seconds, as local mean times have."""
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0).isoformat()


def _tree(places: Sequence[NewPlace]) -> Iterator[tuple[NewPlace, NewPlace]]:
    """Yield pairs of places that join all of them by the shortest lines together (Prim 1957)."""
    joined = [(math.inf, places[0])] * len(places)
    outside = dict.fromkeys(range(1, len(places)))
    last = 0
    while outside:
        for k in outside:
            apart = _apart(places[last], places[k])
            if apart < joined[k][0]:
                joined[k] = apart, places[last]
        last = min(outside, key=lambda k: joined[k][0])
        del outside[last]
        yield joined[last][1], places[last]


def _apart(a: NewPlace, b: NewPlace) -> float:
    """A measure that grows with the distance, for nearby places and far ones."""
    shrink = math.cos(math.radians((a.lat + b.lat) / 2.0))
    return math.hypot((a.lon - b.lon) * shrink, a.lat - b.lat)


def _first_way(result: Imported, legs: Iterable[tuple[NewPlace, NewPlace]]) -> list[str]:
    """Return ids of places along the legs from an attacker's formation to the nearest defender's.

    Empty if there are no two such places.
    """
    coalition = result.coalition_of
    owners = {place.id: coalition[place.owner] for place in result.places}
    ways: dict[str, list[str]] = {place.id: [] for place in result.places}
    for one, other in legs:
        ways[one.id].append(other.id)
        ways[other.id].append(one.id)
    starts = [f.start for f in result.formations if f.start and coalition[f.side] == "attacker"]
    queue = [[start] for start in dict.fromkeys(starts) if start][:1]
    seen = {way[0] for way in queue}
    for way in queue:
        if owners[way[-1]] == "defender":
            return way
        for there in ways[way[-1]]:
            if there not in seen:
                seen.add(there)
                queue.append([*way, there])
    return []
