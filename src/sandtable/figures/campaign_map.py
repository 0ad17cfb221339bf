"""The map of a campaign: places and their names, the fronts by date, and what they stand on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sandtable.calendar import short_date
from sandtable.figures.base_map import (
    Bounds,
    credit,
    draw_ground,
    draw_scale,
    features_shown,
    frame,
    legend_handles,
    lines_of_ground,
    names_on_ground,
    room_of_scale,
)
from sandtable.figures.context import FigureContext
from sandtable.figures.fronts import (
    UNTAKEN,
    Stretch,
    draw_fronts,
    front_colours,
    front_days,
    stretches,
)
from sandtable.figures.labels import Label, Placed, Placing, draw_labels
from sandtable.figures.route import Route, routes_of
from sandtable.figures.sheet import WIDTH, Sheet
from sandtable.figures.style import BLACK, GREY, ORANGE, Floats
from sandtable.outcomes import FRONT
from sandtable.scenario.ground import Feature, Ground
from sandtable.scenario.resolved import Place, ResolvedScenario

Line = Sequence[tuple[float, float]]

STATUS = {
    "attacker's at H-hour": ("s", GREY),
    "taken in at least 90 % of replications": ("o", ORANGE),
    "taken in 10 to 90 %": ("^", "#FBE3B0"),
    "taken in fewer than 10 %": ("v", "white"),
}
"""How a place is marked by the share of replications in which it was taken: marker, fill."""

# Inches of the map's frame, left of it and below it; and how high the frame may be by its width.
_ACROSS, _LEFT, _BELOW = 6.4, 0.58, 0.4
_TALLEST, _LOWEST = 1.15, 0.6


def draw_places(axes: Axes, places: Sequence[Place], taken: Mapping[str, float]) -> Axes:
    """Mark each place by what became of it; ``taken`` holds shares of replications (0-1)."""
    for status, (marker, fill) in STATUS.items():
        chosen = [place for place in places if _status(place, taken) == status]
        axes.plot(
            [place.lon for place in chosen], [place.lat for place in chosen], marker,
            markersize=4.0 if marker == "s" else 5.0, markerfacecolor=fill,
            markeredgecolor=BLACK, markeredgewidth=0.7, zorder=6, linestyle="", label=status,
        )  # fmt: skip
    return axes


def _status(place: Place, taken: Mapping[str, float]) -> str:
    own, most, some, few = STATUS
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
    labels = [Label(p.name, p.lon, p.lat, weight="bold") for p in first]
    labels += [Label(p.name, p.lon, p.lat) for p in second]
    for route in routes:
        # Anywhere along the axis will do, best near its start, where it is alone most often.
        points = [route.at(share * float(route.km[-1])) for share in (0.1, 0.2, 0.35, 0.5, 0.7)]
        name = route.axis.name.partition(":")[0].replace(", ", ",\n")
        labels.append(
            Label(name, *points[0], colour="#444444", italic=True, elsewhere=tuple(points[1:]))
        )
    return labels + [Label(p.name, p.lon, p.lat, colour="#444444") for p in rest]


class NamesOnMap(NamedTuple):
    """Names where they have room, and the numbers in place of those that have none."""

    placed: Sequence[Placed]
    numbers: Mapping[int, str]


def place_names(
    axes: Axes,
    context: FigureContext,
    gained: Mapping[int, Sequence[Stretch]],
    features: Sequence[Feature] = (),
) -> NamesOnMap:
    """Find room for the names of places, axes and the ground, off all that is drawn.

    A place whose name has no room gets a number. The axes' frame and size must be final.
    """
    resolved, routes = context.resolved, routes_of(context.resolved)
    places = places_within(axes, resolved)
    lines: list[Line] = [route.between(0.0, float(route.km[-1])) for route in routes]
    lines += [list(zip(*line.T.tolist(), strict=True)) for line in lines_of_ground(axes, features)]
    dots = [stretch.route.at(stretch.end) for some in gained.values() for stretch in some]
    obstacles = [(place.lon, place.lat, 3.0) for place in places]
    obstacles += [(x, y, 2.5) for x, y in dots]
    marks = [(place.lon, place.lat) for place in places]
    placing = Placing(axes, obstacles + _along(axes, lines) + room_of_scale(axes), marks)
    known = {place.name for place in places}
    left = placing.place(
        names_on_map(resolved, places, routes) + names_on_ground(axes, features, known)
    )
    numbers: dict[int, str] = {}
    for label in left:
        number = len(numbers) + 1
        if label.text in known and not placing.place([replace(label, text=str(number))]):
            numbers[number] = label.text
    return NamesOnMap(placing.placed, numbers)


def draw_map(
    axes: Axes,
    context: FigureContext,
    gained: Mapping[int, Sequence[Stretch]],
    taken: Mapping[str, float],
    names: NamesOnMap,
    features: Sequence[Feature] = (),
) -> Axes:
    """Draw the whole map into axes whose frame and size are final.

    ``gained`` are the fronts' `stretches`; ``taken`` maps a place to the share of replications in
    which it was taken; ``features`` are those of the ground.
    """
    draw_ground(axes, features)
    draw_fronts(axes, routes_of(context.resolved), gained)
    draw_places(axes, places_within(axes, context.resolved), taken)
    draw_scale(axes)
    return draw_labels(axes, names.placed)


def places_within(axes: Axes, resolved: ResolvedScenario) -> list[Place]:
    """The places within the frame."""
    bounds = Bounds(*axes.get_xlim(), *axes.get_ylim())
    return [place for place in resolved.places if bounds.hold(place.lon, place.lat)]


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


def framing(resolved: ResolvedScenario) -> tuple[Bounds, float]:
    """Return the limits of the map and its height by its width."""
    lon, lat = extent(resolved)
    shrink = math.cos(math.radians(np.mean(lat)))
    ratio = min(_TALLEST, max(_LOWEST, np.ptp(lat) / max(np.ptp(lon) * shrink, 0.01)))
    return Bounds.of(lon, lat, ratio), ratio


def ground_shown(resolved: ResolvedScenario, ground: Ground | None) -> list[Feature]:
    """Return what the map shows of the ground."""
    degrees = max(map(np.ptp, extent(resolved)))
    return features_shown(ground, degrees, borders=resolved.map.borders)


def map_figure(
    bands: Mapping[str, Floats],
    taken: Mapping[str, float],
    context: FigureContext,
    ground: Ground | None,
) -> Figure:
    """Return the map.

    ``bands`` maps ``front/<axis>`` to quantiles, shape (5, days + 1); ``taken`` maps a place to
    the share of replications in which it was taken (0-1).
    """
    resolved = context.resolved
    bounds, ratio = framing(resolved)
    height = ratio * _ACROSS
    features = ground_shown(resolved, ground)
    routes = routes_of(resolved)
    positions = {
        route.axis.id: bands[name][2]
        for route in routes
        if (name := FRONT.name(axis=route.axis.id)) in bands
    }
    gained = stretches(routes, positions, front_days(context.calendar.calendar_days))
    # What finds no room is told in the caption, on whose length the page's height depends.
    trial = _framed(Sheet("").figure(height + _BELOW), 0.0, height, bounds)
    names = place_names(trial, context, gained, features)
    sheet = context.sheet(
        "median front by date",
        "Each road is painted by the date by which the first median front had come so far; a dot "
        "marks where a front stood that evening. A front at rest has no new dot.",
        _caption(context, credit(ground, features), names, places_within(trial, resolved)),
        [
            *_handles(context, gained, places_within(trial, resolved), taken, bool(routes)),
            *legend_handles([f for f in features if any(map(bounds.meet, f.lines))]),
        ],
    )
    figure = sheet.figure(height + _BELOW)
    axes = _framed(figure, sheet.foot, height, bounds)
    draw_map(axes, context, gained, taken, names, features)
    return figure


def _framed(figure: Figure, foot: float, height: float, bounds: Bounds) -> Axes:
    """Return the axes of a map ``height`` inches high above the foot of a page."""
    total = figure.get_size_inches()[1]
    box = (_LEFT / WIDTH, (foot + _BELOW) / total, _ACROSS / WIDTH, height / total)
    return frame(figure.add_axes(box), bounds)


def _caption(
    context: FigureContext, ground: str, names: NamesOnMap, places: Sequence[Place]
) -> str:
    numbers = ", ".join(f"{number} {name}" for number, name in names.numbers.items())
    sentences = [
        f"Numbers: {numbers}." if numbers else "",
        context.simulated,
        ground,
        context.resolved.map.note,
        "Equirectangular projection, true to scale at the middle latitude.",
        "Places far from every axis are left out."
        if len(places) < len(context.resolved.places)
        else "",
        "No recorded claim is shown.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _handles(
    context: FigureContext,
    gained: Mapping[int, Sequence[Stretch]],
    places: Sequence[Place],
    taken: Mapping[str, float],
    routes: bool,
) -> list[Artist]:
    """Return a legend's entries of the fronts and places that are shown."""
    date = context.calendar.date_of_day
    handles: list[Artist] = [
        Line2D(
            [], [], color=colour, marker="o", markeredgecolor="white", linewidth=2.4, markersize=5,
            label=f"front by the end of {short_date(date(day))} (day {day})",
        )
        for day, colour in zip(gained, front_colours(len(gained)), strict=True)
    ]  # fmt: skip
    if routes:
        handles.append(
            Line2D([], [], color=UNTAKEN, linewidth=0.9, label="axis, named where there is room")
        )
    shown = {_status(place, taken) for place in places}
    return handles + [
        Line2D(
            [], [], marker=marker, linestyle="", markerfacecolor=fill, markeredgecolor=BLACK,
            markeredgewidth=0.7, markersize=5, label=status,
        )
        for status, (marker, fill) in STATUS.items()
        if status in shown
    ]  # fmt: skip
