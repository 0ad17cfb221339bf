"""Every recorded claim beside the simulated interval of its outcome, on as many pages as needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sandtable.comparison.verdicts import INSIDE_50, INSIDE_90
from sandtable.figures.claim_panel import (
    ROW,
    VERDICTS,
    Panel,
    draw_panel,
    lines_high,
    marker_size,
    verdict_of,
)
from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.sheet import WIDTH, Sheet
from sandtable.figures.style import BAND_DARK, BAND_LIGHT, BLUE, GREY, PURPLE
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.outcomes import Kind, is_moment, parse

if TYPE_CHECKING:
    from sandtable.comparison import Row

# Inches: left of the axes, the axes, and within the former an outcome's name and a claimant.
_LEFT, _ACROSS = 3.55, 3.2
_OUTCOME, _CLAIMANT = 1.65, 1.68
# Above a panel for its heading, and below it for its axis.
_ABOVE, _BELOW = 0.24, 0.42
_AROUND = _ABOVE + _BELOW
# So many rows of a panel stay together at either end of a page.
_TOGETHER = 3
_VERDICT_WORDS = {INSIDE_50: "meets middle 50 percent", INSIDE_90: "meets middle 90 percent"}

# Heading, the axis's label (a moment's has the year) and scale of each panel, from the top.
_PANELS = {
    Kind.MOMENT: ("Times of events", "", "date"),
    Kind.DURATION: ("Days halted", "days", "linear"),
    "persons": ("Personnel", "persons (logarithmic)", "log"),
    "materiel": ("Materiel", "number (logarithmic)", "log"),
    Kind.DISTANCE: ("Ground gained", "km", "linear"),
    Kind.SHARE: ("Shares", "percent", "share"),
}


def panels(rows: Sequence[Row], context: FigureContext) -> list[Panel]:
    """Sort claims into panels by kind, and by outcome within each."""
    found = {
        name: Panel(heading, unit or context.dates, scale, ())
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
    blocks = [block for panel in panels(rows, context) for block in _blocks(panel, context)]
    heights = [block.inches + _AROUND * block.first for block in blocks]
    sheet = context.sheet(
        "recorded claims and simulated values",
        "A row is one claim by one claimant. Bars: simulated; line with a mark: recorded. The "
        "mark's colour and shape give the verdict.",
        _caption(rows, context),
        _handles(rows, baseline),
    )
    return [
        _claims_page(page, _joined(blocks[part]), context, baseline)
        for page, part in sheet.pages(heights, spare=_AROUND)
    ]


def _claims_page(
    sheet: Sheet,
    shown: Sequence[Panel],
    context: FigureContext,
    baseline: Mapping[str, NDArray[np.float64]],
) -> Figure:
    used = [row for panel in shown for row in panel.rows]
    sheet = sheet.showing(_handles(used, baseline), _caption(used, context))
    figure = sheet.figure(math.fsum(panel.inches + _AROUND for panel in shown))
    total = figure.get_size_inches()[1]
    top = total - sheet.head
    for panel in shown:
        bottom = top - _ABOVE - panel.inches
        axes = figure.add_axes(
            (_LEFT / WIDTH, bottom / total, _ACROSS / WIDTH, panel.inches / total)
        )
        draw_panel(axes, panel, context, baseline)
        _name_rows(axes, panel, context)
        top = bottom - _BELOW
    return figure


def _caption(rows: Sequence[Row], context: FigureContext) -> str:
    return (
        f"{context.simulated} {sources_of(rows)} Baseline: one battle and the planned rates of "
        "march, without a campaign model."
    )


def _blocks(panel: Panel, context: FigureContext) -> list[Panel]:
    """A panel in parts that no page break may tear: a short one whole, a few rows at its ends."""
    heights = _heights(panel, context)
    count = len(heights)
    ends = [0, count] if count <= 2 * _TOGETHER + 1 else [0, *range(_TOGETHER, count - 2), count]
    return [
        replace(panel, rows=panel.rows[i:j], heights=tuple(heights[i:j]), first=i == 0)
        for i, j in pairwise(ends)
    ]


def _joined(blocks: Sequence[Panel]) -> list[Panel]:
    """Join the blocks of one page that are of one panel."""
    found: list[Panel] = []
    for block in blocks:
        if found and not block.first:
            last = found[-1]
            rows, heights = (*last.rows, *block.rows), (*last.heights, *block.heights)
            found[-1] = replace(last, rows=rows, heights=heights)
        else:
            found.append(block)
    return found


def _heights(panel: Panel, context: FigureContext) -> list[float]:
    """How high each row is, so that its claimant and its outcome's name have room."""
    heights = [lines_high(line_count(wrapped(row.claimant, _CLAIMANT))) for row in panel.rows]
    start = 0
    for outcome, group in groupby(row.outcome for row in panel.rows):
        end = start + len(list(group))
        needed = lines_high(line_count(_outcome_words(outcome, context)))
        heights[end - 1] += max(0.0, needed - math.fsum(heights[start:end]))
        start = end
    return heights


def _outcome_words(outcome: str, context: FigureContext) -> str:
    return wrapped(context.describe(outcome), _OUTCOME)


def _name_rows(axes: Axes, panel: Panel, context: FigureContext) -> None:
    """Write each outcome (once for rows of one outcome) and claimant left of the axes."""
    before = ""
    for top, row in zip(panel.tops, panel.rows, strict=True):
        over = top + (1.0 - line_inches() / ROW) / 2
        if row.outcome != before:
            words = _outcome_words(row.outcome, context)
            _write(axes, -(_LEFT - 0.1) / _ACROSS, over, words, "black", "left")
        before = row.outcome
        _write(axes, -0.1 / _ACROSS, over, wrapped(row.claimant, _CLAIMANT), GREY, "right")


def _write(axes: Axes, x: float, y: float, text: str, colour: str, across: str) -> None:
    look: dict[str, Any] = {"ha": across, "va": "top", "size": SMALL, "color": colour}
    axes.text(x, y, text, transform=axes.get_yaxis_transform(), linespacing=1.1, **look)


def _handles(rows: Sequence[Row], baseline: Mapping[str, NDArray[np.float64]]) -> list[Artist]:
    """Return a legend's entries of what panels with these rows show."""
    handles: list[Artist] = []
    if any(not math.isnan(row.p50) for row in rows):
        handles += [
            Patch(color=BAND_LIGHT, label="middle 90 percent"),
            Patch(color=BAND_DARK, label="middle 50 percent"),
            Line2D(
                [], [], color=BLUE, marker="|", markersize=8, markeredgewidth=1.8, linestyle="",
                label="median",
            ),
        ]  # fmt: skip
    if any(row.outcome in baseline for row in rows):
        handles.append(
            Line2D(
                [], [], marker="D", markersize=4, markerfacecolor="none", linestyle="",
                markeredgecolor=PURPLE, label="baseline",
            )
        )  # fmt: skip
    for verdict, (colour, marker) in VERDICTS.items():
        if any(verdict_of(row) == verdict for row in rows):
            handles.append(
                Line2D(
                    [], [], color=colour, marker=marker, linewidth=1.8, markeredgecolor="white",
                    markersize=marker_size(marker), label=_VERDICT_WORDS.get(verdict, verdict),
                )
            )  # fmt: skip
    return handles
