"""A run's folder: whole or not there, the same bytes however it came about."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import fakes
from sandtable import runs
from sandtable.ensemble import Part, Settings, replications, run_parts
from sandtable.errors import InputError, SandtableError

SETTINGS = Settings(60, seed=3)
NAMES = (fakes.OUTCOMES, fakes.SERIES)
INPUTS = runs.Inputs("scenario/toy.toml", None, None, {"scenario/toy.toml": b"[scenario]"})


class Stop(Exception):
    pass


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


def identity(settings: Settings = SETTINGS) -> dict[str, Any]:
    request = runs.Request("/somewhere/toy", overrides=("a.b=1",)).of_verb("run", settings)
    return runs.identity(request, fakes.Scenario(), settings, {})  # type: ignore[arg-type]


def write(
    path: Path,
    settings: Settings = SETTINGS,
    *,
    stop_after: int | None = None,
    **how: Any,
) -> runs.RunResults:
    written = 0

    def on_part(part: Part) -> None:
        nonlocal written
        folder.write(part)
        written += 1
        if written == stop_after:
            raise Stop

    with runs.RunFolder(path, identity(settings), **how) as folder:
        if folder.finished:
            return runs.load_results(path)
        run_parts(fakes.Scenario(), settings, skip=folder.done, on_part=on_part)  # type: ignore[arg-type]
        folder.merge(NAMES, "name = 'toy'\n")
        return folder.finish(INPUTS, jobs=1)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two columns are the same; NaN is itself."""
    return repr(one.tolist()) == repr(other.tolist())


def contents(path: Path) -> dict[str, bytes]:
    files = {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file()
    }
    manifest = json.loads(files["manifest.json"])
    del manifest["times"]
    files["manifest.json"] = json.dumps(manifest).encode()
    return files


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    results = write(tmp_path / "run")
    parts = runs.InMemoryRun(NAMES)
    run_parts(fakes.Scenario(), SETTINGS, on_part=parts.write)  # type: ignore[arg-type]
    held = parts.results(identity())
    assert list(results.outcomes) == list(fakes.OUTCOMES)
    for name in fakes.OUTCOMES:
        assert np.array_equal(results.outcomes[name], held.outcomes[name], equal_nan=True)
    assert np.array_equal(results.timeline, held.timeline)
    assert results.timeline.shape == (60, fakes.DAYS + 1, 2)
    assert results.series == held.series == fakes.SERIES
    assert results.events == held.events
    assert list(results.battles) == list(held.battles)
    for name, values in results.battles.items():
        assert same(values, held.battles[name]) and len(values) == results.battles.rows == 120
    for number in (0, 1, 2, 59):
        rows = results.battles.of_replication(number)
        assert repr(rows) == repr(held.battles.of_replication(number))
        assert [row["replication"] for row in rows] == [number] * (number % 3 * 2)
    assert results.events[0]["text"] == "überraschend"
    with pytest.raises(KeyError):
        results.outcomes["replication"]


def test_chosen_outcomes_are_held_alone() -> None:
    whole, chosen = runs.InMemoryRun(NAMES), runs.InMemoryRun(NAMES, fakes.OUTCOMES[1:])
    parts: list[Part] = []
    run_parts(fakes.Scenario(), SETTINGS, on_part=parts.append)  # type: ignore[arg-type]
    for part in parts:
        whole.write(part)
        chosen.write(part)
    held, some = whole.results(identity()), chosen.results(identity())
    assert tuple(some.outcomes) == fakes.OUTCOMES[1:]
    for name, values in some.outcomes.items():
        assert np.array_equal(values, held.outcomes[name], equal_nan=True)
    assert (some.series, some.timeline.size, some.events) == ((), 0, held.events)
    assert some.battles.rows == 0 < held.battles.rows


@pytest.mark.verify
def test_memory_grows_by_the_outcomes_chosen_and_no_more() -> None:
    names = tuple(str(k) for k in range(400))
    held, size, count = runs.InMemoryRun((names, names), names[:5]), 25, 400
    tracemalloc.start()
    for number in range(count):
        outcomes, timeline = np.ones((size, 400)), np.ones((size, 20, 400), dtype=np.float32)
        held.write(Part(number * size, outcomes, timeline, 0))
    results = held.results({**identity(), "replications": size * count})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(results.numbers) == len(results.outcomes["4"]) == size * count
    # Parts and their joined columns: 0.8 MB; one outcome more of all would be 32 MB.
    assert peak < 4e6


def test_only_the_run_itself_is_left(tmp_path: Path) -> None:
    write(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "battles.parquet",
        "events.jsonl",
        "inputs",
        "manifest.json",
        "outcomes.parquet",
        "scenario.resolved.toml",
        "timeline.parquet",
    ]


def test_columns_carry_unit_and_meaning(tmp_path: Path) -> None:
    write(tmp_path / "run")
    fields = pq.read_schema(tmp_path / "run/outcomes.parquet")
    told = {field.name: field.metadata for field in fields if field.metadata}
    assert told["captured/hailar"][b"unit"] == b"day"
    assert b"hailar changes hands" in told["captured/hailar"][b"description"]
    series = pq.read_schema(tmp_path / "run/timeline.parquet")
    assert series.names == ["replication", "day", *fakes.SERIES]
    assert series.field("front/36-army").metadata[b"unit"] == b"km"


def test_a_run_begun_by_an_older_version_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=3)
    with runs.RunFolder(tmp_path / "run", identity(), resume=True) as folder:
        for name in folder.saved:
            arrays = {key: folder.saved_array(name, key) for key in ("outcomes", "timeline")}
            folder.save(name, **arrays)
    with pytest.raises(SandtableError, match="that kept no battles; use --overwrite"):
        write(tmp_path / "run", resume=True)


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_a_resumed_run_is_the_same_bytes(tmp_path: Path, stop_after: int) -> None:
    write(tmp_path / "whole")
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=stop_after)
    assert not (tmp_path / "run").exists()
    with pytest.raises(SandtableError, match="holds an interrupted run; use --resume"):
        write(tmp_path / "run")
    write(tmp_path / "run", resume=True)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_resuming_runs_only_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=2)
    with runs.RunFolder(tmp_path / "run", identity(), resume=True) as folder:
        assert folder.done == {0, 25}


def test_a_half_written_part_is_no_part(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=1)
    (tmp_path / "run.partial/parts/.part-00000025.npz.1234abcd.draft").write_bytes(b"PK")
    write(tmp_path / "whole")
    write(tmp_path / "run", resume=True)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


@pytest.mark.parametrize("stopped_at", ["shutil.rmtree", "os.rename"])
@pytest.mark.parametrize("over", [False, True])
def test_a_run_stopped_in_its_last_moment_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: str, over: bool
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise Stop

    if over:
        write(tmp_path / "run", Settings(30, seed=4))
    write(tmp_path / "whole")
    with monkeypatch.context() as patch, pytest.raises(Stop):
        patch.setattr(stopped_at, stop)
        write(tmp_path / "run", overwrite=over)
    if over:
        (tmp_path / "run").rename(tmp_path / "put-aside")
    with pytest.raises(SandtableError, match="holds an interrupted run; use --resume"):
        write(tmp_path / "run")
    with pytest.raises(SandtableError, match="seed: 3 there, 4 here"):
        write(tmp_path / "run", Settings(60, seed=4), resume=True)
    monkeypatch.setattr(replications, "run_points", stop)
    write(tmp_path / "run", resume=True)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
    left = ["put-aside", "run", "whole"] if over else ["run", "whole"]
    assert sorted(path.name for path in tmp_path.iterdir()) == left


def test_no_draft_outlives_a_killed_run(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "run", stop_after=1)
    (tmp_path / "run.partial/.failures.csv.1234abcd.draft").write_bytes(b"repl")
    write(tmp_path / "run", resume=True)
    assert not list((tmp_path / "run").rglob("*.draft"))


def test_a_finished_run_is_refused_resumed_or_replaced(tmp_path: Path) -> None:
    write(tmp_path / "run")
    before = (tmp_path / "run/manifest.json").stat().st_mtime_ns
    with pytest.raises(SandtableError, match="holds a finished run"):
        write(tmp_path / "run")
    write(tmp_path / "run", resume=True)
    assert (tmp_path / "run/manifest.json").stat().st_mtime_ns == before
    with pytest.raises(SandtableError, match="only one of the two"):
        write(tmp_path / "run", resume=True, overwrite=True)
    other = write(tmp_path / "run", Settings(30, seed=4), overwrite=True)
    assert len(other.outcomes["captured/hailar"]) == 30
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("stop_after", [1, None])
def test_another_run_is_not_resumed(tmp_path: Path, stop_after: int | None) -> None:
    if stop_after:
        with pytest.raises(Stop):
            write(tmp_path / "run", stop_after=stop_after)
    else:
        write(tmp_path / "run")
    with pytest.raises(SandtableError, match=r"a different run(.|\n)*  seed: 3 there, 4 here"):
        write(tmp_path / "run", Settings(60, seed=4), resume=True)


def test_a_strangers_folder_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/mother.txt").write_text("Dear mother", encoding="utf-8")
    with pytest.raises(InputError, match="the folder of a finished run"):
        write(tmp_path / "letters", overwrite=True)
    assert (tmp_path / "letters/mother.txt").read_text(encoding="utf-8") == "Dear mother"


def test_two_processes_cannot_write_one_run(tmp_path: Path) -> None:
    with (
        runs.RunFolder(tmp_path / "run", identity()),
        pytest.raises(SandtableError, match="another process is writing this run"),
        runs.RunFolder(tmp_path / "run", identity(), resume=True),
    ):
        pass
    with runs.RunFolder(tmp_path / "run", identity(), resume=True):
        pass


def test_manifest_holds_no_path_and_no_time_but_under_its_key(tmp_path: Path) -> None:
    write(tmp_path / "run")
    manifest = runs.load_results(tmp_path / "run").manifest
    assert manifest["command"] == "sandtable run toy -n 60 --seed 3 --set a.b=1"
    del manifest["times"]  # type: ignore[attr-defined]
    assert "/somewhere" not in json.dumps(manifest)
    assert str(tmp_path) not in json.dumps(manifest)


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder of a finished run"):
        runs.load_results(tmp_path)
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="broken JSON"):
        runs.load_results(tmp_path)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"replications": None}, "0, 0 of them failed"),
        ({"replications": 11}, "11, 0 of them failed"),
        ({"failures": [{"replication": 10, "error": "x"}], "replications": 11}, None),
        ({"failures": [{"replication": 11, "error": "x"}], "replications": 11}, "11, 1 of them"),
    ],
)
def test_a_manifest_of_other_replications_than_the_tables(
    tmp_path: Path, changed: dict[str, Any], found: str | None
) -> None:
    write(tmp_path / "run", Settings(10))
    path = tmp_path / "run" / "manifest.json"
    manifest = {**json.loads(path.read_text(encoding="utf-8")), **changed}
    if manifest["replications"] is None:
        del manifest["replications"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    if found is None:
        assert runs.load_results(tmp_path / "run").numbers.tolist() == list(range(10))
        return
    with pytest.raises(InputError, match=f"{found}.*allowed: 10 that did not fail"):
        runs.load_results(tmp_path / "run")
