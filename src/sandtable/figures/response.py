"""Figures of a vary study: how each outcome answers to the keys that were varied."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sandtable.figures.context import FigureContext, sources_of, units_text
from sandtable.figures.moment_axis import moment_axis
from sandtable.figures.response_panel import (
    SCALE,
    claims_inches,
    draw_curve,
    draw_heat,
    draw_intervals,
    draw_scatter,
    ends_met,
    notes,
)
from sandtable.figures.sheet import WIDTH, Frame, numbered, save
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLUE,
    VERMILION,
    Floats,
    styled,
    value_axis,
)
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.figures.worth import worth_pages
from sandtable.outcomes import is_moment
from sandtable.scenario.key_words import key_in_words
from sandtable.studies.vary.dimension import Dimension, told_value
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.studies.vary.method import Response, VaryFindings

_PANEL = 1.4
# Inches left of a panel, and right of it for claimants.
_LEFT, _CLAIMS = 0.72, 1.15
# Words side by side below a panel that is half a page wide; more have the whole width.
_MOST_WORDS = 4


def draw_vary(found: VaryFindings, folder: str | Path, form: FigureFormat = "png") -> list[Path]:
    """Draw how each outcome answers to what was varied, into ``folder``; return the files.

    One key gives a curve or intervals side by side, two keys of numbers a map of the median, any
    others each key against the outcome. An outcome that never comes about is left out, and one
    without a claim that is the same everywhere. Of one key of words there is also what each is
    worth (`worth`). A warning stands at the foot of each page.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        drawing = _Drawing(found)
        pages = [*numbered("worth", drawing.worth()), *numbered("response", drawing.pages())]
        return [save(figure, folder, name, form) for name, figure in pages]


@dataclass(frozen=True)
class _Kind:
    """How outcomes are drawn over the keys: columns, their frame, and what a legend says."""

    name: str
    columns: int
    right: float


class _Drawing:
    """The pages of one study."""

    def __init__(self, found: VaryFindings) -> None:
        self.context = FigureContext.of(found.scenario, found.replications, found.warning)
        self.dimensions, self.points, self._found = found.dimensions, found.points, found
        file, units = found.scenario.file, {u.key: u.unit for u in found.scenario.quantities}
        self._words = [
            key_in_words(key.key, file, "" if key.moments else units.get(key.key, ""))
            for key in found.dimensions
        ]
        self._responses = [response for response in found.responses if _told(response)]
        self._kind = self._kind_of()

    def _kind_of(self) -> _Kind:
        numbers = [dimension.ordered for dimension in self.dimensions]
        if len(numbers) == 1 and not numbers[0]:
            return _Kind("bars", 1 if len(self.points) > _MOST_WORDS else 2, _CLAIMS)
        if len(numbers) == 1:
            return _Kind("curve", 2, _CLAIMS)
        if len(numbers) == 2 and all(numbers):
            return _Kind("heat", 2, SCALE)
        return _Kind("scatter", 2, _CLAIMS)

    def worth(self) -> list[Figure]:
        """Draw what each value of a single key of words is worth, beside the first."""
        if self._kind.name != "bars":
            return []
        names = [told_value(point[0]) for point in self.points]
        return worth_pages(self._found, names, self.context)

    def pages(self) -> list[Figure]:
        """Draw all pages; of several keys side by side a row an outcome, a column a key."""
        if self._kind.name != "scatter":
            return list(self._pages([(r, 0) for r in self._responses], self._kind.columns))
        found = list[Figure]()
        for first in range(0, len(self.dimensions), self._kind.columns):
            keys = range(first, min(first + self._kind.columns, len(self.dimensions)))
            found += self._pages([(r, k) for r in self._responses for k in keys], len(keys))
        return found

    def _pages(self, panels: Sequence[tuple[Response, int]], columns: int) -> Iterator[Figure]:
        rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
        if not rows:
            return
        frame, across = self._frame(panels, columns)
        keys = ", ".join(dimension.key for dimension in self.dimensions)
        sheet = self.context.sheet(
            f"outcomes by {' and '.join(self._words)}",
            f"Key: {keys}" if len(self.dimensions) == 1 else f"Keys: {keys}",
            self._caption(panels),
            self._handles(panels),
        )
        heights = [max(self._height(response) for response, _ in row) for row in rows]
        for page, part in sheet.pages(heights, frame.around):
            own = [panel for row in rows[part] for panel in row]
            page = page.showing(self._handles(own), self._caption(own))
            figure, cell = page.grid(heights[part], columns, frame)
            for row, some in enumerate(rows[part]):
                for column, (response, index) in enumerate(some):
                    self._panel(cell(row, column), response, index, across)
            yield figure

    def _caption(self, panels: Sequence[tuple[Response, int]]) -> str:
        claims = [row for response, _ in panels for row in response.claims]
        return (
            f"Simulated: {self.context.replications:,} replications at each point of scenario "
            f"{self.context.resolved.name}, on the same random draws. "
            f"{_zones(self.dimensions, self.context.calendar)}{sources_of(claims)}"
        )

    def _frame(self, panels: Sequence[tuple[Response, int]], columns: int) -> tuple[Frame, float]:
        """Room round the panels for all that is written there, and how wide a panel is."""
        right, left = self._kind.right, _LEFT
        if self._kind.name == "heat":
            left += line_inches(SMALL, line_count(wrapped(self._words[1], _PANEL)) - 1)
        across = (WIDTH - columns * (left + right)) / columns
        titles = max(line_count(self._title(r.outcome, across)) for r, _ in panels)
        lines = max(self._lines_below(k, across) for _, k in panels)
        if self._kind.name == "heat":
            lines += max(line_count(notes(r, self.context, across + SCALE)) for r, _ in panels)
        above = line_inches(8.0, titles) + 0.12
        return Frame(left, right, left + right, above, line_inches(SMALL, lines) + 0.16), across

    def _height(self, response: Response) -> float:
        beside = 0.0 if self._kind.name == "heat" else claims_inches(response, self.context)
        return max(_PANEL, beside)

    def _title(self, outcome: str, across: float) -> str:
        beside = across + self._kind.right
        return wrapped(self.context.describe(outcome), beside, 8.0, "bold")

    def _lines_below(self, index: int, across: float) -> int:
        """How many lines the ticks of a key and its name take."""
        return self._tick_lines(index, across) + line_count(wrapped(self._words[index], across))

    def _tick_lines(self, index: int, across: float) -> int:
        dimension = self.dimensions[index]
        if dimension.moments:
            return 2
        return max(map(line_count, self._names(index, across)), default=1)

    def _names(self, index: int, across: float) -> list[str]:
        """The values of a key that are words, as they stand below a panel."""
        dimension = self.dimensions[index]
        if dimension.ordered:
            return []
        room = 0.92 * across / len(dimension.values)
        return [wrapped(told_value(value), room) for value in dimension.values]

    def _panel(self, axes: Axes, response: Response, index: int, across: float) -> None:
        dimension, x, context = self.dimensions[index], self._column(index), self.context
        below = line_inches(SMALL, self._lines_below(index, across)) + 0.1
        draw: dict[str, Callable[[], Any]] = {
            "curve": lambda: draw_curve(axes, response, x, context),
            "bars": lambda: draw_intervals(axes, response, self._names(0, across), context),
            "heat": lambda: draw_heat(axes, response, x, self._column(1), context, below),
            "scatter": lambda: draw_scatter(axes, response, x, context),
        }
        draw[self._kind.name]()
        if self._kind.name == "scatter" and not dimension.ordered:
            names = self._names(index, across)
            axes.set_xticks(range(len(names)), names)
            axes.set_xlim(-0.5, len(names) - 0.5)
        axes.set_title(self._title(response.outcome, across))
        axes.set_xlabel(wrapped(self._words[index], across))
        if dimension.moments:
            moment_axis(axes, "x")
        if self._kind.name == "heat":
            axes.set_ylabel(wrapped(self._words[1], _PANEL))
            if self.dimensions[1].moments:
                moment_axis(axes, "y")
        elif is_moment(response.outcome):
            value_axis(axes.yaxis, self.context.calendar)
        else:
            axes.set_ylabel(units_text(response.unit))
            axes.yaxis.set_major_formatter(FuncFormatter(_tick))

    def _column(self, index: int) -> Floats:
        places = [self.dimensions[index].position(point[index]) for point in self.points]
        return np.array(places, dtype=np.float64)

    def _handles(self, panels: Sequence[tuple[Response, int]]) -> list[Artist]:
        """Return a legend's entries of what these panels show."""
        record = Line2D([], [], color=VERMILION, linewidth=1.6, label="recorded claim")
        claimed: list[Artist] = [record] if any(response.claims for response, _ in panels) else []
        if self._kind.name == "heat":
            record.set_label("median equals an end of a claim")
            return claimed if any(ends_met(response) for response, _ in panels) else []
        if self._kind.name == "scatter":
            dot = Line2D([], [], color=BLUE, marker="o", linestyle="", markersize=3, label="median")
            return [dot, Line2D([], [], color=BAND_DARK, label="25 to 75 percent"), *claimed]
        return [
            Patch(color=BAND_LIGHT, label="5 to 95 percent"),
            Patch(color=BAND_DARK, label="25 to 75 percent"),
            Line2D([], [], color=BLUE, linewidth=1.4, label="median"),
            *claimed,
        ]


def _told(response: Response) -> bool:
    """Whether there is anything to see."""
    moved = any(at.difference.moved for at in response.at)
    finite = any(math.isfinite(at.median) for at in response.at)
    return finite and (moved or bool(response.claims))


def _tick(value: float, _: object = None) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


def _zones(dimensions: Sequence[Dimension], calendar: Calendar) -> str:
    """What a caption says of the clocks of moments, if there are any."""
    zones = dict.fromkeys(
        calendar.zone_name(dimension.zone) for dimension in dimensions if dimension.moments
    )
    return f"Dates and hours: {', '.join(map(str, zones))}. " if zones else ""
