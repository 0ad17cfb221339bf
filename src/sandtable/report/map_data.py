"""What the map is made of, whatever happens on it: sides, places, axes, formations by name."""

from __future__ import annotations

from typing import Any

from sandtable.report.material import Material
from sandtable.report.projection import Projection
from sandtable.report.symbol_data import symbol_id
from sandtable.scenario.resolved import Axis, Formation, Place, ResolvedScenario


def names_block(material: Material) -> dict[str, Any]:
    """Return what is on the map by id: ``sides``, ``places``, ``axes``, ``formations``.

    Places have ``x`` and ``y`` in units of the ground, and a ``rank``: 0 for objectives, 1 for
    those on an axis, 2 for others. An axis has its ``places``, the ``km`` along it of each, the
    planned days of its ``objectives`` and the span of days in which its column marches. A
    formation that is a headquarters stands for those whose ``parent`` it is; ``symbol`` is the id
    of its symbol in the page.
    """
    resolved = material.resolved
    projection = Projection.of(resolved)
    ranks = _ranks(resolved)
    return {
        "sides": {
            side.id: {"name": side.name, "colour": side.colour, "coalition": side.coalition}
            for side in resolved.sides
        },
        "places": {
            place.id: _place(place, ranks.get(place.id, 2), projection) for place in resolved.places
        },
        "axes": {axis.id: _axis(axis, material) for axis in resolved.axes},
        "formations": {f.id: _formation(f, resolved) for f in resolved.formations},
    }


def _ranks(resolved: ResolvedScenario) -> dict[str, int]:
    ranks = {place: 1 for axis in resolved.axes for place in axis.places}
    return ranks | {place: 0 for axis in resolved.axes for place, _ in axis.objectives}


def _place(place: Place, rank: int, projection: Projection) -> dict[str, Any]:
    x, y = projection.at(place.lon, place.lat)
    return {
        "name": place.name, "x": x, "y": y, "kind": place.kind, "side": place.side, "rank": rank,
    }  # fmt: skip


def _axis(axis: Axis, material: Material) -> dict[str, Any]:
    resolved = material.resolved
    spans = [span for span, part in material.parts() if any(own.id == axis.id for own in part.axes)]
    return {
        "name": axis.name,
        "side": resolved.formations_by_id[axis.formations[0]].side,
        "places": list(axis.places),
        "km": [round(km, 2) for km in resolved.km_along(axis)],
        # Without a date for an objective there is no planned day.
        "objectives": [
            [place, None if day != day else round(day, 3)] for place, day in axis.objectives
        ],
        "formations": list(axis.formations),
        "start": round(spans[0].start, 3),
        "end": round(spans[-1].end, 3),
    }


def _formation(formation: Formation, resolved: ResolvedScenario) -> dict[str, Any]:
    return {
        "name": formation.name,
        "side": formation.side,
        "type": formation.type,
        "echelon": formation.echelon,
        "parent": formation.parent,
        "personnel": round(formation.personnel),
        "tanks": round(formation.tanks),
        "guns": round(formation.guns),
        "combatant": formation.combatant,
        "symbol": symbol_id(formation, resolved),
    }
