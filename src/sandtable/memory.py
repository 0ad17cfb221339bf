"""Memory and other means of the machine: what a limit leaves of them, and how their end is told."""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

from sandtable.errors import SandtableError

LEAST = 400 * 2**20
"""Bytes of address space without which the libraries can't be loaded; some then just exit."""

_UNMAPPED = ("failed to map segment", "cannot allocate memory", "cannot create shared object")
_NO_THREAD = ("can't start new thread", "failed to launch worker thread")
_FEW = (errno.EAGAIN, errno.EMFILE, errno.ENFILE)
# Read by the libraries when they are loaded, and by the C library of a process that is started.
_SPARING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_MANY_PROCESSES = 1000
_M_ARENA_MAX = -8
_BLAS_ROOM = 100 * 2**20


def limit() -> int | None:
    """Bytes of address space that each process may have (``ulimit -v``); None: no limit."""
    try:
        import resource
    except ImportError:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft


def spare() -> None:
    """Let libraries to be loaded reserve no more than they use, where there is a limit.

    Without one they reserve a gigabyte of addresses, most of which are never used, and start a
    thread a core, without which OpenBLAS ends the process. Processes started later do the same; a
    choice of the user's environment stands. Raises SandtableError if the limit on memory is
    below `LEAST`.
    """
    most = limit()
    if most is not None:
        _check(most)
    elif not _few_processes():
        return
    for name, value in _SPARING.items():
        os.environ.setdefault(name, value)
    if most is not None:
        _one_arena()
        ask_for_room()


def _few_processes() -> bool:
    """Whether threads may run out, which count as processes (``ulimit -u``)."""
    try:
        import resource
    except ImportError:
        return False
    soft, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    return soft != resource.RLIM_INFINITY and soft < _MANY_PROCESSES


def _check(most: int) -> None:
    if most < LEAST:
        raise SandtableError(
            f"memory: found a limit of {_megabytes(most)} a process (ulimit -v); "
            f"allowed: {_megabytes(LEAST)} or more"
        )


def _one_arena() -> None:
    if sys.platform == "linux":
        import ctypes

        # Of the GNU C library; another has no such thing to limit.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 1)


def ask_for_room() -> None:
    """Let SciPy be loaded only where its linear algebra finds room, if there is a limit.

    OpenBLAS asks for its buffer again and again until it gets it, for ever if need be.
    """
    asked = any(isinstance(finder, _Room) for finder in sys.meta_path)
    if limit() is not None and not asked:
        sys.meta_path.insert(0, _Room())


class _Room(MetaPathFinder):
    """Finds nothing; raises MemoryError where what is about to be loaded will not fit."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        # Whatever of SciPy brings OpenBLAS in loads one of these first.
        if fullname not in ("scipy.linalg", "scipy.special"):
            return
        try:
            mmap.mmap(-1, _BLAS_ROOM).close()
        except OSError as error:
            raise MemoryError from error
        _take_buffer()
        sys.meta_path.remove(self)


def _take_buffer() -> None:
    """Let NumPy's linear algebra take its buffer while there is room.

    Later it may find none, and OpenBLAS then ends the process with a line of its own.
    """
    import numpy as np

    square = np.ones((300, 300))
    _ = square @ square


def exhausted(error: BaseException) -> str | None:
    """Say what ran out, and what to do, where an error tells of that; None for any other."""
    what = _used_up(error)
    if what is None:
        return None
    most = limit()
    bound = "" if most is None else f" (each process may have {_megabytes(most)}, ulimit -v)"
    return f"{what}{bound}; allow more, or try fewer --jobs"


def _used_up(error: BaseException) -> str | None:
    said = str(error).lower()
    if isinstance(error, OSError) and error.errno in _FEW:
        return f"no more processes or files can be opened, {error.strerror}"
    if any(words in said for words in _NO_THREAD):
        return "no more threads can be started"
    # An error that the interpreter lost: so ends a want of memory in compiled code.
    lost = isinstance(error, SystemError) and "without exception set" in said
    unmapped = isinstance(error, ImportError) and any(word in said for word in _UNMAPPED)
    none_left = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if isinstance(error, MemoryError) or lost or unmapped or none_left:
        return "memory is used up"
    return None


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
