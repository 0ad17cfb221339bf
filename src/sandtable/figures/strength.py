"""Strengths and cumulative losses of each side over time, beside what is recorded of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sandtable.figures.context import FigureContext, range_text, sources_of
from sandtable.figures.style import (
    BLACK,
    GREY,
    Floats,
    cells,
    clip,
    count_axis,
    date_axis,
    draw_bands,
    page,
    spread,
)
from sandtable.outcomes import (
    KILLED,
    LOST,
    PERSONNEL,
    PRISONERS,
    SERIES,
    STRENGTH,
    TANK_STRENGTH,
    TANKS,
    TANKS_LOST,
    Form,
    describe,
)

if TYPE_CHECKING:
    from sandtable.comparison import Row

# Series of losses, and the outcome whose claims bear on it.
LOSSES: tuple[tuple[Form, Form, dict[str, str]], ...] = (
    (LOST, PERSONNEL, {"casualty": "total"}),
    (KILLED, PERSONNEL, {"casualty": "killed"}),
    (PRISONERS, PERSONNEL, {"casualty": "captured"}),
    (TANKS_LOST, TANKS, {}),
)
_LINE_INCHES = 0.12
_WIDEST = 2.5
COLUMNS = 3


def draw_course(axes: Axes, points: Floats, colour: str, context: FigureContext) -> Axes:
    """Draw the course of a count: ``points`` has shape (5, days + 1), row 2 the median."""
    draw_bands(axes, np.arange(points.shape[1], dtype=float), points, colour)
    date_axis(axes, context.calendar, 0.0, float(points.shape[1] - 1))
    top = float(np.nanmax(points)) if np.isfinite(points).any() else 0.0
    axes.set_ylim(0.0, 1.06 * top or 1.0)
    return count_axis(axes)


def draw_claims(axes: Axes, claims: Sequence[tuple[float, float, str]]) -> Axes:
    """Draw claimed ranges (low, high, claimant) as brackets right of the axes, each labelled.

    An infinite end is open and becomes an arrow. The y axis is widened to hold every closed
    range, but for an open one no further than ``_WIDEST`` times: a bound far above everything
    else would press the rest flat, so its line leaves the panel without a cap.
    """
    if not claims:
        return axes
    top = _top(axes.get_ylim()[1], claims)
    axes.set_ylim(0.0, top)
    ordered = sorted(claims, key=lambda claim: (_middle(claim[0], claim[1], top), claim[1]))
    gap = 2.15 * _LINE_INCHES * axes.figure.dpi / axes.bbox.height
    middles = [_middle(low, high, top) for low, high, _ in ordered]
    heights = spread([middle / top for middle in middles], gap, 0.04, 0.93)
    beside = axes.get_yaxis_transform()
    right = 1.03 + 0.035 * len(ordered)
    brackets, leaders = [], []
    for rank, (low, high, claimant) in enumerate(ordered):
        x, y = 1.03 + 0.035 * rank, heights[rank] * top
        brackets += _bracket(x, low, high, top)
        leaders.append([(x + 0.012, middles[rank]), (right, middles[rank]), (right + 0.03, y)])
        for marker, at in (("v", 0.0), ("^", top)):
            if math.isinf(low if marker == "v" else high):
                axes.plot(x, at, marker, color=BLACK, markersize=3, transform=beside, clip_on=False)
        words = f"{clip(claimant, 22)}\n{range_text(low, high)}"
        axes.text(right + 0.04, y, words, transform=beside, size=6.5, va="center", linespacing=1.05)
    for lines, colour, width in ((brackets, BLACK, 1.1), (leaders, GREY, 0.4)):
        axes.add_collection(
            LineCollection(lines, colors=colour, linewidths=width, transform=beside, clip_on=False),
            autolim=False,
        )
    return axes


def _top(top: float, claims: Sequence[tuple[float, float, str]]) -> float:
    """How far up a panel must reach that reaches to ``top`` without claims."""
    widest = _WIDEST * top
    for low, high, _ in claims:
        closed = math.isfinite(low) and math.isfinite(high)
        known = 1.08 * (high if math.isfinite(high) else low)
        # Of an open claim from a figure upwards, the figure must be seen; the rest is open.
        top = max(top, known if closed or math.isinf(high) else min(known, widest))
    return top


def _bracket(x: float, low: float, high: float, top: float) -> list[list[tuple[float, float]]]:
    caps = [end for end in (low, high) if math.isfinite(end) and end <= top]
    return [
        [(x, max(low, 0.0)), (x, min(high, top))],
        *[[(x - 0.014, end), (x + 0.014, end)] for end in caps],
    ]


def _middle(low: float, high: float, top: float) -> float:
    return (max(low, 0.0) + min(high, top)) / 2


def strength_figure(bands: Mapping[str, Floats], context: FigureContext) -> Figure:
    """Return a page with a panel for each side and arm that the campaign has.

    ``bands`` maps a series to its quantiles, shape (5, days + 1).
    """
    shown = [
        (side, name)
        for side in _sides(context)
        for form in (STRENGTH, TANK_STRENGTH)
        if _counts(bands, name := form.name(side=side))
    ]
    figure, cell = _pages_of_panels(
        len(shown),
        f"{context.title}: strength of each side, day by day",
        "Line: median; darker and lighter band: the middle 50 and 90 percent of replications. "
        "Each panel has its own scale.",
        context.simulated + " Strengths at H-hour are inputs: their bands are disputes in the "
        "record or assumptions.",
        right=0.2,
        inches=1.25,
    )
    for number, (side, name) in enumerate(shown):
        axes = draw_course(cell(number), bands[name], context.colours[side], context)
        _name(axes, name, context)
    return figure


def losses_figure(
    bands: Mapping[str, Floats], rows: Sequence[Row], context: FigureContext
) -> Figure:
    """Return a page of small multiples, a panel for each side's losses of a kind, claims beside.

    ``bands`` maps a series to its quantiles, shape (5, days + 1).
    """
    shown: list[tuple[str, str, list[Row]]] = []
    for side in _sides(context):
        for series, form, choice in LOSSES:
            outcome, name = form.name(side=side, **choice), series.name(side=side)
            claims = [row for row in rows if row.outcome == outcome]
            if name in bands and (claims or _counts(bands, name)):
                shown.append((side, name, claims))
    most = max((len(claims) for _, _, claims in shown), default=0)
    figure, cell = _pages_of_panels(
        len(shown),
        f"{context.title}: cumulative losses of each side",
        "Each panel has its own scale; a missing panel: nothing was lost in any replication and "
        "nothing is claimed. A claim's line without a cap goes on beyond its panel.",
        f"{context.simulated} {sources_of(row for _, _, claims in shown for row in claims)}",
        right=1.55,
        inches=max(1.25, 2.3 * _LINE_INCHES * most),
    )
    for number, (side, name, claims) in enumerate(shown):
        axes = draw_course(cell(number), bands[name], context.colours[side], context)
        draw_claims(axes, [(row.claim_low, row.claim_high, row.claimant) for row in claims])
        _name(axes, name, context)
    _legend(figure)
    return figure


def _pages_of_panels(
    count: int, title: str, subtitle: str, caption: str, *, right: float, inches: float
) -> tuple[Figure, Callable[[int], Axes]]:
    """Return a page for ``count`` panels, ``inches`` high, and the maker of each in its turn.

    ``right`` inches beside each panel stay free.
    """
    rows = max(1, -(-count // COLUMNS))
    figure = page(rows * (inches + 0.65), title, subtitle, caption)
    gaps = (0.75 + right, 0.65)
    cell = cells(figure, rows, COLUMNS, sides=(0.85, right), gaps=gaps, caption=caption)
    return figure, lambda number: cell(*divmod(number, COLUMNS))


def _name(axes: Axes, series: str, context: FigureContext) -> None:
    axes.set_title(context.describe(series, SERIES))
    axes.set_ylabel(f"{describe(series, SERIES)[0]}s")
    axes.set_xlabel(f"date, {context.years}")


def _legend(figure: Figure) -> None:
    handles = [
        Line2D([], [], color=GREY, linewidth=1.4, label="simulated median"),
        Patch(color=GREY, alpha=0.5, label="middle 50 percent"),
        Patch(color=GREY, alpha=0.2, label="middle 90 percent"),
        Line2D(
            [], [], color=BLACK, marker="|", markersize=6, linewidth=1.1,
            label="recorded claim for the whole campaign (arrow: open end)",
        ),
    ]  # fmt: skip
    height = figure.get_size_inches()[1]
    figure.legend(
        handles=handles, loc="upper left", ncols=4, bbox_to_anchor=(0.02, 1 - 0.6 / height)
    )


def _sides(context: FigureContext) -> list[str]:
    return [side.id for side in context.resolved.sides]


def _counts(bands: Mapping[str, Floats], name: str) -> bool:
    """Whether the series exists and is ever above nought in the upper band."""
    return name in bands and bool(np.nanmax(bands[name], initial=0.0) > 0.0)
