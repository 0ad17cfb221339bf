"""Draws from objects some of whose numbers are ranges, by hand."""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass

import pytest

from sandtable.ranges import Factor, Sampler, Uncertain


@dataclass(frozen=True)
class Part:
    fixed: float
    drawn: float


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    by_name: dict[str, float]
    still: Part


def between(name: str, low: float, high: float) -> Uncertain:
    return Uncertain((Factor(name, low, high),))


A, B = between("a", 1.0, 3.0), between("b", 10.0, 20.0)
BOTH = Uncertain((*A.factors, *B.factors))
WHOLE = Whole((Part(7.0, B), Part(BOTH, A)), {"x": A, "y": 5.0}, Part(1.0, 2.0))


def test_inputs_come_as_they_are_met_each_once() -> None:
    assert Sampler(WHOLE).uncertain == ("b", "a")


def test_inputs_named_first_come_first() -> None:
    assert Sampler(WHOLE, ["a", "b"]).uncertain == ("a", "b")
    assert Sampler(WHOLE, ["a", "b"]).draw([0.0, 1.0]).parts[0].drawn == 20.0


def test_the_same_name_moves_together_in_tuples_dataclasses_and_mappings() -> None:
    drawn = Sampler(WHOLE).draw([0.25, 0.5])
    assert drawn == Whole((Part(7.0, 12.5), Part(25.0, 2.0)), {"x": 2.0, "y": 5.0}, WHOLE.still)
    assert type(drawn.by_name["x"]) is type(drawn.parts[1].fixed) is float


def test_what_holds_no_range_is_the_same_object() -> None:
    assert Sampler(WHOLE).draw([0.1, 0.9]).still is WHOLE.still
    assert Sampler(WHOLE.still).central() is WHOLE.still


def test_central_is_the_middle() -> None:
    assert Sampler(WHOLE).central() == Sampler(WHOLE).draw([0.5, 0.5])
    assert Sampler(WHOLE).central().parts[0].drawn == 15.0


def test_a_sampler_survives_pickling() -> None:
    sampler = Sampler(WHOLE)
    copy = pickle.loads(pickle.dumps(sampler))
    assert copy.uncertain == sampler.uncertain
    assert copy.draw([0.3, 0.6]) == sampler.draw([0.3, 0.6])


def test_a_draw_takes_one_number_for_each_input() -> None:
    with pytest.raises(ValueError, match="1 draws for 2 uncertain inputs"):
        Sampler(WHOLE).draw([0.5])


def test_uncertain_is_the_product_of_the_middles() -> None:
    value = Uncertain((Factor("a", 1.0, 3.0), Factor("b", 4.0, 8.0)))
    assert (float(value), value.span) == (12.0, (4.0, 24.0))
    assert pickle.loads(pickle.dumps(value)).factors == value.factors
    assert math.isclose(value, 12.0)
