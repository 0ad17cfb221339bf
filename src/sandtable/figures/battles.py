"""What the battle laws predict beside what was recorded, a point a battle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sandtable.battles.predictions import Predictions
from sandtable.figures.battle_series import (
    LOGARITHMIC,
    SOURCE,
    UNITS,
    Mask,
    battles_text,
    by_quantity,
    has_logarithm,
    heading,
    inside,
    known,
    log_errors,
    rms,
    without_logarithm,
)
from sandtable.figures.sheet import WIDTH, Frame, Sheet
from sandtable.figures.style import BLACK, BLUE, GREY, VERMILION, Floats
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped

# Whether the record lies inside the middle 90 percent: colour, marker and its size in points.
VERDICTS = {True: (BLUE, "o", 2.6), False: (VERMILION, "X", 4.2)}
# Columns of the ends of an interval, the width of its bar and how strongly it is drawn.
_BARS = ((0, 4, 0.5, 0.3), (1, 3, 1.5, 0.35))
# How far below the least and above the most point a bar may widen the scale: as a factor.
_WIDEST = 20.0
_MOST_TICKS = 4
_FRAME = Frame(0.72, 0.12, 0.72, below=1.3)
_SQUARE = (WIDTH - _FRAME.left - _FRAME.right - 2 * _FRAME.gap) / 3
# Inches from a panel down to what is said of it.
_NOTE = 0.4


def predicted_against_recorded(predictions: Sequence[Predictions]) -> Figure:
    """Return a page with a panel a quantity: recorded across, predicted upwards, both logarithmic.

    ``predictions`` are of one scheme, at most one law a quantity; those of ``attacker wins`` are
    not drawn. Raises ValueError for others, and for predictions that contradict themselves.
    """
    shown = by_quantity(predictions, LOGARITHMIC)
    schemes = sorted({own.scheme for group in shown.values() for own in group})
    several = [quantity for quantity, group in shown.items() if len(group) > 1]
    if several or len(schemes) > 1:
        found = "; ".join((*several, *schemes))
        raise ValueError(f"one scheme and one law a quantity fit this figure, not several: {found}")
    caption = (
        f"{SOURCE} Shares inside count every battle with a record and a prediction, drawn or not; "
        "the error is the natural logarithm of recorded over predicted median."
    )
    sheet = Sheet(
        f"Casualties and advance in battle: predicted against recorded ({schemes[0]})",
        "A mark is the predicted median of one battle. On the line the prediction is right, above "
        "it too high, below it too low. A bar that leaves its panel goes on.",
        caption,
        _handles(),
    )
    titles = {
        quantity: wrapped(f"{heading(quantity)}, law: {only.law}", _SQUARE + 0.3, 8.0, "bold")
        for quantity, (only,) in shown.items()
    }
    above = 0.1 + line_inches(8.0, max(map(line_count, titles.values())))
    figure, cell = sheet.grid([_SQUARE], 3, replace(_FRAME, above=above))
    for column, (only,) in enumerate(shown.values()):
        axes = draw_predictions(cell(0, column), only)
        axes.set_title(titles[only.quantity])
        axes.set_xlabel(f"recorded, {UNITS[only.quantity]}")
        axes.set_ylabel(f"predicted, {UNITS[only.quantity]}")
    return figure


def draw_predictions(axes: Axes, p: Predictions) -> Axes:
    """Draw each battle's predicted median and its bars over what was recorded of it.

    Thin bar: middle 90 percent; thick: middle 50. Below the panel the shares inside, of all
    battles known, the rms error of those drawn, and the number of those that have no logarithm
    and are not drawn.
    """
    drawn = has_logarithm(p)
    hit = np.zeros(len(drawn), dtype=np.bool_)
    hit[known(p)] = inside(p, 0, 4)
    recorded, points = p.recorded[drawn], p.quantiles[drawn]
    low, high = _limits(recorded, points)
    _log_axes(axes, low, high)
    axes.plot((low, high), (low, high), color=BLACK, linewidth=0.8, zorder=1)
    for verdict, (colour, marker, size) in VERDICTS.items():
        own = hit[drawn] == verdict
        for first, last, width, strength in _BARS:
            axes.add_collection(
                _bars(recorded[own], points[own][:, [first, last]], low, colour, width, strength),
                autolim=False,
            )
        axes.plot(
            recorded[own], points[own, 2], marker, color=colour, markersize=size,
            markeredgecolor="white", markeredgewidth=0.3, zorder=3.0 if verdict else 3.5,
        )  # fmt: skip
    axes.annotate(
        wrapped("\n".join([*_fit(p, drawn), *_left_out(p)]), _SQUARE + 0.4), (0.0, 0.0),
        xycoords="axes fraction", xytext=(0.0, -72.0 * _NOTE), textcoords="offset points",
        size=SMALL, va="top", linespacing=1.25,
    )  # fmt: skip
    return axes


def _bars(
    x: Floats, ends: Floats, floor: float, colour: str, width: float, strength: float
) -> LineCollection:
    # An end at nought or below has no place on the scale: its bar runs on to the floor and out.
    bottoms = np.where(ends[:, 0] > 0.0, ends[:, 0], floor / 10.0)
    lines = np.stack(
        [np.column_stack((x, bottoms)), np.column_stack((x, ends[:, 1]))], axis=1
    )  # fmt: skip
    return LineCollection(
        list(lines), colors=colour, linewidths=width, alpha=strength, capstyle="butt", zorder=2
    )


def _limits(recorded: Floats, points: Floats) -> tuple[float, float]:
    """Ends of both scales: every mark is in sight, and every bar that is not far too long."""
    marks = np.concatenate((recorded, points[:, 2]))
    if not len(marks):
        return 0.1, 10.0
    bottoms = points[:, 0][points[:, 0] > 0.0]
    low = max(float(np.min(bottoms, initial=marks.min())), float(marks.min()) / _WIDEST)
    high = min(float(np.max(points[:, 4], initial=marks.max())), float(marks.max()) * _WIDEST)
    return low / 1.4, high * 1.4


def _log_axes(axes: Axes, low: float, high: float) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    ticks = _ticks(low, high)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    axes.grid(color="#EEEEEE", linewidth=0.5)
    axes.set_axisbelow(True)


def _ticks(low: float, high: float) -> list[float]:
    """Powers of ten, as many as have room; where there are hardly any, 2 and 5 between them."""
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    powers = [10.0**power for power in range(first, last + 1)]
    inside = [power for power in powers if low <= power <= high]
    if len(inside) > 2:
        return inside[:: -(-len(inside) // _MOST_TICKS)]
    return [x for power in powers for x in (power, 2 * power, 5 * power) if low <= x <= high]


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _number(value: float) -> str:
    """Write a number of a scale out, far too large and far too small ones as powers of ten."""
    if 1e-3 <= value < 1e7:
        return f"{value:,.10g}"
    return "10" + f"{np.log10(value):.0f}".translate(_RAISED)


def _fit(p: Predictions, drawn: Mask) -> list[str]:
    told = int(np.count_nonzero(known(p)))
    lines = [
        battles_text([told]),
        *(
            f"inside middle {share}: {100 * inside(p, low, high).mean():.0f} percent"
            for share, low, high in ((50, 1, 3), (90, 0, 4))
        ),
    ]
    if drawn.any():
        error = f"rms error of ln: {rms(log_errors(p)[drawn]):.2f}"
        few = int(np.count_nonzero(drawn))
        lines.append(error if few == told else f"{error} ({battles_text([few])})")
    return lines


def _left_out(p: Predictions) -> list[str]:
    reasons = without_logarithm(p)
    return ["not drawn:", *(f"{count} {why}" for why, count in reasons.items())] if reasons else []


def _handles() -> list[Artist]:
    marks: list[Artist] = [
        Line2D([], [], color=colour, marker=marker, markersize=size + 1.5, linestyle="", label=text)
        for (colour, marker, size), text in zip(
            VERDICTS.values(),
            ("recorded inside middle 90 %", "recorded outside"),
            strict=True,
        )
    ]
    bars = [
        Line2D([], [], color=GREY, linewidth=width, label=f"predicted, middle {share} %")
        for share, width in ((90, 0.6), (50, 2.0))
    ]
    line = Line2D([], [], color=BLACK, linewidth=0.8, label="predicted as recorded")
    return [*marks, *bars, line]
