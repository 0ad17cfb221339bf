"""Headline outcomes, and paired differences against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sandtable.ensemble import paired_difference

NEVER = math.nan


def test_paired_difference_by_hand() -> None:
    first = np.array([1.0, 2.0, 3.0, NEVER, 5.0])
    second = np.array([2.0, 4.0, 6.0, 4.0, NEVER])
    found = paired_difference("x", first, second)
    assert (found.pairs, found.mean, found.first, found.second) == (3, 2.0, 2.0, 4.0)
    assert found.mc_error == pytest.approx(1 / math.sqrt(3))
    assert (found.p05, found.p95) == pytest.approx((1.1, 2.9))
    assert (found.share_first, found.share_second) == (0.8, 0.8)
    assert found.moved


def test_no_difference() -> None:
    values = np.array([1.0, NEVER, 3.0])
    assert not paired_difference("x", values, values).moved
    never = np.full(3, NEVER)
    assert not paired_difference("x", never, never).moved
    assert math.isnan(paired_difference("x", never, values).mean)
    assert paired_difference("x", never, values).moved
