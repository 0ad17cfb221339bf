"""Combat results tables: the die gives back the law's means, and better odds better results."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from math import comb

import numpy as np
import pytest

from sandtable import InputError, battle, combat_results_table
from sandtable.single_battle import BattleForecast, CombatResultsTable, die_named, odds_named
from sandtable.single_battle.dice import KNOWN
from sandtable.single_battle.results_table import column_of, short
from sandtable.single_battle.stage import RESULTS
from sandtable.single_battle.written import as_csv, markdown

FORCES = "men=100,tanks=1", "men=8000,tanks=20"


@pytest.fixture(scope="module")
def table() -> CombatResultsTable:
    odds = ["1:2", "1:1", "2:1", "4:1"]
    return combat_results_table(*FORCES, odds=odds, die="2d6", replications=250, posture="prepared")


@pytest.fixture(scope="module")
def found() -> BattleForecast:
    return battle("men=16000,tanks=60", "men=8000", replications=333, posture="prepared")


@pytest.mark.parametrize("name", KNOWN)
def test_dice(name: str) -> None:
    die = die_named(name)
    assert sum(die.chances) == pytest.approx(1.0)
    assert len(die.rows) == len(die.chances) <= 20


def test_two_and_three_dice_by_counting() -> None:
    assert die_named("2D6").chances[5] == pytest.approx(6 / 36)
    # Uspensky 1937: ways to roll a total s with n dice of 6 faces.
    ways = [
        sum((-1) ** k * comb(3, k) * comb(s - 6 * k - 1, 2) for k in range((s - 3) // 6 + 1))
        for s in range(3, 19)
    ]
    assert die_named("3d6").chances == pytest.approx([w / 216 for w in ways])
    assert die_named("d100").rows[:2] == ("1–5", "6–10")
    assert die_named("d6") == die_named("1d6")


@pytest.mark.parametrize("name", ["1d6", "2d6", "d10", "d100"])
def test_rolling_the_die_gives_the_means_of_the_law(name: str, found: BattleForecast) -> None:
    die = die_named(name)
    column = column_of("2:1", found, die)
    lost = [100.0 * found.lost[side] / found.men[side] for side in ("attacker", "defender")]
    for values, key in ((lost[0], "attacker_loss"), (lost[1], "defender_loss"),
                        (found.ground, "ground")):  # fmt: skip
        rolled = sum(
            chance * getattr(cell, key)
            for cell, chance in zip(column.cells, die.chances, strict=True)
        )
        assert rolled == pytest.approx(values.mean())
        # Rounded as it is printed, still within the Monte Carlo error.
        printed = sum(
            chance * float(short(getattr(cell, key)))
            for cell, chance in zip(column.cells, die.chances, strict=True)
        )
        assert abs(printed - values.mean()) < 2.0 * values.std() / len(values) ** 0.5
    # A mixed row counts as its greater part: off by half the row at most.
    assert abs(column.breaks_by_die(die) - column.breaks[0]) <= max(die.chances) / 2 + 1e-9


def test_a_fine_die_gives_back_the_spread_too(found: BattleForecast) -> None:
    fine = column_of("2:1", found, die_named("d100"))
    exchange = np.log(found.lost["defender"] / found.lost["attacker"])
    won = found.result == RESULTS.index("defender breaks")
    whole = [c for c in fine.cells if c.share > 0.999 and c.result == "defender breaks"]
    cells = [np.log(cell.defender_loss / cell.attacker_loss) for cell in whole]
    assert np.std(cells) == pytest.approx(exchange[won].std(), rel=0.35)


def test_better_odds_are_better(table: CombatResultsTable) -> None:
    for worse, better in pairwise(table.columns):
        assert better.breaks[0] > worse.breaks[0]
        assert better.means[0][0] < worse.means[0][0]
        assert better.means[1][0] > worse.means[1][0]
        # No roll has a worse result at better odds.
        ranks = [[RESULTS.index(cell.result) for cell in c.cells] for c in (worse, better)]
        assert all(a <= b for a, b in zip(*ranks, strict=True))


def test_better_rolls_are_better(table: CombatResultsTable) -> None:
    compared = 0
    for column in table.columns:
        ranks = [RESULTS.index(cell.result) for cell in column.cells]
        assert ranks == sorted(ranks)
        for a, b in pairwise(column.cells):
            if a.result == b.result and min(a.share, b.share) > 0.999:
                ratios = [c.defender_loss / c.attacker_loss for c in (a, b)]
                assert ratios[0] < ratios[1]
                compared += 1
    assert compared > 20


def test_the_attacker_is_scaled_to_the_odds_of_effective_strength() -> None:
    found = combat_results_table("men=1,quality=0.5", "men=6000,quality=0.8", odds=["2:1"],
                                 replications=40)  # fmt: skip
    same = battle("men=19200,quality=0.5", "men=6000,quality=0.8", replications=40)
    assert found.columns[0].means[1][0] == pytest.approx(
        100.0 * np.mean(same.lost["defender"]) / 6000.0
    )


def test_odds() -> None:
    assert list(odds_named(["3:1", "1:2", "1.5:1"])) == ["1:2", "1.5:1", "3:1"]
    for wrong in (["3"], ["0:1"], ["a:b"], ["101:1"], ["1:101"], [f"{n}:1" for n in range(1, 12)]):
        with pytest.raises(InputError):
            odds_named(wrong)
    with pytest.raises(InputError, match="--die"):
        die_named("d7")


def test_csv_and_markdown_hold_every_cell(table: CombatResultsTable) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(table))))
    assert len(rows) == len(table.die.rows) * len(table.columns)
    of_one = [row for row in rows if row["odds"] == "2:1"]
    assert sum(float(row["chance"]) for row in of_one) == pytest.approx(1.0, abs=1e-4)
    mean = sum(float(row["chance"]) * float(row["defender_loss_pct"]) for row in of_one)
    (column,) = [c for c in table.columns if c.odds == "2:1"]
    assert mean == pytest.approx(column.means[1][0], rel=1e-4)
    page = markdown(table)
    for column in table.columns:
        for cell in column.cells:
            assert cell.code in page
    for word in ("Fitted on 272 battles", "seed 1", "left out of the fit", "posture prepared"):
        assert word in page
