"""A Dask cluster that does the work: reached, held to the make of here, watched, let go."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures import CancelledError as FutureCancelled
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sandtable.ensemble.same_make import Make, check_same, differing, make_here
from sandtable.ensemble.scheduler_address import check_answers
from sandtable.errors import MissingPackageError, SandtableError
from sandtable.processes import WorkerDiedError

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

_CONNECT = "distributed.comm.timeouts.connect"
_NO_WORKERS = "distributed.scheduler.no-workers-timeout"
_LIMITS = {_CONNECT: "10s", _NO_WORKERS: "60s"}
"""Dask's settings that are heeded, and what stands for them where nobody has set them."""

# Seconds: without a result before workers are counted; without a worker before it is told;
# between two looks for the first worker; that the scheduler has for an answer.
_LOOK_AFTER, _TOLD_AFTER, _PAUSE, _ANSWER_WITHIN = 2.0, 3.0, 0.1, 5.0
_NOISY = ("asyncio", "distributed", "tornado")


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Open the Dask cluster whose scheduler is at ``address``; yield it and its threads' number.

    Raises SandtableError where no scheduler answers in time, where Dask isn't installed and where
    anything there is of another make than here; WorkerDiedError when the scheduler is gone, no
    worker has been there for too long, or workers die over and over.
    """
    distributed = _distributed()
    with _silent():
        client = _client(distributed, address)
        try:
            watch = Watch(client, address, _seconds(_NO_WORKERS))
            threads = watch.first_workers()
            check_same_everywhere(client, address)
            yield ClusterExecutor(client, watch), threads
        except distributed.KilledWorker as error:
            raise WorkerDiedError(
                f"workers of {address} died repeatedly on one part ({error})"
            ) from error
        except (distributed.CancelledError, FutureCancelled) as error:
            raise WorkerDiedError(f"the Dask scheduler at {address} no longer answers") from error
        finally:
            # A scheduler that hangs is not worth an error of its own.
            with suppress(OSError):
                client.close(_ANSWER_WITHIN)


class ClusterExecutor(Executor):
    """Hands tasks to a Dask cluster.

    In place of the client's own executor, which takes a result for an error if the worker that
    holds it dies before it is fetched: here it is worked again.
    """

    def __init__(self, client: Any, watch: Watch) -> None:
        self._client, self._watch = client, watch

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Hand a task over; as of `Executor.submit`."""
        # Impure: results that the scheduler keeps of another run are not ours to take.
        work = self._client.submit(_worked, make_here(), fn, *args, pure=False, **kwargs)
        told: Future[Result] = Future()
        told.set_running_or_notify_cancel()

        def fetch(done: Any) -> None:
            if done.cancelled():
                # The client is being closed, or has lost the scheduler: there is nobody to ask.
                told.set_exception(FutureCancelled())
                return
            try:
                told.set_result(done.result())
            except BaseException as error:
                told.set_exception(error)

        work.add_done_callback(fetch)
        return told

    def first_done(
        self, running: set[Future[Result]]
    ) -> tuple[set[Future[Result]], set[Future[Result]]]:
        """Wait for the first result, as long as anybody is there to bring one about.

        Returns what is done and what is not. Raises WorkerDiedError as `Watch.look` does.
        """
        while True:
            done, left = wait(running, _LOOK_AFTER, FIRST_COMPLETED)
            if done:
                return done, left
            self._watch.look()


class Watch:
    """Counts the workers of a cluster; tells when there are none, and gives up on it at last."""

    def __init__(self, client: Any, address: str, patience: float) -> None:
        self._client, self._address, self._patience = client, address, patience
        self._since: float | None = None
        self._told = False

    def first_workers(self) -> int:
        """Wait for a worker; return the number of all workers' threads."""
        while not (threads := self.look()):
            time.sleep(_PAUSE)
        return threads

    def look(self) -> int:
        """Return the number of threads of the workers that are there.

        Raises WorkerDiedError when there have been none for ``patience`` seconds.
        """
        threads, found = self._counted()
        now = time.monotonic()
        if threads:
            self._since, self._told = None, False
            return threads
        if self._since is None:
            self._since = now
        waited, limit = now - self._since, f"{self._patience:g} s (Dask's setting {_NO_WORKERS})"
        if waited >= self._patience:
            raise WorkerDiedError(
                f"--scheduler: {found} for {limit}; start workers with: dask worker {self._address}"
            )
        if waited >= _TOLD_AFTER and not self._told:
            self._told = True
            _log.warning("%s; waiting for at most %s", found, limit)
        return 0

    def _counted(self) -> tuple[int, str]:
        """The threads, and what to say if there are none."""
        try:
            ask = self._client.scheduler.ncores
            threads = self._client.sync(ask, callback_timeout=_ANSWER_WITHIN)
        except OSError:
            return 0, f"the scheduler at {self._address} has not answered"
        return sum(threads.values()), f"no worker has been at {self._address}"


def _worked(asked: Make, fn: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    # Anew for each task: a worker may have joined while others were at work.
    check_same(asked)
    return fn(*args, **kwargs)


def _client(distributed: Any, address: str) -> Any:
    from dask import config

    within = _seconds(_CONNECT)
    # Whoever has credentials loaded by a function of their own is not asked for them twice.
    if config.get("distributed.client.security-loader", None) is None:
        check_answers(address, within)
    try:
        return distributed.Client(address, timeout=within, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SandtableError(
            f"--scheduler: {address} does not answer as a Dask scheduler does ({error})"
        ) from error


def check_same_everywhere(client: Any, address: str) -> None:
    """Raise SandtableError if a worker or the scheduler, which reads tasks, is of another make."""
    workers = client.run(make_here, on_error="return")
    makes = {f"worker {at}": make for at, make in sorted(workers.items())}
    try:
        makes["scheduler"] = client.run_on_scheduler(make_here)
    except Exception as error:
        makes["scheduler"] = error
    lines = [
        f"  {who}: {other}"
        for who, make in makes.items()
        if (other := _otherwise(make)) is not None
    ]
    if lines:
        raise SandtableError(
            f"--scheduler: {address} is of another make than here, so that results might differ; "
            "install the same versions everywhere:\n" + "\n".join(lines)
        )


def _otherwise(make: Make | Exception) -> str | None:
    if isinstance(make, Exception):
        return f"cannot run sandtable ({make})"
    return differing(make, make_here()) or None


def _seconds(name: str) -> float:
    """A setting of Dask's that somebody has set, or else ours, in seconds."""
    from dask.config import defaults, get, merge
    from dask.utils import parse_timedelta

    found, shipped = get(name, None), get(name, None, config=merge(*defaults))
    return float(parse_timedelta(_LIMITS[name] if found in (None, shipped) else found))


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask from telling: it logs what is lost with tracebacks, and our errors say it all."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in _NOISY]
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"distributed\b")
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise MissingPackageError("--scheduler", "Dask", "dask") from None
    return distributed
