"""Figures of a vary study: how each outcome answers to the keys that were varied."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.moment_axis import moment_axis
from sandtable.figures.response_panel import (
    draw_curve,
    draw_heat,
    draw_intervals,
    draw_scatter,
)
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLUE,
    VERMILION,
    Floats,
    cells,
    clip,
    marked,
    page,
    save,
    styled,
)
from sandtable.outcomes import is_moment
from sandtable.studies.vary.dimension import Dimension, Value, told_value

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.studies.vary.method import Response, VaryFindings

Points = Sequence[tuple[Value, ...]]

_COLUMNS, _ROWS = 2, 3
_CELL_INCHES = 2.35
_HEADING = 64
_LEGEND_INCHES = 0.6


def draw_vary(found: VaryFindings, folder: str | Path) -> list[Path]:
    """Draw how each outcome answers to what was varied, into ``folder``; return the files.

    One key gives a curve or intervals side by side, two keys of numbers a map of the median, any
    others each key against the outcome. An outcome that never comes about is left out, and one
    without a claim that is the same everywhere. A warning stands at the foot of each page.
    """
    folder, scenario = Path(folder), found.scenario
    folder.mkdir(parents=True, exist_ok=True)
    title, resolved = scenario.file.scenario.title, scenario.sampler.central()
    context = FigureContext(title, resolved, found.replications)
    told = [response for response in found.responses if _told(response)]
    with styled():
        pages = list(_pages(told, found.dimensions, found.points, context))
        names = (
            ["response"] if len(pages) == 1 else [f"response-{i + 1}" for i in range(len(pages))]
        )
        return [
            save(marked(figure, found.warning), folder / f"{name}.png")
            for name, figure in zip(names, pages, strict=True)
        ]


def _pages(
    responses: Sequence[Response],
    dimensions: Sequence[Dimension],
    points: Points,
    context: FigureContext,
) -> Iterator[Figure]:
    kind, upward, draw = _drawing(dimensions, points, context)
    # Several keys side by side: a row an outcome, a column a key, as many pages as that takes.
    shown = [dimensions] if kind != "scatter" else [
        dimensions[i : i + _COLUMNS] for i in range(0, len(dimensions), _COLUMNS)
    ]  # fmt: skip
    for keys in shown:
        across = len(keys) if kind == "scatter" else _COLUMNS
        panels = [
            (response, index if kind == "scatter" else 0)
            for response in responses
            for index in (map(dimensions.index, keys) if kind == "scatter" else [0])
        ]
        for start in range(0, len(panels), across * _ROWS):
            chunk = panels[start : start + across * _ROWS]
            yield _page(chunk, across, kind, upward, draw, dimensions, context)


def _drawing(
    dimensions: Sequence[Dimension], points: Points, context: FigureContext
) -> tuple[str, Dimension | None, Callable[[Axes, Response, int], Any]]:
    """How an outcome is drawn over these keys: kind, which key is the y axis, and by what."""

    def column(index: int) -> Floats:
        places = [dimensions[index].position(point[index]) for point in points]
        return np.array(places, dtype=np.float64)

    if len(dimensions) == 1 and dimensions[0].ordered:
        return "curve", None, lambda axes, r, _: draw_curve(axes, r, column(0), _end(r, context))
    if len(dimensions) == 1:
        names = [told_value(point[0]) for point in points]
        return "bars", None, lambda axes, r, _: draw_intervals(axes, r, names, _end(r, context))
    if len(dimensions) == 2 and all(dimension.ordered for dimension in dimensions):
        return (
            "heat",
            dimensions[1],
            lambda axes, r, _: draw_heat(axes, r, column(0), column(1), _end(r, context)),
        )

    def scatter(axes: Axes, response: Response, index: int) -> None:
        draw_scatter(axes, response, column(index), _end(response, context))
        if not dimensions[index].ordered:
            names = [clip(told_value(value), 14) for value in dimensions[index].values]
            axes.set_xticks(range(len(names)), names)
            axes.set_xlim(-0.5, len(names) - 0.5)

    return "scatter", None, scatter


def _page(
    panels: Sequence[tuple[Response, int]],
    across: int,
    kind: str,
    upward: Dimension | None,
    draw: Callable[[Axes, Response, int], Any],
    dimensions: Sequence[Dimension],
    context: FigureContext,
) -> Figure:
    rows = -(-len(panels) // across)
    claims = [row for response, _ in panels for row in response.claims]
    keys = ", ".join(dimension.key for dimension in dimensions)
    caption = (
        f"Simulated: {context.replications:,} replications at each point of scenario "
        f"{context.resolved.name}, on the same random draws. "
        f"{_zones(dimensions, context.calendar)}{sources_of(claims)}"
    )
    figure = page(rows * _CELL_INCHES, f"{context.title}: what is varied", clip(keys, 160), caption)
    right, gap = (0.5, 1.15) if kind == "heat" else (1.25, 1.85)
    cell = cells(figure, rows, across, sides=(0.75, right), gaps=(gap, 0.72), caption=caption)
    for place, (response, index) in enumerate(panels):
        axes = cell(*divmod(place, across))
        draw(axes, response, index)
        axes.set_title(clip(context.describe(response.outcome), _HEADING))
        axes.set_xlabel(_end_of(dimensions[index].key, 60))
        if dimensions[index].moments:
            moment_axis(axes, "x", in_line=True)
        if upward is not None:
            axes.set_ylabel(_end_of(upward.key, 30))
            if upward.moments:
                moment_axis(axes, "y")
        else:
            axes.set_ylabel(_unit(response, context))
            axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    _legend(figure, kind, bool(claims))
    return figure


def _legend(figure: Figure, kind: str, claims: bool) -> None:
    dot = Line2D([], [], color=BLUE, marker="o", linestyle="", markersize=3, label="median")
    handles: list[Any] = {
        "heat": [],
        "scatter": [dot, Line2D([], [], color=BAND_DARK, label="25 to 75 percent")],
    }.get(
        kind,
        [
            Patch(color=BAND_LIGHT, label="5 to 95 percent"),
            Patch(color=BAND_DARK, label="25 to 75 percent"),
            Line2D([], [], color=BLUE, linewidth=1.4, label="median"),
        ],
    )
    if claims:
        text = "median equals an end of a claim" if kind == "heat" else "record, by claimant"
        handles.append(Line2D([], [], color=VERMILION, linewidth=1.6, label=text))
    if not handles:
        return
    width, height = figure.get_size_inches()
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.25 / width, 1 - _LEGEND_INCHES / height),
        ncols=len(handles),
        borderpad=0.2,
    )


def _told(response: Response) -> bool:
    """Whether there is anything to see."""
    moved = any(at.difference.moved for at in response.at)
    finite = any(math.isfinite(at.median) for at in response.at)
    return finite and (moved or bool(response.claims))


def _end(response: Response, context: FigureContext) -> float:
    """Where a day that never comes is drawn: at the campaign's end; elsewhere nothing is cut."""
    return float(context.days) if is_moment(response.outcome) else math.inf


def _unit(response: Response, context: FigureContext) -> str:
    if is_moment(response.outcome):
        return f"day ({context.days}: later or never)"
    return response.unit


def _tick(value: float, _: object = None) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


def _end_of(key: str, letters: int) -> str:
    """A key path cut at its front: what changes stands at its end."""
    return key if len(key) <= letters else f"…{key[1 - letters :]}"


def _zones(dimensions: Sequence[Dimension], calendar: Calendar) -> str:
    """What a caption says of the clocks of moments, if there are any."""
    zones = dict.fromkeys(
        calendar.zone_name(dimension.zone) for dimension in dimensions if dimension.moments
    )
    return f"Dates and hours: {', '.join(map(str, zones))}. " if zones else ""
