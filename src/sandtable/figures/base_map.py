"""The ground under a map: coast, lakes, rivers, dunes and frontiers, and a scale of kilometres."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from sandtable.figures.labels import Label
from sandtable.figures.text import SMALL
from sandtable.scenario.findings import Findings
from sandtable.scenario.ground import AREAS, Feature, Ground, read_ground

KM_PER_DEGREE = 111.195
"""Of latitude, on a sphere of radius 6,371 km."""

# Below so many degrees across, a map at 1:50m says nothing true; other scales in proportion.
SMALLEST_DEGREES = 1.5
# A feature of this rank or above is left out of a map one degree across, one lower for each
# doubling: some thirty degrees have room for rank 7.
_LOWEST_RANK = 12.0

_SEA, _LAND, _WATER = "#E3ECF3", "#F8F6F0", "#A9C4DA"
_BORDER, _FRONTIER, _SAND = "#B0A8A0", "#6B2C5E", "#F4EBD5"
_NAME_COLOURS = {"river": "#3F6F94", "lake": "#3F6F94", "dunes": "#7D6231"}
_STYLES: dict[str, dict[str, Any]] = {
    "land": {"facecolor": _LAND, "edgecolor": "#A0A0A0", "linewidth": 0.4, "zorder": 0.0},
    "lake": {"facecolor": _SEA, "edgecolor": _WATER, "linewidth": 0.4, "zorder": 0.2},
    "dunes": {
        "facecolor": _SAND,
        "edgecolor": "#C9B07A",
        "linewidth": 0.8,
        "zorder": 0.3,
        "hatch": "..",
    },
    "river": {"fill": False, "edgecolor": _WATER, "linewidth": 0.9, "zorder": 0.5},
    "border": {
        "fill": False,
        "edgecolor": _BORDER,
        "linewidth": 0.9,
        "zorder": 0.5,
        "linestyle": "--",
    },
}
_BROKEN = (0.0, (3.0, 1.6))
# What is of this rank or above is named: everything on a map of one's own, unless it says less.
NAMED_RANK = 1
# Lines of frontiers, one after the other: dash and dot, dots, long dashes.
_FRONTIER_LINES = ((0.0, (7.0, 2.0, 1.5, 2.0)), (0.0, (1.2, 1.6)), (0.0, (10.0, 3.0)))


class Bounds(NamedTuple):
    """The limits of a map, in degrees."""

    west: float
    east: float
    south: float
    north: float

    @classmethod
    def of(cls, lon: Sequence[float], lat: Sequence[float], ratio: float) -> Bounds:
        """Return limits that hold points with a margin, of a frame ``ratio`` high by wide."""
        west, east, south, north = min(lon), max(lon), min(lat), max(lat)
        shrink = math.cos(math.radians((south + north) / 2))
        across = max(east - west, 0.01) * shrink * 1.12
        down = max(north - south, 0.01) * 1.12
        across, down = max(across, down / ratio), max(down, across * ratio)
        x, y, half = (west + east) / 2, (south + north) / 2, across / shrink / 2
        return cls(x - half, x + half, y - down / 2, y + down / 2)

    @property
    def shrink(self) -> float:
        """Length of a degree of longitude by one of latitude, in the middle."""
        return math.cos(math.radians((self.south + self.north) / 2))

    def hold(self, lon: float, lat: float) -> bool:
        """Say whether a point lies inside."""
        return self.west < lon < self.east and self.south < lat < self.north

    def meet(self, line: NDArray[np.float64]) -> bool:
        """Say whether a line or a ring reaches inside."""
        (left, low), (right, high) = line.min(axis=0), line.max(axis=0)
        return bool(
            left < self.east and right > self.west and low < self.north and high > self.south
        )


def load_ground(path: FilePath | None) -> Ground | None:
    """Read the ground of a map, None if it has none. Raises InputError for a faulty file."""
    if path is None:
        return None
    findings = Findings(str(path))
    ground = read_ground(path, findings)
    findings.raise_if_any()
    return ground


def features_shown(ground: Ground | None, degrees: float, *, borders: bool) -> list[Feature]:
    """Return what a map so many degrees across shows of the ground.

    A ground of no scale is somebody's own, and shown as a whole. Of another, the less important
    features are left out where there is no room for them, and all where it is too coarse.
    """
    if ground is None or too_coarse(ground, degrees):
        return []
    lowest = math.inf if ground.scale is None else _LOWEST_RANK - math.log2(max(degrees, 1.0))
    return [
        feature
        for feature in ground.features
        if feature.properties.rank <= lowest and (borders or feature.properties.layer != "border")
    ]


def too_coarse(ground: Ground, degrees: float) -> bool:
    """Whether a region so many degrees across is too small for the ground's scale."""
    return ground.scale is not None and degrees < SMALLEST_DEGREES * ground.scale / 50e6


def credit(ground: Ground | None, features: Sequence[Feature]) -> str:
    """Return the sentences of a caption on the ground: its sources, and what is schematic."""
    if ground is None:
        return "No base map."
    sources = ", ".join(_unique(f.properties.source for f in features or ground.features))
    if not features:
        return f"The region is too small for the base map ({sources}), which is left out."
    schematic = ", ".join(_unique(_name(f) for f in features if f.properties.schematic))
    layers = {feature.properties.layer for feature in features}
    text = f"Ground: {sources}."
    text += f" Schematic, not surveyed: {schematic}." if schematic else ""
    return text + (" Borders are today's." if "border" in layers else "")


def draw_ground(axes: Axes, features: Sequence[Feature]) -> Axes:
    """Draw features in longitude and latitude; the limits of the axes are final and stay.

    Without land among the features, all is land.
    """
    layers = {feature.properties.layer for feature in features}
    axes.set_facecolor(_SEA if "land" in layers else _LAND)
    # Features that look alike are drawn as one path: thousands by themselves would take seconds.
    alike: defaultdict[tuple[str, bool, bool], list[Path]] = defaultdict(list)
    for feature in features:
        about = feature.properties
        if about.layer != "frontier":
            alike[about.layer, about.schematic, about.rank == 0] += _paths(axes, feature)
    for (layer, schematic, foremost), paths in alike.items():
        if paths:
            style = dict(_STYLES[layer])
            if schematic:
                style["linestyle"] = _BROKEN
            if layer == "river" and foremost:
                style["linewidth"] = 2.6
            axes.add_patch(PathPatch(Path.make_compound_path(*paths), **style))
    for feature, line in zip(_frontiers(features), _frontier_lines(features), strict=True):
        for path in _paths(axes, feature):
            axes.add_patch(PathPatch(path, fill=False, zorder=1.5, **line))
    return axes


def legend_handles(features: Sequence[Feature]) -> list[Artist]:
    """Return a legend's entries: each frontier by its name, and the dunes."""
    handles: list[Artist] = [
        Line2D([], [], label=_name(feature), **line)
        for feature, line in zip(_frontiers(features), _frontier_lines(features), strict=True)
    ]
    if any(feature.properties.layer == "dunes" for feature in features):
        handles.append(Patch(label="dunes", **_STYLES["dunes"]))
    return handles


def names_on_ground(axes: Axes, features: Sequence[Feature], known: Collection[str]) -> list[Label]:
    """Return names of the foremost rivers, lakes and dunes, each once and none of those known.

    A river's name may stand anywhere along it.
    """
    labels: dict[str, Label] = {}
    for feature in features:
        layer, name = feature.properties.layer, feature.properties.name
        points = _spots(axes, feature)
        if feature.properties.rank > NAMED_RANK or layer not in _NAME_COLOURS or not points:
            continue
        if not name or name in labels or name in known:
            continue
        labels[name] = Label(
            name, *points[0], SMALL, _NAME_COLOURS[layer], italic=True, elsewhere=tuple(points[1:])
        )
    return list(labels.values())


def _spots(axes: Axes, feature: Feature) -> list[tuple[float, float]]:
    """Points inside the frame at which a feature's name may stand, the best first."""
    if feature.properties.layer in AREAS:
        ring = max(feature.lines, key=len)
        return [tuple((ring.min(axis=0) + ring.max(axis=0)) / 2)]
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    spots: list[tuple[float, float]] = []
    for line in _lines(axes, feature):
        steps = np.arange(0.0, len(line) - 0.5, 0.5)
        x, y = (np.interp(steps, np.arange(len(line)), line[:, i]) for i in (0, 1))
        inside = (x > west) & (x < east) & (y > south) & (y < north)
        spots += zip(x[inside].tolist(), y[inside].tolist(), strict=True)
    middle = (len(spots) - 1) / 2
    return [spots[i] for i in sorted(range(len(spots)), key=lambda i: abs(i - middle))]


def lines_of_ground(axes: Axes, features: Sequence[Feature]) -> list[NDArray[np.float64]]:
    """Return the foremost rivers and frontiers within the frame, off which names should keep."""
    return [
        line
        for feature in features
        if feature.properties.rank <= NAMED_RANK
        and feature.properties.layer in ("river", "frontier")
        for line in _lines(axes, feature)
    ]


def _frontiers(features: Sequence[Feature]) -> list[Feature]:
    return [feature for feature in features if feature.properties.layer == "frontier"]


def _frontier_lines(features: Sequence[Feature]) -> list[dict[str, Any]]:
    """How each frontier's line is drawn, told apart by its dashes."""
    return [
        {
            "color": _FRONTIER,
            "linewidth": 1.3,
            "linestyle": _FRONTIER_LINES[i % len(_FRONTIER_LINES)],
        }
        for i, _ in enumerate(_frontiers(features))
    ]


def _name(feature: Feature) -> str:
    return feature.properties.name or feature.properties.layer


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _paths(axes: Axes, feature: Feature) -> list[Path]:
    make = _ring if feature.properties.layer in AREAS else Path
    return [make(line) for line in _lines(axes, feature)]


def _lines(axes: Axes, feature: Feature) -> Iterator[NDArray[np.float64]]:
    """Yield the lines or rings that reach into the frame."""
    yield from filter(Bounds(*axes.get_xlim(), *axes.get_ylim()).meet, feature.lines)


def _ring(points: NDArray[np.float64]) -> Path:
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return Path(points, codes)


def draw_scale(axes: Axes) -> Axes:
    """Draw a bar of a round number of km at the lower left, true at the middle latitude."""
    km, share = _scale_bar(axes)
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


def room_of_scale(axes: Axes) -> list[tuple[float, float, float]]:
    """What names are to keep off for the bar: points in data coordinates, radii in points."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    _, share = _scale_bar(axes)
    y = bottom + 0.035 * (top - bottom)
    return [
        (left + part * (right - left), y, float(SMALL))
        for part in np.linspace(0.02, 0.02 + share, 12).tolist()
    ]


def _scale_bar(axes: Axes) -> tuple[float, float]:
    """Its km, and the share of the map's width that it takes."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    km_across = (right - left) * KM_PER_DEGREE * math.cos(math.radians((bottom + top) / 2))
    power = 10.0 ** math.floor(math.log10(km_across / 5))
    km = next(f * power for f in (5.0, 2.0, 1.0) if f * power <= km_across / 5)
    return km, km / km_across


def frame(axes: Axes, bounds: Bounds) -> Axes:
    """Set limits; the projection is equirectangular, true to scale at the middle latitude."""
    axes.set_xlim(bounds.west, bounds.east)
    axes.set_ylim(bounds.south, bounds.north)
    axes.set_aspect(1 / bounds.shrink, adjustable="box")
    axes.set_xlabel("longitude, degrees east")
    axes.set_ylabel("latitude, degrees north")
    for spine in axes.spines.values():
        spine.set_visible(True)
    axes.apply_aspect()
    return axes
