"""A folder made again from what it keeps, far from where it was made: every byte the same."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandtable import Request, RunOptions, Settings, load
from sandtable.campaign import Campaign, CampaignRun
from sandtable.errors import InputError, SandtableError
from sandtable.shipped import scenarios_root
from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy
from sandtable.studies.rerun import differing_files, rerun
from sandtable.studies.sensitivity import SensitivitySpecification, SensitivityStudy
from sandtable.studies.vary import VarySpecification, VaryStudy

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
KEY = "formation.9-division.personnel"
OVERLAY = '"formation.1-division.effectiveness" = {assumed = [0.7, 0.9], because = "b"}\n'

Work = Callable[[Request, Path], object]


def run(request: Request, out: Path) -> None:
    Campaign.of(request).run(10, 3, step_days=0.2, out=out)


def run_until(request: Request, out: Path) -> None:
    campaign = Campaign.of(request)
    campaign.run(
        25, 3, until=campaign.stopping_rule(0.05, ["losses/*/personnel/total"], 75), out=out
    )


def vary(request: Request, out: Path) -> None:
    asked = VarySpecification((f"{KEY}=4000..5000",), "lhs", 3, ("captured/*",))
    VaryStudy(request, Settings(4, seed=3), asked).run(out)


def sensitivity(request: Request, out: Path) -> None:
    asked = SensitivitySpecification(4, 1, 64, 2, outcomes=("captured/hill",))
    SensitivityStudy(request, Settings(1, seed=3), asked).run(out)


def calibrate(request: Request, out: Path) -> None:
    asked = CalibrationSpecification(
        (f"{KEY}=1000..30000",), ("losses/*",), ("losses/*=10%",), waves=2, points=5
    )
    CalibrationStudy(request, Settings(3, seed=3), asked).run(out)


def contents(folder: Path) -> dict[str, object]:
    """Every file of a folder; of the manifest all but the times."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    held: dict[str, object] = {str(p.relative_to(folder)): p.read_bytes() for p in files}
    told = json.loads((folder / "manifest.json").read_text())
    del told["times"]
    return held | {"manifest.json": told}


@pytest.fixture
def asked(tmp_path: Path) -> Request:
    """A scenario, a register and an overlay of one's own, with a variant and changed keys."""
    home = tmp_path / "home"
    shutil.copytree(RUNS, home)
    (home / "weak.toml").write_text(OVERLAY)
    return Request(
        str(home / "hill.toml"),
        ("formation.1-division.tanks=55",),
        home / "weak.toml",
        "weak-defence",
        ("fuel", "air"),
        home / "register",
    )


WORKS = [run, run_until, vary, pytest.param(sensitivity, marks=pytest.mark.verify), calibrate]


@pytest.mark.parametrize("work", WORKS)
def test_the_same_bytes_from_anywhere(
    work: Work, asked: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(asked, tmp_path / "one")
    shutil.rmtree(Path(asked.scenario).parent)
    moved = (tmp_path / "elsewhere").resolve()
    moved.mkdir()
    os.rename(tmp_path / "one", moved / "kept")
    monkeypatch.chdir(moved)
    again = rerun(Path("kept"))
    assert again.differences == []
    again.run(Path("again"), RunOptions())
    assert contents(moved / "again") == contents(moved / "kept")
    assert differing_files(moved / "kept", moved / "again") == []


@pytest.mark.verify
@pytest.mark.parametrize("name", ["khalkhin-gol-1939", "sedan-1940"])
def test_a_shipped_campaign_with_its_figures(name: str, tmp_path: Path) -> None:
    def draw(found: CampaignRun, folder: Path) -> list[Path]:
        # In place of figures, all that they are drawn from.
        folder.mkdir()
        ground = found.campaign.scenario.ground
        assert ground is not None
        told = repr((found.compare(), found.unanswered(), ground.read_bytes()))
        (folder / "told.txt").write_text(told)
        return [folder / "told.txt"]

    load(name).run(2, out=tmp_path / "one", options=RunOptions(draw=draw))
    rerun(tmp_path / "one").run(tmp_path / "other", RunOptions(draw=draw))
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    assert "figures/told.txt" in contents(tmp_path / "one")


def test_nothing_of_the_machine_stands_in_a_manifest(asked: Request, tmp_path: Path) -> None:
    run(asked, tmp_path / "one")
    told = (tmp_path / "one/manifest.json").read_text()
    assert str(tmp_path) not in told and "/home" not in told


@pytest.mark.verify
def test_a_folder_of_a_copy_has_the_name_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(scenarios_root() / "sedan-1940", tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    load(".").run(2, out=tmp_path / "one")
    rerun(tmp_path / "one").run(tmp_path / "other", RunOptions())
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    command = contents(tmp_path / "one")["manifest.json"]["command"]  # type: ignore[index]
    assert command == "sandtable run mine -n 2 --seed 1"


def altered(folder: Path, **changed: Any) -> Path:
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    for key, value in changed.items():
        told[key] = told[key] | value if isinstance(value, dict) else value
    path.write_text(json.dumps(told))
    return folder


def test_what_is_otherwise_here_is_told(asked: Request, tmp_path: Path) -> None:
    run(asked, tmp_path / "one")
    folder = altered(
        tmp_path / "one",
        versions={"sandtable": "0.0.9"},
        digests={"coefficients": "c0"},
        map={"sha256": "d0"},
    )
    told = rerun(folder).differences
    assert [line.partition(":")[0] for line in told] == [
        "digests.coefficients", "map.sha256", "versions.sandtable",
    ]  # fmt: skip
    assert '"0.0.9" there' in told[2]


def test_differing_files_are_found(asked: Request, tmp_path: Path) -> None:
    run(asked, tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    altered(tmp_path / "other", times={"jobs": 7})
    assert differing_files(tmp_path / "one", tmp_path / "other") == []
    altered(tmp_path / "other", seed=4)
    (tmp_path / "other/events.jsonl").unlink()
    (tmp_path / "other/more.txt").write_text("more")
    found = differing_files(tmp_path / "one", tmp_path / "other")
    assert found == ["events.jsonl", "manifest.json", "more.txt"]


def test_a_folder_of_another_verb_is_refused(asked: Request, tmp_path: Path) -> None:
    run(asked, tmp_path / "one")
    with pytest.raises(InputError, match="verb: found 'march'; allowed: one of run, vary"):
        rerun(altered(tmp_path / "one", verb="march"))


GONE = object()
STRANGE = [GONE, None, -1, 0.5, True, "x", [], ["x"], [None], {}, {"a": 1}, float("nan"), 10**400]


@pytest.mark.parametrize("strange", [STRANGE[::5], pytest.param(STRANGE, marks=pytest.mark.verify)])
@pytest.mark.parametrize("work", WORKS)
def test_any_field_may_hold_anything(
    work: Work, strange: list[object], asked: Request, tmp_path: Path
) -> None:
    work(asked, tmp_path / "one")
    path = tmp_path / "one/manifest.json"
    sound = json.loads(path.read_text())
    refused = 0
    for at in fields_of(sound):
        for value in strange:
            path.write_text(json.dumps(with_field(sound, at, value)))
            try:
                again = rerun(tmp_path / "one")
                assert again.total > 0 and isinstance(again.differences, list)
            except SandtableError:
                refused += 1
    assert refused > len(strange) * len(sound) / 4


def fields_of(manifest: dict[str, Any]) -> list[tuple[str, ...]]:
    """The paths of a manifest's fields, and of those of its objects and what these hold."""
    below = [
        (name, key) for name, held in manifest.items() if isinstance(held, dict) for key in held
    ]
    # The names of files and what is only told to a reader are of no account here.
    spared = {"times", "named", "files", "versions", "reached"}
    return [at for at in [*((name,) for name in manifest), *below] if at[0] not in spared]


def with_field(tree: dict[str, Any], at: tuple[str, ...], value: object) -> dict[str, Any]:
    if len(at) > 1:
        return tree | {at[0]: with_field(tree[at[0]], at[1:], value)}
    rest = {name: held for name, held in tree.items() if name != at[0]}
    return rest if value is GONE else rest | {at[0]: value}


@pytest.mark.parametrize(
    ("at", "value", "told"),
    [
        (("part_size",), GONE, "part_size: found nothing; allowed: a whole number from 1"),
        (("replications",), GONE, "replications: found nothing; allowed: a whole number from 1"),
        (("specification",), GONE, "specification: found nothing; allowed: an object"),
        (("specification", "keys"), GONE, "specification.keys: found nothing; allowed: a value"),
        (("specification", "points"), "x", "specification.points: found 'x'; allowed: a valid int"),
        (("specification", "point"), 3, "specification.point: found an unknown field"),
        (("inputs", "overlay"), GONE, "inputs: found dict; allowed: an object of scenario"),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_told(
    at: tuple[str, ...], value: object, told: str, asked: Request, tmp_path: Path
) -> None:
    vary(asked, tmp_path / "one")
    path = tmp_path / "one/manifest.json"
    path.write_text(json.dumps(with_field(json.loads(path.read_text()), at, value)))
    with pytest.raises(InputError, match=re.escape(told)):
        rerun(tmp_path / "one")
