"""Rules of engagement: a border that is not crossed, weapons that stay behind."""

from dataclasses import replace
from math import inf, isnan

import pytest

from engine.builder import (
    AT_ONCE,
    JAPAN,
    USSR,
    Air,
    axis,
    blue,
    laws,
    leg,
    line,
    order,
    place,
    play,
    red,
    scenario,
)
from sandtable.scenario.resolved import Ban, Border


def bound(until: float = inf, **changes):
    """Three places in a row, the last of them beyond the border of the attackers."""
    places, legs = line("abc")
    sides = (replace(USSR, border=Border(("c",), until)), JAPAN)
    column = axis("x", "r", "abc")
    formations = [red("r", "a"), *changes.pop("blues", ())]
    return scenario(places, legs, formations, [column], sides=sides, **changes)


def test_a_column_halts_before_the_border():
    played = play(bound())
    reached = played.day("captured", "b")
    assert played.log() == [
        (round(reached, 6), "captured", "b", "x"),
        (round(reached, 6), "halts at the border", "c", "x"),
    ]
    assert isnan(played.outcomes["captured/c"])
    assert played.outcomes["advance/x/10"] == 60.0


def test_it_goes_on_when_the_border_is_open():
    """The second leg takes what the first took, for the march begins afresh."""
    played = play(bound(5.0))
    leg_days = played.day("captured", "b")
    assert played.log() == [
        (round(leg_days, 6), "captured", "b", "x"),
        (round(leg_days, 6), "halts at the border", "c", "x"),
        (round(5.0 + leg_days, 6), "captured", "c", "x"),
    ]


def test_a_border_of_an_axis_binds_its_column_alone():
    places, legs = line("abc")
    places.append(place("d", "ussr"))
    legs.append(leg("db"))
    axes = [axis("x", "r", "abc", border=Border(("c",), inf)), axis("y", "s", "dbc")]
    played = play(scenario(places, legs, [red("r", "a"), red("s", "d")], axes,
                           supply={"a": "attacker", "c": "defender"}))  # fmt: skip
    assert played.outcomes["advance/x/10"] == 60.0
    assert played.outcomes["advance/y/10"] == 120.0


def test_who_falls_back_over_the_border_is_out_of_reach():
    played = play(bound(blues=[blue("j", "b")]), laws(breaks=AT_ONCE))
    assert [(kind, where, who) for _, kind, where, who in played.log()] == [
        ("contact", "b", "x"), ("defence broken", "b", "x"), ("withdraws", "b", "j"),
        ("captured", "b", "x"), ("halts at the border", "c", "x"), ("arrives", "c", "j"),
    ]  # fmt: skip
    assert played.world.formations["j"].personnel > 0.0


def test_nobody_lands_beyond_it():
    landing = order("land", "land-from-air", "p", 1.0, place="c")
    s = bound(orders=[landing])
    s = replace(s, formations=(*s.formations, red("p", None, 500.0, type="airborne")))
    assert "lands" not in {e.kind for e in play(s).events}
    opened = replace(s, sides=(replace(USSR, border=Border(("c",), 0.5)), JAPAN))
    assert play(opened).day("lands", "c") == 1.0


def test_banned_tanks_neither_fight_nor_are_lost_and_come_back():
    places, legs = line("abc", 9.0)
    formations = [red("r", "a", tanks=100.0), blue("j", "b", 3000.0)]
    free = scenario(places, legs, formations, [axis("x", "r", "ab")], days=4.0)
    banned = replace(free, sides=(replace(USSR, ban=Ban(("tanks",), 3.5)), JAPAN))
    under = laws(breaks=0.0)
    assert play(free, under).outcomes["losses/ussr/tanks/disabled"] > 0.0
    played = play(banned, under)
    assert played.series["strength/ussr/tanks"][:4] == [0.0] * 4
    assert 90.0 < played.series["strength/ussr/tanks"][4] < 100.0
    for_ever = play(replace(free, sides=(replace(USSR, ban=Ban(("tanks",), inf)), JAPAN)), under)
    assert for_ever.outcomes["losses/ussr/tanks/disabled"] == 0.0


def test_banned_aircraft_leave_the_sky_to_the_enemy():
    air = [
        Air("ussr", "attacker", 100.0, 1.0, 2.0, 0.01),
        Air("japan", "defender", 50.0, 1.0, 2.0, 0.01),
    ]
    places, legs = line("ab")
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")], [axis("x", "r", "ab", starts=9.0)],
                 days=4.0, air=air)  # fmt: skip
    banned = replace(s, sides=(USSR, replace(JAPAN, ban=Ban(("aircraft",), 2.5))))
    played = play(banned)
    assert played.outcomes["losses/japan/aircraft"] < play(s).outcomes["losses/japan/aircraft"]
    # Two days alone in the sky cost nothing: an enemy's share of none of the sorties.
    first = play(replace(banned, calendar=replace(s.calendar, days=2.0)))
    assert first.outcomes["losses/ussr/aircraft"] == 0.0
    assert first.world.air.superiority("attacker", "b", wet=False) == 1.0
    nobody = replace(USSR, ban=Ban(("aircraft",), inf)), replace(JAPAN, ban=Ban(("aircraft",), inf))
    empty = play(replace(s, sides=nobody)).world.air
    assert empty.overhead("attacker", "b", wet=False) == (0.0, 0.0)


@pytest.mark.parametrize("until", [inf, 5.0])
def test_without_the_mechanism_there_is_no_border(until):
    free = play(bound(until, without=("rules-of-engagement",)))
    assert free.outcomes["advance/x/10"] == 120.0
