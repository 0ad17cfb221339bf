"""Memory and other means of the machine: what a limit leaves of them, and how their end is told."""

from __future__ import annotations

import errno
import os
import sys

from sandtable.errors import SandtableError

LEAST = 400 * 2**20
"""Bytes of address space without which the libraries can't be loaded; some then just exit."""

_UNMAPPED = ("failed to map segment", "cannot allocate memory", "cannot create shared object")
_FEW = (errno.EAGAIN, errno.EMFILE, errno.ENFILE)
# Read by the libraries when they are loaded, and by the C library of a process that is started.
_SPARING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_M_ARENA_MAX = -8


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

    Without one they reserve a gigabyte of addresses, most of which are never used. Processes
    started later do the same; a choice of the user's environment stands. Raises SandtableError
    if the limit is below `LEAST`.
    """
    most = limit()
    if most is None:
        return
    if most < LEAST:
        raise SandtableError(
            f"memory: found a limit of {_megabytes(most)} a process (ulimit -v); "
            f"allowed: {_megabytes(LEAST)} or more"
        )
    for name, value in _SPARING.items():
        os.environ.setdefault(name, value)
    if sys.platform == "linux":
        import ctypes

        # Of the GNU C library; another has no such thing to limit.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 1)


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
    if isinstance(error, RuntimeError) and "start new thread" in said:
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
