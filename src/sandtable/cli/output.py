"""What commands print: tables for people, plain lines under --quiet, JSON for programs."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any

# A piped table is as wide as it needs, within these bounds: narrower suits no table, and in a
# wider one nobody finds the end of a line of prose.
_PIPED_WIDTHS = (120, 200)


def print_json(value: Any) -> None:
    """Print a value as JSON, in which NaN and infinity are null."""
    print(json.dumps(_finite(value), indent=2, ensure_ascii=False, default=str))


def print_lines(lines: Iterable[str]) -> None:
    """Print one thing a line."""
    for line in lines:
        print(line)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: framed on a terminal, bare and as wide as it needs when piped.

    Headings that end in ``>`` head columns of numbers, set flush right; if all are empty there
    is no row of them.
    """
    from rich import box
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    table = Table(box=box.SIMPLE if terminal else box.ASCII2, show_header=any(headings))
    for index, heading in enumerate(headings):
        number = heading.endswith(">")
        table.add_column(
            heading.removesuffix(">"),
            justify="right" if number else "left",
            no_wrap=number or index == 0,
            overflow="fold",
        )
    for row in rows:
        # As Text: square brackets in a name are no markup.
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False, width=None if terminal else _PIPED_WIDTHS[1])
    if not terminal:
        needed = Measurement.get(console, console.options, table).maximum
        console.width = max(_PIPED_WIDTHS[0], min(needed, _PIPED_WIDTHS[1]))
    # By itself: a table's own title is broken at the table's width.
    console.print(Text(title, style="table.title"), soft_wrap=True)
    console.print(table)


def figure(value: float | None) -> str:
    """Write a number as a reader wants it: thousands whole, small ones to three digits.

    An infinite one is a day that never comes, NaN or None what cannot be told.
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "never"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def figures(low: float | None, high: float | None) -> str:
    """Write a range as one text; an open end is None."""
    if low is None and high is None:
        return figure(None)
    if low is None or high is None:
        return f"≤ {figure(high)}" if low is None else f"≥ {figure(low)}"
    return figure(low) if low == high else f"{figure(low)}–{figure(high)}"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_finite(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    # numpy's numbers know how to become Python's own.
    item = getattr(value, "item", None)
    return _finite(item()) if callable(item) else value
