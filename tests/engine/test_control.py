"""Masks, cease-fires, pockets and orders of tiny scenarios: exact event logs."""

from dataclasses import replace

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    JAPAN,
    MOTOR,
    USSR,
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


def about(day: float):
    return pytest.approx(day, abs=1e-5)


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
    run = play(fortress("besiege"), laws(breaks=AT_ONCE))
    assert run.log("besieged", "contact", "captured")[:3] == [
        (about(EDGE), "besieged", "b", "r2"),
        (about(EDGE), "contact", "b", "r2"),
        (about(EDGE), "captured", "b", "r2"),
    ]
    assert run.outcomes["losses/r1/personnel/total"] == 0.0


def test_an_assault_takes_the_whole_column():
    run = play(fortress("assault"), NO_ONE_QUITS)
    assert run.log("masked", "contact") == [(about(EDGE), "contact", "b", "x")]
    assert run.outcomes["captured/c"] != run.outcomes["captured/c"]


def test_a_cease_fire_is_heard_late_and_makes_prisoners_on_arrival():
    places, legs = line("ab")
    stop = order("stop", "cease-fire", "j", 1.0, delay=(0.5, 0.5))
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")], [axis("x", "r", "ab")], [stop])
    run = play(s, NO_ONE_QUITS)
    assert run.log() == [
        (about(1.5), "order", "b", "j"),
        (about(1.5), "ceases fire", "b", "j"),
        (about(DAYS), "captured", "b", "x"),
        (about(DAYS), "surrendered", "b", "j"),
    ]
    assert run.outcomes["surrendered/j"] == about(DAYS)
    assert run.outcomes["losses/japan/personnel/captured"] == 1000.0
    assert run.outcomes["losses/japan/personnel/killed"] == 0.0
    assert run.outcomes["quit/order"] == 1.0


def test_a_cease_fire_that_nobody_heeds():
    places, legs = line("ab")
    stop = order("stop", "cease-fire", "j", 1.0, heeded=0.0)
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")], [axis("x", "r", "ab")], [stop])
    assert play(s, NO_ONE_QUITS).log("order", "captured") == []


def test_each_formation_hears_at_its_own_time():
    places, legs = line("ab")
    stop = order("stop", "cease-fire", "j1 j2", 1.0, delay=(0.0, 4.0))
    formations = [red("r", "a"), blue("j1", "b"), blue("j2", "b")]
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.0)], [stop])
    first, second = (e[0] for e in play(s).log("ceases fire"))
    assert 1.0 < first < second < 5.0


def test_surrender_by_order_after_the_cease_fire():
    places, legs = line("ab")
    orders = [order("stop", "cease-fire", "j", 1.0), order("yield", "surrender", "j k", 3.25)]
    formations = [red("r", "a"), blue("j", "b"), blue("k", "b")]
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.0)], orders)
    run = play(s)
    # k has never ceased fire: it does not give up.
    assert run.log("surrendered") == [(3.25, "surrendered", "b", "j")]
    assert run.series["losses/japan/captured"][3:5] == [0.0, 1000.0]


def test_an_air_landing_waits_until_the_garrison_has_ceased():
    places, legs = line("abc")
    orders = [
        order("drop", "land-from-air", "p", 0.5, place="c"),
        order("stop", "cease-fire", "g", 2.2),
    ]
    formations = [red("r", "a"), red("p", None, 500.0, type="airborne"), blue("g", "c")]
    run = play(scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.0)], orders))
    # It looks every day: at 0.5, 1.5, and at 2.5 finds nobody who fights.
    assert run.log("lands", "captured", "surrendered") == [
        (0.5, "lands", "c", "p"),
        (2.5, "captured", "c", "p"),
        (2.5, "surrendered", "c", "g"),
    ]


def test_a_sea_landing_assaults():
    places, legs = line("abc")
    orders = [order("ashore", "land-from-sea", "p", 0.5, place="c")]
    formations = [red("r", "a"), red("p", None, 5000.0, type="naval-infantry"), blue("g", "c")]
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.0)], orders)
    run = play(s, laws(breaks=AT_ONCE))
    assert run.log("lands", "contact", "captured") == [
        (0.5, "lands", "c", "p"),
        (0.5, "contact", "c", "p"),
        (0.5, "captured", "c", "p"),
    ]


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
        assert run.world.formations["j"].strayed == pytest.approx(350.0)
        assert run.world.formations["j"].place == "c"
        assert run.outcomes["surrendered/j"] != run.outcomes["surrendered/j"]


def test_a_counterattack_retakes_a_place_and_cuts_off():
    """Formation s strikes b from e; t holds c, beyond b, from the first day on."""
    places, legs = line("abc")
    places[2] = place("c", "ussr")
    places[1] = place("b", "ussr")
    places.append(place("e"))
    legs.append(leg("be"))
    formations = [red("r", "a"), red("t", "c"), blue("s", "e", 5000.0)]
    strike = order("strike", "counterattack", "s", 1.0, place="b")
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.5)], [strike])
    run = play(s, laws(pursuit__breakout_days=1e9))
    assert run.log() == [
        (about(1.0), "order", "e", "s"),
        (about(1.0 + DAYS), "captured", "b", "s"),
        (about(1.0 + DAYS), "encircled", "c", "t"),
    ]
    assert run.outcomes["encircled/t"] == about(1.0 + DAYS)


def test_a_formation_is_relieved_when_the_way_is_open_again():
    places, legs = line("abcd")
    places.insert(3, place("e"))
    legs.append(leg("be"))
    # m comes from d, in supply, over c and retakes b, where the column stands, at its first blow.
    formations = [red("r", "a"), blue("j", "e"), blue("m", "d", 5000.0, type="motor-rifle")]
    strike = order("strike", "counterattack", "m", 5.5, place="b")
    s = scenario(places, legs, formations, [axis("x", "r", "ab")], [strike], days=30.0)
    run = play(s, laws(breaks=AT_ONCE, pursuit__breakout_days=1e9))
    retaken = 5.5 + 120.0 / MOTOR
    relieved = run.log("relieved")
    assert [e[1:] for e in relieved] == [("relieved", "e", "j")]
    assert relieved[0][0] >= retaken - 9.0 / MOTOR - 1e-5


def test_redeployment_by_order_to_withdraw():
    places, legs = line("abcd")
    back = order("back", "withdraw", "j", 1.0, place="d")
    formations = [red("r", "a"), blue("j", "b")]
    run = play(scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.0)], [back]))
    assert run.log() == [
        (1.0, "order", "b", "j"),
        (about(1.0 + 2 * DAYS), "arrives", "d", "j"),
    ]


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


def test_reinforcements_join_a_column():
    """Alone r is weaker than j; 102 km behind it s needs four days, and r waits for it."""
    places, legs = line("abc", 9.0)
    places.insert(0, place("z", "ussr"))
    legs.insert(0, leg("za", 102.0))
    formations = [red("r", "a", 1000.0), red("s", "z", 2000.0), blue("j", "b", 1000.0)]
    join = order("join", "reinforce", "s", 0.0, axis="x", place="a")
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=1.0)], [join])
    run = play(s, NO_ONE_QUITS)
    assert run.log("contact") == [(about(4.0), "contact", "b", "x")]
    assert run.events[-1].text == "force ratio 3.0 to 1"


def test_reinforcements_arrive_at_a_place_from_beyond_the_map():
    places, legs = line("abc", 9.0)
    formations = [red("r", "a"), blue("j", None, 800.0)]
    join = order("join", "reinforce", "j", 1.0, place="b")
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=2.0)], [join])
    run = play(s, NO_ONE_QUITS)
    assert run.world.formations["j"].place == "b"
    assert run.log("contact") == [(2.0, "contact", "b", "x")]


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
    places, legs = line("ab")
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


@pytest.mark.parametrize("call", ["reinforce", "land-from-sea"])
def test_a_formation_in_retreat_follows_no_other_call(call):
    """Formation j is beaten out of b at H-hour and on its way to c when the order comes."""
    places, legs = line("abcd", 9.0)
    formations = [red("r", "a"), blue("j", "b"), blue("k", "d")]
    axes = [axis("x", "r", "ab"), axis("y", "k", "dc", starts=9.0)]
    where = {"axis": "y"} if call == "reinforce" else {}
    orders = [order("call", call, "j", 0.1, place="d", **where)]
    run = play(scenario(places, legs, formations, axes, orders), laws(breaks=AT_ONCE))
    f = run.world.formations["j"]
    assert run.log("lands") == []
    assert run.log("arrives") == [(about(9.0 / FOOT), "arrives", "c", "j")]
    assert f.column is None and f.place == "c"
