"""Headline outcomes, and paired differences against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import fakes
from sandtable.ensemble import headline_outcomes, paired_difference

NEVER = math.nan


def test_headline_outcomes_are_sides_objectives_and_last_days() -> None:
    names = [
        "captured/hailar",
        "captured/elsewhere",
        "advance/36-army/2",
        "advance/36-army/3",
        "losses/ussr/personnel/total",
        "losses/ussr/personnel/wounded",
        "losses/36-army/personnel/total",
        "losses/ussr/tanks",
        "losses/ussr/tanks/by/aircraft",
    ]
    found = headline_outcomes(names, fakes.Central())  # type: ignore[arg-type]
    assert found == [names[0], names[3], names[4], names[7]]


def test_a_side_of_several_words_has_headline_outcomes() -> None:
    """Its id was once taken for a formation's."""
    central = fakes.Central(sides=(fakes.Side("north-korea"),))
    names = ["losses/north-korea/personnel/total", "losses/north-korea/tanks"]
    assert headline_outcomes(names, central) == names  # type: ignore[arg-type]


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
