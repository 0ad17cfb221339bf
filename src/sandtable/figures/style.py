"""What all figures share: colours, type, axes of dates, bands, and labels kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from math import ceil, fsum
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sandtable.calendar import Calendar
from sandtable.figures.text import SMALL, text_inches
from sandtable.vocabulary import PALETTE

Floats = NDArray[np.float64]

BLACK, ORANGE, SKY, GREEN = (PALETTE[name] for name in ("black", "orange", "sky", "green"))
BLUE, VERMILION, PURPLE = (PALETTE[name] for name in ("blue", "vermilion", "purple"))
GREY, MID_GREY, PALE = "#5A5A5A", "#9A9A9A", "#D8D8D8"
# Simulated bars: the middle 90 and the middle 50 percent, both tints of BLUE.
BAND_LIGHT, BAND_DARK = "#CFE1F0", "#7FB2DA"

BAND_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": SMALL,
    "axes.titlesize": 8.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 4.0,
    # Given, so that no layout of all labels is worked out only to find where the title goes.
    "axes.titley": 1.0,
    "axes.labelsize": SMALL,
    "axes.labelpad": 2.5,
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
    # Type is not bent to the grid of pixels: it keeps its width in every format.
    "text.hinting": "none",
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    # Names of a scenario are text, whatever signs of money stand in them.
    "text.parse_math": False,
    # Of the names inside a file, which are drawn at random without it.
    "svg.hashsalt": "sandtable",
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


def date_axis(axes: Axes, calendar: Calendar, first: float, last: float) -> Axes:
    """Label an x axis in days from H-hour with dates, at midnights, as many as have room."""
    most = axes.bbox.width / axes.figure.dpi / (text_inches("30 Aug ") + 0.05)
    ticks = midnight_ticks(calendar, first, last, most)
    axes.set_xticks(ticks, [calendar.date_text(day) for day in ticks])
    axes.set_xlim(first, last)
    return axes


def value_axis(axis: Axis, calendar: Calendar) -> None:
    """Label an axis of moments, in days from H-hour, with dates; what is later: later or never."""
    low, high = sorted(axis.get_view_interval())
    # Not so near to the end that their words would touch.
    last = min(high, calendar.days - 0.15 * (high - low)) if high >= calendar.days else high
    ticks = midnight_ticks(calendar, low, last, 5)
    words = [calendar.date_text(day) for day in ticks]
    axis.set_major_locator(FixedLocator([*ticks, calendar.days]))
    axis.set_major_formatter(FixedFormatter([*words, "later\nor never"]))


def midnight_ticks(calendar: Calendar, first: float, last: float, most: float) -> list[float]:
    """Return midnights as ticks, evenly apart and no more than ``most``, but two at least."""
    found = calendar.midnights(first, last)
    return found[:: max(1, ceil(len(found) / max(2, int(most))))]


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


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return the middles of labels of these ``sizes`` that touch nowhere, in order.

    They are as near to those wanted as can be: the sum of squared shifts is least
    (pool-adjacent-violators). All labels lie in ``low`` to ``high``: where there is no room for
    that, they are taken for smaller in proportion. ``wanted`` must be in rising order.
    """
    if not wanted:
        return []
    shrink = min(1.0, (high - low) / fsum(sizes))
    halves = [shrink * size / 2 for size in sizes]
    # What each middle must be above the lowest one's, all labels touching.
    steps = [0.0, *accumulate(a + b for a, b in pairwise(halves))]
    pools: list[tuple[float, int]] = []
    for value, step in zip(wanted, steps, strict=True):
        mean, count = value - step, 1
        while pools and pools[-1][0] > mean:
            before, members = pools.pop()
            mean = (before * members + mean * count) / (members + count)
            count += members
        pools.append((mean, count))
    bases = [mean for mean, count in pools for _ in range(count)]
    least, most = low + halves[0], high - halves[-1] - steps[-1]
    return [max(least, min(base, most)) + step for base, step in zip(bases, steps, strict=True)]
