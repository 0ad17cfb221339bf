"""The worked example of another war loads and runs; tests/test_any_war.py holds the code to it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

import sandtable
from sandtable.campaign import CampaignRun
from sandtable.cli import main
from sandtable.evidence.check import check_register
from sandtable.scenario import load_scenario

NAME = "sedan-1940"
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / NAME
PAGE = ROOT / "docs" / "campaigns" / f"{NAME}.md"
SIDES = ("germany", "france", "belgium")
VARIANTS = ("attack-on-the-flank", "regulars-on-the-meuse", "no-air")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture(scope="module")
def run() -> CampaignRun:
    return sandtable.load(NAME).run(replications=2, seed=1)


def test_it_and_its_variants_load() -> None:
    base = load_scenario(NAME).sampler.central()
    assert tuple(side.id for side in base.sides) == SIDES
    for variant in VARIANTS:
        assert load_scenario(NAME, variant=variant).sampler.central() != base


def test_its_register_is_sound() -> None:
    report = check_register(FOLDER / "register")
    assert report.problems == []
    assert (report.facts, report.claims) == (51, 31)


def test_every_axis_gains_ground_and_takes_its_first_place(run: CampaignRun) -> None:
    for axis in load_scenario(NAME).sampler.central().axes:
        assert (run.results.daily[f"front/{axis.id}"][:, -1] > 0.0).all()
        assert np.isfinite(run.outcomes[f"captured/{axis.places[1]}"]).all()


def test_nobody_appears_or_vanishes(run: CampaignRun) -> None:
    for side in SIDES:
        strength = run.results.daily[f"strength/{side}/personnel"]
        gone = sum(run.outcomes[f"losses/{side}/personnel/{k}"] for k in ("total", "deserted"))
        assert strength[:, -1] + gone == pytest.approx(strength[:, 0], rel=1e-5)


def test_every_claim_is_answered(run: CampaignRun) -> None:
    assert run.unanswered() == []
    assert len(run.compare()) == 31


@pytest.mark.verify
def test_the_commands_of_its_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        with pytest.raises(SystemExit) as left:
            main(shlex.split(command.replace("-n 200", "-n 2 --jobs 1 --no-figures"))[1:])
        assert not left.value.code, command
