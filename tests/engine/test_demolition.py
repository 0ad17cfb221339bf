"""Bridges blown up before an attacker, taken intact, and repaired."""

from dataclasses import replace

import pytest

from engine.builder import FOOT, about, axis, blue, laws, line, order, place, play, red, scenario
from sandtable.scenario.resolved import Demolition, ForwardDetachment
from sandtable.streams import Streams

BLOWN = Demolition("defender", 1.0, 0.0, 3.0, 0.0)
MARCH = 60.0 / FOOT


def advance(demolition: Demolition, *, formations=(), **changes):
    places, legs = line("ab", demolition=demolition)
    return scenario(
        places, legs, [red("r", "a"), *formations], [axis("x", "r", "ab", **changes)], days=20.0
    )


def test_a_column_waits_for_the_repair():
    assert play(advance(BLOWN)).log() == [
        (0.0, "bridge blown", "b", "x"), (about(3.0 + MARCH), "captured", "b", "x"),
    ]  # fmt: skip


def test_the_length_is_bridged_at_the_rate_of_the_engineers():
    """A quarter of a day to prepare and 200 m at 800 m a day: half a day."""
    over = replace(BLOWN, span_km=0.2)
    under = laws(demolition__prepare=0.25, demolition__bridging=0.8)
    assert play(advance(over), under).day("captured", "b") == about(0.5 + MARCH)


def test_who_comes_later_waits_for_what_is_left():
    places, legs = line("ab", demolition=BLOWN)
    formations = [red("r", "a"), red("s", "a")]
    axes = [axis("x", "r", "ab"), axis("y", "s", "ab", starts=2.0)]
    played = play(scenario(places, legs, formations, axes, days=20.0))
    assert played.world.columns["y"].progress[-1] == (about(3.0 + MARCH), 60.0)
    assert [e.kind for e in played.events if e.kind.startswith("bridge")] == ["bridge blown"]


def test_its_own_side_blows_nothing_up():
    own = replace(BLOWN, coalition="attacker")
    assert play(advance(own)).log() == [(about(MARCH), "captured", "b", "x")]


def test_a_forward_detachment_may_take_it_intact():
    """The same draw decides: the bridge stands where it is below the chance left by the coup."""
    u = Streams("tiny", 1).within("demolition/a--b", 0).uniform()
    for left, kind in ((u / 2.0, "bridge intact"), ((1.0 + u) / 2.0, "bridge blown")):
        ahead = ForwardDetachment(("r",), 60.0)
        places, legs = line("ab", demolition=replace(BLOWN, taken=1.0 - left))
        column = [red("r", "a"), red("s", "a")]
        s = scenario(places, legs, column, [axis("x", "r s", "ab", forward_detachment=ahead)])
        assert play(s).events[0].kind == kind
    assert play(advance(replace(BLOWN, taken=1.0))).events[0].kind == "bridge blown"


def test_troops_landed_on_the_other_side_save_it():
    s = advance(replace(BLOWN, taken=1.0), starts=2.0)
    s = replace(
        s, formations=(*s.formations, red("p", None, 500.0, type="airborne")),
        orders=(order("drop", "land-from-air", "p", 1.0, place="b"),),
    )  # fmt: skip
    assert ("bridge intact", 2.0) in [(e.kind, e.day) for e in play(s).events]


def test_the_chance_is_kept_over_replications():
    s = advance(replace(BLOWN, chance=0.3))
    kinds = [play(s, replication=i).events[0].kind for i in range(300)]
    assert kinds.count("bridge blown") == pytest.approx(90, abs=24)


def test_a_formation_on_the_march_waits_too():
    """The bridge is blown behind j, who is sent back over it."""
    places, legs = line("abc")
    legs[0] = replace(legs[0], demolition=BLOWN)
    places[1] = place("b", "ussr")
    back = order("back", "withdraw", "s", 1.0, place="a")
    s = scenario(places, legs, [red("r", "a"), red("s", "b"), blue("j", "c")],
                 [axis("x", "r", "ab")], [back], days=20.0)  # fmt: skip
    assert play(s).day("arrives", "a") == about(3.0 + MARCH)
