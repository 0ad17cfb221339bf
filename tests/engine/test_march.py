"""Marches and fuel of tiny scenarios, against durations reckoned by hand."""

from dataclasses import replace
from math import log

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    MOTOR,
    Weather,
    about,
    axis,
    blue,
    laws,
    leg,
    line,
    place,
    play,
    red,
    scenario,
)
from sandtable.laws.advance import wet_days


def test_sixty_kilometres_on_foot():
    places, legs = line("ab")
    run = play(scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab")]))
    assert run.log() == [(about(60.0 / FOOT), "captured", "b", "x")]
    assert run.outcomes["captured/b"] == about(60.0 / FOOT)
    assert run.outcomes["advance/x/1"] == pytest.approx(25.5)
    assert run.outcomes["advance/x/2"] == pytest.approx(51.0)
    assert run.outcomes["advance/x/3"] == run.outcomes["advance/x/10"] == pytest.approx(60.0)
    assert run.series["front/x"][:3] == pytest.approx([0.0, 25.5, 51.0])


def test_a_calendar_day_ends_at_midnight():
    places, legs = line("ab")
    s = scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab")], day_fraction=0.75)
    run = play(s)
    assert run.outcomes["advance/x/1"] == pytest.approx(25.5 * 0.25)
    assert run.outcomes["advance/x/2"] == pytest.approx(25.5 * 1.25)
    assert len(run.series["front/x"]) == 12


def test_a_formation_without_men_takes_no_part():
    places, legs = line("abc")
    both = [red("r", "a"), red("none", "a", 0.0)]
    run = play(scenario(places, legs, both, [axis("x", "none r", "abc")]))
    alone = play(scenario(places, legs, both[:1], [axis("x", "r", "abc")]))
    assert run.log() == alone.log()
    assert run.outcomes == alone.outcomes


def test_nobody_marches_on_an_axis_of_formations_without_men():
    places, legs = line("abc")
    ways = [axis("x", "r", "ab"), axis("y", "none", "cb")]
    run = play(scenario(places, legs, [red("r", "a"), blue("none", "c", 0.0)], ways))
    assert run.log() == [(about(60.0 / FOOT), "captured", "b", "x")]
    assert run.outcomes["advance/y/10"] == 0.0


def test_an_axis_starts_on_its_day():
    places, legs = line("ab")
    s = scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab", starts=1.5)])
    assert play(s).outcomes["captured/b"] == about(1.5 + 60.0 / FOOT)


# Ground: rolling 0.9, mountain 0.35, marsh 0.4, by its root where a road or a railway leads and
# to the power 0.75 on a track; track 0.75, railway 0.7, none 0.5; rivers 0.125 days and 1.
@pytest.mark.parametrize(
    ("ground", "days"),
    [
        ({"terrain": "rolling"}, 30.0 / (25.5 * 0.9**0.5)),
        ({"terrain": "mountain", "road": "none"}, 30.0 / (25.5 * 0.35 * 0.5) - 3.0),
        ({"terrain": "rolling", "road": "track"}, 30.0 / (25.5 * 0.9**0.75 * 0.75)),
        ({"road": "none"}, 30.0 / (25.5 * 0.5)),
        ({"terrain": "marsh", "road": "rail"}, 30.0 / (25.5 * 0.4**0.5 * 0.7)),
        ({"obstacle": "fordable-river"}, 30.0 / 25.5 + 0.125),
        ({"obstacle": "great-river"}, 30.0 / 25.5 + 1.0),
    ],
)
def test_ground_road_and_obstacle(ground, days):
    places, legs = line("ab", 30.0, **ground)
    run = play(scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab")]))
    # After three days on the march the pace falls to 0.85.
    slow = "mountain" in ground.values()
    assert run.outcomes["captured/b"] == about(3.0 + days / 0.85 if slow else days)


def test_long_marches_slow_down_after_three_days():
    places, legs = line("ab", 102.0)
    run = play(scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab")]))
    assert run.outcomes["captured/b"] == about(3.0 + 1.0 / 0.85)


def test_slow_formations_come_up_behind_a_fast_head():
    """The head is there after 0.48 days; the foot that it needs for the attack 1.87 days later."""
    places, legs = line("abc")
    places[2] = replace(places[2], id="c")
    formations = [
        red("tanks", "a", 1000.0, type="motor-rifle"),
        red("foot", "a", 5000.0),
        blue("j", "c", 2000.0, depth_km=60.0),
    ]
    run = play(scenario(places, legs, formations, [axis("x", "tanks foot", "abc")]))
    assert run.day("captured", "b") == about(60.0 / MOTOR)
    assert run.day("contact", "c") == about(60.0 / FOOT)


def test_a_second_column_joins_at_its_own_distance():
    """Column x has come 109 km when y, with 21 of its 30 km behind it, joins it before b."""
    places, legs = line("zab", 9.0)
    places.insert(2, place("f", "ussr"))
    legs[0] = leg("za", 102.0)
    legs.append(leg("fb", 30.0))
    formations = [red("r", "z", 1000.0), red("s", "f", 10.0), blue("j", "b", 1000.0)]
    axes = [axis("x", "r", "zab"), axis("y", "s", "fb", starts=5.05 - 21.0 / FOOT)]
    still = ("attrition", "cohesion", "combat-fatigue", "march-fatigue")
    s = scenario(places, legs, formations, axes, without=still, days=6.0)
    run = play(s)
    # At 1 to 1 infantry gains 4 km a day; from day 4 on, x crosses the nine of the zone.
    assert run.outcomes["advance/x/5"] == pytest.approx(102.0 + 4.0)
    assert run.outcomes["advance/y/5"] == pytest.approx(21.0 - 0.05 * FOOT)
    assert 24.0 < run.outcomes["advance/y/6"] < 26.0


def test_wet_days_slow_a_leg():
    places, legs = line("ab", 51.0, rain="slows")
    rainy = scenario(
        places, legs, [red("r", "a")], [axis("x", "r", "ab")],
        weather=[Weather("summer", ("b",), 1.0)],
    )  # fmt: skip
    assert play(rainy).outcomes["captured/b"] == about(2.0 / 0.7)
    dry = replace(rainy, weather=(Weather("summer", ("b",), 0.0),))
    assert play(dry).outcomes["captured/b"] == about(2.0)
    elsewhere = replace(rainy, weather=(Weather("summer", ("a",), 1.0),))
    assert play(elsewhere).outcomes["captured/b"] == about(2.0)


def test_a_wet_spell_by_hand():
    # Half a dry day, a wet one that gives 0.25, a quarter of the dry third.
    assert wet_days(0.5, 1.0, [False, True, False], 0.25) == pytest.approx(1.75)
    assert wet_days(0.0, 0.5, [True], 0.25) == pytest.approx(1.25)
    assert wet_days(5.0, 1.0, [True], 0.25) == pytest.approx(1.0)


def test_a_march_that_the_end_cuts_short_counts_as_far_as_it_got():
    places, legs = line("ab")
    s = scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab")], days=2.0)
    run = play(s)
    assert run.outcomes["advance/x/1"] == pytest.approx(FOOT)
    assert run.series["front/x"][-1] == pytest.approx(2.0 * FOOT)
    assert run.outcomes["captured/b"] != run.outcomes["captured/b"]


def test_after_a_broken_defence_it_goes_on_at_the_pace_of_pursuit():
    """69 km at 10 a day: the zone of the beaten division, and the way beyond.

    Without the mechanism, or with nobody met, it marches on.
    """
    places, legs = line("abc")
    # A way out to the side, so that the beaten do not stand in the way again.
    places.append(place("d"))
    legs.append(leg("bd"))
    supply = {"a": "attacker", "d": "defender"}
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")],
                 [axis("x", "r", "abc")], without=["attrition", "march-fatigue"],
                 supply=supply)  # fmt: skip
    under = laws(breaks=AT_ONCE, law__pursuit__foot=log(10.0))
    found = play(s, under).outcomes
    assert found["captured/b"] == about(51.0 / FOOT + 0.9)
    assert found["captured/c"] == about(51.0 / FOOT + 6.9)
    off = replace(s, mechanisms=s.mechanisms.without("pursuit"))
    assert play(off, under).outcomes["captured/c"] == about(120.0 / FOOT)
    alone = replace(s, formations=s.formations[:1])
    assert play(alone, under).outcomes["captured/c"] == about(120.0 / FOOT)
