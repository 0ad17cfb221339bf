"""`calibrate` on a small scenario, and what a run says that uses what it found."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE

ROOT = Path(__file__).parents[2]
KEYS = ["--keys", "formation.9-division.personnel=1000..30000"]
CLAIMS = ["--claims", "losses/*"]
SMALL = ["-n", "6", "--points", "6", "--waves", "1", "--jobs", "1", "--on-average"]


@pytest.mark.verify
def test_calibrate_then_run_with_the_mark(call: Any, hill: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "cal"
    said = call("calibrate", *hill, *KEYS, *CLAIMS, *SMALL, "--out", folder)
    assert said.code == 0
    assert "Not ruled out, by key" in said.out
    assert f"written to {folder}" in said.out
    assert "36/36" in said.err
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "waves.csv",
        "ranges.csv",
        "implausibility.csv",
        "points.csv",
        "outcomes.csv",
        "answer.txt",
        "calibration.json",
        "overlay.toml",
        "inputs",
        "figures",
    }
    run = ["run", *hill, "-n", "4", "--jobs", "1", "--set-file", folder / "overlay.toml"]
    said = call(*run, "--out", tmp_path / "run", *BARE)
    assert "warning: fitted to the record: aa-losses" in said.err
    assert "fitted to the record: aa-losses" in said.out
    assert "fitted to the record: aa-losses" in call("compare", tmp_path / "run").out
    assert json.loads(call("compare", tmp_path / "run", "--json").out)["fitted_to"] == ["aa-losses"]
    plain = call("run", *hill, "-n", "4", "--jobs", "1", "--out", tmp_path / "plain", *BARE)
    assert "fitted" not in plain.out + plain.err


def test_json_and_quiet(call: Any, hill: list[str], tmp_path: Path) -> None:
    words = ["calibrate", *hill, *KEYS, *CLAIMS, *SMALL, "--no-figures", "--out", tmp_path / "cal"]
    said = call(*words, "-q")
    assert (said.code, said.out, said.err) == (0, f"{tmp_path / 'cal'}\n", "")
    found = json.loads(call(*words, "--json", "--resume").out)
    assert found["fitted_to"] == ["aa-losses"]
    assert found["ranges"][0]["key"] == "formation.9-division.personnel"
    again = call(*words)
    assert again.code == 2
    assert "holds a finished run" in again.err


def test_faults_are_told_without_a_traceback(call: Any, hill: list[str]) -> None:
    said = call("calibrate", *hill, "--keys", "formation.9-divison.personnel", "--claims", "x")
    assert said.code == 2
    assert "did you mean 'formation.9-division.personnel'?" in said.err
    assert "--claims: x: found 'x'" in said.err
    assert "Traceback" not in said.err


def test_without_scikit_learn_it_says_what_to_install(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    said = call("calibrate", *hill, *KEYS, *CLAIMS, *SMALL, "--out", tmp_path / "cal")
    assert said.code == 2
    needs = "calibrate needs scikit-learn, which is not installed"
    assert said.err == f"error: {needs}: pip install 'sandtable-campaigns[calibrate]'\n"
    assert not (tmp_path / "cal.partial").exists()


@pytest.mark.verify
@pytest.mark.parametrize("page", ["docs/how-to/calibrate.md", "docs/studies.md"])
def test_the_documented_examples_end_with_something(call: Any, page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (line,) = re.findall(r"^sandtable (calibrate .*--keys.*)$", text, re.MULTILINE)
    words = [*shlex.split(line), "-n", "20", "--waves", "1", "--no-figures", "--json", "-q"]
    said = call(*words, "--out", tmp_path / "cal")
    (wave,) = json.loads(said.out)["waves"]
    # Something is ruled out, and something is left.
    assert 0.01 < wave["share_left"] < 0.9
