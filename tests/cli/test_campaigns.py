"""`compare` of runs of different campaigns: their scores, each and all together."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE, SCENARIO, done
from sandtable import open_run

WAR = Path(__file__).parents[1] / "inputs" / "wars" / "two-valleys-1951"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A run of each of two campaigns."""
    folder = tmp_path_factory.mktemp("runs")
    for name, scenario in (("hill", SCENARIO), ("valleys", [str(WAR)])):
        done("run", *scenario, "-n", "20", "--jobs", "1", *BARE, "-q", "--out", folder / name)
    return [folder / "hill", folder / "valleys"]


def test_each_campaign_and_all_together_have_a_row(call: Any, runs: list[Path]) -> None:
    told = json.loads(call("compare", *runs, "--json").out)
    assert [run["folder"] for run in told["runs"]] == list(map(str, runs))
    counts = [run["summary"]["outcomes"]["scored"] for run in told["runs"]]
    assert min(counts) > 0
    assert told["together"]["outcomes"]["scored"] == sum(counts)
    said = call("compare", *runs).out
    titles = [open_run(run).manifest["title"] for run in runs]
    lines = [next(li for li in said.splitlines() if t in li) for t in ("all together", *titles)]
    assert [f"| {n} " in " ".join(line.split()) for line, n in
            zip(lines, (sum(counts), *counts), strict=True)] == [True] * 3  # fmt: skip


def test_quiet_prints_the_skill_alone(call: Any, runs: list[Path]) -> None:
    lines = call("compare", *runs, "--quiet").out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [
        open_run(run).manifest["scenario"] for run in runs
    ]
    assert lines[-1].startswith("together ") and len(lines) == 3
    for line, run in zip(lines, runs, strict=False):
        skill = open_run(run).score().all.skill
        told = [float(word) for word in line.split()[1:]]
        known = [skill[name].skill for name in ("one_battle", "sceptic")]
        assert told == pytest.approx(known, rel=0.01, nan_ok=True)


@pytest.mark.verify
def test_their_figure_is_drawn_on_demand_and_the_same_twice(
    call: Any, runs: list[Path], tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        assert call("compare", *runs, "--out", tmp_path / folder).code == 0
    one, two = (tmp_path / folder / "scores.png" for folder in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.verify
def test_their_scores_are_a_table(call: Any, runs: list[Path], tmp_path: Path) -> None:
    said = call("compare", *runs, "--out", tmp_path / "both")
    assert f"written to {tmp_path / 'both/score.csv'}" in said.out
    with (tmp_path / "both/score.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [open_run(run).manifest["scenario"] for run in runs]
    assert list(dict.fromkeys(row["campaign"] for row in rows)) == ["all", *names]
    for run, name in zip(runs, names, strict=True):
        own = {row["kind"]: row for row in rows if row["campaign"] == name}
        kinds = {kind.kind: kind for kind in open_run(run).score().kinds}
        assert own.keys() == kinds.keys()
        for kind, row in own.items():
            assert int(row["outcomes"]) == kinds[kind].outcomes
            assert float(row["covered_90"]) == pytest.approx(kinds[kind].covered_90, rel=1e-5)
            assert float(row["sceptic"] or "nan") == pytest.approx(
                kinds[kind].skill["sceptic"].skill, rel=1e-5, nan_ok=True
            )
            pit = [float(row[f"pit_{number}"]) for number in range(1, 11)]
            assert sum(pit) == pytest.approx(1.0, abs=1e-4)


def test_runs_partly_of_one_campaign_are_not_mixed(call: Any, runs: list[Path]) -> None:
    hill, valleys = runs
    said = call("compare", hill, hill, valleys)
    assert said.code == 2
    assert f"{valleys}: scenario: found {open_run(valleys).manifest['scenario']}" in said.err
    every = call("compare", *runs, "--all")
    assert every.code == 2 and "--all: allowed with runs of one campaign only" in every.err
