"""Keys without effect: found where nothing changed, and claimed nowhere else."""

from __future__ import annotations

from itertools import product

import numpy as np

from sandtable.studies.vary.dimension import Value
from sandtable.studies.vary.method import InertKeys, Numbers, fingerprints, inert_keys

GRID: list[tuple[Value, ...]] = list(product((1.0, 2.0, 3.0), ("x", "y")))


def found(rows: list[list[int]], points: list[tuple[Value, ...]], failed: int = -1) -> InertKeys:
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
    assert found(by_a, GRID) == InertKeys(("b",), 2)
    by_b = [[5, len(str(b)) + (b == "y")] for _, b in GRID]
    assert found(by_b, GRID) == InertKeys(("a",), 2)
    # Only together: with x the first key moves nothing.
    both = [[int(a) * (b == "y")] for a, b in GRID]
    assert found(both, GRID) == InertKeys((), 1)
    assert found([[1, 2, 3]] * 6, GRID) == InertKeys(("a", "b"), 3)


def test_other_designs_tell_only_that_nothing_changed_at_all() -> None:
    apart: list[tuple[Value, ...]] = [(0.1, 0.4), (0.2, 0.3), (0.3, 0.2)]
    assert found([[1], [1], [2]], apart) == InertKeys((), 1)
    assert found([[1], [1], [1]], apart) == InertKeys(("a", "b"), 1)
    # Some points of a grid are not a grid.
    assert found([[1], [1], [2], [2], [3]], GRID[:5]) == InertKeys((), 1)


def test_what_failed_tells_nothing() -> None:
    rows = [[1, point] for point in range(6)]
    assert found(rows, GRID, failed=1) == InertKeys(("a", "b"), 1)
    assert found(rows, GRID) == InertKeys((), 2)
    assert found([[1]] * 6, GRID, failed=0) == InertKeys((), 0)
