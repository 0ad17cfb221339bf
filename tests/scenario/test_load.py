from __future__ import annotations

import shutil
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandtable import shipped as shipped_files
from sandtable.errors import InputError
from sandtable.mechanisms import Mechanisms
from sandtable.scenario import available, check_scenario, load_scenario
from sandtable.scenario.load import ScenarioSource


@pytest.fixture
def shipped(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of shipped scenarios: one file and one folder."""
    root = tmp_path / "scenarios"
    (root / "long-campaign").mkdir(parents=True)
    shutil.copy(small, root / "short-campaign.toml")
    shutil.copy(small, root / "long-campaign" / "all.toml")
    monkeypatch.setattr(shipped_files, "scenarios_root", lambda: root)
    return root


def _split(path: Path, folder: Path) -> None:
    """Write a scenario as three files: header, places and legs, all the rest."""
    text = path.read_text()
    sides, places = text.index("[[side]]"), text.index("[[place]]")
    rest = text.index("[[establishment]]")
    folder.mkdir()
    (folder / "1-header.toml").write_text(text[:sides])
    (folder / "2-places.toml").write_text(text[places:rest])
    (folder / "3-rest.toml").write_text(text[sides:places] + text[rest:])


def _message(error: pytest.ExceptionInfo[InputError]) -> str:
    return str(error.value)


def test_scenario_carries_what_its_file_says(load) -> None:
    scenario = load()
    assert scenario.name == "small"
    assert scenario.calendar.h_hour == datetime.fromisoformat("1938-08-06T00:00:00+10:00")
    assert scenario.calendar.zone.utcoffset(None) == timedelta(hours=10)
    assert scenario.mechanisms == Mechanisms()
    assert [variant.id for variant in scenario.variants] == ["weak", "late"]
    assert len(scenario.digest) == 64
    assert scenario.facts_used["t-attack"] == ("order.retake.when",)


def test_folder_is_merged(load, small: Path, tmp_path: Path) -> None:
    _split(small, tmp_path / "merged")
    merged, single = load(tmp_path / "merged"), load(small)
    assert merged.name == "merged"
    assert merged.sampler.uncertain == single.sampler.uncertain
    assert merged.sampler.central().formations == single.sampler.central().formations


def test_fault_in_a_folder_names_its_file(load, minimal: Path, tmp_path: Path) -> None:
    folder = tmp_path / "merged"
    folder.mkdir()
    shutil.copy(minimal, folder / "a.toml")
    (folder / "b.toml").write_text(
        '[scenario]\ntitle = "Another"\n\n'
        '[[weather]]\nid = "coast"\nplaces = ["sea"]\nrain = {assumed = 0.4, because = "x"}\n'
        '[[place]]\nid = "hill"\nname = "Hill"\nlat = 1\nlon = 1\nkind = "town"\nowner = "ussr"\n'
    )
    with pytest.raises(InputError) as caught:
        load(folder)
    a, b = folder / "a.toml", folder / "b.toml"
    assert _message(caught).splitlines() == [
        f"{b}: place.hill: found a second [[place]] of this name, first in {a}; "
        "allowed: a name used once",
        f"{b}: scenario: found a second [scenario], first in {a}; "
        "allowed: [scenario] in one file only",
        f"{b}: weather.coast.places: found 'sea'; allowed: a place of this scenario: camp, hill",
    ]


def test_every_unreadable_file_of_a_folder_is_told(load, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    (tmp_path / "b.toml").write_text("a = [")
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert [problem.key for problem in caught.value.problems] == ["encoding", "end of file"]


def test_folder_without_toml(load, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert _message(caught) == (
        f"{tmp_path}: folder: found no TOML file; allowed: at least one file *.toml"
    )


def test_file_too_large(load, tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError) as caught:
        load(path)
    assert _message(caught) == f"{path}: file: found 50.0 MB; allowed: a TOML file of at most 5 MB"


def test_shipped_scenarios_by_name(shipped: Path, register: Path) -> None:
    title = "A small attack on a hill"
    assert available() == [("long-campaign", title), ("short-campaign", title)]
    assert load_scenario("long-campaign", register_root=register).name == "long-campaign"


def test_misspelt_name_is_answered_with_the_nearest(shipped: Path, register: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario("short-campain", register_root=register)
    assert _message(caught) == (
        "short-campain: scenario: found no such scenario; allowed: the path of a TOML file or of "
        "a folder of them, or one of long-campaign, short-campaign; "
        "did you mean 'short-campaign'?"
    )


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "/dev/null", "no/such/file.toml"])
def test_impossible_names(name: str, register: Path) -> None:
    with pytest.raises(InputError):
        load_scenario(name + "\0" if name == "" else name, register_root=register)


def test_unreadable_register_is_told(minimal: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="register: found no such folder"):
        load_scenario(minimal, register_root=tmp_path / "seedz")
    with pytest.raises(InputError, match="register: found a folder with none of its parts"):
        load_scenario(minimal, register_root=tmp_path)
    with pytest.raises(InputError, match="register: found a file"):
        load_scenario(minimal, register_root=minimal)
    (tmp_path / "facts").write_text("no folder")
    with pytest.raises(InputError, match="folder: found a file; allowed: a folder of CSV files"):
        load_scenario(minimal, register_root=tmp_path)


def test_what_is_missing_is_told_of_the_file_with_the_head(
    load, minimal: Path, tmp_path: Path
) -> None:
    text = minimal.read_text()
    (tmp_path / "scenario.toml").write_text(text.partition("[[supply]]")[0])
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {str(tmp_path / "scenario.toml")}


def test_a_folder_in_place_of_a_file_is_told(load, minimal: Path, tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").mkdir()
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    told = f"{tmp_path}/scenario.toml: file: found a folder; allowed: a TOML file"
    assert _message(caught) == told


@pytest.mark.parametrize("changed", [False, True])
def test_a_stray_copy_is_one_fault(load, minimal: Path, tmp_path: Path, changed: bool) -> None:
    """Not one for every table in it; it may have been worked on since."""
    text = minimal.read_text()
    (tmp_path / "scenario.toml").write_text(text)
    more = '\n[[variant]]\nid = "new"\nquestion = "What?"\nwithout = ["fuel"]\n' if changed else ""
    (tmp_path / "scenario copy.toml").write_text(text + more)
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert _message(caught) == (
        f"{tmp_path}/scenario copy.toml: file: found 13 tables that stand in "
        f"{tmp_path}/scenario.toml too; allowed: each table once: is one file a copy?"
    )


def test_recorded_outcomes_are_never_read(
    load, register: Path, minimal: Path, tmp_path: Path
) -> None:
    """A claim's id is no fact's, and the claims' files may hold anything at all."""
    root = tmp_path / "register"
    shutil.copytree(register, root)
    before = load_scenario(minimal, register_root=root)
    (root / "outcomes").mkdir()
    (root / "outcomes" / "lake-khasan-1938.csv").write_bytes(b"t-claimed,\xff\0")
    after = load_scenario(minimal, register_root=root)
    assert (before.digest, before.quantities) == (after.digest, after.quantities)
    assert before.sampler.central() == after.sampler.central()


def test_mechanisms_are_switched_off(load) -> None:
    assert load(without=["fuel"]).mechanisms == Mechanisms(fuel=False)
    assert load(variant="weak").mechanisms == Mechanisms(surprise=False)
    assert load(variant="weak").sampler.central().mechanisms == load(variant="weak").mechanisms


def test_digest_tells_changes_apart(load, small: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text("# a remark\n" + small.read_text())
    digests = [
        load().digest,
        load(without=["fuel"]).digest,
        load(overrides=["scenario.attrition=square"]).digest,
        load(variant="late").digest,
    ]
    assert len(set(digests)) == 4
    assert load(path).digest == digests[0]


def test_unknown_variant(load) -> None:
    with pytest.raises(InputError) as caught:
        load(variant="weka")
    assert _message(caught) == (
        "--variant: found 'weka'; allowed: one of weak, late; did you mean 'weak'?"
    )


def test_check_reads_every_variant(variation, register: Path) -> None:
    path = variation(
        (
            '[[supply]]\nplace = "camp"',
            '[[variant]]\nid = "far"\nquestion = "Farther back?"\n'
            'set = {"formation.19-division.start" = "moon"}\n\n[[supply]]\nplace = "camp"',
        )
    )
    assert load_scenario(path, register_root=register).variants
    with pytest.raises(InputError) as caught:
        check_scenario(path, register_root=register)
    assert _message(caught) == (
        f"{path}: variant.far: formation.19-division.start: found 'moon'; "
        "allowed: a place of this scenario: camp, hill"
    )


def test_valid_inputs_are_plain_toml(small: Path) -> None:
    assert set(tomllib.loads(small.read_text())) >= {"scenario", "place", "leg", "axis"}


def test_a_source_read_once_makes_each_change_by_itself(small: Path, register: Path) -> None:
    source = ScenarioSource.read(small, register)
    formation = next(entry.key for entry in source.entries if entry.table == "formation")
    before = source.scenario()
    changes = [
        {"overrides": [f"{formation}.effectiveness=0.11"]},
        {"overrides": ["scenario.attrition=square"]},
        {"without": ["air"]},
    ]
    for change in changes:
        alone = load_scenario(small, register_root=register, **change)  # type: ignore[arg-type]
        assert source.scenario(**change).digest == alone.digest != before.digest  # type: ignore[arg-type]
        assert source.scenario(**change).sampler.central() == alone.sampler.central()  # type: ignore[arg-type]
    after = source.scenario()
    assert (after.digest, after.quantities) == (before.digest, before.quantities)


def test_faults_of_one_change_are_not_those_of_the_next(small: Path, register: Path) -> None:
    source = ScenarioSource.read(small, register)
    with pytest.raises(InputError) as first:
        source.scenario(overrides=["nothing.at.all=1"])
    with pytest.raises(InputError) as second:
        source.scenario(overrides=["scenario.attrition=none"])
    assert [problem.key for problem in first.value.problems] == ["nothing.at.all"]
    assert [problem.key for problem in second.value.problems] == ["scenario.attrition"]
    source.scenario()
