"""What destroyed the tanks: simulated shares of losses by cause, beside those recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.sheet import Frame
from sandtable.figures.style import BAND_DARK, BAND_LIGHT, BLACK, BLUE, GREY, Floats, quantiles
from sandtable.figures.text import SMALL
from sandtable.outcomes import TANK_CAUSES, TANKS_BY, parse

if TYPE_CHECKING:
    from sandtable.comparison import Row

# Distance from a simulated bar to the first claim below it, and from claim to claim.
_FIRST, _EACH = 0.4, 0.3
_INCHES = 0.5
_FRAME = Frame(1.6, 0.2)


def draw_causes(
    axes: Axes,
    points: Mapping[str, Floats],
    recorded: Mapping[str, Sequence[tuple[float, float, str]]],
) -> Axes:
    """Draw a pair of bars a cause: simulated above, recorded ranges with claimants below.

    ``points`` maps a cause to the five quantiles of its share (0-1) of all tank losses.
    """
    causes = list(points)
    heights = _heights(causes, recorded)
    for low, high, colour in ((0, 4, BAND_LIGHT), (1, 3, BAND_DARK)):
        bars = [[(p[low], y), (p[high], y)] for p, y in zip(points.values(), heights, strict=False)]
        axes.add_collection(
            LineCollection(bars, colors=colour, linewidths=10, capstyle="butt", zorder=1),
            autolim=False,
        )
    axes.plot(
        [p[2] for p in points.values()], heights[:-1], "|", color=BLUE, markersize=11,
        markeredgewidth=2.2, zorder=2,
    )  # fmt: skip
    for top, cause in zip(heights, causes, strict=False):
        for number, (least, most, claimant) in enumerate(recorded.get(cause, ())):
            y = top + _FIRST + _EACH * number
            ends = max(least, 0.0), min(most, 1.0)
            axes.plot(
                ends, (y, y), color=BLACK, linewidth=1.6, marker="|", markersize=7,
                markeredgewidth=1.4, zorder=3,
            )  # fmt: skip
            right = ends[1] < 0.75
            x, side = (ends[1] + 0.01, "left") if right else (ends[0] - 0.01, "right")
            axes.text(x, y, claimant, size=SMALL, color=GREY, ha=side, va="center")
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks(np.linspace(0.0, 1.0, 11), [str(percent) for percent in range(0, 101, 10)])
    axes.set_yticks(heights[:-1], [TANKS_BY.choices["cause"][cause].label for cause in causes])
    axes.set_ylim(heights[-1] - 0.2, -0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _heights(
    causes: Sequence[str], recorded: Mapping[str, Sequence[tuple[float, float, str]]]
) -> list[float]:
    """Where each cause's simulated bar stands, from the top, and where the last one ends."""
    heights = [0.0]
    for cause in causes:
        claims = len(recorded.get(cause, ()))
        heights.append(heights[-1] + 0.7 + (_FIRST - _EACH + _EACH * claims if claims else 0.0))
    return heights


def tanks_figures(
    outcomes: Mapping[str, NDArray[np.float64]], rows: Sequence[Row], context: FigureContext
) -> list[Figure]:
    """Return pages with a panel for each side that lost tanks, none if no side did."""
    shown: dict[str, dict[str, Floats]] = {}
    for side in context.resolved.sides:
        names = {cause: TANKS_BY.name(side=side.id, cause=cause) for cause in TANK_CAUSES}
        points = {cause: quantiles(outcomes[n]) for cause, n in names.items() if n in outcomes}
        if any(np.isfinite(five).all() and five[4] > 0.0 for five in points.values()):
            shown[side.id] = points
    recorded = {
        owner: {cause: _recorded(rows, TANKS_BY.name(side=owner, cause=cause)) for cause in points}
        for owner, points in shown.items()
    }
    used = [row for row in rows if parse(row.outcome, (TANKS_BY,))]
    heights = [
        _INCHES * _heights(list(points), recorded[owner])[-1] for owner, points in shown.items()
    ]
    sheet = context.sheet(
        "what destroyed the tanks",
        "Each cause's share of a side's tank losses; replications without a tank loss are left "
        "out.",
        f"{context.simulated} {sources_of(used)}",
        _handles(recorded=any(claims for own in recorded.values() for claims in own.values())),
    )
    figures = []
    for page, part in sheet.pages(heights, _FRAME.around):
        figure, cell = page.grid(heights[part], 1, _FRAME)
        for row, owner in enumerate(list(shown)[part]):
            axes = draw_causes(cell(row, 0), shown[owner], recorded[owner])
            axes.set_title(f"{context.name(owner)}: tanks lost, by cause")
            axes.set_xlabel("percent of the side's tank losses")
        figures.append(figure)
    return figures


def _recorded(rows: Sequence[Row], outcome: str) -> list[tuple[float, float, str]]:
    return [(r.claim_low, r.claim_high, r.claimant) for r in rows if r.outcome == outcome]


def _handles(*, recorded: bool) -> list[Artist]:
    handles: list[Artist] = [
        Patch(color=BAND_LIGHT, label="simulated, middle 90 percent"),
        Patch(color=BAND_DARK, label="middle 50 percent"),
        Line2D(
            [], [], color=BLUE, marker="|", markersize=9, markeredgewidth=2, linestyle="",
            label="median",
        ),
    ]  # fmt: skip
    if recorded:
        handles.append(
            Line2D([], [], color=BLACK, marker="|", markersize=7, linewidth=1.6, label="recorded")
        )
    return handles
