"""Parts of a piece of work: each a file that tells whose it is, and whether it is whole."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import SandtableError
from sandtable.files import write_whole

_SUFFIX = ".npz"
_KIND = "sandtable part"
_ANOTHER_RUN = "a part of another run"
# Bytes of the first line, which tells what follows.
_LONGEST_HEAD = 100_000


class Parts:
    """The parts in a folder, arrays by name, all of one ``plan``: the digest of what is asked.

    A part's file begins with a line that holds its name, its plan, the SHA-256 of what follows and
    the shape and type of each array; what follows is an archive of NumPy's.
    """

    def __init__(self, folder: Path, plan: str) -> None:
        self._folder, self._plan = folder, plan

    @property
    def names(self) -> frozenset[str]:
        """Names of the parts that are written."""
        return frozenset(path.stem for path in self._folder.glob(f"*{_SUFFIX}"))

    def save(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Write a part; it is on the disk as a whole or not at all."""
        archive = io.BytesIO()
        np.savez(archive, **arrays)  # type: ignore[arg-type]
        content = archive.getvalue()
        head = {
            "kind": _KIND,
            "name": name,
            "plan": self._plan,
            "sha256": hashlib.sha256(content).hexdigest(),
            "arrays": {key: [str(a.dtype), list(a.shape)] for key, a in arrays.items()},
        }
        write_whole(self._path(name), json.dumps(head).encode() + b"\n" + content)

    def drop(self, name: str) -> None:
        """Remove a part, if it is there."""
        self._path(name).unlink(missing_ok=True)

    def array(self, name: str, key: str) -> NDArray[Any]:
        """Read one array of a part. Raises SandtableError where an older version wrote none."""
        with self._path(name).open("rb") as file:
            file.readline(_LONGEST_HEAD)
            with np.load(file, allow_pickle=False) as part:
                if key in part:
                    found: NDArray[Any] = part[key]
                    return found
        raise SandtableError(
            f"{self._folder.parent}: was begun by a version that kept no {key}; "
            "use --overwrite to begin anew"
        )

    def drop_unsound(self, *, planned: bool) -> list[str]:
        """Remove parts that are damaged, of another plan or under another's name; tell of each.

        Raises SandtableError, and removes nothing, if there are parts of another plan and no plan
        that says whose the folder is (``planned``).
        """
        faults = {name: fault for name in sorted(self.names) if (fault := self._fault(name))}
        others = [name for name, fault in faults.items() if fault == _ANOTHER_RUN]
        if others and not planned:
            raise SandtableError(
                f"{self._path(others[0])}: {_ANOTHER_RUN}, which cannot be resumed; "
                "use --overwrite to discard it"
            )
        for name in faults:
            self.drop(name)
        return [
            f"{self._path(name)}: {fault}; it is worked again" for name, fault in faults.items()
        ]

    def _fault(self, name: str) -> str | None:
        path = self._path(name)
        if path.is_symlink() or not path.is_file():
            return "no regular file"
        with path.open("rb") as file:
            try:
                head = json.loads(file.readline(_LONGEST_HEAD))
                told = [head[key] for key in ("kind", "name", "plan", "sha256")]
            except (ValueError, KeyError, TypeError):
                return "damaged"
            if told[0] != _KIND:
                return "no part of a run"
            if told[1] != name:
                return f"a part of another name, {str(told[1])[:40]!r}"
            if told[2] != self._plan:
                return _ANOTHER_RUN
            return None if hashlib.file_digest(file, "sha256").hexdigest() == told[3] else "damaged"

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"


def holds_parts(folder: Path) -> bool:
    """Whether a folder holds at least one part that sandtable wrote, of whatever plan."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return any(_is_part(path) for path in folder.glob(f"*{_SUFFIX}"))


def _is_part(path: Path) -> bool:
    beginning = f'{{"kind": "{_KIND}"'.encode()
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(beginning)) == beginning
