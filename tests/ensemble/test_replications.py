"""An ensemble is the same, however it was cut into parts and whoever ran them."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

import fakes
from sandtable import engine
from sandtable.ensemble import (
    Failure,
    Part,
    Settings,
    columns,
    parts_of,
    replications,
    run_parts,
    run_points,
)
from sandtable.ensemble.replications import replications_in
from sandtable.errors import SandtableError
from sandtable.streams import Streams


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


def collected(settings: Settings, executor: Executor | None = None, skip: Any = ()) -> list[Part]:
    """All parts of the toy, by first replication; ``executor`` takes the place of processes."""
    parts: list[Part] = []
    with pytest.MonkeyPatch.context() as patch:
        if executor is not None:
            patch.setattr(replications, "workers", lambda *_: nullcontext((executor, 4)))
        run_parts(fakes.Scenario(), settings, skip=skip, on_part=parts.append)  # type: ignore[arg-type]
    return sorted(parts, key=lambda part: part.first)


def table(parts: list[Part]) -> np.ndarray[Any, Any]:
    return np.concatenate([part.outcomes for part in parts])


@pytest.mark.parametrize("part_size", [1, 7, 25, 1000])
def test_parts_and_executor_change_nothing(part_size: int) -> None:
    expected = table(collected(Settings(60, seed=5)))
    settings = Settings(60, seed=5, part_size=part_size)
    with ThreadPoolExecutor(3) as pool:
        found = table(collected(settings, pool))
    assert found.tobytes() == expected.tobytes()
    assert table(collected(settings)).tobytes() == expected.tobytes()


def test_draws_are_those_of_the_named_streams() -> None:
    found = table(collected(Settings(8, seed=0, part_size=3)))
    streams = Streams("toy", 0)
    men = 100 + 50 * streams.uniforms("input/formation.36-army.personnel", 0, 8)
    expected = [men[i] * streams.within("fight", i).uniform() for i in range(8)]
    assert found[:, 0].tolist() == expected


def test_skipped_parts_are_not_run() -> None:
    parts = collected(Settings(60), skip={25})
    assert [(part.first, len(part.outcomes)) for part in parts] == [(0, 25), (50, 10)]


def test_only_replication_zero_has_a_log() -> None:
    parts = collected(Settings(60))
    assert [len(part.events) for part in parts] == [1, 0, 0]
    assert [part.event_count for part in parts] == [100, 100, 40]
    assert parts[0].timeline.shape == (25, fakes.DAYS + 1, len(fakes.SERIES))
    assert columns(fakes.Scenario()) == (fakes.OUTCOMES, fakes.SERIES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"replications": 0}, "replications: found 0; allowed: a whole number from 1"),
        ({"seed": -1}, "seed: found -1"),
        ({"jobs": 0}, "jobs: found 0"),
        ({"step_days": 0.0}, "step_days: found 0.0; allowed: above 0, at most 1"),
        ({"step_days": float("nan")}, "step_days: found nan"),
    ],
)
def test_settings_out_of_range(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SandtableError, match=message):
        Settings(**wrong)


def test_parts_cover_every_replication_once() -> None:
    settings = Settings(103, part_size=10)
    counts = [replications_in(settings, [first]) for first in parts_of(settings)]
    covered = [
        first + i for first, n in zip(parts_of(settings), counts, strict=True) for i in range(n)
    ]
    assert covered == list(range(103))


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("outcomes", 0, float("inf"), "losses/ussr/personnel/total came to inf"),
        ("outcomes", 0, float("nan"), "losses/ussr/personnel/total came to nan"),
        ("outcomes", 1, float("-inf"), "captured/hailar came to -inf"),
        ("timeline", 0, float("inf"), "strength/ussr/personnel came to inf"),
    ],
)
def test_an_overflow_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, table: str, column: int, value: float, told: str
) -> None:
    def overflowing(*given: Any, **how: Any) -> fakes.Run:
        run = fakes.run(*given, **how)
        if how["replication"] == 3:
            (run.outcomes if table == "outcomes" else run.timeline[-1])[column] = value
        return run

    monkeypatch.setattr(engine, "run", overflowing)
    (part,) = collected(Settings(8, seed=5))
    assert part.failures == (Failure(3, 5, f"FloatingPointError: {told}, which is no amount"),)
    assert np.isnan(part.outcomes[3]).all()
    assert np.isfinite(part.outcomes[[0, 1, 2, 4, 5, 6, 7], 0]).all()


def test_a_failure_is_listed_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, replication: int, **rest: Any) -> fakes.Run:
        if replication in (31, 59):
            raise ZeroDivisionError(f"number {replication}")
        return fakes.run(*args, replication=replication, **rest)

    whole = table(collected(Settings(60, seed=5)))
    monkeypatch.setattr(engine, "run", broken)
    parts = collected(Settings(60, seed=5))
    assert [part.failures for part in parts] == [
        (),
        (Failure(31, 5, "ZeroDivisionError: number 31"),),
        (Failure(59, 5, "ZeroDivisionError: number 59"),),
    ]
    assert [np.flatnonzero(~part.kept).tolist() for part in parts] == [[], [6], [9]]
    found = np.concatenate([part.outcomes[part.kept] for part in parts])
    assert found.tobytes() == np.delete(whole, [31, 59], axis=0).tobytes()
    assert np.isnan(parts[1].outcomes[6]).all()


def test_points_share_their_draws() -> None:
    parts: list[Part] = []
    scenarios = [fakes.Scenario(digest=letter * 64) for letter in "ab"]
    settings = Settings(30, seed=5)
    run_points(scenarios, settings, skip={(1, 25)}, on_part=parts.append)  # type: ignore[arg-type]
    assert [(part.point, part.first) for part in parts] == [(0, 0), (0, 25), (1, 0)]
    assert parts[0].outcomes.tobytes() == parts[2].outcomes.tobytes()
