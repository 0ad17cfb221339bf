"""Operations of other wars: played by the campaign engine, beside the record, and calibration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from sandtable.battles.predictions import LEVELS
from sandtable.figures.sheet import Frame, Sheet, numbered, save
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    VERMILION,
    Floats,
    styled,
)
from sandtable.figures.text import text_inches
from sandtable.operations.forecast import ENGINE
from sandtable.operations.play import QUANTITIES
from sandtable.operations.scores import INTERVALS, recorded_range
from sandtable.operations.validate import ALL, METHODS, OperationsValidation
from sandtable.vocabulary import FigureFormat

# Title, unit, and every how manyfold figures stand on the scale.
_SCALES = {
    "attacker_losses": ("attacker's losses", "persons", 100.0),
    "defender_losses": ("defender's losses", "persons", 100.0),
    "depth_km": ("depth", "km", 10.0),
}
_LOOKS = dict(
    zip(METHODS, ((BLUE, "o"), (VERMILION, "s"), (GREEN, "^"), (ORANGE, "D")), strict=True)
)
_ROW = 0.155
_BINS = 5
_PANEL = 1.75
_RIGHT = 0.25


def draw_operations(
    found: OperationsValidation, folder: Path, form: FigureFormat = "png"
) -> list[Path]:
    """Draw the figures of a validation into a folder that is there; return the files."""
    with styled():
        return [save(figure, folder, name, form) for name, figure in _figures(found)]


def _figures(found: OperationsValidation) -> Iterator[tuple[str, Figure]]:
    yield from numbered("operations", beside_record(found))
    if found.groups[ALL].any():
        yield "calibration", calibration(found)


def beside_record(found: OperationsValidation) -> list[Figure]:
    """Return pages with a row an operation: what the engine makes of it, and the record."""
    handles = [
        Patch(color=BAND_LIGHT, label="played: middle 90 percent"),
        Patch(color=BAND_DARK, label="middle 50 percent"),
        Line2D([], [], color=BLUE, marker="|", markersize=6, linestyle="", label="median"),
        Line2D([], [], color=BLACK, marker="D", markersize=3, label="recorded"),
    ]
    sheet = Sheet(
        "Operations of other wars, played by the campaign engine, beside the record",
        "One recipe makes a campaign of each operation from its date, days, attacker and both "
        "strengths. Names in grey are not counted in the scores.",
        "A record is a line where the attacker's losses count the sick: from three quarters of "
        "it to all of it. Depth is how far half of the columns got.",
        handles,
    )
    names = [operation.name for operation in found.operations]
    frame = Frame(0.2 + max(map(text_inches, names)), _RIGHT, 0.22, below=0.42)
    pages = []
    for page, rows in sheet.pages([_ROW] * len(names), spare=frame.around):
        count = rows.stop - rows.start
        figure, cell = page.grid([_ROW * count], len(QUANTITIES), frame)
        for column, name in enumerate(QUANTITIES):
            axes = draw_rows(cell(0, column), found, name, rows)
            title, unit, _ = _SCALES[name]
            axes.set_title(title)
            axes.set_xlabel(unit)
            if column == 0:
                _name_rows(axes, found, names, rows)
        pages.append(figure)
    return pages


def draw_rows(axes: Axes, found: OperationsValidation, name: str, rows: slice) -> Axes:
    """Draw quantiles of what was played and the recorded range of one quantity, a row each."""
    judged = found.judged[ENGINE, name]
    points = np.exp(judged.quantiles(LEVELS))
    for y, i in enumerate(range(rows.start, rows.stop)):
        low, lower, middle, upper, high = points[i]
        axes.barh(y, high - low, left=low, height=0.7, color=BAND_LIGHT, zorder=1)
        axes.barh(y, upper - lower, left=lower, height=0.7, color=BAND_DARK, zorder=2)
        axes.plot([middle], [y], "|", color=BLUE, markersize=6, zorder=3)
        ends = recorded_range(found.records[i], name)
        if ends[0] > 0.0:
            axes.plot(ends, (y, y), color=BLACK, linewidth=1.2, zorder=4)
            axes.plot([np.sqrt(ends[0] * ends[1])], [y], "D", color=BLACK, markersize=2.6, zorder=5)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=_SCALES[name][2]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylim(rows.stop - rows.start - 0.4, -0.6)
    axes.set_yticks([])
    axes.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _name_rows(axes: Axes, found: OperationsValidation, names: Sequence[str], rows: slice) -> None:
    axes.set_yticks(range(rows.stop - rows.start), names[rows])
    axes.tick_params(axis="y", length=0)
    counted = found.groups[ALL][rows]
    for label, counts in zip(axes.get_yticklabels(), counted, strict=True):
        label.set_color(BLACK if counts else GREY)


def calibration(found: OperationsValidation) -> Figure:
    """Return a page with a row a quantity: shares inside the intervals, and where records fall."""
    handles: list[Any] = [
        Line2D([], [], color=colour, marker=marker, markersize=5, linestyle="-", label=method)
        for method, (colour, marker) in _LOOKS.items()
    ]
    handles.append(Line2D([], [], color=BLACK, linewidth=0.8, label="as promised"))
    sheet = Sheet(
        "Calibration on operations of other wars",
        "Left: records inside the middle 50, 80 and 90 percent. Right: share of the engine's "
        "ensemble below the record; flat if calibrated, heaped at 0 where the engine says too "
        "much, at 1 where too little.",
        "Operations of low confidence, or part of another, are left out. The constant rate and "
        "the regression never learnt from the war that they foretell.",
        handles,
    )
    frame = Frame(0.62, _RIGHT, 0.75, above=0.25, below=0.5)
    figure, cell = sheet.grid([_PANEL] * len(QUANTITIES), 2, frame)
    for row, name in enumerate(QUANTITIES):
        draw_coverage(cell(row, 0), found, name).set_title(_SCALES[name][0])
        draw_places(cell(row, 1), found, name)
    return figure


def draw_coverage(axes: Axes, found: OperationsValidation, name: str) -> Axes:
    """Draw the share of records inside each interval against the interval's, a line a method."""
    axes.plot((0.4, 1.0), (0.4, 1.0), color=BLACK, linewidth=0.8, zorder=1)
    for method, (colour, marker) in _LOOKS.items():
        judged = found.judged[method, name]
        rows = found.groups[ALL] & judged.known
        if rows.any():
            shares = [float(judged.each[f"inside {100 * s:.0f}"][rows].mean()) for s in INTERVALS]
            axes.plot(INTERVALS, shares, marker=marker, color=colour, markersize=5, linewidth=0.9,
                      clip_on=False, zorder=2)  # fmt: skip
    axes.set_xlim(0.45, 0.95)
    axes.set_ylim(0.0, 1.0)
    axes.set_xticks(INTERVALS)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}"))
    axes.set_xlabel("interval, percent")
    axes.set_ylabel("records inside, percent")
    return axes


def draw_places(axes: Axes, found: OperationsValidation, name: str) -> Axes:
    """Draw how many records fall into each part of the engine's ensemble."""
    judged = found.judged[ENGINE, name]
    below: Floats = judged.below[found.groups[ALL] & judged.known]
    counts, edges = np.histogram(below, bins=_BINS, range=(0.0, 1.0))
    axes.bar(edges[:-1], counts, width=1.0 / _BINS, align="edge", color=BAND_DARK, edgecolor=BLUE)
    axes.axhline(len(below) / _BINS, color=BLACK, linewidth=0.8)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel("share of the ensemble below the record")
    axes.set_ylabel("operations")
    return axes
