"""The distributions of one battle: how it ends, what it costs, days and ground."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sandtable.figures.sheet import Frame, Sheet, save
from sandtable.figures.style import BLUE, GREY, ORANGE, PALE, VERMILION, Floats, quantiles, styled
from sandtable.laws.coefficients import SIDES
from sandtable.single_battle.forecast import BattleForecast
from sandtable.single_battle.source import sources
from sandtable.single_battle.stage import BEATEN_OFF, BROKE, RESULTS, STALEMATE
from sandtable.vocabulary import FigureFormat

COLOURS = {BEATEN_OFF: BLUE, STALEMATE: PALE, BROKE: VERMILION}
"""Of the results: warm where the attacker has his way."""
_SIDES = dict(zip(SIDES, (VERMILION, BLUE), strict=True))
_FRAME = Frame(0.95, 0.2, 0.75, above=0.3, below=0.55)
_ROWS = (1.5, 1.5)
_BINS = 40


def draw_battle(found: BattleForecast, path: Path) -> Path:
    """Draw a battle's distributions into a file, whose name ends in its format; return it."""
    form: FigureFormat = path.suffix[1:]  # type: ignore[assignment]
    with styled():
        return save(battle_page(found), path.parent, path.stem, form)


def battle_page(found: BattleForecast) -> Figure:
    """Return a page with a panel for results, casualties, days and ground."""
    case = found.case
    sheet = Sheet(
        f"{case.attacker.text} against {case.defender.text}",
        f"{len(found):,} draws of the fitted laws and of chance, seed {found.seed}; posture "
        f"{case.posture}, year {case.year:.0f}. Thick line: middle 50 percent, thin: middle 90, "
        "mark: median.",
        " ".join(sources(case)).replace("`", ""),
        [*(Patch(color=COLOURS[result], label=result) for result in reversed(RESULTS)
           if found.chance(result)[0] > 0.0)],
    )  # fmt: skip
    figure, cell = sheet.grid(_ROWS, 2, _FRAME)
    _draw_results(cell(0, 0), found)
    _draw_losses(cell(0, 1), found)
    draw_spread(cell(1, 0), {"": found.days}, "days in contact", {"": ORANGE})
    draw_spread(cell(1, 1), {"": found.ground}, "km gained", {"": ORANGE}, logarithmic=False)
    return figure


def _draw_results(axes: Axes, found: BattleForecast) -> None:
    shown = [result for result in reversed(RESULTS) if found.chance(result)[0] > 0.0]
    for row, result in enumerate(shown):
        share, error = found.chance(result)
        axes.barh(row, 100.0 * share, height=0.6, color=COLOURS[result])
        axes.text(100.0 * share + 1.5, row, f"{share:.0%} ± {error:.1%}", va="center")
    axes.set_yticks(range(len(shown)), [result.replace(" ", "\n") for result in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0.0, 130.0)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.spines["bottom"].set_bounds(0.0, 100.0)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("percent of the battles")
    axes.set_title("How it ends")


def _draw_losses(axes: Axes, found: BattleForecast) -> None:
    shares = {side: 100.0 * found.lost[side] / found.men[side] for side in SIDES}
    draw_spread(axes, shares, "casualties, percent of the side's men", _SIDES)


def draw_spread(
    axes: Axes, values: dict[str, Floats], label: str, colours: dict[str, str], *,
    logarithmic: bool = True,
) -> Axes:  # fmt: skip
    """Draw each quantity's histogram on a row of its own, its intervals below it."""
    every = np.concatenate(list(values.values()))
    positive = every[every > 0.0]
    low, high = np.quantile(positive, (0.002, 1.0)) if positive.size else (0.0, 1.0)
    edges = np.geomspace(low, high * 1.001, _BINS) if logarithmic else np.linspace(
        0.0, high * 1.001, _BINS
    )  # fmt: skip
    for row, (name, own) in enumerate(values.items()):
        counts, _ = np.histogram(np.clip(own, edges[0], edges[-1]), edges)
        heights = 0.7 * counts / max(counts.max(), 1)
        axes.fill_between(edges, row, row - np.append(heights, heights[-1]), step="post",
                          color=colours[name], alpha=0.35, linewidth=0)  # fmt: skip
        p05, p25, p50, p75, p95 = quantiles(own)
        axes.plot((p05, p95), (row + 0.1, row + 0.1), color=colours[name], linewidth=0.8)
        axes.plot((p25, p75), (row + 0.1, row + 0.1), color=colours[name], linewidth=2.4)
        axes.plot(p50, row + 0.1, "o", color="white", markeredgecolor=colours[name], markersize=4)
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(10.0, (1.0, 3.0), numticks=12))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(len(values) - 0.7, -0.85)
    axes.set_yticks(range(len(values)), list(values))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_title(label[0].upper() + label[1:], color="#222222")
    axes.tick_params(axis="x", color=GREY)
    return axes
