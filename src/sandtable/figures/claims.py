"""Every recorded claim beside the simulated interval of its outcome, on as many pages as needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sandtable.comparison.scores import INSIDE_50, INSIDE_90
from sandtable.figures.claim_panel import VERDICTS, Panel, draw_panel, marker_size
from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLUE,
    GREY,
    HEAD,
    PURPLE,
    SMALL,
    WIDTH,
    clip,
    page,
)
from sandtable.outcomes import Kind, is_moment, parse

if TYPE_CHECKING:
    from sandtable.comparison import Row

_ROW_INCHES, _HEAD_INCHES, _PAGE_ROWS = 0.19, 0.78, 50
_LEFT_INCHES = 4.7


# Heading, the axis's label (a moment's has the year) and scale of each panel, from the top.
_PANELS = {
    Kind.MOMENT: ("Days of capture, encirclement and surrender", "", "date"),
    Kind.DURATION: ("Days halted", "days", "linear"),
    "persons": ("Personnel", "persons (logarithmic)", "log"),
    "materiel": ("Materiel", "number (logarithmic)", "log"),
    Kind.DISTANCE: ("Ground gained", "km", "linear"),
    Kind.SHARE: ("Shares", "percent", "share"),
}


def panels(rows: Sequence[Row], context: FigureContext) -> list[Panel]:
    """Sort claims into panels by kind, and by outcome within each."""
    found = {
        name: Panel(heading, unit or f"date, {context.years}", scale, ())
        for name, (heading, unit, scale) in _PANELS.items()
    }
    for row in sorted(rows, key=_order(rows)):
        name = _panel(row)
        found[name] = replace(found[name], rows=(*found[name].rows, row))
    return [panel for panel in found.values() if panel.rows]


def _panel(row: Row) -> str:
    """The panel of a claim: that of its outcome's kind; of counts, persons stand apart."""
    told = parse(row.outcome)
    if told is None or told.form.kind is Kind.COUNT:
        return "persons" if row.unit == "person" else "materiel"
    return told.form.kind


def _order(rows: Sequence[Row]) -> Callable[[Row], tuple[str, float, str, float, str]]:
    """Key by which moments stand in the order of history, all else by name, like with like."""
    earliest: dict[str, float] = {}
    for row in rows:
        earliest[row.outcome] = min(_known(row), earliest.get(row.outcome, math.inf))

    def key(row: Row) -> tuple[str, float, str, float, str]:
        kind, _, rest = row.outcome.partition("/")
        first = earliest[row.outcome] if is_moment(row.outcome) else 0.0
        return kind, first, rest, _known(row), row.claimant

    return key


def _known(row: Row) -> float:
    return row.claim_low if math.isfinite(row.claim_low) else row.claim_high


def claims_figures(
    rows: Sequence[Row],
    context: FigureContext,
    baseline: Mapping[str, NDArray[np.float64]],
) -> list[Figure]:
    """Return as many pages as the claims need, none if there are no claims."""
    pages = _pages(panels(rows, context))
    return [
        _claims_page(shown, context, baseline, f" ({number} of {len(pages)})" * (len(pages) > 1))
        for number, shown in enumerate(pages, start=1)
    ]


def _pages(found: Sequence[Panel]) -> list[list[Panel]]:
    """Deal panels out to pages of about equal length, splitting those that are too long."""
    total = sum(len(panel.rows) for panel in found)
    size = math.ceil(total / max(1, math.ceil(total / _PAGE_ROWS)))
    pages: list[list[Panel]] = []
    room = 0
    for panel in found:
        rows = panel.rows
        while rows:
            # A few rows more on a page are better than a panel torn apart for them.
            if room < 4 and (room < len(rows) or not pages):
                pages.append([])
                room = size
            count = len(rows) if len(rows) <= room + 4 else room
            pages[-1].append(Panel(panel.heading, panel.unit, panel.scale, rows[:count]))
            rows, room = rows[count:], room - count
    return pages


def _claims_page(
    shown: Sequence[Panel],
    context: FigureContext,
    baseline: Mapping[str, NDArray[np.float64]],
    number: str,
) -> Figure:
    heights = [_ROW_INCHES * len(panel.rows) for panel in shown]
    used = [row for panel in shown for row in panel.rows]
    caption = (
        f"{context.simulated} {sources_of(used)} Baseline: one battle and the planned rates of "
        "march, without a campaign model."
    )
    figure = page(
        sum(heights) + _HEAD_INCHES * len(shown) - 0.15,
        f"{context.title}: what is recorded against what is simulated{number}",
        "A row is one claim by one claimant. Bars: simulated; line with a mark: recorded. "
        "The mark's colour and shape give the verdict.",
        caption,
    )
    total = figure.get_size_inches()[1]
    top = total - HEAD - 0.1
    for panel, height in zip(shown, heights, strict=True):
        width = WIDTH - _LEFT_INCHES - 0.45
        axes = figure.add_axes(
            (_LEFT_INCHES / WIDTH, (top - height) / total, width / WIDTH, height / total)
        )
        draw_panel(axes, panel, context, baseline)
        _name_rows(axes, panel, context, width)
        top -= height + _HEAD_INCHES
    _legend(figure, total)
    return figure


def _name_rows(axes: Axes, panel: Panel, context: FigureContext, width: float) -> None:
    """Write each outcome (once for rows of one outcome) and claimant left of the axes."""
    before = ""
    for y, row in enumerate(panel.rows):
        if row.outcome != before:
            text = clip(context.describe(row.outcome), 76 - len(clip(row.claimant, 36)))
            _write(axes, -(_LEFT_INCHES - 0.3) / width, y, text, "black", "left")
        before = row.outcome
        claimant = clip(row.claimant, 36)
        _write(axes, -0.12 / width, y, claimant, GREY, "right")


def _write(axes: Axes, x: float, y: float, text: str, colour: str, side: str) -> None:
    axes.text(
        x, y, text, transform=axes.get_yaxis_transform(), ha=side, va="center", size=SMALL,
        color=colour,
    )  # fmt: skip


def _legend(figure: Figure, height: float) -> None:
    marks = [
        Line2D(
            [], [], color=colour, marker=marker, linewidth=1.8, markeredgecolor="white",
            markersize=marker_size(marker),
            label={INSIDE_50: "meets middle 50 %", INSIDE_90: "meets middle 90 %"}.get(name, name),
        )
        for name, (colour, marker) in VERDICTS.items()
    ]  # fmt: skip
    bars = [
        Line2D([], [], color=BAND_LIGHT, linewidth=8, label="middle 90 %"),
        Line2D([], [], color=BAND_DARK, linewidth=8, label="middle 50 %"),
        Line2D([], [], color=BLUE, marker="|", markersize=9, linestyle="", label="median"),
        Line2D(
            [], [], marker="D", markersize=4.5, markerfacecolor="none", markeredgecolor=PURPLE,
            linestyle="", label="baseline",
        ),
    ]  # fmt: skip
    figure.legend(
        handles=[*bars, *marks], loc="upper left", ncols=8, columnspacing=1.2, handlelength=1.6,
        bbox_to_anchor=(0.02, 1 - 0.6 / height),
    )  # fmt: skip
