"""One class for a run just made and one opened again, and what it says of names and tables."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

import sandtable
from sandtable.campaign import Campaign, CampaignRun

RUNS = Path(__file__).parents[1] / "inputs" / "runs"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return sandtable.load(RUNS / "hill.toml", register=RUNS / "register")


@pytest.fixture(scope="module")
def made(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> CampaignRun:
    return campaign.run(6, out=tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(params=["made", "opened", "in memory"])
def run(request: pytest.FixtureRequest, made: CampaignRun, campaign: Campaign) -> CampaignRun:
    if request.param == "made":
        return made
    assert made.path is not None
    return sandtable.open_run(made.path) if request.param == "opened" else campaign.run(6)


def test_the_same_whichever_way_it_came(run: CampaignRun, made: CampaignRun) -> None:
    assert list(run.outcomes) == list(made.outcomes) and list(run.daily) == list(made.daily)
    for name in made.outcomes:
        assert np.array_equal(run.outcomes[name], made.outcomes[name], equal_nan=True)
    for name in made.daily:
        assert np.array_equal(run.daily[name], made.daily[name], equal_nan=True)
    assert run.events == made.events and run.numbers.tolist() == list(range(6))
    assert repr(run.compare()) == repr(made.compare()) and run.compare()
    assert run.unanswered() == made.unanswered()


def test_a_wrong_name_gets_the_nearest(run: CampaignRun) -> None:
    with pytest.raises(KeyError) as caught:
        run.outcomes["captured/hil"]
    assert str(caught.value) == "found no outcome 'captured/hil'; did you mean 'captured/hill'?"
    assert isinstance(caught.value, sandtable.SandtableError)
    with pytest.raises(KeyError, match="found no daily series 'strength/ussr/tank'; did you mean"):
        run.daily["strength/ussr/tank"]
    assert "captured/hil" not in run.outcomes and run.outcomes.get("captured/hil") is None


def test_tables_for_pandas(run: CampaignRun) -> None:
    outcomes = run.to_pandas()
    assert outcomes.index.tolist() == list(range(6)) and outcomes.index.name == "replication"
    assert list(outcomes.columns) == list(run.outcomes)
    daily = run.to_pandas("daily")
    for name in daily.columns:
        there = daily[name].unstack("day").to_numpy()
        assert np.array_equal(there, run.daily[name], equal_nan=True)
    assert len(run.to_pandas("events")) == len(run.events)
    verdicts = run.to_pandas("comparison")["verdict"].tolist()
    assert verdicts == [row.verdict for row in run.compare()]
    with pytest.raises(KeyError, match="found no table 'dayly'; did you mean 'daily'"):
        run.to_pandas("dayly")


def test_without_pandas_it_says_what_to_install(
    made: CampaignRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(sandtable.SandtableError, match="allowed: pip install pandas"):
        made.to_pandas()


def test_results_can_be_read_where_the_inputs_are_gone(made: CampaignRun, tmp_path: Path) -> None:
    assert made.path is not None
    folder = Path(shutil.copytree(made.path, tmp_path / "run"))
    shutil.rmtree(folder / "inputs/scenario")
    opened = sandtable.open_run(folder)
    assert opened.outcomes["captured/hill"].size == 6
    with pytest.raises(sandtable.InputError, match=r"hill\.toml: file: found No such file"):
        opened.compare()


def test_overrides_of_python_are_those_of_the_command_line() -> None:
    where = {"register": RUNS / "register"}
    key = "formation.1-division"
    values: dict[str, object] = {
        f"{key}.effectiveness": 0.6,
        f"{key}.tanks": np.int64(55),
        f"{key}.guns": (40.0, np.float64(50)),
        f"{key}.name": "First",
        "axis.main.starts": datetime(1938, 8, 6, 18),
        f"{key}.personnel": {"assumed": 9000, "because": 'a "test"'},
    }
    texts = [
        f"{key}.effectiveness=0.6",
        f"{key}.tanks=55",
        f"{key}.guns=40.0..50.0",
        f"{key}.name=First",
        "axis.main.starts=1938-08-06T18:00:00",
        f'{key}.personnel={{assumed = 9000, because = "a \\"test\\""}}',
    ]
    one = sandtable.load(RUNS / "hill.toml", overrides=values, **where)  # type: ignore[arg-type]
    other = sandtable.load(RUNS / "hill.toml", overrides=texts, **where)  # type: ignore[arg-type]
    assert one.scenario.digest == other.scenario.digest
    found = one.scenario.sampler.central().formations_by_id["1-division"]
    assert (found.effectiveness, found.tanks, found.guns, found.name) == (0.6, 55, 45, "First")


def test_a_value_that_no_key_can_have_is_told() -> None:
    with pytest.raises(sandtable.SandtableError, match=r"overrides: a\.b: found object; allowed: "):
        sandtable.load(RUNS / "hill.toml", overrides={"a.b": object()})
