"""Pages that fit A4 upright: title, legend and sources round panels that are dealt out to pages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from math import ceil, fsum
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sandtable.figures.style import GREY, VERMILION
from sandtable.figures.text import SMALL, line_count, line_inches, text_inches, wrapped
from sandtable.plain_text import printable
from sandtable.vocabulary import FigureFormat

WIDTH, HEIGHT = 7.1, 10.2
"""Inches: A4 upright (210 by 297 mm) without margins of 15 and 19 mm."""

DPI = 160
_MARGIN = 0.1
_INSIDE = WIDTH - 2 * _MARGIN
_TITLE, _SUBTITLE = 11.0, 8.0
# Room of a legend's mark with its gaps, and between two columns, in inches.
_MARK, _BETWEEN = 0.35, 0.2
_LEGEND_ROW = 0.165
# Between the parts of a head, and between it and the body.
_GAP = 0.07

# What would make the bytes of a file depend on when and by which program it was written.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Inches round the axes of a grid: the page's margins, between columns, round each row."""

    left: float
    right: float
    gap: float = 0.0
    above: float = 0.2
    below: float = 0.42

    @property
    def around(self) -> float:
        """Above and below a row."""
        return self.above + self.below


@dataclass(frozen=True)
class Sheet:
    """What stands round the panels of a page.

    ``handles`` are the entries of its legend; a ``warning`` stands below the caption.
    """

    title: str
    subtitle: str = ""
    caption: str = ""
    handles: Sequence[Artist] = field(default=())
    warning: str | None = None

    @cached_property
    def _title(self) -> str:
        return wrapped(self.title, _INSIDE, _TITLE, "bold")

    @cached_property
    def _subtitle(self) -> str:
        return wrapped(self.subtitle, _INSIDE, _SUBTITLE)

    @cached_property
    def _caption(self) -> str:
        return wrapped(self.caption, _INSIDE)

    @cached_property
    def _warning(self) -> str:
        return wrapped(self.warning or "", _INSIDE)

    @cached_property
    def _columns(self) -> int:
        """As many columns of the legend as have room side by side."""
        widths = [_MARK + _BETWEEN + text_inches(str(h.get_label())) for h in self.handles]
        for columns in range(len(widths), 1, -1):
            if fsum(map(max, _down(widths, columns))) <= _INSIDE:
                return columns
        return 1

    @cached_property
    def _over_legend(self) -> float:
        """Inches from the top of the page to its legend."""
        return (
            _MARGIN
            + line_inches(_TITLE, line_count(self._title))
            + (_GAP / 2 + line_inches(_SUBTITLE, line_count(self._subtitle)))
        )

    @cached_property
    def head(self) -> float:
        """Inches above the body of the page."""
        rows = ceil(len(self.handles) / self._columns)
        return self._over_legend + _LEGEND_ROW * rows + 2 * _GAP

    @cached_property
    def foot(self) -> float:
        """Inches below the body of the page."""
        lines = line_count(self._caption) + line_count(self._warning)
        return _MARGIN + line_inches(SMALL, lines) + _GAP

    @property
    def room(self) -> float:
        """Inches that a page has for its body."""
        return HEIGHT - self.head - self.foot

    def figure(self, body: float) -> Figure:
        """Return a page with ``body`` inches for what is drawn between head and foot."""
        height = self.head + body + self.foot
        figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)

        def write(text: str, y: float, **look: Any) -> None:
            if text:
                figure.text(_MARGIN / WIDTH, y / height, text, linespacing=1.2, **look)

        under_title = _MARGIN + line_inches(_TITLE, line_count(self._title)) + _GAP / 2
        write(self._title, height - _MARGIN, size=_TITLE, weight="bold", va="top")
        write(self._subtitle, height - under_title, size=_SUBTITLE, color=GREY, va="top")
        below = _MARGIN + line_inches(SMALL, line_count(self._warning))
        write(self._caption, below, size=SMALL, color=GREY, va="bottom")
        write(self._warning, _MARGIN, size=SMALL, color=VERMILION, va="bottom")
        if self.handles:
            self._write_legend(figure)
        return figure

    def _write_legend(self, figure: Figure) -> None:
        height = figure.get_size_inches()[1]
        figure.legend(
            handles=list(self.handles), loc="upper left", ncols=self._columns, borderpad=0.0,
            borderaxespad=0.0, handlelength=2.2, handletextpad=0.7, columnspacing=1.5,
            labelspacing=0.4,
            bbox_to_anchor=(_MARGIN / WIDTH, 1 - (self._over_legend + _GAP) / height),
        )  # fmt: skip

    def showing(self, handles: Sequence[Artist], caption: str | None = None) -> Sheet:
        """Return the same with these entries of the legend, and with another caption if given."""
        caption = self.caption if caption is None else caption
        return replace(self, handles=handles, caption=caption)

    def grid(
        self, rows: Sequence[float], columns: int, frame: Frame
    ) -> tuple[Figure, Callable[[int, int], Axes]]:
        """Return a page and a maker of the axes at (row, column), so that only those used exist.

        ``rows`` are the heights of the axes in inches.
        """
        figure = self.figure(fsum(rows) + frame.around * len(rows))
        width, height = figure.get_size_inches()
        across = (width - frame.left - frame.right - frame.gap * (columns - 1)) / columns
        ends = list(accumulate(row + frame.around for row in rows))

        def cell(row: int, column: int) -> Axes:
            x = frame.left + column * (across + frame.gap)
            y = height - self.head - ends[row] + frame.below
            return figure.add_axes((x / width, y / height, across / width, rows[row] / height))

        return figure, cell

    def pages(
        self, rows: Sequence[float], around: float = 0.0, spare: float = 0.0
    ) -> Iterator[tuple[Sheet, slice]]:
        """Deal rows of these heights (inches) out to pages; yield each page and its rows.

        ``around`` is what each row needs besides, ``spare`` what each page does.
        """
        found = dealt([row + around for row in rows], self.room - spare)
        for number, part in enumerate(found):
            yield replace(self, title=page_title(self.title, number, len(found))), part


def _down(values: Sequence[float], columns: int) -> Iterator[Sequence[float]]:
    """Cut a list into columns as a legend does: the first ones are the longer."""
    size, more = divmod(len(values), columns)
    start = 0
    for column in range(columns):
        end = start + size + (column < more)
        yield values[start:end]
        start = end


def dealt(heights: Sequence[float], room: float) -> list[slice]:
    """Return which rows stand on which page: as few pages as have room, as alike as can be.

    A row that is higher than ``room`` has a page of its own.
    """
    fewest = len(_filled(heights, room))
    sums = sorted({fsum(heights[i:j]) for j in range(len(heights) + 1) for i in range(j)})
    enough = bisect_left(sums, True, key=lambda limit: len(_filled(heights, limit)) <= fewest)
    return _filled(heights, sums[enough]) if heights else []


def _filled(heights: Sequence[float], room: float) -> list[slice]:
    pages: list[slice] = []
    start, used = 0, 0.0
    for index, height in enumerate(heights):
        if index > start and used + height > room + 1e-9:
            pages.append(slice(start, index))
            start, used = index, 0.0
        used += height
    return [*pages, slice(start, len(heights))] if heights else []


def numbered(name: str, pages: Sequence[Figure]) -> Iterator[tuple[str, Figure]]:
    """Name pages of one kind: ``losses``, or ``losses-1`` and so on where there are several."""
    for number, page in enumerate(pages, start=1):
        yield (name if len(pages) == 1 else f"{name}-{number}"), page


def page_title(title: str, number: int, pages: int) -> str:
    """Return the title of a page, its number counted from 0, which says so if there are several."""
    # A line does not end within the brackets.
    blank = "\N{NO-BREAK SPACE}"
    return title if pages == 1 else f"{title} ({number + 1}{blank}of{blank}{pages})"


def save(figure: Figure, folder: Path, name: str, form: FigureFormat) -> Path:
    """Write a file that depends on the figure alone: no date, no name of a program."""
    path = folder / f"{name}.{form}"
    for text in figure.findobj(Text):
        # What no font has, and no file of text may hold.
        text.set_text(printable(text.get_text()))
    own: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if form == "png" else {}
    figure.savefig(path, format=form, dpi=DPI, metadata=_METADATA[form], **own)
    return path
