"""Where the work is done: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures import CancelledError as FutureCancelled
from contextlib import contextmanager
from importlib import metadata
from typing import Any, TypeVar

from sandtable.errors import MissingPackageError, SandtableError
from sandtable.processes import processes

Result = TypeVar("Result")

# Tasks handed out ahead for each worker: enough that none waits, few enough to hold in memory.
_AHEAD = 3
_ANSWERS_WITHIN = "10s"


@contextmanager
def workers(jobs: int, scheduler: str | None = None) -> Iterator[tuple[Executor | None, int]]:
    """Open an executor of ``jobs`` processes, or of the Dask cluster at ``scheduler``.

    Yields it with the number of tasks that it should hold at a time. No executor stands for
    this process: one job and no cluster. Processes that are open already, further out, are used
    again. Raises SandtableError where no cluster answers, where Dask isn't installed, or when a
    worker dies and nobody can take its place.
    """
    if scheduler is not None:
        with _logs_silent(), _cluster(scheduler) as (executor, threads):
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
    tasks: Sequence[tuple[object, ...]],
) -> Iterator[Result]:
    """Yield ``work(*task)`` of every task as it is done, at most ``ahead`` submitted at a time.

    Without an executor they are done here, in order.
    """
    if executor is None:
        for task in tasks:
            yield work(*task)
        return
    waiting = iter(tasks)
    running: set[Future[Result]] = set()
    try:
        while True:
            for task in waiting:
                running.add(executor.submit(work, *task))
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


@contextmanager
def _logs_silent() -> Iterator[None]:
    # Dask logs a lost connection with its traceback; what it comes to is told by our errors.
    names = ("distributed.client", "distributed.batched", "distributed.core", "tornado.application")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster, and the number of its threads."""
    dask = _dask()
    kept = "completed work is kept, use --resume to continue"
    with _logs_silent():
        try:
            client = dask.Client(address, timeout=_ANSWERS_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SandtableError(
                f"--scheduler: no Dask scheduler answers at {address} ({error}); "
                "allowed: the address of a running one, as tcp://127.0.0.1:8786"
            ) from None
        try:
            yield _executor_of(client, address)
        except dask.KilledWorker as error:
            raise SandtableError(
                f"workers of {address} died repeatedly on one part ({error}); {kept}"
            ) from error
        except (dask.CancelledError, FutureCancelled) as error:
            raise SandtableError(
                f"the Dask scheduler at {address} no longer answers; {kept}"
            ) from error
        finally:
            client.close()


def _executor_of(client: Any, address: str) -> tuple[Executor, int]:
    try:
        client.wait_for_workers(1, timeout=_ANSWERS_WITHIN)
    except TimeoutError:
        raise SandtableError(
            f"--scheduler: no worker joined {address} within {_ANSWERS_WITHIN}; "
            f"start one with: dask worker {address}"
        ) from None
    _same_everywhere(client, address)
    return _ClusterExecutor(client), sum(client.nthreads().values())


class _ClusterExecutor(Executor):
    """Hands tasks to a Dask cluster.

    In place of the client's own executor, which takes a result for an error if the worker that
    holds it dies before it is fetched: here it is worked again.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        # Impure: results that the scheduler keeps of another run are not ours to take.
        work = self._client.submit(fn, *args, pure=False, **kwargs)
        told: Future[Result] = Future()
        told.set_running_or_notify_cancel()

        def fetch(done: Any) -> None:
            try:
                told.set_result(done.result())
            except BaseException as error:
                told.set_exception(error)

        work.add_done_callback(fetch)
        return told


def _same_everywhere(client: Any, address: str) -> None:
    """Refuse workers whose results might not be ours."""
    try:
        found = client.run(_versions)
    except ImportError as error:
        raise SandtableError(
            f"--scheduler: a worker of {address} cannot run the task ({error}); "
            "install the same sandtable there as here"
        ) from None
    others = {worker: versions for worker, versions in found.items() if versions != _versions()}
    if others:
        lines = [f"  {worker}: {', '.join(others[worker])}" for worker in sorted(others)]
        raise SandtableError(
            f"--scheduler: workers of {address} differ from here, which has "
            + "\n".join([", ".join(_versions()), *lines])
        )


def _versions() -> tuple[str, ...]:
    from sandtable import __version__

    packages = ("numpy", "simpy", "scipy", "networkx")
    here = f"python {platform.python_version()}", f"sandtable {__version__}"
    return *here, *(f"{name} {metadata.version(name)}" for name in packages)


def _dask() -> Any:
    try:
        import distributed
    except ImportError:
        raise MissingPackageError("--scheduler", "Dask", "dask") from None
    return distributed
