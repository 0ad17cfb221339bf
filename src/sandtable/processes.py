"""Processes of this machine that work beside this one: started, watched and ended in one place."""

from __future__ import annotations

import ast
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from sandtable.errors import SandtableError
from sandtable.memory import ask_for_room, exhausted

Given = TypeVar("Given")
Result = TypeVar("Result")
_SOON = 10.0
"""Seconds in which processes that have no more to do, or were killed, have long ended."""


class WorkerDiedError(SandtableError):
    """A process that worked for this one died; what it and others had handed over is good."""


class _GivenUpError(BrokenProcessPool):
    """A pool can't go on, for the reason told."""


def died(error: BaseException) -> str | None:
    """Say so where an error tells that a process or its pool died; None for any other."""
    if isinstance(error, WorkerDiedError | _GivenUpError):
        return str(error)
    if isinstance(error, BrokenProcessPool):
        return "a worker process died, perhaps out of memory; try fewer --jobs"
    return None


def each(work: Callable[[Given], Result], tasks: Sequence[Given], jobs: int) -> Iterator[Result]:
    """Yield what ``work`` makes of each task, in their order, on ``jobs`` processes.

    Raises as `processes` does.
    """
    if jobs == 1:
        yield from map(work, tasks)
        return
    with processes(min(jobs, len(tasks) or 1)) as pool:
        yield from pool.map(work, tasks)


_open: ContextVar[Executor | None] = ContextVar("_open", default=None)


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Open an executor of ``jobs`` processes, which are gone soon after the ``with`` statement.

    Within another such statement its processes are used again. Raises WorkerDiedError when one
    of them dies, and whatever says that none can be started.
    """
    already = _open.get()
    try:
        if already is not None:
            yield already
            return
        with _new_processes(jobs) as pool:
            before = _open.set(pool)
            try:
                yield pool
            finally:
                _open.reset(before)
    except BrokenProcessPool as error:
        raise WorkerDiedError(died(error)) from error


@contextmanager
def _new_processes(jobs: int) -> Iterator[Executor]:
    _refuse_unguarded_script()
    others = multiprocessing.active_children()
    pool = _Pool(jobs)
    try:
        with pool.watched():
            with _group_ignored():
                for _ in range(jobs):
                    pool.submit(int)
            yield pool
    except BaseException:
        # What they work at is wanted no more, and the thread that would end them may be gone. It
        # is told first: a pool whose workers die fails over tasks that are cancelled meanwhile.
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
        pool.no_more_results()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        # The interpreter waits for it as well, but may write then to a pipe that it has closed.
        if pool.own_thread is not None and pool.own_thread.is_alive():
            pool.own_thread.join(_SOON)


class _Worker(SpawnProcess):
    """A process that is asked to end by its parent alone, in the one way that can't be ignored."""

    def terminate(self) -> None:
        self.kill()


class _Spawning(SpawnContext):
    """Spawned, not forked: the same on every system, and no lock is inherited half-held."""

    Process = _Worker
    results: SimpleQueue[Any]

    def SimpleQueue(self) -> SimpleQueue[Any]:
        """Make the queue through which a pool's workers hand over what they have done."""
        self.results = super().SimpleQueue()
        return self.results


class _Pool(ProcessPoolExecutor):
    """A pool that fails where its own thread ends with an error; else its tasks would wait on."""

    def __init__(self, jobs: int) -> None:
        # It starts a process of its own, which keeps account of locks.
        with _group_ignored(), _no_word_of_locks():
            self._context = _Spawning()
            super().__init__(jobs, self._context, initializer=_begin)
        self._lost = ""
        self._waiting = set[Future[Any]]()
        self.own_thread: threading.Thread | None = None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        thread: Any = self._executor_manager_thread
        self.own_thread = thread or self.own_thread
        super().shutdown(wait, cancel_futures=cancel_futures)

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        future = super().submit(fn, *args, **kwargs)
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        if self._lost:
            self._fail()
        return future

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look out for threads that die because the machine has no more to give."""
        before = threading.excepthook

        def note(died: threading.ExceptHookArgs) -> None:
            lost = None if died.exc_value is None else exhausted(died.exc_value)
            if lost is None:
                before(died)
            else:
                self._lost = lost
                self._fail()

        threading.excepthook = note
        try:
            yield
        finally:
            threading.excepthook = before

    def no_more_results(self) -> None:
        """Let the pool's own thread find the end of what it reads: all workers are killed.

        One of them may have handed over half a result, of which that thread awaits the rest for
        ever as long as this process could write it.
        """
        self._context.results._writer.close()  # type: ignore[attr-defined]

    def _fail(self) -> None:
        for future in list(self._waiting):
            with suppress(InvalidStateError):
                future.set_exception(_GivenUpError(self._lost))


def _begin() -> None:
    """Make ready a process that is to work for another."""
    # What goes wrong is told by the one that waits for it: its tasks hand on their errors.
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for number in _OF_THE_GROUP:
        signal.signal(number, signal.SIG_IGN)
    ask_for_room()
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    # A worker waits for work on a pipe that its fellows hold open too: were the parent killed,
    # it would wait for ever.
    threading.Thread(target=end_with_parent, daemon=True).start()


# Ctrl-C, the end of a terminal or of a batch job's time reach the whole process group.
_OF_THE_GROUP = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def _group_ignored() -> Iterator[None]:
    # The parent alone decides what to keep: a process started while a signal is ignored ignores
    # it from its first moment.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in _OF_THE_GROUP]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def _no_word_of_locks() -> Iterator[None]:
    """Let the keeper of locks, if it is started now, remove in silence those that are left.

    A command that has run out of memory ends at once and leaves them. Warnings' options are
    handed on to the keeper; no filter of this process reaches it.
    """
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    try:
        yield
    finally:
        sys.warnoptions.pop()


def _refuse_unguarded_script() -> None:
    """Raise where the processes to come would run the script that starts them once more.

    Each imports the main module anew. What stands there under no ``if __name__ == "__main__"``
    is done again in each of them, and ends with a traceback of multiprocessing's.
    """
    path = getattr(sys.modules["__main__"], "__file__", None)
    frame: FrameType | None = sys._getframe()
    while frame is not None and not (
        frame.f_code.co_name == "<module>" and frame.f_code.co_filename == path
    ):
        frame = frame.f_back
    if frame is None or path is None:
        return
    try:
        statements = ast.parse(Path(path).read_bytes()).body
    except (OSError, SyntaxError):
        return
    for statement in statements:
        if statement.lineno <= frame.f_lineno <= (statement.end_lineno or 0):
            names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            if "__name__" not in names:
                raise SandtableError(
                    f"{path}, line {frame.f_lineno}: jobs above 1 start processes that run the "
                    "script once more; allowed: jobs=1, or the script's work under\n"
                    '  if __name__ == "__main__":'
                )
