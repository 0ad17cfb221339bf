"""The order of battle as one SVG page: a tree of symbols with names and strengths.

Units of the page are points. A headquarters' staff goes over into the line that leads to those
below it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sandtable.calendar import moment_text
from sandtable.figures.text import text_inches, wrapped
from sandtable.files import write_whole
from sandtable.plain_text import printable
from sandtable.scenario import describe
from sandtable.symbols import drawing, paled, sidc

if TYPE_CHECKING:
    from sandtable.scenario import Scenario
    from sandtable.scenario.description import Unit

_SCALE = 0.2
_STAFF = 15.0
"""Left of a symbol's middle: a headquarters' staff, and the line to those below."""
_INDENT, _TEXT = 24.0, 26.0
_NAME, _SMALL, _HEAD, _TITLE = 10.0, 8.0, 13.0, 20.0
"""Sizes of type."""
_WIDEST = 200.0
"""Of a name's line."""
_LEAST, _PADDING = 40.0, 10.0
_MARGIN, _GUTTER = 28.0, 26.0
_RATIO = 1.4
"""How wide a page is wished for, by its height."""
_COUNTS = {
    "personnel": "men", "tanks": "tanks", "guns": "guns", "antitank_guns": "anti-tank guns",
    "armoured_cars": "armoured cars",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """A formation, or the heading of a side (without ``symbol``).

    ``lines`` tells of each level above whether its line goes on below this row.
    """

    depth: int
    name: tuple[str, ...]
    strength: tuple[str, ...]
    symbol: str
    lines: tuple[bool, ...]
    above: tuple[str, ...]
    leads: bool

    @property
    def height(self) -> float:
        text = len(self.name) * _NAME + len(self.strength) * _SMALL
        return max(_LEAST, 1.25 * text + _PADDING) if self.symbol else 1.6 * _HEAD

    @property
    def width(self) -> float:
        """From the left edge of its column to the end of its text."""
        if not self.symbol:
            return _wide(self.name[0], _HEAD, "bold")
        weight = "bold" if self.leads else "normal"
        wide = [_wide(line, _NAME, weight) for line in self.name]
        wide += [_wide(line, _SMALL) for line in self.strength]
        return _middle(self.depth) + _TEXT + max(wide, default=0.0)


ORDER_OF_BATTLE = "order-of-battle.svg"
"""Its file among the figures of a run, whatever the format of the others."""


def write_order_of_battle(scenario: Scenario, folder: Path) -> Path:
    """Write the page into a folder that is there, and return the file."""
    path = folder / ORDER_OF_BATTLE
    write_whole(path, order_of_battle_svg(scenario).encode())
    return path


def order_of_battle_svg(scenario: Scenario) -> str:
    """Return the page, the same bytes every time.

    Strengths are the ranges from which replications draw, those of a headquarters the sums of
    what is below it; through phases each formation is as in the first that it takes part in.
    """
    told = describe(scenario)
    resolved = scenario.sampler.central()
    tops: dict[str, list[Unit]] = {side.id: [] for side in resolved.sides}
    for unit in told.order_of_battle:
        tops[unit.side].append(unit)
    codes: dict[str, str] = {}
    units = _Units({side.id: (side.colour, side.coalition) for side in resolved.sides}, codes)
    rows: list[_Row] = []
    for side in resolved.sides:
        if tops[side.id]:
            role = "attacks" if side.coalition == "attacker" else "defends"
            rows.append(_Row(0, (f"{side.name}, {role}",), (), "", (), (), leads=True))
            rows += units.rows(tops[side.id])
    start = moment_text(scenario.calendar.h_hour)
    subtitle = (
        f"Order of battle at H-hour, {start}. Ranges are those from which replications draw. Red "
        "diamonds attack, blue rectangles defend, in the colours of their sides (MIL-STD-2525D)."
    )
    return _page(told.title, subtitle, rows, codes)


class _Units:
    """The rows of units, and the symbols that they need, by id in ``codes``."""

    def __init__(self, sides: dict[str, tuple[str, str]], codes: dict[str, str]) -> None:
        self._sides, self._codes = sides, codes

    def rows(
        self, units: Sequence[Unit], lines: tuple[bool, ...] = (), above: tuple[str, ...] = ()
    ) -> list[_Row]:
        """Rows of units and of all below them; ``lines`` and ``above`` are those of the parent."""
        found = []
        for number, unit in enumerate(units):
            more = number + 1 < len(units)
            inner = (*lines, more)
            found.append(self._row(unit, inner, above))
            found += self.rows(unit.below, inner, (*above, unit.name))
        return found

    def _row(self, unit: Unit, lines: tuple[bool, ...], above: tuple[str, ...]) -> _Row:
        colour, coalition = self._sides[unit.side]
        # Texts of a description are words of the vocabulary.
        kind, echelon = cast(Any, unit.type), cast(Any, unit.echelon)
        code = sidc(kind, echelon, coalition)
        id = f"s{code}-{colour[1:].lower()}"
        if id not in self._codes:
            self._codes[id] = drawing(code, fill=paled(colour))
        weight = "bold" if unit.below else "normal"
        name = wrapped(unit.name, _WIDEST / 72.0, _NAME, weight).split("\n")
        strength = wrapped(_strength(unit), _WIDEST / 72.0, _SMALL).split("\n")
        told = tuple(filter(None, strength))
        return _Row(len(lines) - 1, tuple(name), told, id, lines, above, bool(unit.below))


def _strength(unit: Unit) -> str:
    """What a unit has, in words."""
    told = []
    for count, word in _COUNTS.items():
        low, high = (round(end) for end in unit.strength.get(count, (0.0, 0.0)))
        if high:
            told.append(f"{low:,} {word}" if low == high else f"{low:,}–{high:,} {word}")
    return ", ".join(told)


# --- the page ---------------------------------------------------------------------------------


def _page(title: str, subtitle: str, rows: Sequence[_Row], codes: dict[str, str]) -> str:
    columns = _columns(rows)
    widths = [max(row.width for row in column) for column in columns]
    width = max(
        math.fsum(widths) + _GUTTER * (len(columns) - 1), _wide(title, _TITLE, "bold"), 420.0
    )
    notes = wrapped(subtitle, width / 72.0, _NAME).split("\n")
    top = _MARGIN + 1.4 * _TITLE + 1.4 * _NAME * len(notes) + _PADDING
    # Above a column that goes on below a headquarters stands its name.
    first = top + (2.0 * _SMALL if any(column[0].above for column in columns) else 0.0)
    height = first + max(math.fsum(row.height for row in column) for column in columns)
    across, down = width + 2.0 * _MARGIN, height + _MARGIN
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_n(across)}" '
        f'height="{_n(down)}" viewBox="0 0 {_n(across)} {_n(down)}" '
        'font-family="DejaVu Sans, Verdana, sans-serif">',
        f"<title>{escape(printable(title))}: order of battle</title>",
        "<defs>",
        *(f'<g id="{id}">{code}</g>' for id, code in sorted(codes.items())),
        "</defs>",
        f'<rect width="{_n(across)}" height="{_n(down)}" fill="white"/>',
        _words(title, _MARGIN, _MARGIN + _TITLE * 0.8, _TITLE, "bold"),
    ]
    for number, line in enumerate(notes):
        y = _MARGIN + 1.4 * _TITLE + 1.4 * _NAME * (number + 0.6)
        drawn.append(_words(line, _MARGIN, y, _NAME, colour="#444444"))
    left = _MARGIN
    for column, wide in zip(columns, widths, strict=True):
        drawn += _column(column, left, first)
        left += wide + _GUTTER
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _columns(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Rows in columns of about the same height, none of which ends with a heading."""
    whole = math.fsum(row.height for row in rows)
    wide = max(row.width for row in rows) + _GUTTER
    count = max(1, round(math.sqrt(_RATIO * whole / wide)))
    columns: list[list[_Row]] = [[]]
    filled = 0.0
    for row in rows:
        if columns[-1] and filled + row.height / 2.0 > len(columns) * whole / count:
            columns.append([])
            while not columns[-2][-1].symbol:
                columns[-1].insert(0, columns[-2].pop())
        columns[-1].append(row)
        filled += row.height
    return [column for column in columns if column]


def _column(rows: Sequence[_Row], left: float, top: float) -> Iterator[str]:
    first = rows[0]
    if first.above:
        told = wrapped(f"… {first.above[-1]}", _WIDEST / 72.0, _SMALL).split("\n")
        yield _words(told[0], left, top - _SMALL, _SMALL, colour="#666666")
    for row in rows:
        if row.symbol:
            yield from _formation(row, left, top)
        else:
            yield _words(row.name[0], left, top + _HEAD, _HEAD, "bold")
        top += row.height


def _formation(row: _Row, left: float, top: float) -> Iterator[str]:
    middle, bottom = top + row.height / 2.0, top + row.height
    for level in range(1, row.depth + 1):
        x = left + _middle(level - 1) - _STAFF
        end = bottom if row.lines[level] else middle if level == row.depth else top
        if end > top:
            yield _line(x, top, x, end)
    if row.depth:
        yield _line(
            left + _middle(row.depth - 1) - _STAFF, middle, left + _middle(row.depth), middle
        )
    x = left + _middle(row.depth)
    if row.leads:
        yield _line(x - _STAFF, middle, x - _STAFF, bottom)
    at = f"translate({_n(x - 100.0 * _SCALE)} {_n(middle - 100.0 * _SCALE)}) scale({_SCALE})"
    yield f'<use href="#{row.symbol}" transform="{at}"/>'
    y = middle - (len(row.name) * _NAME + len(row.strength) * _SMALL) * 0.625
    for line in row.name:
        y += 1.25 * _NAME
        yield _words(line, x + _TEXT, y - 0.3 * _NAME, _NAME, "bold" if row.leads else "normal")
    for line in row.strength:
        y += 1.25 * _SMALL
        yield _words(line, x + _TEXT, y - 0.3 * _SMALL, _SMALL, colour="#444444")


def _middle(depth: int) -> float:
    """Where the middle of a symbol stands, from the left edge of its column."""
    return 22.0 + _INDENT * depth


def _words(
    text: str, x: float, y: float, size: float, weight: str = "normal", colour: str = "#000000"
) -> str:
    bold = ' font-weight="bold"' if weight == "bold" else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" fill="{colour}"{bold}>'
        f"{escape(printable(text))}</text>"
    )


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return (
        f'<path d="M{_n(x)} {_n(y)}L{_n(to_x)} {_n(to_y)}" stroke="#555555" '
        'stroke-width="0.8" fill="none"/>'
    )


def _wide(text: str, size: float, weight: str = "normal") -> float:
    return text_inches(text, size, weight) * 72.0


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
