"""An order of battle of ORBAT Mapper as a scenario to be filled in.

Sides, formations, parents, echelons, types, places and counts are the file's. What it does not
say is an assumption whose reason begins with ``to be filled in``: wide enough for anything of its
kind. Ground and movements are not in such a file: the legs and the one axis that are written only
make the scenario whole, so that it loads.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sandtable.export.orbat_mapper import EQUIPMENT
from sandtable.export.orbat_mapper_file import FileSide, FileUnit, OrbatFile
from sandtable.outcomes import SLUG
from sandtable.scenario.plausibility import MEN
from sandtable.symbols import IDENTITIES, Reading, read_sidc
from sandtable.vocabulary import Coalition, Echelon, FormationType

TO_FILL_IN = "to be filled in: "
"""Begins the reason of each assumption that stands for something unknown."""
_ROUND = 3
"""Digits of degrees within which two locations are one place: about 100 m."""
_COUNTS = {name.casefold(): count for name, count in EQUIPMENT.items()} | {
    name.casefold().removesuffix("s"): count for name, count in EQUIPMENT.items()
}
_RETURN = "a return of losses"
_LOSSES = {"killed": (0.15, 0.35), "captured": (0.0, 0.1), "missing": (0.0, 0.1)}
"""Shares of battle casualties in most armies."""
_AS_LARGE: Mapping[Echelon, Echelon] = {
    "theatre": "army", "front": "army", "area-army": "army", "group": "corps",
    "detachment": "battalion",
}  # fmt: skip
_COALITIONS: Mapping[str, Coalition] = {
    **{digit: coalition for coalition, digit in IDENTITIES.items()},  # type: ignore[misc]
    "2": "defender", "5": "attacker",
}  # fmt: skip

_Spot = tuple[float, float, Coalition]
"""Longitude, latitude, and who has it."""


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity: its range, the reason, and what would replace it (empty: it is the file's)."""

    low: float
    high: float
    because: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class NewSide:
    """A side of the scenario, with how its losses divide."""

    id: str
    name: str
    coalition: Coalition
    losses: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place where units stand, and whose the first of them is."""

    id: str
    name: str
    lon: float
    lat: float
    owner: str


@dataclass(frozen=True, slots=True)
class NewFormation:
    """A formation of the scenario; a headquarters has neither a place nor counts."""

    id: str
    name: str
    side: str
    type: FormationType
    echelon: Echelon
    parent: str | None
    start: str | None
    counts: Mapping[str, Count]


@dataclass
class Imported:
    """What a file comes to, and in ``left_out`` a sentence for each thing that it does not."""

    file: OrbatFile
    sides: list[NewSide] = field(default_factory=list)
    places: list[NewPlace] = field(default_factory=list)
    formations: list[NewFormation] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def to_fill_in(self) -> int:
        """How many quantities are to be filled in."""
        tables = [*(f.counts for f in self.formations), *(side.losses for side in self.sides)]
        return sum(bool(count.until) for table in tables for count in table.values())

    @cached_property
    def coalition_of(self) -> dict[str, Coalition]:
        """Coalitions by side."""
        return {side.id: side.coalition for side in self.sides}


def imported(file: OrbatFile) -> Imported:
    """Return what a file comes to as a scenario."""
    return _Import(file).whole()


class _Import:
    """Turns one file into a scenario's entries, and notes what it leaves out."""

    def __init__(self, file: OrbatFile) -> None:
        self._file = file
        self._result = Imported(file)
        self._ids: set[str] = {"both"}
        self._read = {unit.id: reading for unit in file.units if (reading := read_sidc(unit.sidc))}
        self._by_id = {unit.id: unit for unit in file.units}
        self._units = [unit for unit in file.units if unit.id in self._read]
        self._new_sides: dict[str, NewSide] = {}
        self._new_ids: dict[str, str] = {}

    def whole(self) -> Imported:
        """Return all of it."""
        self._sides()
        self._new_ids = {unit.id: self._new_id(unit.id, unit.name) for unit in self._units}
        places = self._places()
        for unit in self._units:
            self._formation(unit, places)
        self._note_the_rest()
        return self._result

    # --- sides -----------------------------------------------------------------------------------

    def _sides(self) -> None:
        given = {_COALITIONS.get(side.identity) for side in self._file.sides} - {None}
        for number, side in enumerate(self._file.sides):
            coalition = _COALITIONS.get(side.identity) if len(given) == 2 else None
            told = f"standard identity {side.identity or 'none'}"
            why = f"by its {told}"
            if coalition is None:
                # A scenario has two coalitions; nothing in the file tells them apart.
                coalition = "defender" if number or len(given) == 2 else "attacker"
                why = f"for want of anything that tells ({told})"
            losses = {
                name: Count(*ends, f"{TO_FILL_IN}share of the casualties {name}", _RETURN)
                for name, ends in _LOSSES.items()
            }
            new = NewSide(self._new_id(side.id, side.name), side.name, coalition, losses)
            self._new_sides[side.id] = new
            self._result.sides.append(new)
            self._note(f"side {side.name}: taken as the {coalition} {why}")
            self._note_groups(side)

    def _note_groups(self, side: FileSide) -> None:
        if len(side.groups) > 1:
            self._note(f"groups of the side {side.name}: {', '.join(side.groups)}")

    # --- places ----------------------------------------------------------------------------------

    def _places(self) -> dict[_Spot, str]:
        """Ids of places, one for each coalition that has units there."""
        found: dict[_Spot, str] = {}
        names = {_rounded(at): name for name, at in reversed(self._file.spots.items())}
        taken: set[str] = set()
        for unit in self._units:
            spot = self._spot(unit)
            if spot is None or spot in found:
                continue
            lon, lat, _ = spot
            name = names.get((lon, lat), f"At {unit.name}")
            id = found[spot] = _unique(_slug(name), taken)
            owner = self._new_sides[unit.side].id
            self._result.places.append(NewPlace(id, name, lon, lat, owner))
        stood = {(lon, lat) for lon, lat, _ in found}
        lost = [name for name, at in self._file.spots.items() if _rounded(at) not in stood]
        if lost:
            self._note(f"points of layers at which no unit stands: {', '.join(lost)}")
        return found

    def _spot(self, unit: FileUnit) -> _Spot | None:
        """Where a unit stands, itself or the first above it that has a location, and for whom.

        None without any, and for headquarters, which stand nowhere.
        """
        chain = (unit, *self._above(unit))
        location = next((one.location for one in chain if one.location is not None), None)
        if location is None or self._type(unit) == "headquarters":
            return None
        return (*_rounded(location), self._new_sides[unit.side].coalition)

    # --- formations ------------------------------------------------------------------------------

    def _formation(self, unit: FileUnit, places: Mapping[_Spot, str]) -> None:
        kind, reading = self._type(unit), self._read[unit.id]
        echelon, spot, parent = self._echelon(unit, reading), self._spot(unit), self._parent(unit)
        headquarters = kind == "headquarters"
        if not reading.exact:
            self._note(f"{self._told(unit)}: SIDC {unit.sidc}, read as {kind}, {echelon}")
        elif headquarters and reading.type != "headquarters":
            self._note(f"{self._told(unit)}: {reading.type}, read as headquarters of those below")
        if headquarters and (unit.personnel or unit.equipment):
            what = ", ".join([*unit.personnel, *unit.equipment])
            self._note(f"{self._told(unit)}: what it holds besides those below it: {what}")
        if not headquarters and spot is None:
            self._note(f"{self._told(unit)}: no location, its own or one above; `start` is missing")
        self._result.formations.append(
            NewFormation(
                id=self._new_ids[unit.id],
                name=unit.name,
                side=self._new_sides[unit.side].id,
                type=kind,
                echelon=echelon,
                parent=None if parent is None else self._new_ids[parent.id],
                start=None if spot is None else places[spot],
                counts={} if headquarters else dict(self._counts(unit, echelon)),
            )
        )

    def _told(self, unit: FileUnit) -> str:
        """A unit as notes call it: names come twice, ids don't."""
        return f"formation.{self._new_ids[unit.id]} ({unit.name})"

    def _type(self, unit: FileUnit) -> FormationType:
        """What stands above others is a headquarters, whatever its symbol."""
        return "headquarters" if unit.id in self._leaders else self._read[unit.id].type

    @cached_property
    def _leaders(self) -> set[str]:
        """Ids of units that stand above others."""
        above = (self._parent(unit) for unit in self._units)
        return {parent.id for parent in above if parent is not None}

    def _parent(self, unit: FileUnit) -> FileUnit | None:
        """The nearest unit above it that is taken over."""
        return next((above for above in self._above(unit) if above.id in self._read), None)

    def _above(self, unit: FileUnit) -> Iterator[FileUnit]:
        """The units above one; where a file is at fault they may lead in a circle."""
        passed = {unit.id}
        above = self._by_id.get(unit.above or "")
        while above is not None and above.id not in passed:
            passed.add(above.id)
            yield above
            above = self._by_id.get(above.above or "")

    def _echelon(self, unit: FileUnit, reading: Reading) -> Echelon:
        """By the sign; front and area army share one, and the name tells them apart."""
        named = [e for e in reading.echelons if e.replace("-", " ") in unit.name.casefold()]
        return next(iter(named or reading.echelons), "detachment")

    def _counts(self, unit: FileUnit, echelon: Echelon) -> Iterator[tuple[str, Count]]:
        source = self._file.called
        if unit.personnel:
            yield "personnel", _given(source, unit.personnel)
        else:
            low, high = MEN[_AS_LARGE.get(echelon, echelon)]
            why = f"{source} has no personnel; from the smallest to the largest {echelon}"
            yield "personnel", Count(low, high, TO_FILL_IN + why, "a strength return")
        held: dict[str, dict[str, float]] = {}
        for name, count in unit.equipment.items():
            key = _COUNTS.get(name.casefold())
            if key is None:
                self._note(f"{self._told(unit)}: equipment {name}, {count:g}")
            else:
                held.setdefault(key, {})[name] = count
        for key, names in held.items():
            yield key, _given(source, names)
        if self._type(unit) != "services":
            why = TO_FILL_IN + "an order of battle does not tell how good its troops are"
            yield "effectiveness", Count(0.5, 1.0, why, "an inspection report")

    # --- the rest --------------------------------------------------------------------------------

    def _note_the_rest(self) -> None:
        for unit in self._file.units:
            if unit.id not in self._read:
                self._note(f"unit {unit.name}: SIDC {unit.sidc or 'none'} is no land unit's")
        moved = sum(unit.states > 1 for unit in self._units)
        if moved:
            self._note(f"states over time but the first, of {moved} units")
        others = Counter(key for unit in self._units for key in unit.other)
        for key, count in sorted(others.items()):
            self._note(f"{key} of {count} units")
        for key, count in sorted(self._file.other.items()):
            self._note(f"{key}: {count}")
        if not self._result.places:
            self._note("no unit has a location: places, legs and an axis are missing")

    def _note(self, text: str) -> None:
        self._result.left_out.append(text)

    def _new_id(self, given: str, name: str) -> str:
        """An id of the scenario: the file's if it is one, else made of the name."""
        wanted = given if re.fullmatch(SLUG, given) and len(given) <= _LONGEST_ID else _slug(name)
        return _unique(wanted, self._ids)


_LONGEST_ID = 60


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:_LONGEST_ID].strip("-") or "unit"


def _unique(wanted: str, taken: set[str]) -> str:
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    taken.add(found)
    return found


def _rounded(at: tuple[float, float]) -> tuple[float, float]:
    return round(at[0], _ROUND), round(at[1], _ROUND)


def _given(source: str, names: Mapping[str, float]) -> Count:
    total = math.fsum(names.values())
    told = ", ".join(f"{name} {count:g}" for name, count in names.items())
    return Count(total, total, f"{source}: {told}"[:500])
