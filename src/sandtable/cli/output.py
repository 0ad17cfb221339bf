"""What commands print: tables for people, plain lines under --quiet, JSON for programs."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sandtable.numerals import figure as figure
from sandtable.numerals import figures as figures
from sandtable.plain_text import NBSP, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

T = TypeVar("T")

# In a wider piped table nobody finds the end of a line of prose.
_PIPED_WIDTH = 200
# Prose is not squeezed into fewer characters than these.
_READABLE = 24
# Between the columns of a table on a terminal.
_GAP = 2
_INDENT = 2
# Where these stand in JSON they are within a text, but for the line feeds between its lines.
_UNSEEN = re.compile(r"[^\n -~\xa1-\U0010ffff]|[\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def say(text: object = "", *, err: bool = False, end: str = "\n") -> None:
    """Print a text on stdout, or on stderr; nothing in it is obeyed by a terminal."""
    print(printable(str(text)), file=sys.stderr if err else sys.stdout, end=end)


def print_json(value: Any) -> None:
    """Print a value as JSON, in which NaN and infinity are null."""
    text = json.dumps(_finite(value), indent=2, ensure_ascii=False, default=str)
    print(_UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text))


def print_lines(lines: Iterable[str]) -> None:
    """Print one thing a line."""
    for line in lines:
        say(line)


def print_found(
    found: T, written: Sequence[Path], quiet: bool, as_json: bool, *,
    tables: Callable[[T], None], lines: Callable[[T], Iterable[str]],
    to_json: Callable[[T, Sequence[Path]], Any],
) -> None:  # fmt: skip
    """Print what was found and which files were written: as JSON, briefly, or in full."""
    if as_json:
        print_json(to_json(found, written))
    elif quiet:
        print_lines(lines(found))
    else:
        tables(found)
        print_lines(f"written: {path}" for path in written)


def print_wrapped(text: str, indent: int = 0) -> None:
    """Print prose: on a terminal wrapped between words, else on one line.

    Of indented text, lines after the first are set in by two more.
    """
    from shutil import get_terminal_size

    width = get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    indent += len(text) - len(text.lstrip(" "))
    hanging = _INDENT if indent else 0
    for number, line in enumerate(_wrapped(text.strip(" "), width - indent - hanging)):
        say(" " * (indent + (hanging if number else 0)) + line.replace(NBSP, " "))


# --- tables -----------------------------------------------------------------------------------


def print_table(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    spare: Sequence[str] = (),
    above: Sequence[str] = (),
) -> None:
    """Print a table in the form that suits the width; words, and so numbers, are never cut.

    On a terminal cells wrap between words. Where that is not enough the columns named in
    ``spare`` are left out, the last first, and named below the table; then the first cell of each
    row, with those of the columns named in ``above``, stands on a line of its own above the
    others; on the narrowest terminals a row is a paragraph. A piped table is as wide as it needs.

    Headings that end in ``>`` head columns of numbers, set flush right, those that end in ``<``
    columns of short words, which may be as narrow as the longest; if all headings are empty there
    is no row of them.
    """
    from rich.console import Console
    from rich.text import Text

    table = _columns(headings, [[printable(cell) for cell in row] for row in rows])
    console = Console(highlight=False)
    # By itself: a table's own title is broken at the table's width.
    console.print(Text(printable(title), style="table.title"), soft_wrap=True)
    if not sys.stdout.isatty():
        width = max(_PIPED_WIDTH, sum(column.narrowest for column in table))
        console.width = _framed(width, len(table))
        console.print(_grid(table, _widths(table, width), framed=True))
        return
    fewer = [
        [column for column in table if column.heading not in spare[count:]]
        for count in range(len(spare), -1, -1)
    ]
    shown = next((some for some in fewer if _print_rows(console, some)), None)
    if shown is None:
        heads = table[:1] + [column for column in table[1:] if column.heading in above]
        below = ([c for c in some[1:] if c.heading not in above] for some in fewer)
        stacked = next((some for some in below if _print_stacked(console, heads, some)), None)
        shown = None if stacked is None else heads + stacked
    if shown is None:
        _print_paragraphs(table)
    else:
        _tell_left_out(table, shown)
    say()


def _tell_left_out(columns: Sequence[_Column], shown: Sequence[_Column]) -> None:
    names = [column.heading for column in columns if column not in shown]
    if names:
        print_wrapped(f"no room for: {', '.join(names)}")


@dataclass(frozen=True)
class _Column:
    """A column of a table, and how wide it is at most and at least."""

    heading: str
    number: bool
    cells: Sequence[str]
    short: bool = False

    @property
    def widest(self) -> int:
        return max(map(_length, (self.heading, *self.cells)))

    @property
    def narrowest(self) -> int:
        """The length of the longest word, and for prose a width in which it can be read."""
        words = (word for text in (self.heading, *self.cells) for word in _words(text))
        longest = max(map(_length, words), default=0)
        if self.number or self.short:
            return longest
        return max(longest, min(self.widest, _READABLE))


def _columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[_Column]:
    return [
        _Column(
            heading.rstrip("<>"),
            heading.endswith(">"),
            [row[i] for row in rows],
            heading.endswith("<"),
        )
        for i, heading in enumerate(headings)
    ]


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Return widths of columns that fill a width together, or none if they have no room in it."""
    least = [column.narrowest for column in columns]
    wished = [column.widest - low for column, low in zip(columns, least, strict=True)]
    left = width - sum(least)
    if left < 0:
        return []
    share = min(1.0, left / max(1, sum(wished)))
    return [low + int(wish * share) for low, wish in zip(least, wished, strict=True)]


def _print_rows(console: Console, columns: Sequence[_Column]) -> bool:
    """Print the columns side by side and return True, or False if there is no room."""
    widths = _widths(columns, console.width - _GAP * (len(columns) - 1))
    if widths:
        console.print(_grid(columns, widths))
    return bool(widths)


def _print_stacked(console: Console, heads: Sequence[_Column], below: Sequence[_Column]) -> bool:
    """Print each row as a line of its heads, and beneath it the other cells side by side.

    Rows with the same heads share that line. Returns False if there is no room.
    """
    from rich.padding import Padding

    widths = _widths(below, console.width - _INDENT - _GAP * (len(below) - 1))
    if not widths:
        return False

    def print_below(columns: Sequence[_Column]) -> None:
        console.print(Padding(_grid(columns, widths), (0, 0, 0, _INDENT)))

    print_wrapped(", ".join(head.heading for head in heads))
    print_below([_Column(column.heading, column.number, []) for column in below])
    last = None
    for number in range(len(heads[0].cells)):
        head = ", ".join(column.cells[number] for column in heads)
        if head != last:
            print_wrapped(head)
        last = head
        print_below([_Column("", column.number, [column.cells[number]]) for column in below])
    return True


def _print_paragraphs(columns: Sequence[_Column]) -> None:
    first, *rest = columns
    for number, cell in enumerate(first.cells):
        print_wrapped(cell)
        told = (f"{c.heading}: {c.cells[number]}" for c in rest if c.cells[number])
        print_wrapped("; ".join(told), _INDENT)


def _grid(columns: Sequence[_Column], widths: Sequence[int], *, framed: bool = False) -> Table:
    """Lay cells out in columns of these widths, each at least as wide as its longest word."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    look = box.ASCII2 if framed else box.SIMPLE_HEAD
    grid = Table(
        box=look,
        show_edge=framed,
        pad_edge=framed,
        padding=(0, 1) if framed else (0, 0, 0, _GAP // 2),
        show_header=any(column.heading for column in columns),
    )

    def lines(text: str, width: int) -> Text:
        # Text, because square brackets in a name are no markup.
        return Text("\n".join(_wrapped(text, width)).replace(NBSP, " "))

    for column, width in zip(columns, widths, strict=True):
        justify = "right" if column.number else "left"
        grid.add_column(lines(column.heading, width), justify=justify, width=width, no_wrap=True)  # type: ignore[arg-type]
    for row in zip(*(column.cells for column in columns), strict=True):
        grid.add_row(*map(lines, row, widths))
    return grid


def _framed(width: int, columns: int) -> int:
    """Width of a framed table whose cells take so much together."""
    return width + 3 * columns + 1


def _length(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _words(text: str) -> Iterator[str]:
    """Yield the pieces of a cell between which it may wrap; the first has the cell's indent."""
    indent = " " * (len(text) - len(text.lstrip(" ")))
    for number, word in enumerate(text.strip(" ").split(" ")):
        yield word if number else indent + word


def _wrapped(text: str, width: int) -> list[str]:
    """Return a cell's lines, wrapped between words."""
    lines = [""]
    for word in _words(text):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and _length(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


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
