"""Redeployment by railway, on a line of thirty trains a day."""

import pytest

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
    play,
    red,
    scenario,
)

UNDER = laws(breaks=AT_ONCE, rail__loading=0.25, rail__men=200.0, rail__km=400.0, rail__trains=10.0)


def moving(*, by="rail", men=6000.0, km=200.0, trains=30.0, blues=(), starts=90.0, **changes):
    """J stands at d, and goes to b when half a day is over; the attackers come to b from a."""
    places, legs = line("abcd", 60.0)
    legs[1:] = [leg("bc", km, road=by, trains=trains), leg("cd", km, road=by, trains=trains)]
    move = order("move", "redeploy", " ".join(["j", *[f.id for f in blues]]), 0.5, place="b")
    return scenario(
        places, legs, [red("r", "a"), blue("j", "d", men), *blues],
        [axis("x", "r", "abc", starts=starts)], [move], days=changes.pop("days", 30.0), **changes,
    )  # fmt: skip


def test_a_formation_loads_runs_and_unloads():
    """Thirty trains, one a day's thirtieth: a day; four hundred km: another."""
    assert play(moving(), UNDER).log() == [
        (0.5, "order", "d", "j"), (0.75, "entrains", "d", "j"), (3.0, "arrives", "b", "j"),
    ]  # fmt: skip


def test_a_rail_leg_without_trains_has_those_of_the_planning_figures():
    assert play(moving(trains=0.0), UNDER).day("arrives", "b") == about(5.0)


def test_the_slowest_leg_sets_the_pace_of_the_trains():
    s = moving()
    narrow = leg("cd", 200.0, trains=15.0)
    s.legs = (*s.legs[:2], narrow)
    assert play(s, UNDER).day("arrives", "b") == about(4.0)


def test_one_formation_after_another_goes_over_a_line():
    played = play(moving(blues=[blue("k", "c", 12_000.0)]), UNDER)
    assert played.log("entrains", "arrives") == [
        (0.75, "entrains", "d", "j"), (1.75, "entrains", "c", "k"), (3.0, "arrives", "b", "j"),
        (4.5, "arrives", "b", "k"),
    ]  # fmt: skip


def test_it_holds_its_place_until_the_first_train_leaves():
    """Attacked at d while it loads, it stays and fights."""
    places, legs = line("abcd", 60.0)
    legs[1:] = [leg("bc", 200.0, trains=30.0), leg("cd", 200.0, trains=30.0)]
    places.append(type(places[0])("e", "E", 45.0, 123.0, "town", "ussr", "attacker", (), 0.0))
    legs.append(leg("ed", 9.0))
    s = scenario(
        places, legs, [red("r", "e"), blue("j", "d", 6000.0)], [axis("x", "r", "ed", starts=0.6)],
        [order("move", "redeploy", "j", 0.5, place="b")], days=5.0,
        supply={"e": "attacker", "b": "defender"},
    )  # fmt: skip
    kinds = [e.kind for e in play(s, laws(breaks=0.0, rail__loading=0.25)).events]
    assert "contact" in kinds and "entrains" not in kinds


def test_a_train_ends_before_a_place_that_was_lost():
    """X takes b two days and a third from its start, before the last train of j is there."""
    played = play(moving(starts=0.0, men=12_000.0), UNDER)
    assert played.day("captured", "b") == about(60.0 / FOOT)
    assert played.day("arrives", "c") == about(0.75 + 2.0 + 0.5)


def test_where_no_line_is_open_it_marches():
    on_foot = moving(by="road", trains=0.0)
    played = play(on_foot, UNDER)
    assert "entrains" not in {e.kind for e in played.events}
    assert played.day("arrives", "b") == about(0.5 + 400.0 / FOOT)
    switched_off = play(moving(without=("rail",)), UNDER)
    assert switched_off.day("arrives", "b") == pytest.approx(0.5 + 400.0 / (FOOT * 0.7))
