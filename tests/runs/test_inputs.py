"""What a folder keeps of what it was made from, and the request that is made of it again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sandtable import InputError, Request, load
from sandtable.runs import INPUTS, Inputs, kept_request
from sandtable.shipped import register_root, scenarios_root

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
SEDAN = scenarios_root() / "sedan-1940"


def put(folder: Path, inputs: Inputs) -> None:
    for name, content in inputs.files.items():
        path = folder / INPUTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def manifest(inputs: Inputs) -> dict[str, object]:
    changes = {"overrides": ["a.b=1"], "variant": None, "without": ["fuel", "air"]}
    return {**changes, "inputs": inputs.manifest()}


def test_a_file_is_kept_with_its_register_and_overlay(tmp_path: Path) -> None:
    overlay = tmp_path / "weak.toml"
    overlay.write_text('"formation.9-division.personnel" = {assumed = 6000, because = "b"}\n')
    inputs = load(RUNS / "hill.toml", overlay=overlay, register=RUNS / "register").inputs
    assert inputs.files == {
        "scenario/hill.toml": (RUNS / "hill.toml").read_bytes(),
        "overlay/weak.toml": overlay.read_bytes(),
        **{
            f"register/register/{path.relative_to(RUNS / 'register').as_posix()}": path.read_bytes()
            for path in (RUNS / "register").rglob("*.*")
        },
    }


def test_a_folder_is_kept_with_its_map_and_own_register() -> None:
    kept = load(SEDAN).inputs.files
    there = {path for path in SEDAN.rglob("*") if path.is_file()}
    assert kept == {
        f"scenario/sedan-1940/{path.relative_to(SEDAN).as_posix()}": path.read_bytes()
        for path in there
    }


def test_of_the_shipped_register_the_claims_of_other_campaigns_are_left_out() -> None:
    inputs = load("khalkhin-gol-1939").inputs
    at = "scenario/khalkhin-gol-1939/register"
    claims = [name for name in inputs.files if name.startswith(f"{at}/outcomes/")]
    assert claims == [f"{at}/outcomes/khalkhin-gol-1939.csv"]
    facts = {path.name for path in (register_root() / "facts").glob("*.csv")}
    held = {name.rpartition("/")[2] for name in inputs.files if f"{at}/facts/" in name}
    assert held == facts


def test_they_stay_as_they_were_when_the_work_began(tmp_path: Path) -> None:
    path = Path(shutil.copy(RUNS / "hill.toml", tmp_path))
    campaign = load(path, register=RUNS / "register")
    before = path.read_bytes()
    assert campaign.inputs.files["scenario/hill.toml"] == before
    path.write_text("nothing any more")
    assert campaign.inputs.files["scenario/hill.toml"] == before


def test_the_request_of_a_folder_says_the_same_command(tmp_path: Path) -> None:
    overlay = tmp_path / "weak.toml"
    overlay.write_text("")
    asked = Request(
        str(RUNS / "hill.toml"), ("a.b=1",), overlay, None, ("fuel", "air"), RUNS / "register"
    )
    inputs = load(asked.scenario, overlay=overlay, register=asked.register).inputs
    put(tmp_path / "run", inputs)
    again = kept_request(tmp_path / "run", manifest(inputs))
    assert again.command == asked.command
    assert again.scenario == str(tmp_path / "run/inputs/scenario/hill.toml")


@pytest.mark.verify
@pytest.mark.parametrize("name", ["manchuria-1945", "sedan-1940"])
def test_a_shipped_scenario_is_asked_for_by_its_name(name: str, tmp_path: Path) -> None:
    inputs = load(name).inputs
    put(tmp_path, inputs)
    again = kept_request(tmp_path, manifest(inputs))
    assert again.command == Request(name, ("a.b=1",), without=("fuel", "air")).command
    loaded = load(again.scenario)
    assert (loaded.scenario.name, loaded.scenario.digest) == (name, load(name).scenario.digest)
    assert loaded.claims == load(name).claims and again.register is None


def test_another_file_than_was_read_is_refused(tmp_path: Path) -> None:
    inputs = load(RUNS / "hill.toml", register=RUNS / "register").inputs
    put(tmp_path, inputs)
    (tmp_path / "inputs/scenario/hill.toml").write_text("title = 1")
    (tmp_path / "inputs/register/register/sources.toml").unlink()
    with pytest.raises(InputError) as caught:
        kept_request(tmp_path, manifest(inputs))
    told = [(Path(p.file).name, p.found) for p in caught.value.problems]
    assert told == [
        ("sources.toml", "No such file or directory"),
        ("hill.toml", "another file than was read"),
    ]


def test_a_folder_that_keeps_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="inputs: found nothing"):
        kept_request(tmp_path, {"overrides": [], "variant": None, "without": []})
