"""`compare` of several runs: paired differences from the first, with units, without empty rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.conftest import BARE, SCENARIO, done
from sandtable import open_run
from sandtable.cli.differences import _without_rounding, labels
from sandtable.ensemble import paired_difference


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A base, a variant of it, and one with a mechanism off."""
    folder = tmp_path_factory.mktemp("runs")
    words = [*SCENARIO, "-n", "40", "--jobs", "1", *BARE, "-q"]
    asked = {"base": [], "weak": ["--variant", "weak-defence"], "calm": ["--without", "cohesion"]}
    for name, more in asked.items():
        done("run", *words, "--out", folder / name, *more)
    return {name: folder / name for name in asked}


def test_differences_are_paired(call: Any, runs: dict[str, Path]) -> None:
    said = call("compare", runs["base"], runs["weak"], "--json")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["base"]["folder"] == str(runs["base"])
    assert [run["folder"] for run in told["others"]] == [str(runs["weak"])]
    found = {row["outcome"]: row for row in told["differences"]}
    lost = found["losses/japan/personnel/total"]
    base, weak = (open_run(runs[name]).outcomes for name in ("base", "weak"))
    delta = weak[lost["outcome"]] - base[lost["outcome"]]
    assert lost["difference"] == pytest.approx(delta.mean())
    assert lost["mc_error"] == pytest.approx(delta.std(ddof=1) / 40**0.5)
    assert (lost["pairs"], lost["unit"]) == (40, "person")
    assert lost["base_mean"] == pytest.approx(base[lost["outcome"]].mean())


def test_any_number_of_runs_stand_beside_the_first(call: Any, runs: dict[str, Path]) -> None:
    one = call("compare", runs["base"], runs["weak"]).out.splitlines()
    assert (
        one[0] == f"{runs['weak']} against the base {runs['base']}: means over paired replications"
    )
    (line,) = [line for line in one if "captured/hill" in line]
    assert "day" in line and "Aug)" in line
    several = call("compare", *runs.values()).out.splitlines()
    lines = [line for line in several if "losses/ussr/personnel/total" in line]
    assert ["weak" in line for line in lines] == [True, False]
    assert ["calm" in line for line in lines] == [False, True]
    both = json.loads(call("compare", *runs.values(), "--json").out)["differences"]
    alone = json.loads(call("compare", runs["base"], runs["calm"], "--json").out)["differences"]
    assert [row for row in both if row["run"] == str(runs["calm"])] == alone or {
        row["outcome"] for row in alone
    } <= {row["outcome"] for row in both}


def test_rows_of_nothing_are_counted_and_not_shown(call: Any, runs: dict[str, Path]) -> None:
    told = json.loads(call("compare", runs["base"], runs["weak"], "--all", "--json").out)
    base, weak = (open_run(runs[name]).outcomes for name in ("base", "weak"))
    groups = {"unchanged": told["unchanged"], "never": told["never"]}
    groups["changed"] = [row["outcome"] for row in told["differences"]]
    assert sorted(name for names in groups.values() for name in names) == sorted(base)
    for name in base:
        same = np.array_equal(base[name], weak[name], equal_nan=True)
        occurs = np.isfinite([*base[name], *weak[name]]).any()
        group = "never" if not occurs else "unchanged" if same else "changed"
        assert name in groups[group], name
    said = call("compare", runs["base"], runs["weak"], "--all").out
    assert f"not shown: {len(told['unchanged'])} outcomes without any difference" in said
    itself = json.loads(call("compare", runs["base"], runs["base"], "--all", "--json").out)
    assert itself["differences"] == []


def test_the_last_digits_of_a_mean_are_no_difference() -> None:
    found = paired_difference("losses/japan/personnel/total", *2 * [np.array([0.3, 10670.0])])
    assert _without_rounding(-1.82e-13, found) == 0.0
    assert _without_rounding(4.2e-5, found) == 4.2e-5
    assert np.isnan(_without_rounding(np.nan, found))


def test_unlike_runs_are_not_paired(call: Any, hill: list[str], tmp_path: Path) -> None:
    for seed in ("1", "2"):
        words = ["-n", "3", "--jobs", "1", "--seed", seed, *BARE, "-q"]
        call("run", *hill, *words, "--out", tmp_path / seed)
    said = call("compare", tmp_path / "1", tmp_path / "1", tmp_path / "2")
    assert said.code == 2
    assert f"{tmp_path / '2'}: seed: found 2; allowed: 1" in said.err


def test_a_figure_is_drawn_on_demand(call: Any, runs: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "figure"
    said = call("compare", *runs.values(), "--out", out, "--format", "svg")
    assert said.code == 0
    (drawn,) = out.iterdir()
    assert drawn.suffix == ".svg"
    assert f"written to {drawn}" in said.out
    alone = call("compare", runs["base"], "--out", out)
    assert alone.code == 2
    assert "--out: allowed with several runs only" in alone.err


def test_runs_are_named_by_their_folders_unless_these_are_alike() -> None:
    assert labels([Path("a/base"), Path("b/weak")]) == ["base", "weak"]
    assert labels([Path("a/base"), Path("b/base")]) == ["a/base", "b/base"]
