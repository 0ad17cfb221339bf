"""Fuel of tiny scenarios: halts, lift, depots and airlift against durations reckoned by hand."""

from types import SimpleNamespace

import pytest

from engine.builder import (
    MOTOR,
    Fuel,
    about,
    axis,
    laws,
    leg,
    line,
    order,
    place,
    play,
    red,
    scenario,
)
from sandtable.engine.fuel import FuelSupply
from sandtable.engine.state import Column


def motorised(*, depot: float = 0.0, orders=(), without=(), days=20.0):
    """Three legs of 0.48 days; 80 km carried; lift 25 km a day, half at 60 km, a quarter at 120."""
    places, legs = line("abcd")
    places[1] = place("b", depot_km=depot)
    column = axis("x", "r", "abcd", fuel=Fuel(80.0, 25.0, 60.0))
    return scenario(
        places, legs, [red("r", "a", type="motor-rifle")], [column], orders,
        days=days, without=without,
    )  # fmt: skip


def test_a_column_halts_when_it_outruns_its_lift():
    run = play(motorised())
    march = 60.0 / MOTOR
    # At b it has 80 - 60 + 25 * 0.48 = 32 km and gets 12.5 a day; it needs 60.
    first = (60.0 - 32.0) / 12.5
    # At c it has 60 - 60 + 12.5 * 0.48 = 6 km and gets 6.25 a day.
    second = (60.0 - 6.0) / 6.25
    assert run.log() == [
        (about(march), "captured", "b", "x"),
        (about(march), "halts for fuel", "b", "x"),
        (about(2 * march + first), "captured", "c", "x"),
        (about(2 * march + first), "halts for fuel", "c", "x"),
        (about(3 * march + first + second), "captured", "d", "x"),
    ]
    assert run.outcomes["halted/x/fuel"] == about(first + second)


def test_a_leg_may_burn_more_than_its_ground_tells():
    """Two thirds more on the second leg: 100 km of fuel, of which it can carry 80."""
    plain = motorised()
    legs = [leg("ab"), leg("bc", fuel=5.0 / 3.0), leg("cd")]
    s = scenario(plain.places, legs, plain.formations, plain.axes, days=20.0)
    run = play(s, laws())
    # At b it has 32 km and gets 12.5 a day, until it can carry no more; at c it owes 20.
    march = 60.0 / MOTOR
    assert run.outcomes["captured/c"] == about(2 * march + (80.0 - 32.0) / 12.5)


def test_the_lift_comes_from_the_depot():
    """The axis begins at b, 60 km from its depot: what else would be lifted at c comes at b."""
    places, legs = line("abcd")
    places[1] = place("b", "ussr")
    column = axis("x", "r", "bcd", fuel=Fuel(80.0, 25.0, 60.0, depot="a"))
    run = play(scenario(places, legs, [red("r", "b", type="motor-rifle")], [column], days=20.0))
    # At c it has 80 - 60 km and what half of the lift gave on the march, and gets a quarter there.
    left = 20.0 + 12.5 * 60.0 / MOTOR
    assert run.outcomes["halted/x/fuel"] == about((60.0 - left) / 6.25)


def test_a_captured_depot_spares_the_halt():
    run = play(motorised(depot=28.0))
    assert [event[1:] for event in run.log()[:4]] == [
        ("depot taken", "b", "x"),
        ("captured", "b", "x"),
        ("captured", "c", "x"),
        ("halts for fuel", "c", "x"),
    ]
    assert run.outcomes["captured/c"] == about(2 * 60.0 / MOTOR)


def test_an_airlift_interrupts_the_halt():
    run = play(motorised(orders=[order("lift", "airlift-fuel", "x", 1.0, amount_km=20.0)]))
    # Until day 1 the lift gives 12.5 * 0.52 = 6.5; with 20 by air 1.5 are wanting, 0.12 days.
    assert run.log()[:5] == [
        (about(0.48), "captured", "b", "x"),
        (about(0.48), "halts for fuel", "b", "x"),
        (about(1.0), "fuel arrives by air", "b", "x"),
        (about(1.0), "halts for fuel", "b", "x"),
        (about(1.6), "captured", "c", "x"),
    ]
    enough = play(motorised(orders=[order("lift", "airlift-fuel", "x", 1.0, amount_km=30.0)]))
    assert enough.outcomes["captured/c"] == about(1.48)


def test_half_as_much_fuel_again_over_the_mountains():
    places, legs = line("ab", 40.0, terrain="mountain")
    legs.append(leg("bc", 40.0))
    places.append(place("c"))
    column = axis("x", "r", "abc", fuel=Fuel(60.0, 10.0, 1e9))
    run = play(scenario(places, legs, [red("r", "a", type="motor-rifle")], [column]))
    # 40 km over the pass take 0.64 days and 60 km of fuel, while the lift brings 6.4.
    over = 40.0 / (MOTOR * 0.5)
    wait = (40.0 - 10.0 * over) / 10.0
    assert run.outcomes["captured/c"] == about(over + wait + 40.0 / MOTOR)


class Still:
    """A world that does nothing but tell the time."""

    def __init__(self) -> None:
        self.env = SimpleNamespace(now=0.0)


def test_the_lift_fills_up_to_what_can_be_carried():
    """25 km a day at the railhead, half of it 60 km on; at most 80 are carried."""
    world, column = Still(), Column("x", "x", "attacker", [], ("a", "b"))
    supply = FuelSupply(world, column, Fuel(80.0, 25.0, 60.0))
    assert column.fuel_km == 80.0
    column.km, world.env.now = 60.0, 2.0
    supply.burn(leg("ab"), 60.0)
    assert column.fuel_km == pytest.approx(80.0 - 60.0 + 2.0 * 12.5)
    world.env.now = 50.0
    supply.burn(leg("ab"), 0.0)
    assert column.fuel_km == 80.0


def test_fuel_from_a_depot_beyond_what_is_carried_is_kept():
    world, column = Still(), Column("x", "x", "attacker", [], ("a", "b"))
    supply = FuelSupply(world, column, Fuel(80.0, 25.0, 60.0))
    column.fuel_km = 200.0
    world.env.now = 1.0
    supply.burn(leg("ab"), 20.0)
    assert column.fuel_km == 180.0
