"""Runs of one campaign beside each other: what each changes, replication by replication."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sandtable.ensemble import Difference, paired_difference
from sandtable.figures.context import FigureContext, units_text
from sandtable.figures.sheet import Frame, numbered, save
from sandtable.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    styled,
)
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.outcomes import describe, is_moment
from sandtable.runs import paired_replications
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

# A colour and a shape a run; one more shape than colours, so that no pair comes back soon.
_COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_NAMES, _SHARES = 2.2, 1.05
_FRAME = Frame(_NAMES + 0.2, _SHARES + 0.1, above=0.05, below=0.27)
# Inches of a run's bar.
_BAR = 0.15


class Moved(NamedTuple):
    """An outcome that some run changes: its differences from the first run, one a run."""

    outcome: str
    unit: str
    differences: tuple[Difference, ...]


def draw_comparison(
    runs: Mapping[str, CampaignRun], folder: str | Path, form: FigureFormat = "png"
) -> list[Path]:
    """Draw what runs change from the first of them into ``folder``; return the files.

    ``runs`` are two or more of one campaign by the names that they are shown under, paired by
    their seed. Shown are the headline outcomes of the first that any other moves; none has no
    figure. Raises SandtableError for runs that have no replication in common.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        pages = numbered("comparison", comparison_figures(runs))
        return [save(figure, folder, name, form) for name, figure in pages]


def comparison_figures(runs: Mapping[str, CampaignRun]) -> list[Figure]:
    """Return pages with a row for each headline outcome that moves, on a scale of its own."""
    base, *others = runs
    first = runs[base]
    context = FigureContext.of(first.campaign.scenario, first.manifest["replications"])
    moved = moved_outcomes(first, [runs[name] for name in others])
    sheet = context.sheet(
        f"changes from {base}",
        "Difference from the same replication there. Mark: mean, with its Monte Carlo error as "
        "thick line; thin line: middle 90 percent of replications. Each row has its own scale.",
        f"{context.simulated} Paired: all runs draw the same random numbers. Left, grey: what "
        f"{base} comes to on average. Outcomes that no run moves are left out.",
        _handles(others),
    )
    heights = [_height(row, context) for row in moved]
    figures = []
    for page, part in sheet.pages(heights, _FRAME.around):
        figure, cell = page.grid(heights[part], 1, _FRAME)
        for place, row in enumerate(moved[part]):
            draw_differences(cell(place, 0), row, context)
        figures.append(figure)
    return figures


def moved_outcomes(first: CampaignRun, others: Sequence[CampaignRun]) -> list[Moved]:
    """Return the first run's headline outcomes that any other run moves, with the differences."""
    pairs = [paired_replications(first.results, other.results) for other in others]
    found = []
    for name in first.manifest["headline"]:
        if not all(name in other.outcomes for other in others):
            continue
        differences = tuple(
            paired_difference(name, first.outcomes[name][mine], other.outcomes[name][theirs])
            for other, (mine, theirs) in zip(others, pairs, strict=True)
        )
        if any(difference.moved for difference in differences):
            found.append(Moved(name, describe(name)[0], differences))
    return found


def draw_differences(axes: Axes, row: Moved, context: FigureContext) -> Axes:
    """Draw each run's difference in one outcome, the first run on top, with names and shares."""
    places = np.arange(len(row.differences))
    axes.axvline(0.0, color=BLACK, linewidth=0.7, zorder=1)
    for y, told in zip(places, row.differences, strict=True):
        colour, marker = _look(int(y))
        lines: list[Any] = [[(told.p05, y), (told.p95, y)]]
        half = told.mc_error if math.isfinite(told.mc_error) else 0.0
        lines.append([(told.mean - half, y), (told.mean + half, y)])
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=(1.0, 3.2), zorder=2))
        axes.plot(
            told.mean, y, marker, color=colour, markersize=5, markeredgecolor="white",
            markeredgewidth=0.5, zorder=3,
        )  # fmt: skip
        axes.annotate(
            _shares(told), (1.0, y), xycoords=("axes fraction", "data"), xytext=(5.0, 0.0),
            textcoords="offset points", size=SMALL, color=GREY, va="center",
        )  # fmt: skip
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.05)
    axes.autoscale_view(scaley=False)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=row.unit in ("person", "tank")))
    axes.xaxis.set_major_formatter(FuncFormatter(_signed))
    axes.annotate(
        units_text(row.unit), (1.0, 0.0), xycoords="axes fraction", xytext=(12.0, -3.0),
        textcoords="offset points", size=SMALL, va="top",
    )  # fmt: skip
    _name(axes, row, context)
    return axes


def _signed(value: float, _: object = None) -> str:
    return f"{value:+,.6g}" if value else "0"


def _name(axes: Axes, row: Moved, context: FigureContext) -> None:
    """Write left of the axes what an outcome is called, and what the first run comes to."""
    name, base = _words(row, context)
    down = 36.0 * _lines_inches(name, base)
    for text, colour in ((name, BLACK), (base, GREY)):
        axes.annotate(
            text, (0.0, 0.5), xycoords="axes fraction", xytext=(-72.0 * (_NAMES + 0.1), down),
            textcoords="offset points", size=SMALL, color=colour, va="top", linespacing=1.1,
        )  # fmt: skip
        down -= 72.0 * line_inches(SMALL, line_count(text))


def _words(row: Moved, context: FigureContext) -> tuple[str, str]:
    first = row.differences[0].first
    told = "it never comes about" if math.isnan(first) else context.value_text(row.outcome, first)
    unit = "" if math.isnan(first) or is_moment(row.outcome) else f" {units_text(row.unit)}"
    return wrapped(context.describe(row.outcome), _NAMES), wrapped(told + unit, _NAMES)


def _lines_inches(*texts: str) -> float:
    return line_inches(SMALL, sum(map(line_count, texts)))


def _height(row: Moved, context: FigureContext) -> float:
    return max(_BAR * len(row.differences) + 0.05, _lines_inches(*_words(row, context)) - 0.15)


def _shares(told: Difference) -> str:
    """In how large a share of replications an outcome came about, where that changes."""
    if told.share_first == told.share_second:
        return ""
    return f"in {told.share_second:.0%}, was {told.share_first:.0%}"


def _look(number: int) -> tuple[str, str]:
    return _COLOURS[number % len(_COLOURS)], _MARKERS[number % len(_MARKERS)]


def _handles(names: Sequence[str]) -> list[Artist]:
    return [
        Line2D([], [], color=colour, marker=marker, markersize=5, linewidth=1.0, label=name)
        for name, (colour, marker) in ((name, _look(i)) for i, name in enumerate(names))
    ]
