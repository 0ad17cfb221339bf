"""Relief from outside, and breaking out."""

from dataclasses import replace

from engine.builder import (
    AT_ONCE,
    FOOT,
    about,
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
from sandtable.scenario.resolved import Bypass

UNDER = laws(breaks=AT_ONCE, law__pocket__escaping=-40.0)
LEG = 60.0 / FOOT


def besieged(*orders, others=(), how="mask", **changes):
    """r2 invests g at b while r1 goes on to d; c, behind b, is in supply."""
    places, legs = line("abc")
    places.insert(2, place("d"))
    legs += [leg("bd")]
    formations = [red("r1", "a"), red("r2", "a", 2000.0), blue("g", "b"), *others]
    column = axis("x", "r1 r2", "abd", fortified_regions={"b": Bypass(how, ("r2",))})
    return scenario(
        places, legs, formations, [column], orders, days=changes.pop("days", 20.0),
        supply={"a": "attacker", "c": "defender"}, **changes,
    )  # fmt: skip


def told(played):
    return [(kind, where, who) for _, kind, where, who in played.log()]


RELIEVE = order("relief", "relieve", "k", 6.0, place="b")


def test_a_relieving_column_beats_who_invests_the_place():
    played = play(besieged(RELIEVE, others=[blue("k", "c", 9000.0)]), UNDER)
    assert [event for event in played.log() if event[0] >= 6.0] == [
        (6.0, "order", "c", "k"), (8.0, "contact", "b", "k"), (8.0, "defence broken", "b", "k"),
        (8.0, "breaks up", "a", "r2"), (8.0, "withdraws", "a", "r2"),
        (about(6.0 + LEG), "relieved", "b", "g"), (about(8.0 + LEG), "arrives", "a", "r2"),
    ]  # fmt: skip
    assert played.world.network.nodes["b"].holder == "defender"


def test_a_counterattack_passes_them_by():
    strike = order("strike", "counterattack", "k", 6.0, place="b")
    kinds = [e.kind for e in play(besieged(strike, others=[blue("k", "c", 9000.0)]), UNDER).events]
    assert "relieved" not in kinds and "contact" not in kinds


def test_without_the_mechanism_nobody_comes():
    s = besieged(RELIEVE, others=[blue("k", "c", 9000.0)], without=("relief",))
    assert "order" not in {e.kind for e in play(s, UNDER).events}


def test_a_garrison_breaks_out_through_who_invests_it():
    played = play(besieged(order("out", "break-out", "g", 6.0)), UNDER)
    assert [event for event in played.log() if event[0] >= 6.0] == [
        (6.0, "order", "b", "g"), (6.0, "contact", "b", "g"), (6.0, "defence broken", "b", "g"),
        (6.0, "breaks up", "a", "r2"), (6.0, "withdraws", "a", "r2"),
        (about(6.0 + LEG), "arrives", "a", "r2"), (about(6.0 + LEG), "arrives", "c", "g"),
    ]  # fmt: skip
    assert played.world.formations["g"].personnel > 900.0


def test_a_pocket_is_found_by_who_relieves_it():
    """j, on the march from b to c, finds both lost, hides at b, and is found there by k."""
    places, legs = line("abc")
    places += [place("f", "ussr"), place("d")]
    legs[0] = leg("ab", 30.0)
    legs += [leg("fc", 20.0), leg("bd")]
    back = order("back", "withdraw", "j", 0.0, place="c")
    s = scenario(
        places, legs, [red("r", "a"), red("s", "f"), blue("j", "b"), blue("k", "d", 30_000.0)],
        [axis("x", "r", "ab"), axis("y", "s", "fc")], [back, replace(RELIEVE, when=4.0)], days=12.0,
        supply={"a": "attacker", "d": "defender"},
    )  # fmt: skip
    assert told(play(s, UNDER)) == [
        ("order", "b", "j"), ("captured", "c", "y"), ("captured", "b", "x"),
        ("encircled", "b", "j"), ("order", "d", "k"), ("contact", "b", "k"),
        ("defence broken", "b", "k"), ("falls back", "b", "x"), ("captured", "b", "k"),
        ("relieved", "b", "j"),
    ]  # fmt: skip
    strike = replace(RELIEVE, what="counterattack", when=4.0)
    assert told(play(replace(s, orders=(back, strike)), UNDER))[-1] == ("captured", "b", "k")
