"""Calibration of a small scenario: the question, the waves, resuming, and the mark it leaves."""

from __future__ import annotations

import csv
import json
import math
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import pytest

from sandtable import Campaign, Request, RunOptions, load
from sandtable.ensemble import Part, ReplicationsFailed, Settings
from sandtable.errors import InputError
from sandtable.figures import draw_calibration
from sandtable.runs.fitted import MARK
from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy
from sandtable.studies.calibrate.tables import OVERLAY

RUNS = Path(__file__).parents[2] / "inputs" / "runs"
DEFENDERS = "formation.9-division.personnel"
KEYS = [f"{DEFENDERS}=1000..30000", "formation.1-division.effectiveness"]
SETTINGS = Settings(25, seed=2)
HILL = Request(str(RUNS / "hill.toml"), register=RUNS / "register")


def campaign(**how: Any) -> Campaign:
    return load(RUNS / "hill.toml", register=RUNS / "register", **how)


def study(
    keys: list[str] = KEYS,
    claims: tuple[str, ...] = ("losses/*",),
    settings: Settings = SETTINGS,
    request: Request = HILL,
    **how: Any,
) -> CalibrationStudy:
    how = {"waves": 2, "points": 10, "on_average": True, **how}
    asked = CalibrationSpecification(tuple(keys), claims, **how)
    return CalibrationStudy(request, settings, asked)


def faults(*arguments: Any, **how: Any) -> dict[str, str]:
    with pytest.raises(InputError) as raised:
        study(*arguments, **how)
    return {problem.key: str(problem) for problem in raised.value.problems}


def contents(folder: Path) -> dict[str, bytes]:
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    manifest = json.loads(files["manifest.json"])
    del manifest["times"]
    files["manifest.json"] = json.dumps(manifest).encode()
    return files


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calibration") / "whole"
    study().run(folder)
    return folder


def test_keys_have_their_own_range_or_a_given_one() -> None:
    given, own = study().task.keys
    assert (given.path, given.low, given.high, given.unit) == (DEFENDERS, 1000, 30000, "person")
    assert (own.low, own.high) == (0.7, 0.9)


def test_all_faults_of_a_question_at_once() -> None:
    keys = [
        "formation.1-divisio.effectiveness",
        DEFENDERS,
        "formation.9-division.fortification=0.2..1.9",
        "formation.9-division.effectiveness=0.9..0.2",
        "formation.1-division.effectiveness",
        "formation.1-division.effectiveness=0.1..0.2",
    ]
    found = faults(keys, ("losses/japan/*", "captured/hil"), points=3, misses=1)
    assert "did you mean 'formation.1-division.effectiveness'" in found[keys[0]]
    assert "stands at 7000 to 7000" in found[DEFENDERS]
    assert "--keys" in found["formation.9-division.fortification"]
    assert "from 0 to 1" in found["formation.9-division.fortification"]
    assert "the lower first" in found["formation.9-division.effectiveness"]
    assert "each key once" in found["formation.1-division.effectiveness"]
    assert "did you mean 'captured/hill'" in found["captured/hil"]
    assert "losses/ussr/personnel/total" in found["losses/japan/*"]
    assert "at least 15" in found["points"]


def test_facts_and_moments_are_no_ranges_to_look_over() -> None:
    found = faults(["formation.1-division.personnel", "scenario.end=1938-08-12..1938-08-14"])
    assert "a range that is cited" in found["formation.1-division.personnel"]
    assert "leaves the calendar of the campaign as it is" in found["scenario.end"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("0..1", "two moments, the earlier first"),
        ("1938-08-08..1938-08-06", "two moments, the earlier first"),
        ("1938-08-06..1938-08-08:3", "two moments, the earlier first"),
        ("1938-08-01..1938-08-08", "from H-hour, day 0, to the end, day 6"),
    ],
)
def test_faults_of_moments(values: str, said: str) -> None:
    assert said in faults([f"axis.main.starts={values}"], points=10)["axis.main.starts"]


def test_a_moment_that_has_no_range_is_shown_where_it_stands() -> None:
    fixed = HILL.changed(["axis.main.starts=1938-08-06T12:00:00"])
    with pytest.raises(InputError, match=r"it stands at 1938-08-06 12:00 to 1938-08-06 12:00"):
        study(["axis.main.starts"], request=fixed)
    ranged = HILL.changed(["axis.main.starts=1938-08-06T12:00:00..1938-08-08T00:00:00"])
    (key,) = study(["axis.main.starts"], request=ranged).task.keys
    assert (key.low, key.high) == (0.5, 2.0)
    assert key.text(key.at(0.5)) == "1938-08-07T06:00:00+10:00"


@pytest.mark.verify
def test_moments_are_matched_and_left_to_a_later_run(tmp_path: Path) -> None:
    moved = "axis.main.starts"
    asked = study([f"{moved}=1938-08-06..1938-08-10T12:00"], ("captured/hill",), waves=1)
    asked.run(tmp_path / "run", RunOptions(draw=draw_calibration))
    points = rows(tmp_path / "run/points.csv")
    start = datetime.fromisoformat("1938-08-06T00:00:00+10:00")
    placed = [(datetime.fromisoformat(p[moved]) - start) / timedelta(1) for p in points]
    assert all(0 <= days <= 4.5 for days in placed)
    # One in every tenth of the range.
    assert sorted(int(days / 0.45) for days in placed) == list(range(10))
    alone = campaign(overrides=[f"{moved}={points[3][moved]}"]).run(25, seed=2)
    values = np.fmin(alone.outcomes["captured/hill"], 6.0)
    (row,) = [row for row in rows(tmp_path / "run/outcomes.csv") if row["point"] == "3"]
    assert float(row["mean"]) == pytest.approx(values.mean(), rel=1e-6)
    (left,) = rows(tmp_path / "run/ranges.csv")
    assert left["unit"] == "date and hour UTC+10:00"
    assert left["prior_low"] == "1938-08-06T00:00:00+10:00"
    told = json.loads((tmp_path / "run/calibration.json").read_text("utf-8"))["ranges"][0]
    assert told["prior_high"] == "1938-08-10T12:00:00+10:00"
    answer = (tmp_path / "run/answer.txt").read_text("utf-8")
    assert f"{moved}: 1938-08-06 00:00 to 1938-08-10 12:00 -> 1938-08-0" in answer
    overlay = tomllib.loads((tmp_path / "run" / OVERLAY).read_text("utf-8"))
    ends = [end.isoformat() for end in overlay[moved]["assumed"]]
    assert ends == [left["left_low"], left["left_high"]]
    fitted = campaign(overlay=tmp_path / "run" / OVERLAY)
    assert fitted.run(2).results.manifest["fitted_to"] == ["aa-hill"]
    manifest = json.loads((tmp_path / "run/manifest.json").read_text("utf-8"))
    assert f"{moved}=1938-08-06T00:00:00+10:00..1938-08-10T12:00:00+10:00" in manifest["command"]


def test_nothing_asked_for() -> None:
    found = faults([], ())
    assert "at least one key" in found["keys"]
    assert "at least one OUTCOME" in found["claims"]
    assert "fewer than the 1 claims" in faults(KEYS, misses=1)["misses"]
    assert "a whole number from 0" in faults(KEYS, misses=-1)["misses"]
    assert "a whole number from 1" in faults(KEYS, waves=0)["waves"]


def test_what_is_left_brings_the_mean_nearer(done: Path) -> None:
    (claim,) = rows(done / "implausibility.csv")
    assert (claim["claim"], claim["claim_low"], claim["claim_high"]) == ("aa-losses", "500", "900")
    ranges = {row["key"]: row for row in rows(done / "ranges.csv")}
    defenders = ranges[DEFENDERS]
    # Few attackers are lost only where few defend.
    assert float(defenders["left_low"]) == 1000
    assert float(defenders["left_high"]) < 20000
    shares = [float(row["share_left"]) for row in rows(done / "waves.csv")]
    assert 0 < shares[-1] <= shares[0] < 1
    points = rows(done / "points.csv")
    # The second wave ran only what the first had left.
    assert {row["wave"] for row in points} == {"1", "2"}
    first, second = (
        mean(float(row[DEFENDERS]) for row in points if row["wave"] == wave) for wave in "12"
    )
    assert second < first


def test_points_are_ensembles_of_the_changed_scenario(done: Path) -> None:
    point = rows(done / "points.csv")[3]
    changes = [f"{key}={point[key]}" for key in (DEFENDERS, "formation.1-division.effectiveness")]
    run = campaign(overrides=changes).run(25, seed=2)
    (row,) = [row for row in rows(done / "outcomes.csv") if row["point"] == "3"]
    values = run.outcomes["losses/ussr/personnel/total"]
    assert float(row["mean"]) == pytest.approx(values.mean(), rel=1e-6)
    assert float(row["sd"]) == pytest.approx(values.std(ddof=1), rel=1e-6)


def test_every_later_run_says_that_it_was_fitted(done: Path) -> None:
    overlay = done / OVERLAY
    fitted = tomllib.loads(overlay.read_text(encoding="utf-8"))
    assert set(fitted) == {DEFENDERS, "formation.1-division.effectiveness"}
    assert all(value["because"] == MARK + "aa-losses" for value in fitted.values())
    run = campaign(overlay=overlay).run(2)
    assert run.results.manifest["fitted_to"] == ["aa-losses"]
    assert campaign().run(2).results.manifest["fitted_to"] == []


@pytest.mark.verify
@pytest.mark.processes
def test_jobs_change_no_byte_and_an_interrupted_study_is_resumed(
    done: Path, tmp_path: Path
) -> None:
    two = Settings(25, seed=2, jobs=2)
    parts: list[Part] = []

    def interrupt(part: Part) -> None:
        parts.append(part)
        if len(parts) == 14:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study(settings=two).run(tmp_path / "run", RunOptions(on_part=interrupt))
    assert not (tmp_path / "run").exists()
    study(settings=two).run(tmp_path / "run", RunOptions(resume=True))
    assert contents(tmp_path / "run") == contents(done)
    before = (tmp_path / "run/manifest.json").stat().st_mtime_ns
    study(settings=two).run(tmp_path / "run", RunOptions(resume=True))
    assert (tmp_path / "run/manifest.json").stat().st_mtime_ns == before


@pytest.mark.verify
def test_a_failed_replication_is_worked_again(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandtable import engine

    sound, calls = engine.run, []

    def fails(*arguments: Any, **how: Any) -> Any:
        calls.append(how["replication"])
        if len(calls) == 25:
            raise RuntimeError("broken on purpose")
        return sound(*arguments, **how)

    monkeypatch.setattr(engine, "run", fails)
    with pytest.raises(ReplicationsFailed, match="broken on purpose"):
        study().run(tmp_path / "run")
    assert len(calls) == 250
    monkeypatch.setattr(engine, "run", sound)
    study().run(tmp_path / "run", RunOptions(resume=True))
    assert contents(tmp_path / "run") == contents(done)


@pytest.mark.verify
def test_out_of_reach_is_said_with_the_claim_that_is(tmp_path: Path) -> None:
    far = study([f"{DEFENDERS}=20000..30000"], ("captured/*", "losses/*"), points=8, waves=3)
    far.run(tmp_path / "run", RunOptions(draw=draw_calibration))
    assert not (tmp_path / "run" / OVERLAY).exists()
    answer = (tmp_path / "run/answer.txt").read_text(encoding="utf-8")
    assert "Nothing is left" in answer
    assert "Stopped after wave 1: no point is left to run" in answer
    assert "alone rules out 100.0% of the ranges: the best point gives" in answer
    assert not (tmp_path / "run/figures").exists()
    assert len(rows(tmp_path / "run/waves.csv")) == 1
    result = json.loads((tmp_path / "run/calibration.json").read_text(encoding="utf-8"))
    assert result["reached"] is False
    assert result["ranges"][0]["left_low"] is None


@pytest.mark.verify
def test_the_model_may_be_wrong_by_what_the_user_says(tmp_path: Path) -> None:
    wrong = study(discrepancy=("losses/*=100000",), waves=1)
    wrong.run(tmp_path / "run")
    assert [row["share_left"] for row in rows(tmp_path / "run/waves.csv")] == ["1"]
    answer = (tmp_path / "run/answer.txt").read_text(encoding="utf-8")
    assert "No discrepancy" not in answer
    assert "rule out nothing" in answer
    assert "--on-average" not in answer
    assert study(discrepancy=("losses/*=10%",)).task.discrepancy == {"aa-losses": 70.0}
    found = faults(KEYS, discrepancy=("losses/japan/*=1", "losses/*=-3"))
    assert "no claim" in found["losses/japan/*"]
    assert "from 0 up" in found["losses/*"]


def test_days_that_never_come_count_as_the_last(tmp_path: Path) -> None:
    many = study([f"{DEFENDERS}=20000..60000"], ("captured/hill",), points=6, waves=1)
    many.run(tmp_path / "run")
    means = [float(row["mean"]) for row in rows(tmp_path / "run/outcomes.csv")]
    assert not any(math.isnan(mean) for mean in means)
    assert max(means) <= 6.0
    assert {row["n"] for row in rows(tmp_path / "run/outcomes.csv")} == {"25"}
