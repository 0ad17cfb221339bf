"""Whether the battle laws' intervals and probabilities hold what they promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sandtable.battles.predictions import LEVELS, Predictions
from sandtable.figures.battle_series import (
    INDEPENDENT,
    SOURCE,
    UNITS,
    WINS,
    Look,
    battles_text,
    binomial_band,
    by_quantity,
    heading,
    inside,
    known,
    looks,
    note,
    wilson,
)
from sandtable.figures.sheet import Frame, Sheet
from sandtable.figures.style import BLACK, GREY, PALE, Floats

# Nominal shares of the middle intervals and the columns of their ends among LEVELS.
_MIDDLES = ((0.5, 1, 3), (0.9, 0, 4))
BINS = 5
_FRAME, _TALLEST = Frame(0.6, 0.2, 0.75, above=0.22, below=0.38), 1.7

Looks = Mapping[tuple[str, str], Look]


def calibration(predictions: Sequence[Predictions]) -> Figure:
    """Return a page with a row a quantity, laws and schemes side by side in each.

    Left: share of records at or below each predicted quantile; right: share inside the middle
    50 and 90 percent. For ``attacker wins`` left: how often the attacker won where that was
    predicted with a probability in each of ``BINS`` equal bins; right: how many battles these
    hold. Raises ValueError for predictions that contradict themselves.
    """
    shown = by_quantity(predictions, tuple(UNITS))
    series = looks(p for group in shown.values() for p in group)
    schemes = dict.fromkeys(p.scheme for group in shown.values() for p in group)
    caption = f"{SOURCE} {INDEPENDENT} Where laws predict different numbers of battles, the band "
    caption += "is that of the fewest."
    caption += "".join(map(_left_out, shown.values()))
    handles = _handles(series)
    sheet = Sheet(
        f"Calibration of the battle laws: shares recorded and predicted ({', '.join(schemes)})",
        "Marks on the line are as promised; marks inside the grey band differ by no more than "
        "chance would explain.",
        caption,
        handles,
    )
    tall = min(_TALLEST, sheet.room / len(shown) - _FRAME.around)
    figure, cell = sheet.grid([tall] * len(shown), 2, _FRAME)
    for row, (quantity, group) in enumerate(shown.items()):
        left, right = cell(row, 0), cell(row, 1)
        if quantity == WINS:
            draw_reliability(left, group, series)
            draw_bin_counts(right, group, series)
        else:
            draw_shares_below(left, group, series)
            draw_shares_inside(right, group, series)
        left.set_title(heading(quantity))
        note(left, battles_text(int(known(p).sum()) for p in group))
    return figure


def _left_out(group: Sequence[Predictions]) -> str:
    """Say which battles have no record of a quantity, empty if all have one."""
    counts = [f"{count} {why}" for why, count in group[0].unrecorded.items()]
    return f" Left out, {group[0].quantity}: {', '.join(counts)}." if counts else ""


def draw_shares_below(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw the share of records at or below each quantile against the quantile's level."""
    _diagonal(axes)
    grid = np.linspace(0.0, 1.0, 201)
    axes.fill_between(grid, *binomial_band(grid, _fewest(group)), color=PALE, linewidth=0, zorder=1)
    for p in group:
        look, told = series[p.law, p.scheme], known(p)
        shares = (p.recorded[told, None] <= p.quantiles[told]).mean(axis=0)
        axes.plot(
            LEVELS, shares, linewidth=0.8, linestyle="--" if look.hollow else "-", zorder=3,
            clip_on=False, **look.mark,
        )  # fmt: skip
    _percent(axes.xaxis.set_major_formatter, axes.yaxis.set_major_formatter)
    axes.set_xticks(LEVELS)
    axes.set_xlabel("quantile predicted, percent")
    axes.set_ylabel("recorded at or below it, percent")
    return axes


def draw_shares_inside(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw the share of records inside the middle 50 and 90 percent, laws side by side."""
    nominal = np.array([share for share, _, _ in _MIDDLES])
    low, high = binomial_band(nominal, _fewest(group))
    places = np.arange(len(nominal), dtype=np.float64)
    axes.bar(places, high - low, bottom=low, width=0.8, color=PALE, zorder=1)
    axes.hlines(nominal, places - 0.4, places + 0.4, color=BLACK, linewidth=0.8, zorder=2)
    for p, shift in zip(group, _shifts(len(group), 0.66), strict=True):
        shares = [float(inside(p, first, last).mean()) for _, first, last in _MIDDLES]
        look = series[p.law, p.scheme]
        axes.plot(places + shift, shares, linestyle="", zorder=3, clip_on=False, **look.mark)
    axes.set_xticks(places, [f"middle {100 * share:.0f}" for share in nominal])
    axes.set_xlim(-0.55, len(nominal) - 0.45)
    axes.set_ylim(0.0, 1.02)
    _percent(axes.yaxis.set_major_formatter)
    axes.set_xlabel("interval predicted, percent")
    axes.set_ylabel("recorded inside it, percent")
    return axes


def draw_reliability(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw how often the attacker won in each bin of probability, with 95 percent intervals."""
    _diagonal(axes)
    for p in group:
        look = series[p.law, p.scheme]
        rows = [(x, won, count) for x, won, count in bins(p) if count]
        shares = [won / count for _, won, count in rows]
        ends = [wilson(won, count) for _, won, count in rows]
        places = [x for x, _, _ in rows]
        axes.vlines(
            places, [low for low, _ in ends], [high for _, high in ends], color=look.colour,
            linewidth=0.9, linestyle="--" if look.hollow else "-", zorder=2,
        )  # fmt: skip
        axes.plot(places, shares, linestyle="", zorder=3, clip_on=False, **look.mark)
    _percent(axes.xaxis.set_major_formatter, axes.yaxis.set_major_formatter)
    axes.set_xlabel("probability predicted, percent")
    axes.set_ylabel("attacker won, percent of battles")
    return axes


def draw_bin_counts(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw how many battles each bin of predicted probability holds, laws side by side."""
    middles = (np.arange(BINS) + 0.5) / BINS
    width = 0.85 / BINS / len(group)
    for p, shift in zip(group, _shifts(len(group), len(group) * width), strict=True):
        look = series[p.law, p.scheme]
        axes.bar(
            middles + shift, [count for _, _, count in bins(p)], width=0.9 * width,
            facecolor="white" if look.hollow else look.colour, edgecolor=look.colour, linewidth=0.8,
        )  # fmt: skip
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks(np.linspace(0.0, 1.0, BINS + 1))
    _percent(axes.xaxis.set_major_formatter)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_xlabel("probability predicted, percent")
    axes.set_ylabel("battles")
    return axes


def bins(p: Predictions) -> list[tuple[float, int, int]]:
    """Return of each bin of probability its mean (NaN if empty), battles won, and battles."""
    told = known(p)
    chance, won = p.quantiles[told, 0], p.recorded[told]
    # A probability of 1 belongs to the last bin.
    places = np.minimum((chance * BINS).astype(int), BINS - 1)
    rows = []
    for place in range(BINS):
        own = places == place
        count = int(np.count_nonzero(own))
        rows.append((float(chance[own].mean()) if count else np.nan, int(won[own].sum()), count))
    return rows


def _fewest(group: Sequence[Predictions]) -> int:
    return min(int(known(p).sum()) for p in group)


def _shifts(count: int, width: float) -> Floats:
    """Offsets of ``count`` marks side by side within ``width``."""
    return (np.arange(count) + 0.5) / count * width - width / 2


def _diagonal(axes: Axes) -> None:
    axes.plot((0.0, 1.0), (0.0, 1.0), color=BLACK, linewidth=0.8, zorder=2)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)


def _percent(*setters: Callable[[FuncFormatter], None]) -> None:
    for setter in setters:
        setter(FuncFormatter(lambda value, _: f"{100 * value:.0f}"))


def _handles(series: Looks) -> list[Any]:
    return [
        *(look.handle for look in series.values()),
        Line2D([], [], color=BLACK, linewidth=0.8, label="as promised"),
        Patch(color=PALE, label="95 percent by chance alone"),
        Line2D([], [], color=GREY, linewidth=0.9, label="95 percent interval"),
    ]
