"""Keys that are varied: what the arguments mean, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from dimensions import parse_dimensions
from sandtable.errors import InputError
from sandtable.studies.vary.dimension import Dimension, value_text


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
        ("a.b", "vary: argument: found 'a.b'; allowed: KEY=VALUES"),
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


def moments(*texts: str) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(text) for text in texts)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=1939-08-20T05:45,1939-08-21", moments("1939-08-20T05:45", "1939-08-21")),
        ("a.b=1939-08-20..1939-08-21:3", moments("1939-08-20", "1939-08-20T12:00", "1939-08-21")),
        (
            "a.b=1939-08-20T05:45..1939-08-20T06:45:3",
            moments("1939-08-20T05:45", "1939-08-20T06:15", "1939-08-20T06:45"),
        ),
        (
            "a.b=1939-08-20T05:45:00..1939-08-20T06:45:30:2",
            moments("1939-08-20T05:45", "1939-08-20T06:45:30"),
        ),
        # The clock of the first holds.
        (
            "a.b=1939-08-20T05:00+09:00,1939-08-20T05:00+08:00",
            moments("1939-08-20T05:00+09:00", "1939-08-20T06:00+09:00"),
        ),
        # A third of an hour and of a third: whole minutes.
        (
            "a.b=1939-08-20..1939-08-20T00:10:4",
            moments("1939-08-20", "1939-08-20T00:03", "1939-08-20T00:07", "1939-08-20T00:10"),
        ),
    ],
)
def test_moments_are_read(text: str, values: tuple[datetime, ...]) -> None:
    dimension = one(text)
    assert dimension.values == values
    assert dimension.ordered and dimension.moments
    assert [value_text(value) for value in dimension.values] == [v.isoformat() for v in values]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.b=1939-08-21..1939-08-20:3", "LOW below HIGH"),
        ("a.b=1939-08-20..1939-08-32:3", "or two moments"),
        ("a.b=1939-08-20..5:3", "or two moments"),
        # Nobody knows how far they lie apart.
        ("a.b=1939-08-20T00:00+09:00..1939-08-21:3", "or two moments"),
        ("a.b=1939-08-20..1939-08-20T00:02:9", "steps of at least a minute"),
        ("a.b=1939-08-20,1939-08-20T00:00", "found 1939-08-20T00:00:00 twice"),
        ("a.b=1939-08-20..1939-08-21", "a list or a range with steps"),
    ],
)
def test_faults_of_moments(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        one(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1939-08-20..1939-08-24", stats.uniform(0, 4)),
        ("uniform(1939-08-20,1939-08-24)", stats.uniform(0, 4)),
        ("normal(1939-08-21,0.5)", stats.norm(1, 0.5)),
        ("triangular(1939-08-20,1939-08-21,1939-08-24)", stats.triang(0.25, 0, 4)),
    ],
)
def test_distributions_of_moments(text: str, days: object) -> None:
    shares = np.linspace(0.01, 0.99, 37)
    start = datetime(1939, 8, 20)
    found = one(f"a={text}", "lhs", 8).at(shares)
    told = [(value - start) / timedelta(1) for value in found]  # type: ignore[operator]
    assert told == pytest.approx(days.ppf(shares), abs=0.5 / 1440 + 1e-9)  # type: ignore[attr-defined]
    assert all(value.second == 0 for value in found)  # type: ignore[union-attr]


def test_a_distribution_that_moments_do_not_have() -> None:
    with pytest.raises(InputError, match=r"loguniform\(LOW,HIGH\) with finite numbers$"):
        one("a=loguniform(1939-08-20,1939-08-24)", "lhs", 8)


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


@pytest.mark.parametrize(("value", "text"), [(0.1 + 0.2, "0.3"), (1e6, "1000000"), ("x", "x")])
def test_values_are_written_as_they_are_run(value: float | str, text: str) -> None:
    assert value_text(value) == text
