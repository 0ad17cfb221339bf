"""`vary` from the command line: its folder, what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

KEY = "formation.9-division.effectiveness"


def test_it_writes_its_folder_and_tells_the_answer(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    words = [f"{KEY}=0.3..0.9:3", "-n", "5", "--jobs", "1", "--out", str(tmp_path / "vary")]
    said = call("vary", *hill, *words)
    assert said.code == 0
    assert "15/15" in said.err
    assert "losses/ussr/personnel/total, 500 to 900 person (Attacker's report): " in said.out
    assert f"written to {tmp_path / 'vary'}" in said.out
    assert {path.name for path in (tmp_path / "vary").iterdir()} == {
        "manifest.json",
        "points.csv",
        "outcomes.parquet",
        "table.csv",
        "answer.txt",
        "failures.csv",
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
