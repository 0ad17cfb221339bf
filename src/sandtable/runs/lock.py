"""A lock on a folder that is being written, let go by the system when its holder dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sandtable.errors import SandtableError

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """Holds ``path`` from its making on. Raises SandtableError if another process does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(self._handle)
            # Its last holder may have removed it between our opening and our locking it.
            same = os.path.samestat(os.fstat(self._handle), os.stat(path))
        except OSError:
            same = False
        if not same:
            self.release()
            raise SandtableError(f"{path.parent}: another process is writing this run")

    @property
    def held(self) -> bool:
        """Whether it has not been let go yet."""
        return self._handle is not None

    def release(self) -> None:
        """Let go; more than once does no harm."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def remove(self) -> None:
        """Delete the file, then let go."""
        if sys.platform == "win32":
            self.release()
        self._path.unlink(missing_ok=True)
        self.release()
