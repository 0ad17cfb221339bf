"""Names on a map, placed one by one where they cover neither each other nor what matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from sandtable.figures.style import GREY

# Directions in which a name may stand from its point, the most readable first: (x, y) of the
# name's nearest edge or corner, right, left, above, below and the diagonals.
_DIRECTIONS = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1))
# Distances from point to name, in points; from the second on, a line joins them.
_DISTANCES = (4.0, 11.0, 19.0, 28.0)


@dataclass(frozen=True, slots=True)
class Label:
    """A name for the point (x, y), or else one of ``elsewhere``, in data coordinates."""

    text: str
    x: float
    y: float
    size: float = 7.0
    colour: str = "black"
    weight: str = "normal"
    italic: bool = False
    elsewhere: tuple[tuple[float, float], ...] = ()


def draw_labels(
    axes: Axes, labels: Sequence[Label], obstacles: Sequence[tuple[float, float, float]]
) -> Axes:
    """Place each label in turn at the first free spot round its point; a leader joins it.

    The first labels get the best spots. ``obstacles`` are points (x, y) in data coordinates to
    keep clear, with a radius in points. A label that finds no free spot is left out. The limits
    and the size of the axes must be final.
    """
    scale = axes.figure.dpi / 72.0
    taken = _obstacle_boxes(axes, obstacles, scale)
    frame = axes.get_window_extent()
    bounds = np.array([frame.x0, frame.y0, frame.x1, frame.y1])
    leaders: list[list[tuple[float, float]]] = []
    back = axes.transData.inverted()
    for label in labels:
        anchors = axes.transData.transform([(label.x, label.y), *label.elsewhere])
        width, height = _text_size(axes, label)
        candidates, points = _candidates(anchors, width, height, scale)
        free = _free(candidates, taken, bounds)
        if not free.any():
            continue
        chosen = int(np.argmax(free))
        box, point = candidates[chosen], points[chosen]
        taken = np.vstack((taken, box))
        x, y = back.transform(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        axes.text(
            x, y, label.text, size=label.size, color=label.colour, weight=label.weight,
            style="italic" if label.italic else "normal", ha="center", va="center", zorder=8,
            linespacing=1.0,
        )  # fmt: skip
        if chosen >= len(_DIRECTIONS) * len(anchors):
            nearest = np.clip(point, box[:2], box[2:])
            leaders.append([tuple(back.transform(point)), tuple(back.transform(nearest))])
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


def _text_size(axes: Axes, label: Label) -> tuple[float, float]:
    font = FontProperties(
        size=label.size, weight=label.weight, style="italic" if label.italic else "normal"
    )
    renderer = cast(Any, axes.figure.canvas).get_renderer()
    lines = label.text.split("\n")
    widths = [renderer.get_text_width_height_descent(line, font, False)[0] for line in lines]
    # A line is laid out as high as these two letters, whatever letters it has.
    _, height, _ = renderer.get_text_width_height_descent("lp", font, False)
    return max(widths) + 2.0, 1.05 * height * len(lines) + 2.0


def _candidates(
    anchors: NDArray[np.float64], width: float, height: float, scale: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Boxes (x0, y0, x1, y1) in pixels, the best first, and the anchor of each."""
    boxes, points = [], []
    for distance in _DISTANCES:
        for point in anchors:
            for dx, dy in _DIRECTIONS:
                reach = distance * scale * (0.75 if dx and dy else 1.0)
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
