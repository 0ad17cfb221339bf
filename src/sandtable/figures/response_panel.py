"""Panels of a vary study: how one outcome answers to one key or two, beside its claims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sandtable.figures.context import FigureContext, units_text
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLACK,
    BLUE,
    VERMILION,
    Floats,
    draw_bands,
    spread,
    value_axis,
)
from sandtable.figures.text import SMALL, line_count, line_inches, text_inches, wrapped
from sandtable.outcomes import is_moment

if TYPE_CHECKING:
    from sandtable.comparison import Row
    from sandtable.studies.vary.method import Response

SCALE = 0.95
"""Inches right of a map of the median for its scale of colours."""

# Claims told under a panel.
_TOLD = 3
# Inches right of a panel for claimants, and of the leaders between the two.
_BESIDE, _GAP = 1.0, 0.08


def draw_curve(axes: Axes, response: Response, x: Floats, context: FigureContext) -> Axes:
    """Draw median, 50 and 90 percent bands over the values of one key, and the claims as ranges.

    ``x`` has one value a point. A day that never comes is drawn at the campaign's end.
    """
    order = np.argsort(x, kind="stable")
    points = _quantiles(response, context)[:, order]
    draw_bands(axes, x[order], points, BLUE)
    axes.plot(x[order], points[2], "o", color=BLUE, markersize=3.5, clip_on=False)
    axes.set_xlim(x.min(), x.max())
    _draw_claims(axes, response, context)
    return axes


def draw_intervals(
    axes: Axes, response: Response, names: Sequence[str], context: FigureContext
) -> Axes:
    """Draw each point's 5 to 95 and 25 to 75 percent as bars side by side, the median a tick."""
    points = _quantiles(response, context)
    places = range(len(names))
    for low, high, colour in ((0, 4, BAND_LIGHT), (1, 3, BAND_DARK)):
        bars = [[(i, points[low, i]), (i, points[high, i])] for i in places]
        axes.add_collection(LineCollection(bars, colors=colour, linewidths=12, capstyle="butt"))
    axes.plot(places, points[2], "_", color=BLUE, markersize=12, markeredgewidth=2)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xticks(list(places), names)
    axes.autoscale_view(scalex=False)
    _draw_claims(axes, response, context)
    return axes


def draw_heat(
    axes: Axes,
    response: Response,
    x: Floats,
    y: Floats,
    context: FigureContext,
    below: float = 0.3,
) -> Axes:
    """Draw the median over two keys, with a line where it equals an end of a claim.

    ``below`` are the inches from the axes down to the notes on claims.
    Points on a grid are cells, in which the values are printed if they have room; others are dots.
    """
    medians = _quantiles(response, context)[2]
    columns, rows = np.unique(x), np.unique(y)
    if len(columns) * len(rows) == len(x):
        grid = np.full((len(rows), len(columns)), np.nan)
        grid[np.searchsorted(rows, y), np.searchsorted(columns, x)] = medians
        drawn: Any = axes.pcolormesh(columns, rows, grid, cmap="cividis", shading="nearest")
        _print_values(axes, drawn, x, y, response, context)
    else:
        drawn = axes.scatter(x, y, c=medians, cmap="cividis", s=28, linewidths=0)
    beside = 0.1 * axes.figure.dpi / axes.bbox.width
    bar = axes.figure.colorbar(drawn, cax=axes.inset_axes((1.0 + beside, 0.0, beside, 1.0)))
    if is_moment(response.outcome):
        value_axis(bar.ax.yaxis, context.calendar)
        bar.set_label("median", size=SMALL)
    else:
        bar.set_label(f"median, {units_text(response.unit)}", size=SMALL)
    bar.outline.set_linewidth(0.4)
    _draw_contours(axes, response, x, y, medians)
    axes.annotate(
        notes(response, context, axes.bbox.width / axes.figure.dpi + SCALE), (0.0, 0.0),
        xycoords="axes fraction", xytext=(0.0, -72.0 * below), textcoords="offset points",
        size=SMALL, color=VERMILION, va="top", linespacing=1.1,
    )  # fmt: skip
    return axes


def draw_scatter(axes: Axes, response: Response, x: Floats, context: FigureContext) -> Axes:
    """Draw each point's median and middle 50 percent against one of several keys."""
    points = _quantiles(response, context)
    bars = [[(x[i], points[1, i]), (x[i], points[3, i])] for i in range(len(x))]
    axes.add_collection(LineCollection(bars, colors=BAND_DARK, linewidths=1.0))
    axes.plot(x, points[2], "o", color=BLUE, markersize=3, linestyle="")
    axes.autoscale_view()
    _draw_claims(axes, response, context)
    return axes


def _draw_claims(axes: Axes, response: Response, context: FigureContext) -> None:
    """Draw each claim as a range over the whole width, its claimant at the right edge."""
    claims, end = response.claims, _end(response, context)
    if not claims:
        return
    finite = [
        min(value, end)
        for row in claims
        for value in (row.claim_low, row.claim_high)
        if math.isfinite(value)
    ]
    low, high = axes.get_ylim()
    low, high = min([low, *finite]), max([high, *finite])
    margin = 0.06 * (high - low or 1.0)
    low, high = low - margin * (low < axes.get_ylim()[0]), high + margin
    low = max(low, 0.0) if min(finite, default=0.0) >= 0 and axes.dataLim.y0 >= 0 else low
    axes.set_ylim(low, high)
    for row in claims:
        bottom, top = max(row.claim_low, low), min(row.claim_high, end, high)
        alpha = 0.04 if row.bound else 0.13
        axes.axhspan(bottom, top, color=VERMILION, alpha=alpha, linewidth=0, zorder=0)
        for edge in {row.claim_low, row.claim_high}:
            if math.isfinite(edge) and edge <= end:
                axes.axhline(edge, color=VERMILION, linewidth=1.2, zorder=1.5)
    _name_claims(axes, claims, context, end)


def _name_claims(axes: Axes, claims: Sequence[Row], context: FigureContext, end: float) -> None:
    low, high = axes.get_ylim()
    middles = sorted(
        ((_middle(row, low, min(high, end)), row) for row in claims), key=lambda item: item[0]
    )
    dpi = axes.figure.dpi
    per_inch = (high - low) / (axes.bbox.height / dpi)
    words = [_words(row, context) for _, row in middles]
    sizes = [per_inch * _inches(text) for text in words]
    places = spread([middle for middle, _ in middles], sizes, low, high)
    inch = dpi / axes.bbox.width
    leaders = [
        [(1.0, middle), (1.0 + _GAP * inch, place)]
        for (middle, _), place in zip(middles, places, strict=True)
    ]
    axes.add_collection(
        LineCollection(
            leaders, colors=VERMILION, linewidths=0.5, transform=axes.get_yaxis_transform(),
            clip_on=False,
        ),
        autolim=False,
    )  # fmt: skip
    for place, text in zip(places, words, strict=True):
        axes.annotate(
            text, (1.0 + (_GAP + 0.03) * inch, place), xycoords=("axes fraction", "data"),
            size=SMALL, color=VERMILION, va="center", linespacing=1.05, annotation_clip=False,
        )  # fmt: skip


def claims_inches(response: Response, context: FigureContext) -> float:
    """Return how high the words of a response's claims are, one below the other."""
    return math.fsum(_inches(_words(row, context)) for row in response.claims)


def _words(row: Row, context: FigureContext) -> str:
    return wrapped(f"{row.claimant}\n{_range(row, context)}", _BESIDE)


def _inches(text: str) -> float:
    return line_inches(SMALL, line_count(text)) + 0.02


def ends_met(response: Response) -> list[float]:
    """Return the ends of claims that the medians of a response reach on both sides."""
    medians = [at.median for at in response.at if math.isfinite(at.median)]
    ends = [end for row in response.claims for end in (row.claim_low, row.claim_high)]
    return sorted({end for end in ends if min(medians) < end < max(medians)}) if medians else []


def notes(response: Response, context: FigureContext, inches: float) -> str:
    """Return what is said of claims below a map of the median, in lines of so many inches."""
    medians = [at.median for at in response.at if math.isfinite(at.median)]
    said = []
    for row in response.claims:
        text = f"{row.claimant}, {_range(row, context)}"
        if medians and row.claim_low <= min(medians) and max(medians) <= row.claim_high:
            text += ": holds everywhere"
        elif not set(ends_met(response)) & {row.claim_low, row.claim_high}:
            text += ": met nowhere"
        said.append(wrapped(text, inches))
    more = [f"and {len(said) - _TOLD} more claims"] if len(said) > _TOLD else []
    return "\n".join([*said[:_TOLD], *more])


def _draw_contours(axes: Axes, response: Response, x: Floats, y: Floats, medians: Floats) -> None:
    """Draw where the median equals the ends of the claims, linear between the points."""
    told = np.isfinite(medians)
    levels = ends_met(response)
    flat = min(len(np.unique(x[told])), len(np.unique(y[told]))) < 2
    if not levels or flat:
        return
    limits = axes.axis()
    axes.tricontour(
        x[told], y[told], medians[told], levels=levels, colors=VERMILION, linewidths=1.6
    )
    axes.axis(limits)


def _print_values(
    axes: Axes, drawn: Any, x: Floats, y: Floats, response: Response, context: FigureContext
) -> None:
    """Print the median in each cell, unless they are too small for it."""
    medians = [at.median for at in response.at]
    dpi = axes.figure.dpi
    across = axes.bbox.width / dpi / len(np.unique(x))
    lines = int(axes.bbox.height / dpi / len(np.unique(y)) / line_inches())
    words = [_printed(value, response, context, lines) for value in medians]
    if not lines or max(text_inches(line) for text in words for line in text.split("\n")) > across:
        return
    shades = drawn.cmap(drawn.norm(np.minimum(medians, _end(response, context))))
    for i, text in enumerate(words):
        if math.isnan(medians[i]):
            continue
        dark = float(shades[i, :3] @ (0.2126, 0.7152, 0.0722)) < 0.5
        axes.text(
            x[i], y[i], text, size=SMALL, ha="center", va="center",
            color="white" if dark else BLACK, zorder=2.5,
        )  # fmt: skip


def _printed(value: float, response: Response, context: FigureContext, lines: int) -> str:
    """A median as it stands in a cell, that of a moment with its hour where there are two lines."""
    if math.isinf(value):
        return "never"
    text = context.value_text(response.outcome, value)
    if lines > 1 and is_moment(response.outcome):
        text += f"\n{context.calendar.moment_of(value):%H:%M}"
    return text


def _quantiles(response: Response, context: FigureContext) -> Floats:
    """Quantiles, shape (5, points), with what never comes at the campaign's end."""
    found = np.array([at.quantiles for at in response.at], dtype=np.float64).T
    return np.minimum(found, _end(response, context))


def _end(response: Response, context: FigureContext) -> float:
    """Where a day that never comes is drawn: at the campaign's end; elsewhere nothing is cut."""
    return context.end if is_moment(response.outcome) else math.inf


def _middle(row: Row, low: float, high: float) -> float:
    """Where a claim's words belong: in its middle, or at the known end of one that is open."""
    if math.isinf(row.claim_low) or math.isinf(row.claim_high):
        known = row.claim_high if math.isinf(row.claim_low) else row.claim_low
        return min(max(known, low), high)
    return (max(row.claim_low, low) + min(row.claim_high, high)) / 2


def _range(row: Row, context: FigureContext) -> str:
    return context.range_text(row.outcome, row.claim_low, row.claim_high)
