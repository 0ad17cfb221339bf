"""How well each battle law predicts, law beside law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sandtable.errors import nearest
from sandtable.figures.battle_series import (
    LOGARITHMIC,
    SOURCE,
    UNITS,
    WINS,
    battles_text,
    heading,
)
from sandtable.figures.sheet import WIDTH, Frame, Sheet
from sandtable.figures.style import BLUE, PURPLE
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped

_ROW, _NAMES = 0.19, 1.85
_FRAME = Frame(_NAMES + 0.15, 0.15, 0.2, above=0.34, below=0.6)
_DOT: dict[str, Any] = {"marker": "o", "markersize": 4.0, "color": BLUE, "linestyle": ""}
_DIAMOND: dict[str, Any] = {
    "marker": "D", "markersize": 5.0, "color": PURPLE, "markerfacecolor": "white", "linestyle": "",
}  # fmt: skip


class ScoreDot(NamedTuple):
    """A law's rms error in predicting a quantity, and its standard error (NaN: not known)."""

    law: str
    quantity: str
    value: float
    error: float


class Mark(NamedTuple):
    """A known figure of another's law, set beside the scores of a quantity."""

    label: str
    quantity: str
    value: float


def scores(
    table: Sequence[ScoreDot],
    *,
    scheme: str,
    battles: Mapping[str, int],
    marks: Sequence[Mark] = (),
) -> Figure:
    """Return a page with a panel a quantity: each law's rms error and its standard error.

    Errors are of the natural logarithm; for ``attacker wins`` of the probability, which makes
    them roots of Brier scores. Laws stand in the table's order, ``marks`` below them; ``battles``
    gives the sample size of each quantity. Raises ValueError, all faults at once, for an empty
    table, an unknown quantity, one without a number of battles, a law scored twice, a value that
    is negative or not finite, or a negative standard error.
    """
    _check(table, marks, battles)
    given = {row.quantity for row in _rows(table, marks)}
    quantities = [quantity for quantity in UNITS if quantity in given]
    laws = list(dict.fromkeys(row.law for row in table))
    labels = list(dict.fromkeys(mark.label for mark in marks))
    caption = (
        f"{SOURCE} Error: root mean square of ln(recorded / predicted median); of a probability, "
        "the root of the Brier score."
    )
    handles: list[Artist] = [
        Line2D([], [], **{**_DOT, "linestyle": "-"}, label="law, ± 1 standard error")
    ]
    if marks:
        handles.append(Line2D([], [], **_DIAMOND, label="known figure of another law"))
    sheet = Sheet(
        f"How well each battle law predicts ({scheme})",
        "Further left is better. A law without a dot does not predict the quantity.",
        caption,
        handles,
    )
    names = [wrapped(name, _NAMES) for name in (*laws, *labels)]
    row = max(_ROW, line_inches(SMALL, max(map(line_count, names))) + 0.06)
    figure, cell = sheet.grid([row * len(names)], len(quantities), _FRAME)
    count = len(quantities)
    across = (WIDTH - _FRAME.left - _FRAME.right - _FRAME.gap * (count - 1)) / count
    for column, quantity in enumerate(quantities):
        axes = cell(0, column)
        _draw(axes, quantity, table, marks)
        axes.set_xlim(0.0, _reach(quantity, table, marks))
        axes.set_yticks(range(len(names)), [""] * len(names) if column else names)
        axes.set_title(wrapped(heading(quantity), across, 8.0, "bold"))
        axes.xaxis.set_major_locator(MaxNLocator(3))
        of = "probability" if quantity == WINS else "logarithm"
        label = f"rms error of the {of}\n({battles_text([battles[quantity]])})"
        axes.set_xlabel(wrapped(label, across + _FRAME.gap / 2))
    return figure


def _draw(axes: Axes, quantity: str, table: Sequence[ScoreDot], marks: Sequence[Mark]) -> None:
    laws = list(dict.fromkeys(row.law for row in table))
    labels = list(dict.fromkeys(mark.label for mark in marks))
    own = [row for row in table if row.quantity == quantity]
    places = [laws.index(row.law) for row in own]
    errors = [row.error if isfinite(row.error) else 0.0 for row in own]
    ends = [(row.value - error, row.value + error) for row, error in zip(own, errors, strict=True)]
    axes.hlines(places, [low for low, _ in ends], [high for _, high in ends], color=BLUE)
    axes.plot([row.value for row in own], places, **_DOT)
    others = [mark for mark in marks if mark.quantity == quantity]
    below = [len(laws) + labels.index(mark.label) for mark in others]
    axes.plot([mark.value for mark in others], below, **_DIAMOND)
    axes.set_ylim(len(laws) + len(labels) - 0.4, -0.6)
    if labels:
        axes.axhline(len(laws) - 0.5, color="#BBBBBB", linewidth=0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="both", color="#EEEEEE", linewidth=0.6)
    axes.set_axisbelow(True)


def _reach(quantity: str, table: Sequence[ScoreDot], marks: Sequence[Mark]) -> float:
    """How far a panel's scale reaches: all errors of logarithms are drawn to one scale."""
    alike = LOGARITHMIC if quantity in LOGARITHMIC else (quantity,)
    ends = [row.value + (row.error if isfinite(row.error) else 0.0) for row in table
            if row.quantity in alike]  # fmt: skip
    ends += [mark.value for mark in marks if mark.quantity in alike]
    return 1.1 * max(ends) or 1.0


def _rows(table: Sequence[ScoreDot], marks: Sequence[Mark]) -> list[ScoreDot | Mark]:
    return [*table, *marks]


def _check(table: Sequence[ScoreDot], marks: Sequence[Mark], battles: Mapping[str, int]) -> None:
    rows = _rows(table, marks)
    faults = [] if table else ["no scores"]
    for quantity in dict.fromkeys(row.quantity for row in rows):
        if quantity not in UNITS:
            close = nearest(quantity, UNITS) or ", ".join(UNITS)
            faults.append(f"{quantity}: no such quantity; nearest: {close}")
        elif quantity not in battles:
            faults.append(f"{quantity}: number of battles missing")
    for row in rows:
        if not (isfinite(row.value) and row.value >= 0.0):
            faults.append(f"{row.quantity}, {row[0]}: error {row.value}, must be 0 or more")
    faults += [
        f"{row.quantity}, {row.law}: standard error {row.error}, must be 0 or more"
        for row in table
        if row.error < 0.0
    ]
    pairs = Counter((row.quantity, row.law) for row in table)
    faults += [f"{', '.join(pair)}: scored {n} times" for pair, n in pairs.items() if n > 1]
    if faults:
        raise ValueError("; ".join(faults))
