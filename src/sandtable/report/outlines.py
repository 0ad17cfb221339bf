"""Lines and areas of the ground made short: cut to the map, thinned out, written as SVG paths."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Edges = tuple[float, float, float, float]

TOLERANCE = 4.0
"""So far from the truth a thinned line may run, in units of the map."""


def cut_area(ring: Points, edges: Edges) -> Points:
    """Return the part of a ring inside a rectangle: Sutherland and Hodgman (1974).

    Parts that lie apart stay joined along the edge, which is out of sight. Shape (n, 2), n may
    be 0. ``edges`` are west, north, east, south.
    """
    points = ring[:-1]
    west, north, east, south = edges
    for axis, limit, sign in ((0, west, 1), (1, north, 1), (0, east, -1), (1, south, -1)):
        if len(points):
            points = _cut_side(points, axis, limit, sign)
    return np.vstack([points, points[:1]]) if len(points) else np.empty((0, 2))


def _cut_side(points: Points, axis: int, limit: float, sign: int) -> Points:
    """The part of an open ring on one side of a line parallel to an axis."""
    before = np.roll(points, 1, axis=0)
    depth, depth_before = (sign * (p[:, axis] - limit) for p in (points, before))
    inside, inside_before = depth >= 0.0, depth_before >= 0.0
    crosses = inside != inside_before
    # What a parallel to the line can't do: divide by no difference of depths.
    share = np.divide(depth_before, depth_before - depth, where=crosses, out=np.zeros(len(points)))
    crossing = before + share[:, None] * (points - before)
    both = np.stack([crossing, points], axis=1).reshape(-1, 2)
    keep = np.stack([crosses, inside], axis=1).reshape(-1)
    found: Points = both[keep]
    return found


def cut_line(line: Points, edges: Edges) -> Iterator[Points]:
    """Yield the stretches of a line whose pieces reach into a rectangle."""
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    west, north, east, south = edges
    meets = (
        (high[:, 0] >= west) & (low[:, 0] <= east) & (high[:, 1] >= north) & (low[:, 1] <= south)
    )
    changes = np.flatnonzero(np.diff(np.concatenate([[False], meets, [False]]).astype(np.int8)))
    for first, last in changes.reshape(-1, 2).tolist():
        yield line[first : last + 1]


def thinned(line: Points, tolerance: float = TOLERANCE) -> Points:
    """Return a line with fewer points, nowhere farther off: Douglas and Peucker (1973)."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = _distances(line[first + 1 : last], line[first], line[last])
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return line[keep]


def _distances(points: Points, start: Points, end: Points) -> Points:
    """Distances of points from the piece of line between two others."""
    along = end - start
    length = float(along @ along)
    share = (
        np.clip((points - start) @ along / length, 0.0, 1.0) if length else np.zeros(len(points))
    )
    away: Points = np.hypot(*(points - start - share[:, None] * along).T)
    return away


def path(line: Points, *, closed: bool = False) -> str:
    """Return a line in whole units as an SVG path, each point by its step from the one before."""
    whole = np.floor(line + 0.5).astype(int)
    moves = np.diff(whole, axis=0)
    moves = moves[np.any(moves != 0, axis=1)]
    if len(moves) < (2 if closed else 1):
        return ""
    x, y = whole[0].tolist()
    steps = " ".join(f"{dx} {dy}" for dx, dy in (moves[:-1] if closed else moves).tolist())
    return f"M{x} {y}l{steps}".replace(" -", "-") + ("z" if closed else "")
