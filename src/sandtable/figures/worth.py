"""What each point of a vary study is worth: to the score, and to how many outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sandtable.comparison import BASELINES
from sandtable.figures.context import FigureContext
from sandtable.figures.sheet import Frame
from sandtable.figures.style import BLUE, GREY, ORANGE, SKY
from sandtable.figures.text import SMALL, line_count, line_inches, text_inches, wrapped
from sandtable.studies.vary.dimension import (
    NO_MECHANISM,
    NO_VARIANT,
    VARIANT,
    WITHOUT,
)
from sandtable.studies.vary.summary import beyond_chance

if TYPE_CHECKING:
    from sandtable.studies.vary.method import VaryFindings

_MARKS = {"one_battle": (BLUE, "o"), "sceptic": (ORANGE, "D")}
_SAID = {
    WITHOUT: ("what each mechanism is worth", "Each switched off in turn, beside {}"),
    VARIANT: ("what each variant changes", "Each beside {}"),
}
_WHOLE = {NO_MECHANISM: "the whole model", NO_VARIANT: "the scenario as it stands"}
_OTHERWISE = ("what each value changes", "Each beside {}")
_WIDEST = 2.2
_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Worth:
    """One point beside the first: by how much its skill over each of BASELINES is higher.

    ``changed``: number of outcomes that differ beyond chance.
    """

    name: str
    skills: tuple[float, ...]
    changed: int


def worth_of(found: VaryFindings, names: Sequence[str]) -> list[Worth]:
    """Return each point but the first, ``names`` by point, those that change most first."""
    first = found.scores[0].all.skill if found.scores else {}
    rows = []
    for index in range(1, len(found.points)):
        skills = tuple(
            found.scores[index].all.skill[name].skill - first[name].skill if first else np.nan
            for name in BASELINES
        )
        changed = sum(
            beyond_chance(one.at[index].difference.mean, one.at[index].difference.mc_error)
            for one in found.responses
        )
        rows.append(Worth(names[index], skills, changed))
    return sorted(rows, key=lambda row: -row.changed)


def worth_pages(found: VaryFindings, names: Sequence[str], context: FigureContext) -> list[Figure]:
    """Draw pages of the points beside the first one; none where no point changes anything.

    ``names``: what each point is called. Points that change nothing are named in the caption.
    """
    names = [_WHOLE.get(name, name) for name in names]
    rows = worth_of(found, names)
    moved = [row for row in rows if row.changed]
    if not moved:
        return []
    still = ", ".join(row.name for row in rows if not row.changed)
    handles: list[Artist] = [
        Line2D([], [], color=colour, marker=marker, linestyle="", markersize=4,
               label=f"skill over {name.replace('_', ' ')}")
        for name, (colour, marker) in _MARKS.items()
    ]  # fmt: skip
    title, subtitle = _SAID.get(found.dimensions[0].key, _OTHERWISE)
    sheet = context.sheet(
        title,
        f"{subtitle.format(names[0])}, on the same random draws."
        + (" Skill above 0: nearer to the record." if found.scores else ""),
        f"Simulated: {found.replications:,} replications at each point of scenario "
        f"{context.resolved.name}. Changed: the paired difference of the mean is above two of its "
        f"Monte Carlo errors, of {len(found.responses)} outcomes."
        + (f" No outcome changes beyond chance with {still}." if still else ""),
        handles if found.scores else (),
    )
    widest = min(_WIDEST, max(text_inches(row.name) for row in moved) + 0.1)
    lines = [line_count(wrapped(row.name, widest)) for row in moved]
    heights = [line_inches(SMALL, count) + 0.09 for count in lines]
    frame = Frame(widest + 0.15, 0.2, _GAP, 0.25, 0.45)
    pages = []
    for page, part in sheet.pages(heights, spare=frame.around):
        columns = 2 if found.scores else 1
        figure, cell = page.grid([fsum(heights[part])], columns, frame)
        own = moved[part]
        if found.scores:
            _draw_skills(cell(0, 0), own)
            _draw_changed(cell(0, 1), own, len(found.responses))
        else:
            _draw_changed(cell(0, 0), own, len(found.responses))
        figure.axes[0].set_yticks(range(len(own)), [wrapped(row.name, widest) for row in own])
        pages.append(figure)
    return pages


def _draw_skills(axes: Axes, rows: Sequence[Worth]) -> None:
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    for index, name in enumerate(BASELINES):
        colour, marker = _MARKS[name]
        values = [row.skills[index] for row in rows]
        axes.plot(values, range(len(rows)), marker, color=colour, markersize=4)
    _rows(axes, rows, "change of the skill, all kinds")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+.3g}".replace("-", "\N{MINUS SIGN}"))
    )


def _draw_changed(axes: Axes, rows: Sequence[Worth], outcomes: int) -> None:
    axes.barh(range(len(rows)), [row.changed for row in rows], height=0.6, color=SKY)
    axes.set_xlim(0.0, outcomes)
    _rows(axes, rows, f"outcomes that change, of {outcomes}")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def _rows(axes: Axes, rows: Sequence[Worth], below: str) -> None:
    axes.set_yticks(range(len(rows)), [""] * len(rows))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="y", color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(below)
