"""The ground made short: areas by closed forms, lines against the line that they came from."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from sandtable.figures.base_map import Bounds
from sandtable.report.outlines import cut_area, cut_line, path, thinned
from sandtable.report.projection import ACROSS, Projection

SQUARE = (0.0, 0.0, 10.0, 10.0)


def area(ring: NDArray[np.float64]) -> float:
    x, y = ring.T
    return float(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)


def ring(*points: tuple[float, float]) -> NDArray[np.float64]:
    return np.array([*points, points[0]], dtype=float)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (ring((2, 2), (8, 2), (8, 8), (2, 8)), 36.0),
        (ring((-5, -5), (5, -5), (5, 5), (-5, 5)), 25.0),
        (ring((-5, -5), (15, -5), (15, 15), (-5, 15)), 100.0),
        # A diamond about a corner: a quarter of it, a triangle of 3 by 3, is inside.
        (ring((10, 7), (13, 10), (10, 13), (7, 10)), 4.5),
        # A slanting strip between y = x - 2 and y = x + 2.
        (ring((-10, -12), (20, 18), (20, 22), (-10, -8)), 100.0 - 64.0),
        (ring((20, 20), (30, 20), (30, 30)), 0.0),
    ],
)
def test_an_area_is_cut_to_the_rectangle(shape: NDArray[np.float64], expected: float) -> None:
    found = cut_area(shape, SQUARE)
    assert (area(found) if len(found) else 0.0) == pytest.approx(expected)
    if len(found):
        assert found.min() >= 0.0 and found.max() <= 10.0
        np.testing.assert_array_equal(found[0], found[-1])


def test_a_line_is_parted_where_it_is_out_of_sight() -> None:
    line = np.array([[1, 1], [9, 1], [30, 1], [30, 9], [9, 9], [1, 9]], dtype=float)
    first, second = cut_line(line, SQUARE)
    np.testing.assert_array_equal(first, line[:3])
    np.testing.assert_array_equal(second, line[3:])


def test_a_thinned_line_is_nowhere_far_from_the_line() -> None:
    x = np.linspace(0.0, 1000.0, 2001)
    line = np.column_stack([x, 60.0 * np.sin(x / 40.0)])
    found = thinned(line, 2.0)
    assert 30 < len(found) < 300
    np.testing.assert_array_equal(found[[0, -1]], line[[0, -1]])
    # Kept points are of the line, so that its height between them is told by interpolation.
    away = np.abs(np.interp(x, *found.T) - line[:, 1])
    slope = np.abs(np.gradient(np.interp(x, *found.T), x))
    assert float(np.max(away / np.hypot(1.0, slope))) <= 2.0


def test_a_line_that_turns_back_keeps_its_turn() -> None:
    """What lies in the line of the ends, but beyond them, is away from what joins them."""
    line = np.array([[0, 0], [-9, 0], [19, 0], [10, 0]], dtype=float)
    np.testing.assert_array_equal(thinned(line, 4.0), line)
    np.testing.assert_array_equal(thinned(line, 10.0), line[[0, 3]])


def test_a_ring_stays_a_ring() -> None:
    turn = np.linspace(0.0, 2.0 * math.pi, 721)
    circle = 100.0 * np.column_stack([np.cos(turn), np.sin(turn)])
    found = thinned(circle, 1.0)
    assert area(found) == pytest.approx(math.pi * 100.0**2, rel=0.02)
    assert len(found) < 40


def test_a_path_leads_through_the_points() -> None:
    line = np.array([[-3.4, 7.6], [12.2, -5.0], [12.3, -5.1], [0.4, 100.0]])
    numbers = list(map(int, re.findall(r"-?\d+", path(line))))
    steps = np.array(numbers).reshape(-1, 2)
    np.testing.assert_array_equal(np.cumsum(steps, axis=0), [[-3, 8], [12, -5], [0, 100]])
    assert path(line)[0] == "M" and path(line, closed=True)[-1] == "z"


def test_a_speck_has_no_path() -> None:
    assert path(np.array([[1.1, 1.1], [1.2, 1.2], [1.1, 1.1]]), closed=True) == ""


def test_a_unit_has_its_kilometres() -> None:
    """Against the great circle from Hailar to Harbin."""
    hailar, harbin = (119.74, 49.21), (126.63, 45.75)
    projection = Projection(Bounds.of([115.0, 132.0], [40.0, 53.0], 0.75))
    (x, y), (u, v) = projection.at(*hailar), projection.at(*harbin)
    assert math.hypot(u - x, v - y) * projection.km == pytest.approx(
        great_circle(*hailar, *harbin), rel=0.02
    )
    assert projection.at(projection.bounds.east, projection.bounds.south) == (
        ACROSS, projection.height,
    )  # fmt: skip


def great_circle(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    a, b, dlon = map(math.radians, (lat, to_lat, to_lon - lon))
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(dlon)
    return 6371.0 * math.acos(cosine)
