"""Contact without a decision: who pays, at which rate, and that nobody pays twice."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    JAPAN,
    USSR,
    axis,
    blue,
    laws,
    line,
    order,
    play,
    red,
    scenario,
)
from sandtable.engine.contact import Contact
from sandtable.scenario.resolved import Bypass

HOLDING, PURSUIT = 10.0, 30.0
"""Casualties a thousand men and day; no such rates are shipped."""
RATES = {"law__contact__holding": HOLDING, "law__contact__pursuit": PURSUIT}
WELL = (replace(USSR, sick=0.0), replace(JAPAN, sick=0.0))


def facing(km: float = 60.0, **changes):
    """R waits at a, j stands at b."""
    places, legs = line("abc", km)
    formations = [red("r", "a"), blue("j", "b", **changes.pop("blue", {}))]
    axes = [axis("x", "r", "ab", starts=changes.pop("starts", 50.0))]
    orders = changes.pop("orders", ())
    return scenario(places, legs, formations, axes, orders, sides=WELL, **changes)


def left(run, side):
    return run.series[f"strength/{side}/personnel"]


def test_those_who_face_each_other_lose_a_share_a_day():
    run = play(facing(days=4.0), laws(**RATES))
    kept = [(1.0 - HOLDING / 1000.0) ** day for day in range(5)]
    assert left(run, "ussr") == pytest.approx([10_000.0 * share for share in kept])
    assert left(run, "japan") == pytest.approx([1_000.0 * share for share in kept])
    assert run.outcomes["losses/ussr/personnel/total"] == pytest.approx(10_000 * (1 - kept[-1]))
    assert run.world.losses.personnel == {}


def test_beyond_supporting_distance_there_is_no_contact():
    """100 km in these laws; the leg's length counts."""
    near, far = (play(facing(km), laws(**RATES)) for km in (100.0, 100.1))
    assert near.outcomes["losses/japan/personnel/total"] > 0.0
    assert far.outcomes["losses/japan/personnel/total"] == 0.0
    assert far.outcomes["losses/ussr/personnel/total"] == 0.0


@pytest.mark.parametrize("who", ["j", "r"])
def test_after_a_cease_fire_nobody_is_lost(who):
    stop = order("stop", "cease-fire", who, 1.5)
    run = play(facing(orders=[stop], days=6.0), laws(**RATES))
    for side in ("ussr", "japan"):
        assert left(run, side)[2] == pytest.approx(left(run, side)[1])
        assert left(run, side)[-1] == pytest.approx(left(run, side)[1])


def test_services_neither_pay_nor_threaten():
    depot = {"type": "services", "effectiveness": 0.0}
    run = play(facing(blue=depot, days=3.0), laws(**RATES))
    assert run.outcomes["losses/ussr/personnel/total"] == 0.0
    assert run.outcomes["losses/japan/personnel/total"] == 0.0


def running(**changes):
    """R marches over b and c, which nobody holds, towards j at e."""
    places, legs = line("abcde", changes.pop("km", 120.0))
    formations = [red("r", "a"), blue("j", "e")]
    return scenario(places, legs, formations, [axis("x", "r", "abcde")], sides=WELL,
                    without=["march-fatigue"], **changes)  # fmt: skip


def test_a_column_in_the_enemys_country_pays_for_pursuit_and_rear_security():
    """Five days to b: from the end of that day on it is among those who pay, j is far away."""
    run = play(running(days=9.0), laws(**RATES))
    first = int(120.0 / FOOT) + 1
    shares = [(1.0 - PURSUIT / 1000.0) ** max(0, day - first + 1) for day in range(10)]
    assert left(run, "ussr") == pytest.approx([10_000.0 * share for share in shares])
    assert left(run, "japan") == pytest.approx([1_000.0] * 10)


def test_at_home_or_with_no_enemy_in_the_field_a_column_pays_nothing():
    s = running(days=9.0)
    home = replace(s, places=tuple(replace(p, side="ussr", coalition="attacker")
                                   if p.id in "bc" else p for p in s.places))  # fmt: skip
    gone = replace(s, formations=s.formations[:1])
    for quiet in (home, gone):
        assert play(quiet, laws(**RATES)).outcomes["losses/ussr/personnel/total"] == 0.0


def test_who_is_in_a_battle_pays_for_that_alone():
    """In contact from H-hour to the end: the same losses to the last bit."""
    places, legs = line("abc", 9.0)
    s = scenario(places, legs, [red("r", "a"), blue("j", "b", 5000.0)], [axis("x", "r", "ab")],
                 days=4.0, sides=WELL)  # fmt: skip
    on, off = (play(s, laws(breaks=0.0, **rates)) for rates in (RATES, {}))
    for side in ("ussr", "japan"):
        assert left(on, side) == left(off, side)


def test_a_battle_charges_as_long_as_contact_is_kept():
    """J is beaten at once; while k of the same army is to come, its clock runs a day and a half."""
    places, legs = line("abc", 9.0)
    legs[1] = replace(legs[1], length_km=300.0)
    army = replace(blue("hq", None, 0.0), echelon="army")
    others = [replace(blue(id, at), parent="hq") for id, at in (("j", "b"), ("k", "c"))]
    s = scenario(places, legs, [army, red("r", "a"), *others], [axis("x", "r", "abc")], days=6.0,
                 sides=WELL, without=["attrition"])  # fmt: skip
    under = laws(breaks=AT_ONCE, battle__gap_days=1.5, law__contact__pursuit=PURSUIT)
    shares = [1.0, 1.0, 0.97, 0.97**2, 0.97**3, 0.97**4, 0.97**5]
    found = left(play(s, under), "ussr")
    assert found == pytest.approx([10_000.0 * share for share in shares])


def masked(km, days):
    """S stays before b, r goes on; nobody attacks."""
    places, legs = line("abc", km)
    formations = [red("r", "a"), red("s", "a"), blue("g", "b", fortification=0.8)]
    ways = {"b": Bypass("mask", ("s",))}
    s = scenario(places, legs, formations, [axis("x", "r s", "abc", fortified_regions=ways)],
                 sides=WELL, days=days, supply={"a": "attacker"},
                 without=["march-fatigue"])  # fmt: skip
    run = play(s, laws(law__pocket__escaping=-40.0, **RATES))
    assert [e[1] for e in run.log("masked", "contact")] == ["masked"]
    return {f.id: f.personnel / f.first_strength for f in run.world.formations.values()}


def test_a_masked_garrison_and_its_mask_hold():
    """Within reach from the first day on; far from each other until the mask stands there."""
    near, far = masked(60.0, 2.0), masked(150.0, 7.0)
    assert near["g"] == pytest.approx(0.99**2)
    assert near["s"] == pytest.approx(0.99**2)
    # The edge of the zone, 141 km away, is reached on the sixth day.
    assert far["g"] == pytest.approx(0.99**2)
    assert far["s"] == pytest.approx(0.99**2)
    assert far["r"] == pytest.approx(0.97**2)


@pytest.mark.parametrize("step", [0.05, 0.25, 1.0])
def test_the_step_does_not_matter(step):
    run = play(facing(days=4.0), laws(**RATES), step_days=step)
    assert left(run, "ussr")[-1] == pytest.approx(10_000.0 * 0.99**4)


def test_part_of_a_day_counts_as_such():
    """A campaign of three and a half days, from noon: half a day, three days."""
    run = play(facing(days=3.5, day_fraction=0.5), laws(**RATES))
    assert left(run, "ussr")[-1] == pytest.approx(10_000.0 * (1 - 0.005) * 0.99**3)


@pytest.mark.parametrize("alive", [True, False])
def test_a_defender_between_two_attacks_of_a_battle(alive):
    """The battle goes on charging its members for as long as it lives."""
    world = play(facing(days=1.0), laws(**RATES)).world
    j = world.formations["j"]
    j.battle = SimpleNamespace(is_alive=lambda: alive)
    before = j.personnel
    Contact(world).charge(1.0)
    assert (j.personnel < before) == (not alive)
