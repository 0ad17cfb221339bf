"""The ground under a campaign's map: a GeoJSON file, shipped or the scenario's own, checked."""

from __future__ import annotations

import gzip
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from sandtable.errors import InputError
from sandtable.files import read_bounded
from sandtable.scenario.findings import NOTHING, Findings, shown
from sandtable.scenario.schema import Document, MapTable, PlaceTable, Text
from sandtable.scenario.validate import validated
from sandtable.shipped import geography_root
from sandtable.vocabulary import MapLayer

MAX_BYTES = 5_000_000
EXTENTS = {"northeast-asia": (104.0, 34.0, 160.0, 57.0)}
"""West, south, east and north, in degrees, of each shipped map that is not of the whole earth."""
AREAS = ("land", "lake", "dunes")
"""Layers that are polygons; those of all others are lines."""
# Levels of lists above a line or ring, by type of geometry.
_AREA_DEPTHS = {"Polygon": 1, "MultiPolygon": 2}
_LINE_DEPTHS = {"LineString": 0, "MultiLineString": 1}


class Properties(Document):
    """The properties of a feature that a map is drawn by; others are free."""

    model_config = ConfigDict(extra="ignore")

    layer: MapLayer
    name: str = ""
    source: Text
    schematic: bool = False
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a map, and its lines or the rings of its areas.

    Each line has shape (n, 2): longitude and latitude in degrees, WGS 84. A ``rank`` of 0 is for
    the foremost of a layer.
    """

    properties: Properties
    lines: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """The features of a map; ``scale`` is its scale's denominator, None if it tells none."""

    features: tuple[Feature, ...]
    scale: float | None = None


def ground_file(table: MapTable, scenario: Path) -> Path | None:
    """Return the file with the ground of a scenario's map; None if it has none.

    ``scenario`` is the scenario's file or folder.
    """
    if table.file is not None:
        return (scenario if scenario.is_dir() else scenario.parent) / table.file
    base = table.base or "world"
    return None if base == "none" else geography_root() / f"{base}.geojson.gz"


def check_ground(
    table: MapTable, scenario: Path, places: Sequence[PlaceTable], findings: Findings
) -> None:
    """Note every fault of the scenario's own map, and one on which none of its places lies."""
    if table.file is None:
        if table.base in EXTENTS:
            _check_places(EXTENTS[table.base], "map.base", places, findings)
        return
    if table.base is not None:
        findings.add("map", "both base and file", "one of the two")
    folder = scenario if scenario.is_dir() else scenario.parent
    path = folder / table.file
    try:
        # A scenario is moved and copied as a whole: no way out of its folder, not even back in.
        plain = not Path(table.file).is_absolute() and ".." not in Path(table.file).parts
        inside = plain and path.resolve().is_relative_to(folder.resolve())
        there = path.is_file()
    except (OSError, RuntimeError, ValueError):
        # A name that no file can have, or links that lead in a circle.
        inside, there = True, False
    if not (inside and there):
        found = shown(table.file) + (", no such file" if inside else "")
        findings.add("map.file", found, "a GeoJSON file inside the scenario's folder")
        return
    inner = Findings(str(path))
    ground = read_ground(path, inner)
    for problem in inner.problems:
        findings.note(problem)
    if inner.problems:
        return
    points = np.concatenate([line for feature in ground.features for line in feature.lines])
    extent = (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
    _check_places(extent, "map.file", places, findings)


def _check_places(
    extent: tuple[float, ...], key: str, places: Sequence[PlaceTable], findings: Findings
) -> None:
    west, south, east, north = extent
    on_it = [west <= place.lon <= east and south <= place.lat <= north for place in places]
    if on_it and not any(on_it):
        found = f"a map of longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"
        findings.add(key, found, "a map on which a place of the scenario lies")


def read_ground(path: Path, findings: Findings) -> Ground:
    """Read a GeoJSON file of at most MAX_BYTES, compressed if its name ends in ``.gz``.

    Faults go to ``findings``; what comes back is only good if there are none.
    """
    data = _read_json(path, findings)
    if data is None:
        return Ground(())
    collection = isinstance(data, dict) and data.get("type") == "FeatureCollection"
    listed = data.get("features") if collection else None
    if not isinstance(listed, list) or not listed:
        findings.add("file", shown(data), "a FeatureCollection of at least one feature")
        return Ground(())
    read = [_feature(item, f"features[{i}]", findings) for i, item in enumerate(listed, start=1)]
    scale = data.get("scale")
    if scale is not None and (not isinstance(scale, int | float) or not 0 < scale < math.inf):
        findings.add("scale", shown(scale), "the denominator of the map's scale, above 0")
    return Ground(tuple(feature for feature in read if feature), scale)


def _read_json(path: Path, findings: Findings) -> Any:
    """Return what a file holds, or None with its fault noted."""
    try:
        packed = io.BytesIO(read_bounded(path, MAX_BYTES, "a GeoJSON file"))
        with gzip.open(packed) if path.suffix == ".gz" else packed as stream:
            text = stream.read(MAX_BYTES + 1)
        if len(text) <= MAX_BYTES:
            return json.loads(text)
        limit = f"{MAX_BYTES / 1e6:g} MB"
        findings.add("file", f"more than {limit}", f"at most {limit}")
    except InputError as error:
        for problem in error.problems:
            findings.note(problem)
    except (OSError, EOFError) as error:
        findings.add("file", str(error), "a readable file")
    except (ValueError, RecursionError) as error:
        findings.add("file", f"broken JSON: {error}", "GeoJSON")
    return None


def _feature(item: Any, key: str, findings: Findings) -> Feature | None:
    """Return a feature, or None with its faults noted."""
    parts = item if isinstance(item, dict) else {}
    given, geometry = parts.get("properties"), parts.get("geometry")
    if not isinstance(given, dict) or not isinstance(geometry, dict):
        findings.add(key, shown(item), "a feature with properties and a geometry")
        return None
    properties = validated(Properties, given, f"{key}.properties", findings)
    lines = _geometry(geometry, given.get("layer"), f"{key}.geometry", findings)
    return Feature(properties, lines) if isinstance(properties, Properties) and lines else None


def _geometry(
    geometry: dict[str, Any], layer: object, key: str, findings: Findings
) -> tuple[NDArray[np.float64], ...]:
    """Return the lines or rings of a geometry that its layer may hold; faulty ones are noted."""
    depths = _LINE_DEPTHS | _AREA_DEPTHS
    if layer in get_args(MapLayer):
        depths = _AREA_DEPTHS if layer in AREAS else _LINE_DEPTHS
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in depths:
        allowed = "one of " + ", ".join(depths)
        findings.add(f"{key}.type", shown(kind), allowed, name=kind, names=depths)
        return ()
    lines = [_positions(value) for value in _nested(geometry.get("coordinates"), depths[kind])]
    if not lines:
        findings.add(f"{key}.coordinates", NOTHING, "a line or ring")
    for number, points in enumerate(lines, start=1):
        fault = _fault(points, ring=kind in _AREA_DEPTHS)
        if fault is not None:
            findings.add(f"{key}.coordinates, line {number}", *fault)
    return tuple(lines)


def _nested(value: Any, depth: int) -> Iterator[Any]:
    """Yield what stands ``depth`` lists deep; None for what isn't a list."""
    if depth == 0:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _nested(part, depth - 1)
    else:
        yield None


def _positions(value: Any) -> NDArray[np.float64]:
    """Return positions as an array of shape (n, 2); an empty one for anything else."""
    try:
        points = np.array(value)
    except ValueError:
        points = np.array([])
    if points.dtype.kind not in "iuf" or points.ndim != 2 or points.shape[1] not in (2, 3):
        return np.empty((0, 2))
    return np.asarray(points[:, :2], dtype=np.float64)


def _fault(points: NDArray[np.float64], *, ring: bool) -> tuple[str, str] | None:
    """Say what is found and what is allowed where a line or ring isn't sound."""
    least, kind = (4, "ring") if ring else (2, "line")
    if len(points) == 0:
        return "no list of positions", "positions [longitude, latitude] in degrees"
    if len(points) < least:
        return f"a {kind} of {len(points)} positions", f"{least} or more"
    outside = ~(np.abs(points) <= (180.0, 90.0)).all(axis=1)
    if outside.any():
        found = shown(points[outside][0].tolist())
        return found, "longitude from -180 to 180, latitude from -90 to 90"
    if ring and (points[0] != points[-1]).any():
        return "a ring left open", "a ring that ends where it began"
    return None
