"""`vary` from the command line: its folder, what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

KEY = "formation.9-division.effectiveness"


def test_it_writes_its_folder_and_tells_the_answer(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    words = [f"{KEY}=0.3..0.9:3", "-n", "5", "--jobs", "1", "--out", str(tmp_path / "vary")]
    said = call("vary", *hill, *words)
    assert said.code == 0
    assert "15/15" in said.err
    assert said.out.startswith("3 points: ")
    assert "--verbose shows every outcome at every point" in said.out
    assert len(said.out.splitlines()) < 12
    words += ["--resume", "--verbose"]
    full = call("vary", *hill, *words).out
    assert "losses/ussr/personnel/total, 500 to 900 person (Attacker's report): " in full
    assert full.startswith(said.out.partition("--verbose")[0])
    assert f"written to {tmp_path / 'vary'}" in said.out
    assert {path.name for path in (tmp_path / "vary").iterdir()} == {
        "manifest.json",
        "points.csv",
        "outcomes.parquet",
        "table.csv",
        "scores.csv",
        "answer.txt",
        "failures.csv",
        "inputs",
        "figures",
    }
    points = (tmp_path / "vary/points.csv").read_text(encoding="utf-8")
    assert points == f"point,{KEY}\n0,0.3\n1,0.6\n2,0.9\n"
    manifest = json.loads((tmp_path / "vary/manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("sandtable vary hill.toml -n 5 --seed 1")
    assert f"{KEY}=0.3..0.9:3 --design grid" in manifest["command"]


def test_quiet_and_json(call: Any, hill: list[str], tmp_path: Path) -> None:
    words = [f"{KEY}=0.3..0.9", "--design", "sobol", "--points", "4", "-n", "3", "--jobs", "1"]
    words += ["--outcomes", "captured/*", "--no-figures", "--out", str(tmp_path / "vary")]
    said = call("vary", *hill, *words, "--quiet")
    assert (said.code, said.out, said.err) == (0, f"{tmp_path / 'vary'}\n", "")
    told = json.loads(call("vary", *hill, *words, "--resume", "--json").out)
    assert {row["outcome"] for row in told["table"]} >= {"captured/hill"}
    assert len({row["point"] for row in told["table"]}) == 4
    assert told["answers"] == (tmp_path / "vary/answer.txt").read_text("utf-8").splitlines()
    assert not (tmp_path / "vary/figures").exists()
    manifest = json.loads((tmp_path / "vary/manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].endswith("--design sobol --points 4 --outcomes 'captured/*'")


@pytest.mark.verify
def test_a_key_without_effect_is_warned_of(call: Any, hill: list[str], tmp_path: Path) -> None:
    words = ["axis.main.objectives.hill.planned=1938-08-07..1938-08-09:3", "-n", "2", "--jobs", "1"]
    words += ["--no-figures", "--out", str(tmp_path / "vary")]
    said = call("vary", *hill, *words)
    warned = "axis.main.objectives.hill.planned: no outcome changed in any of 2 replications"
    assert f"warning: {warned} at any of 3 points" in said.err
    assert warned in (tmp_path / "vary/answer.txt").read_text("utf-8")
    again = call("vary", *hill, *words, "--resume", "--json")
    assert f"warning: {warned}" in again.err
    assert json.loads(again.out)["warnings"][0].startswith(warned)
    assert call("vary", *hill, *words, "--resume", "--quiet").err == ""
    words[0] = f"{KEY}=0.3,0.9"
    said = call("vary", *hill, *words, "--overwrite")
    assert "warning" not in said.err + said.out


@pytest.mark.verify
def test_a_fit_to_the_record_at_any_point_is_told(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    because = 'because = "fitted to the record: aa-hill"'
    fitted = f"formation.9-division.personnel={{assumed = 900, {because}}}"
    words = [f"{KEY}=0.3,0.9", "-n", "2", "--jobs", "1", "--set", fitted]
    said = call("vary", *hill, *words, "--out", str(tmp_path / "vary"), "--json")
    assert "warning: fitted to the record: aa-hill" in said.err
    told = json.loads(said.out)
    assert told["fitted_to"] == ["aa-hill"]
    assert told["warnings"][0] == told["answers"][0]
    # One that is varied itself is fitted no longer.
    words[0] = "formation.9-division.personnel=5000,9000"
    said = call("vary", *hill, *words, "--out", str(tmp_path / "other"), "--json", "--no-figures")
    assert (said.err.count("warning"), json.loads(said.out)["fitted_to"]) == (0, [])


@pytest.mark.verify
def test_loading_many_points_shows_a_sign_of_life(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"{KEY}=0.3..0.9:3", "-n", "1", "--jobs", "1", "--no-figures"]
    quick = call("vary", *hill, *words, "--out", str(tmp_path / "quick"))
    assert "loading" not in quick.err
    monkeypatch.setattr("sandtable.cli.loading._MOMENT", 0.0)
    slow = call("vary", *hill, *words, "--out", str(tmp_path / "slow"))
    assert slow.err.count("loading 3 points") == 1
    assert call("vary", *hill, *words, "--out", str(tmp_path / "quiet"), "--quiet").err == ""


def test_bad_input_ends_with_all_faults_and_no_folder(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    words = ["--out", str(tmp_path / "vary")]
    said = call("vary", *hill, f"{KEY}=0.3,x", "formaton.a.b=1,2", "a.b=1", *words)
    assert said.code == 2
    assert f"error: {KEY}=0.3,x: {KEY}.assumed: found 'x'" in said.err
    assert "did you mean 'formation'?" in said.err
    assert "error: a.b=1: a.b: found '1'; allowed: at least two values" in said.err
    assert "Traceback" not in said.err
    said = call("vary", *hill, f"{KEY}=0.3..0.9", "--design", "sobol", "--points", "12", *words)
    assert said.code == 2
    assert "a power of two for --design sobol, here 8 or 16" in said.err
    assert not list(tmp_path.iterdir())
