"""Key paths and facts in words, as a reader of a scenario would say them."""

from __future__ import annotations

from collections.abc import Mapping

from sandtable.evidence import Fact
from sandtable.scenario.keys import single, tables
from sandtable.scenario.schema import ScenarioFile

# Words of a step of a path that are not its own with blanks in place of underscores.
_STEPS = {
    "antitank_guns": "anti-tank guns",
    "times": "factor",
    "starts": "start",
    "when": "date and hour",
    "planned": "planned date",
    "killed": "share killed",
    "captured": "share taken prisoner",
    "missing": "share missing",
    "sick": "share fallen sick a day",
    "sick_of_wounded": "sick for each wounded",
    "rain": "chance of rain",
    "heeded": "share that obeys",
    "serviceable": "share fit to fly",
}
_ALONE = {"variant": "variant", "without": "mechanism switched off"}
# An air force may have the id of a side or a formation.
_AIR = "air"


def names_of(file: ScenarioFile) -> dict[str, str]:
    """Return the names of a scenario's sides, places, formations and axes by id.

    What stands in brackets is left out.
    """
    named = {axis.id: axis.name for axis in file.axis}
    named |= {formation.id: formation.name for formation in file.formation}
    named |= {place.id: place.name for place in file.place}
    named |= {side.id: side.name or side.id for side in file.side}
    named |= {f"{_AIR}.{air.id or air.side}": air.name for air in file.air if air.name}
    return {id: _short(name) for id, name in named.items()}


def _short(name: str) -> str:
    return name.partition(" (")[0]


def key_in_words(path: str, file: ScenarioFile, unit: str = "") -> str:
    """Return what a key path stands for, as ``107th Division: effectiveness (share)``.

    An id of ``*`` stands for all of its table. The ``unit`` is left out where the words tell it.
    What is no path of a scenario comes back as it is.
    """
    words = _in_words(path, file)
    return words if not unit or unit in words or words.endswith(")") else f"{words} ({unit})"


def _in_words(path: str, file: ScenarioFile) -> str:
    table, *steps = path.split(".")
    if path in _ALONE:
        return _ALONE[path]
    if table not in tables() or not steps:
        return path
    named = names_of(file)
    if table == "axis":
        # An axis may have the id of the formation that leads it.
        named |= {axis.id: _short(axis.name) for axis in file.axis}
    owner = table if single(table) else _owner(table, steps.pop(0), named)
    words = ", ".join(_step(step, named) for step in steps)
    return f"{owner}: {words}" if words else owner


def input_in_words(name: str, file: ScenarioFile, facts: Mapping[str, Fact]) -> str:
    """Return what an uncertain input stands for: a key path, ``fact:`` with ids, or a law's name.

    Facts are told by what the first of them is about, as ``Fui detachment: personnel``.
    """
    kind, colon, rest = name.partition(":")
    if not colon:
        return key_in_words(name, file)
    if kind != "fact":
        return _spaced(name)
    found = next((facts[id] for id in rest.split("+") if id in facts), None)
    if found is None:
        return rest
    subject = names_of(file).get(found.subject, _spaced(found.subject))
    return f"{subject}: {found.quantity.partition(':')[0]}"


def _owner(table: str, id: str, named: Mapping[str, str]) -> str:
    if id == "*":
        return f"every {table}"
    if table == "leg":
        return " to ".join(named.get(end, _spaced(end)) for end in id.split("--"))
    if table == _AIR:
        return named.get(f"{_AIR}.{id}") or f"{named.get(id, id)}, air force"
    return named.get(id) or f"{table} {id}"


def _step(step: str, named: Mapping[str, str]) -> str:
    if step in _STEPS:
        return _STEPS[step]
    if step.endswith("_km"):
        return f"{_spaced(step[:-3])} (km)"
    return named.get(step, _spaced(step))


def _spaced(text: str) -> str:
    return text.replace("-", " ").replace("_", " ")
