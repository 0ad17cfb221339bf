"""A vary study: paired, the same however it was worked, and told with all its faults."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import sandtable
from sandtable import Request, RunOptions
from sandtable.ensemble import Part, ReplicationsFailed, Settings
from sandtable.errors import SandtableError
from sandtable.figures import draw_vary
from sandtable.studies.vary import VarySpecification, VaryStudy

RUNS = Path(__file__).parents[2] / "inputs" / "runs"
HILL = Request(str(RUNS / "hill.toml"), register=RUNS / "register")
KEY = "formation.9-division.effectiveness"
LOSSES = "losses/ussr/personnel/total"


def hill(*keys: str, n: int = 6, jobs: int = 1, outcomes: tuple[str, ...] = ()) -> VaryStudy:
    return VaryStudy(HILL, Settings(n, 1, jobs), VarySpecification(keys, outcomes=outcomes))


def contents(folder: Path) -> dict[str, bytes]:
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    manifest = json.loads(files["manifest.json"])
    del manifest["times"]
    return files | {"manifest.json": json.dumps(manifest).encode()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_point_is_the_run_of_the_same_change(tmp_path: Path) -> None:
    hill(f"{KEY}=0.3,0.9").run(tmp_path / "vary")
    table = pq.read_table(tmp_path / "vary/outcomes.parquet").to_pydict()
    for point, value in enumerate((0.3, 0.9)):
        campaign = sandtable.load(
            RUNS / "hill.toml", register=RUNS / "register", overrides=[f"{KEY}={value}"]
        )
        alone = campaign.run(6, 1).outcomes[LOSSES]
        found = [v for p, v in zip(table["point"], table[LOSSES], strict=True) if p == point]
        assert found == alone.tolist()


def test_the_table_says_what_the_replications_say(tmp_path: Path) -> None:
    hill(f"{KEY}=0.3,0.9", n=8).run(tmp_path / "vary")
    table = pq.read_table(tmp_path / "vary/outcomes.parquet")
    values = np.array(table.column(LOSSES).to_pylist()).reshape(2, 8)
    row = next(
        row
        for row in rows(tmp_path / "vary/table.csv")
        if (row["outcome"], row["point"]) == (LOSSES, "1")
    )
    delta = values[1] - values[0]
    assert row[KEY] == "0.9"
    assert float(row["n"]) == 8
    assert float(row["mean"]) == pytest.approx(values[1].mean(), rel=1e-6)
    assert float(row["p25"]) == pytest.approx(np.quantile(values[1], 0.25), rel=1e-6)
    assert float(row["difference"]) == pytest.approx(delta.mean(), rel=1e-6)
    error = delta.std(ddof=1) / 8**0.5
    assert float(row["difference_mc_error"]) == pytest.approx(error, rel=1e-6)
    assert (row["claim"], row["record_low"], row["record_high"]) == ("aa-losses", "500", "900")
    assert table.schema.field(LOSSES).metadata[b"unit"] == b"person"


@pytest.mark.verify
@pytest.mark.processes
def test_jobs_and_interruptions_change_no_byte(tmp_path: Path) -> None:
    keys = f"{KEY}=0.3,0.9", "without=none,cohesion"
    whole = hill(*keys, n=30)
    whole.run(tmp_path / "whole", RunOptions(draw=draw_vary))
    hill(*keys, n=30, jobs=2).run(tmp_path / "two", RunOptions(draw=draw_vary))

    class Stopped(Exception):
        pass

    done = 0

    def stop(part: Part) -> None:
        nonlocal done
        done += 1
        if done == 3:
            raise Stopped

    with pytest.raises(Stopped):
        whole.run(tmp_path / "again", RunOptions(draw=draw_vary, on_part=stop))
    with pytest.raises(SandtableError, match="use --resume to continue it"):
        whole.run(tmp_path / "again")
    resumed: list[Part] = []
    whole.run(tmp_path / "again", RunOptions(resume=True, draw=draw_vary, on_part=resumed.append))
    assert len(resumed) == 4 * 2 - 3
    assert contents(tmp_path / "whole") == contents(tmp_path / "two")
    assert contents(tmp_path / "whole") == contents(tmp_path / "again")


def test_points_worked_a_few_at_a_time_keep_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = hill(f"{KEY}=0.3..0.9:5", n=3)
    study.run(tmp_path / "at-once")
    monkeypatch.setattr("sandtable.studies.points._MOST_KEPT", 2)
    study.run(tmp_path / "by-two")
    assert contents(tmp_path / "at-once") == contents(tmp_path / "by-two")


def test_another_study_is_not_resumed(tmp_path: Path) -> None:
    hill(f"{KEY}=0.3,0.9", n=2).run(tmp_path / "vary")
    with pytest.raises(SandtableError, match="cannot be resumed"):
        hill(f"{KEY}=0.3,0.8", n=2).run(tmp_path / "vary", RunOptions(resume=True))
    assert hill(f"{KEY}=0.3,0.9").folder != hill(f"{KEY}=0.3,0.8").folder
    assert hill(f"{KEY}=0.3,0.9").folder == hill(f"{KEY}=0.3,0.9").folder


def test_a_replication_that_fails_is_listed_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandtable import engine

    sound = engine.run

    def broken(*args: Any, replication: int, **rest: Any) -> Any:
        if replication == 2:
            raise ZeroDivisionError("nobody there")
        return sound(*args, replication=replication, **rest)

    monkeypatch.setattr(engine, "run", broken)
    study = hill(f"{KEY}=0.3,0.9")
    with pytest.raises(ReplicationsFailed, match="replication 2, seed 1: point 0: ZeroDivision"):
        study.run(tmp_path / "vary")
    results = study.run(tmp_path / "vary", RunOptions(resume=True, keep_failures=True))
    failures = rows(tmp_path / "vary/failures.csv")
    assert [(row["point"], row["replication"]) for row in failures] == [("0", "2"), ("1", "2")]
    assert "nobody there" in failures[0]["error"]
    assert {row["n"] for row in results.table} == {5.0}
    numbers = pq.read_table(tmp_path / "vary/outcomes.parquet").column("replication").to_pylist()
    assert numbers == [0, 1, 3, 4, 5] * 2
    assert results.answers[-1].startswith("2 replications failed")


def test_what_failed_is_worked_again_on_resumption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandtable import engine

    def broken(*args: Any, **rest: Any) -> Any:
        raise ZeroDivisionError

    study = hill(f"{KEY}=0.3,0.9", n=3)
    with monkeypatch.context() as patched, pytest.raises(ReplicationsFailed):
        patched.setattr(engine, "run", broken)
        study.run(tmp_path / "vary")
    study.run(tmp_path / "vary", RunOptions(resume=True))
    study.run(tmp_path / "whole")
    assert contents(tmp_path / "vary") == contents(tmp_path / "whole")


PLANNED = "axis.main.objectives.hill.planned"


@pytest.mark.verify
def test_a_key_that_changes_nothing_is_told(tmp_path: Path) -> None:
    said = f"{PLANNED}: no outcome changed in any of 6 replications at any of 2 points"
    still = hill(f"{PLANNED}=1938-08-07,1938-08-08").run(tmp_path / "still")
    assert said in still.warnings[0]
    assert still.answers[0] == still.warnings[0]
    both = hill(f"{PLANNED}=1938-08-07,1938-08-08", f"{KEY}=0.3,0.9")
    assert f"{PLANNED}: no" in both.run(tmp_path / "both").warnings[0]
    moving = hill(f"{KEY}=0.3,0.9").run(tmp_path / "moving")
    assert moving.warnings == []
    assert not any("no outcome changed" in line for line in moving.answers)


def test_an_outcome_that_nobody_looks_at_counts_as_change(tmp_path: Path) -> None:
    # Who of the defenders is killed and who wounded takes no hill.
    study = hill("side.japan.killed=0.3,0.4", outcomes=("captured/hill",))
    found = study.run(tmp_path / "vary")
    assert {row["difference"] for row in found.table} == {0.0}
    assert found.warnings == []


def test_moments_are_laid_out_in_order_and_answered_as_moments(tmp_path: Path) -> None:
    study = hill("axis.main.starts=1938-08-06..1938-08-08:3", outcomes=("captured/hill",))
    assert [point.request.overrides for point in study.points] == [
        (f"axis.main.starts={text}",)
        for text in ("1938-08-06T00:00:00", "1938-08-07T00:00:00", "1938-08-08T00:00:00")
    ]
    found = study.run(tmp_path / "vary", RunOptions(draw=draw_vary))
    means = [float(row["mean"]) for row in found.table]
    # A day later, and a day later again.
    assert np.diff(means) == pytest.approx(1.0, abs=0.5)
    assert "lies within it for axis.main.starts 1938-08-0" in found.answers[0]
    assert (tmp_path / "vary/figures/response.png").is_file()


def test_outcomes_are_chosen_by_pattern() -> None:
    assert hill(f"{KEY}=0.3,0.9", outcomes=("captured/*",)).outcomes == (
        "captured/camp",
        "captured/hill",
        "captured/rear",
    )
    with pytest.raises(SandtableError, match="did you mean 'captured/hill'"):
        hill(f"{KEY}=0.3,0.9", outcomes=("captured/hil",))


def test_altered_records_change_no_replication(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(RUNS / "register", tmp_path / "register")
    claims = tmp_path / "register/outcomes/lake-khasan-1938.csv"
    claims.write_text(claims.read_text("utf-8").replace("500,900", "5000,9000"), "utf-8")
    hill(f"{KEY}=0.3,0.9").run(tmp_path / "told")
    altered = replace(HILL, register=tmp_path / "register")
    asked = VarySpecification((f"{KEY}=0.3,0.9",))
    VaryStudy(altered, Settings(6, 1, 1), asked).run(tmp_path / "altered")
    told, other = contents(tmp_path / "told"), contents(tmp_path / "altered")
    assert told["outcomes.parquet"] == other["outcomes.parquet"]
    assert told["table.csv"] != other["table.csv"]
