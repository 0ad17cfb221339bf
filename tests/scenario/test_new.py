"""What `new` writes is a sound campaign of nobody's war, and runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandtable
from sandtable.errors import InputError
from sandtable.evidence import check_register
from sandtable.scenario import check_scenario, describe
from sandtable.scenario.new import write_campaign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_campaign("river-war", tmp_path / "river-war")
    return tmp_path / "river-war"


def test_it_is_sound_with_its_register_and_each_variant(folder: Path) -> None:
    scenario = check_scenario(folder)
    sizes = describe(scenario).sizes
    assert (sizes["places"], sizes["axes"]) == (6, 2)
    assert {side.coalition for side in scenario.file.side} == {"attacker", "defender"}
    assert list(scenario.facts_used) == ["river-war-1-division-strength"]
    report = check_register(folder / "register")
    assert (report.problems, report.facts, report.claims) == ([], 1, 1)


def test_it_runs_beside_its_own_record(folder: Path) -> None:
    run = sandtable.load(folder).run(replications=4, seed=1)
    assert [row.outcome for row in run.compare()] == ["captured/market-town"]
    assert run.outcomes["losses/red/personnel/total"].mean() > 0


def test_its_variant_tells_what_the_reserve_is_worth(folder: Path) -> None:
    base, without = (
        sandtable.load(folder, variant=variant).run(replications=40, seed=1)
        for variant in (None, "no-reserve")
    )
    lost = "losses/blue/personnel/total"
    assert base.outcomes[lost].mean() > 1.2 * without.outcomes[lost].mean()


def test_every_file_speaks_of_the_campaign_by_its_name(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name != "schemas":
            assert "$" not in path.read_text("utf-8").replace("$schema", "")
    assert (folder / "register" / "facts" / "river-war.csv").is_file()


def test_a_folder_with_files_is_left_alone(folder: Path) -> None:
    (folder / "scenario.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="found files in it; allowed: a new or empty folder"):
        write_campaign("river-war", folder)
    assert (folder / "scenario.toml").read_text("utf-8") == "mine"


def test_a_shipped_campaign_keeps_its_name(tmp_path: Path) -> None:
    for name, _ in sandtable.available():
        with pytest.raises(InputError, match="the name of a shipped campaign"):
            write_campaign(name, tmp_path / "there")


@pytest.mark.parametrize(
    ("name", "nearest"), [("River War", "river-war"), ("../up", "up"), ("a" * 41, "a" * 40)]
)
def test_a_name_that_is_no_id(name: str, nearest: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"did you mean '{nearest}'"):
        write_campaign(name, tmp_path / "there")
    assert not (tmp_path / "there").exists()
