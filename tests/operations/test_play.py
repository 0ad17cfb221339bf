"""Operations played: what the predictions depend on, and what they don't."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from operations.made_up import ROWS, operation, write
from sandtable import load
from sandtable.ensemble import Failure, Part
from sandtable.errors import SandtableError
from sandtable.operations import play as module
from sandtable.operations.play import LAYOUTS, QUANTITIES, play, write_scenarios
from sandtable.operations.predict import COLUMNS, predict_to_file
from sandtable.operations.table import RESULTS

N = 8


def predicted(path: Path, rows: list[dict[str, str]], **options: int) -> list[list[str]]:
    out = path.with_suffix(".out")
    settings = {"replications": N, "seed": 1, "jobs": 1} | options
    predict_to_file(write(path, rows), out, **settings)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    return predicted(tmp_path_factory.mktemp("bare") / "t.csv", ROWS)


def test_every_operation_has_every_number_in_order(bare: list[list[str]]) -> None:
    assert bare[0] == list(COLUMNS)
    assert [row[0] for row in bare[1:]] == ["Hill", "River", "Dunes"]
    for row, asked in zip(bare[1:], ROWS, strict=True):
        numbers = np.array([float(cell) for cell in row[1:]]).reshape(len(QUANTITIES), 5)
        assert (np.diff(numbers, axis=1) >= 0.0).all()
        assert (numbers >= 0.0).all()
        assert numbers[0, 4] <= float(asked["attacker_strength"])
        assert 0.0 < numbers[1, 4] <= float(asked["defender_strength"])
        assert numbers[2, 4] > 0.0


@pytest.mark.verify
@pytest.mark.parametrize("cell", ["", "nonsense", "-1", "1e99", "0", "ä\N{SNOWMAN}"])
def test_no_result_changes_a_byte(cell: str, bare: list[list[str]], tmp_path: Path) -> None:
    rows = [row | dict.fromkeys((*RESULTS, "attacker_won", "x"), cell) for row in ROWS]
    # In front of what is read, too.
    rows = [dict(reversed(row.items())) for row in rows]
    assert predicted(tmp_path / "t.csv", rows) == bare


def test_a_row_depends_on_no_other_row_and_not_on_their_order(
    bare: list[list[str]], tmp_path: Path
) -> None:
    assert predicted(tmp_path / "t.csv", ROWS[::-1])[1:] == bare[:0:-1]
    assert predicted(tmp_path / "u.csv", ROWS[1:2])[1] == bare[2]


def test_seed_and_name_decide_what_is_drawn(bare: list[list[str]], tmp_path: Path) -> None:
    again = predicted(tmp_path / "t.csv", ROWS[:1], seed=2)[1]
    other = predicted(tmp_path / "u.csv", [ROWS[0] | {"operation": "Hill 2"}])[1]
    zero = predicted(tmp_path / "v.csv", ROWS[:1], seed=0)[1]
    assert len({tuple(row[1:]) for row in (again, other, zero, bare[1])}) == 4


@pytest.mark.verify
@pytest.mark.processes
def test_any_number_of_processes_gives_the_same_bytes(
    bare: list[list[str]], tmp_path: Path
) -> None:
    assert predicted(tmp_path / "t.csv", ROWS, jobs=2) == bare


@pytest.mark.verify
def test_more_replications_go_on_where_fewer_end() -> None:
    few, more = (play([operation()], n, 1, 1)[0] for n in (6, 12))
    for name in QUANTITIES:
        assert few[name].shape == (6,)
        np.testing.assert_array_equal(few[name], more[name][:6])


def test_a_replication_that_fails_is_told_with_its_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, on_part: Callable[[Part], None]) -> None:
        failed = (Failure(0, 1, "ZeroDivisionError: by nought"),)
        on_part(
            Part(0, np.full((2, 1), np.nan), np.zeros((2, 1, 1), np.float32), 0, failures=failed)
        )

    monkeypatch.setattr(module, "run_parts", broken)
    with pytest.raises(SandtableError, match=r"Hill, layout 1: 1 of 2 replications failed"):
        play([operation()], N, 1, 1)


def test_a_campaign_that_was_kept_runs_to_the_same_result(tmp_path: Path) -> None:
    asked = operation("Bridgehead", own=40_000.0, other=18_000.0)
    played = play([asked], N, 1, 1)[0]
    files = write_scenarios([asked], 1, tmp_path)
    assert len(files) == LAYOUTS
    for number, file in enumerate(files):
        run = load(file).run(N // LAYOUTS, seed=1)
        turns = slice(number, None, LAYOUTS)
        for name, side in (("attacker_losses", "attacker"), ("defender_losses", "defender")):
            lost = run.outcomes[f"losses/{side}/personnel/total"]
            np.testing.assert_array_equal(lost, played[name][turns])
        gained: dict[str, list[Any]] = {}
        for key, km in run.outcomes.items():
            if key.startswith("advance/"):
                gained.setdefault(key.split("/")[1], []).append(km)
        front = np.median([np.max(km, axis=0) for km in gained.values()], axis=0)
        np.testing.assert_array_equal(front, played["depth_km"][turns])
