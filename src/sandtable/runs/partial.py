"""A folder written part by part beside its place and renamed into it when whole."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from numpy.typing import NDArray

from sandtable.errors import InputError, SandtableError
from sandtable.files import check_place, drop_drafts, read_json, write_whole
from sandtable.memory import exhausted
from sandtable.processes import died
from sandtable.runs.inputs import INPUTS, Inputs
from sandtable.runs.intact import check_intact
from sandtable.runs.lock import Lock
from sandtable.runs.manifest import differences, file_digests
from sandtable.runs.parts import Parts
from sandtable.runs.place import (
    LOCK,
    PARTS,
    PLAN,
    check_nothing_foreign,
    check_own,
    empty,
    files_of,
    holds_something,
    missing_folders,
)
from sandtable.runs.request import REPORT
from sandtable.runs.results import MANIFEST, MOST_TEXT, read_manifest

_TIMES = "times"
# Handles: to list folders within folders.
_SPARE = 4


class PartialFolder:
    """The folder of a piece of work, to be used in a ``with`` statement.

    ``identity`` is all that the results depend on. A whole folder in the same place is refused
    unless ``resume`` (``finished`` is then true) or ``overwrite``; what an interrupted run left
    in ``work`` is taken up with ``resume`` and dropped with ``overwrite``. Parts that are damaged
    or of another run are worked again, and ``tell`` is given a sentence of each. Left without
    ``finish``, the parts stay where they are; without a single one, what this made is removed
    again. Raises SandtableError when the place is taken, belongs to another run, holds files of
    others or a whole folder that is damaged, or is being written by another process, and in place
    of any OSError (a full disk) that leaves the ``with`` statement.
    """

    def __init__(
        self,
        path: Path,
        identity: Mapping[str, Any],
        *,
        resume: bool = False,
        overwrite: bool = False,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if resume and overwrite:
            raise SandtableError("--resume and --overwrite: use only one of the two")
        check_place(path)
        self.path = path
        self.work = path.with_name(path.name + ".partial")
        self.finished = False
        self._identity = dict(identity)
        self._added: dict[str, Any] = {}
        self._resume, self._overwrite = resume, overwrite
        self._tell = tell
        self._lock: Lock | None = None
        # Without a handle no folder can be looked into or removed, where they have run out.
        self._spare = list[int]()
        # Folders that hold nothing but what is made here, from the innermost outwards.
        self._own: list[Path] = []
        self._started = _now()
        self._plan = as_json(self._identity)
        self._kept = Parts(self.work / PARTS, hashlib.sha256(self._plan).hexdigest())

    def __enter__(self) -> Self:
        self.finished = self._stands_finished()
        if self.finished:
            return self
        if self.work.exists() or self.work.is_symlink():
            check_own(self.work)
            if not (self._resume or self._overwrite):
                raise SandtableError(
                    f"{self.work}: holds an interrupted run; "
                    "use --resume to continue it or --overwrite to discard it"
                )
        self._own = missing_folders(self.work) or ([] if self._resume else [self.work])
        self.work.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(self.work / LOCK)
        try:
            while len(self._spare) < _SPARE:
                self._spare.append(os.open(os.devnull, os.O_RDONLY))
            self._prepare()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        kept = self._leave()
        told = error and (died(error) or exhausted(error))
        if told:
            resume = f"\ncompleted work is kept in {self.work}; use --resume to continue"
            raise SandtableError(told + (resume if kept else "")) from error
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            cure = f"free some space in {self.work.parent}"
            if error.errno == errno.EFBIG:
                cure = "allow larger files (ulimit -f)"
            resume = f"completed work is kept in {self.work}; {cure}, then use --resume to continue"
            again = f"{cure} and try again"
            raise SandtableError(
                f"{error.filename or self.work}: cannot be written: {error.strerror or error}\n"
                + (resume if kept else again)
            ) from error

    def _leave(self) -> bool:
        """Let the working folder go; tell whether anything in it is worth keeping."""
        while self._spare:
            os.close(self._spare.pop())
        kept = bool(self.saved) or (self.work / MANIFEST).exists()
        if self._lock is not None:
            if self._lock.held and not kept:
                self._take_back(self._lock)
            self._lock.release()
        return kept

    def _take_back(self, lock: Lock) -> None:
        """Remove the folders that were made here, and what is in the working one."""
        with suppress(OSError):
            for folder in self._own:
                if folder == self.work:
                    empty(folder)
                    lock.remove()
                folder.rmdir()

    @property
    def manifest(self) -> dict[str, Any]:
        """The identity, and what `add_to_manifest` added."""
        return {**self._identity, **self._added}

    def add_to_manifest(self, **fields: Any) -> None:
        """Add to the manifest what came out only as the work was done."""
        self._added.update(fields)

    @property
    def saved(self) -> frozenset[str]:
        """Names of the parts that are written."""
        return self._kept.names

    def save(self, name: str, **arrays: NDArray[Any]) -> None:
        """Write a part; it is on the disk as a whole or not at all."""
        self._kept.save(name, arrays)

    def drop(self, name: str) -> None:
        """Remove a part, if it is there."""
        self._kept.drop(name)

    def saved_array(self, name: str, key: str) -> NDArray[Any]:
        """Read one array of a part. Raises SandtableError where an older version wrote none."""
        return self._kept.array(name, key)

    def write_file(self, name: str, content: str) -> None:
        """Write a text file of the folder as a whole."""
        write_whole(self.work / name, content.encode())

    def complete(self, inputs: Inputs, times: Mapping[str, Any]) -> None:
        """Write the inputs and the manifest, and rename the folder into place.

        The manifest holds the digests of all files of the folder but the report. ``times`` is
        whatever may differ between two runs of the same inputs; it stands under one key.
        """
        self._write_inputs(inputs)
        manifest = {
            **self.manifest,
            "inputs": inputs.manifest(),
            "files": file_digests(self.work, self._made()),
            _TIMES: {"started": self._started, "finished": _now(), **times},
        }
        write_whole(self.work / MANIFEST, as_json(manifest))
        self._put_in_place()

    def _made(self) -> list[str]:
        """Names of the files that were made, beside the inputs and the manifest."""
        left = (PLAN, LOCK, MANIFEST, REPORT)
        aside = (f"{PARTS}/", f"{INPUTS}/")
        names = files_of(self.work)
        return [name for name in names if name not in left and not name.startswith(aside)]

    def _write_inputs(self, inputs: Inputs) -> None:
        if (self.work / INPUTS).exists():
            shutil.rmtree(self.work / INPUTS)
        for name, content in inputs.files.items():
            path = self.work / INPUTS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)

    def _put_in_place(self) -> None:
        # Looked at anew: the work may have taken hours.
        if holds_something(self.path):
            check_nothing_foreign(self.path, read_manifest(self.path))
        shutil.rmtree(self.work / PARTS, ignore_errors=True)
        (self.work / PLAN).unlink(missing_ok=True)
        assert self._lock is not None
        self._lock.remove()
        old = None
        if self.path.exists():
            # The finished run that was there, under a name that nobody else has.
            old = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.old")
            os.rename(self.path, old)
        os.rename(self.work, self.path)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)

    def _stands_finished(self) -> bool:
        """Tell whether there is nothing left to do; raise if the place is taken."""
        if not holds_something(self.path):
            return False
        # Only a run's own folder is ever overwritten, never a stranger's files.
        manifest = read_manifest(self.path)
        if self._overwrite:
            check_nothing_foreign(self.path, manifest)
            return False
        if not self._resume:
            raise SandtableError(
                f"{self.path}: holds a finished run; "
                "choose another --out, or use --overwrite to replace it"
            )
        self._same_run(manifest, self.path)
        check_intact(self.path)
        return True

    def _prepare(self) -> None:
        if (self.work / MANIFEST).exists() and self._resume:
            # Whole but for its name: it was stopped in the last moment.
            self._same_run(read_manifest(self.work), self.work)
            self._put_in_place()
            self.finished = True
            return
        if self._resume:
            self._take_up()
        else:
            empty(self.work)
        write_whole(self.work / PLAN, self._plan)
        (self.work / PARTS).mkdir(exist_ok=True)

    def _take_up(self) -> None:
        """Go on with what an interrupted run left, as far as it is sound."""
        planned = self._planned()
        drop_drafts(self.work)
        drop_drafts(self.work / PARTS)
        for line in self._kept.drop_unsound(planned=planned):
            self._say(line)

    def _planned(self) -> bool:
        """Whether a plan says that the working folder is of this run; raise if of another."""
        plan = self.work / PLAN
        if not plan.exists():
            return False
        try:
            self._same_run(read_json(plan, MOST_TEXT, "the plan of a run"), self.work)
        except (InputError, AttributeError):
            self._say(f"{plan}: damaged; parts of this run are kept, others worked again")
            return False
        return True

    def _say(self, line: str) -> None:
        if self._tell is not None:
            self._tell(line)

    def _same_run(self, other: Mapping[str, Any], place: Path) -> None:
        found = differences({key: other.get(key) for key in self._identity}, self._identity)
        if found:
            listed = "\n".join(f"  {line}" for line in found)
            raise SandtableError(
                f"{place}: holds a different run, which cannot be resumed:\n{listed}"
            )


def as_json(value: Mapping[str, Any]) -> bytes:
    """JSON as the project writes it."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def without_times(manifest: bytes) -> bytes:
    """Return a manifest's text without what may differ between two runs of the same inputs."""
    told = json.loads(manifest)
    del told[_TIMES]
    return as_json(told)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
