"""The ground under a map: coast, lakes, rivers and borders, and a scale of kilometres."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from sandtable.evidence import geography_root
from sandtable.figures.style import SMALL

CREDIT = "Base map: Natural Earth 1:50m (public domain), today's borders."
KM_PER_DEGREE = 111.195
"""Of latitude, on a sphere of radius 6,371 km."""

# Below this many degrees across, the base map is too coarse to say anything true.
SMALLEST_DEGREES = 1.5

_SEA, _LAND, _WATER, _BORDER = "#E3ECF3", "#F8F6F0", "#A9C4DA", "#B0A8A0"


def draw_ground(axes: Axes) -> Axes:
    """Draw coast, lakes, rivers and borders in longitude and latitude; limits stay as they are."""
    axes.set_facecolor(_SEA)
    layers = _layers()
    for layer, colour, edge in (("land", _LAND, "#A0A0A0"), ("lake", _SEA, _WATER)):
        if layer in layers:
            axes.add_patch(
                PathPatch(layers[layer], facecolor=colour, edgecolor=edge, linewidth=0.4, zorder=0)
            )
    for layer, colour, line in (("river", _WATER, "-"), ("border", _BORDER, "--")):
        if layer in layers:
            axes.add_patch(
                PathPatch(
                    layers[layer], fill=False, edgecolor=colour, linewidth=0.9, linestyle=line,
                    zorder=0.5,
                )
            )  # fmt: skip
    return axes


def draw_rivers(axes: Axes, rivers: Iterable[Sequence[tuple[float, float]]]) -> Axes:
    """Draw rivers given as points of longitude and latitude, on ground without a base map."""
    axes.set_facecolor(_LAND)
    lines = [list(river) for river in rivers]
    axes.add_collection(
        LineCollection(lines, colors=_WATER, linewidths=3.5, capstyle="round", zorder=0.5),
        autolim=False,
    )
    return axes


def draw_scale(axes: Axes) -> Axes:
    """Draw a bar of a round number of km at the lower left, true at the middle latitude."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    km_across = (right - left) * KM_PER_DEGREE * math.cos(math.radians((bottom + top) / 2))
    power = 10.0 ** math.floor(math.log10(km_across / 5))
    km = next(f * power for f in (5.0, 2.0, 1.0) if f * power <= km_across / 5)
    share = km / km_across
    axes.plot(
        [0.02, 0.02, 0.02 + share, 0.02 + share],
        [0.028, 0.02, 0.02, 0.028],
        color="black",
        linewidth=1.2,
        transform=axes.transAxes,
        zorder=9,
    )
    axes.text(
        0.02 + share / 2, 0.03, f"{km:g} km", transform=axes.transAxes, ha="center",
        va="bottom", size=SMALL, zorder=9,
    )  # fmt: skip
    return axes


def frame(axes: Axes, lon: Sequence[float], lat: Sequence[float], ratio: float) -> Axes:
    """Set limits that hold the points with a margin, and fill a page ``ratio`` high by wide.

    The projection is equirectangular, true to scale at the middle latitude.
    """
    west, east, south, north = min(lon), max(lon), min(lat), max(lat)
    shrink = math.cos(math.radians((south + north) / 2))
    across = max(east - west, 0.01) * shrink * 1.12
    down = max(north - south, 0.01) * 1.12
    across, down = max(across, down / ratio), max(down, across * ratio)
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    axes.set_xlim(middle_lon - across / shrink / 2, middle_lon + across / shrink / 2)
    axes.set_ylim(middle_lat - down / 2, middle_lat + down / 2)
    axes.set_aspect(1 / shrink, adjustable="box")
    axes.set_xlabel("longitude, degrees east")
    axes.set_ylabel("latitude, degrees north")
    for spine in axes.spines.values():
        spine.set_visible(True)
    axes.apply_aspect()
    return axes


@lru_cache(maxsize=1)
def _layers() -> dict[str, Path]:
    text = (geography_root() / "northeast_asia.geojson").read_text(encoding="utf-8")
    paths: dict[str, list[Path]] = defaultdict(list)
    for feature in json.loads(text)["features"]:
        layer = feature["properties"]["layer"]
        closed = layer in ("land", "lake")
        for line in _lines(feature["geometry"]["coordinates"]):
            points = np.asarray(line, dtype=float)
            # The file repeats points; each costs as much to draw as a new one.
            points = points[np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)]]
            if len(points) > 1:
                paths[layer].append(Path(points, closed=False) if not closed else _ring(points))
    return {layer: Path.make_compound_path(*parts) for layer, parts in paths.items()}


def _ring(points: np.ndarray[Any, np.dtype[np.float64]]) -> Path:
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return Path(points, codes)


def _lines(coordinates: list[Any]) -> Iterator[list[Any]]:
    """Yield every line or ring of coordinates nested to any depth."""
    if isinstance(coordinates[0][0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _lines(part)
