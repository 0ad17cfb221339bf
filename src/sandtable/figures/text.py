"""Text measured and broken into lines, so that nothing on a page is cut or runs over."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from math import fsum
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from sandtable.plain_text import printable

SMALL = 7.0
"""Points: the least size of any text, at the size at which a page is printed."""

LINE = 1.2
"""Height of a line, in units of the size of its type."""

_DPI = 200.0
_POINTS = 72.0


def line_inches(size: float = SMALL, lines: int = 1) -> float:
    """Return the height of so many lines of type of this size (points)."""
    return LINE * size * lines / _POINTS


def text_inches(
    text: str, size: float = SMALL, weight: str = "normal", style: str = "normal"
) -> float:
    """Return how wide a line of text is when it is drawn in type of this size (points).

    Letters that are drawn closer together count in full, so that it is rather too wide.
    """
    return size * fsum([_advance(letter, weight, style) for letter in printable(text)])


@cache
def _advance(letter: str, weight: str, style: str) -> float:
    """How far a letter moves the next one on, in inches for type of one point."""
    look: dict[str, Any] = {"size": 100.0, "weight": weight, "style": style}
    font = FontProperties(family="DejaVu Sans", **look)
    # The width of one letter is that of its ink: a pair of bars shows what is about it. It is
    # kept, hence the same whatever settings are in force when it is first asked for.
    hinting = mpl.rcParams["text.hinting"]
    mpl.rcParams["text.hinting"] = "none"
    try:
        alone, within = (
            _renderer().get_text_width_height_descent(text, font, False)[0]
            for text in ("||", f"|{letter}|")
        )
    finally:
        mpl.rcParams["text.hinting"] = hinting
    return float(within - alone) / _DPI / 100.0


@cache
def _renderer() -> Any:
    # The class does not tell mypy its types.
    renderer: Any = RendererAgg
    return renderer(1, 1, _DPI)


def wrapped(
    text: str, inches: float, size: float = SMALL, weight: str = "normal", style: str = "normal"
) -> str:
    """Return a text with line breaks, no line of which is wider than ``inches``.

    It is broken at blanks; a word too long for a line behind its hyphens, stops, slashes and
    underscores, or else anywhere. Line breaks of its own stay.
    """

    def fits(line: str) -> bool:
        return text_inches(line, size, weight, style) <= inches

    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in filter(None, paragraph.split(" ")):
            if fits(f"{line} {word}".lstrip()):
                line = f"{line} {word}".lstrip()
                continue
            if line:
                lines.append(line)
            line = word
            while not fits(line):
                head = _head(line, fits)
                lines.append(line[:head])
                line = line[head:]
        lines.append(line)
    return "\n".join(lines)


def _head(word: str, fits: Callable[[str], bool]) -> int:
    """How many letters of a word that does not fit stand on the first line: one at least."""
    most = 1
    while fits(word[: most + 1]):
        most += 1
    breaks = [found.end() for found in re.finditer(r"[-./_+]", word[:most])]
    return breaks[-1] if breaks else most


def line_count(text: str) -> int:
    """Return the number of a text's lines; 0 of an empty one."""
    return text.count("\n") + 1 if text else 0
