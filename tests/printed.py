"""What must hold of every figure as it is printed: sizes of type, room for words, a true legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

A4 = (210.0, 297.0)
"""Millimetres."""
MARGIN = 14.0
LEAST_POINTS = 7.0
# Entries that stand for lines and bands in whatever colours of sides they are drawn.
IN_ANY_COLOUR = {"simulated median", "middle 50 percent", "middle 90 percent"}
# Of any colour: intervals have that of what they belong to.
OF_ANOTHER = {"95 percent interval", "predicted, middle 90 %", "predicted, middle 50 %"}


def check_printed(figure: Figure, name: str = "") -> None:
    """Hold a page against what a reader of A4 upright may expect."""
    figure.draw_without_rendering()
    wide, high = figure.get_size_inches() * 25.4
    assert wide <= A4[0] - 2 * MARGIN and high <= A4[1] - 2 * MARGIN, (name, wide, high)
    seen = words(figure)
    small = [(text.get_text(), text.get_size()) for text in seen if text.get_size() < LEAST_POINTS]
    assert small == [], name
    cut = [text.get_text() for text in seen if "…" in text.get_text() or "..." in text.get_text()]
    assert cut == [], name
    assert overlaps(seen) == [], name
    assert outside(figure, seen) == [], name
    assert missing_entries(figure) == [], name


def words(figure: Figure) -> list[Text]:
    """Every text that is seen: matplotlib keeps labels of ticks outside the limits too."""
    found = list(figure.texts)
    for legend in figure.legends:
        found += legend.get_texts()
    for axes in all_axes(figure):
        found += [*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label]  # type: ignore[attr-defined]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [t for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
            found += [t.label1 for t in ticks] + [t.label2 for t in ticks]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def all_axes(figure: Figure) -> list[Axes]:
    """The figure's axes with those inside them."""
    return [inner for axes in figure.axes for inner in (axes, *axes.child_axes)]


def overlaps(seen: Iterable[Text]) -> list[tuple[str, str]]:
    """Pairs of texts of which one covers the other, by more than a hair."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in seen]
    return [
        (a, b)
        for (a, one), (b, two) in combinations(boxes, 2)
        if min(one.x1, two.x1) - max(one.x0, two.x0) > 1.0
        and min(one.y1, two.y1) - max(one.y0, two.y0) > 1.0
    ]


def outside(figure: Figure, seen: Iterable[Text]) -> list[str]:
    """Texts that leave the page."""
    width, height = figure.get_size_inches() * figure.dpi
    boxes = [(text.get_text(), text.get_window_extent()) for text in seen]
    return [
        text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]


def missing_entries(figure: Figure) -> list[str]:
    """Entries of the legend whose colours and shapes are nowhere in the picture."""
    drawn = set[str]()
    markers = set[str]()
    for axes in all_axes(figure):
        for line in axes.lines:
            if len(np.atleast_1d(line.get_xdata())):
                drawn |= {*colours(line)}
                markers.add(str(line.get_marker()))
        for patch in axes.patches:
            drawn |= {*colours(patch)}
        for collection in axes.collections:
            if len(collection.get_paths()) or len(collection.get_offsets()):
                for shades in (collection.get_facecolor(), collection.get_edgecolor()):
                    drawn |= {to_hex(shade) for shade in np.atleast_2d(shades) if len(shade)}
    missing = []
    for legend in figure.legends:
        for handle in legend.legend_handles:
            label = str(handle.get_label()) if handle is not None else ""
            if label in IN_ANY_COLOUR | OF_ANOTHER:
                continue
            lacks = not {*colours(handle)} & drawn
            marker = handle.get_marker() if isinstance(handle, Line2D) else "None"
            # Caps of a bracket are drawn as lines; a value off the scale is an arrow in its colour.
            shaped = marker in ("None", "", None, "|") or not markers.isdisjoint((marker, "<"))
            if lacks or not shaped:
                missing.append(label)
    return missing


def colours(artist: Any) -> Iterator[str]:
    """The colours that a line or a patch is drawn in."""
    if isinstance(artist, Line2D):
        if artist.get_linestyle() not in ("None", ""):
            yield to_hex(artist.get_color())
        if artist.get_marker() not in ("None", "", None):
            yield (
                to_hex(artist.get_markerfacecolor())
                if artist.get_markerfacecolor()
                not in (
                    "none",
                    "None",
                )
                else to_hex(artist.get_markeredgecolor())
            )
    elif isinstance(artist, Patch):
        yield to_hex(artist.get_facecolor())
        yield to_hex(artist.get_edgecolor())
