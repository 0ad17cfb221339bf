"""Panels of a vary study: how one outcome answers to one key or two, beside its claims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLACK,
    BLUE,
    SMALL,
    VERMILION,
    Floats,
    clip,
    draw_bands,
    spread,
)

if TYPE_CHECKING:
    from sandtable.comparison import Row
    from sandtable.studies.vary.method import Response

# Values are printed in a heat map of at most so many cells.
_PRINTED = 64

# Claims told under a panel; more would run into what is below.
_TOLD = 3


def draw_curve(axes: Axes, response: Response, x: Floats, end: float) -> Axes:
    """Draw median, 50 and 90 percent bands over the values of one key, and the claims as ranges.

    ``x`` has one value a point; ``end`` is where a day that never comes is drawn.
    """
    order = np.argsort(x, kind="stable")
    points = np.minimum(_quantiles(response)[:, order], end)
    draw_bands(axes, x[order], points, BLUE)
    axes.plot(x[order], points[2], "o", color=BLUE, markersize=3.5, clip_on=False)
    axes.set_xlim(x.min(), x.max())
    _draw_claims(axes, response, end)
    return axes


def draw_intervals(axes: Axes, response: Response, names: Sequence[str], end: float) -> Axes:
    """Draw each point's 5 to 95 and 25 to 75 percent as bars side by side, the median a tick."""
    points = np.minimum(_quantiles(response), end)
    places = range(len(names))
    for low, high, colour in ((0, 4, BAND_LIGHT), (1, 3, BAND_DARK)):
        bars = [[(i, points[low, i]), (i, points[high, i])] for i in places]
        axes.add_collection(LineCollection(bars, colors=colour, linewidths=14, capstyle="butt"))
    axes.plot(places, points[2], "_", color=BLUE, markersize=14, markeredgewidth=2)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xticks(list(places), [clip(name, 22) for name in names])
    axes.autoscale_view(scalex=False)
    _draw_claims(axes, response, end)
    return axes


def draw_heat(axes: Axes, response: Response, x: Floats, y: Floats, end: float) -> Axes:
    """Draw the median over two keys, with a line where it equals an end of a claim.

    Points on a grid are cells, in which a few values are printed; others are dots.
    """
    medians = np.minimum(_quantiles(response)[2], end)
    columns, rows = np.unique(x), np.unique(y)
    if len(columns) * len(rows) == len(x):
        grid = np.full((len(rows), len(columns)), np.nan)
        grid[np.searchsorted(rows, y), np.searchsorted(columns, x)] = medians
        drawn: Any = axes.pcolormesh(columns, rows, grid, cmap="cividis", shading="nearest")
        if len(x) <= _PRINTED:
            _print_values(axes, drawn, x, y, medians, response, end)
    else:
        drawn = axes.scatter(x, y, c=medians, cmap="cividis", s=28, linewidths=0)
    bar = axes.figure.colorbar(drawn, ax=axes, pad=0.02, fraction=0.06)
    bar.set_label(f"median, {response.unit}", size=SMALL)
    bar.outline.set_linewidth(0.4)
    _draw_contours(axes, response, x, y, medians)
    return axes


def draw_scatter(axes: Axes, response: Response, x: Floats, end: float) -> Axes:
    """Draw each point's median and middle 50 percent against one of several keys."""
    points = np.minimum(_quantiles(response), end)
    bars = [[(x[i], points[1, i]), (x[i], points[3, i])] for i in range(len(x))]
    axes.add_collection(LineCollection(bars, colors=BAND_DARK, linewidths=1.0))
    axes.plot(x, points[2], "o", color=BLUE, markersize=3, linestyle="")
    axes.autoscale_view()
    _draw_claims(axes, response, end)
    return axes


def _draw_claims(axes: Axes, response: Response, end: float) -> None:
    """Draw each claim as a range over the whole width, its claimant at the right edge."""
    claims = response.claims
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
    _name_claims(axes, claims, end)


def _name_claims(axes: Axes, claims: Sequence[Row], end: float) -> None:
    low, high = axes.get_ylim()
    middles = sorted(
        ((_middle(row, low, min(high, end)), row) for row in claims), key=lambda item: item[0]
    )
    # Two lines of small type a claim, in the unit of the axis.
    per_inch = (high - low) / (axes.bbox.height / axes.figure.dpi)
    places = spread([middle for middle, _ in middles], 0.24 * per_inch, low, high)
    for place, (_, row) in zip(places, middles, strict=True):
        text = f"{clip(row.claimant, 22)}\n{_range(row)}"
        axes.annotate(
            text, (1.012, place), xycoords=("axes fraction", "data"), size=5.8, color=VERMILION,
            va="center", linespacing=1.0, annotation_clip=False,
        )  # fmt: skip


def _draw_contours(axes: Axes, response: Response, x: Floats, y: Floats, medians: Floats) -> None:
    """Draw where the median equals the ends of the claims, linear between the points."""
    told = np.isfinite(medians)
    flat = min(len(np.unique(x[told])), len(np.unique(y[told]))) < 2
    low, high = medians[told].min(), medians[told].max()
    ends: dict[float, str] = {}
    missed = list[str]()
    for row in response.claims:
        met = [end for end in (row.claim_low, row.claim_high) if low < end < high]
        for end in met:
            ends.setdefault(end, f"{clip(row.claimant, 24)}: {_short(end)}")
        if not met:
            inside = row.claim_low <= low and high <= row.claim_high
            where = "holds everywhere" if inside else "met nowhere"
            missed.append(f"{clip(row.claimant, 24)}, {_range(row)}: {where}")
    more = [f"and {len(missed) - _TOLD} more"] if len(missed) > _TOLD else []
    axes.annotate(
        "\n".join(missed[:_TOLD] + more), (0.0, 0.0), xycoords="axes fraction", xytext=(0.0, -34.0),
        textcoords="offset points", size=5.8, color=VERMILION, va="top", linespacing=1.2,
    )  # fmt: skip
    if not ends or flat:
        return
    limits = axes.axis()
    drawn = axes.tricontour(
        x[told], y[told], medians[told], levels=sorted(ends), colors=VERMILION, linewidths=1.6
    )
    axes.axis(limits)
    for label in axes.clabel(drawn, fmt=ends, fontsize=6, colors=BLACK) or ():
        label.set_bbox({"facecolor": "white", "alpha": 0.85, "pad": 0.8, "linewidth": 0})


def _print_values(
    axes: Axes, drawn: Any, x: Floats, y: Floats, medians: Floats, response: Response, end: float
) -> None:
    never = np.isinf(_quantiles(response)[2])
    for i in range(len(x)):
        if math.isnan(medians[i]):
            continue
        red, green, blue, _ = drawn.cmap(drawn.norm(medians[i]))
        dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
        text = "never" if never[i] else _short(medians[i])
        axes.text(
            x[i], y[i], text, size=5.8, ha="center", va="center",
            color="white" if dark else BLACK, zorder=2.5,
        )  # fmt: skip


def _quantiles(response: Response) -> Floats:
    return np.array([at.quantiles for at in response.at], dtype=np.float64).T


def _middle(row: Row, low: float, high: float) -> float:
    return (max(row.claim_low, low) + min(row.claim_high, high)) / 2


def _range(row: Row) -> str:
    low, high = row.claim_low, row.claim_high
    if math.isinf(low) or math.isinf(high):
        return f"≤ {_short(high)}" if math.isinf(low) else f"≥ {_short(low)}"
    return _short(low) if low == high else f"{_short(low)}–{_short(high)}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
