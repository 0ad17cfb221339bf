"""What a resolved scenario knows of itself: chain of command, ways, sides, by hand."""

from dataclasses import replace

import pytest

from engine.builder import axis, blue, leg, line, red, scenario
from sandtable.errors import SandtableError
from sandtable.scenario.resolved import ResolvedScenario


@pytest.fixture
def small() -> ResolvedScenario:
    places, legs = line("abcd", 10.0)
    legs[1] = leg("bc", 12.5)
    army = red("army", None, 0.0, type="headquarters", echelon="army")
    formations = [army, red("r", "a", parent="army"), red("gone", "a", 0.0, parent="army"),
                  red("s", "a", parent="army"), blue("j", "c")]  # fmt: skip
    return scenario(places, legs, formations, [axis("x", "r s", "abcd"), axis("y", "s", "dc")])


def test_formations_in_being_below_each(small: ResolvedScenario) -> None:
    assert dict(small.combat_below) == {
        "army": ("r", "s"), "r": ("r",), "s": ("s",), "j": ("j",),
    }  # fmt: skip
    assert list(small.combat_below) == ["army", "r", "s", "j"]


def test_km_along_an_axis(small: ResolvedScenario) -> None:
    assert small.km_along(small.axes[0]) == (0.0, 10.0, 22.5, 32.5)
    assert small.km_along(small.axes[1]) == (0.0, 10.0)


def test_of_two_legs_the_shorter_counts(small: ResolvedScenario) -> None:
    shorter = replace(small, legs=(*small.legs, leg("cb", 4.0)))
    assert shorter.km_along(shorter.axes[0]) == (0.0, 10.0, 14.0, 24.0)


def test_an_axis_that_no_leg_joins_is_told(small: ResolvedScenario) -> None:
    apart = replace(small, legs=small.legs[:2])
    with pytest.raises(SandtableError, match="axis x: no leg joins c and d"):
        apart.km_along(apart.axes[0])


def test_by_id(small: ResolvedScenario) -> None:
    assert small.places_by_id["c"] is small.places[2]
    assert small.formations_by_id["s"] is small.formations[3]
    assert small.sides_by_id["japan"] is small.sides[1]


def test_another_draw_has_its_own_lengths(small: ResolvedScenario) -> None:
    assert small.km_along(small.axes[1]) == (0.0, 10.0)
    longer = replace(small, legs=tuple(replace(one, length_km=20.0) for one in small.legs))
    assert longer.km_along(longer.axes[1]) == (0.0, 20.0)
