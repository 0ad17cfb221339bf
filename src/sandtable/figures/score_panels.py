"""Panels of a run's scores: skill against baselines, calibration, and the worst misses by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, MultipleLocator, PercentFormatter

from sandtable.comparison import BASELINES, INTERVALS
from sandtable.figures.context import FigureContext, units_text
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLACK,
    BLUE,
    PALE,
    VERMILION,
)
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.outcomes import is_moment

if TYPE_CHECKING:
    from sandtable.comparison import KindScore, Score, Scores, Skill

_LOOKS = dict(zip(BASELINES, (("o", BLUE), ("s", VERMILION)), strict=True))
_WORDS = {
    "one_battle": "one battle and an unopposed march",
    "sceptic": "planned dates and rates of other wars",
}
# The axis of skill ends here: how much worse than that a run is does not matter.
_WORST = -1.0
# Of a normal distribution, to either side for 90 percent.
_NINETY = 1.645
NAMES, TOLD = 2.05, 2.45
"""Inches beside the rows of misses: what they are called, and what run and record say."""


def score_handles(shown: Sequence[Scores], *, misses: bool) -> list[Artist]:
    """Return the entries of a legend for the panels of these scores, with misses or without."""
    found: list[Artist] = []
    for baseline, (marker, colour) in _LOOKS.items():
        every = [kind.skill[baseline] for scores in shown for kind in scores.kinds]
        told = [skill for skill in every if skill.outcomes]
        if told:
            face = _face(colour, known=any(math.isfinite(skill.low) for skill in told))
            found.append(
                Line2D(
                    [], [], color=colour, marker=marker, markersize=4.5, linewidth=1.0,
                    markerfacecolor=face, label=f"skill against {_WORDS[baseline]}",
                )
            )  # fmt: skip
    found.append(Line2D([], [], color=BLACK, linewidth=1.4, label="expected of a calibrated run"))
    if any(math.isfinite(scores.effective) for scores in shown):
        found.append(Patch(color=PALE, label="range of 90 percent of calibrated runs"))
    if not misses:
        return [*found, Patch(color=BAND_DARK, label="run: histogram, coverage")]
    return [
        *found,
        Patch(color=BAND_DARK, label="run: histogram, coverage; middle 50 percent, median"),
        Patch(color=BAND_LIGHT, label="run: middle 90 percent"),
        Line2D([], [], color=BLACK, marker="|", markersize=5.0, linewidth=1.1, label="record"),
    ]


def draw_skill(axes: Axes, kinds: Sequence[KindScore]) -> Axes:
    """Draw skill by kind, all together on top, with the number of outcomes that it rests on.

    A mark is hollow if there is no interval. Skill below -1 is an arrow at the edge.
    """
    axes.axvline(0.0, color=BLACK, linewidth=0.7, zorder=1)
    step = 0.5 / len(BASELINES)
    for row, kind in enumerate(kinds):
        for number, (baseline, (marker, colour)) in enumerate(_LOOKS.items()):
            told = kind.skill[baseline]
            y = row + step * (number - (len(BASELINES) - 1) / 2)
            _count(axes, row, number, told.outcomes, colour)
            if told.outcomes:
                _skill(axes, y, told, colour, marker)
    axes.set_xlim(_WORST, 1.0)
    axes.xaxis.set_major_locator(MultipleLocator(0.5))
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    axes.set_yticks(range(len(kinds)), [f"{kind.kind} ({kind.outcomes})" for kind in kinds])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("skill")
    axes.set_title("Skill by kind (outcomes)")
    return axes


def _skill(axes: Axes, y: float, told: Skill, colour: str, marker: str) -> None:
    known = math.isfinite(told.low)
    if known:
        ends = [(max(end, _WORST), y) for end in (told.low, told.high)]
        axes.add_collection(LineCollection([ends], colors=colour, linewidths=1.0))
    own = max(told.skill, _WORST), "<" if told.skill < _WORST else marker, 4.5
    beyond = (_WORST, "<", 3.0) if told.low < _WORST <= told.skill else None
    for value, shape, size in filter(None, (own, beyond)):
        axes.plot(
            value, y, shape, color=colour, markersize=size, clip_on=False, zorder=3,
            markerfacecolor=_face(colour, known=known),
        )  # fmt: skip


def _face(colour: str, *, known: bool) -> str:
    """Filling of a mark: hollow without an interval, as white paper, which any program can draw."""
    return colour if known else "white"


def _count(axes: Axes, row: int, number: int, outcomes: int, colour: str) -> None:
    axes.annotate(
        str(outcomes) if outcomes else "–", (1.0, row), xycoords=("axes fraction", "data"),
        xytext=(18.0 * (number + 1), 0.0), textcoords="offset points", size=SMALL, color=colour,
        ha="right", va="center",
    )  # fmt: skip


def draw_pit(axes: Axes, scores: Scores) -> Axes:
    """Draw where the record lies in the run's distribution: the mean PIT histogram.

    Behind it is the range for the bars of calibrated runs with as many independent outcomes.
    """
    shares = scores.all.pit
    even = 1.0 / len(shares)
    low, high = _ninety(even, scores.effective)
    axes.axhspan(low, high, color=PALE, linewidth=0, zorder=1)
    edges = [number * even for number in range(len(shares) + 1)]
    axes.stairs(shares, edges, fill=True, color=BAND_DARK, zorder=2)
    axes.plot([0.0, 1.0], [even, even], color=BLACK, linewidth=1.4, zorder=3)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.08 * max(*shares, high))
    axes.set_xticks([0.0, 0.5, 1.0], ["below", "median", "above"])
    axes.set_xlabel("where the record lies")
    axes.set_title("PIT histogram")
    return _share_axis(axes)


def draw_coverage(axes: Axes, kind: KindScore, effective: float) -> Axes:
    """Draw how much of the record lies in the run's central intervals, and what should.

    The black line is the share that a calibrated run would hold of records so wide.
    """
    for place, percent in enumerate(INTERVALS):
        held, due = (getattr(kind, f"{what}_{percent}") for what in ("covered", "nominal"))
        low, high = _ninety(due, effective)
        axes.bar(place, high - low, 0.9, low, color=PALE, zorder=1)
        axes.bar(place, held, 0.5, color=BAND_DARK, zorder=2)
        axes.plot([place - 0.45, place + 0.45], [due, due], color=BLACK, linewidth=1.4, zorder=3)
    axes.set_xlim(-0.6, len(INTERVALS) - 0.4)
    axes.set_ylim(0.0, 1.0)
    axes.set_xticks(range(len(INTERVALS)), [f"{percent}%" for percent in INTERVALS])
    axes.set_xlabel("middle of the run")
    axes.set_title("Coverage")
    return _share_axis(axes)


def _ninety(share: float, count: float) -> tuple[float, float]:
    """Where a share of so many independent outcomes lies in 90 percent of cases, about."""
    if math.isnan(count):
        return share, share
    half = _NINETY * math.sqrt(share * (1.0 - share) / count)
    return max(0.0, share - half), min(1.0, share + half)


def _share_axis(axes: Axes) -> Axes:
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_ylabel("share of the record")
    return axes


# --- misses -----------------------------------------------------------------------------------


class Miss(NamedTuple):
    """An outcome that a run misses, and how the figure writes its name and both its values."""

    score: Score
    name: str
    told: str

    @classmethod
    def of(cls, score: Score, context: FigureContext) -> Miss:
        """Return a miss as it is written in the figure of a run."""
        unit = "" if is_moment(score.outcome) else f" {units_text(score.unit)}"
        run = "never" if math.isinf(score.p50) else context.value_text(score.outcome, score.p50)
        record = context.range_text(score.outcome, score.truth_low, score.truth_high)
        told = f"run {run}; record {record}{unit}"
        return cls(score, wrapped(context.describe(score.outcome), NAMES), wrapped(told, TOLD))

    @property
    def inches(self) -> float:
        """Height of its row."""
        return line_inches(SMALL, max(line_count(self.name), line_count(self.told))) + 0.06


def draw_misses(axes: Axes, misses: Sequence[Miss], context: FigureContext) -> Axes:
    """Draw a row for each miss, the first on top: bars of the run, bracket of the record.

    Each row has its own scale. It begins at zero, or at H-hour, and ends with the largest value
    of the row, or with the campaign; what never comes about is an arrow at that end.
    """
    tops = list(accumulate((miss.inches for miss in misses), initial=0.0))
    for miss, top in zip(misses, tops, strict=False):
        y = top + miss.inches / 2
        _row(axes, miss.score, y, context)
        for text, x, away, how in ((miss.name, 0.0, -6.0, "right"), (miss.told, 1.0, 8.0, "left")):
            axes.annotate(
                text, (x, y), xycoords=("axes fraction", "data"), xytext=(away, 0.0),
                textcoords="offset points", size=SMALL, ha=how, va="center", linespacing=1.1,
            )  # fmt: skip
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(tops[-1], 0.0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["right"].set_visible(True)
    axes.spines["bottom"].set_visible(False)
    return axes


def _row(axes: Axes, score: Score, y: float, context: FigureContext) -> None:
    ends = score.p05, score.p95, score.truth_low, score.truth_high
    largest = max((end for end in ends if math.isfinite(end)), default=1.0)
    whole = context.end if is_moment(score.outcome) else largest or 1.0

    def place(value: float) -> float:
        return min(max(value, 0.0) / whole, 1.0)

    for low, high, colour in (
        (score.p05, score.p95, BAND_LIGHT),
        (score.p25, score.p75, BAND_DARK),
    ):
        axes.barh(y, place(high) - place(low), 0.09, place(low), color=colour, zorder=1)
    median = place(score.p50)
    axes.plot([median, median], [y - 0.055, y + 0.055], color=BLUE, linewidth=1.6, zorder=2)
    if math.isinf(score.p50):
        axes.plot(1.0, y, ">", color=BLUE, markersize=4.5, clip_on=False, zorder=3)
    low, high = place(score.truth_low), place(score.truth_high)
    axes.plot([low, high], [y, y], color=BLACK, linewidth=1.1, zorder=4)
    axes.plot([low, high], [y, y], "|", color=BLACK, markersize=5.0, clip_on=False, zorder=4)
