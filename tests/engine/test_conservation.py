"""No man and no piece appears or vanishes; fronts stay on their axes; any network runs."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import inf, isfinite, isnan
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.builder import (
    Played,
    blue,
    central,
    drawn,
    laws,
    line,
    order,
    play,
    red,
    scenario,
)
from engine.builder import axis as axis_of
from engine.richer import richer
from engine.strategies import scenarios
from sandtable.battle_columns import DECISIONS
from sandtable.engine import Reporter, campaign
from sandtable.engine.world import World
from sandtable.mechanisms import MECHANISMS, Mechanisms
from sandtable.scenario.resolved import (
    Ammunition,
    Ban,
    Border,
    Demolition,
    ResolvedScenario,
)
from sandtable.streams import Streams


def hold(resolved: ResolvedScenario, run: Played) -> None:
    """Check what must be true of every run."""
    in_repair = {f.id: 0.0 for f in resolved.formations}
    for _, formation, tanks in run.world.losses.in_repair:
        in_repair[formation.id] += tanks
    aboard = {f: kept for x in run.world.lifts.values() for f, kept in x.weapons.items()}
    for spec in resolved.formations:
        if spec.personnel <= 0.0:
            continue
        f = run.world.formations[spec.id]
        men = (
            f.personnel,
            f.losses.in_action,
            f.losses.surrendered,
            f.losses.overrun,
            f.losses.strayed,
            f.losses.deserted,
            f.losses.sick,
        )
        assert min(men) >= 0.0
        assert sum(men) == pytest.approx(spec.personnel, abs=1e-6)
        tanks_aboard, *guns_aboard, cars_aboard = aboard.get(f, (0.0, 0.0, 0.0, 0.0))
        tanks = f.tanks + f.losses.tanks + in_repair[spec.id] + tanks_aboard
        tanks += run.world.held_back.get(f, 0.0)
        assert tanks == pytest.approx(spec.tanks, abs=1e-6)
        guns = f.guns + f.antitank_guns + f.losses.guns + sum(guns_aboard)
        assert guns == pytest.approx(spec.guns + spec.antitank_guns, abs=1e-6)
        assert f.armoured_cars + f.losses.armoured_cars + cars_aboard == pytest.approx(
            spec.armoured_cars, abs=1e-6
        )
        assert min(f.tanks, f.guns, f.antitank_guns, f.armoured_cars, f.losses.guns) >= 0.0
        assert 0.0 <= f.fatigue <= 0.5 + 1e-9
        assert stands_once(run, spec.id)
    for side in resolved.sides:
        first = sum(f.personnel for f in resolved.formations if f.side == side.id)
        lost = run.outcomes[f"losses/{side.id}/personnel/total"]
        deserted = run.outcomes[f"losses/{side.id}/personnel/deserted"]
        left = run.series[f"strength/{side.id}/personnel"][-1]
        assert left + lost + deserted == pytest.approx(first, abs=1e-5)
        for air in resolved.air:
            gone = run.outcomes[f"losses/{air.side}/aircraft"]
            parked = sum(p.parked_aircraft for p in resolved.places if p.side == air.side)
            assert 0.0 <= gone <= air.aircraft + parked + 1e-6
    fronts(resolved, run)
    for name, value in run.outcomes.items():
        assert isnan(value) or (isfinite(value) and value >= 0.0), name
        if name.startswith(("captured/", "encircled/", "surrendered/")) and not isnan(value):
            assert value <= resolved.days + 1e-5
    quits = [value for name, value in run.outcomes.items() if name.startswith("quit/")]
    assert all(map(isnan, quits)) or sum(quits) == pytest.approx(1.0)
    battles(run)
    days = [event.day for event in run.events]
    assert days == sorted(days)


def battles(run: Played) -> None:
    """Phases cost what their battle cost; battles and contact, what was lost in action."""
    of = {f.id: f for f in run.world.formations.values()}
    acts = (*run.world.scenario.axes, *run.world.scenario.orders)
    by_night = any("attack" in act.by_night for act in acts)
    whole = [row for row in run.battles if not row["place"]]
    assert [row["battle"] for row in whole] == list(range(1, len(whole) + 1))
    lost = dict.fromkeys(("attacker", "defender"), 0.0)
    for battle in whole:
        phases = [r for r in run.battles if r["place"] and r["battle"] == battle["battle"]]
        assert phases
        enemy = "defender" if battle["coalition"] == "attacker" else "attacker"
        for role, coalition in (("attacker", battle["coalition"]), ("defender", enemy)):
            cost = battle[f"{role}_casualties"]
            assert cost == pytest.approx(sum(p[f"{role}_casualties"] for p in phases), abs=1e-6)
            assert 0.0 <= cost <= battle[f"{role}_in_contact"] + 1e-6
            lost[coalition] += cost
            for row in (battle, *phases):
                # The ceiling counts fewer attackers than are in action, a front fewer of either.
                if role == "defender" and not run.world.network.bounds:
                    assert row["defender_in_contact"] <= row["defender_committed"] + 1e-6
                assert {of[id].coalition for id in row[f"{role}s"]} <= {coalition}
                assert len(set(row[f"{role}s"])) == len(row[f"{role}s"])
                assert {*row[f"{role}s"]} <= {*battle[f"{role}s"]}
        assert battle["start"] == min(p["start"] for p in phases)
        assert (battle["decision"] == "unfinished") == any(isnan(p["end"]) for p in phases)
        assert battle["decision"] in DECISIONS and battle["ground"] >= 0.0
        for row in (battle, *phases):
            assert isnan(row["end"]) or row["start"] <= row["end"]
            # A night's fighting counts as a day's, whatever its hours.
            longest = row["end"] - row["start"] if not by_night else inf
            assert isnan(row["end"]) or row["days"] <= longest + 1e-6
    for coalition, cost in lost.items():
        formations = run.world.by_coalition[coalition]
        sides = dict.fromkeys(f.side for f in formations)
        without = sum(run.world.losses.without_battle[side] for side in sides)
        assert cost + without == pytest.approx(
            sum(f.losses.in_action for f in formations), abs=1e-6
        )


def stands_once(run: Played, id: str) -> bool:
    """Whether a formation is in one place or column at most, and none once it is gone."""
    f = run.world.formations[id]
    places = [n.id for n in run.world.network.nodes.values() for x in n.formations if x is f]
    columns = [c.id for c in run.world.columns.values() for x in c.formations if x is f]
    return len(places) + len(columns) <= (0 if f.status == "gone" else 1)


def fronts(resolved: ResolvedScenario, run: Played) -> None:
    """Fronts lie between 0 and the axis's length; what it takes, it takes in order."""
    lengths = {frozenset((leg.a, leg.b)): leg.length_km for leg in resolved.legs}
    for axis in resolved.axes:
        length = sum(lengths[frozenset(ends)] for ends in pairwise(axis.places))
        front = run.series[f"front/{axis.id}"]
        assert min(front) >= 0.0
        assert max(front) <= length + 1e-6
        first: dict[str, float] = {}
        for event in run.events:
            if event.kind == "captured" and event.axis == axis.id:
                first.setdefault(event.place, event.day)
        taken = [first[place] for place in dict.fromkeys(axis.places[1:]) if place in first]
        assert taken == sorted(taken)


@pytest.mark.parametrize("replication", range(50))
def test_the_richer_scenario_keeps_its_accounts(replication):
    run = play(richer(), replication=replication)
    hold(richer(), run)
    assert run.events


def test_the_richer_scenario_exercises_what_it_should():
    """Otherwise the fifty replications above would show nothing."""
    wanted = {
        "arrives", "attack broken off", "besieged", "breaks out", "captured", "ceases fire",
        "contact", "defence broken", "depot taken", "deserted", "encircled",
        "fuel arrives by air", "halts for fuel", "lands", "order", "surrendered", "wave lands",
        "weapons land", "withdraws",
    }  # fmt: skip
    for replication in range(50):
        wanted -= {event.kind for event in play(richer(), replication=replication).events}
        if not wanted:
            break
    assert not wanted


@pytest.mark.parametrize("count", [1, pytest.param(10, marks=pytest.mark.verify)])
@pytest.mark.parametrize("mechanism", sorted(MECHANISMS))
def test_accounts_are_kept_without_any_one_mechanism(mechanism, count):
    s = replace(richer(), mechanisms=Mechanisms().without(mechanism))
    for replication in range(count):
        hold(s, play(s, replication=replication))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 2**31), st.sampled_from([0.05, 0.5, 0.95]))
def test_any_small_network(resolved, seed, u):
    hold(resolved, play(resolved, drawn(resolved.attrition, resolved.advance, u), seed=seed))


@pytest.mark.verify
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 2**31))
def test_any_small_network_runs_twice_alike(resolved, seed):
    under = central(resolved.attrition, resolved.advance)
    assert play(resolved, under, seed=seed).events == play(resolved, under, seed=seed).events


@pytest.mark.verify
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 2**31), st.sampled_from([0.05, 0.5, 0.95]))
def test_very_many_small_networks(resolved, seed, u):
    hold(resolved, play(resolved, drawn(resolved.attrition, resolved.advance, u), seed=seed))


def stand_off() -> ResolvedScenario:
    """Two formations that fight to the campaign's end and beyond."""
    places, legs = line("ab")
    return scenario(
        places, legs, [red("r", "a"), blue("j", "b")], [axis_of("x", "r", "ab")], days=5.0
    )


def supplied_by_line() -> ResolvedScenario:
    """Everything that this has and `richer` has not: borders, bridges, trains, ammunition."""
    s = richer()
    legs = tuple(
        replace(x, trains=20.0, demolition=Demolition("defender", 0.5, 0.2, 0.0, -1.0))
        for x in s.legs
    )
    axes = tuple(replace(x, ammunition=Ammunition(2.0, 0.5, 80.0)) for x in s.axes)
    sides = tuple(replace(x, border=Border(("k",), 9.0), ban=Ban(("tanks",), 2.0)) for x in s.sides)
    orders = tuple(order(f"{what}-{who}", what, who, 2.0, place="g")
                   for what, who in (("redeploy", "brigade"), ("break-out", "fort"),
                                     ("relieve", "militia")))  # fmt: skip
    return replace(s, legs=legs, axes=axes, sides=sides, orders=(*s.orders, *orders))


@pytest.mark.parametrize(
    ("make", "fighting"), [(richer, None), (stand_off, 1), (supplied_by_line, None)]
)
def test_a_finished_replication_leaves_its_world_to_nobody(
    make: Callable[[], ResolvedScenario], fighting: int | None
) -> None:
    """Without its circles a world goes with the last name for it, unasked by the collector."""
    resolved, worlds, open_at_the_end = make(), list[weakref.ref[World]](), list[int]()

    class Seen(World):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            worlds.append(weakref.ref(self))

        def close(self) -> None:
            open_at_the_end.append(len(self.engagements))
            super().close()

    gc.collect()
    gc.disable()
    try:
        with patch.object(campaign, "World", Seen):
            under, streams = laws(breaks=0.0 if fighting else None), Streams(resolved.name, 1)
            campaign.run(resolved, under, Reporter(resolved), streams=streams, replication=0)
        assert [world() for world in worlds] == [None]
        assert fighting is None or open_at_the_end == [fighting]
    finally:
        gc.enable()
