"""The compiled engine beside its source: whatever is run, the same bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMPILED = ROOT / ".venv-compiled" / "bin" / "python"
HELD = (
    "outcomes.parquet", "timeline.parquet", "battles.parquet", "tracks.parquet", "events.jsonl",
    "comparison.csv", "score.csv",
)  # fmt: skip
RUNS = [
    ["khalkhin-gol-1939", "-n", "100"],
    ["manchuria-1945", "-n", "50"],
    ["manchuria-1945", "-n", "10", "--without", "second-echelon", "--without", "weather"],
    ["khalkhin-gol-1939", "-n", "10", "--set", "scenario.advance=dupuy"],
    ["khalkhin-gol-1939", "-n", "10", "--set", "scenario.attrition=square"],
]


@pytest.fixture(scope="module")
def compiled() -> str:
    subprocess.run(["make", "compiled"], cwd=ROOT, check=True)
    asked = "import sandtable.engine.campaign as module; print(module.__file__)"
    told = subprocess.run([COMPILED, "-c", asked], check=True, capture_output=True, text=True)
    assert not told.stdout.strip().endswith(".py")
    return str(COMPILED)


@pytest.mark.verify
@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_it_gives_the_same_bytes(compiled: str, words: list[str], tmp_path: Path) -> None:
    for name, python in (("source", sys.executable), ("compiled", compiled)):
        command = [python, "-m", "sandtable", "run", *words, "--no-figures", "--quiet"]
        subprocess.run([*command, "--out", tmp_path / name], check=True, capture_output=True)
    for held in HELD:
        assert (tmp_path / "source" / held).read_bytes() == (
            tmp_path / "compiled" / held
        ).read_bytes(), held
