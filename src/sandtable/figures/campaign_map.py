"""The map of a campaign: places, axes of advance, and where the fronts stood by date."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sandtable.figures.base_map import (
    credit,
    draw_ground,
    draw_scale,
    features_shown,
    frame,
    legend_handles,
    lines_of_ground,
    names_on_ground,
)
from sandtable.figures.context import FigureContext
from sandtable.figures.labels import Label, draw_labels
from sandtable.figures.route import Route, routes_of
from sandtable.figures.style import BLACK, GREY, ORANGE, WIDTH, Floats, date_text, foot, page
from sandtable.outcomes import FRONT
from sandtable.scenario.ground import Feature, Ground
from sandtable.scenario.resolved import Place, ResolvedScenario

_UNTAKEN = "#6E6E6E"
# A front that has moved less than this since the date before is at rest.
_STILL_KM = 0.5

Line = Sequence[tuple[float, float]]

# How a place is marked after the share of replications in which it was taken: marker, fill.
_STATUS = {
    "attacker's at H-hour": ("s", GREY),
    "taken in 90 percent of replications or more": ("o", ORANGE),
    "taken in some": ("^", "#FBE3B0"),
    "taken in fewer than 10 percent": ("v", "white"),
}
_LEGEND_INCHES = 2.25
# Shares of the campaign at whose ends the fronts are shown: close together while they move most.
_DATES = (0.15, 0.25, 0.4, 0.55, 0.75)


def front_days(days: int) -> list[int]:
    """Return the days of the campaign for which fronts are drawn, five or fewer."""
    return sorted({max(1, round(share * days)) for share in _DATES})


def draw_fronts(
    axes: Axes, routes: Sequence[Route], positions: Mapping[str, Floats], days: Sequence[int]
) -> list[tuple[float, float]]:
    """Paint each axis by the date by which its front had come so far, a dot at each date.

    ``positions`` maps an axis to km along it at the end of days 0, 1, ...; what lies beyond the
    last of ``days`` stays thin and grey. Returns the dots' longitudes and latitudes.
    """
    axes.add_collection(
        LineCollection(
            [list(zip(route.lon, route.lat, strict=True)) for route in routes],
            colors=_UNTAKEN, linewidths=0.9, zorder=2,
        ),
        autolim=False,
    )  # fmt: skip
    drawn: list[tuple[float, float]] = []
    reached = {route.axis.id: 0.0 for route in routes}
    for day, colour in zip(days, front_colours(len(days)), strict=True):
        lines, dots = [], []
        for route in routes:
            km = float(positions[route.axis.id][day]) if route.axis.id in positions else 0.0
            if km > reached[route.axis.id] + _STILL_KM:
                lines.append(route.between(reached[route.axis.id], km))
                dots.append(route.at(km))
                reached[route.axis.id] = km
        axes.add_collection(
            LineCollection(lines, colors=colour, linewidths=2.6, zorder=2.5), autolim=False
        )
        if dots:
            axes.plot(
                *np.array(dots).T, "o", markersize=4.5, markerfacecolor=colour, linestyle="",
                markeredgecolor="white", markeredgewidth=0.5, zorder=5, label=f"front, day {day}",
            )  # fmt: skip
        drawn += dots
    return drawn


def front_colours(count: int) -> list[str]:
    """Return colours from early to late: viridis, which is even in lightness."""
    return [to_hex(c) for c in mpl.colormaps["viridis"](np.linspace(0.0, 0.92, count))]


def draw_places(axes: Axes, places: Sequence[Place], taken: Mapping[str, float]) -> Axes:
    """Mark each place by what became of it; ``taken`` holds shares of replications (0-1)."""
    for status, (marker, fill) in _STATUS.items():
        chosen = [place for place in places if _status(place, taken) == status]
        axes.plot(
            [place.lon for place in chosen], [place.lat for place in chosen], marker,
            markersize=4.5 if marker == "s" else 5.5, markerfacecolor=fill,
            markeredgecolor=BLACK, markeredgewidth=0.7, zorder=6, linestyle="", label=status,
        )  # fmt: skip
    return axes


def _status(place: Place, taken: Mapping[str, float]) -> str:
    own, most, some, few = _STATUS
    if place.coalition == "attacker":
        return own
    share = taken.get(place.id, 0.0)
    return most if share >= 0.9 else some if share >= 0.1 else few


def names_on_map(
    resolved: ResolvedScenario, places: Sequence[Place], routes: Sequence[Route]
) -> list[Label]:
    """Return names in order of weight: objectives, places on an axis, axes, all others."""
    objectives = {place for axis in resolved.axes for place, _ in axis.objectives}
    passed = {place for axis in resolved.axes for place in axis.places}
    first = [place for place in places if place.id in objectives]
    second = [place for place in places if place.id in passed - objectives]
    rest = [place for place in places if place.id not in passed | objectives]
    labels = [Label(p.name, p.lon, p.lat, 7.5, weight="bold") for p in first]
    labels += [Label(p.name, p.lon, p.lat) for p in second]
    for route in routes:
        # Anywhere along the axis will do, best near its start, where it is alone most often.
        points = [route.at(share * float(route.km[-1])) for share in (0.1, 0.2, 0.35, 0.5, 0.7)]
        name = route.axis.name.partition(":")[0].replace(", ", ",\n")
        labels.append(
            Label(name, *points[0], 6.5, "#444444", italic=True, elsewhere=tuple(points[1:]))
        )
    return labels + [Label(p.name, p.lon, p.lat, 6.5, "#444444") for p in rest]


def draw_map(
    axes: Axes,
    context: FigureContext,
    positions: Mapping[str, Floats],
    taken: Mapping[str, float],
    features: Sequence[Feature] = (),
) -> Axes:
    """Draw the whole map into axes whose size is final.

    ``positions`` maps an axis to its front's km at the end of days 0, 1, ...; ``taken`` a place
    to the share of replications in which it was taken; ``features`` are those of the ground.
    """
    resolved = context.resolved
    lon, lat = extent(resolved)
    box = axes.get_window_extent()
    frame(axes, lon, lat, box.height / box.width)
    routes = routes_of(resolved)
    lines: list[Line] = [route.between(0.0, float(route.km[-1])) for route in routes]
    draw_ground(axes, features)
    lines += [list(zip(*line.T.tolist(), strict=True)) for line in lines_of_ground(axes, features)]
    dots = draw_fronts(axes, routes, positions, front_days(context.days))
    places = [place for place in resolved.places if _inside(axes, place)]
    draw_places(axes, places, taken)
    draw_scale(axes)
    obstacles = [(place.lon, place.lat, 3.0) for place in places]
    obstacles += [(x, y, 3.0) for x, y in dots]
    obstacles += _along(axes, lines)
    names = names_on_map(resolved, places, routes) + names_on_ground(
        axes, features, {place.name for place in places}
    )
    draw_labels(axes, names, obstacles)
    return axes


def _along(axes: Axes, lines: Sequence[Line]) -> list[tuple[float, float, float]]:
    """Small obstacles close together along lines, so that names keep off them."""
    points: list[tuple[float, float, float]] = []
    for line in lines:
        for (west, south), (east, north) in pairwise(line):
            ends = axes.transData.transform([(west, south), (east, north)])
            steps = np.linspace(0.0, 1.0, 2 + int(np.hypot(*(ends[1] - ends[0])) / 8))
            points += [
                (west + step * (east - west), south + step * (north - south), 1.0)
                for step in steps.tolist()
            ]
    return points


def extent(resolved: ResolvedScenario) -> tuple[list[float], list[float]]:
    """Return longitudes and latitudes of the places that the map must hold.

    These are the places on an axis of advance: a base or a town far behind the fighting would
    shrink the battlefield to a dot. Without any axis, all places.
    """
    fought = {place for axis in resolved.axes for place in axis.places}
    held = [place for place in resolved.places if place.id in fought] or resolved.places
    return [place.lon for place in held], [place.lat for place in held]


def _inside(axes: Axes, place: Place) -> bool:
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return west < place.lon < east and south < place.lat < north


def map_figure(
    bands: Mapping[str, Floats],
    captured: Mapping[str, NDArray[np.float64]],
    context: FigureContext,
    ground: Ground | None,
) -> Figure:
    """Return the map with its legend at the right.

    ``bands`` maps ``front/<axis>`` to quantiles, shape (5, days + 1); ``captured`` maps a place
    to days from H-hour, one a replication, NaN for never.
    """
    lon, lat = extent(context.resolved)
    shrink = math.cos(math.radians(np.mean(lat)))
    width = WIDTH - _LEGEND_INCHES - 0.7
    height = width * min(1.1, max(0.6, np.ptp(lat) / max(np.ptp(lon) * shrink, 0.01)))
    degrees = max(np.ptp(lon), np.ptp(lat))
    features = features_shown(ground, degrees, borders=context.resolved.map.borders)
    sentences = [
        context.simulated,
        credit(ground, features),
        context.resolved.map.note,
        "Equirectangular projection, true to scale at the middle latitude.",
        "Places far from every axis are left out. No recorded claim is shown.",
    ]
    caption = " ".join(sentence for sentence in sentences if sentence)
    figure = page(
        height + 0.2,
        f"{context.title}: median front by date, and what was taken",
        "Each axis is painted by the date by which the median front had come so far; a dot marks "
        "where it stood that evening. A front at rest has no new dot.",
        caption,
    )
    total = figure.get_size_inches()[1]
    bottom = foot(caption) + 0.5
    axes = figure.add_axes((0.6 / WIDTH, bottom / total, width / WIDTH, height / total))
    positions = {
        route.axis.id: bands[name][2]
        for route in routes_of(context.resolved)
        if (name := FRONT.name(axis=route.axis.id)) in bands
    }
    taken = {place: float(np.isfinite(days).mean()) for place, days in captured.items()}
    draw_map(axes, context, positions, taken, features)
    _legend(figure, axes, context, features)
    return figure


def _legend(
    figure: Figure, axes: Axes, context: FigureContext, features: Sequence[Feature]
) -> None:
    days = front_days(context.days)
    fronts = [
        Line2D(
            [], [], color=colour, marker="o", markeredgecolor="white", linewidth=2.6,
            label=f"day {day} ({date_text(context.calendar.date_of_day(day))})",
        )
        for day, colour in zip(days, front_colours(len(days)), strict=True)
    ]  # fmt: skip
    places = [
        Line2D(
            [], [], marker=marker, linestyle="", markerfacecolor=fill, markeredgecolor=BLACK,
            markeredgewidth=0.7, label=status,
        )
        for status, (marker, fill) in _STATUS.items()
    ]  # fmt: skip
    rest = Line2D([], [], color=_UNTAKEN, linewidth=0.9, label="axis (its name in italics)")
    height = figure.get_size_inches()[1]
    x = 1.0 - (_LEGEND_INCHES - 0.05) / WIDTH
    top = axes.get_position().y1
    shared: dict[str, Any] = {"loc": "upper left", "alignment": "left", "borderaxespad": 0.0}
    groups: list[tuple[str, list[Artist], float]] = [
        ("Median front by the end of", [*fronts, rest], 0.0),
        ("Places", [*places], 1.5),
    ]
    on_ground = legend_handles(features)
    if on_ground:
        groups.append(("Ground", on_ground, 2.85))
    for title, handles, down in groups:
        for handle in handles:
            handle.set_label(textwrap.fill(str(handle.get_label()), 30))
        figure.legend(
            handles=handles, title=title, bbox_to_anchor=(x, top - down / height), **shared
        )
