"""An experiment: paired, the same however it was worked, and told with all its faults."""

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
from sandtable.errors import InputError, SandtableError
from sandtable.experiments import Part, ReplicationsFailed, Settings
from sandtable.study_vary import Base, Study, plan

RUNS = Path(__file__).parent / "inputs" / "runs"
HILL = Base(str(RUNS / "hill.toml"), register=RUNS / "register")
KEY = "formation.9-division.effectiveness"
LOSSES = "losses/ussr/personnel/total"


def hill(*arguments: str, n: int = 6, jobs: int = 1, **more: Any) -> Study:
    return plan(HILL, arguments, Settings(n, 1, jobs), **more)


def contents(folder: Path) -> dict[str, bytes]:
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    manifest = json.loads(files["manifest.json"])
    del manifest["times"]
    return files | {"manifest.json": json.dumps(manifest).encode()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_point_is_the_run_of_the_same_change(tmp_path: Path) -> None:
    hill(f"{KEY}=0.3,0.9").run(tmp_path / "vary", figures=False)
    table = pq.read_table(tmp_path / "vary/outcomes.parquet").to_pydict()
    for point, value in enumerate((0.3, 0.9)):
        campaign = sandtable.load(
            RUNS / "hill.toml", register=RUNS / "register", overrides=[f"{KEY}={value}"]
        )
        alone = campaign.run(6, 1).outcomes[LOSSES]
        found = [v for p, v in zip(table["point"], table[LOSSES], strict=True) if p == point]
        assert found == alone.tolist()


def test_the_table_says_what_the_replications_say(tmp_path: Path) -> None:
    hill(f"{KEY}=0.3,0.9", n=8).run(tmp_path / "vary", figures=False)
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


def test_jobs_and_interruptions_change_no_byte(tmp_path: Path) -> None:
    whole = hill(f"{KEY}=0.3,0.9", "without=none,cohesion", n=30)
    whole.run(tmp_path / "whole")
    replace(whole, settings=Settings(30, 1, 2)).run(tmp_path / "two")

    class Stopped(Exception):
        pass

    done = 0

    def stop(part: Part) -> None:
        nonlocal done
        done += 1
        if done == 3:
            raise Stopped

    with pytest.raises(Stopped):
        whole.run(tmp_path / "again", on_part=stop)
    with pytest.raises(SandtableError, match="--resume takes it up"):
        whole.run(tmp_path / "again")
    resumed: list[Part] = []
    whole.run(tmp_path / "again", resume=True, on_part=resumed.append)
    assert len(resumed) == 4 * 2 - 3
    assert contents(tmp_path / "whole") == contents(tmp_path / "two")
    assert contents(tmp_path / "whole") == contents(tmp_path / "again")


def test_points_worked_a_few_at_a_time_keep_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = hill(f"{KEY}=0.3..0.9:5", n=3)
    study.run(tmp_path / "at-once", figures=False)
    monkeypatch.setattr("sandtable.study_vary._POINTS_AT_A_TIME", 2)
    study.run(tmp_path / "by-two", figures=False)
    assert contents(tmp_path / "at-once") == contents(tmp_path / "by-two")


def test_another_experiment_is_not_resumed(tmp_path: Path) -> None:
    hill(f"{KEY}=0.3,0.9", n=2).run(tmp_path / "vary", figures=False)
    with pytest.raises(SandtableError, match="cannot be resumed"):
        hill(f"{KEY}=0.3,0.8", n=2).run(tmp_path / "vary", resume=True)
    assert hill(f"{KEY}=0.3,0.9").folder != hill(f"{KEY}=0.3,0.8").folder
    assert hill(f"{KEY}=0.3,0.9").folder == hill(f"{KEY}=0.3,0.9").folder


def test_variants_and_mechanisms_are_dimensions() -> None:
    study = hill("variant=base,weak-defence", "without=none,cohesion+fuel")
    asked = [(point.base.variant, point.base.without) for point in study.points]
    assert asked == [
        (None, ()),
        (None, ("cohesion", "fuel")),
        ("weak-defence", ()),
        ("weak-defence", ("cohesion", "fuel")),
    ]
    assert len({point.digest for point in study.points}) == 4


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
        study.run(tmp_path / "vary", figures=False)
    results = study.run(tmp_path / "vary", resume=True, keep_failures=True, figures=False)
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
        raise MemoryError

    study = hill(f"{KEY}=0.3,0.9", n=3)
    with monkeypatch.context() as patched, pytest.raises(ReplicationsFailed):
        patched.setattr(engine, "run", broken)
        study.run(tmp_path / "vary", figures=False)
    study.run(tmp_path / "vary", resume=True, figures=False)
    study.run(tmp_path / "whole", figures=False)
    assert contents(tmp_path / "vary") == contents(tmp_path / "whole")


def test_facts_that_only_a_point_uses_are_part_of_the_experiment(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(RUNS / "register", tmp_path / "register")
    facts = tmp_path / "register/facts/lake-khasan-1938.csv"
    lines = facts.read_text("utf-8").splitlines()
    changed = [line.replace("high", "low") if "fm-defender" in line else line for line in lines]
    assert changed != lines
    facts.write_text("\n".join([*changed, ""]), "utf-8")
    key = "formation.9-division.personnel"
    base = replace(HILL, overrides=(f"{key}=5000",))
    told, other = (
        plan(one, [f"{key}={{fact = 'fm-defender'}},4000"], Settings(2)).identity
        for one in (base, replace(base, register=tmp_path / "register"))
    )
    assert told["digests"] == other["digests"]
    assert told["points_digest"] != other["points_digest"]


def test_faults_of_all_points_at_once() -> None:
    with pytest.raises(InputError) as caught:
        hill(
            "formation.9-divison.effectiveness=0.3,0.5",
            "formation.1-division.effectiveness=0.5,7",
            "scenario.attrition=full,fatige",
            "variant=base,weak-defense",
            "without=none,cohesoin",
        )
    said = str(caught.value)
    for part in (
        "formation.9-divison.effectiveness=0.3,0.5: formation.9-divison.effectiveness: found",
        "did you mean 'formation.9-division'?",
        "formation.1-division.effectiveness=0.5,7: formation.1-division.effectiveness",
        "scenario.attrition=full,fatige: scenario.attrition: found 'fatige'",
        "variant=base,weak-defense: variant: found 'weak-defense'",
        "did you mean 'weak-defence'?",
        "without=none,cohesoin: mechanism: found 'cohesoin'",
    ):
        assert part in said
    assert len(caught.value.problems) == len({str(problem) for problem in caught.value.problems})


def test_a_variant_cannot_be_both() -> None:
    base = replace(HILL, variant="weak-defence")
    with pytest.raises(InputError, match="no --variant beside variant="):
        plan(base, ["variant=base,weak-defence"], Settings(2))


def test_outcomes_are_chosen_by_pattern() -> None:
    assert hill(f"{KEY}=0.3,0.9", outcomes=["captured/*"]).outcomes == (
        "captured/camp",
        "captured/hill",
        "captured/rear",
    )
    with pytest.raises(SandtableError, match="did you mean 'captured/hill'"):
        hill(f"{KEY}=0.3,0.9", outcomes=["captured/hil"])


def test_altered_records_change_no_replication(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(RUNS / "register", tmp_path / "register")
    claims = tmp_path / "register/outcomes/lake-khasan-1938.csv"
    claims.write_text(claims.read_text("utf-8").replace("500,900", "5000,9000"), "utf-8")
    hill(f"{KEY}=0.3,0.9").run(tmp_path / "told", figures=False)
    altered = replace(HILL, register=tmp_path / "register")
    plan(altered, [f"{KEY}=0.3,0.9"], Settings(6, 1, 1)).run(tmp_path / "altered", figures=False)
    told, other = contents(tmp_path / "told"), contents(tmp_path / "altered")
    assert told["outcomes.parquet"] == other["outcomes.parquet"]
    assert told["table.csv"] != other["table.csv"]
