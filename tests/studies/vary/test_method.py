"""Responses against lines whose crossings are known; keys without effect, and no others."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import product

import numpy as np
import pytest

from sandtable.calendar import Calendar
from sandtable.evidence import Claim
from sandtable.studies.vary.dimension import Value
from sandtable.studies.vary.method import (
    Ensemble,
    InertKeys,
    Numbers,
    fingerprints,
    inert_keys,
    respond,
    where_met,
)

H_HOUR = datetime(1945, 8, 9, tzinfo=UTC)
LOSSES = "losses/ussr/personnel/total"


def claim(outcome: str, low: float | None, high: float | None, unit: str = "person") -> Claim:
    return Claim("c", "toy", outcome, low, high, unit, "Report", "source", None, "")


def ensembles(*samples: list[float], days: float = 10.0) -> list[Ensemble]:
    return [
        Ensemble(np.array(values), np.ones(len(values), dtype=np.bool_), Calendar(H_HOUR, days))
        for values in samples
    ]


def met(x: list[float], lower: list[float], upper: list[float], low: float, high: float) -> object:
    """The ends of all intervals in a row, to the digits that arithmetic keeps."""
    found = where_met(x, lower, upper, low, high)
    return pytest.approx([end for interval in found for end in interval])


def test_a_line_crosses_where_algebra_says() -> None:
    x = [0.0, 1.0, 2.0]
    line = [0.0, 10.0, 20.0]
    assert met(x, line, line, 5.0, 12.0) == [0.5, 1.2]
    assert met(x, line, line, 5.0, 5.0) == [0.5, 0.5]
    assert met(x, line, line, -math.inf, 7.0) == [0.0, 0.7]
    assert met(x, line, line, 21.0, 30.0) == []
    assert met(x, line[::-1], line[::-1], 5.0, 12.0) == [0.8, 1.5]


def test_a_curve_can_cross_twice() -> None:
    curve = [0.0, 10.0, 0.0]
    assert met([0.0, 1.0, 2.0], curve, curve, 4.0, 6.0) == [0.4, 0.6, 1.4, 1.6]


def test_a_band_meets_earlier_than_its_middle() -> None:
    assert met([0.0, 1.0], [-2.0, 8.0], [2.0, 12.0], 5.0, 6.0) == [0.3, 0.8]


def test_towards_never_nothing_is_interpolated() -> None:
    x = [0.0, 1.0, 2.0]
    line = [3.0, math.inf, math.inf]
    assert met(x, line, line, 4.0, 5.0) == []
    assert met(x, line, line, 2.0, 5.0) == [0.0, 0.0]
    assert met(x, line, line, 4.0, math.inf) == [1.0, 2.0]
    assert met(x, [math.nan] * 3, [math.nan] * 3, -math.inf, math.inf) == []


def test_differences_are_paired_and_failures_left_out() -> None:
    first, second = ensembles([1.0, 2.0, 3.0, 9.0], [2.0, 4.0, math.nan, 8.0])
    second = Ensemble(second.values, np.array([True, True, False, True]), Calendar(H_HOUR, 10.0))
    at = respond(LOSSES, "person", [first, second], []).at[1]
    assert (at.n, at.came_about) == (3, 1.0)
    assert at.difference.pairs == 3
    assert at.difference.mean == pytest.approx((1 + 2 - 1) / 3)
    assert at.difference.mc_error == pytest.approx(np.std([1, 2, -1], ddof=1) / 3**0.5)
    assert at.mean == pytest.approx(14 / 3)


def test_never_counts_as_late() -> None:
    at = respond("captured/hill", "day", ensembles([1.0, 2.0, math.nan]), []).at[0]
    assert at.came_about == pytest.approx(2 / 3)
    assert at.median == 2.0
    assert at.quantiles[-1] == math.inf
    lost = respond(LOSSES, "person", ensembles([1.0, 2.0, math.nan]), []).at[0]
    assert lost.median == 1.5


def test_a_claim_of_another_outcome_is_none() -> None:
    found = respond(LOSSES, "person", ensembles([1.0]), [claim("losses/japan/tanks", 1, 2, "tank")])
    assert found.claims == []


GRID: list[tuple[Value, ...]] = list(product((1.0, 2.0, 3.0), ("x", "y")))


def inert(rows: list[list[int]], points: list[tuple[Value, ...]], failed: int = -1) -> InertKeys:
    """What is found of two keys, a and b, from a number for each point and replication."""
    table: list[Numbers] = [np.array(row, dtype=np.uint64) for row in rows]
    sound = [np.arange(len(row)) != failed for row in rows]
    return inert_keys(["a", "b"], points, table, sound)


def test_any_figure_that_differs_tells_two_replications_apart() -> None:
    rows = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, np.nextafter(2.0, 3.0)], [2.0, 1.0]])
    told = fingerprints(["p", "q"], rows)
    assert told[0] == told[1]
    assert len(set(told.tolist())) == 3
    assert fingerprints(["p", "r"], rows)[0] != told[0]
    assert fingerprints(["p", "q"], rows[1:])[0] == told[1]


def test_what_means_the_same_is_the_same() -> None:
    other = np.frombuffer(np.uint64(0xFFF8000000000001).tobytes(), dtype=np.float64)[0]
    assert np.isnan(other)
    told = fingerprints(["p", "q"], np.array([[0.0, np.nan], [-0.0, other]]))
    assert told[0] == told[1]


def test_a_grid_tells_each_key_by_itself() -> None:
    by_a = [[int(a), 7] for a, _ in GRID]
    assert inert(by_a, GRID) == InertKeys(("b",), 2)
    by_b = [[5, len(str(b)) + (b == "y")] for _, b in GRID]
    assert inert(by_b, GRID) == InertKeys(("a",), 2)
    # Only together: with x the first key moves nothing.
    both = [[int(a) * (b == "y")] for a, b in GRID]
    assert inert(both, GRID) == InertKeys((), 1)
    assert inert([[1, 2, 3]] * 6, GRID) == InertKeys(("a", "b"), 3)


def test_other_designs_tell_only_that_nothing_changed_at_all() -> None:
    apart: list[tuple[Value, ...]] = [(0.1, 0.4), (0.2, 0.3), (0.3, 0.2)]
    assert inert([[1], [1], [2]], apart) == InertKeys((), 1)
    assert inert([[1], [1], [1]], apart) == InertKeys(("a", "b"), 1)
    # Some points of a grid are not a grid.
    assert inert([[1], [1], [2], [2], [3]], GRID[:5]) == InertKeys((), 1)


def test_what_failed_tells_nothing() -> None:
    rows = [[1, point] for point in range(6)]
    assert inert(rows, GRID, failed=1) == InertKeys(("a", "b"), 1)
    assert inert(rows, GRID) == InertKeys((), 2)
    assert inert([[1]] * 6, GRID, failed=0) == InertKeys((), 0)
