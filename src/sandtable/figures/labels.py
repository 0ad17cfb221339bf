"""Names on a map, placed one by one where they cover neither each other nor what matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from sandtable.figures.style import GREY, Floats
from sandtable.figures.text import LINE, SMALL, text_inches

# Directions in which a name may stand from its point, the most readable first: (x, y) of the
# name's nearest edge or corner, right, left, above, below and the diagonals.
_DIRECTIONS = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1))
# Distances from point to name, in points; from the second on, a line joins them.
_DISTANCES = (4.0, 11.0, 19.0, 28.0, 38.0)
# So many times farther than its own point is the next mark from a name, by the distances: what
# stands beside a point is clearly nearer to it, what has a line to it not much farther.
_APART = (1.5, 0.8, 0.6, 0.5, 0.4)


@dataclass(frozen=True, slots=True)
class Label:
    """A name for the point (x, y), or else one of ``elsewhere``, in data coordinates."""

    text: str
    x: float
    y: float
    size: float = SMALL
    colour: str = "black"
    weight: str = "normal"
    italic: bool = False
    elsewhere: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A name and where its middle stands; ``leader`` joins it to its point, if it is not near."""

    label: Label
    x: float
    y: float
    leader: tuple[tuple[float, float], tuple[float, float]] | None


class Placing:
    """Places names one after the other, the first at the best spots.

    ``obstacles`` are points (x, y) in data coordinates to keep clear, with a radius in points. A
    name beside its point, without a line to it, is nearer to that than to any other of ``marks``.
    The limits and the size of the axes must be final.
    """

    def __init__(
        self,
        axes: Axes,
        obstacles: Sequence[tuple[float, float, float]],
        marks: Sequence[tuple[float, float]] = (),
    ) -> None:
        self._axes = axes
        self._marks = axes.transData.transform(np.array(marks, dtype=float).reshape(-1, 2))
        self._scale = axes.figure.dpi / 72.0
        self._taken = _obstacle_boxes(axes, obstacles, self._scale)
        frame = axes.get_window_extent()
        self._bounds = np.array([frame.x0, frame.y0, frame.x1, frame.y1])
        self.placed: list[Placed] = []

    def place(self, labels: Iterable[Label]) -> list[Label]:
        """Place each label in turn at the first free spot; return those that find none."""
        return [label for label in labels if not self._place(label)]

    def _place(self, label: Label) -> bool:
        found = next(self._spots(label), None)
        if found is None:
            return False
        distance, box, point = found
        self._taken = np.vstack((self._taken, box))
        back = self._axes.transData.inverted()
        x, y = back.transform(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        leader = None
        if distance > _DISTANCES[0]:
            nearest = np.clip(point, box[:2], box[2:])
            leader = tuple(back.transform(point)), tuple(back.transform(nearest))
        self.placed.append(Placed(label, x, y, leader))
        return True

    def _spots(self, label: Label) -> Iterator[tuple[float, Floats, Floats]]:
        """Yield spots for a label, the best first: distance, box and the point that it names."""
        anchors = self._axes.transData.transform([(label.x, label.y), *label.elsewhere])
        width, height = _text_size(label, self._scale)
        crowded: list[tuple[float, Floats, Floats]] = []
        for distance, apart in zip(_DISTANCES, _APART, strict=True):
            boxes, points = _candidates(anchors, width, height, distance * self._scale)
            free = np.flatnonzero(_free(boxes, self._taken, self._bounds))
            for box, point in zip(boxes[free], points[free], strict=True):
                if label.italic or _is_clear(box, point, self._marks, apart):
                    yield distance, box, point
                elif distance > _DISTANCES[0]:
                    crowded.append((distance, box, point))
        # A number, which is short, may stand at the end of a line among other points.
        if label.text.isdigit():
            yield from crowded


def draw_labels(axes: Axes, placed: Sequence[Placed]) -> Axes:
    """Draw names where they were placed, each with its leader."""
    for name in placed:
        label = name.label
        axes.text(
            name.x, name.y, label.text, size=label.size, color=label.colour, weight=label.weight,
            style="italic" if label.italic else "normal", ha="center", va="center", zorder=8,
            linespacing=1.0,
        )  # fmt: skip
    leaders = [name.leader for name in placed if name.leader is not None]
    axes.add_collection(
        LineCollection(leaders, colors=GREY, linewidths=0.5, zorder=3), autolim=False
    )
    return axes


def _obstacle_boxes(
    axes: Axes, obstacles: Iterable[tuple[float, float, float]], scale: float
) -> Floats:
    table = np.array(list(obstacles), dtype=float).reshape(-1, 3)
    centres = axes.transData.transform(table[:, :2])
    radii = table[:, 2:] * scale
    return np.hstack((centres - radii, centres + radii))


def _text_size(label: Label, scale: float) -> tuple[float, float]:
    style = "italic" if label.italic else "normal"
    lines = label.text.split("\n")
    inches = max(text_inches(line, label.size, label.weight, style) for line in lines)
    return 72.0 * scale * inches + 2.0, LINE * label.size * scale * len(lines)


def _candidates(
    anchors: Floats, width: float, height: float, distance: float
) -> tuple[Floats, Floats]:
    """Boxes (x0, y0, x1, y1) at this distance, all in pixels, the best first; each one's anchor."""
    boxes, points = [], []
    for point in anchors:
        for dx, dy in _DIRECTIONS:
            reach = distance * (0.75 if dx and dy else 1.0)
            x = point[0] + dx * (reach + width / 2)
            y = point[1] + dy * (reach + height / 2)
            boxes.append((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
            points.append(point)
    return np.array(boxes), np.array(points)


def _free(boxes: Floats, taken: Floats, bounds: Floats) -> NDArray[np.bool_]:
    """Which boxes lie inside the bounds and meet none of those taken."""
    inside = np.all(boxes[:, :2] >= bounds[:2], axis=1) & np.all(boxes[:, 2:] <= bounds[2:], axis=1)
    x0, y0, x1, y1 = (edge[:, None] for edge in boxes.T)
    left, bottom, right, top = taken.T
    meets = (x0 < right) & (left < x1) & (y0 < top) & (bottom < y1)
    return np.asarray(inside & ~meets.any(axis=1))


def _is_clear(box: Floats, point: Floats, marks: Floats, apart: float) -> bool:
    """Whether a box is so many times nearer to its own point than to any other mark."""
    others = marks[np.linalg.norm(marks - point, axis=1) > 1.0]
    nearest = _distance(box, others).min(initial=np.inf)
    return bool(nearest > apart * _distance(box, point))


def _distance(box: Floats, at: Floats) -> Floats:
    return np.asarray(np.linalg.norm(np.clip(at, box[:2], box[2:]) - at, axis=-1))
