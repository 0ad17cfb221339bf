"""The indices of functions whose indices are known, through the code that the model goes through.

The Ishigami function and its shares of variance: Ishigami and Homma (1990), with a = 7,
b = 0.1: first-order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from sandtable.errors import SandtableError
from sandtable.studies.sensitivity.method import (
    MorrisEffect,
    morris_design,
    morris_effects,
    named_seed,
    sobol_design,
    sobol_indices,
    strongest,
)

Floats = NDArray[np.float64]
FIRST = {"a": 0.3139, "b": 0.4424, "c": 0.0}
TOTAL = {"a": 0.5576, "b": 0.4424, "c": 0.2437}
WEIGHTS = np.array([4.0, -2.0, 1.0, 0.0])


def ishigami(rows: Floats) -> Floats:
    x = pi * (2.0 * rows - 1.0)
    found: Floats = (
        np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    )
    return found


def linear(rows: Floats) -> Floats:
    found: Floats = rows @ WEIGHTS
    return found


def test_shares_of_variance_of_the_ishigami_function() -> None:
    design = sobol_design(["a", "b", "c"], 4096, seed=1)
    found = sobol_indices(design, ishigami(design.rows), seed=1)
    assert found is not None
    assert {i.group: i.first for i in found.groups} == pytest.approx(FIRST, abs=0.03)
    assert {i.group: i.total for i in found.groups} == pytest.approx(TOTAL, abs=0.03)
    for index in found.groups:
        assert index.first_low <= FIRST[index.group] <= index.first_high
        assert index.total_low <= TOTAL[index.group] <= index.total_high
    # What neither does alone: the square with which c drives a.
    assert found.interaction == pytest.approx(0.2437, abs=0.05)
    assert found.interaction_low <= 0.2437 <= found.interaction_high


def test_inputs_of_one_group_share_one_index() -> None:
    design = sobol_design(["one", "two", "one", "two"], 4096, seed=3)
    found = sobol_indices(design, linear(design.rows), seed=3)
    assert found is not None
    # Weights 4 and 1 against -2 and 0: variances as 17 to 4.
    shares = {"one": 17 / 21, "two": 4 / 21}
    assert {i.group: i.first for i in found.groups} == pytest.approx(shares, abs=0.03)
    assert {i.group: i.total for i in found.groups} == pytest.approx(shares, abs=0.03)
    assert found.interaction_low <= 0.0 <= found.interaction_high


def test_elementary_effects_of_a_linear_function_are_its_slopes() -> None:
    design = morris_design(["a", "b", "c", "d"], 6, seed=1)
    assert design.rows.min() >= 0.05 and design.rows.max() <= 0.95
    effects = morris_effects(design, linear(design.rows), seed=1)
    # Of 0.9 of the whole range each.
    assert [e.mu_star for e in effects] == pytest.approx([3.6, 1.8, 0.9, 0.0])
    assert [e.mu for e in effects] == pytest.approx([3.6, -1.8, 0.9, 0.0])
    assert [e.sigma for e in effects] == pytest.approx([0.0] * 4, abs=1e-12)
    assert [e.sign for e in effects] == [1, -1, 1, 0]


def test_a_group_of_several_inputs_has_a_size_but_no_sign() -> None:
    design = morris_design(["a", "pair", "pair", "d"], 8, seed=1)
    _, pair, _ = morris_effects(design, linear(design.rows), seed=1)
    # -2 and 1 move apart (3) or together (1).
    assert 0.9 <= pair.mu_star <= 2.7
    assert np.isnan(pair.mu) and np.isnan(pair.sigma) and pair.sign == 0


@pytest.mark.parametrize("seed", [1, 2**32 - 1])
def test_seeds_are_honoured_and_the_global_generator_is_left_alone(seed: int) -> None:
    def everything(own: int) -> list[str]:
        screening = morris_design(["a", "b", "c"], 5, own)
        design = sobol_design(["a", "b", "c"], 64, own)
        return [
            repr(screening.rows.tolist()),
            repr(morris_effects(screening, ishigami(screening.rows), own)),
            repr(design.rows.tolist()),
            repr(sobol_indices(design, ishigami(design.rows), own)),
        ]

    np.random.seed(5)
    first = everything(seed)
    before = np.random.get_state()[1].tolist()  # type: ignore[index, union-attr]
    np.random.seed(6)
    assert everything(seed) == first
    np.random.seed(5)
    everything(seed)
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index, union-attr]
    assert all(
        ours != theirs for ours, theirs in zip(everything(seed - 1 or 7), first, strict=True)
    )


def test_seeds_go_by_name_and_are_never_nought() -> None:
    names = [("toy", 1, "a"), ("toy", 0, "a"), ("toy", 1, "b"), ("other", 1, "a")]
    seeds = [named_seed(*name) for name in names]
    assert len(set(seeds)) == 4
    assert all(0 < seed < 2**32 for seed in seeds)
    assert named_seed("toy", 1, "a") == seeds[0]


@pytest.mark.parametrize(
    ("design", "number", "enough"),
    [
        (lambda n: morris_design(["a", "b"], n, 1), 3, "10 will do"),
        (lambda n: sobol_design(["a", "b"], n, 1), 100, "128 will do"),
        (lambda n: sobol_design(["a", "b"], n, 1), 32, "64 will do"),
        (lambda n: sobol_design(["a", "b"], n, 1), 0, "64 will do"),
    ],
)
def test_too_few_are_refused_with_the_number_that_would_do(
    design: Callable[[int], object], number: int, enough: str
) -> None:
    with pytest.raises(SandtableError, match=f"found {number}.*allowed.*{enough}"):
        design(number)


def test_a_block_without_a_value_is_left_out_and_the_rest_counts() -> None:
    design = sobol_design(["a", "b", "c"], 4096, seed=1)
    values = ishigami(design.rows)
    values[7] = np.nan
    found = sobol_indices(design, values, seed=1)
    assert found is not None and found.blocks == 4095
    assert {i.group: i.first for i in found.groups} == pytest.approx(FIRST, abs=0.03)
    screening = morris_design(["a", "b", "c", "d"], 6, seed=1)
    slopes = linear(screening.rows)
    slopes[0] = np.nan
    effects = morris_effects(screening, slopes, seed=1)
    assert [e.mu_star for e in effects] == pytest.approx([3.6, 1.8, 0.9, 0.0])


def test_an_outcome_that_never_moves_or_is_seldom_there_has_no_index() -> None:
    design = sobol_design(["a", "b"], 64, seed=1)
    screening = morris_design(["a", "b"], 4, seed=1)
    assert sobol_indices(design, np.full(len(design.rows), 3.0), seed=1) is None
    assert morris_effects(screening, np.full(len(screening.rows), 3.0), seed=1) == ()
    seldom = design.rows[:, 0].copy()
    seldom[0] = np.nan
    assert sobol_indices(design, seldom, seed=1) is None
    rare = screening.rows[:, 0].copy()
    rare[0] = np.nan
    assert morris_effects(screening, rare, seed=1) == ()


def test_the_strongest_are_those_that_matter_most_to_any_outcome() -> None:
    def effect(group: str, size: float) -> MorrisEffect:
        return MorrisEffect(group, size, size, size, size, 0.0, 1)

    men = [effect("a", 9000.0), effect("b", 1000.0), effect("c", 0.0)]
    days = [effect("a", 0.0), effect("b", 0.1), effect("c", 2.0)]
    assert strongest([men, days, []], 2) == ("a", "c")
    assert strongest([men], 2) == ("a", "b")
