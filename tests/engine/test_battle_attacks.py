"""Attacks on the core of battles: whatever is thrown at it, nobody is counted twice or lost."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from math import inf
from random import Random
from statistics import fmean, median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.battles_at_random import random_battle, watching
from engine.builder import (
    axis,
    blue,
    central,
    drawn,
    laws,
    leg,
    order,
    place,
    play,
    red,
    scenario,
)
from engine.test_conservation import hold
from engine.test_properties import mirrored
from sandtable.battles import campaigns
from sandtable.battles.campaigns import laws_of
from sandtable.battles.cut import Cut, fight
from sandtable.engine import STEP_DAYS
from sandtable.laws.circumstances import Circumstances
from sandtable.mechanisms import Mechanisms

AT_ONCE = 50
"""Assessments of one battle at one moment: members join and leave, but not for ever."""
WAR = Circumstances(30_000.0, 15_000.0, "prepared", 1944.0)


def attacked(seed: int) -> None:
    """Play a random battle and look at all that must hold of it."""
    r = Random(seed)
    s = random_battle(r)
    with watching() as seen:
        run = play(s, drawn(s.attrition, s.advance, r.choice([0.05, 0.5, 0.95])), seed=seed)
    keeps_its_accounts(s, run)
    assert all(count == 1 for count in seen.ended.values())
    assert all(count <= AT_ONCE for count in seen.at_once.values())
    for _, formations in seen.tolls:
        assert all(count == 1 for count in Counter(map(id, formations)).values())
        assert all(f.personnel >= 0.0 for f in formations)
    for counted, suffered in seen.accounts:
        assert counted == pytest.approx(suffered, rel=1e-6, abs=1e-6)
    for battle in seen.battles:
        # Whoever is left at the end is in a battle that still has a place to fight for.
        assert (battle.process is None) == (not battle.phases)
        assert battle.age <= s.days + 1e-6
        assert min(battle.toll.lost) >= 0.0


def keeps_its_accounts(s, run) -> None:
    """All of `hold` but that what an axis takes it takes in order: it may lose and retake."""
    own = {a.id: a for a in s.axes}
    retaken = [e for e in run.events if e.kind == "falls back" and e.axis in own]
    hold(replace(s, axes=()) if retaken else s, run)


@pytest.mark.parametrize("count", [100, pytest.param(5000, marks=pytest.mark.verify)])
def test_any_battle_ends_once_and_nobody_is_counted_twice(count):
    of_so_many_seeds(count, attacked)


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.verify)])
def test_swapped_sides_swap_the_results_of_any_battle(count):
    of_so_many_seeds(count, swapped)


def of_so_many_seeds(count, check) -> None:
    @settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, 2**40))
    def tried(seed):
        check(seed)

    tried()


def swapped(seed) -> None:
    """Check that a battle fought with its sides exchanged has their results exchanged."""
    s = random_battle(Random(seed))
    words = {"ussr": "japan", "japan": "ussr"}
    under = central(s.attrition, s.advance)
    there, back = (play(each, under, seed=seed).outcomes for each in (s, mirrored(s)))
    renamed = {"/".join(words.get(w, w) for w in n.split("/")): v for n, v in back.items()}
    for name, value in there.items():
        if not name.startswith("quit/"):
            assert renamed[name] == pytest.approx(value, rel=1e-6, abs=1e-6, nan_ok=True), name


@pytest.mark.verify
def test_all_sorts_of_things_happen_in_random_battles():
    """Otherwise the attacks above would show nothing."""
    kinds, several = Counter(), 0
    for seed in range(150):
        s = random_battle(Random(seed))
        with watching() as seen:
            kinds.update(e.kind for e in play(s, seed=seed).events)
        several += sum(len(b.columns) > 1 for b in seen.battles)
    assert {"at bay", "attack broken off", "besieged", "ceases fire", "defence broken",
            "defence gone", "destroyed", "encircled", "falls back", "masked", "surrendered",
            "withdraws"} <= set(kinds)  # fmt: skip
    assert several > 5


# --- what comes in the middle of a battle ---------------------------------------------------------


def converging(*men: float, garrison: float = 3_000.0, days: float = 40.0, **changes):
    """Columns from a, b ... upon c, behind which is nothing; or d, if there is a way back."""
    sources = "abde"[: len(men)]
    places = [place(name, "ussr") for name in sources]
    places.append(place("c"))
    legs = [leg(name + "c", 5.0) for name in sources]
    attackers = [red(f"r{name}", name, n) for name, n in zip(sources, men, strict=True)]
    axes = [axis(f"x{name}", f"r{name}", f"{name}c") for name in sources]
    back = changes.pop("way_back", False)
    if back:
        places.append(place("f"))
        legs.append(leg("cf", 5.0))
    defenders = changes.pop("defenders", None) or [blue("j", "c", garrison, fortification=0.9)]
    supply = dict.fromkeys(sources, "attacker") | ({"f": "defender"} if back else {})
    return scenario(places, legs, [*attackers, *defenders], axes, changes.pop("orders", ()),
                    days=days, supply=supply, **changes)  # fmt: skip


def test_a_garrison_at_bay_is_one_battle_for_two_columns_at_once():
    """It costs what one column of the same men pays, in one engagement, which ends once."""
    # Behind it is nothing, so it is at bay from the first contact.
    under = laws(certain=True, law__fortress__spread=0.0)
    costs = []
    for men in ((20_000.0,), (10_000.0, 10_000.0), (5_000.0,) * 4):
        with watching() as seen:
            run = play(converging(*men), under)
        assert [e.kind for e in run.events if e.kind == "at bay"] == ["at bay"]
        sieges = [b for b in seen.battles if b.siege_days < inf]
        assert len(sieges) == 1 and len(sieges[0].columns) == len(men)
        costs.append([run.outcomes[f"losses/{side}/personnel/total"] for side in ("ussr", "japan")])
        assert list(seen.ended.values()) == [1] * len(seen.ended)
    for one in costs[1:]:
        assert one == pytest.approx(costs[0], rel=0.02)


def test_two_columns_of_two_sides_of_a_coalition_share_one_siege_and_its_losses():
    s = converging(10_000.0, 10_000.0, without=["second-echelon"])
    mongols = [replace(f, side="mongolia") if f.id == "rb" else f for f in s.formations]
    sides = (*s.sides, replace(s.sides[0], id="mongolia", name="Mongolia", army=""))
    s = replace(s, formations=tuple(mongols), sides=sides)
    with watching() as seen:
        run = play(s, laws(certain=True, law__fortress__spread=0.0))
    lost = [run.outcomes[f"losses/{side}/personnel/total"] for side in ("ussr", "mongolia")]
    assert lost[0] == pytest.approx(lost[1], rel=0.02) and lost[0] > 0.0
    assert sum(b.siege_days < inf for b in seen.battles) == 1


@pytest.mark.parametrize("who", ["j1", "j2", "ra", "rb"])
@pytest.mark.parametrize("when", [0.0, 1.0, 2.37])
def test_who_ceases_fire_in_mid_battle_is_out_of_it(who, when):
    defenders = [blue("j1", "c", 3_000.0), blue("j2", "c", 2_000.0)]
    orders = [order("o", "cease-fire", who, when)]
    s = converging(4_000.0, 3_000.0, defenders=defenders, way_back=True, orders=orders)
    with watching() as seen:
        run = play(s, laws(breaks=0.0))
    ceased = next(e.day for e in run.events if e.kind == "ceases fire")
    late = [f.id for day, fs in seen.tolls for f in fs if day > ceased + 1e-9]
    assert late and who not in late
    keeps_its_accounts(s, run)


def test_all_the_defence_ceases_fire_in_mid_battle():
    """Those of a place one after another: what is left is taken, and the fight ends once."""
    defenders = [blue("j1", "c", 3_000.0), blue("j2", "c", 2_000.0)]
    orders = [order("o1", "cease-fire", "j1", 1.0), order("o2", "cease-fire", "j2", 2.0)]
    s = converging(4_000.0, 3_000.0, defenders=defenders, way_back=True, orders=orders)
    with watching() as seen:
        run = play(s, laws(breaks=0.0))
    assert [e.kind for e in run.events if e.place == "c"].count("defence gone") == 1
    assert list(seen.ended.values()) == [1]
    assert run.outcomes["captured/c"] == pytest.approx(2.0, abs=1e-3)
    assert run.outcomes["losses/japan/personnel/captured"] > 4_000.0


def test_a_column_driven_off_leaves_the_battle_to_the_other():
    """One column loses all its men; the fight for the place goes on with the other's alone."""
    s = converging(40.0, 3_000.0, defenders=[blue("j", "c", 4_000.0)], way_back=True)
    orders = (order("o", "cease-fire", "ra", 1.5),)
    with watching() as seen:
        run = play(replace(s, orders=orders), laws(breaks=0.0, quits=0.0))
    assert len(seen.battles) == 1
    after = [fs for day, fs in seen.tolls if day > 1.6]
    assert after and all({f.id for f in fs} == {"rb", "j"} for fs in after)
    assert run.outcomes["losses/rb/personnel/total"] > 0.0


# --- next to nothing ------------------------------------------------------------------------------


@pytest.mark.parametrize("attacker", [0.0, 1.0])
@pytest.mark.parametrize("defender", [0.0, 1e-9])
def test_defenders_worth_nothing_hold_nobody_up(attacker, defender):
    """And attackers worth nothing fight nobody: they stand before the place to the end."""
    defenders = [blue("j", "c", 5_000.0, effectiveness=defender)]
    s = converging(10_000.0, defenders=defenders, way_back=True, days=10.0)
    s = replace(s, formations=(replace(s.formations[0], effectiveness=attacker), s.formations[1]))
    run = play(s)
    keeps_its_accounts(s, run)
    assert run.outcomes["captured/c"] == pytest.approx(5.0 / 25.5, abs=0.05)
    assert run.outcomes["losses/ussr/personnel/total"] == 0.0
    assert run.event_count < 200


@pytest.mark.parametrize(("attackers", "defenders"), [(1.0, 1.0), (1.0, 1e5), (1e5, 1.0), (2, 3)])
@pytest.mark.parametrize("law", ["full", "fatigue", "square", "linear"])
def test_one_man_formations_fight_and_end(attackers, defenders, law):
    s = converging(attackers, defenders=[blue("j", "c", defenders)], way_back=True, attrition=law)
    for replication in range(5):
        run = play(s, central(law), replication=replication)
        keeps_its_accounts(s, run)
        assert run.event_count < 3_000


@pytest.mark.parametrize("days", [1e-9, 1e-6, 0.2, 0.25, 0.5, 1.0, 1.0 + 1e-9])
def test_a_battle_at_the_horizons_end_is_charged_to_it_and_no_further(days):
    """Contact is at H-hour; what a battle costs by then is what it costs in a longer campaign."""
    under, costs = laws(breaks=0.0, certain=True), []
    for end in (days, days + STEP_DAYS):
        s = converging(5_000.0, defenders=[blue("j", "c")], way_back=True, days=end)
        with watching() as seen:
            run = play(s, under)
        assert all(battle.age <= end + 2e-6 for battle in seen.battles)
        costs.append([f.losses.in_action for f in run.world.formations.values()])
    assert all(sooner < later for sooner, later in zip(*costs, strict=True))
    assert days < 1e-6 or min(costs[0]) > 0.0


# --- more of it -----------------------------------------------------------------------------------


@pytest.mark.verify
def test_more_force_costs_a_smaller_share_and_wins_more_often():
    """On paired streams; and whoever wins with three to one wins no later than with two.

    Beyond, the larger battle takes longer by the law of its pace, but by no more than half.
    """
    shares, won, days = [], [], []
    for ratio in (1.0, 2.0, 3.0, 6.0, 12.0):
        battle = Circumstances(20_000.0 * ratio, 20_000.0, "hasty", 1944.0)
        under = laws_of(battle, luck=True)
        found = [fight(battle, Cut(), Mechanisms(), under, number) for number in range(80)]
        shares.append(median(f.attacker / battle.attacker for f in found))
        won.append(sum(f.won for f in found))
        days.append(median(f.days if f.won else inf for f in found))
    assert all(later < before for before, later in pairwise(shares))
    assert all(later >= before for before, later in pairwise(won))
    assert won[-1] > 1.5 * won[0]
    assert days[0] > days[1] > days[2]
    assert max(days[3:]) < 1.5 * days[2]


@pytest.mark.verify
@pytest.mark.parametrize("luck", [False, True])
@pytest.mark.parametrize("cut", [Cut(), Cut(places=4), Cut(places=2, columns=2)], ids=str)
def test_half_the_step_moves_a_battle_by_a_hundredth(cut, luck, monkeypatch):
    """The paired error of a step of a quarter of a day, over battles of all sizes."""
    errors = {"attacker": [], "defender": [], "days": [], "km": []}
    for number in range(60):
        size, posture = 2_000.0 * 1.08**number, ("hasty", "prepared", "fortified")[number % 3]
        battle = Circumstances(size * (1 + number % 4), size, posture, 1943.0)
        under, found = laws_of(battle, luck=luck), []
        for step in (0.25, 0.125):
            monkeypatch.setattr(campaigns, "STEP_DAYS", step)
            found.append(fight(battle, cut, Mechanisms(), under, number))
        for name, own in errors.items():
            coarse, fine = (getattr(f, name) for f in found)
            if coarse > 0.0:
                own.append(fine / coarse - 1.0)
    for name, own in errors.items():
        assert abs(median(own)) < 0.01, (name, median(own))
        assert abs(fmean(own)) < 0.03, (name, fmean(own))
