"""Panels of claims: recorded ranges over simulated intervals, a row a claim."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from sandtable.comparison.verdicts import (
    INSIDE_50,
    INSIDE_90,
    NEVER_ONLY,
    NO_ANSWER,
    OUTSIDE,
    TESTS_NOTHING,
)
from sandtable.figures.context import FigureContext
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLACK,
    BLUE,
    GREEN,
    GREY,
    MID_GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    date_axis,
)
from sandtable.figures.text import SMALL

if TYPE_CHECKING:
    from sandtable.comparison import Row

GIVEN = "given by an order"
"""Stands for the verdict on what an order of the scenario sets: that agrees with nothing."""
# Colour and shape of each verdict.
VERDICTS = {
    INSIDE_50: (GREEN, "o"),
    INSIDE_90: (ORANGE, "s"),
    NEVER_ONLY: (BLACK, "v"),
    OUTSIDE: (VERMILION, "X"),
    NO_ANSWER: (GREY, "P"),
    TESTS_NOTHING: (SKY, "d"),
    GIVEN: (MID_GREY, "^"),
}
# Half the width of the strip for days after the end, as a share of the campaign.
_STRIP = 0.05
ROW = 0.165
"""Inches of a row of one line."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Claims of one kind: its heading, the axis's label, and its scale.

    ``heights`` are those of the rows, in rows of one line (absent: all of one line); ``first``
    is false for a part that goes on where another page ended.
    """

    heading: str
    unit: str
    scale: str
    rows: tuple[Row, ...]
    heights: tuple[float, ...] = ()
    first: bool = True

    @property
    def tops(self) -> list[float]:
        """Where each row begins, the middle of a first row of one line being nought."""
        ends = accumulate(self._heights)
        return [end - height - 0.5 for end, height in zip(ends, self._heights, strict=True)]

    @property
    def places(self) -> list[float]:
        """The middle of each row."""
        return [top + height / 2 for top, height in zip(self.tops, self._heights, strict=True)]

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return math.fsum(self._heights) - 0.5

    @property
    def inches(self) -> float:
        """Height of all rows."""
        return ROW * math.fsum(self._heights)

    @property
    def _heights(self) -> tuple[float, ...]:
        return self.heights or (1.0,) * len(self.rows)


def lines_high(lines: int) -> float:
    """Return the height of so many lines of words, in rows of one line."""
    return 1.0 + 0.72 * (lines - 1)


def draw_panel(
    axes: Axes,
    panel: Panel,
    context: FigureContext,
    baseline: Mapping[str, NDArray[np.float64]],
) -> Axes:
    """Draw a panel's claims from the top, each over the simulated interval of its outcome.

    Light bar: 5 to 95 percent; dark bar: 25 to 75; tick: median. A claim is a line from end to
    end with its verdict's mark; an open end runs to the edge. ``baseline`` maps an outcome to
    the baseline's draws, whose median is a hollow diamond.
    """
    _set_scale(axes, panel, context, baseline)
    axes.set_ylim(panel.bottom, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.hlines(
        panel.places, 0, 1, transform=axes.get_yaxis_transform(), color="#EFEFEF",
        linewidth=0.5, zorder=0,
    )  # fmt: skip
    _draw_simulated(axes, panel)
    _draw_recorded(axes, panel)
    _draw_baseline(axes, panel, baseline)
    axes.set_title(panel.heading + ("" if panel.first else " (continued)"))
    axes.set_xlabel(panel.unit)
    return axes


def _set_scale(
    axes: Axes, panel: Panel, context: FigureContext, baseline: Mapping[str, NDArray[np.float64]]
) -> None:
    ends = [
        value
        for row in panel.rows
        for value in (row.claim_low, row.claim_high, row.p05, row.p95, _middle(baseline, row))
        if math.isfinite(value)
    ]
    if panel.scale == "date":
        last = context.end
        date_axis(axes, context.calendar, min([0.0, *ends]), last)
        axes.set_xlim(right=last * (1.0 + 2 * _STRIP))
        axes.axvspan(last, last * (1.0 + 2 * _STRIP), color="#F0F0F0", linewidth=0, zorder=0)
        axes.text(
            last * (1.0 + _STRIP), 1.0, "later\nor never", size=SMALL, color=GREY, ha="center",
            va="bottom", transform=axes.get_xaxis_transform(),
        )  # fmt: skip
    elif panel.scale == "share":
        axes.set_xlim(0.0, 1.0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}"))
    elif panel.scale == "linear":
        axes.set_xlim(min([0.0, *ends]), 1.05 * max([1.0, *ends]))
    else:
        # Linear below 1, so that nought has its place.
        axes.set_xscale("symlog", linthresh=1.0, linscale=0.4)
        axes.set_xlim(0.0, 1.5 * max([10.0, *ends]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _draw_simulated(axes: Axes, panel: Panel) -> None:
    left, right = axes.get_xlim()
    never = _never(axes, panel)
    told = [(y, row) for y, row in _placed(panel) if not math.isnan(row.p50)]

    def bars(low: str, high: str) -> list[list[tuple[float, float]]]:
        ends = [(y, getattr(row, low), getattr(row, high)) for y, row in told]
        return [[(min(max(a, left), never), y), (min(b, right), y)] for y, a, b in ends]

    for low, high, colour, width in (
        ("p05", "p95", BAND_LIGHT, 7.0),
        ("p25", "p75", BAND_DARK, 7.0),
    ):
        axes.add_collection(
            LineCollection(
                bars(low, high), colors=colour, linewidths=width, capstyle="butt", zorder=1
            ),
            autolim=False,
        )
    medians = [(min(row.p50, never), y) for y, row in told]
    axes.plot(*_columns(medians), "|", color=BLUE, markersize=8, markeredgewidth=1.8, zorder=2)
    for y, row in _placed(panel):
        if math.isnan(row.p50):
            axes.text(
                0.99, y, "not in any replication", transform=axes.get_yaxis_transform(), size=SMALL,
                color=BLUE, ha="right", va="center", style="italic", zorder=3,
            )  # fmt: skip


def _placed(panel: Panel) -> list[tuple[float, Row]]:
    return list(zip(panel.places, panel.rows, strict=True))


def _never(axes: Axes, panel: Panel) -> float:
    """Where a value later than the campaign's end is drawn; other scales have no such place."""
    right = axes.get_xlim()[1]
    return right * (1.0 + _STRIP) / (1.0 + 2 * _STRIP) if panel.scale == "date" else right


def _draw_recorded(axes: Axes, panel: Panel) -> None:
    left, right = axes.get_xlim()
    never = _never(axes, panel)
    edge: dict[str, Any] = {"markeredgecolor": "white", "markeredgewidth": 0.5, "linestyle": ""}
    for verdict, (colour, marker) in VERDICTS.items():
        own = [(y, row) for y, row in _placed(panel) if verdict_of(row) == verdict]
        axes.add_collection(
            LineCollection(
                [
                    [(min(max(row.claim_low, left), never), y), (min(row.claim_high, right), y)]
                    for y, row in own
                ],
                colors=colour,
                linewidths=[
                    1.8 if math.isfinite(row.claim_high - row.claim_low) else 0.8 for _, row in own
                ],
                zorder=4,
            ),
            autolim=False,
        )
        closed = [
            (end, y)
            for y, row in own
            for end in (row.claim_low, row.claim_high)
            if math.isfinite(end) and end < never
        ]
        axes.plot(*_columns(closed), "|", color=colour, markersize=6, markeredgewidth=1.4, zorder=4)
        marks = [(min(_mark(axes, row), never), y) for y, row in own]
        axes.plot(
            *_columns(marks), marker, color=colour, markersize=marker_size(marker), clip_on=False,
            zorder=5, **edge,
        )  # fmt: skip
        beside = [(1.03, y) for y, _ in own]
        axes.plot(
            *_columns(beside), marker, color=colour, markersize=marker_size(marker), clip_on=False,
            transform=axes.get_yaxis_transform(), **edge,
        )  # fmt: skip


def verdict_of(row: Row) -> str:
    """Return as which of VERDICTS a claim is drawn."""
    return GIVEN if row.given else row.verdict


def marker_size(marker: str) -> float:
    """Return a marker's size in points: a cross as wide as a disc would look smaller."""
    return 6.5 if marker in "XP" else 5.0


def _mark(axes: Axes, row: Row) -> float:
    """Where a claim's mark stands: midway on the paper, or at the known end of an open claim."""
    low, high = row.claim_low, row.claim_high
    if math.isinf(low):
        return high
    if math.isinf(high):
        return low
    scale = axes.xaxis.get_transform()
    middle = scale.transform(np.array([low, high], dtype=float)).mean()
    return float(scale.inverted().transform(np.array([middle]))[0])


def _middle(baseline: Mapping[str, NDArray[np.float64]], row: Row) -> float:
    """Median of the baseline; NaN is what never comes, later than any day."""
    draws = baseline.get(row.outcome, np.array([np.nan]))
    return float(np.median(np.where(np.isnan(draws), np.inf, draws)))


def _draw_baseline(axes: Axes, panel: Panel, baseline: Mapping[str, NDArray[np.float64]]) -> None:
    never = _never(axes, panel)
    marks = [
        (min(_middle(baseline, row), never), y)
        for y, row in _placed(panel)
        if row.outcome in baseline
    ]
    axes.plot(
        *_columns(marks), "D", markersize=4.0, markerfacecolor="none", markeredgecolor=PURPLE,
        markeredgewidth=1.2, clip_on=False, zorder=4.5,
    )  # fmt: skip


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]
