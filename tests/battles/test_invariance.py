"""A battle costs the same however a campaign cuts it.

Held are the bounds of the design: medians of cut over whole within a tenth, nine tenths of the
battles within three tenths, of both sides' casualties, duration and ground.
"""

from dataclasses import replace
from math import exp, isnan, log
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battles.invented import battles, write
from sandtable.battles import cut as cutting
from sandtable.battles import invariance
from sandtable.battles.campaigns import ATTACKER, DEFENDER, laws_of
from sandtable.battles.cut import Cut, campaign_of, fight
from sandtable.battles.invariance import (
    CUTS,
    QUANTITIES,
    SETTINGS,
    WHOLE,
    plan_cuts,
    play_cuts,
    ratios,
    write_ratios,
)
from sandtable.engine import grouping
from sandtable.engine.world import World
from sandtable.laws.circumstances import Circumstances, features
from sandtable.mechanisms import Mechanisms

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"
STANDING = ("hasty", "prepared", "fortified")
MADE_UP = (
    Circumstances(12_000.0, 6_000.0, "hasty", 1943.0),
    Circumstances(90_000.0, 60_000.0, "prepared", 1944.0, attacker_tanks=300.0),
    Circumstances(20_000.0, 4_000.0, "fortified", 1945.0, surprise=2.0),
    Circumstances(250_000.0, 200_000.0, "prepared", 1916.0),
    Circumstances(5_000.0, 2_000.0, "delay", 1940.0),
    Circumstances(8_000.0, 9_000.0, "hasty", 1941.0, wet=1.0, air=-1.0),
)


def drawn(count: int, seed: int) -> list[Circumstances]:
    """Battles of 1,000 to 500,000 men a side, at ratios of 0.5 to 10."""
    random, found = Random(seed), []
    while len(found) < count:
        defender = exp(random.uniform(log(1_000.0), log(500_000.0)))
        attacker = defender * exp(random.uniform(log(0.5), log(10.0)))
        if 1_000.0 <= attacker <= 500_000.0:
            posture, year = random.choice(STANDING), float(random.randint(1914, 1982))
            found.append(
                Circumstances(
                    attacker, defender, posture, year,
                    wet=float(random.random() < 0.3), air=random.choice([-1.0, 0.0, 1.0]),
                    surprise=random.choice([0.0, 0.0, 1.0, 3.0]),
                )
            )  # fmt: skip
    return found


def hold(played, counts: int) -> None:
    """Hold the bounds on every cut, setting and quantity."""
    found = list(ratios(list(map(play_cuts, played))))
    assert len(found) == len(CUTS) * len(SETTINGS) * len(QUANTITIES)
    for r in found:
        assert r.battles == counts or r.quantity in ("km", "days")
        assert 0.9 < r.median < 1.1, r
        assert (1.0 - r.near) * r.battles <= max(1.0, 0.1 * r.battles) + 1e-9, r


@pytest.mark.verify
def test_made_up_battles_hold_the_bounds():
    hold(list(enumerate(drawn(8, seed=3))), 8)


@pytest.mark.verify
def test_some_battles_of_the_table_hold_the_bounds():
    if not REAL.exists():
        pytest.skip("the table of battles is not at hand")
    battles = plan_cuts(REAL).battles[::50]
    hold(battles, len(battles))


@pytest.mark.verify
def test_all_battles_of_the_table_hold_the_bounds():
    if not REAL.exists():
        pytest.skip("the table of battles is not at hand")
    planned = plan_cuts(REAL)
    assert (len(planned.battles), planned.left_out) == (272, {})
    hold(planned.battles, 272)


@pytest.mark.verify
def test_many_made_up_battles_hold_the_bounds():
    hold(list(enumerate(drawn(150, seed=11))), 150)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(log(1_000.0), log(500_000.0)), st.floats(log(0.5), log(10.0)),
    st.sampled_from(STANDING), st.sampled_from([1916.0, 1943.0, 1973.0]),
    st.sampled_from([cut for cut in CUTS if cut.head == 1.0]),
    st.booleans(), st.integers(0, 10_000),
)  # fmt: skip
def test_any_battle_without_luck_is_near_its_whole(size, ratio, posture, year, cut, few, number):
    defender = exp(size)
    battle = Circumstances(min(5e5, max(1e3, defender * exp(ratio))), defender, posture, year)
    mechanisms = SETTINGS["few, no luck" if few else "all, no luck"][0]
    laws = laws_of(battle, luck=False)
    whole, part = (fight(battle, each, mechanisms, laws, number) for each in (WHOLE, cut))
    assert part.engaged == whole.engaged == 1.0
    for quantity in QUANTITIES:
        one, other = getattr(part, quantity), getattr(whole, quantity)
        assert 0.7 * other <= one <= 1.35 * other, (quantity, one, other)


@pytest.mark.parametrize("cut", [cut for cut in CUTS if cut.head == 1.0], ids=str)
def test_on_a_narrow_front_a_cut_is_as_near_its_whole(cut, monkeypatch):
    """Columns abreast share the front; half of the attackers find room on it."""
    battle = MADE_UP[1]
    laws = laws_of(battle, luck=False)
    front = 0.5 * battle.attacker / laws.planning.front.attackers_km

    def narrow(battle, cut, mechanisms):
        made = campaign_of(battle, cut, mechanisms)
        places = [replace(place, front_km=front / cut.columns) for place in made.places]
        return replace(made, places=tuple(places))

    free, free_part = (fight(battle, each, Mechanisms(), laws) for each in (WHOLE, cut))
    monkeypatch.setattr(cutting, "campaign_of", narrow)
    whole, part = (fight(battle, each, Mechanisms(), laws) for each in (WHOLE, cut))
    for quantity in QUANTITIES:
        near = getattr(free_part, quantity) / getattr(free, quantity)
        found = getattr(part, quantity) / getattr(whole, quantity)
        assert found == pytest.approx(near, abs=0.03), quantity
    assert whole.attacker < 0.9 * free.attacker and whole.defender < 0.9 * free.defender


@pytest.mark.parametrize("cut", [WHOLE, *CUTS], ids=str)
def test_a_cut_has_the_men_and_pieces_of_the_whole(cut):
    battle = replace(MADE_UP[1], defender_tanks=40.0, attacker_guns=77.0, front_km=30.0)
    campaign = campaign_of(battle, cut, Mechanisms())
    for side in (ATTACKER, DEFENDER):
        own = [f for f in campaign.formations if f.side == side]
        for name, total in (("personnel", side), ("tanks", f"{side}_tanks")):
            whole = getattr(battle, total)
            assert sum(getattr(f, name) for f in own) == pytest.approx(whole, rel=1e-12)
    assert sum(axis.frontage_km for axis in campaign.axes) == pytest.approx(30.0)
    assert len(campaign.axes) == cut.columns
    held = {f.start for f in campaign.formations if f.side == DEFENDER and f.personnel > 0.0}
    assert len(held) == cut.columns * cut.places
    first = sum(f.personnel for f in campaign.formations if f.id.startswith("defender-0-0"))
    share = 1.0 / cut.places if cut.outpost is None else cut.outpost
    assert first == pytest.approx(share * battle.defender / cut.columns)


def test_the_main_body_comes_so_many_days_late(monkeypatch):
    """A head of a quarter can't attack alone: no contact before the others are up."""
    began = []

    def seen(world, kind, **_):
        if kind == "contact":
            began.append(world.env.now)

    monkeypatch.setattr(World, "log", seen)
    for cut, day in ((WHOLE, 1.0), (Cut(head=0.25, days_behind=3.0), 4.0)):
        began.clear()
        fight(MADE_UP[0], cut, Mechanisms(), laws_of(MADE_UP[0], luck=False))
        assert began == [pytest.approx(day, abs=1e-6)]


def test_the_ground_of_a_battle_is_the_laws():
    """Without luck and with nothing but the advance it is the fitted law's, on its own clock."""
    battle = replace(MADE_UP[0], wet=0.0, air=0.0, surprise=0.0)
    laws = laws_of(battle, luck=False)
    mechanisms = Mechanisms.only(["opposed-advance", "cohesion", "withdrawal"])
    found = fight(battle, WHOLE, mechanisms, laws)
    law = laws.advance.predictor
    km = exp(law.level(features(battle, laws.scales), ATTACKER, DEFENDER))
    km *= 2.0 ** law.core[1] * 1.8 ** law.core[2] * found.days ** law.core[3]
    assert found.km == pytest.approx(km, rel=1e-6)


def test_the_bounds_can_fail(monkeypatch):
    """With every place a battle by itself, four cost more than one."""
    monkeypatch.setattr(
        grouping, "_grouping", lambda world, node, enemies: ({node.id}, list(enemies))
    )
    monkeypatch.setattr(grouping.Battle, "is_alive", lambda battle: False)
    battle = MADE_UP[0]
    laws = laws_of(battle, luck=False)
    mechanisms = SETTINGS["few, no luck"][0]
    whole, part = (fight(battle, cut, mechanisms, laws) for cut in (WHOLE, Cut(places=4)))
    assert part.attacker > 1.3 * whole.attacker


def test_ratios_by_hand():
    fought = [play_cuts((number, MADE_UP[number])) for number in (0, 4, 2)]
    cut, setting = CUTS[6], "all, no luck"
    keys = str(cut), setting, "km"
    (own,) = [r for r in ratios(fought) if (r.cut, r.setting, r.quantity) == keys]
    each = sorted(f[setting, cut].km / f[setting, WHOLE].km for f in fought)
    assert (own.battles, own.least, own.median, own.most) == (3, *each)


@pytest.mark.verify
def test_jobs_change_nothing_and_what_cannot_be_played_is_counted(tmp_path, monkeypatch):
    rows = battles(5, wars=2)
    rows[0]["attacker_strength"] = ""
    rows[1]["defender_posture"] = ""
    rows[2]["start"] = ""
    planned = plan_cuts(write(tmp_path / "t.csv", rows))
    reasons = ("a strength", "the posture", "the year")
    assert planned.left_out == {f"{what} is unknown": 1 for what in reasons}
    assert [number for number, _ in planned.battles] == [3, 4]
    done = []
    one, two = planned.run(1, lambda: done.append(1)), planned.run(2)
    assert one.ratios == two.ratios and len(done) == 2
    assert not any(isnan(r.median) for r in one.ratios)
    write_ratios(one, tmp_path / "cuts.csv")
    assert len((tmp_path / "cuts.csv").read_text().splitlines()) == len(one.ratios) + 1
    assert invariance.NEAR == (0.7, 1.3)
