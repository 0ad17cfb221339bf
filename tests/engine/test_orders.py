"""Orders of tiny scenarios: who hears them when, and the exact event logs of what follows."""

from dataclasses import replace
from typing import get_args

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
    place,
    play,
    red,
    scenario,
)
from sandtable.engine.orders import KINDS
from sandtable.scenario.resolved import After, ResolvedScenario
from sandtable.vocabulary import OrderKind

DAYS = 60.0 / FOOT
NO_ONE_QUITS = laws(breaks=0.0)


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
    places, legs = line("abc")
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
    assert run.series["losses/japan/personnel/captured"][3:5] == [0.0, 1000.0]


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
    run = play(s, laws(law__pocket__escaping=-40.0))
    assert run.log() == [
        (about(1.0), "order", "e", "s"),
        (about(1.0 + DAYS), "captured", "b", "s"),
        (about(1.0 + DAYS), "encircled", "c", "t"),
    ]
    assert run.outcomes["encircled/t"] == about(1.0 + DAYS)


def test_redeployment_by_order_to_withdraw():
    places, legs = line("abcd")
    back = order("back", "withdraw", "j", 1.0, place="d")
    formations = [red("r", "a"), blue("j", "b")]
    run = play(scenario(places, legs, formations, [axis("x", "r", "ab", starts=9.0)], [back]))
    assert run.log() == [
        (1.0, "order", "b", "j"),
        (about(1.0 + 2 * DAYS), "arrives", "d", "j"),
    ]


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


def test_a_formation_that_passes_to_another_column_marches_over_to_it():
    """From a, where its own column stands, the 102 km to b take four days on foot."""
    places, legs = line("abc", 9.0)
    places.insert(0, place("z", "ussr"))
    legs.insert(0, leg("za", 102.0))
    formations = [red("q", "z"), red("s", "z", 2000.0), red("r", "a", 1000.0), blue("j", "b")]
    axes = [axis("y", "q s", "za", starts=20.0), axis("x", "r", "ab", starts=1.0)]
    join = order("join", "reinforce", "s", 0.0, axis="x", place="a")
    run = play(scenario(places, legs, formations, axes, [join], days=9.0), NO_ONE_QUITS)
    assert run.log("contact") == [(about(4.0), "contact", "b", "x")]
    assert [f.id for f in run.world.columns["y"].formations] == ["q"]


def test_reinforcements_arrive_at_a_place_from_beyond_the_map():
    places, legs = line("abc", 9.0)
    formations = [red("r", "a"), blue("j", None, 800.0)]
    join = order("join", "reinforce", "j", 1.0, place="b")
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=2.0)], [join])
    run = play(s, NO_ONE_QUITS)
    assert run.world.formations["j"].place == "b"
    assert run.log("contact") == [(2.0, "contact", "b", "x")]


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


def test_every_kind_of_order_can_be_carried_out():
    assert set(KINDS) == set(get_args(OrderKind))
    assert all((kind.formation is None) != (kind.column is None) for kind in KINDS.values())


@pytest.mark.parametrize(
    ("what", "mechanism"),
    [
        ("withdraw", "withdrawal"), ("counterattack", "counterattack"),
        ("reinforce", "reinforcement"), ("land-from-sea", "landing"),
        ("land-from-air", "landing"), ("cease-fire", "cease-fire"), ("surrender", "cease-fire"),
        ("hold", None), ("delay", None), ("advance", None),
    ],
)  # fmt: skip
def test_without_its_mechanism_an_order_is_not_given(what, mechanism):
    places, legs = line("abcd")
    given = order("o", what, "j", 1.0, place="d")
    for off in ((), (mechanism,) if mechanism else ()):
        column = axis("x", "r", "ab", starts=9.0)
        both = [red("r", "a"), blue("j", "c")]
        s = scenario(places, legs, both, [column], [given], days=2.0, without=off)
        heard = play(s).log("order")
        assert heard == ([] if off else [(1.0, "order", "c", "j")])


def test_an_order_to_advance_lets_the_axis_start_later():
    places, legs = line("ab")
    wait = order("wait", "advance", "x", 2.0, delay=(0.5, 0.5))
    s = scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab", starts=1.0)], [wait])
    assert play(s).outcomes["captured/b"] == about(2.5 + DAYS)
    late = replace(s, axes=(replace(s.axes[0], starts=4.0),))
    assert play(late).outcomes["captured/b"] == about(4.0 + DAYS)


def test_an_order_to_hold_keeps_a_beaten_garrison_to_the_last():
    places, legs = line("abc", 9.0)
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")], [axis("x", "r", "ab", starts=1.0)],
                 [order("o", "hold", "j", 0.5)], without=["attrition"])  # fmt: skip
    run = play(s, laws(breaks=AT_ONCE))
    assert [e[1] for e in run.log("destroyed", "withdraws")] == ["destroyed"]
    assert run.outcomes["losses/j/personnel/total"] == 1000.0
    assert [e.details for e in run.events if e.kind == "destroyed"] == [{"men": 1000.0}]


def test_an_order_that_comes_after_the_end_is_not_heard():
    places, legs = line("ab")
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")], [axis("x", "r", "ab", starts=9.0)],
                 [order("o", "hold", "j", 3.0)], days=2.0)  # fmt: skip
    assert play(s).log("order") == []


def test_the_log_names_the_order():
    places, legs = line("ab")
    s = scenario(places, legs, [red("r", "a"), blue("j", "b")], [axis("x", "r", "ab", starts=9.0)],
                 [order("late", "hold", "j", 3.0)])  # fmt: skip
    assert [e.text for e in play(s).events if e.kind == "order"] == ["hold (late)"]


def waiting(what: str, awaited: After, who: str = "g", **changes) -> ResolvedScenario:
    """Axis x takes b at once; g at c gets an order that waits for something."""
    places, legs = line("abcd")
    formations = [red("r", "a"), blue("g", "c"), blue("h", "b"), blue("k", "d")]
    when, delay = changes.pop("when", 0.0), changes.pop("delay", (0.0, 0.0))
    late = order("late", what, who, when, after=awaited, delay=delay)
    orders = [late, *changes.pop("orders", ())]
    parent = blue("hq", None, 0.0, type="headquarters", echelon="corps")
    below = [replace(f, parent="hq") if f.id in "hg" else f for f in formations]
    axes = [axis("x", "r", "ab"), *changes.pop("axes", ())]
    return scenario(places, legs, [parent, *below], axes, orders, days=20.0, **changes)


STOP_H = order("stop", "cease-fire", "h", 0.5)


@pytest.mark.parametrize(
    ("awaited", "day"),
    [
        (After("captured", "b"), DAYS),
        (After("order", "stop"), 0.5),
        (After("ceased_fire", "h"), 0.5),
        (After("ceased_fire", "hq"), 0.5),
        (After("surrendered", "h"), DAYS),
        (After("surrendered", "hq"), DAYS),
    ],
)
def test_an_order_waits_for_an_event(awaited, day):
    s = waiting("hold", awaited, orders=[STOP_H])
    assert play(s, NO_ONE_QUITS).log("order")[1:] == [(about(day), "order", "c", "g")]
    # A delay runs from the event; before its own moment the order is not given.
    s = waiting("hold", awaited, orders=[STOP_H], delay=(2.0, 2.0))
    assert play(s, NO_ONE_QUITS).log("order")[1][0] == about(day + 2.0)
    s = waiting("hold", awaited, orders=[STOP_H], when=7.0)
    assert play(s, NO_ONE_QUITS).log("order")[1][0] == 7.0


def test_an_order_waits_until_a_formation_is_cut_off():
    places, legs = line("abcd")
    legs.append(leg("bd"))
    strike = order("strike", "hold", "k", 0.0, after=After("encircled", "g"))
    formations = [red("r", "a"), blue("g", "c"), blue("k", "d")]
    s = scenario(places, legs, formations, [axis("x", "r", "abd")], [strike],
                 supply={"a": "attacker", "d": "defender"}, days=30.0)  # fmt: skip
    run = play(s, laws(breaks=AT_ONCE))
    assert run.log("order") == [(about(run.day("encircled", "c")), "order", "d", "k")]


def test_what_never_happens_is_never_answered():
    for awaited in (After("captured", "d"), After("encircled", "hq"), After("order", "none")):
        assert play(waiting("hold", awaited), NO_ONE_QUITS).log("order") == []
    # Half of a headquarters' men are not out of the fight yet.
    s = waiting("hold", After("ceased_fire", "hq"), orders=[STOP_H])
    unequal = tuple(replace(f, personnel=1500.0) if f.id == "g" else f for f in s.formations)
    assert len(play(replace(s, formations=unequal), NO_ONE_QUITS).log("order")) == 1


def test_an_axis_sets_out_when_its_order_comes():
    places = [place("f", "ussr")]
    start = waiting("advance", After("captured", "b"), who="y", delay=(1.0, 1.0),
                    axes=[axis("y", "s", "fc")])  # fmt: skip
    s = replace(
        start,
        places=(*start.places, *places),
        legs=(*start.legs, leg("fc")),
        formations=(*(f for f in start.formations if f.id != "g"), red("s", "f")),
        orders=(*start.orders, order("then", "hold", "k", 0.0, after=After("order", "late"))),
    )
    run = play(replace(s, orders=(*s.orders, STOP_H)), NO_ONE_QUITS)
    assert run.log("captured") == [
        (about(DAYS), "captured", "b", "x"),
        (about(2.0 * DAYS + 1.0), "captured", "c", "y"),
    ]
    assert run.log("order")[-1] == (about(DAYS + 1.0), "order", "d", "k")
    # Without the event it stays.
    assert play(s, NO_ONE_QUITS).log("captured") == []


def test_a_cease_fire_so_many_days_after_a_place_falls_ends_the_fight():
    end = waiting("cease-fire", After("captured", "b"), who="g k", delay=(1.5, 1.5))
    run = play(replace(end, orders=(*end.orders, STOP_H)), NO_ONE_QUITS)
    assert run.log("captured", "ceases fire", "surrendered") == [
        (0.5, "ceases fire", "b", "h"),
        (about(DAYS), "captured", "b", "x"),
        (about(DAYS), "surrendered", "b", "h"),
        (about(DAYS + 1.5), "ceases fire", "c", "g"),
        (about(DAYS + 1.5), "ceases fire", "d", "k"),
    ]


def test_landed_troops_join_an_axis_once_the_place_is_taken():
    places, legs = line("abcd")
    drop = order("drop", "land-from-air", "p", 0.5, place="b", axis="x")
    formations = [red("r", "a"), red("p", None, 500.0, type="airborne")]
    s = scenario(places, legs, formations, [axis("x", "r", "abc")], [drop], days=1.0)
    run = play(s, NO_ONE_QUITS)
    assert run.log("lands", "captured") == [
        (0.5, "lands", "b", "p"),
        (0.5, "captured", "b", "p"),
    ]
    x = run.world.columns["x"]
    assert [f.id for f in x.formations] == ["r", "p"]
    # It is up when it has covered the way back to the last place that the column had reached.
    assert run.world.formations["p"].closed_up == about(0.5 + DAYS)
