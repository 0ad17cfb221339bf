"""Any replication of a run comes out again as it did, or it is told why not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sandtable
from sandtable import engine
from sandtable.campaign import Campaign, CampaignRun, Replay
from sandtable.campaign.named import NAMES
from sandtable.ensemble import Settings
from sandtable.runs import RunOptions

RUNS = Path(__file__).parents[1] / "inputs" / "runs"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return sandtable.load(RUNS / "hill.toml", register=RUNS / "register")


@pytest.fixture(scope="module")
def made(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> CampaignRun:
    return campaign.run(12, out=tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture
def folder(made: CampaignRun, tmp_path: Path) -> Path:
    assert made.path is not None
    return Path(shutil.copytree(made.path, tmp_path / "run"))


def test_every_replication_is_the_one_that_was_run(made: CampaignRun, campaign: Campaign) -> None:
    held = campaign.run(12)
    for number in range(12):
        for run in (made, held):
            found = run.replay(number)
            assert found.number == number and found.tracks
            assert repr(found.battles) == repr(made.battles.of_replication(number))
        assert repr(made.replay(number)) == repr(held.replay(number))
    assert made.replay(0).events == made.events == held.replay(0).events


def test_tracks_are_kept_of_the_first_and_the_named(made: CampaignRun, campaign: Campaign) -> None:
    kept = sorted({0, *made.named.values()})
    assert made.tracks.numbers == campaign.run(12).tracks.numbers == kept
    for number in kept:
        assert made.tracks.of_replication(number) == made.replay(number).tracks
    table = made.to_pandas("tracks")
    assert list(table.columns) == list(made.tracks) and len(table) == made.tracks.rows


def test_names_are_the_same_held_and_kept_and_of_an_older_run(
    made: CampaignRun, campaign: Campaign, folder: Path
) -> None:
    assert made.named == made.manifest["named"] == campaign.run(12).named
    assert list(made.named) == list(NAMES)
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    del told["named"]
    path.write_text(json.dumps(told))
    (folder / "tracks.parquet").unlink()
    older = sandtable.open_run(folder)
    assert older.named == made.named and older.replay(0) == made.replay(0)
    with pytest.raises(sandtable.InputError, match="`sandtable rerun` makes one of an older run"):
        older.tracks  # noqa: B018


def test_a_run_of_one_has_names_too(campaign: Campaign) -> None:
    run = campaign.run(1)
    assert set(run.named.values()) == {0} and run.tracks.numbers == [0]


def test_a_run_that_holds_only_some_outcomes_says_so(campaign: Campaign) -> None:
    run = campaign.run(2, only=["captured/hill"])
    with pytest.raises(sandtable.SandtableError, match="run without only"):
        run.named  # noqa: B018
    assert run.replay(1).tracks


def test_a_replication_that_is_not_there(made: CampaignRun) -> None:
    said = r"replication: found 12; allowed: one of the run's, 0 to 11$"
    with pytest.raises(sandtable.SandtableError, match=said):
        made.replay(12)


def test_a_replication_that_failed(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = engine.run

    def run(*given: object, replication: int, **how: object) -> engine.Run:
        if replication in (0, 3):
            raise RuntimeError("a fault")
        return real(*given, replication=replication, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "run", run)
    run_ = campaign.run(5, out=tmp_path / "run", options=RunOptions(keep_failures=True))
    assert list(run_.named) == list(NAMES) and set(run_.named.values()) <= {1, 2, 4}
    assert run_.tracks.numbers == sorted(set(run_.named.values()))
    with pytest.raises(sandtable.SandtableError, match=r"found 3; .* those that failed \(0, 3\)"):
        run_.replay(3)


def change(folder: Path, number: int, name: str) -> None:
    """Let a replication have another outcome than it had."""
    path = folder / "outcomes.parquet"
    table = pq.read_table(path)
    values = table[name].to_numpy().copy()
    values[number] += 1.0
    place = table.schema.get_field_index(name)
    pq.write_table(table.set_column(place, table.schema.field(name), [values]), path)


def test_what_comes_out_otherwise_is_an_error(folder: Path) -> None:
    change(folder, 5, "losses/japan/personnel/total")
    run = sandtable.open_run(folder)
    assert run.replay(4).number == 4
    with pytest.raises(sandtable.SandtableError) as caught:
        run.replay(5)
    said = str(caught.value)
    assert "replication 5: played again it differs from the run in 1 of" in said
    assert "losses/japan/personnel/total" in said and "inputs and versions are the same" in said


def test_the_error_names_what_it_rests_on(folder: Path) -> None:
    change(folder, 5, "losses/japan/personnel/total")
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    told["versions"]["numpy"] = "0.1"
    told["digests"]["planning"] = "f" * 64
    path.write_text(json.dumps(told))
    with pytest.raises(sandtable.SandtableError) as caught:
        sandtable.open_run(folder).replay(5)
    said = str(caught.value)
    assert f'versions.numpy: "0.1" there, "{np.__version__}" here' in said
    assert 'digests.planning: "ffff' in said


def test_a_step_of_ones_own_is_kept(campaign: Campaign) -> None:
    run = campaign.run(3, seed=7, step_days=0.25)
    assert repr(run.replay(2).battles) == repr(run.battles.of_replication(2))
    settings = Settings(3, 7)
    assert settings.step_days != run.manifest["step_days"] == 0.25


def test_the_last_replications_that_were_asked_for_are_held(
    made: CampaignRun, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[int] = []

    def again(campaign: Campaign, manifest: object, number: int, kept: object) -> Replay:
        played.append(number)
        return Replay(number, [], [], [])

    monkeypatch.setattr("sandtable.campaign.run.played_again", again)
    run = CampaignRun(made.results, campaign)
    for number in (*range(1, 10), 9, 2, 1):
        assert run.replay(number).number == number
    assert played == [*range(1, 10), 1]


def test_tracks_that_were_cut_short_are_written_again(campaign: Campaign, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def cut(report: Path, run: CampaignRun) -> Path:
        tracks = report.parent / "tracks.parquet"
        tracks.write_bytes(tracks.read_bytes()[:-100])
        raise Stop

    where = tmp_path / "run"
    with pytest.raises(Stop):
        campaign.run(3, out=where, options=RunOptions(report=cut))
    run = campaign.run(3, out=where, options=RunOptions(resume=True))
    assert run.tracks.numbers == sorted({0, *run.named.values()})


@pytest.mark.verify
@pytest.mark.processes
def test_the_same_bytes_of_two_processes_and_resumed(campaign: Campaign, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(part: object) -> None:
        raise Stop

    where = tmp_path / "resumed"
    with pytest.raises(Stop):
        campaign.run(60, out=where, options=RunOptions(on_part=stop))
    one = campaign.run(60, out=tmp_path / "one")
    campaign.run(60, out=where, options=RunOptions(resume=True))
    campaign.run(60, jobs=2, out=tmp_path / "two")
    for other in (where, tmp_path / "two"):
        assert sandtable.open_run(other).manifest["named"] == one.named
        kept = [folder / "tracks.parquet" for folder in (tmp_path / "one", other)]
        assert kept[0].read_bytes() == kept[1].read_bytes()
