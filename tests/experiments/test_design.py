"""Designs: what the arguments mean, what is refused, and that the points fill their space."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sandtable.errors import InputError
from sandtable.experiments.design import (
    Dimension,
    design_points,
    parse_dimensions,
    value_text,
)
from sandtable.streams import Streams

STREAMS = Streams("toy", 7)


def one(text: str, design: str = "grid", points: int | None = None) -> Dimension:
    return parse_dimensions([text], design, points)[0]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=0.3,0.5, 0.7", (0.3, 0.5, 0.7)),
        ("a.b=0.3..0.9:7", (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
        ("a.b=-1..1:3", (-1.0, 0.0, 1.0)),
        ("scenario.attrition=full,fatigue", ("full", "fatigue")),
        ("variant=base,no-reserve", ("base", "no-reserve")),
        ("without=none,supply,supply+air", ("none", "supply", "supply+air")),
        ("a.b=0.3..0.5,0.5..0.7", ("0.3..0.5", "0.5..0.7")),
        # Names that look like numbers remain names.
        ("variant=base,1939", ("base", "1939")),
    ],
)
def test_values_are_read(text: str, values: tuple[object, ...]) -> None:
    assert one(text).values == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.b", "a.b: a.b: found 'a.b'; allowed: KEY=VALUES"),
        ("a.b=", "found 'a.b='; allowed: KEY=VALUES"),
        ("a.b=0.5", "one for all points is --set"),
        ("a.b=1,,2", "a value between any two commas"),
        ("a.b=1,2,1.0", "found 1 twice; allowed: each value once"),
        ("a.b=0.9..0.3:3", "LOW below HIGH"),
        ("a.b=0..inf:3", "two finite numbers"),
        ("a.b=0..1:1", "a whole number of values from 2"),
        ("a.b=0..1:2.5", "a whole number of values from 2"),
        ("a.b=0..1", "found 0..1; allowed: a list or a range with steps, as 0.3..0.9:7"),
        ("a.b=normal(0,1)", "or --design lhs or sobol with --points N"),
        ("a.b=nromal(0,1)", "did you mean 'normal'?"),
        ("a.b=normal(0)", "normal(MEAN,DEVIATION) with finite numbers"),
        ("a.b=normal(0,-1)", "with DEVIATION above 0"),
        ("a.b=uniform(1,1)", "with LOW below HIGH"),
        ("a.b=triangular(0,2,1)", "in rising order"),
        ("a.b=loguniform(0,1)", "with LOW above 0"),
        ("a.b=uniform(0,nan)", "with finite numbers"),
    ],
)
def test_faults_of_a_dimension(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        one(text)
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


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


@pytest.mark.parametrize(
    ("text", "distribution"),
    [
        ("uniform(2,5)", stats.uniform(2, 3)),
        ("2..5", stats.uniform(2, 3)),
        ("normal(1,0.5)", stats.norm(1, 0.5)),
        ("triangular(0,1,4)", stats.triang(0.25, 0, 4)),
        ("triangular(0,0,4)", stats.triang(0, 0, 4)),
        ("loguniform(1,100)", stats.loguniform(1, 100)),
    ],
)
def test_distributions_are_those_of_their_names(text: str, distribution: object) -> None:
    shares = np.linspace(0.01, 0.99, 37)
    found = one(f"a={text}", "lhs", 8).at(shares)
    assert found == pytest.approx(distribution.ppf(shares), rel=1e-9)  # type: ignore[attr-defined]


def test_the_ends_of_a_normal_are_finite() -> None:
    found = one("a=normal(0,1)", "lhs", 8).at(np.array([0.0, 1.0]))
    assert np.isfinite(np.array(found, dtype=float)).all()


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


@pytest.mark.parametrize(("value", "text"), [(0.1 + 0.2, "0.3"), (1e6, "1000000"), ("x", "x")])
def test_values_are_written_as_they_are_run(value: float | str, text: str) -> None:
    assert value_text(value) == text
