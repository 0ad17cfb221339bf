"""What becomes of a broken defence, and of formations on the march by themselves."""

from math import exp

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    about,
    axis,
    blue,
    duel,
    laws,
    leg,
    line,
    order,
    place,
    play,
    red,
    scenario,
)
from sandtable.streams import Streams

DAYS = 60.0 / FOOT
NO_ONE_QUITS = laws(breaks=0.0)


def test_a_broken_defence_falls_back_on_the_next_place():
    s = duel([red("r", "a")], [blue("j", "b", guns=40.0)], days=5.0, without=["attrition"])
    run = play(s, laws(breaks=AT_ONCE))
    # Pursuer and pursued march alike: they arrive in the same moment.
    assert sorted(run.log()) == [
        (0.0, "contact", "b", "x"),
        (pytest.approx(0.0, abs=1e-6), "defence broken", "b", "x"),
        (pytest.approx(0.0, abs=1e-6), "withdraws", "b", "j"),
        (pytest.approx(9.0 / FOOT, abs=1e-5), "arrives", "c", "j"),
        (pytest.approx(9.0 / FOOT, abs=1e-5), "captured", "b", "x"),
    ]
    assert run.outcomes["losses/japan/guns"] == pytest.approx(10.0)


def test_a_withdrawal_ends_where_the_way_is_lost():
    """While j is between c and d both fall: it comes back to c, and is cut off there."""
    places, legs = line("abcde")
    places[1:1] = [place("y", "ussr"), place("z", "ussr")]
    legs += [leg("yd", 1.0), leg("zc", 1.0)]
    formations = [red("r", "y"), red("s", "z"), blue("j", "b")]
    between = 1.0 + 1.5 * DAYS
    axes = [axis("n", "r", "yd", starts=between), axis("m", "s", "zc", starts=between)]
    back = order("back", "withdraw", "j", 1.0, place="e")
    run = play(scenario(places, legs, formations, axes, [back], days=20.0))
    assert {e[2] for e in run.log("captured") if e[0] < 1.0 + 2 * DAYS} == {"c", "d"}
    assert run.log("encircled") == [(about(1.0 + 2 * DAYS), "encircled", "c", "j")]


def test_a_withdrawing_formation_is_no_longer_in_the_way():
    places, legs = line("abcd")
    back = order("back", "withdraw", "j", 1.0, place="d")
    formations = [red("r", "a"), blue("j", "b", depth_km=1e-9)]
    run = play(scenario(places, legs, formations, [axis("x", "r", "ab")], [back]), NO_ONE_QUITS)
    assert run.log("captured", "contact") == [(about(DAYS), "captured", "b", "x")]


def test_without_a_way_out_it_fights_on_until_it_gives_up():
    """B has no neighbours but the attacker's: j holds out as pockets of other wars did."""
    places, legs = line("ab", 9.0)
    s = scenario(places, legs, [red("r", "a"), blue("j", "b", guns=40.0)],
                 [axis("x", "r", "ab")], without=["attrition"],
                 supply={"a": "attacker"})  # fmt: skip
    assert play(s, laws(breaks=AT_ONCE)).day("surrendered", "b") == about(0.0)
    run = play(s, laws(breaks=0.0, law__pocket__escaping=-40.0))
    held = 8.0 * exp(0.65 * Streams("tiny", 1).within("siege/b", 0).normal())
    assert run.log() == [
        (0.0, "at bay", "b", "j"),
        (0.0, "contact", "b", "x"),
        (about(held), "surrendered", "b", "j"),
        (about(held), "defence gone", "b", "x"),
        (about(held), "captured", "b", "x"),
    ]
    assert run.outcomes["losses/japan/personnel/captured"] == pytest.approx(1000.0)
    assert run.outcomes["quit/surrender"] == 1.0


def test_a_garrison_of_works_without_a_way_out_dies_in_them():
    """Killed 0.4 and captured 0.02 of the casualties: the dead are 0.4 in 0.42 of the rest."""
    places, legs = line("ab", 9.0)
    s = scenario(places, legs, [red("r", "a"), blue("j", "b", fortification=0.7)],
                 [axis("x", "r", "ab")], without=["attrition"],
                 supply={"a": "attacker"})  # fmt: skip
    run = play(s, laws(breaks=AT_ONCE, law__fortress__permanent=0.0))
    assert [e[1] for e in run.log("destroyed", "surrendered")] == ["destroyed"]
    assert run.outcomes["losses/j/personnel/killed"] == pytest.approx(1000.0 * 0.4 / 0.42)
    assert run.outcomes["losses/j/personnel/captured"] == pytest.approx(1000.0 * 0.02 / 0.42)


def test_without_withdrawal_a_broken_formation_is_destroyed():
    s = duel([red("r", "a")], [blue("j", "b")], days=5.0, without=["attrition", "withdrawal"])
    run = play(s, laws(breaks=AT_ONCE))
    assert run.world.formations["j"].status == "gone"
    assert run.log("withdraws") == []


def test_a_broken_formation_has_lost_guns_and_effectiveness_but_not_one_that_delays():
    """A quarter of the guns and 0.3 of the effectiveness, to a floor of a half; then it rests."""
    left = {}
    for who, orders in (("beaten", []), ("delaying", [order("o", "delay", "j", 0.0)])):
        s = duel([red("r", "a")], [blue("j", "b", guns=40.0)], orders=orders, starts=1.0, days=1.2,
                 without=["attrition"])  # fmt: skip
        run = play(s, laws(breaks=AT_ONCE, fatigue__broken=0.3))
        left[who] = run.world.formations["j"]
    assert (left["beaten"].guns, left["delaying"].guns) == pytest.approx((30.0, 40.0))
    assert left["beaten"].fatigue == pytest.approx(0.3, abs=1e-6)
    assert left["delaying"].fatigue == pytest.approx(0.0, abs=1e-6)


def test_a_column_beaten_on_its_way_falls_back_to_the_place_before():
    """R has come to b when s strikes it there: it goes back to a."""
    places, legs = line("abc")
    places.append(place("e"))
    legs.append(leg("be", 51.0))
    strike = order("strike", "counterattack", "s", 1.0, place="b")
    formations = [red("r", "a", 1000.0), blue("s", "e", 5000.0)]
    s = scenario(places, legs, formations, [axis("x", "r", "ab")], [strike], days=6.0,
                 without=["attrition"])  # fmt: skip
    run = play(s, laws(breaks=AT_ONCE))
    assert run.log("falls back")[0][1:] == ("falls back", "b", "x")
    assert run.world.columns["x"].place == "a"
    assert run.outcomes["advance/x/3"] > run.outcomes["advance/x/6"] == pytest.approx(0.0)


def test_services_leave_with_the_troops_that_are_driven_out():
    services = blue("depot", "b", type="services", effectiveness=0.0)
    s = duel([red("r", "a")], [blue("j", "b"), services], days=5.0, without=["attrition"])
    run = play(s, laws(breaks=AT_ONCE))
    arrivals = {e[3]: e[0] for e in run.log("arrives") if e[2] == "c"}
    assert arrivals == {"j": about(9.0 / FOOT), "depot": about(9.0 / FOOT)}
    assert run.outcomes["losses/japan/personnel/captured"] == 0.0


def test_services_that_find_their_way_lost_give_up():
    """While they are between c and d both fall: they come back to c, into the enemy's hands."""
    places, legs = line("abcde")
    places[1:1] = [place("y", "ussr"), place("z", "ussr")]
    legs += [leg("yd", 1.0), leg("zc", 1.0)]
    services = blue("depot", "b", type="services", effectiveness=0.0)
    between = 1.0 + 1.5 * DAYS
    axes = [axis("n", "r", "yd", starts=between), axis("m", "s", "zc", starts=between)]
    back = order("back", "withdraw", "depot", 1.0, place="e")
    formations = [red("r", "y"), red("s", "z"), services]
    run = play(scenario(places, legs, formations, axes, [back], days=20.0))
    assert run.log("surrendered") == [(about(1.0 + 2 * DAYS), "surrendered", "c", "depot")]
