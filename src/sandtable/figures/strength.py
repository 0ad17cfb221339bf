"""Strengths and cumulative losses of each side over time, beside what is recorded of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sandtable.figures.claims_beside import Claimed, claims_inches, draw_claims
from sandtable.figures.context import FigureContext, sources_of, units_text
from sandtable.figures.sheet import Frame
from sandtable.figures.style import BLACK, GREY, Floats, count_axis, date_axis, draw_bands
from sandtable.outcomes import (
    LOST,
    SERIES,
    STRENGTH,
    TANK_STRENGTH,
    TANKS_LOST,
    describe,
)

if TYPE_CHECKING:
    from sandtable.comparison import Row

_PANEL = 1.25
# Inches right of a panel for its claims.
_BESIDE = 1.25
_STRENGTH, _LOSSES = Frame(0.72, 0.3, 0.75), Frame(0.72, _BESIDE, _BESIDE + 0.72)


def draw_course(axes: Axes, points: Floats, colour: str, context: FigureContext) -> Axes:
    """Draw the course of a count: ``points`` has shape (5, days + 1), row 2 the median."""
    draw_bands(axes, context.moments, points, colour)
    date_axis(axes, context.calendar, 0.0, context.end)
    top = float(np.nanmax(points)) if np.isfinite(points).any() else 0.0
    axes.set_ylim(0.0, 1.06 * top or 1.0)
    return count_axis(axes)


def strength_figures(bands: Mapping[str, Floats], context: FigureContext) -> list[Figure]:
    """Return pages with a panel for each side and arm that the campaign has.

    ``bands`` maps a series to its quantiles, shape (5, days + 1).
    """
    shown = [
        (side.id, name)
        for side in context.resolved.sides
        for form in (STRENGTH, TANK_STRENGTH)
        if _counts(bands, name := form.name(side=side.id))
    ]
    caption = (
        context.simulated + " Strengths at H-hour are inputs: their bands are disputes in the "
        "record or assumptions."
    )
    sheet = context.sheet(
        "strength of each side, day by day",
        "Each panel has its own scale.",
        caption,
        course_handles(),
    )
    # As few empty cells as can be.
    columns = min((3, 2), key=lambda count: -len(shown) % count)
    rows = [_PANEL] * -(-len(shown) // columns)
    figures = []
    for page, part in sheet.pages(rows, _STRENGTH.around):
        figure, cell = page.grid(rows[part], columns, _STRENGTH)
        for place, (side, name) in enumerate(shown[columns * part.start : columns * part.stop]):
            axes = cell(*divmod(place, columns))
            draw_course(axes, bands[name], context.colours[side], context)
            _name(axes, name, context)
        figures.append(figure)
    return figures


def losses_figures(
    bands: Mapping[str, Floats], rows: Sequence[Row], context: FigureContext
) -> list[Figure]:
    """Return pages of small multiples, a panel for each side's losses of a kind, claims beside.

    ``bands`` maps a series to its quantiles, shape (5, days + 1). A series has the name of the
    outcome that it ends with, so that figure, table and claim tell of one quantity.
    """
    shown: list[tuple[str, str, list[Row]]] = []
    for side, name in _losses(context):
        own = [row for row in rows if row.outcome == name]
        if name in bands and (own or _counts(bands, name)):
            shown.append((side, name, own))
    sheet = context.sheet(
        "cumulative losses of each side",
        "Each panel has its own scale. All losses: killed, wounded, missing, taken prisoner or "
        "fallen sick. Claims are for the whole campaign; an arrow marks an open end.",
        _losses_caption(shown, context),
        [*course_handles(), claim_handle()],
    )
    pairs = [shown[i : i + 2] for i in range(0, len(shown), 2)]
    heights = [max(_height(own, context) for _, _, own in pair) for pair in pairs]
    figures = []
    for page, part in sheet.pages(heights, _LOSSES.around):
        on_page = [panel for pair in pairs[part] for panel in pair]
        record = [claim_handle()] * any(own for _, _, own in on_page)
        page = page.showing([*course_handles(), *record], _losses_caption(on_page, context))
        figure, cell = page.grid(heights[part], 2, _LOSSES)
        for place, (side, name, own) in enumerate(on_page):
            axes = cell(*divmod(place, 2))
            draw_course(axes, bands[name], context.colours[side], context)
            draw_claims(axes, [Claimed.of(row, context) for row in own], _BESIDE)
            _name(axes, name, context)
        figures.append(figure)
    return figures


def _losses_caption(shown: Sequence[tuple[str, str, Sequence[Row]]], context: FigureContext) -> str:
    return f"{context.simulated} {sources_of(row for _, _, own in shown for row in own)}"


def _losses(context: FigureContext) -> list[tuple[str, str]]:
    """Each side with the names of its series of losses."""
    return [
        (side.id, name)
        for side in context.resolved.sides
        for name in (
            *(LOST.name(side=side.id, casualty=casualty) for casualty in LOST.choices["casualty"]),
            TANKS_LOST.name(side=side.id),
        )
    ]


def _height(rows: Sequence[Row], context: FigureContext) -> float:
    return max(_PANEL, claims_inches([Claimed.of(row, context) for row in rows], _BESIDE))


def _name(axes: Axes, series: str, context: FigureContext) -> None:
    axes.set_title(context.describe(series, SERIES))
    axes.set_ylabel(units_text(describe(series, SERIES)[0]))
    axes.set_xlabel(context.dates)


def course_handles() -> list[Artist]:
    """Return a legend's entries for the course of a series."""
    return [
        Line2D([], [], color=GREY, linewidth=1.4, label="simulated median"),
        Patch(color=GREY, alpha=0.5, linewidth=0, label="middle 50 percent"),
        Patch(color=GREY, alpha=0.2, linewidth=0, label="middle 90 percent"),
    ]


def claim_handle() -> Artist:
    """Return a legend's entry for claims beside a panel."""
    return Line2D(
        [], [], color=BLACK, marker="|", markersize=6, linewidth=1.1, label="recorded claim"
    )


def _counts(bands: Mapping[str, Floats], name: str) -> bool:
    """Whether the series exists and is ever above nought in the upper band."""
    return name in bands and bool(np.nanmax(bands[name], initial=0.0) > 0.0)
