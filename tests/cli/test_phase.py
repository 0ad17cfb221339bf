"""`--phase`: one phase of a scenario alone, from its run to a run made again from the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE
from sandtable import open_run

FILE = Path(__file__).parents[1] / "inputs" / "scenarios" / "valid" / "two-phases.toml"


@pytest.mark.verify
def test_a_phase_alone_is_run_and_made_again(call: Any, tmp_path: Path) -> None:
    asked = ("run", FILE, "--phase", "second", "-n", 4, "--jobs", 1, *BARE)
    assert call(*asked, "--out", tmp_path / "run").code == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["phase"] == "second"
    again = call("rerun", tmp_path / "run", "--out", tmp_path / "again")
    assert again.code == 0
    assert "every file is the same" in " ".join(again.out.split())
    assert open_run(tmp_path / "again").campaign.scenario.phase == "second"


@pytest.mark.verify
def test_without_it_no_manifest_speaks_of_phases(call: Any, tmp_path: Path) -> None:
    assert call("run", FILE, "-n", 2, "--jobs", 1, *BARE, "--out", tmp_path / "r").code == 0
    assert "phase" not in json.loads((tmp_path / "r" / "manifest.json").read_text())


def test_show_lists_the_phases(call: Any) -> None:
    said = call("show", FILE).out
    assert "Phases" in said and "second" in said
    alone = call("show", FILE, "--phase", "first").out
    assert "Phases" not in alone and "Blue drive" in alone and "Red drive" not in alone


def test_show_says_that_formations_are_as_in_their_first_phase(call: Any) -> None:
    said = " ".join(call("show", "lake-khasan-1938").out.split())
    assert "as in the first phase that it takes part in" in said and "--phase PHASE" in said
    assert "| side | Soviet Union" in said and "| attacker | Soviet Union" not in said
    # It was the sum over three phases.
    assert "11,792" not in said
    alone = " ".join(call("show", "lake-khasan-1938", "--phase", "corps-assault").out.split())
    assert "first phase" not in alone and "16,550–21,438" in alone
    assert "| attacker | Soviet Union" in alone


def test_show_has_a_dash_for_a_phase_in_which_nobody_attacks(call: Any) -> None:
    said = call("show", "khalkhin-gol-1939").out
    (truce,) = [line for line in said.splitlines() if line.startswith("| truce")]
    assert truce.split("|")[5].strip() == "–"


def test_an_unknown_phase_is_told_with_the_nearest(call: Any) -> None:
    said = call("run", FILE, "--phase", "secnd")
    assert said.code == 2
    assert "did you mean 'second'?" in said.err
