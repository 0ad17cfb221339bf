"""A whole sensitivity analysis: on a small scenario, and on a model known by heart."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sandtable import Campaign, Request, RunOptions, Settings, engine
from sandtable.ensemble import ReplicationsFailed, replications
from sandtable.errors import SandtableError
from sandtable.streams import Streams
from sandtable.studies.sensitivity import (
    SensitivityResult,
    SensitivitySpecification,
    SensitivityStudy,
)
from sandtable.studies.sensitivity.uncertain_inputs import (
    InputPart,
    uncertain_inputs,
)

WRITTEN = (
    "morris.csv", "sobol.csv", "variance.csv", "samples.parquet", "failures.csv", "answer.txt",
)  # fmt: skip
RUNS = Path(__file__).parents[2] / "inputs" / "runs"
OUTCOMES = ("losses/*/personnel/total", "captured/hill")
SMALL = SensitivitySpecification(
    trajectories=4, repeats=2, samples=64, strongest=3, outcomes=OUTCOMES
)


@pytest.fixture(scope="module")
def hill() -> Campaign:
    return Campaign.of(Request(str(RUNS / "hill.toml"), register=RUNS / "register"))


def contents(folder: Path) -> dict[str, bytes]:
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert {name for name in files if not name.startswith("inputs/")} == {*WRITTEN, "manifest.json"}
    manifest = json.loads(files["manifest.json"])
    del manifest["times"]
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def work(campaign: Campaign, out: Path, jobs: int = 1, **more: Any) -> SensitivityResult:
    study = SensitivityStudy(campaign.request, Settings(1, 1, jobs, part_size=50), SMALL)
    return study.run(out, RunOptions(**more))


@pytest.fixture(scope="module")
def done(hill: Campaign, tmp_path_factory: pytest.TempPathFactory) -> SensitivityResult:
    return work(hill, tmp_path_factory.mktemp("study") / "done")


@pytest.mark.verify
def test_a_row_at_the_inputs_of_a_replication_is_that_replication(
    hill: Campaign, done: SensitivityResult
) -> None:
    """The outcomes of a sample are those of a run with the same draws under the same chance."""
    table = pq.read_table(done.path / "samples.parquet").to_pandas()
    row = table[table.design == "split"].iloc[5]
    u = [row[f"u/{one.name}"] for one in uncertain_inputs(hill.scenario)]
    own = len(hill.scenario.sampler.uncertain)
    central = hill.scenario.sampler.central()
    laws = replications.law_sampler_of(hill.scenario.sampler)
    reporter = engine.Reporter(central)
    run = engine.run(
        hill.scenario.sampler.draw(u[:own]),
        laws.draw(u[own:]),
        reporter,
        streams=Streams("hill", 1),
        replication=int(row.replication),
        step_days=engine.STEP_DAYS,
        record_events=False,
    )
    found = dict(zip(reporter.outcomes, run.outcomes, strict=True))
    for name in [name for name in table.columns if name.startswith("losses/")]:
        assert row[name] == found[name]


@pytest.mark.verify
def test_the_screening_holds_chance_at_the_same_few_numbers(done: SensitivityResult) -> None:
    table = pq.read_table(done.path / "samples.parquet").to_pandas()
    screening = table[table.design == "morris"]
    assert screening.replication.tolist() == [0, 1] * (len(screening) // 2)
    inputs = screening.filter(like="u/").to_numpy()
    assert np.array_equal(inputs[::2], inputs[1::2])
    assert table[table.design == "sobol"].replication.nunique() == 2 * 64
    assert not table.failed.any()


@pytest.mark.verify
def test_as_many_runs_as_were_announced(hill: Campaign, tmp_path: Path) -> None:
    counted: list[InputPart] = []
    asked = SensitivitySpecification(
        4, repeats=1, samples=64, strongest=2, outcomes=("captured/hill",)
    )
    study = SensitivityStudy(hill.request, Settings(1, 1), asked)
    study.run(tmp_path / "one", RunOptions(on_part=counted.append))
    assert sum(len(part.outcomes) for part in counted) == sum(study.runs.values())
    rows = pq.read_metadata(tmp_path / "one" / "samples.parquet").num_rows
    assert rows == sum(study.runs.values())


@pytest.mark.verify
def test_every_outcome_is_split_by_every_source(done: SensitivityResult) -> None:
    sources = {
        "disputed evidence", "assumptions", "laws", "planning figures", "chance", "interactions",
    }  # fmt: skip
    for name in ("losses/ussr/personnel/total", "captured/hill"):
        rows = [row for row in done.variance if row["outcome"] == name]
        assert {row["source"] for row in rows} == sources
        assert sum(float(row["first"]) for row in rows) == pytest.approx(1.0, abs=1e-4)
        assert name in done.answer


@pytest.mark.verify
def test_a_day_that_never_came_is_named_in_the_table(done: SensitivityResult) -> None:
    handled = {row["outcome"]: (float(row["never"]), row["handling"]) for row in done.variance}
    share, said = handled["captured/hill"]
    assert 0.0 < share < 1.0
    assert said == "never counts as day 6, the end"
    assert handled["losses/ussr/personnel/total"] == (0.0, "")


@pytest.mark.verify
@pytest.mark.processes
def test_two_processes_write_the_same_bytes(
    hill: Campaign, done: SensitivityResult, tmp_path: Path
) -> None:
    work(hill, tmp_path / "two", jobs=2)
    assert contents(tmp_path / "two") == contents(done.path)


@pytest.mark.verify
def test_an_interrupted_analysis_goes_on_to_the_same_bytes(
    hill: Campaign, done: SensitivityResult, tmp_path: Path
) -> None:
    class Stop(Exception):
        pass

    seen: list[int] = []

    def stop_in_the_second_stage(part: InputPart) -> None:
        seen.append(len(part.outcomes))
        if sum(seen) > 400:
            raise Stop

    out = tmp_path / "cut"
    with pytest.raises(Stop):
        work(hill, out, on_part=stop_in_the_second_stage)
    assert not out.exists()
    with pytest.raises(SandtableError, match="--resume"):
        work(hill, out)
    found: list[int] = []
    done_now: list[int] = []
    again = work(
        hill,
        out,
        resume=True,
        on_part=lambda part: done_now.append(len(part.outcomes)),
        on_resumed=found.append,
    )
    assert contents(out) == contents(done.path)
    # Counted once each: those found again are not run again.
    asked = SensitivityStudy(hill.request, Settings(1, 1), SMALL).runs
    assert sum(found) == sum(seen)
    assert sum(found) + sum(done_now) == sum(asked.values())
    assert work(hill, out, resume=True).answer == again.answer == done.answer


@pytest.mark.verify
def test_another_seed_another_sample(
    hill: Campaign, done: SensitivityResult, tmp_path: Path
) -> None:
    study = SensitivityStudy(hill.request, Settings(1, 2), SMALL)
    other = study.run(tmp_path / "other")
    assert contents(other.path)["samples.parquet"] != contents(done.path)["samples.parquet"]


def failing(spoilt: Callable[[int], bool]) -> Callable[..., engine.Run]:
    """The engine, but for the replications that are ``spoilt``."""
    right = engine.run

    def sometimes(*arguments: Any, replication: int, **more: Any) -> engine.Run:
        if spoilt(replication):
            raise ZeroDivisionError("no front left")
        return right(*arguments, replication=replication, **more)

    return sometimes


def last_replication(done: SensitivityResult, design: str) -> int:
    table = pq.read_table(done.path / "samples.parquet").to_pandas()
    return int(table[table.design == design].iloc[-1].replication)


def listed(folder: Path) -> list[tuple[str, str]]:
    with (folder / "failures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["seed"], row["error"]) for row in rows} == {
        ("1", "ZeroDivisionError: no front left")
    }
    return [(row["design"], row["replication"]) for row in rows]


@pytest.mark.verify
def test_a_run_that_raises_costs_its_blocks_and_is_told(
    hill: Campaign, done: SensitivityResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = last_replication(done, "split")
    monkeypatch.setattr(engine, "run", failing(lambda replication: replication == spoilt))
    asked = replace(SMALL, samples=128)
    study = SensitivityStudy(hill.request, Settings(1, 1), asked)
    found = study.run(tmp_path / "spoilt", RunOptions(keep_failures=True))
    blocks = {int(row["blocks"]) for row in found.variance}
    assert blocks == {127}
    assert "of split failed" in found.answer and "ZeroDivisionError: no front left" in found.answer
    assert set(listed(found.path)) == {("split", str(spoilt))}


@pytest.mark.verify
def test_what_failed_is_worked_again_on_resumption(
    hill: Campaign, done: SensitivityResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = {last_replication(done, design) for design in ("sobol", "split")}
    out = tmp_path / "again"
    for more in ({}, {"resume": True}):
        with monkeypatch.context() as patched:
            patched.setattr(engine, "run", failing(spoilt.__contains__))
            with pytest.raises(ReplicationsFailed, match=r"replication \d+, seed 1: s\w+, row \d+"):
                work(hill, out, **more)
        # Both are told, though one stage came before the other.
        assert {(design, int(n)) for design, n in listed(tmp_path / "again.partial")} == {
            (design, last_replication(done, design)) for design in ("sobol", "split")
        }
    worked: list[int] = []
    work(hill, out, resume=True, on_part=lambda part: worked.append(len(part.outcomes)))
    assert 0 < sum(worked) <= 200
    assert contents(out) == contents(done.path)


@pytest.mark.verify
def test_indices_of_inputs_that_a_mended_screening_does_not_choose_are_not_taken_up(
    hill: Campaign, done: SensitivityResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(Exception):
        pass

    def stop(part: InputPart) -> None:
        stages.append(part.first)
        # The second part from row 0 is the first of the indices.
        if stages.count(0) == 2:
            raise Stop

    stages: list[int] = []
    out = tmp_path / "cut"
    with monkeypatch.context() as patched, pytest.raises(Stop):
        # Without a trajectory the screening knows no strongest input.
        patched.setattr(engine, "run", failing(lambda replication: replication == 1))
        work(hill, out, keep_failures=True, on_part=stop)
    work(hill, out, resume=True, keep_failures=True)
    assert contents(out) == contents(done.path)


def test_a_screening_of_which_nothing_is_left_is_refused(
    hill: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "run", failing(lambda replication: True))
    with pytest.raises(ReplicationsFailed, match=r"^all [0-9]+ replications failed"):
        work(hill, tmp_path / "none", keep_failures=True)
    assert not (tmp_path / "none").exists()


def test_an_outcome_that_is_none_is_refused_with_the_nearest(hill: Campaign) -> None:
    with pytest.raises(SandtableError, match=r"captured/hil; .*captured/hill"):
        SensitivityStudy(hill.request, Settings(1, 1), replace(SMALL, outcomes=("captured/hil",)))


# --- a model known by heart ---------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    outcomes: Sequence[float]


def known(resolved: Any, laws: Any, reporter: Any, *, replication: int, **_: Any) -> Known:
    """In the engine's place: a sum of evidence, an assumption and chance."""
    men, skill = resolved.formations[0].personnel, resolved.formations[0].effectiveness
    chance = float(np.random.default_rng(replication).uniform())
    return Known([men / 1000.0 + 10.0 * skill + 3.0 * chance] * len(reporter.outcomes))


@pytest.mark.verify
def test_the_split_of_a_known_model_is_its_own(
    hill: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of uniform inputs each has the variance of its width over 12; the laws have none."""
    # The fact is of 8000 to 10000 men, the assumption of 0.7 to 0.9.
    widths = {
        "disputed evidence": 2.0,
        "assumptions": 2.0,
        "chance": 3.0,
        "laws": 0.0,
        "planning figures": 0.0,
    }
    monkeypatch.setattr(engine, "run", known)
    asked = SensitivitySpecification(4, 1, 1024, 2, outcomes=("losses/ussr/personnel/total",))
    study = SensitivityStudy(hill.request, Settings(1, 1), asked)
    found = study.run(tmp_path / "known")
    shares = {row["source"]: float(row["first"]) for row in found.variance}
    for source, width in widths.items():
        assert shares[source] == pytest.approx(width**2 / 17.0, abs=0.05)
    assert abs(shares["interactions"]) < 0.1
    inputs = {row["input"]: float(row["total"]) for row in found.sobol}
    assert inputs == pytest.approx(
        {
            "fact:fm-rifle": 4 / 17,
            "formation.1-division.effectiveness": 4 / 17,
            "chance": 9 / 17,
            "all others": 0.0,
        },
        abs=0.05,
    )
    slopes = {row["input"]: (float(row["mu_star"]), row["sign"]) for row in found.morris}
    # Across nine tenths of the range.
    assert slopes["fact:fm-rifle"] == (pytest.approx(1.8), "1")
    assert slopes["side.ussr.killed"] == (0.0, "0")
