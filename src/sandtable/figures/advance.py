"""The advance along each axis, day by day, beside recorded captures and planned dates."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.route import Route, routes_of
from sandtable.figures.style import (
    BLACK,
    BLUE,
    GREY,
    PALE,
    Floats,
    cells,
    clip,
    date_axis,
    draw_bands,
    page,
    spread,
)
from sandtable.outcomes import ADVANCE, CAPTURED, FRONT, parse

if TYPE_CHECKING:
    from sandtable.comparison import Row

_PANEL_INCHES = 1.75
# Above the first row, for titles of two lines.
_LEAD_INCHES = 0.15
_LABEL_INCHES = 0.115


@dataclass(frozen=True, slots=True)
class Stop:
    """A place ``km`` along an axis; ``recorded`` captures and ``planned`` day from H-hour."""

    name: str
    km: float
    recorded: tuple[tuple[float, float], ...] = ()
    planned: float = math.nan


def draw_advance(
    axes: Axes,
    points: Floats,
    stops: Sequence[Stop],
    gains: Sequence[tuple[float, float, float]],
    colour: str,
) -> Axes:
    """Draw ``points`` (5, days + 1), quantiles of km along the axis, over its ``stops``.

    ``gains`` are recorded advances: day, least and most km. The x axis is in days.
    """
    last = points.shape[1] - 1
    _draw_stops(axes, stops, last)
    draw_bands(axes, np.arange(last + 1, dtype=float), points, colour)
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


def _draw_stops(axes: Axes, stops: Sequence[Stop], last: float) -> None:
    """Draw a line at each stop, and its name right of the axes, moved apart where need be."""
    if not stops:
        return
    top = max(max(stop.km for stop in stops), 1.0)
    gap = _LABEL_INCHES * axes.figure.dpi / axes.bbox.height * 1.02 * top
    ordered = sorted(stops, key=lambda stop: stop.km)
    room = int(top / gap) + 1
    if len(ordered) > room:
        # Stops with a date say more than those without; the last is where the axis leads.
        ordered.sort(key=lambda s: (s is stops[-1], bool(s.recorded), s.planned == s.planned))
        ordered = sorted(ordered[-room:], key=lambda stop: stop.km)
    heights = spread([stop.km for stop in ordered], gap, 0.0, top)
    lines = [((0.0, stop.km), (1.0, stop.km)) for stop in stops]
    leaders = [
        ((1.0, stop.km), (1.035, height)) for stop, height in zip(ordered, heights, strict=True)
    ]
    beside = axes.get_yaxis_transform()
    for segments, colour in ((lines, PALE), (leaders, GREY)):
        axes.add_collection(
            LineCollection(
                segments, colors=colour, linewidths=0.5, transform=beside, clip_on=False, zorder=1
            ),
            autolim=False,
        )
    for stop, height in zip(ordered, heights, strict=True):
        axes.text(1.045, height, clip(stop.name, 20), transform=beside, size=6.5, va="center")


def advance_figure(
    bands: Mapping[str, Floats], rows: Sequence[Row], context: FigureContext
) -> Figure:
    """Return a page with a panel for each axis of advance.

    ``bands`` maps a series to its quantiles, shape (5, days + 1).
    """
    routes = routes_of(context.resolved)
    shown = [route for route in routes if FRONT.name(axis=route.axis.id) in bands]
    columns = 2 if len(shown) <= 4 else 3 if len(shown) <= 6 else 4
    down = max(1, math.ceil(len(shown) / columns))
    used = [row for row in rows if parse(row.outcome, (CAPTURED, ADVANCE))]
    caption = f"{context.simulated} {sources_of(used)} Planned dates: the scenario's objectives."
    figure = page(
        down * (_PANEL_INCHES + 0.75) + _LEAD_INCHES,
        f"{context.title}: advance along each axis",
        "Kilometres by road from the start, against the date; names at right are the places on "
        "the way. Each panel has its own scale.",
        caption,
    )
    cell = cells(
        figure,
        down,
        columns,
        sides=(0.6, 1.2),
        gaps=(1.5, 0.75),
        caption=caption,
        lead=_LEAD_INCHES,
    )
    formations = context.resolved.formations_by_id
    for number, route in enumerate(shown):
        axes = cell(*divmod(number, columns))
        colour = context.colours[formations[route.axis.formations[0]].side]
        points = bands[FRONT.name(axis=route.axis.id)]
        draw_advance(axes, points, stops_of(route, rows), _gains(route, rows), colour)
        date_axis(axes, context.calendar, 0.0, float(points.shape[1] - 1))
        axes.set_title("\n".join(textwrap.wrap(route.axis.name, 32, max_lines=2, placeholder="…")))
        if number % columns == 0:
            axes.set_ylabel("km along the axis")
        if number + columns >= len(shown):
            axes.set_xlabel(f"date, {context.years}")
    _legend(figure)
    return figure


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


def _gains(route: Route, rows: Sequence[Row]) -> list[tuple[float, float, float]]:
    told = ((parse(row.outcome, (ADVANCE,)), row) for row in rows)
    return [
        (float(gain.slots["day"]), row.claim_low, row.claim_high)
        for gain, row in told
        if gain is not None and gain.slots["axis"] == route.axis.id
    ]


def _legend(figure: Figure) -> None:
    handles = [
        Line2D([], [], color=GREY, linewidth=1.4, label="simulated front, median"),
        Patch(color=GREY, alpha=0.5, label="middle 50 percent"),
        Patch(color=GREY, alpha=0.2, label="middle 90 percent"),
        Line2D(
            [], [], color=BLACK, linewidth=3, solid_capstyle="round",
            label="recorded: capture of the place, or km gained (upright); thin: open end",
        ),
        Line2D(
            [], [], color=BLUE, marker="D", linestyle="", markerfacecolor="white",
            label="planned date",
        ),
    ]  # fmt: skip
    height = figure.get_size_inches()[1]
    figure.legend(
        handles=handles, loc="upper left", ncols=5, bbox_to_anchor=(0.02, 1 - 0.6 / height)
    )
