"""An ensemble is the same, however it was cut into parts and whoever ran them."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import fakes
from sandtable.errors import SandtableError
from sandtable.experiments import Part, Settings, columns, parts_of, run_parts
from sandtable.streams import Streams


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


class Backwards(Executor):
    """Runs what it was given only when the last call is asked for, last first."""

    def __init__(self) -> None:
        self.order: list[int] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.order.append(args[1])
        future.set_result(fn(*args, **kwargs))
        return future


def collected(settings: Settings, executor: Executor | None = None, skip: Any = ()) -> list[Part]:
    parts: list[Part] = []
    run_parts(
        fakes.Scenario(),  # type: ignore[arg-type]
        settings,
        skip=skip,
        on_part=parts.append,
        executor=executor,
    )
    return sorted(parts, key=lambda part: part.first)


def table(parts: list[Part]) -> np.ndarray[Any, Any]:
    return np.concatenate([part.outcomes for part in parts])


@pytest.mark.parametrize("part_size", [1, 7, 25, 1000])
@pytest.mark.parametrize("threads", [0, 3])
def test_parts_and_executor_change_nothing(part_size: int, threads: int) -> None:
    expected = table(collected(Settings(60, seed=5)))
    settings = Settings(60, seed=5, part_size=part_size)
    if threads:
        with ThreadPoolExecutor(threads) as pool:
            found = table(collected(settings, pool))
    else:
        found = table(collected(settings, Backwards()))
    assert found.tobytes() == expected.tobytes()


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


def test_few_parts_are_held_at_a_time() -> None:
    class Counting(Backwards):
        most = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(fn, *args, **kwargs)
            Counting.most = max(Counting.most, len(self.order) - seen[0])
            return future

    seen = [0]

    def on_part(part: Part) -> None:
        seen[0] += 1

    settings = Settings(500, part_size=1)
    run_parts(fakes.Scenario(), settings, on_part=on_part, executor=Counting())  # type: ignore[arg-type]
    assert seen[0] == 500
    assert Counting.most <= 10


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
    covered = [first + i for first, n in parts_of(Settings(103, part_size=10)) for i in range(n)]
    assert covered == list(range(103))


def test_a_failure_names_its_replication(monkeypatch: pytest.MonkeyPatch) -> None:
    from sandtable import engine

    def broken(*args: Any, replication: int, **rest: Any) -> fakes.Run:
        if replication == 31:
            raise ZeroDivisionError
        return fakes.run(*args, replication=replication, **rest)

    monkeypatch.setattr(engine, "run", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        collected(Settings(60))
    assert caught.value.__notes__ == ["in replication 31 of toy"]
