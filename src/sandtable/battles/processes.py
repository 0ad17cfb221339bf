"""Work on many battles, on one process or several."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from sandtable.errors import SandtableError

Given = TypeVar("Given")
Found = TypeVar("Found")


def each(work: Callable[[Given], Found], tasks: Sequence[Given], jobs: int) -> Iterator[Found]:
    """Yield what ``work`` makes of each task, in their order, on ``jobs`` processes.

    Raises SandtableError if a process dies.
    """
    if jobs == 1:
        yield from map(work, tasks)
        return
    # Spawned, not forked: the same on every system, and no lock is inherited half-held. Ctrl-C
    # reaches all processes, but the parent alone says what becomes of it.
    ignored = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), signal.signal, ignored)
    try:
        yield from pool.map(work, tasks)
    except BrokenProcessPool:
        raise SandtableError("a worker process died; try again with --jobs 1") from None
    finally:
        pool.shutdown(cancel_futures=True)
