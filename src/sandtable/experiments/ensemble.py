"""Many replications of one scenario, in parts, by any executor, with the same result from all."""

from __future__ import annotations

import gc
import itertools
import pickle
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable import engine
from sandtable.errors import SandtableError
from sandtable.laws.book import LawBook
from sandtable.streams import Streams

if TYPE_CHECKING:
    from sandtable.engine import Event
    from sandtable.scenario import Scenario

# Parts handed out ahead for each process: enough that none waits, few enough to hold in memory.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """How many replications, from which seed, on how many processes, and with which step.

    ``step_days`` is the interval at which an engagement is assessed, in days. ``part_size`` is
    the number of replications worked and written together; it changes no result. Raises
    SandtableError when a number is out of its range.
    """

    replications: int = 200
    seed: int = 1
    jobs: int = 1
    step_days: float = 0.25
    part_size: int = 25

    def __post_init__(self) -> None:
        lowest = {"replications": 1, "seed": 0, "jobs": 1, "part_size": 1}
        for name, low in lowest.items():
            value = getattr(self, name)
            if value < low:
                raise SandtableError(f"{name}: found {value}; allowed: a whole number from {low}")
        if not 0 < self.step_days <= 1:
            raise SandtableError(f"step_days: found {self.step_days}; allowed: above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive replications from number ``first``.

    ``outcomes`` has shape (n, outcomes), ``timeline`` (n, days + 1, series); ``events`` is the
    log of replication 0 and empty in every other part; ``event_count`` sums over the part.
    """

    first: int
    outcomes: NDArray[np.float64]
    timeline: NDArray[np.float32]
    event_count: int
    events: tuple[Event, ...] = field(default=())


def columns(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a part's outcomes and of its timeline's series, in their order."""
    accounts = engine.Accounts(scenario.template.central())
    return accounts.outcomes, accounts.series


def parts_of(settings: Settings) -> list[tuple[int, int]]:
    """Return (first replication, count) of every part of the ensemble."""
    size, total = settings.part_size, settings.replications
    return [(first, min(size, total - first)) for first in range(0, total, size)]


def run_parts(
    scenario: Scenario,
    settings: Settings,
    *,
    skip: Collection[int] = (),
    on_part: Callable[[Part], None],
    executor: Executor | None = None,
) -> None:
    """Run the ensemble and hand each part to ``on_part`` as it is done, in any order.

    Parts whose first replication is in ``skip`` are left out. With ``jobs`` of 1 and no
    ``executor`` all runs in this process; otherwise in ``jobs`` new processes, or wherever the
    executor puts it. What a replication draws depends on scenario, seed and its number alone.
    Raises SandtableError when a process dies; parts handed over before remain good.
    """
    todo = [part for part in parts_of(settings) if part[0] not in skip]
    payload = pickle.dumps((scenario, settings.seed, settings.step_days))
    if executor is None and settings.jobs == 1:
        for first, count in todo:
            on_part(_simulate(payload, first, count))
        return
    pool = _processes(min(settings.jobs, len(todo) or 1)) if executor is None else None
    with pool or nullcontext(executor) as workers:
        assert workers is not None
        for part in _as_completed(workers, payload, todo, settings.jobs * _AHEAD):
            on_part(part)


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    # Spawned, not forked: the same on every system, and no lock is inherited half-held.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        with _interrupt_ignored():
            pool.submit(int)
        yield pool
    except BrokenProcessPool as error:
        raise SandtableError(
            "a worker process died, perhaps for want of memory; try again with fewer jobs"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupt_ignored() -> Iterator[None]:
    # Ctrl-C reaches the whole process group, but the parent alone decides what to keep: a
    # process started while the signal is ignored ignores it from its first moment.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _as_completed(
    executor: Executor, payload: bytes, todo: list[tuple[int, int]], ahead: int
) -> Iterator[Part]:
    """Yield parts as they are done, with at most ``ahead`` of them submitted at a time."""
    waiting = iter(todo)
    running: set[Future[Part]] = set()
    try:
        while True:
            for first, count in waiting:
                running.add(executor.submit(_simulate, payload, first, count))
                if len(running) >= ahead:
                    break
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        for future in running:
            future.cancel()


@dataclass(frozen=True, slots=True)
class _Work:
    """All that a process needs besides the numbers of the replications."""

    scenario: Scenario
    streams: Streams
    step_days: float
    book: LawBook
    accounts: engine.Accounts

    def inputs(self, first: int, count: int) -> tuple[list[list[float]], list[list[float]]]:
        """Draw what is uncertain in the scenario and in the laws, one row a replication."""
        scenario = self._drawn(self.scenario.template.uncertain, first, count)
        return scenario, self._drawn(self.book.uncertain, first, count)

    def run(self, replication: int, inputs: list[float], law_inputs: list[float]) -> engine.Run:
        """Run one replication; only number 0 keeps its log."""
        return engine.run(
            self.scenario.template.draw(inputs),
            self.book.draw(law_inputs),
            self.accounts,
            streams=self.streams,
            replication=replication,
            step_days=self.step_days,
            record_events=replication == 0,
        )

    def _drawn(self, names: tuple[str, ...], first: int, count: int) -> list[list[float]]:
        columns = [self.streams.uniforms(f"input/{name}", first, count) for name in names]
        rows: list[list[float]] = np.stack(columns, axis=1).tolist() if columns else [[]] * count
        return rows


@lru_cache(maxsize=1)
def _unpacked(payload: bytes) -> _Work:
    # The payload comes with every part; a worker reads it once.
    scenario, seed, step_days = pickle.loads(payload)
    central = scenario.template.central()
    return _Work(
        scenario,
        Streams(scenario.name, seed),
        step_days,
        LawBook.shipped(
            central.attrition, central.advance, [side.id for side in central.sides], central.year
        ),
        engine.Accounts(central),
    )


@contextmanager
def _collected_at_the_end() -> Iterator[None]:
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


def _simulate(payload: bytes, first: int, count: int) -> Part:
    work = _unpacked(payload)
    inputs, law_inputs = work.inputs(first, count)
    runs = []
    with _collected_at_the_end():
        for replication, drawn, laws in zip(itertools.count(first), inputs, law_inputs):
            try:
                runs.append(work.run(replication, drawn, laws))
            except Exception as error:
                error.add_note(f"in replication {replication} of {work.scenario.name}")
                raise
    return Part(
        first,
        np.array([run.outcomes for run in runs], dtype=np.float64),
        np.array([run.timeline for run in runs], dtype=np.float32),
        sum(run.event_count for run in runs),
        tuple(runs[0].events),
    )
