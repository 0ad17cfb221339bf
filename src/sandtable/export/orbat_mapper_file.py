"""A scenario file of ORBAT Mapper, read within bounds: sides and units, and what else is in it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sandtable.errors import InputError, Problem
from sandtable.export.orbat_mapper import UNDER
from sandtable.files import read_bounded

_MOST_BYTES = 50_000_000
_MOST_UNITS = 5_000
_DEEPEST = 40
_LONGEST = 500
"""Characters of a text that is kept."""
_WANTED = "a scenario of ORBAT Mapper (JSON)"
_KEPT = frozenset({"id", "name", "sidc", "subUnits", "location", "state", "personnel", "equipment"})
_OWN = frozenset(
    {"type", "id", "version", "name", "description", "startTime", "timeZone", "sides", "meta",
     "symbologyStandard", "layerStack", "equipment", "personnel"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileUnit:
    """A unit of the file. ``above`` is the id of the unit over it, also one of another side.

    ``personnel`` and ``equipment`` are counts by kind, ``states`` is the number of its states, and
    ``other`` are the keys that have no counterpart.
    """

    id: str
    name: str
    side: str
    above: str | None
    sidc: str
    location: tuple[float, float] | None
    personnel: Mapping[str, float]
    equipment: Mapping[str, float]
    states: int
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileSide:
    """A side of the file; ``groups`` are the names of its groups, but those under a unit."""

    id: str
    name: str
    identity: str
    groups: tuple[str, ...]


@dataclass(slots=True)
class OrbatFile:
    """What is in the file. ``spots`` are the named points of its layers, longitude and latitude.

    ``other`` counts what has no counterpart in a scenario, by its key.
    """

    path: Path
    name: str
    description: str
    start: datetime
    end: datetime
    sides: list[FileSide] = field(default_factory=list)
    units: list[FileUnit] = field(default_factory=list)
    spots: dict[str, tuple[float, float]] = field(default_factory=dict)
    other: Counter[str] = field(default_factory=Counter)

    @property
    def called(self) -> str:
        """The file's own name, on one line."""
        return text_of(self.path.name)


def read_orbat_file(path: Path) -> OrbatFile:
    """Read a file. Raises InputError with every fault that it has, each by its key."""
    data = _parsed(path)
    reader = _Reader(path, data)
    found = reader.read()
    if reader.problems:
        raise InputError(reader.problems)
    return found


def _parsed(path: Path) -> Mapping[str, Any]:
    content = read_bounded(path, _MOST_BYTES, _WANTED)
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except RecursionError:
        found = "lists and tables too deep in one another"
    except UnicodeDecodeError as error:
        found = f"no UTF-8 at byte {error.start}"
    except json.JSONDecodeError as error:
        found = f"no JSON: {error.msg} in line {error.lineno}, column {error.colno}"
    except ValueError as error:
        found = f"no JSON: {error}"
    else:
        kind = data.get("type") if isinstance(data, dict) else None
        if kind == "ORBAT-mapper" and isinstance(data, dict):
            return data
        found = "an encrypted one" if kind == "ORBAT-mapper-encrypted" else _shown(data)
        raise InputError([Problem(str(path), "type", found, 'type = "ORBAT-mapper"')])
    raise InputError([Problem(str(path), "file", found, _WANTED)])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"a table with the keys {', '.join(map(str, list(value)[:6]))}"[:200] or "no keys"
    return f"a {type(value).__name__}"


class _Reader:
    """Reads one file, and gathers its faults."""

    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self._path, self._data = path, data
        self.problems: list[Problem] = []
        self._seen: set[str] = set()
        self._zone: tzinfo = UTC
        self._latest: datetime | None = None

    def read(self) -> OrbatFile:
        data = self._data
        self._zone = self._time_zone(data.get("timeZone"))
        start = self._moment(data.get("startTime"), "startTime")
        found = OrbatFile(
            self._path, self._text(data, "name", "name"), text_of(data.get("description")), start,
            start,
        )  # fmt: skip
        for key, value in data.items():
            if key not in _OWN and value:
                found.other[text_of(key)] += len(value) if isinstance(value, list) else 1
        for number, side in enumerate(self._items(data, "sides", "sides", needed=True)):
            self._side(side, f"sides[{number}]", found)
        self._layers(data, found)
        for number, event in enumerate(self._items(data, "events", "events")):
            self._note_time(event.get("startTime"), f"events[{number}].startTime")
        if not found.units and not self.problems:
            self._fault("sides", "no unit", "a side with units")
        latest = self._latest or start
        found.end = latest if latest > start else start + timedelta(days=10)
        return found

    # --- sides and units -----------------------------------------------------------------------

    def _side(self, side: Mapping[str, Any], key: str, found: OrbatFile) -> None:
        id = self._id(side, key)
        groups = self._items(side, "groups", f"{key}.groups")
        names = tuple(
            text_of(group.get("name"))
            for group in groups
            if not str(group.get("id", "")).startswith(UNDER)
        )
        identity = text_of(str(side.get("standardIdentity", "")))[:10]
        found.sides.append(FileSide(id, self._text(side, "name", key), identity, names))
        for number, group in enumerate(groups):
            given = str(group.get("id", ""))
            above = given.removeprefix(UNDER) if given.startswith(UNDER) else None
            where = f"{key}.groups[{number}]"
            self._units(group, where, id, above, found)
        self._units(side, key, id, None, found)

    def _units(
        self, holder: Mapping[str, Any], key: str, side: str, above: str | None, found: OrbatFile
    ) -> None:
        """Read all units below a side or group, each before those below it."""
        waiting = self._below(holder, key, above, 0)
        while waiting:
            unit, where, over, depth = waiting.pop()
            if len(found.units) >= _MOST_UNITS:
                self._fault("sides", f"more than {_MOST_UNITS:,} units", "fewer")
                return
            read = self._unit(unit, where, side, over)
            found.units.append(read)
            waiting += self._below(unit, where, read.id, depth + 1)

    def _below(
        self, holder: Mapping[str, Any], key: str, above: str | None, depth: int
    ) -> list[tuple[Mapping[str, Any], str, str | None, int]]:
        """The units directly below, the last first."""
        where = f"{key}.subUnits"
        units = self._items(holder, "subUnits", where)
        if units and depth > _DEEPEST:
            self._fault(where, f"units {depth} deep", f"at most {_DEEPEST}")
            return []
        return [(unit, f"{where}[{n}]", above, depth) for n, unit in enumerate(units)][::-1]

    def _unit(self, unit: Mapping[str, Any], key: str, side: str, above: str | None) -> FileUnit:
        id = self._id(unit, key)
        states = self._items(unit, "state", f"{key}.state")
        for number, state in enumerate(states):
            self._note_time(state.get("t"), f"{key}.state[{number}].t")
        location = self._location(unit, states, key)
        return FileUnit(
            id=id,
            name=text_of(unit.get("name")) or id,
            side=side,
            above=above,
            sidc=text_of(str(unit.get("sidc", "")))[:40],
            location=location,
            personnel=self._held(unit, "personnel", key),
            equipment=self._held(unit, "equipment", key),
            states=len(states),
            other=tuple(
                text_of(name) for name, value in unit.items() if value and name not in _KEPT
            ),
        )

    def _location(
        self, unit: Mapping[str, Any], states: Sequence[Mapping[str, Any]], key: str
    ) -> tuple[float, float] | None:
        """Where it is first: its own location, else that of its first state that has one."""
        given = [(unit.get("location"), f"{key}.location")]
        given += [(s.get("location"), f"{key}.state[{n}].location") for n, s in enumerate(states)]
        for value, where in given:
            if value is not None:
                return self._position(value, where)
        return None

    def _position(self, value: object, key: str) -> tuple[float, float] | None:
        if isinstance(value, list) and len(value) in (2, 3):
            lon, lat = value[0], value[1]
            if _is_number(lon) and _is_number(lat) and abs(lon) <= 180.0 and abs(lat) <= 90.0:
                return float(lon), float(lat)
        self._fault(key, short(value), "longitude (-180 to 180) and latitude (-90 to 90)")
        return None

    def _held(self, unit: Mapping[str, Any], what: str, key: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for number, item in enumerate(self._items(unit, what, f"{key}.{what}")):
            count = item.get("onHand", item.get("count"))
            if not _is_number(count) or not 0 <= count <= 1e8:
                where = f"{key}.{what}[{number}].count"
                self._fault(where, short(count), "a number from 0 to 100,000,000")
                continue
            name = text_of(item.get("name")) or "without a name"
            found[name] = found.get(name, 0.0) + float(count)
        return found

    # --- layers, times, texts ------------------------------------------------------------------

    def _layers(self, data: Mapping[str, Any], found: OrbatFile) -> None:
        for number, layer in enumerate(self._items(data, "layerStack", "layerStack")):
            for item in self._items(layer, "items", f"layerStack[{number}].items"):
                geometry, name = item.get("geometry"), text_of(item.get("name"))
                point = isinstance(geometry, dict) and geometry.get("type") == "Point"
                at = geometry.get("coordinates") if point and isinstance(geometry, dict) else None
                if name and isinstance(at, list) and len(at) > 1 and all(map(_is_number, at)):
                    found.spots.setdefault(name, (float(at[0]), float(at[1])))
                else:
                    found.other["items of layers"] += 1

    def _time_zone(self, name: object) -> tzinfo:
        if not name:
            return UTC
        try:
            return ZoneInfo(str(name))
        except (KeyError, ValueError, OSError):
            self._fault("timeZone", short(name), "a zone by its name, as Europe/Oslo")
            return UTC

    def _note_time(self, value: object, key: str) -> None:
        if value is not None:
            moment = self._moment(value, key)
            self._latest = max(moment, self._latest or moment)

    def _moment(self, value: object, key: str) -> datetime:
        """Read milliseconds since 1970, or ISO 8601, without a zone in that of the file."""
        try:
            if isinstance(value, int | float) and _is_number(value):
                since = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
                return since.astimezone(self._zone)
            moment = datetime.fromisoformat(str(value)[:40])
            return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        except (ValueError, OverflowError):
            found = "none" if value is None else short(value)
            self._fault(key, found, "a time as 1940-04-09T01:00:00+02:00")
            return datetime(2000, 1, 1, tzinfo=UTC)

    def _items(
        self, holder: Mapping[str, Any], name: str, key: str, *, needed: bool = False
    ) -> list[Mapping[str, Any]]:
        value = holder.get(name)
        if value is None and not needed:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._fault(key, "none" if value is None else short(value), "a list of tables")
            return []
        return value

    def _id(self, holder: Mapping[str, Any], key: str) -> str:
        id = str(holder.get("id") or "")[:_LONGEST]
        if not id or id in self._seen:
            found = f"'{id[:60]}', which there is already" if id else "none"
            self._fault(f"{key}.id", found, "an id of its own")
        self._seen.add(id)
        return id

    def _text(self, holder: Mapping[str, Any], name: str, key: str) -> str:
        told = text_of(holder.get(name))
        if not told:
            where = name if key == name else f"{key}.{name}"
            self._fault(where, short(holder.get(name)), "a text")
        return told

    def _fault(self, key: str, found: str, allowed: str) -> None:
        self.problems.append(Problem(str(self._path), key, found, allowed))


def text_of(value: object) -> str:
    """Return a text on one line, without what can't be shown, at most 500 characters of it."""
    if not isinstance(value, str):
        return ""
    told = " ".join("".join(c if c.isprintable() else " " for c in value[:5000]).split())
    return told[:_LONGEST].encode("utf-8", "ignore").decode()


def short(value: object) -> str:
    """Return a value as a message shows it."""
    if value is None:
        return "none"
    return json.dumps(value, default=str)[:60]


def _is_number(value: object) -> bool:
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return whole and math.isfinite(value)  # type: ignore[arg-type]
