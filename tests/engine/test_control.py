"""Masks, cease-fires, pockets and orders of tiny scenarios: exact event logs."""

from dataclasses import replace
from math import exp

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    JAPAN,
    MOTOR,
    USSR,
    about,
    axis,
    blue,
    formation,
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
from sandtable.streams import Streams

DAYS = 60.0 / FOOT
# Contact is made at the edge of the zone, nine kilometres before the place.
EDGE = 51.0 / FOOT
NO_ONE_QUITS = laws(breaks=0.0)


def fortress(how: str = "mask", **changes):
    places, legs = line("abc")
    places[1] = place("b", kind="fortified-region")
    formations = [red("r1", "a"), red("r2", "a"), blue("g", "b", fortification=0.8)]
    column = axis("x", "r1 r2", "abc", fortified_regions={"b": Bypass(how, ("r2",))})
    return scenario(places, legs, formations, [column], days=20.0, **changes)


def test_a_mask_leaves_the_detachment_behind():
    run = play(fortress(), NO_ONE_QUITS)
    # In all they march 120 km, after three days of it at 0.85 of the pace.
    assert run.log("masked", "captured") == [
        (about(EDGE), "masked", "b", "r2"),
        (about(3.0 + (2 * DAYS - 3.0) / 0.85), "captured", "c", "x"),
    ]
    assert [f.id for f in run.world.columns["x"].formations] == ["r1"]
    assert [f.id for f in run.world.columns["x/b"].formations] == ["r2"]
    assert run.outcomes["captured/b"] != run.outcomes["captured/b"]
    assert run.outcomes["losses/ussr/personnel/total"] == 0.0


def test_a_masked_garrison_is_cut_off():
    run = play(fortress(), NO_ONE_QUITS)
    assert run.outcomes["encircled/g"] == about(EDGE)


def test_a_masked_garrison_that_gives_up_frees_the_place():
    sides = (USSR, replace(JAPAN, pocket_endurance=0.0))
    run = play(fortress(sides=sides), NO_ONE_QUITS)
    assert run.log("surrendered", "captured")[:2] == [
        (about(EDGE), "surrendered", "b", "g"),
        (about(EDGE), "captured", "b", "r2"),
    ]
    assert run.outcomes["losses/g/personnel/captured"] == 1000.0


def test_a_siege_attacks_and_the_column_goes_on():
    """The garrison holds out for as long as the law of fortresses says, whatever breaks others."""
    s = fortress("besiege")
    run = play(s, laws(breaks=AT_ONCE, law__pocket__escaping=-40.0))
    (garrison,) = [f for f in s.formations if f.start == "b"]
    z = Streams("tiny", 1).within("siege/b", 0).normal()
    held = 14.0 * exp(1.25 * z)
    assert run.log("besieged", "at bay", "contact") == [
        (about(EDGE), "besieged", "b", "r2"),
        (about(EDGE), "at bay", "b", garrison.id),
        (about(EDGE), "contact", "b", "r2"),
    ]
    assert run.outcomes["captured/b"] == about(EDGE + held)
    assert run.outcomes["captured/c"] < EDGE + held
    assert run.outcomes["losses/r1/personnel/total"] == 0.0


def test_an_assault_takes_the_whole_column():
    run = play(fortress("assault"), NO_ONE_QUITS)
    assert run.log("masked", "contact") == [(about(EDGE), "contact", "b", "x")]
    assert run.outcomes["captured/c"] != run.outcomes["captured/c"]


def spur(endurance: float = 1e9, orders=(), days: float = 20.0, without=(), men: float = 1000.0):
    """Formation j stands at e, whose only way to its supply at d leads over b."""
    places, legs = line("abcd")
    places.insert(3, place("e"))
    legs.append(leg("be"))
    sides = (USSR, replace(JAPAN, pocket_endurance=endurance))
    formations = [red("r", "a"), blue("j", "e", men)]
    return scenario(
        places, legs, formations, [axis("x", "r", "ab")], orders,
        days=days, sides=sides, without=without,
    )  # fmt: skip


def test_a_formation_without_a_way_to_supply_is_encircled():
    run = play(spur(days=3.0))
    assert run.log() == [
        (about(DAYS), "captured", "b", "x"),
        (about(DAYS), "encircled", "e", "j"),
    ]
    assert run.outcomes["encircled/j"] == about(DAYS)


def test_a_pocket_without_endurance_gives_up_at_once():
    run = play(spur(0.0))
    assert run.log("surrendered") == [(about(DAYS), "surrendered", "e", "j")]
    assert run.outcomes["losses/j/personnel/captured"] == 1000.0
    assert run.outcomes["quit/surrender"] == 1.0


@pytest.mark.parametrize("replication", range(8))
def test_a_pocket_gives_up_or_slips_out_by_competing_hazards(replication):
    """The days are exponential: mean endurance 5, mean 8 until it slips out (stream's draws)."""
    draws = Streams("tiny", 1).within("pocket/j", replication)
    gives_up, slips_out = 5.0 * draws.exponential(), 8.0 * draws.exponential()
    run = play(spur(5.0, days=60.0), replication=replication)
    if gives_up < slips_out:
        assert run.log("surrendered") == [(about(DAYS + gives_up), "surrendered", "e", "j")]
    else:
        assert run.log("breaks out") == [(about(DAYS + slips_out), "breaks out", "e", "j")]
        # 0.35 of its men do not get through; the others reach the nearest friendly place, c.
        assert run.world.formations["j"].losses.strayed == pytest.approx(350.0)
        assert run.world.formations["j"].place == "c"
        assert run.outcomes["surrendered/j"] != run.outcomes["surrendered/j"]


def test_a_formation_is_relieved_when_the_way_is_open_again():
    places, legs = line("abcd")
    places.insert(3, place("e"))
    legs.append(leg("be"))
    # m comes from d, in supply, over c and retakes b, where the column stands, at its first blow.
    formations = [red("r", "a"), blue("j", "e"), blue("m", "d", 5000.0, type="motor-rifle")]
    strike = order("strike", "counterattack", "m", 5.5, place="b")
    s = scenario(places, legs, formations, [axis("x", "r", "ab")], [strike], days=30.0)
    run = play(s, laws(breaks=AT_ONCE, law__pocket__escaping=-40.0))
    retaken = 5.5 + 120.0 / MOTOR
    relieved = run.log("relieved")
    assert [e[1:] for e in relieved] == [("relieved", "e", "j")]
    assert relieved[0][0] >= retaken - 9.0 / MOTOR - 1e-5


def test_unreliable_troops_leave_at_first_contact():
    places, legs = line("abc", 9.0)
    formations = [red("r", "a"), blue("j", "b", type="puppet", desertion=0.4)]
    s = scenario(places, legs, formations, [axis("x", "r", "ab")], without=["attrition"])
    run = play(s, NO_ONE_QUITS)
    assert run.log()[0] == (0.0, "deserted", "b", "j")
    assert run.outcomes["losses/japan/personnel/deserted"] == pytest.approx(400.0)
    assert run.series["strength/japan/personnel"][1] == pytest.approx(600.0)
    assert run.outcomes["losses/japan/personnel/total"] == 0.0


def test_formations_of_a_third_side_count_for_their_coalition():
    places, legs = line("abc")
    s = scenario(
        places, legs, [formation("m", "mongolia", "a", 100.0, type="cavalry"), blue("j", "b", 9.0)],
        [axis("x", "m", "ab")], sides=[USSR, replace(USSR, id="mongolia"), JAPAN],
    )  # fmt: skip
    run = play(s, laws(breaks=AT_ONCE))
    assert run.outcomes["captured/b"] == about(60.0 / 45.0)


def test_a_column_that_has_marched_off_does_not_hold_the_place_behind_it():
    """Column x leaves b at day 2.35 for c, and is under way when s comes to b."""
    places, legs = line("abc")
    places.append(place("e"))
    legs.append(leg("be", 51.0))
    strike = order("strike", "counterattack", "s", 1.0, place="b")
    formations = [red("r", "a"), blue("s", "e", 5000.0)]
    run = play(scenario(places, legs, formations, [axis("x", "r", "abc")], [strike]))
    assert run.log("captured", "contact")[:2] == [
        (about(DAYS), "captured", "b", "x"),
        (about(3.0), "captured", "b", "s"),
    ]


def rear(where: str, **changes):
    """Services of a thousand men: they fight not at all."""
    return blue("depot", where, type="services", effectiveness=0.0, **changes)


def test_services_do_not_hold_a_place_and_are_taken_with_it():
    places, legs = line("abc")
    run = play(scenario(places, legs, [red("r", "a"), rear("b")], [axis("x", "r", "ab")]))
    assert run.log() == [
        (about(DAYS), "captured", "b", "x"),
        (about(DAYS), "surrendered", "b", "depot"),
    ]
    assert run.outcomes["losses/japan/personnel/captured"] == pytest.approx(1_000.0)
    # Nobody was beaten: they count as no defeat.
    assert run.outcomes["quit/surrender"] != run.outcomes["quit/surrender"]


def test_services_in_a_fortress_fall_with_it_and_do_not_hold_it():
    s = fortress()
    s = replace(s, formations=(*s.formations, rear("b")))
    stop = order("stop", "cease-fire", "g", 6.0)
    run = play(replace(s, orders=(stop,)), NO_ONE_QUITS)
    assert run.outcomes["captured/b"] == pytest.approx(6.0)
    assert run.outcomes["surrendered/depot"] == pytest.approx(6.0)


def test_services_change_nothing_in_a_battle_beside_them():
    places, legs = line("abc")
    forces = [red("r", "a"), blue("j", "b", guns=40.0)]
    alone = play(scenario(places, legs, forces, [axis("x", "r", "ab")], days=6.0))
    beside = play(scenario(places, legs, [*forces, rear("b")], [axis("x", "r", "ab")], days=6.0))
    assert beside.outcomes["losses/ussr/personnel/total"] > 0.0
    for name in ("losses/ussr/personnel/total", "losses/j/personnel/total", "captured/b"):
        assert beside.outcomes[name] == pytest.approx(alone.outcomes[name], nan_ok=True)


def test_services_cut_off_in_a_place_of_their_own_give_up_in_time():
    s = spur(5.0, days=60.0)
    s = replace(s, formations=(*(f for f in s.formations if f.id != "j"), rear("e")))
    assert play(s).outcomes["encircled/depot"] == about(DAYS)


@pytest.mark.parametrize("what", ["counterattack", "land-from-sea", "reinforce"])
def test_services_are_not_sent_to_fight(what):
    places, legs = line("abc")
    target = {"axis": "y"} if what == "reinforce" else {"place": "b"}
    column = axis("y", "j", "cb", starts=50.0)
    formations = [red("r", "a"), blue("j", "c"), rear("c")]
    orders = [order("go", what, "depot", 1.0, **target)]
    axes = [axis("x", "r", "ab", starts=50.0), column]
    run = play(scenario(places, legs, formations, axes, orders))
    assert run.world.formations["depot"].place == "c"
    assert run.world.formations["depot"].column is None
