"""The formations of a shipped campaign add up to the totals that are on record."""

from __future__ import annotations

import math

import pytest

from sandtable.scenario import describe, load_scenario
from sandtable.scenario.description import Unit


@pytest.fixture(scope="module")
def khalkhin_gol() -> dict[str, Unit]:
    return {
        u.id: u
        for u in describe(
            load_scenario("khalkhin-gol-1939", phase="august-offensive")
        ).order_of_battle
    }


def test_the_army_groups_tanks_are_those_of_both_counts(khalkhin_gol: dict[str, Unit]) -> None:
    # 438 after Kolomiets, 498 as usually given
    tanks = khalkhin_gol["1-army-group"].strength["tanks"]
    assert tanks == pytest.approx((438, 498), rel=0.001)


def test_the_army_groups_guns_are_those_on_record(khalkhin_gol: dict[str, Unit]) -> None:
    # 487, 502 and 542 guns of all kinds; the Mongolian divisions' are among them
    units = ("1-army-group", "6-mongolian-cavalry-division", "8-mongolian-cavalry-division")
    kinds = ("guns", "antitank_guns")
    for end, total in enumerate((487, 542)):
        found = math.fsum(khalkhin_gol[u].strength[k][end] for u in units for k in kinds)
        assert found == pytest.approx(total, rel=0.04)


def test_the_army_groups_men_are_those_present(khalkhin_gol: dict[str, Unit]) -> None:
    # 51,950 and 57,000 present: the middle lies between them, both within the range
    low, high = khalkhin_gol["1-army-group"].strength["personnel"]
    assert 51_950 < (low + high) / 2 < 57_000
    assert low < 51_950 and high > 57_000


def test_the_japanese_add_up_to_the_disputed_totals(khalkhin_gol: dict[str, Unit]) -> None:
    # 20,000 to 30,000
    army = khalkhin_gol["japanese-6-army"].strength
    assert army["personnel"] == pytest.approx((20_000, 30_000), rel=0.02)
    # 70 to 277 field guns
    assert army["guns"] == pytest.approx((70, 277), rel=0.06)
