"""Where an outcome's spread comes from: tornado, Sobol indices, split of the variance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sandtable.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    cells,
    clip,
    marked,
    page,
    save,
    styled,
)

if TYPE_CHECKING:
    from sandtable.studies.sensitivity.method import (
        MorrisEffect,
        OutcomeSensitivity,
        SensitivityFindings,
        SobolIndex,
    )

SOURCE_COLOURS = {
    "disputed evidence": ORANGE,
    "assumptions": PURPLE,
    "laws": BLUE,
    "planning figures": SKY,
    "chance": GREEN,
}
_SIGNS = {
    1: (BLUE, "raises it"),
    -1: (VERMILION, "lowers it"),
    0: (PALE, "no one direction, or a group of inputs"),
}
_FIRST, _TOTAL = BLUE, SKY
_INTERACTION = "interactions"

_BARS = 12
_PANELS = 6
_LETTERS = 44


def draw_tornado(axes: Axes, effects: Sequence[MorrisEffect]) -> Axes:
    """Draw a bar for each of the strongest effects, the longest on top, with its interval."""
    shown = sorted(effects, key=lambda effect: -effect.mu_star)[:_BARS]
    at = np.arange(len(shown))
    size = np.array([effect.mu_star for effect in shown])
    ends = _whiskers([(e.mu_star_low, e.mu_star, e.mu_star_high) for e in shown])
    axes.barh(at, size, height=0.7, color=[_SIGNS[effect.sign][0] for effect in shown])
    axes.errorbar(size, at, xerr=ends, fmt="none", ecolor=BLACK, elinewidth=0.9, capsize=2)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    return _listed(axes, [effect.group for effect in shown])


def draw_indices(axes: Axes, indices: Sequence[SobolIndex]) -> Axes:
    """Draw a pair of bars for each group, first above total index, with their intervals."""
    shown = sorted(indices, key=lambda index: -index.total)
    at = np.arange(len(shown))
    pairs = (
        (-0.2, _FIRST, [(i.first_low, i.first, i.first_high) for i in shown]),
        (0.2, _TOTAL, [(i.total_low, i.total, i.total_high) for i in shown]),
    )
    for shift, colour, values in pairs:
        middle = np.array([value for _, value, _ in values])
        axes.barh(at + shift, np.maximum(middle, 0.0), height=0.36, color=colour)
        axes.errorbar(
            middle, at + shift, xerr=_whiskers(values), fmt="none", ecolor=BLACK,
            elinewidth=0.8, capsize=1.5,
        )  # fmt: skip
    axes.axvline(0.0, color=GREY, linewidth=0.6)
    most = max((index.total_high for index in shown), default=1.0)
    axes.set_xlim(min(0.0, min((i.first_low for i in shown), default=0.0)), max(1.0, most))
    return _listed(axes, [index.group for index in shown])


def draw_split(axes: Axes, findings: Sequence[OutcomeSensitivity]) -> Axes:
    """Draw a bar an outcome, stacked from what each source explains by itself.

    Estimates below nought count as nought. What is left to 1 are interactions; where the
    errors of the estimates bring their sum above 1, the bar is scaled to end there.
    """
    at = np.arange(len(findings))
    for row, one in zip(at, findings, strict=True):
        assert one.split is not None
        shares = {index.group: max(0.0, index.first) for index in one.split.groups}
        scale = max(1.0, sum(shares.values()))
        left = 0.0
        for source, colour in SOURCE_COLOURS.items():
            share = shares.get(source, 0.0) / scale
            axes.barh(row, share, left=left, height=0.7, color=colour)
            left += share
        axes.barh(row, 1.0 - left, left=left, height=0.7, color=PALE, hatch="////", edgecolor=GREY)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks(np.linspace(0.0, 1.0, 6), [f"{percent}" for percent in range(0, 101, 20)])
    return _listed(axes, [one.outcome for one in findings])


def draw_sensitivity(found: SensitivityFindings, folder: str | Path) -> list[Path]:
    """Draw all figures of a sensitivity analysis into ``folder`` and return their paths.

    A figure that would be empty is not drawn. The same findings give the same bytes. A warning
    stands at the foot of each.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return [
            save(marked(figure, found.warning), folder / f"{name}.png")
            for name, figure in _figures(found.outcomes, found.title)
        ]


def _figures(findings: Sequence[OutcomeSensitivity], title: str) -> Iterator[tuple[str, Figure]]:
    moved = [one for one in findings if one.effects]
    for number, some in _pages(moved):
        yield (
            f"tornado{number}",
            _panels(
                some,
                f"{title}: what moves the outcome most",
                "Change of the outcome as an input goes through the middle 90 percent of its "
                "range (mean absolute elementary effect), chance held fixed; the strongest "
                f"{_BARS}.",
                [Patch(color=colour, label=label) for colour, label in _SIGNS.values()],
                lambda axes, one: draw_tornado(axes, one.effects),
                lambda one: one.unit,
            ),
        )
    shared = [one for one in findings if one.indices is not None]
    for number, some in _pages(shared):
        yield (
            f"sobol{number}",
            _panels(
                some,
                f"{title}: shares of the variance",
                "Sobol indices of the strongest inputs: first, what an input explains by itself; "
                "total, with all its interactions.",
                [Patch(color=_FIRST, label="first"), Patch(color=_TOTAL, label="total")],
                lambda axes, one: draw_indices(axes, one.indices.groups if one.indices else ()),
                lambda one: "share of the variance",
            ),
        )
    split = [one for one in findings if one.split is not None]
    if split:
        yield "variance", _split_figure(split, title)


def _split_figure(findings: Sequence[OutcomeSensitivity], title: str) -> Figure:
    caption = "Bars: first-order Sobol indices; their intervals are in variance.csv."
    figure = page(
        0.28 * len(findings) + 0.6,
        f"{title}: where the spread comes from",
        "Share of each outcome's variance that a source explains by itself; interactions are "
        "what no source explains alone.",
        caption,
    )
    axes = cells(figure, 1, 1, sides=(3.2, 0.4), gaps=(0.0, 0.5), caption=caption)(0, 0)
    draw_split(axes, findings)
    axes.set_xlabel("percent of the variance")
    handles = [Patch(color=colour, label=name) for name, colour in SOURCE_COLOURS.items()]
    handles.append(Patch(facecolor=PALE, edgecolor=GREY, hatch="////", label=_INTERACTION))
    return _with_legend(figure, handles)


def _panels(
    findings: Sequence[OutcomeSensitivity],
    title: str,
    subtitle: str,
    handles: list[Patch],
    draw: Callable[[Axes, OutcomeSensitivity], Axes],
    unit: Callable[[OutcomeSensitivity], str],
) -> Figure:
    rows = (len(findings) + 1) // 2
    caption = "Whiskers: 95 percent intervals."
    figure = page(2.9 * rows, title, subtitle, caption)
    cell = cells(figure, rows, 2, sides=(2.6, 0.3), gaps=(2.7, 0.65), caption=caption)
    for place, one in enumerate(findings):
        axes = draw(cell(*divmod(place, 2)), one)
        axes.set_title(clip(one.outcome, 60))
        axes.set_xlabel(unit(one))
    return _with_legend(figure, handles)


def _with_legend(figure: Figure, handles: list[Patch]) -> Figure:
    height = figure.get_size_inches()[1]
    place = (0.02, 1 - 0.6 / height)
    figure.legend(handles=handles, loc="upper left", ncols=6, bbox_to_anchor=place)
    return figure


def _pages(
    findings: Sequence[OutcomeSensitivity],
) -> Iterator[tuple[str, Sequence[OutcomeSensitivity]]]:
    """Cut into pages; their numbers, empty if there is but one."""
    for first in range(0, len(findings), _PANELS):
        number = f"-{first // _PANELS + 1}" if len(findings) > _PANELS else ""
        yield number, findings[first : first + _PANELS]


def _whiskers(values: Sequence[tuple[float, float, float]]) -> list[list[float]]:
    """Distances from (low, middle, high) as matplotlib takes them."""
    below = [max(0.0, middle - low) for low, middle, _ in values]
    return [below, [max(0.0, high - middle) for _, middle, high in values]]


def _listed(axes: Axes, names: Sequence[str]) -> Axes:
    axes.set_yticks(range(len(names)), [clip(name, _LETTERS) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    if axes.get_xlim()[1] != 1.0:
        axes.xaxis.set_major_locator(MaxNLocator(5))
    return axes
