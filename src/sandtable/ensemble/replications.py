"""Many replications of one scenario, in parts, by any executor, with the same result from all."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable import engine
from sandtable.amounts import JOBS, PART_SIZE, REPLICATIONS, SEED, require
from sandtable.battle_rows import NO_BATTLES, BattleRows, battle_rows
from sandtable.ensemble.executors import map_unordered, workers
from sandtable.ensemble.failures import Failure, failure_of
from sandtable.ensemble.scheduler_address import check_address
from sandtable.errors import SandtableError
from sandtable.laws.sampler import LawSampler
from sandtable.outcomes import is_amount
from sandtable.streams import Streams

if TYPE_CHECKING:
    from sandtable.engine import Event
    from sandtable.ranges import Sampler
    from sandtable.scenario import Scenario
    from sandtable.scenario.resolved import ResolvedScenario


@dataclass(frozen=True, slots=True)
class Settings:
    """How many replications, from which seed, on how many processes, and with which step.

    ``step_days`` is the interval at which an engagement is assessed, in days. ``part_size`` is
    the number of replications worked and written together, ``scheduler`` the address of a Dask
    cluster that takes the place of the processes; neither changes any result. Raises
    SandtableError when a number is out of its range, and as `check_address` does.
    """

    replications: int = 200
    seed: int = 1
    jobs: int = 1
    step_days: float = engine.STEP_DAYS
    part_size: int = 25
    scheduler: str | None = None

    def __post_init__(self) -> None:
        allowed = {
            "replications": REPLICATIONS, "seed": SEED, "jobs": JOBS, "part_size": PART_SIZE,
        }  # fmt: skip
        require(amount.fault(name, getattr(self, name)) for name, amount in allowed.items())
        if self.scheduler is not None:
            check_address(self.scheduler)
        if not 0 < self.step_days <= 1:
            raise SandtableError(f"step_days: found {self.step_days}; allowed: above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive replications from number ``first``.

    ``outcomes`` has shape (n, outcomes), ``timeline`` (n, days + 1, series); ``events`` is the
    log of replication 0 and empty in every other part; ``event_count`` sums over the part.
    ``point`` is the place of the scenario among several. A replication that raised has a
    row of NaN and an entry in ``failures``, and no ``battles``.
    """

    first: int
    outcomes: NDArray[np.float64]
    timeline: NDArray[np.float32]
    event_count: int
    events: tuple[Event, ...] = field(default=())
    point: int = 0
    failures: tuple[Failure, ...] = ()
    battles: BattleRows = NO_BATTLES

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Tell of each replication whether it came to its end, shape (n,)."""
        whole = np.ones(len(self.outcomes), dtype=np.bool_)
        whole[[failure.replication - self.first for failure in self.failures]] = False
        return whole


def columns(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a part's outcomes and of its timeline's series, in their order."""
    reporter = engine.reporter_of(scenario.sampler.central())
    return reporter.outcomes, reporter.series


def parts_of(settings: Settings) -> range:
    """Return the first replication of every part of the ensemble."""
    return range(0, settings.replications, settings.part_size)


def replications_in(settings: Settings, done: Iterable[int]) -> int:
    """Return how many replications the parts hold whose first ones are ``done``."""
    size, total = settings.part_size, settings.replications
    return sum(min(size, total - first) for first in done)


def run_parts(
    scenario: Scenario,
    settings: Settings,
    *,
    skip: Collection[int] = (),
    on_part: Callable[[Part], None],
) -> None:
    """Run the ensemble of one scenario: point 0 of `run_points`, parts by first replication."""
    done = {(0, first) for first in skip}
    run_points([scenario], settings, skip=done, on_part=on_part)


def run_points(
    scenarios: Sequence[Scenario],
    settings: Settings,
    *,
    skip: Collection[tuple[int, int]] = (),
    on_part: Callable[[Part], None],
) -> None:
    """Run an ensemble of each scenario and hand each part to ``on_part`` as it is done.

    Parts come in any order; those whose point (place of the scenario) and first replication
    are in ``skip`` are left out. What a replication draws depends on the scenario's name, the
    seed and its number alone, so that points share their draws. A replication that raises is
    a failure of its part; the others go on. Raises SandtableError as `workers` does; parts
    handed over before remain good.
    """
    payloads = [payload_of(scenario, settings) for scenario in scenarios]

    # Made as they are worked: ten million replications have half a million parts.
    def todo() -> Iterator[tuple[bytes, int, int, int]]:
        for point, payload in enumerate(payloads):
            for first in parts_of(settings):
                if (point, first) not in skip:
                    yield payload, point, first, replications_in(settings, [first])

    jobs = sum(1 for _ in islice(todo(), settings.jobs)) or 1
    with workers(jobs, settings.scheduler) as (executor, ahead):
        for part in map_unordered(executor, ahead, _simulate, todo()):
            on_part(part)


@dataclass(frozen=True, slots=True)
class Work:
    """All that a process needs besides the numbers of the replications."""

    sampler: Sampler[ResolvedScenario]
    seed: int
    streams: Streams
    step_days: float
    laws: LawSampler
    reporter: engine.Reporter | engine.PhasesReporter

    def inputs(self, first: int, count: int) -> tuple[list[list[float]], list[list[float]]]:
        """Draw what is uncertain in the scenario and in the laws, one row a replication."""
        scenario = self._drawn(self.sampler.uncertain, first, count)
        return scenario, self._drawn(self.laws.uncertain, first, count)

    def run(
        self, replication: int, inputs: list[float], law_inputs: list[float], record: bool = False
    ) -> engine.Run:
        """Run one replication; ``record`` keeps its log and tracks."""
        return engine.run(
            self.sampler.draw(inputs),
            self.laws.draw(law_inputs),
            self.reporter,
            streams=self.streams,
            replication=replication,
            step_days=self.step_days,
            record_events=record,
        )

    def _drawn(self, names: tuple[str, ...], first: int, count: int) -> list[list[float]]:
        streams = [f"input/{name}" for name in names]
        rows: list[list[float]] = self.streams.table(streams, first, count).tolist()
        return rows


def payload_of(scenario: Scenario, settings: Settings) -> bytes:
    """Pack what a process needs: no more of a scenario than its sampler and its name."""
    return pickle.dumps((scenario.name, scenario.sampler, settings.seed, settings.step_days))


@lru_cache(maxsize=4)
def work_of(payload: bytes) -> Work:
    """Unpack what `payload_of` packed."""
    # The payload comes with every part; a worker reads it once. A few points are at work at a
    # time, each a few megabytes.
    name, sampler, seed, step_days = pickle.loads(payload)
    reporter = engine.reporter_of(sampler.central())
    return Work(sampler, seed, Streams(name, seed), step_days, law_sampler_of(sampler), reporter)


def law_sampler_of(sampler: Sampler[ResolvedScenario]) -> LawSampler:
    """The laws that a scenario names, for its armies and its year."""
    central = sampler.central()
    armies = {side.id: side.army for side in central.sides}
    return LawSampler.shipped(central.attrition, central.advance, armies, central.year)


@contextmanager
def garbage_collected_after() -> Iterator[None]:
    """Let the garbage collector rest, and collect at the end what came about in between."""
    # A replication leaves cycles of a few megabytes. Looking for them all the time costs a
    # quarter of it; once a part, among what the part made, costs nothing.
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def play_again(scenario: Scenario, settings: Settings, number: int) -> engine.Run:
    """Run one replication of an ensemble by itself, here, with its log and its tracks."""
    work = work_of(payload_of(scenario, settings))
    (drawn,), (laws,) = work.inputs(number, 1)
    return work.run(number, drawn, laws, True)


def _simulate(payload: bytes, point: int, first: int, count: int) -> Part:
    work = work_of(payload)
    inputs, law_inputs = work.inputs(first, count)
    names, days = len(work.reporter.outcomes), work.reporter.days + 1
    outcomes = np.full((count, names), np.nan)
    timeline = np.full((count, days, len(work.reporter.series)), np.nan, dtype=np.float32)
    events: tuple[Event, ...] = ()
    scheduled, failures = 0, list[Failure]()
    battles: list[tuple[int, list[engine.BattleRow]]] = []
    with garbage_collected_after():
        for i, (drawn, laws) in enumerate(zip(inputs, law_inputs, strict=True)):
            try:
                run = work.run(first + i, drawn, laws, first + i == 0)
                outcomes[i], timeline[i] = run.outcomes, run.timeline
                _refuse_overflow(work.reporter.outcomes, outcomes[i])
                _refuse_overflow(work.reporter.series, *timeline[i])
            except Exception as error:
                failures.append(failure_of(first + i, work.seed, error))
                outcomes[i], timeline[i] = np.nan, np.nan
                continue
            battles.append((first + i, run.battles))
            scheduled += run.event_count
            events = events or tuple(run.events)
    rows = battle_rows(battles)
    return Part(first, outcomes, timeline, scheduled, events, point, tuple(failures), rows)


def _refuse_overflow(names: tuple[str, ...], *rows: NDArray[np.floating]) -> None:
    """Raise FloatingPointError for a value that is infinite, or NaN where that has no meaning."""
    for row in rows:
        if np.isfinite(row).all():
            continue
        wrong = np.isinf(row) | (np.isnan(row) & _counted(names))
        if wrong.any():
            at = int(wrong.argmax())
            raise FloatingPointError(f"{names[at]} came to {row[at]}, which is no amount")


@lru_cache(maxsize=8)
def _counted(names: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([is_amount(name) for name in names])
