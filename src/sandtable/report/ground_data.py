"""The ground under the map: paths by layer, and names with the points at which they may stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sandtable.figures.base_map import NAMED_RANK, credit, features_shown, load_ground
from sandtable.report.material import Material
from sandtable.report.outlines import cut_area, cut_line, path, thinned
from sandtable.report.projection import ACROSS, Projection
from sandtable.scenario.ground import AREAS, Feature

_SPOTS = 6
"""So many points are kept at which the name of a river may stand."""


def ground_block(material: Material) -> dict[str, Any]:
    """Return the map's size and ground.

    ``layers``: ``layer``, ``schematic``, ``foremost``, ``name`` (of frontiers) and the path ``d``
    of each kind of line or area, those below first. ``names``: ``layer``, ``name``, ``spots``.
    Without land among the layers all is land. ``km`` is that of a unit.
    """
    resolved = material.resolved
    ground = load_ground(material.run.campaign.scenario.ground)
    projection = Projection.of(resolved)
    bounds = projection.bounds
    degrees = max(bounds.east - bounds.west, bounds.north - bounds.south)
    features = features_shown(ground, degrees, borders=resolved.map.borders)
    drawn: dict[tuple[str, bool, bool, str], str] = {}
    for feature in features:
        about = feature.properties
        frontier = about.name if about.layer == "frontier" else ""
        kind = about.layer, about.schematic, about.rank == 0, frontier
        drawn[kind] = drawn.get(kind, "") + "".join(_paths(feature, projection))
    keys = ("layer", "schematic", "foremost", "name", "d")
    return {
        "width": ACROSS,
        "height": projection.height,
        "km": float(f"{projection.km:.6g}"),
        "layers": [dict(zip(keys, (*kind, d), strict=True)) for kind, d in drawn.items() if d],
        "names": [name for feature in features for name in _name(feature, projection)],
        "credit": credit(ground, features),
        "note": resolved.map.note or "",
    }


def _paths(feature: Feature, projection: Projection) -> Iterator[str]:
    for points in feature.lines:
        line = projection.units(points)
        if feature.properties.layer in AREAS:
            ring = cut_area(line, projection.wide)
            if len(ring):
                yield path(thinned(ring), closed=True)
        else:
            yield from (path(thinned(piece)) for piece in cut_line(line, projection.wide))


def _name(feature: Feature, projection: Projection) -> Iterator[dict[str, Any]]:
    """The name of a foremost feature, if it has one, and where on the map it may stand."""
    about = feature.properties
    if not about.name or about.rank > NAMED_RANK or about.layer in ("land", "border", "frontier"):
        return
    lines = [projection.units(line) for line in feature.lines]
    if about.layer in AREAS:
        ring = max(lines, key=len)
        points = (ring.min(axis=0, keepdims=True) + ring.max(axis=0, keepdims=True)) / 2
    else:
        points = np.vstack([(line[1:] + line[:-1]) / 2 for line in lines])
    west, north, east, south = projection.wide
    x, y = points.T
    points = points[(x > west) & (x < east) & (y > north) & (y < south)]
    chosen = points[:: max(1, len(points) // _SPOTS)]
    if len(chosen):
        spots = np.floor(chosen + 0.5).astype(int).tolist()
        yield {"layer": about.layer, "name": about.name, "spots": spots}
