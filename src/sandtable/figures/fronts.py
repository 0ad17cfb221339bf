"""Where the fronts stood by date: each axis painted as far as it had come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from sandtable.figures.route import Route
from sandtable.figures.style import Floats

UNTAKEN = "#6E6E6E"
# A front that has moved less than this since the date before is at rest.
_STILL_KM = 0.5
# Shares of the campaign at whose ends the fronts are shown: close together while they move most.
_DATES = (0.15, 0.25, 0.4, 0.55, 0.75)


def front_days(days: int) -> list[int]:
    """Return the days of the campaign for which fronts are drawn, five or fewer."""
    return sorted({max(1, round(share * days)) for share in _DATES})


class Stretch(NamedTuple):
    """What the front on a route gained from one date to the next, in km along it."""

    route: Route
    start: float
    end: float


def stretches(
    routes: Sequence[Route], positions: Mapping[str, Floats], days: Sequence[int]
) -> dict[int, list[Stretch]]:
    """Return what each front gained by the end of each of the ``days`` on which any gained ground.

    ``positions`` maps an axis to km along it at the end of days 0, 1, ... of the calendar.
    """
    found: dict[int, list[Stretch]] = {}
    reached = {route.axis.id: 0.0 for route in routes}
    for day in days:
        for route in routes:
            id = route.axis.id
            km = float(positions[id][day]) if id in positions else 0.0
            if km > reached[id] + _STILL_KM:
                found.setdefault(day, []).append(Stretch(route, reached[id], km))
                reached[id] = km
    return found


def draw_fronts(
    axes: Axes, routes: Sequence[Route], gained: Mapping[int, Sequence[Stretch]]
) -> Axes:
    """Paint each axis by the date by which its front had come so far, a dot at each date.

    What lies beyond stays thin and grey. A road that several axes share has the colour of the
    first to come.
    """
    axes.add_collection(
        LineCollection(
            [list(zip(route.lon, route.lat, strict=True)) for route in routes],
            colors=UNTAKEN, linewidths=0.9, zorder=2,
        ),
        autolim=False,
    )  # fmt: skip
    for rank, (day, colour) in enumerate(zip(gained, front_colours(len(gained)), strict=True)):
        lines = [stretch.route.between(stretch.start, stretch.end) for stretch in gained[day]]
        # Earlier dates lie on top of later ones.
        above = 2.9 - 0.01 * rank
        axes.add_collection(
            LineCollection(lines, colors=colour, linewidths=2.4, zorder=above), autolim=False
        )
        dots = [stretch.route.at(stretch.end) for stretch in gained[day]]
        axes.plot(
            *np.array(dots).T, "o", markersize=4.0, markerfacecolor=colour, linestyle="",
            markeredgecolor="white", markeredgewidth=0.5, zorder=5, label=f"front, day {day}",
        )  # fmt: skip
    return axes


def front_colours(count: int) -> list[str]:
    """Return colours from early to late: viridis, which is even in lightness."""
    return [to_hex(c) for c in mpl.colormaps["viridis"](np.linspace(0.0, 0.92, count))]
