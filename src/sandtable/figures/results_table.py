"""A combat results table as a page to print and play with."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sandtable.figures.sheet import WIDTH, Frame, Sheet, save
from sandtable.figures.style import GREY, styled
from sandtable.figures.text import SMALL, text_inches
from sandtable.single_battle.results_table import CODES, Cell, CombatResultsTable, short
from sandtable.single_battle.source import sources
from sandtable.single_battle.stage import BEATEN_OFF, BROKE, STALEMATE
from sandtable.single_battle.written import footing, how_to_read, title
from sandtable.vocabulary import FigureFormat

TINTS = {BEATEN_OFF: "#CFE1F0", STALEMATE: "#ECECEC", BROKE: "#F9DCC8"}
"""Behind the cells of each result; the letters say the same."""
_FRAME = Frame(0.1, 0.1, above=0.05, below=0.1)
_HEAD, _FOOT = 0.28, 0.19
_BIG = 9.0
_FEW, _ROOMY, _TIGHT = 12, 0.4, 0.31
"""Up to so many rows are as high as the second (inches), more of them as the third."""


def draw_results_table(table: CombatResultsTable, path: Path) -> Path:
    """Draw the table into a file, whose name ends in its format; return it."""
    form: FigureFormat = path.suffix[1:]  # type: ignore[assignment]
    with styled():
        return save(results_page(table), path.parent, path.stem, form)


def results_page(table: CombatResultsTable) -> Figure:
    """Return the page: title, how to read it, the table, its source."""
    first, *others = how_to_read(table)
    used = {cell.result for column in table.columns for cell in column.cells}
    handles = [Patch(color=tint, label=f"{CODES[result]}: {result}")
               for result, tint in TINTS.items() if result in used]  # fmt: skip
    caption = "\n".join([*others, *sources(table.case)]).replace("`", "")
    sheet = Sheet(title(table), first, caption, handles)
    rows = len(table.die.rows)
    high = _ROOMY if rows <= _FEW else _TIGHT
    figure, cell = sheet.grid([_HEAD + rows * high + 4 * _FOOT], 1, _FRAME)
    axes = cell(0, 0)
    _draw(axes, table, high)
    return figure


def _draw(axes: Axes, table: CombatResultsTable, high: float) -> None:
    """Draw in inches, y downwards."""
    columns, die = table.columns, table.die
    foot = footing(table)
    left = 0.15 + max(text_inches(text, _BIG, "bold") for text in (die.name, *die.rows))
    width = (WIDTH - _FRAME.left - _FRAME.right - left) / len(columns)
    bottom = _HEAD + len(die.rows) * high + len(foot) * _FOOT
    axes.set_xlim(0.0, left + width * len(columns))
    axes.set_ylim(bottom, 0.0)
    axes.axis("off")
    axes.text(left / 2, _HEAD / 2, die.name, size=_BIG, weight="bold", ha="center", va="center")
    for row, roll in enumerate(die.rows):
        y = _HEAD + (row + 0.5) * high
        axes.text(left / 2, y, roll, size=_BIG, weight="bold", ha="center", va="center")
    for number, column in enumerate(columns):
        x = left + number * width
        axes.text(x + width / 2, _HEAD / 2, column.odds, size=_BIG, weight="bold", ha="center",
                  va="center")  # fmt: skip
        for row, one in enumerate(column.cells):
            corner = x, _HEAD + row * high
            axes.add_patch(Rectangle(corner, width, high, facecolor=TINTS[one.result],
                                     edgecolor="white", linewidth=1.2))  # fmt: skip
            axes.text(x + width / 2, corner[1] + high / 2, _text(one), size=SMALL, ha="center",
                      va="center", linespacing=1.35)  # fmt: skip
    for line, cells in enumerate(foot):
        y = bottom - (len(foot) - line - 0.5) * _FOOT
        axes.text(left / 2, y, cells[0], color=GREY, ha="center", va="center")
        for number, text in enumerate(cells[1:]):
            axes.text(left + (number + 0.5) * width, y, text, color=GREY, ha="center", va="center")


def _text(cell: Cell) -> str:
    losses = f"{short(cell.attacker_loss)}/{short(cell.defender_loss)}"
    return f"{CODES[cell.result]} {losses}\n{short(cell.ground)} km"
