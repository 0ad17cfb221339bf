"""Where an outcome's spread comes from: tornado, Sobol indices, split of the variance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sandtable.figures.context import FigureContext, units_text
from sandtable.figures.sheet import Frame, Sheet, numbered, save
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
    styled,
)
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.scenario.key_words import input_in_words
from sandtable.vocabulary import FigureFormat

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

_BARS = 10
_NAMES = 2.9
_FRAME = Frame(_NAMES + 0.2, 0.25)
# Inches of a bar beyond the lines of its name, and least of a pair of bars.
_BAR, _PAIR = 0.05, 0.24

Words = Callable[[str], str]
"""What a group of inputs is called."""


def draw_tornado(axes: Axes, effects: Sequence[MorrisEffect], words: Words = str) -> Axes:
    """Draw a bar for each of the strongest effects, the longest on top, with its interval."""
    shown = _strongest(effects)
    at = np.arange(len(shown))
    size = np.array([effect.mu_star for effect in shown])
    ends = _whiskers([(e.mu_star_low, e.mu_star, e.mu_star_high) for e in shown])
    axes.barh(at, size, height=0.7, color=[_SIGNS[effect.sign][0] for effect in shown])
    axes.errorbar(size, at, xerr=ends, fmt="none", ecolor=BLACK, elinewidth=0.9, capsize=2)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    return _listed(axes, [words(effect.group) for effect in shown])


def draw_indices(axes: Axes, indices: Sequence[SobolIndex], words: Words = str) -> Axes:
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
    return _listed(axes, [words(index.group) for index in shown])


def draw_split(axes: Axes, findings: Sequence[OutcomeSensitivity], words: Words = str) -> Axes:
    """Draw a bar an outcome, stacked from what each source explains by itself.

    Estimates below nought count as nought. What is left to 1 are interactions; where the
    errors of the estimates bring their sum above 1, the bar is scaled to end there.
    """
    at = np.arange(len(findings))
    for row, one in zip(at, findings, strict=True):
        left = 0.0
        for source, share in _shares(one).items():
            axes.barh(row, share, left=left, height=0.7, color=SOURCE_COLOURS[source])
            left += share
        axes.barh(row, 1.0 - left, left=left, height=0.7, color=PALE, hatch="////", edgecolor=GREY)
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}"))
    return _listed(axes, [words(one.outcome) for one in findings])


def _shares(one: OutcomeSensitivity) -> dict[str, float]:
    """What each source explains by itself, of the whole variance."""
    assert one.split is not None
    shares = {index.group: max(0.0, index.first) for index in one.split.groups}
    scale = max(1.0, fsum(shares.values()))
    return {source: shares.get(source, 0.0) / scale for source in SOURCE_COLOURS}


def draw_sensitivity(
    found: SensitivityFindings, folder: str | Path, form: FigureFormat = "png"
) -> list[Path]:
    """Draw what a sensitivity analysis found into ``folder``, made if need be; return the files.

    An outcome that never moved is left out. A warning stands at the foot of each page.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return [save(figure, folder, name, form) for name, figure in _figures(found)]


def _figures(found: SensitivityFindings) -> Iterator[tuple[str, Figure]]:
    context = FigureContext.of(found.scenario, warning=found.warning)

    def words(group: str) -> str:
        return input_in_words(group, found.scenario.file, found.scenario.facts)

    moved = [one for one in found.outcomes if one.effects]
    if moved:
        yield from numbered("tornado", _tornados(moved, context, words))
    shared = [one for one in found.outcomes if one.indices is not None]
    if shared:
        yield from numbered("sobol", _sobols(shared, context, words))
    split = [one for one in found.outcomes if one.split is not None]
    if split:
        yield from numbered("variance", _splits(split, context))


def _tornados(
    findings: Sequence[OutcomeSensitivity], context: FigureContext, words: Words
) -> list[Figure]:
    sheet = context.sheet(
        "what moves each outcome",
        "Change of the outcome as an input goes through the middle 90 percent of its range (mean "
        f"absolute elementary effect), chance held fixed; the strongest {_BARS}.",
        "Whiskers: 95 percent intervals. Key paths of the inputs: morris.csv.",
    )

    def handles(page: Sequence[OutcomeSensitivity]) -> list[Artist]:
        signs = {effect.sign for one in page for effect in _strongest(one.effects)}
        return [_patch(*_SIGNS[sign]) for sign in _SIGNS if sign in signs]

    def names(one: OutcomeSensitivity) -> list[str]:
        return [words(effect.group) for effect in _strongest(one.effects)]

    def draw(axes: Axes, one: OutcomeSensitivity) -> None:
        draw_tornado(axes, one.effects, words).set_xlabel(units_text(one.unit))

    return _pages(findings, sheet, context, handles, names, draw, 0.0)


def _sobols(
    findings: Sequence[OutcomeSensitivity], context: FigureContext, words: Words
) -> list[Figure]:
    sheet = context.sheet(
        "shares of the variance",
        "Sobol indices of the strongest inputs: first, what an input explains by itself; total, "
        "with all its interactions.",
        "Whiskers: 95 percent intervals. Key paths of the inputs: sobol.csv.",
        [_patch(_FIRST, "first"), _patch(_TOTAL, "total")],
    )

    def groups(one: OutcomeSensitivity) -> Sequence[SobolIndex]:
        return one.indices.groups if one.indices else ()

    def names(one: OutcomeSensitivity) -> list[str]:
        return [words(index.group) for index in groups(one)]

    def draw(axes: Axes, one: OutcomeSensitivity) -> None:
        draw_indices(axes, groups(one), words).set_xlabel("share of the variance")

    return _pages(findings, sheet, context, lambda _: sheet.handles, names, draw, _PAIR)


def _pages(
    findings: Sequence[OutcomeSensitivity],
    sheet: Sheet,
    context: FigureContext,
    handles: Callable[[Sequence[OutcomeSensitivity]], Sequence[Artist]],
    names: Callable[[OutcomeSensitivity], Sequence[str]],
    draw: Callable[[Axes, OutcomeSensitivity], Any],
    least: float,
) -> list[Figure]:
    """Return pages with a panel an outcome, one below the other."""
    heights = [len(names(one)) * max(least, _bar(names(one))) for one in findings]
    sheet = sheet.showing(handles(findings))
    figures = []
    for page, part in sheet.pages(heights, _FRAME.around):
        page = page.showing(handles(findings[part]))
        figure, cell = page.grid(heights[part], 1, _FRAME)
        for row, one in enumerate(findings[part]):
            axes = cell(row, 0)
            draw(axes, one)
            axes.set_title(context.describe(one.outcome))
        figures.append(figure)
    return figures


def _splits(findings: Sequence[OutcomeSensitivity], context: FigureContext) -> list[Figure]:
    shares = [_shares(one) for one in findings]
    handles: list[Artist] = [
        _patch(colour, source)
        for source, colour in SOURCE_COLOURS.items()
        if any(own[source] > 0.0 for own in shares)
    ]
    if any(fsum(own.values()) < 1.0 for own in shares):
        hatched = Patch(facecolor=PALE, edgecolor=GREY, hatch="////", label=_INTERACTION)
        handles.append(hatched)
    sheet = context.sheet(
        "where the spread comes from",
        "Share of each outcome's variance that a source explains by itself; interactions are "
        "what no source explains alone.",
        "Bars: first-order Sobol indices; their intervals are in variance.csv.",
        handles,
    )
    bar = _bar([context.describe(one.outcome) for one in findings])
    figures = []
    for page, part in sheet.pages([bar] * len(findings), 0.0, _FRAME.around):
        own = findings[part]
        figure, cell = page.grid([bar * len(own)], 1, _FRAME)
        draw_split(cell(0, 0), own, context.describe).set_xlabel("percent of the variance")
        figures.append(figure)
    return figures


def _strongest(effects: Sequence[MorrisEffect]) -> list[MorrisEffect]:
    return sorted(effects, key=lambda effect: -effect.mu_star)[:_BARS]


def _patch(colour: str, label: str) -> Patch:
    return Patch(color=colour, label=label)


def _whiskers(values: Sequence[tuple[float, float, float]]) -> list[list[float]]:
    """Distances from (low, middle, high) as matplotlib takes them."""
    below = [max(0.0, middle - low) for low, middle, _ in values]
    return [below, [max(0.0, high - middle) for _, middle, high in values]]


def _bar(names: Sequence[str]) -> float:
    """Inches of a bar, so that its name has room."""
    lines = max((line_count(wrapped(name, _NAMES)) for name in names), default=1)
    return line_inches(SMALL, lines) + _BAR


def _listed(axes: Axes, names: Sequence[str]) -> Axes:
    axes.set_yticks(range(len(names)), [wrapped(name, _NAMES) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    if axes.get_xlim()[1] != 1.0:
        axes.xaxis.set_major_locator(MaxNLocator(5))
    return axes
