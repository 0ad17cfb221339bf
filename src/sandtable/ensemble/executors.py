"""Where the work is done: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from typing import TypeVar

from sandtable.ensemble.cluster import ClusterExecutor, cluster
from sandtable.processes import processes

Result = TypeVar("Result")

# Tasks handed out ahead for each worker: enough that none waits, few enough to hold in memory.
_AHEAD = 3


@contextmanager
def workers(jobs: int, scheduler: str | None = None) -> Iterator[tuple[Executor | None, int]]:
    """Open an executor of ``jobs`` processes, or of the Dask cluster at ``scheduler``.

    Yields it with the number of tasks that it should hold at a time. No executor stands for
    this process: one job and no cluster. Processes that are open already, further out, are used
    again. Raises SandtableError when a worker process dies, and as `cluster` does.
    """
    if scheduler is not None:
        with cluster(scheduler) as (executor, threads):
            yield executor, threads * _AHEAD
    elif jobs == 1:
        yield None, 1
    else:
        with processes(jobs) as executor:
            yield executor, jobs * _AHEAD


def map_unordered(
    executor: Executor | None,
    ahead: int,
    work: Callable[..., Result],
    tasks: Iterable[tuple[object, ...]],
) -> Iterator[Result]:
    """Yield ``work(*task)`` of every task as it is done, at most ``ahead`` submitted at a time.

    Without an executor they are done here, in order. What waits when the caller gives up is
    dropped by the executor, when it is closed.
    """
    if executor is None:
        for task in tasks:
            yield work(*task)
        return
    waiting = iter(tasks)
    running: set[Future[Result]] = set()
    while True:
        for task in waiting:
            running.add(executor.submit(work, *task))
            if len(running) >= ahead:
                break
        if not running:
            return
        done, running = _first_done(executor, running)
        for future in done:
            yield future.result()


def _first_done(
    executor: Executor, running: set[Future[Result]]
) -> tuple[set[Future[Result]], set[Future[Result]]]:
    if isinstance(executor, ClusterExecutor):
        return executor.first_done(running)
    done, left = wait(running, return_when=FIRST_COMPLETED)
    return done, left
