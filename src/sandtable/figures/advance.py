"""The advance along each axis, day by day, beside recorded captures and planned dates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.route import Route, routes_of
from sandtable.figures.sheet import WIDTH, Frame
from sandtable.figures.strength import course_handles
from sandtable.figures.style import (
    BLACK,
    BLUE,
    GREY,
    PALE,
    Floats,
    date_axis,
    draw_bands,
    spread,
)
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.outcomes import ADVANCE, CAPTURED, FRONT, parse, split_phase

if TYPE_CHECKING:
    from sandtable.comparison import Row

_PANEL = 1.45
# Inches right of a panel for the names of places, of which the leader to a name takes a part.
_BESIDE, _LEADER = 1.3, 0.12
_NAMES = _BESIDE - _LEADER - 0.03
_FRAME = Frame(0.55, _BESIDE, _BESIDE + 0.55)


@dataclass(frozen=True, slots=True)
class Stop:
    """A place ``km`` along an axis; ``recorded`` captures and ``planned`` day from H-hour."""

    name: str
    km: float
    recorded: tuple[tuple[float, float], ...] = ()
    planned: float = math.nan


def draw_advance(
    axes: Axes,
    moments: Floats,
    points: Floats,
    stops: Sequence[Stop],
    gains: Sequence[tuple[float, float, float]],
    colour: str,
) -> Axes:
    """Draw ``points`` (5, days + 1), quantiles of km along the axis, over its ``stops``.

    ``moments`` are when they hold, and ``gains`` recorded advances: moment, least and most km.
    The x axis is in days from H-hour.
    """
    last = float(moments[-1])
    _draw_stops(axes, stops)
    draw_bands(axes, moments, points, colour)
    length = max((stop.km for stop in stops), default=1.0)
    _draw_recorded(axes, stops, gains, last, length)
    planned = [(stop.planned, stop.km) for stop in stops if stop.planned <= last]
    if planned:
        axes.plot(
            *np.array(planned).T, "D", markersize=5, markerfacecolor="white",
            markeredgecolor=BLUE, markeredgewidth=1.1, clip_on=False, zorder=5,
        )  # fmt: skip
    top = max(length, float(np.nanmax(points, initial=0.0)), 1.0)
    axes.set_ylim(0.0, 1.02 * top)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    return axes


def _draw_recorded(
    axes: Axes,
    stops: Sequence[Stop],
    gains: Sequence[tuple[float, float, float]],
    last: float,
    length: float,
) -> None:
    """Draw recorded captures as level bars, gains as upright ones; an open end as a thin line."""
    closed: list[tuple[tuple[float, float], tuple[float, float]]] = []
    open_: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for stop in stops:
        for low, high in (ends for ends in stop.recorded if ends[0] <= last):
            bar = ((max(low, 0.0), stop.km), (min(high, last), stop.km))
            (closed if math.isfinite(high - low) else open_).append(bar)
            closed += [((end, stop.km),) * 2 for end in (low, high) if 0.0 <= end <= last]
    for day, least, most in gains:
        bar = ((day, max(least, 0.0)), (day, min(most, length)))
        (closed if math.isfinite(most - least) else open_).append(bar)
        closed += [((day, end),) * 2 for end in (least, most) if math.isfinite(end)]
    # The round ends of a bar of no length make a dot, so that a claim to the hour is seen too.
    for bars, width in ((closed, 3.2), (open_, 0.9)):
        axes.add_collection(
            LineCollection(bars, colors=BLACK, linewidths=width, capstyle="round", zorder=4),
            autolim=False,
        )


def _draw_stops(axes: Axes, stops: Sequence[Stop]) -> None:
    """Draw a line at each stop, and its name right of the axes, moved apart where need be."""
    if not stops:
        return
    top = 1.02 * max(max(stop.km for stop in stops), 1.0)
    tall = axes.bbox.height / axes.figure.dpi
    inch = axes.figure.dpi / axes.bbox.width
    ordered = sorted(stops, key=lambda stop: stop.km)
    names = [wrapped(stop.name, _NAMES) for stop in ordered]
    sizes = [top * line_inches(SMALL, line_count(name)) / tall for name in names]
    heights = spread([stop.km for stop in ordered], sizes, 0.0, top)
    lines = [((0.0, stop.km), (1.0, stop.km)) for stop in stops]
    end = 1.0 + _LEADER * inch
    leaders = [
        ((1.0, stop.km), (end, height)) for stop, height in zip(ordered, heights, strict=True)
    ]
    beside = axes.get_yaxis_transform()
    for segments, colour in ((lines, PALE), (leaders, GREY)):
        axes.add_collection(
            LineCollection(
                segments, colors=colour, linewidths=0.5, transform=beside, clip_on=False, zorder=1
            ),
            autolim=False,
        )
    for name, height in zip(names, heights, strict=True):
        axes.text(
            end + 0.03 * inch, height, name, transform=beside, size=SMALL, va="center",
            linespacing=1.05,
        )  # fmt: skip


def advance_figures(
    bands: Mapping[str, Floats], rows: Sequence[Row], context: FigureContext
) -> list[Figure]:
    """Return pages with a panel for each axis of advance.

    ``bands`` maps a series to its quantiles, shape (5, days + 1).
    """
    routes = routes_of(context.resolved)
    shown = [route for route in routes if FRONT.name(axis=route.axis.id) in bands]
    stops = [stops_of(route, _in_its_time(route, rows, context)) for route in shown]
    gains = [_gains(route, rows, context) for route in shown]
    sheet = context.sheet(
        "advance along each axis",
        "Kilometres by road from the start; names at right are the places on the way. Recorded are "
        "captures of places, and, upright, kilometres gained. Each panel has its own scale.",
        _caption(shown, stops, rows, context),
        _handles(stops, gains, context.end),
    )
    rows_of = [range(i, min(i + 2, len(shown))) for i in range(0, len(shown), 2)]
    heights = [max(_height(stops[i]) for i in row) for row in rows_of]
    figures = []
    for page, part in sheet.pages(heights, _frame(shown).around):
        own = slice(2 * part.start, 2 * part.stop)
        page = page.showing(
            _handles(stops[own], gains[own], context.end),
            _caption(shown[own], stops[own], rows, context),
        )
        figure, cell = page.grid(heights[part], 2, _frame(shown[own]))
        for row, indexes in enumerate(rows_of[part]):
            for column, i in enumerate(indexes):
                _panel(cell(row, column), shown[i], bands, stops[i], gains[i], context)
        figures.append(figure)
    return figures


def _caption(
    routes: Sequence[Route],
    stops: Sequence[Sequence[Stop]],
    rows: Sequence[Row],
    context: FigureContext,
) -> str:
    places = {place.id for route in routes for place in route.places}
    axes = {route.axis.id for route in routes}
    told = ((parse(row.outcome, (CAPTURED, ADVANCE)), row) for row in rows)
    used = [row for found, row in told if found and set(found.slots.values()) & (places | axes)]
    caption = f"{context.simulated} {sources_of(used)}"
    if any(stop.planned <= context.end for own in stops for stop in own):
        caption += " Planned dates: the scenario's objectives."
    return caption


def _panel(
    axes: Axes,
    route: Route,
    bands: Mapping[str, Floats],
    stops: Sequence[Stop],
    gains: Sequence[tuple[float, float, float]],
    context: FigureContext,
) -> None:
    leader = context.resolved.formations_by_id[route.axis.formations[0]]
    points = bands[FRONT.name(axis=route.axis.id)]
    first, last = _time_of(route, context)
    # The front of the day before stands where the phase begins.
    moments = np.clip(context.moments, first, last)
    draw_advance(axes, moments, points, stops, gains, context.colours[leader.side])
    date_axis(axes, context.calendar, first, last)
    axes.set_title(_title(route))
    axes.set_ylabel("km along the axis")
    axes.set_xlabel(context.dates)


def _title(route: Route) -> str:
    return wrapped(route.axis.name, (WIDTH - _FRAME.left - _FRAME.gap) / 2, 8.0, "bold")


def _frame(routes: Sequence[Route]) -> Frame:
    """Room round panels of these axes, whose names may take two lines."""
    lines = max((line_count(_title(route)) for route in routes), default=1)
    return replace(_FRAME, above=0.1 + line_inches(8.0, lines))


def _height(stops: Sequence[Stop]) -> float:
    """Inches of a panel, so high that all names of its stops have room."""
    names = math.fsum(line_inches(SMALL, line_count(wrapped(stop.name, _NAMES))) for stop in stops)
    return max(_PANEL, names)


def _phases_of(route: Route, context: FigureContext) -> list[str]:
    """The phases in which the axis's column marches; none in a campaign without phases."""
    phases = context.resolved.phases
    return [p.phase for p in phases if any(axis.id == route.axis.id for axis in p.axes)]


def _time_of(route: Route, context: FigureContext) -> tuple[float, float]:
    """When its column may march, in days from H-hour."""
    spans = [context.calendar.span(phase) for phase in _phases_of(route, context)]
    whole = context.calendar.span("")
    return spans[0].start if spans else whole.start, spans[-1].end if spans else whole.end


def _in_its_time(route: Route, rows: Sequence[Row], context: FigureContext) -> list[Row]:
    """Leave out claims about phases in which its column doesn't march."""
    phases = {"", *_phases_of(route, context)}
    return [row for row in rows if split_phase(row.outcome)[0] in phases]


def stops_of(route: Route, rows: Sequence[Row]) -> list[Stop]:
    """Return the places of an axis with their recorded captures and planned days."""
    captures: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        told = parse(row.outcome, (CAPTURED,))
        if told is not None:
            captures.setdefault(told.slots["place"], []).append((row.claim_low, row.claim_high))
    planned = dict(route.axis.objectives)
    return [
        Stop(
            place.name,
            float(km),
            tuple(captures.get(place.id, ())),
            planned.get(place.id, math.nan),
        )
        for place, km in zip(route.places, route.km, strict=True)
    ]


def _gains(
    route: Route, rows: Sequence[Row], context: FigureContext
) -> list[tuple[float, float, float]]:
    """Recorded advances along an axis: the end of the day in days from H-hour, least, most km."""
    told = ((parse(row.outcome, (ADVANCE,)), row) for row in rows)
    return [
        (context.calendar.end_of_day(int(gain.slots["day"])), row.claim_low, row.claim_high)
        for gain, row in told
        # Days of a phase are its own.
        if gain is not None and gain.slots["axis"] == route.axis.id and not gain.phase
    ]


def _handles(
    stops: Sequence[Sequence[Stop]],
    gains: Sequence[Sequence[tuple[float, float, float]]],
    end: float,
) -> list[Artist]:
    """Return a legend's entries of all that panels with these stops and gains show."""
    handles = course_handles()
    every = [stop for own in stops for stop in own]
    if any(gains) or any(low <= end for stop in every for low, _ in stop.recorded):
        label = "recorded (thin: open end)"
        handles.append(
            Line2D([], [], color=BLACK, linewidth=3, solid_capstyle="round", label=label)
        )
    if any(stop.planned <= end for stop in every):
        look: dict[str, Any] = {
            "linestyle": "",
            "markerfacecolor": "white",
            "markersize": 5,
            "marker": "D",
        }
        handles.append(Line2D([], [], color=BLUE, label="planned date", **look))
    return handles
