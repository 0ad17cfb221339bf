"""Names on a map, placed one by one where they cover neither each other nor what matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from sandtable.figures.style import GREY
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
        anchors = self._axes.transData.transform([(label.x, label.y), *label.elsewhere])
        width, height = _text_size(label, self._scale)
        tried = [_candidates(anchors, width, height, d * self._scale) for d in _DISTANCES]
        open_ = [_free(boxes, self._taken, self._bounds) for boxes, _ in tried]
        near = [
            free if label.italic else free & _clear(*spots, self._marks, apart)
            for free, spots, apart in zip(open_, tried, _APART, strict=True)
        ]
        # A number, which is short, may stand at the end of a line among other points.
        ways = [*enumerate(near), *(list(enumerate(open_))[1:] if label.text.isdigit() else ())]
        found = next(((i, free) for i, free in ways if free.any()), None)
        if found is None:
            return False
        distance, free = _DISTANCES[found[0]], found[1]
        boxes, points = tried[found[0]]
        chosen = int(np.argmax(free))
        box, point = boxes[chosen], points[chosen]
        self._taken = np.vstack((self._taken, box))
        back = self._axes.transData.inverted()
        x, y = back.transform(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        leader = None
        if distance > _DISTANCES[0]:
            nearest = np.clip(point, box[:2], box[2:])
            leader = tuple(back.transform(point)), tuple(back.transform(nearest))
        self.placed.append(Placed(label, x, y, leader))
        return True


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
) -> NDArray[np.float64]:
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
    anchors: NDArray[np.float64], width: float, height: float, distance: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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


def _free(
    boxes: NDArray[np.float64], taken: NDArray[np.float64], bounds: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which boxes lie inside the bounds and meet none of those taken."""
    inside = np.all(boxes[:, :2] >= bounds[:2], axis=1) & np.all(boxes[:, 2:] <= bounds[2:], axis=1)
    meets = np.all(boxes[:, None, :2] < taken[None, :, 2:], axis=2) & np.all(
        taken[None, :, :2] < boxes[:, None, 2:], axis=2
    )
    return np.asarray(inside & ~meets.any(axis=1))


def _clear(
    boxes: NDArray[np.float64],
    points: NDArray[np.float64],
    marks: NDArray[np.float64],
    apart: float,
) -> NDArray[np.bool_]:
    """Which boxes are so many times nearer to their own points than to any other mark."""

    def distance(box: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(np.clip(at, box[:2], box[2:]) - at, axis=-1))

    found = []
    for box, point in zip(boxes, points, strict=True):
        others = marks[np.linalg.norm(marks - point, axis=1) > 1.0]
        nearest = distance(box, others).min(initial=np.inf)
        found.append(bool(nearest > apart * distance(box, point)))
    return np.array(found)
