"""Airfields and parks that are taken, with what stands there."""

from dataclasses import replace

import pytest

from engine.builder import FOOT, Air, axis, laws, line, play, red, scenario

UNDER = laws(air__caught=0.25)


def taking(air=(), tanks=0.0, aircraft=0.0, **changes):
    """B and c, with parks at b, fall to a march; nobody defends them."""
    places, legs = line("abc")
    places[1] = replace(places[1], parked_tanks=tanks, parked_aircraft=aircraft)
    return scenario(places, legs, [red("r", "a")], [axis("x", "r", "abc")], air=air, **changes)


def force(*bases):
    return Air("japan", "defender", 80.0, 1.0, 0.0, 0.0, bases)


def test_what_is_parked_is_lost_with_the_place():
    played = play(taking(tanks=30.0, aircraft=12.0), UNDER)
    reached = round(60.0 / FOOT, 6)
    assert played.log()[:2] == [(reached, "captured", "b", "x"), (reached, "park taken", "b", "x")]
    assert played.outcomes["losses/japan/tanks"] == 30.0
    assert played.outcomes["losses/japan/aircraft"] == 12.0
    assert played.series["losses/japan/tanks"][1:4] == [0.0, 0.0, 30.0]
    assert played.outcomes["losses/ussr/tanks"] == 0.0


def test_an_air_force_loses_a_share_of_each_base_and_all_of_the_last():
    """Forty at each: ten are caught at b; the seventy left are at c, and none gets away."""
    played = play(taking([force("b", "c")]), UNDER)
    texts = [e.text for e in played.events if e.kind == "park taken"]
    assert texts == ["0 tanks, 10 aircraft", "0 tanks, 70 aircraft"]
    assert played.outcomes["losses/japan/aircraft"] == pytest.approx(80.0)


def test_bases_elsewhere_are_left_alone():
    assert play(taking([force("a")]), UNDER).outcomes["losses/japan/aircraft"] == 0.0
    own = Air("ussr", "attacker", 80.0, 1.0, 0.0, 0.0, ("b",))
    assert play(taking([own]), UNDER).outcomes["losses/ussr/aircraft"] == 0.0


def test_without_the_mechanism_nothing_is_taken():
    s = taking([force("b", "c")], 30.0, 12.0, without=("overrun-parks",))
    outcomes = play(s, UNDER).outcomes
    assert outcomes["losses/japan/aircraft"] == outcomes["losses/japan/tanks"] == 0.0
