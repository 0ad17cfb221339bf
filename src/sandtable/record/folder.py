"""A run's folder, written part by part beside its place and renamed into it when whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import SandtableError
from sandtable.record.lock import Lock
from sandtable.record.manifest import differences, file_digests
from sandtable.record.results import (
    EVENTS,
    MANIFEST,
    OUTCOMES,
    TIMELINE,
    Results,
    load_results,
    read_manifest,
)
from sandtable.record.tables import write_outcomes, write_timeline

if TYPE_CHECKING:
    from sandtable.experiments import Part

RESOLVED = "scenario.resolved.toml"
_PLAN = "plan.json"
_PARTS = "parts"


class RunFolder:
    """The folder of one run, to be used in a ``with`` statement.

    ``identity`` is all that the results depend on. A whole folder in the same place is refused
    unless ``resume`` (``finished`` is then true) or ``overwrite``; what an interrupted run left
    is taken up with ``resume`` and dropped with ``overwrite``. Left without ``finish``, the
    parts stay where they are. Raises SandtableError when the place is taken, belongs to another
    run, or is being written by another process.
    """

    def __init__(
        self,
        path: Path,
        identity: Mapping[str, Any],
        *,
        resume: bool = False,
        overwrite: bool = False,
    ) -> None:
        if resume and overwrite:
            raise SandtableError("--resume and --overwrite: only one of the two can be meant")
        self.path = path
        self.work = path.with_name(path.name + ".partial")
        self.finished = False
        self._identity = dict(identity)
        self._resume, self._overwrite = resume, overwrite
        self._lock: Lock | None = None
        self._started = _now()

    def __enter__(self) -> Self:
        self.finished = self._stands_finished()
        if self.finished:
            return self
        if self.work.exists() and not (self._resume or self._overwrite):
            raise SandtableError(
                f"{self.work}: an interrupted run lies there; "
                "--resume takes it up, --overwrite drops it"
            )
        self.work.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(self.work / ".lock")
        try:
            self._prepare()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock:
            self._lock.release()

    @property
    def done(self) -> frozenset[int]:
        """First replications of the parts that are written."""
        return frozenset(int(path.stem.split("-")[1]) for path in self._part_files())

    def write(self, part: Part) -> None:
        """Write one part; it is there as a whole or not at all."""
        if part.first == 0:
            lines = [json.dumps(asdict(event), ensure_ascii=False) for event in part.events]
            _write_whole(self.work / EVENTS, "".join(f"{line}\n" for line in lines).encode())
        target = self.work / _PARTS / f"part-{part.first:08d}.npz"
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(file, outcomes=part.outcomes, timeline=part.timeline)
        os.replace(draft, target)

    def merge(self, names: tuple[tuple[str, ...], tuple[str, ...]], resolved: str) -> Results:
        """Join the parts into tables; return results that read from the working folder.

        ``names`` are those of outcomes and series; ``resolved`` is the resolved scenario's text.
        """
        write_outcomes(self.work / OUTCOMES, names[0], self._arrays("outcomes"))
        write_timeline(self.work / TIMELINE, names[1], self._arrays("timeline"))
        _write_whole(self.work / RESOLVED, resolved.encode())
        return Results.of_folder(self.work, self._identity)

    def finish(self, jobs: int) -> Results:
        """Write the manifest, rename the folder into its place, and open it."""
        files = file_digests(self.work, (OUTCOMES, TIMELINE, EVENTS, RESOLVED))
        # Whatever may differ between two runs of the same inputs stands under this one key.
        times = {"started": self._started, "finished": _now(), "jobs": jobs}
        manifest = {**self._identity, "files": files, "times": times}
        _write_whole(self.work / MANIFEST, _json(manifest))
        shutil.rmtree(self.work / _PARTS)
        (self.work / _PLAN).unlink()
        assert self._lock is not None
        self._lock.remove()
        old = self.path.with_name(self.path.name + ".old")
        if self.path.exists():
            os.rename(self.path, old)
        os.rename(self.work, self.path)
        shutil.rmtree(old, ignore_errors=True)
        return load_results(self.path)

    def _stands_finished(self) -> bool:
        """Tell whether there is nothing left to do; raise if the place is taken."""
        if not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir())):
            return False
        # Only a run's own folder is ever overwritten, never a stranger's files.
        manifest = read_manifest(self.path)
        if self._overwrite:
            return False
        if not self._resume:
            raise SandtableError(
                f"{self.path}: a finished run lies there; "
                "choose another --out, or --overwrite replaces it"
            )
        self._same_run(manifest, self.path)
        return True

    def _prepare(self) -> None:
        plan = self.work / _PLAN
        if plan.exists() and self._resume:
            self._same_run(json.loads(plan.read_text(encoding="utf-8")), self.work)
        else:
            for entry in self.work.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry)
                elif entry.name != ".lock":
                    entry.unlink()
            _write_whole(plan, _json(self._identity))
        (self.work / _PARTS).mkdir(exist_ok=True)

    def _same_run(self, other: Mapping[str, Any], place: Path) -> None:
        found = differences({key: other.get(key) for key in self._identity}, self._identity)
        if found:
            listed = "\n".join(f"  {line}" for line in found)
            raise SandtableError(f"{place}: holds another run, which cannot be resumed:\n{listed}")

    def _part_files(self) -> list[Path]:
        return sorted((self.work / _PARTS).glob("part-*.npz"))

    def _arrays(self, key: str) -> Iterator[NDArray[Any]]:
        for path in self._part_files():
            with np.load(path) as part:
                yield part[key]


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(path.name + ".draft")
    draft.write_bytes(content)
    os.replace(draft, path)


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
