"""Shifts between paired ensembles, held against statsmodels and scipy."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from sandtable.ensemble import Difference, judge_shifts, paired_difference

NEVER = math.nan


def ensembles(count: int, shift: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draws = np.random.default_rng(seed)
    first = draws.normal(10.0, 3.0, count)
    return first, first + shift + draws.normal(0.0, 0.1, count)


def difference(shift: float, seed: int = 1) -> Difference:
    return paired_difference(f"x{seed}", *ensembles(200, shift, seed))


def test_a_small_shift_of_every_pair_is_found_however_wide_the_outcome_spreads() -> None:
    found = difference(-0.05)
    # A third of the mean's own error, but many errors of the paired difference.
    assert abs(found.mean) < found.first_error / 3 and abs(found.mean) > 5 * found.mc_error
    (judged,) = judge_shifts([found])
    assert judged.shifted
    first, second = ensembles(200, -0.05, 1)
    assert judged.p_value == pytest.approx(2 * stats.ttest_rel(first, second).pvalue)


def test_holm_over_all_outcomes() -> None:
    shifts = [0.0, 0.02, -0.03, 0.0, 0.018, 0.0]
    judged = judge_shifts([difference(shift, seed) for seed, shift in enumerate(shifts)])
    rejected, adjusted, *_ = multipletests([item.p_value for item in judged], 0.05, "holm")
    assert [item.adjusted for item in judged] == pytest.approx(adjusted.tolist())
    assert [item.shifted for item in judged] == rejected.tolist()


@pytest.mark.verify
def test_no_more_is_found_by_chance_than_is_said() -> None:
    found = 0
    for study in range(200):
        alike = [difference(0.0, 1000 * study + k) for k in range(10)]
        found += any(item.shifted for item in judge_shifts(alike))
    # 5 percent of 200 studies of ten outcomes; the bound is exceeded once in a thousand.
    assert found <= stats.binom.ppf(0.999, 200, 0.05)


def test_coming_about_more_often_is_a_shift() -> None:
    first = np.array([1.0] * 20 + [NEVER] * 12 + [2.0] * 2)
    second = np.array([1.0] * 32 + [NEVER] * 2)
    found = paired_difference("captured/hill", first, second)
    assert (found.mean, found.first_alone, found.second_alone) == (0.0, 2, 12)
    (judged,) = judge_shifts([found])
    exact = mcnemar([[20, 2], [12, 0]], exact=True).pvalue
    assert judged.p_value == pytest.approx(2 * exact)
    assert judged.shifted


def test_what_does_not_move_is_not_shifted() -> None:
    values = np.array([1.0, NEVER, 3.0])
    never = np.full(3, NEVER)
    same = [paired_difference("a", values, values), paired_difference("b", never, never)]
    assert [(item.p_value, item.shifted) for item in judge_shifts(same)] == [(1.0, False)] * 2
    assert judge_shifts([]) == []


def test_every_pair_moved_alike_is_no_chance() -> None:
    (judged,) = judge_shifts([replace(difference(0.5), mc_error=0.0)])
    assert judged.p_value == 0.0 and judged.shifted
