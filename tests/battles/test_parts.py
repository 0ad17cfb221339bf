"""Parts of battles: read, strung together, foretold, and set beside the record."""

from dataclasses import replace
from datetime import date
from math import exp, isnan, nan
from pathlib import Path

import numpy as np
import pytest

from battles.invented import battles, write
from sandtable.battles import parts as module
from sandtable.battles.campaigns import ATTACKER, DEFENDER, at_once, laws_of, play
from sandtable.battles.parts import (
    ENGINE_WHOLE,
    LAW_PARTS,
    LAW_WHOLE,
    METHODS,
    STRUNG,
    Family,
    foretell,
    law_once,
    plan_parts,
    shares_inside,
    write_parts,
)
from sandtable.battles.strung import Part, force_named, strung
from sandtable.errors import InputError
from sandtable.laws.attrition import SHORTEST_DAYS
from sandtable.laws.circumstances import Circumstances, features
from sandtable.streams import Streams

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "battles"


def part(id, attacker, defender, forces, day=1, days=2.0, **changes):
    """A part that begins on this day of March 1944."""
    posture = changes.pop("posture", "prepared")
    battle = Circumstances(attacker, defender, posture, 1944.0, **changes)
    return Part(id, id.title(), battle, date(1944, 3, day), days, forces, (100.0, 200.0))


# Two divisions, of which the first fights twice, against one of two regiments and another.
PARTS = (
    part("b", 9_000.0, 4_000.0, ("1ST DIV (-)", "4TH RGT"), day=3, days=1.5),
    part("a", 10_000.0, 6_000.0, ("1ST DIV", "9TH DIV(-)(+)"), attacker_tanks=50.0),
    part("c", 7_000.0, 5_000.0, ("2ND  DIV", "9TH DIV (-)"), day=2, posture="delay", wet=1.0),
)
WHOLE = replace(
    part("w", 25_000.0, 12_000.0, ("CORPS", "CORPS"), days=4.0), casualties=(900.0, nan)
)
FAMILY = Family(WHOLE, PARTS)


def test_forces_are_the_same_with_and_without_detachments():
    assert force_named("GER 11TH PZ DIV(-)(+)") == force_named("Ger 11th Pz Div (-)(+)")
    assert force_named("US 1ST DIV") != force_named("US 2ND DIV")


def test_a_force_of_several_parts_is_one_force():
    campaign = strung(PARTS)
    men = {f.id: f.personnel for f in campaign.formations if f.personnel}
    # The most that it has in any part; a defending one divided among its parts.
    assert men == {
        "attacker-0": 10_000.0, "attacker-1": 7_000.0,
        "defender-a": 3_000.0, "defender-b": 4_000.0, "defender-c": 3_000.0,
    }  # fmt: skip
    assert [axis.places for axis in campaign.axes] == [
        ("start-0", "place-a", "place-b"), ("start-1", "place-c"),
    ]  # fmt: skip
    assert [axis.starts for axis in campaign.axes] == [1.0, 2.0]
    assert campaign.days == 1.0 + 3.5
    assert campaign.orders[0].who == ("defender-c",)
    wet = {w.places: w.rain for w in campaign.weather}
    assert wet["place-c",] == 1.0 and wet["place-a",] == 0.0
    assert next(f.tanks for f in campaign.formations if f.id == "attacker-0") == 50.0


def test_the_parts_strung_together_are_fought_in_their_order():
    campaign = strung(PARTS)
    laws = laws_of(PARTS[0].battle, luck=False)
    world = play(campaign, at_once(laws, again=True), 1)
    contacts = {e.place: e.day for e in world.events if e.kind == "contact"}
    assert contacts["place-a"] == pytest.approx(1.0, abs=1e-6)
    assert contacts["place-c"] == pytest.approx(2.0, abs=1e-6)
    assert contacts.get("place-b", 9.0) > 1.0
    for side, first in ((ATTACKER, 17_000.0), (DEFENDER, 10_000.0)):
        own = world.by_coalition[side]
        left = sum(
            f.personnel
            + f.losses.in_action
            + f.losses.overrun
            + f.losses.strayed
            + f.losses.surrendered
            for f in own
        )
        assert left == pytest.approx(first)


@pytest.mark.parametrize("days", [0.1, 0.5, 4.0])
def test_the_law_once_is_its_formula(days):
    one = replace(PARTS[0], days=days)
    laws, streams = laws_of(one.battle, luck=True), Streams("tiny", 3)
    found = law_once(one, laws, streams, 5)
    draws = streams.within("law/b", 5)
    z = draws.normal(), draws.normal()
    l11, l21, l22 = laws.attrition.residual
    luck = l11 * z[0], l21 * z[0] + l22 * z[1]
    sides = (laws.attrition.attacker, laws.attrition.defender)
    for i, (side, own, opponent) in enumerate(
        zip(sides, (9_000.0, 4_000.0), (4_000.0, 9_000.0), strict=True)
    ):
        eta = side.predictor.level(features(one.battle, laws.scales), ATTACKER, DEFENDER)
        expected = exp(eta + luck[i]) * own**side.own * opponent**side.opponent
        expected *= max(days, SHORTEST_DAYS) ** side.time
        assert found[i] == pytest.approx(min(own, expected))


def test_what_is_on_record_and_what_it_covers():
    assert FAMILY.recorded(0) == (300.0, 900.0)
    assert FAMILY.recorded(1)[0] == 600.0 and isnan(FAMILY.recorded(1)[1])
    assert FAMILY.covered == pytest.approx((9_000 * 1.5 + 10_000 * 2 + 7_000 * 2) / 100_000)


def test_records_are_set_beside_and_change_no_prediction():
    found = foretell(20, FAMILY)
    assert [(f.method, f.side) for f in found] == [
        (method, side) for method in METHODS for side in (ATTACKER, DEFENDER)
    ]
    for f in found:
        i, whole = f.side == DEFENDER, f.method in (LAW_WHOLE, ENGINE_WHOLE)
        recorded = FAMILY.recorded(i)[whole]
        assert f.recorded == recorded or (isnan(f.recorded) and isnan(recorded))
        assert f.inside == (None if isnan(recorded) else f.low <= recorded <= f.high)
        assert 0.0 < f.low < f.median < f.high
    other = tuple(replace(p, casualties=(1.0, 1.0)) for p in PARTS)
    altered = foretell(20, Family(replace(WHOLE, casualties=(1.0, 1.0)), other))
    for f, g in zip(found, altered, strict=True):
        assert (f.low, f.median, f.high) == (g.low, g.median, g.high)
    inside = shares_inside(altered)
    assert inside[LAW_WHOLE, ATTACKER] == (0, 1) and inside[STRUNG, DEFENDER][1] == 1


def test_a_sum_of_parts_is_the_sum_of_each(monkeypatch):
    costs = iter([(1.0, 2.0), (10.0, 20.0), (100.0, 200.0), (5.0, 6.0)])
    monkeypatch.setattr(module, "law_once", lambda *given: next(costs))
    found = module._casualties(FAMILY, 1)
    assert found[LAW_PARTS].tolist() == [[111.0, 222.0]]
    assert found[LAW_WHOLE].tolist() == [[5.0, 6.0]]


def tables(folder):
    rows = battles(12, wars=2)
    own = [
        rows[5] | {"cdb90_id": "p1", "parent_id": "b1"},
        rows[6] | {"cdb90_id": "p2", "parent_id": "b1"},
        rows[7] | {"cdb90_id": "p3", "parent_id": "elsewhere"},
        rows[8] | {"cdb90_id": "p4", "parent_id": "b2", "duration_days": ""},
        rows[9] | {"cdb90_id": "p5", "parent_id": "b3"},
    ]
    return write(folder / "t.csv", rows), write(folder / "p.csv", own)


@pytest.mark.verify
def test_parts_are_read_with_their_battle(tmp_path):
    planned = plan_parts(*tables(tmp_path))
    assert [(f.whole.id, [p.id for p in f.parts]) for f in planned.families] == [
        ("b1", ["p1", "p2"]), ("b3", ["p5"]),
    ]  # fmt: skip
    assert planned.left_out == {
        "the battle that it is part of is not in the table": 1,
        "the duration is unknown": 1,
    }
    one, two = planned.run(1, replications=4), planned.run(2, replications=4)
    assert one.foretold == two.foretold
    write_parts(one, tmp_path / "parts.csv")
    assert len((tmp_path / "parts.csv").read_text().splitlines()) == 1 + 2 * len(METHODS) * 2


def test_a_table_without_parts_is_told(tmp_path):
    table, _ = tables(tmp_path)
    with pytest.raises(InputError, match="column parent_id: found no battle of the table"):
        plan_parts(table, table)


@pytest.mark.verify
def test_the_parts_on_record():
    """Twelve battles, 27 parts: no method's interval misses more than three records of a side."""
    if not SHARED.exists():
        pytest.skip("the parts of battles are not at hand")
    planned = plan_parts(SHARED / "battles.csv", SHARED / "parts.csv")
    assert len(planned.families) == 12 and planned.left_out == {}
    assert sum(len(f.parts) for f in planned.families) == 27
    found = planned.run(2)
    for inside, known in shares_inside(found.foretold).values():
        assert known == 12
        assert inside >= 9
    # El Alamein's phases are the whole battle: strung together they cost what the whole does, where
    # the law begun anew with each phase says twice as much.
    medians = {(f.method, f.side): f.median for f in found.foretold if f.battle == "387"}
    for side in (ATTACKER, DEFENDER):
        ratio = medians[STRUNG, side] / medians[ENGINE_WHOLE, side]
        assert np.log(ratio) == pytest.approx(0.0, abs=0.3)
    assert medians[LAW_PARTS, ATTACKER] > 1.5 * medians[LAW_WHOLE, ATTACKER]
