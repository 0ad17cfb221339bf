"""What all figures share: colours, pages, axes of dates, bands, and labels kept apart."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sandtable.calendar import Calendar
from sandtable.vocabulary import PALETTE

Floats = NDArray[np.float64]

# Width of every page in inches: A4 on its side, so that the type keeps its size in print.
WIDTH = 11.7
DPI = 150
SMALL = 7.0
HEAD = 1.2
_DATE_INCHES = 0.42
_CAPTION_LETTERS = 200

BLACK, ORANGE, SKY, GREEN = (PALETTE[name] for name in ("black", "orange", "sky", "green"))
BLUE, VERMILION, PURPLE = (PALETTE[name] for name in ("blue", "vermilion", "purple"))
GREY, PALE = "#5A5A5A", "#D8D8D8"
# Simulated bars: the middle 90 and the middle 50 percent, both tints of BLUE.
BAND_LIGHT, BAND_DARK = "#CFE1F0", "#7FB2DA"

BAND_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 4.0,
    # Given, so that no layout of all labels is worked out only to find where the title goes.
    "axes.titley": 1.0,
    "axes.labelsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": "#222222",
    "ytick.labelcolor": "#222222",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
}
# What a user's own settings must not change in a figure; the backend is not one of them.
_PLAIN: dict[Any, Any] = {
    key: value for key, value in mpl.rcParamsDefault.items() if "backend" not in key
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw inside this context: the project's style, whatever the user's own settings are."""
    with mpl.rc_context({**_PLAIN, **_STYLE}):
        yield


def page(body: float, title: str, subtitle: str, caption: str) -> Figure:
    """Return a figure ``WIDTH`` wide with room of ``body`` inches for what is drawn.

    Above the body ``HEAD`` inches hold title and legend, below it ``foot`` inches the sources.
    """
    height = HEAD + body + foot(caption)
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    left = 0.3 / WIDTH
    figure.text(left, 1 - 0.12 / height, title, size=13, weight="bold", va="top")
    figure.text(left, 1 - 0.40 / height, subtitle, size=8.5, color=GREY, va="top")
    lines = textwrap.fill(caption, _CAPTION_LETTERS)
    figure.text(left, 0.1 / height, lines, size=SMALL, color=GREY, va="bottom", linespacing=1.3)
    return figure


def marked(figure: Figure, warning: str | None) -> Figure:
    """Put a warning below the caption of a page, if there is one; return the page."""
    if warning is not None:
        where = (0.3 / WIDTH, 0.015 / figure.get_size_inches()[1])
        figure.text(*where, clip(warning, _CAPTION_LETTERS), size=6.0, color=VERMILION, va="bottom")
    return figure


def foot(caption: str) -> float:
    """Return the inches that a caption takes below the body of a page."""
    return 0.2 + 0.14 * len(textwrap.wrap(caption, _CAPTION_LETTERS))


def cells(
    figure: Figure,
    rows: int,
    columns: int,
    *,
    sides: tuple[float, float],
    gaps: tuple[float, float],
    caption: str,
    lead: float = 0.0,
) -> Callable[[int, int], Axes]:
    """Return a maker of the axes at (row, column) of a page's grid, so that only those used exist.

    ``sides`` are the margins left and right, ``gaps`` the room between columns and below each
    row for its labels, ``lead`` the room above the first, all in inches; ``caption`` is the page's.
    """
    width, height = figure.get_size_inches()
    left, right = sides
    across = (width - left - right - gaps[0] * (columns - 1)) / columns
    down = (height - HEAD - lead - foot(caption)) / rows - gaps[1]

    def cell(row: int, column: int) -> Axes:
        x = left + column * (across + gaps[0])
        y = height - HEAD - lead - (row + 1) * down - row * gaps[1]
        return figure.add_axes((x / width, y / height, across / width, down / height))

    return cell


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG file that depends on the figure alone: no date, no name of a program."""
    figure.savefig(path, dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 2})
    return path


def clip(text: str, most: int) -> str:
    """Return ``text`` cut to ``most`` characters, the last then an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def date_text(day: date) -> str:
    """Return a date as figures write it, such as ``9 Aug``."""
    return f"{day.day} {day:%b}"


def date_axis(axes: Axes, calendar: Calendar, first: float, last: float) -> Axes:
    """Label an x axis in days from H-hour with dates, at midnights, as many as have room."""
    midnights = calendar.midnights(first, last)
    most = max(2, int(axes.bbox.width / axes.figure.dpi / _DATE_INCHES))
    ticks = midnights[:: max(1, ceil(len(midnights) / most))]
    axes.set_xticks(ticks, [date_text(calendar.moment_of(day)) for day in ticks])
    axes.set_xlim(first, last)
    return axes


def count_axis(axes: Axes) -> Axes:
    """Give a y axis of counts a few ticks with separated thousands."""
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    return axes


def quantiles(samples: NDArray[np.floating]) -> Floats:
    """Return the 5, 25, 50, 75 and 95 percent points of axis 0, NaN entries left out."""
    values = np.asarray(samples, dtype=np.float64)
    if np.isnan(values).any():
        empty = np.isnan(values).all(axis=0)
        values = np.where(empty, 0.0, values)
        points = np.nanquantile(values, BAND_LEVELS, axis=0)
        return np.where(empty, np.nan, points)
    return np.asarray(np.quantile(values, BAND_LEVELS, axis=0))


def draw_bands(axes: Axes, days: Floats, points: Floats, colour: str) -> Axes:
    """Draw a median line inside its 50 and 90 percent bands.

    ``points`` has shape (5, n): the quantiles of ``BAND_LEVELS`` at each of ``days``.
    """
    low, lower, middle, upper, high = points
    axes.fill_between(days, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.fill_between(days, lower, upper, color=colour, alpha=0.35, linewidth=0)
    axes.plot(days, middle, color=colour, linewidth=1.4)
    return axes


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions at least ``gap`` apart, in order, as near to those wanted as can be.

    The sum of squared shifts is least (pool-adjacent-violators). All lie in ``low`` to ``high``:
    where there is no room for that, the gap shrinks. ``wanted`` must be in rising order.
    """
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    pools: list[tuple[float, int]] = []
    for index, value in enumerate(wanted):
        mean, count = value - index * gap, 1
        while pools and pools[-1][0] > mean:
            before, members = pools.pop()
            mean = (before * members + mean * count) / (members + count)
            count += members
        pools.append((mean, count))
    bases = [mean for mean, count in pools for _ in range(count)]
    most = high - gap * (len(wanted) - 1)
    return [max(low, min(base, most)) + index * gap for index, base in enumerate(bases)]
