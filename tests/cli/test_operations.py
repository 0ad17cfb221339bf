"""The verbs of `sandtable operations`, from a table to what they print and write."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from operations.made_up import ROWS, write
from sandtable.shipped import operations_root

FAST = ("-n", "4", "-j", "1")
RECORDED = {
    "attacker_losses": "900", "defender_losses": "1500", "depth_km": "30", "confidence": "medium",
    "losses_counted": "sick counted in the losses", "core": "1",
}  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "t.csv", [row | RECORDED for row in ROWS])


def test_help(call: Any) -> None:
    for verb, words in (
        ("predict", "all others may be absent or hold anything"),
        ("validate", "by one recipe that reads no result"),
    ):
        said = call("operations", verb, "--help")
        assert said.code == 0
        assert words in " ".join(said.out.split())
        for option in ("--out", "--seed", "--jobs", "--replications", "--quiet", "--json"):
            assert option in said.out


def test_predict_writes_a_row_an_operation(call: Any, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.csv"
    said = call("operations", "predict", table, "--out", out, *FAST)
    assert said.code == 0
    assert said.out == f"3 operations predicted, written to {out}\n"
    assert "'Ruritania'" in said.err and "known: Austria, Egypt" in said.err
    with out.open(encoding="utf-8", newline="") as file:
        assert [row["operation"] for row in csv.DictReader(file)] == ["Hill", "River", "Dunes"]
    again = ("--out", out, "--overwrite", *FAST)
    said = call("operations", "predict", table, *again, "-q")
    assert (said.out, said.err) == (f"{out}\n", "")
    summary = json.loads(call("operations", "predict", table, *again, "--json").out)
    assert (summary["operations"], summary["seed"], len(summary["warnings"])) == (3, 1, 1)


def test_where_nothing_can_be_written_is_told_before_anything_is_played(
    call: Any, table: Path, tmp_path: Path
) -> None:
    for out, found in ((table, "a file that is read"), (tmp_path, "a folder")):
        said = call("operations", "predict", table, "--out", out)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"error: {out}: --out: found {found}; allowed: a")
        assert "layouts played" not in said.err
    shutil.copytree(operations_root(), tmp_path / "cases")
    siege = tmp_path / "cases" / "sieges.csv"
    said = call("operations", "fit", siege.parent, "--out", siege)
    assert said.err == f"error: {siege}: --out: found a file that is read; allowed: another file\n"


def test_what_is_kept_can_be_run(call: Any, table: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    out = tmp_path / "p.csv"
    assert call("operations", "predict", table, "--out", out, *FAST, "--scenarios", kept).code == 0
    files = sorted(kept.glob("*.toml"))
    assert len(files) == 4 * len(ROWS)
    assert call("check", files[0]).code == 0
    # Each number of the recipe says where it comes from.
    said = call("show", files[0], "leg.c1-p1--c1-p2.length_km")
    assert said.code == 0
    assert "position-km" in said.out and "march.foot" in said.out


@pytest.mark.verify
def test_validate_prints_scores_and_each_operation(call: Any, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "v"
    said = call("operations", "validate", table, "--out", out, *FAST)
    assert said.code == 0
    for words in ("campaign engine", "one battle", "Operations: core", "River", "675–900"):
        assert words in said.out
    names = sorted(path.name for path in out.iterdir())
    assert names == ["calibration.png", "operations.png", "predictions.csv", "scores.csv"]
    said = call("operations", "validate", table, *FAST, "-q")
    assert said.err == ""
    assert [line.split(":")[0] for line in said.out.splitlines()] == [
        f"rms error of ln {what}, campaign engine"
        for what in ("attacker's losses", "defender's losses", "depth")
    ]
    found = json.loads(call("operations", "validate", table, *FAST, "--json").out)
    assert found["groups"]["all"] == 3
    assert {score["method"] for score in found["scores"]} >= {"campaign engine", "one battle"}


def test_faults_of_a_table_are_told_all_at_once(call: Any, tmp_path: Path) -> None:
    rows = [ROWS[0] | {"start": "May 1943"}, ROWS[1] | {"days": "0"}]
    table = write(tmp_path / "t.csv", rows)
    for words in (("predict", table, "--out", tmp_path / "p.csv"), ("validate", table)):
        said = call("operations", *words, *FAST)
        assert said.code == 2
        lines = [line for line in said.err.splitlines() if line.startswith("error: ")]
        assert [line.split(": ")[2] for line in lines] == [
            "row 2, column start", "row 3, column days",
        ]  # fmt: skip
    assert not (tmp_path / "p.csv").exists()


def test_faults_of_records_are_told_before_anything_is_played(
    call: Any, table: Path, tmp_path: Path
) -> None:
    wrong = write(tmp_path / "w.csv", [row | RECORDED | {"depth_km": "far"} for row in ROWS])
    said = call("operations", "validate", wrong, "-n", "100000", "-j", "1")
    assert said.code == 2
    assert said.err.count("column depth_km: found 'far'") == 3
    said = call("operations", "validate", table, "--out", table, *FAST)
    assert said.code == 2 and "a folder, or one to be made" in said.err
    said = call("operations", "predict", table, "--out", tmp_path / "no" / "p.csv", *FAST)
    assert said.code == 2 and "a file in a folder" in said.err


def test_fit_tells_the_laws_and_writes_them(call: Any, tmp_path: Path) -> None:
    out = tmp_path / "fits.toml"
    said = call("operations", "fit", "--out", out)
    assert said.code == 0
    for words in ("field-works", "On cases left out", "Invasion of Poland", f"written: {out}"):
        assert words in said.out
    assert out.read_text(encoding="utf-8").startswith("# Fitted")
    found = json.loads(call("operations", "fit", "--json").out)
    assert found["out"] is None and found["laws"]["siege"]["cases"] == 29
    assert call("operations", "fit", "--out", out, "--overwrite", "-q").out == f"{out}\n"
    said = call("operations", "fit", tmp_path / "nowhere")
    assert said.code == 2 and "found no such folder" in said.err
