"""Craft over water: waves, fire on them, weapons that come later; logs by hand."""

from dataclasses import replace

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    JAPAN,
    USSR,
    Weather,
    about,
    axis,
    blue,
    laws,
    leg,
    lift,
    line,
    order,
    place,
    play,
    red,
    scenario,
)
from sandtable.laws.landing import LandingLaw
from sandtable.scenario.resolved import ForwardDetachment

QUIET = laws(breaks=0.0, certain=True)
WON = laws(breaks=AT_ONCE, certain=True)
SHARE = 0.1
"""A quarter of 400 a thousand: what fire costs each wave."""


def landing(*orders, lifts=None, blues=(), reds=None, days: float = 10.0, **changes):
    """The attacker lands at c, beyond the sea from a and b; the defender's supply is at d."""
    places, legs = line("abcd")
    places[1] = place("b", "ussr")
    reds = reds or [red("r", None, 2500.0)]
    orders = orders or [order("land", "land-from-sea", "r", 1.0, place="c", lift="flotilla")]
    return scenario(places, legs, [*reds, *blues], [], orders, days=days,
                    lifts=lifts or [lift()], **changes)  # fmt: skip


def lost(run, formation: str = "r") -> float:
    return run.world.formations[formation].losses.in_action


def test_waves_of_so_many_men_land_one_after_another():
    run = play(landing(), QUIET)
    assert run.log() == [
        (1.0, "order", "", "r"),
        (1.0, "wave lands", "c", "r"),
        (1.5, "wave lands", "c", "r"),
        (2.0, "wave lands", "c", "r"),
        (2.0, "lands", "c", "r"),
        (2.0, "captured", "c", "r"),
    ]
    told = [e.text for e in run.events if e.kind == "wave lands"]
    assert told == [
        "1000 men; lost on the water 0 and 0.0 craft",
        "1000 men; lost on the water 0 and 0.0 craft",
        "500 men; lost on the water 0 and 0.0 craft",
    ]
    assert run.outcomes["losses/ussr/craft"] == 0.0


def test_several_formations_share_the_waves():
    reds = [red("r", None, 1500.0), red("s", None, 700.0)]
    both = order("land", "land-from-sea", "r s", 1.0, place="c", lift="flotilla")
    run = play(landing(both, reds=reds), QUIET)
    assert run.log("wave lands", "lands") == [
        (1.0, "wave lands", "c", "r"),
        (1.5, "wave lands", "c", "r"),
        (1.5, "lands", "c", "r"),
        (2.0, "wave lands", "c", "s"),
        (2.0, "lands", "c", "s"),
    ]


def test_nobody_lands_of_a_formation_that_has_no_men_left():
    sides = (replace(USSR, sick=1.0), JAPAN)
    land = order("land", "land-from-sea", "r", 1.5, place="c", lift="flotilla")
    run = play(landing(land, blues=[blue("g", "c")], sides=sides), QUIET)
    assert run.world.formations["r"].personnel == 0.0
    assert run.log("order", "wave lands", "lands") == [(1.5, "order", "", "r")]


def test_fire_costs_each_wave_men_and_craft_before_the_fight_ashore():
    run = play(landing(blues=[blue("g", "c")]), QUIET)
    # 10, 9 and 8.1 craft, of which a tenth is lost each time: 2,500 men want three waves.
    waves = [1000.0, 900.0, 600.0]
    assert [e.text for e in run.events if e.kind == "wave lands"] == [
        f"{men:.0f} men; lost on the water {SHARE * men:.0f} and {SHARE * men / 100:.1f} craft"
        for men in waves
    ]
    assert [e.details for e in run.events if e.kind == "wave lands"] == [
        pytest.approx({"men": men, "lost": SHARE * men, "craft_lost": SHARE * men / 100})
        for men in waves
    ]
    assert run.day("contact", "c") == 2.0
    begun = next(e for e in run.events if e.kind == "battle begins")
    assert begun.day == 2.0
    first = play(landing(blues=[blue("g", "c")], days=1.999), QUIET)
    assert lost(first) == pytest.approx(SHARE * 1900.0)
    assert first.outcomes["losses/ussr/craft"] == pytest.approx(1.9)
    # They are casualties in action, at the place.
    assert first.outcomes["losses/ussr/personnel/in-action"] == pytest.approx(SHARE * 1900.0)
    assert first.world.losses.personnel["c", "ussr"] == pytest.approx(SHARE * 1900.0)


def test_nobody_fires_at_a_landing_without_enemies_or_after_they_ceased():
    stop = order("stop", "cease-fire", "g", 1.25)
    land = order("land", "land-from-sea", "r", 1.0, place="c", lift="flotilla")
    run = play(landing(land, stop, blues=[blue("g", "c")]), QUIET)
    assert lost(run) == pytest.approx(SHARE * 1000.0)


def test_batteries_elsewhere_fire_on_the_water_too():
    run = play(landing(lifts=[lift(fire_from=("d",))], blues=[blue("g", "d")]), QUIET)
    assert lost(run) >= SHARE * 2500.0 - 1e-6
    assert run.day("captured", "c") == 2.0


def test_the_last_craft_goes_on():
    under = replace(QUIET, operations=replace(QUIET.operations, landing=LandingLaw(9.0, 0.0)))
    run = play(landing(blues=[blue("g", "c")], days=20.0), under)
    men = [float(e.text.split()[0]) for e in run.events if e.kind == "wave lands"]
    assert men[0] == 1000.0 and set(men[1:]) == {100.0} and len(men) == 16
    assert run.outcomes["losses/ussr/craft"] == pytest.approx(9.0)


@pytest.mark.parametrize(("weapons_after", "day"), [(2.0, 4.0), (None, None)])
def test_tanks_and_guns_come_after_the_men(weapons_after, day):
    reds = [red("r", None, 2500.0, tanks=10.0, guns=4.0, antitank_guns=2.0, armoured_cars=1.0)]
    run = play(landing(lifts=[lift(weapons_after=weapons_after)], reds=reds), QUIET)
    tanks = run.series["strength/ussr/tanks"]
    if day is None:
        assert set(tanks) == {10.0}
        assert run.log("weapons land") == []
    else:
        assert run.log("weapons land") == [(day, "weapons land", "c", "r")]
        assert tanks[2:6] == [0.0, 0.0, 10.0, 10.0]
        told = next(e.text for e in run.events if e.kind == "weapons land")
        assert told == "10 tanks, 6 guns, 1 armoured cars"
    assert run.outcomes["losses/ussr/tanks"] == 0.0


def test_weapons_wait_while_fire_reaches_the_landing_place():
    reds = [red("r", None, 1000.0, tanks=10.0)]
    stop = order("stop", "cease-fire", "g", 3.25)
    land = order("land", "land-from-sea", "r", 1.0, place="c", lift="flotilla")
    guns = [lift(weapons_after=0.25, fire_from=("d",))]
    run = play(landing(land, stop, lifts=guns, reds=reds, blues=[blue("g", "d")]), QUIET)
    # Looked at every half day from day 1.25 on.
    assert run.log("weapons land") == [(3.25, "weapons land", "c", "r")]


def test_weapons_with_the_men_are_lost_with_them():
    reds = [red("r", None, 1000.0, tanks=10.0, guns=20.0)]
    run = play(landing(reds=reds, blues=[blue("g", "c")], days=1.001), QUIET)
    assert run.outcomes["losses/ussr/tanks"] == pytest.approx(1.0, abs=0.05)
    assert run.outcomes["losses/ussr/guns"] == pytest.approx(2.0, abs=0.05)


def test_foul_weather_puts_a_landing_off_and_slows_its_waves():
    wet = {"weather": [Weather("w", ("c",), 1.0)]}
    shut = play(landing(lifts=[lift(rain="closes")], days=4.5, **wet), QUIET)
    assert shut.log()[1:] == [(float(d), "waits for weather", "c", "r") for d in (1, 2, 3, 4)]
    slow = play(landing(lifts=[lift(rain="slows")], **wet), QUIET)
    # 0.7 of the dry pace.
    assert [e[0] for e in slow.log("wave lands")] == [1.0, about(1.0 + 0.5 / 0.7),
                                                      about(1.0 + 1.0 / 0.7)]  # fmt: skip


def crossing(**changes):
    """A column at a crosses to b by craft and goes on to c."""
    places, legs = line("abcd")
    legs[0] = leg("ab", 9.0, lift="flotilla", obstacle="great-river")
    reds = changes.pop("reds", None) or [red("r", "a", 1000.0), red("s", "a", 1000.0)]
    names = " ".join(f.id for f in reds)
    column = axis("x", names, changes.pop("way", "abc"), **changes.pop("column", {}))
    lifts, orders = changes.pop("lifts", [lift()]), changes.pop("orders", ())
    forces = [*reds, *changes.pop("blues", ())]
    return scenario(places, legs, forces, [column], orders, lifts=lifts, **changes)


def test_a_column_crosses_wave_by_wave_and_closes_up():
    run = play(crossing(), QUIET)
    head = 0.25 + 60.0 / FOOT
    assert run.log() == [
        (0.25, "wave lands", "b", "r"),
        (0.25, "captured", "b", "x"),
        (0.75, "wave lands", "b", "s"),
        (about(head), "captured", "c", "x"),
    ]
    # The second regiment is half a day behind all the way.
    assert run.world.formations["s"].closed_up == about(head + 0.5)
    assert run.outcomes["advance/x/1"] == pytest.approx(9.0 + 0.75 * FOOT)


def test_a_defended_bank_is_assaulted_by_those_who_are_across():
    run = play(crossing(blues=[blue("g", "b", 700.0)], way="ab"), QUIET)
    # Fire leaves nine craft for the second wave, and a few men for a third.
    assert run.log("wave lands", "contact") == [
        (0.25, "wave lands", "b", "r"),
        (0.25, "contact", "b", "x"),
        (0.75, "wave lands", "b", "s"),
        (1.25, "wave lands", "b", "s"),
    ]
    assert run.battles[0]["attackers"] == ("r", "s")
    # Against more the head waits until the rest is across.
    run = play(crossing(blues=[blue("g", "b", 800.0)], way="ab"), QUIET)
    assert run.day("contact", "b") == 1.25


def test_who_comes_ashore_later_counts_from_then_on():
    reds = [red("r", "a", 1000.0), red("s", "a", 1000.0)]
    slow = [lift(turn_round=6.0)]
    s = crossing(blues=[blue("g", "b", 600.0)], way="ab", lifts=slow, reds=reds, days=8.0)
    alone = crossing(blues=[blue("g", "b", 600.0)], way="ab", lifts=slow, reds=reds[:1], days=8.0)
    assert play(s, QUIET).day("contact", "b") == 3.0
    assert lost(play(s, QUIET)) == pytest.approx(lost(play(alone, QUIET)))


def test_without_it_the_column_marches_and_the_landing_is_at_once():
    s = crossing(without=["lift"])
    assert play(s, QUIET).day("captured", "b") == about(1.0 + 9.0 / FOOT)
    run = play(landing(without=["lift"], blues=[blue("g", "c")]), QUIET)
    assert run.log("wave lands", "lands") == [(1.0, "lands", "c", "r")]


def test_without_fire_on_the_water_the_waves_come_whole():
    run = play(landing(without=["fire-on-water"], blues=[blue("g", "c")], days=1.999), QUIET)
    assert lost(run) == 0.0 and len(run.log("wave lands")) == 2


def test_the_enemy_does_not_use_the_craft():
    places, legs = line("abc")
    legs[1] = leg("bc", 9.0, lift="flotilla")
    column = axis("y", "g", "cb")
    s = scenario(places, legs, [red("r", "a"), blue("g", "c")], [column], lifts=[lift()])
    assert play(s, QUIET).log("wave lands") == []


def test_a_formation_that_ceases_fire_aboard_takes_no_part():
    land = order("land", "land-from-sea", "r", 1.0, place="c", lift="flotilla")
    run = play(landing(land, order("stop", "cease-fire", "r", 1.2)), QUIET)
    assert run.log("lands", "captured") == []


def test_nobody_is_counted_twice_or_lost_from_the_books():
    run = play(landing(blues=[blue("g", "c", 400.0)], days=6.0), WON)
    r = run.world.formations["r"]
    assert r.personnel + r.losses.in_action == pytest.approx(2500.0)


def beachhead(*orders, **changes):
    """R lands at b, s and t after it in waves of a day; j at c may strike."""
    reds = [red(name, "a", 1000.0) for name in "rst"]
    ahead = ForwardDetachment(("r",), 20.0)
    return crossing(
        reds=reds, lifts=[lift(turn_round=1.0)], column={"forward_detachment": ahead},
        orders=orders, blues=[blue("j", "c", 500.0)], days=6.0, way="abc", **changes,
    )  # fmt: skip


def test_a_forward_detachment_waits_on_the_beach_for_the_first_of_the_main_body():
    run = play(beachhead(), QUIET)
    # Its bound is a third of the way, so it sets out when s is ashore.
    assert run.log("wave lands", "captured") == [
        (0.5, "wave lands", "b", "r"),
        (0.5, "captured", "b", "x"),
        (1.5, "wave lands", "b", "s"),
        (2.5, "wave lands", "b", "t"),
    ]
    assert run.series["front/x"][1] == 9.0 and run.series["front/x"][2] > 9.0


def test_a_strike_at_the_beachhead_meets_those_who_are_ashore():
    strike = order("strike", "counterattack", "j", 0.6, place="b")
    near = [leg("bc", 12.0)]
    s = beachhead(strike)
    run = play(replace(s, legs=(s.legs[0], *near, *s.legs[2:])), QUIET)
    (struck,) = [r for r in run.battles if r["place"] == "" and "j" in r["attackers"]]
    assert run.day("contact", "b") < 1.5
    assert struck["defenders"] == ("r", "s", "t")
    joined = [(e.day, e.formation) for e in run.events if e.kind == "joins" and e.day > 0.6]
    assert [day for day, _ in joined] == [1.5, 2.5]


def test_a_beaten_column_goes_back_and_comes_again_with_all_its_weapons():
    strike = order("strike", "counterattack", "j", 0.6, place="b")
    s = beachhead(strike)
    armed = tuple(replace(f, guns=10.0) if f.id == "r" else f for f in s.formations)
    again = replace(
        s, formations=armed, lifts=(lift(turn_round=1.0, weapons_after=0.75),),
        legs=(s.legs[0], leg("bc", 12.0), *s.legs[2:]),
    )  # fmt: skip
    again = replace(again, mechanisms=again.mechanisms.without("fire-on-water"))
    run = play(again, laws(breaks=AT_ONCE, certain=True))
    assert ("falls back", "b", "x") in [e[1:] for e in run.log("falls back")]
    assert [e[0] for e in run.log("wave lands") if e[3] == "r"] == [0.5, 3.5]
    # What was to follow the first landing comes after the second.
    assert run.log("weapons land") == [(4.25, "weapons land", "b", "r")]
    r = run.world.formations["r"]
    aboard = sum(run.world.lifts["flotilla"].weapons.get(r, ()))
    assert r.guns + r.losses.guns + aboard == pytest.approx(10.0)


def behind(*orders, **changes):
    """A fast head and a slow second march to b, where craft take them on to c."""
    places, legs = line("abcd")
    legs[1] = leg("bc", 9.0, lift="flotilla")
    reds = [red("r", "a", 1000.0, type="motor-rifle"), red("s", "a", 1000.0, guns=10.0)]
    column = axis("x", "r s", "abc")
    return scenario(places, legs, reds, [column], orders,
                    lifts=[lift(weapons_after=0.0, **changes)])  # fmt: skip


def test_who_has_left_the_column_before_it_comes_up_stays_behind():
    assert [e[3] for e in play(behind(), QUIET).log("wave lands")] == ["r", "s"]
    run = play(behind(order("stop", "cease-fire", "s", 1.0)), QUIET)
    assert [e[3] for e in run.log("wave lands")] == ["r"]
    assert run.world.formations["s"].guns == 10.0


def test_who_is_no_more_is_not_carried():
    orders = [order("stop", "cease-fire", "s", 0.3), order("yield", "surrender", "s", 0.4)]
    run = play(crossing(orders=orders), QUIET)
    assert [e[3] for e in run.log("wave lands", "surrendered")] == ["r", "s"]
    assert len(run.log("wave lands")) == 1
