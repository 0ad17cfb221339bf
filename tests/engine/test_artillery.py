"""Guns with range: who can fire where, what they add to a fight, and what bombardments cost."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest

from engine.builder import about, axis, blue, laws, leg, line, order, place, play, red, scenario
from sandtable.engine.artillery import can_fire
from sandtable.scenario.geometry import great_circle_km

STATED = {
    "artillery__exponent": 0.5, "artillery__unobserved": 0.5, "artillery__rounds": 100.0,
    "artillery__rounds_to_a_casualty": 200.0, "artillery__answer": 0.5, "guns__rate_ratio": 0.5,
}  # fmt: skip
QUIET = laws(breaks=0.0, certain=True, **STATED)
APART = great_circle_km(place("a"), place("b"))
FAR, SHORT = APART + 1.0, APART - 1.0


def shelled(range_km: float = FAR, answer: float = 0.0, **changes):
    """Forty guns at a fire for two days on 1,000 men at b, who may answer with twenty."""
    places, legs = line("ab", 9.0)
    forces = [
        red("r", "a", guns=40.0, range_km=range_km),
        blue("j", "b", guns=20.0 if answer else 0.0, range_km=answer, **changes),
    ]
    shell = order("shell", "bombard", "r", 1.0, place="b", days=2.0)
    return scenario(places, legs, forces, [axis("x", "r", "ab", starts=50.0)], [shell])


def test_the_log_of_a_bombardment_is_exact() -> None:
    """40 guns of 100 rounds, 200 to a casualty, for two days: 40 casualties or a little less."""
    run = play(shelled(), QUIET)
    lost = 1_000.0 * (1.0 - exp(-40.0 / 1_000.0))
    told = [(round(e.day, 6), e.kind, e.place, e.formation, e.text) for e in run.events]
    assert told == [
        (1.0, "order", "", "r", "bombard (shell)"),
        (1.0, "bombards", "b", "r", "40 guns"),
        (3.0, "bombardment ends", "b", "r", f"defenders lost {lost:,.0f} men"),
    ]
    total = "losses/japan/personnel/in-action"
    assert run.outcomes[total] == pytest.approx(lost)
    assert play(shelled(), QUIET, step_days=0.5).outcomes[total] == pytest.approx(lost)
    assert run.outcomes["losses/ussr/personnel/in-action"] == 0.0
    assert run.battles == []


def test_who_is_out_of_range_costs_nothing() -> None:
    run = play(shelled(SHORT), QUIET)
    assert [(e.kind, e.text) for e in run.events][1:] == [
        ("bombards", "out of range"), ("bombardment ends", "defenders lost 0 men"),
    ]  # fmt: skip
    assert run.outcomes["losses/japan/personnel/in-action"] == 0.0


def test_the_enemys_guns_answer_where_they_reach() -> None:
    """Twenty guns give half of their rounds: ten casualties, and guns at half of that rate."""
    free, answered = play(shelled(), QUIET), play(shelled(answer=FAR), QUIET)
    out = play(shelled(answer=SHORT), QUIET)
    name = "losses/ussr/personnel/in-action"
    assert free.outcomes[name] == out.outcomes[name] == 0.0
    assert answered.outcomes[name] == pytest.approx(10.0, rel=0.05)
    guns = answered.outcomes["losses/ussr/field-guns"]
    assert guns == pytest.approx(40.0 * 0.5 * answered.outcomes[name] / 10_000.0, rel=0.01)


def test_tanks_under_fire_are_lost_to_artillery() -> None:
    run = play(shelled(tanks=10.0), QUIET)
    assert run.outcomes["losses/japan/tanks/by/artillery"] == 1.0
    assert run.outcomes["losses/japan/tanks/disabled"] > 0.0


def overlooked(holder: str | None, range_km: float = FAR, **changes):
    """An attack on b, nine km on; guns without men stand at h, in range, which may see b."""
    places, legs = line("abc", 9.0)
    see = {"overlooks": ("b",)} if holder else {}
    places.append(place("h", holder or "ussr", lat=45.0, lon=places[0].lon, **see))
    legs = [leg("ab", 9.0), leg("bc", 9.0), leg("ah", 9.0)]
    forces = [red("r", "a", guns=30.0), blue("j", "b", 3_000.0)]
    if holder != "japan":
        forces.append(red("g", "h", 1.0, guns=120.0, range_km=range_km, effectiveness=0.0))
    else:
        forces.append(red("g", "a", 1.0, guns=120.0, range_km=range_km, effectiveness=0.0))
    column = axis("x", "r", "ab")
    return scenario(places, legs, forces, [column], days=1.0, **changes)


def test_guns_from_outside_raise_the_enemys_casualties_alone() -> None:
    """From 3 guns a thousand men to 15, at an exponent of one half: twice as many."""
    total, own = "losses/japan/personnel/total", "losses/ussr/personnel/total"
    kept = {"without": ["combat-fatigue", "opposed-advance"]}
    near, far = (play(overlooked(None, km, **kept), QUIET).outcomes for km in (FAR, SHORT))
    assert near[total] == pytest.approx(2.0 * far[total], rel=0.02)
    assert near[own] == pytest.approx(far[own], rel=0.02)


def test_a_height_in_the_enemys_hands_takes_half_of_their_worth() -> None:
    """120 guns count as 60 where the enemy holds the height: 9 a thousand men, not 15."""
    total = "losses/japan/personnel/total"
    kept = {"without": ["combat-fatigue", "opposed-advance"]}
    seen, unseen = (
        play(overlooked(holder, **kept), QUIET).outcomes for holder in ("ussr", "japan")
    )
    assert seen[total] / unseen[total] == pytest.approx((16.0 / 10.0) ** 0.5, rel=0.02)


def test_no_guns_reach_over_ground_by_night() -> None:
    total = "losses/japan/personnel/total"
    found = []
    for km in (FAR, SHORT):
        s = overlooked(None, km, without=["combat-fatigue", "opposed-advance"])
        s = replace(s, axes=(replace(s.axes[0], by_night=("attack",)),))
        found.append(play(s, QUIET).outcomes[total])
    assert found[0] == found[1] > 0.0


def test_who_fights_elsewhere_or_marches_does_not_fire() -> None:
    run = play(overlooked(None), QUIET)
    world, guns, foot = run.world, run.world.formations["g"], run.world.formations["r"]
    assert can_fire(world, guns, "b") and not can_fire(world, foot, "b")
    foot.range_km = FAR
    assert can_fire(world, foot, "b") and not can_fire(world, foot, "a")
    guns.ceased_fire = True
    assert not can_fire(world, guns, "b")


def test_who_is_in_a_battle_pays_by_its_law_alone() -> None:
    s = overlooked(None, without=["artillery"])
    shell = order("shell", "bombard", "g", 0.0, place="b", days=1.0)
    with_order = replace(overlooked(None), orders=(shell,))
    run, free = play(with_order, QUIET), play(overlooked(None), QUIET)
    total = "losses/japan/personnel/total"
    assert run.outcomes[total] == pytest.approx(free.outcomes[total], rel=1e-3)
    assert play(replace(s, orders=(shell,)), QUIET).log("bombards") == []
    assert run.day("bombards", "b") == about(0.0)
