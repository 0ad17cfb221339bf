"""How far the battle laws miss, by year and era."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sandtable.battles.predictions import Predictions
from sandtable.figures.battle_series import (
    INDEPENDENT,
    LOGARITHMIC,
    SOURCE,
    Look,
    Mask,
    by_quantity,
    count_text,
    heading,
    log_errors,
    looks,
    mean_interval,
    rms,
    rms_interval,
    without_logarithm,
)
from sandtable.figures.sheet import WIDTH, Frame, Sheet
from sandtable.figures.style import BLACK, GREY, Floats
from sandtable.figures.text import SMALL, line_inches, wrapped

# First and last year of each era.
ERAS = ((1914.0, 1918.0), (1919.0, 1936.0), (1937.0, 1945.0), (1946.0, 1959.0), (1960.0, inf))
# So few battles tell little of their spread: no interval is drawn for fewer.
FEWEST = 5
# Share of an era's width that its strips take, and of a strip that its years take.
_STRIPS, _YEARS = 0.88, 0.76
_PANEL, _FRAME = 1.5, Frame(0.5, 0.1, 0.58, below=0.72)
# Inches from a row of panels down to the note on what is not drawn.
_NOTE = 0.68
_AXIS = "era, and number of battles"

Looks = Mapping[tuple[str, str], Look]


def error_by_era(predictions: Sequence[Predictions]) -> Figure:
    """Return a page with a row a quantity: ln(recorded / predicted median) by year and era.

    Left: each battle; then each era's mean and root mean square, both with 95 percent intervals
    (none for fewer than ``FEWEST`` battles); laws and schemes side by side.
    Predictions of ``attacker wins`` are not drawn. Raises ValueError for predictions that
    contradict themselves.
    """
    shown = by_quantity(predictions, LOGARITHMIC)
    series = looks(p for group in shown.values() for p in group)
    schemes = dict.fromkeys(p.scheme for group in shown.values() for p in group)
    caption = f"{SOURCE} {INDEPENDENT} No interval is drawn for fewer than {FEWEST} battles."
    handles = [
        *(look.handle for look in series.values()),
        Line2D([], [], color=GREY, linewidth=1.2, label="95 percent interval"),
    ]
    sheet = Sheet(
        f"Errors of the battle laws by year and era ({', '.join(schemes)})",
        "Error: ln(recorded / predicted median); 0.7 is a factor of 2, 2.3 a factor of 10. Within "
        "an era each law has a strip of its own, in which years run from left to right.",
        caption,
        handles,
    )
    noted = any(map(_left_out, shown.values()))
    frame = replace(_FRAME, below=_FRAME.below + line_inches() * noted)
    figure, cell = sheet.grid([_PANEL] * len(shown), 3, frame)
    for row, (quantity, group) in enumerate(shown.items()):
        left = cell(row, 0)
        draw_errors(left, group, series).set_title(f"{heading(quantity)}: each")
        draw_means(cell(row, 1), group, series).set_title("mean")
        draw_rms(cell(row, 2), group, series).set_title("root mean square")
        left_out = wrapped(_left_out(group), WIDTH - _FRAME.left - _FRAME.right)
        left.annotate(
            left_out, (0.0, 0.0), xycoords="axes fraction", xytext=(0.0, -72.0 * _NOTE),
            textcoords="offset points", size=SMALL, color=GREY, va="top",
        )  # fmt: skip
    return figure


def draw_errors(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw the error of each battle by year, each law in its strip of each era."""
    latest = max(float(np.nanmax(p.years, initial=0.0)) for p in group)
    for rank, p in enumerate(group):
        look, errors = series[p.law, p.scheme], log_errors(p)
        for era, own in enumerate(_in_eras(p)):
            first, last = ERAS[era]
            elapsed = (p.years[own] - first) / max(1.0, min(last, latest) - first)
            middle, width = _strip(era, rank, len(group))
            axes.plot(
                middle + width * _YEARS * (elapsed - 0.5), errors[own], look.marker,
                markersize=2.4, alpha=0.4, color=look.colour, markeredgewidth=0.4, zorder=2,
                markerfacecolor="none" if look.hollow else look.colour,
            )  # fmt: skip
    return _era_axis(axes, group, "error")


def draw_means(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw the mean error of each era with its interval, laws side by side."""
    _draw_eras(axes, group, series, lambda errors: float(errors.mean()), mean_interval)
    return _era_axis(axes, group, "mean error")


def draw_rms(axes: Axes, group: Sequence[Predictions], series: Looks) -> Axes:
    """Draw the root mean square of each era's errors with its interval, laws side by side."""
    highest = _draw_eras(axes, group, series, rms, rms_interval)
    axes.set_ylim(0.0, 1.08 * highest or 1.0)
    return _era_axis(axes, group, "rms error")


def _draw_eras(
    axes: Axes,
    group: Sequence[Predictions],
    series: Looks,
    middle: Callable[[Floats], float],
    interval: Callable[[Floats], tuple[float, float]],
) -> float:
    """Draw a mark and an interval a law and era; return the highest end."""
    highest = 0.0
    for rank, p in enumerate(group):
        look, errors = series[p.law, p.scheme], log_errors(p)
        told = {
            _strip(era, rank, len(group))[0]: errors[own]
            for era, own in enumerate(_in_eras(p))
            if own.any()
        }
        bars = {x: interval(values) for x, values in told.items() if len(values) >= FEWEST}
        marks = [middle(values) for values in told.values()]
        axes.vlines(
            list(bars), [low for low, _ in bars.values()], [high for _, high in bars.values()],
            color=look.colour, linewidth=1.2, zorder=3,
        )  # fmt: skip
        axes.plot(list(told), marks, linestyle="", zorder=4, **look.mark)
        highest = max([highest, *marks, *(high for _, high in bars.values())])
    return highest


def _era_axis(axes: Axes, group: Sequence[Predictions], label: str) -> Axes:
    """Name the eras with the number of battles in each, part them, and mark an error of nought."""
    counts = [[int(np.count_nonzero(own)) for own in _in_eras(p)] for p in group]
    names = [
        "\n".join((_era_name(era), count_text(own).replace(" to ", "–\n")))
        for era, own in enumerate(zip(*counts, strict=True))
    ]
    axes.set_xticks(np.arange(len(ERAS)) + 0.5, names)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(0.0, len(ERAS))
    axes.set_xlabel(_AXIS)
    axes.set_ylabel(label)
    axes.axhline(0.0, color=BLACK, linewidth=0.8, zorder=1)
    axes.vlines(
        range(1, len(ERAS)), 0, 1, transform=axes.get_xaxis_transform(), color="#DDDDDD",
        linewidth=0.6, zorder=0,
    )  # fmt: skip
    axes.grid(axis="y", color="#EEEEEE", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _strip(era: int, rank: int, laws: int) -> tuple[float, float]:
    """Middle and width of a law's strip, an era being 1 wide."""
    width = _STRIPS / laws
    return era + (1 - _STRIPS) / 2 + (rank + 0.5) * width, width


def _in_eras(p: Predictions) -> list[Mask]:
    """Which battles of each era have an error."""
    has_error = np.isfinite(log_errors(p))
    return [has_error & (p.years >= first) & (p.years <= last) for first, last in ERAS]


def _era_name(era: int) -> str:
    first, last = ERAS[era]
    return f"{first:.0f}\n–{last % 100:.0f}" if isfinite(last) else f"since\n{first:.0f}"


def _left_out(group: Sequence[Predictions]) -> str:
    """What no panel of this quantity shows, in words."""
    reasons: dict[str, list[int]] = {}
    for rank, p in enumerate(group):
        lost = int(np.isfinite(log_errors(p)).sum() - np.sum(_in_eras(p)))
        counts = without_logarithm(p) | ({"undated or before 1914": lost} if lost else {})
        for why in counts.keys() | reasons.keys():
            reasons.setdefault(why, [0] * rank).append(counts.get(why, 0))
    words = [f"{count_text(counts)} {why}" for why, counts in sorted(reasons.items())]
    return f"not drawn: {', '.join(words)}" if words else ""
