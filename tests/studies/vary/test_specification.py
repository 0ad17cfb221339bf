"""Designs: what is refused, and that the points fill their space."""

from __future__ import annotations

import pytest

from dimensions import parse_dimensions
from sandtable.errors import InputError
from sandtable.streams import Streams
from sandtable.studies.vary.specification import design_points

STREAMS = Streams("toy", 7)


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_dimensions(["a.b=1", "a.b=1,2", "a.b=3,4", "c=3..1:2"], "gird", 5)
    said = str(caught.value)
    for part in ("one for all points", "a second time", "LOW below HIGH", "did you mean 'grid'?"):
        assert part in said


@pytest.mark.parametrize(
    ("design", "points", "said"),
    [
        ("grid", 5, "nothing with --design grid"),
        ("lhs", None, "a number of points from 2"),
        ("lhs", 1, "found 1; allowed: a number of points from 2"),
        ("sobol", 100, "a power of two for --design sobol, here 64 or 128"),
    ],
)
def test_faults_of_a_design(design: str, points: int | None, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_dimensions(["a.b=0.1,0.2"], design, points)
    assert said in str(caught.value)


def test_something_must_be_varied() -> None:
    with pytest.raises(InputError, match="at least one key"):
        parse_dimensions([])


def test_too_large_a_grid() -> None:
    with pytest.raises(InputError, match="1,000,000 points"):
        parse_dimensions(["a=0..1:1000", "b=0..1:1000"])


def test_a_grid_has_every_combination() -> None:
    dimensions = parse_dimensions(["a=1,2", "b=x,y,z"])
    points = design_points(dimensions, "grid", None, STREAMS)
    assert points[:4] == [(1.0, "x"), (1.0, "y"), (1.0, "z"), (2.0, "x")]
    assert len(set(points)) == 6


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_each_share_of_a_range_has_its_point(design: str) -> None:
    dimensions = parse_dimensions(["a=0..16", "b=0..16", "c=x,y"], design, 16)
    points = design_points(dimensions, design, 16, STREAMS)
    for key in (0, 1):
        assert sorted(int(float(point[key])) for point in points) == list(range(16))
    assert sum(point[2] == "x" for point in points) == 8


def test_points_depend_on_the_seed_and_on_nothing_else() -> None:
    def points(seed: int, design: str = "lhs") -> object:
        dimensions = parse_dimensions(["a=0..1", "b=0..1"], design, 8)
        return design_points(dimensions, design, 8, Streams("toy", seed))

    assert points(1) == points(1)
    assert points(1) != points(2)
    assert points(1) != points(1, "sobol")


def test_equal_points_are_run_once() -> None:
    dimensions = parse_dimensions(["a=x,y", "b=1,2"], "lhs", 50)
    assert len(design_points(dimensions, "lhs", 50, STREAMS)) == 4
