"""Where a folder of results may be written, and whose files lie there."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandtable.errors import SandtableError
from sandtable.runs.inputs import INPUTS
from sandtable.runs.parts import holds_parts
from sandtable.runs.request import REPORT
from sandtable.runs.results import MANIFEST

PLAN, PARTS, LOCK = "plan.json", "parts", ".lock"
_OWN = (MANIFEST, PLAN)


def check_own(work: Path) -> None:
    """Raise SandtableError if a working folder is a link or holds what no run of ours left."""
    if work.is_symlink() or not work.is_dir():
        found = "a link" if work.is_symlink() else "a file"
        raise SandtableError(f"{work}: found {found}; move it away, or choose another --out")
    names = {entry.name for entry in work.iterdir()} - {LOCK}
    marked = any(_is_file(work / name) for name in _OWN) or holds_parts(work / PARTS)
    if names and not marked:
        raise SandtableError(
            f"{work}: holds files that are not of an interrupted run, such as {min(names)}; "
            "move them away, or choose another --out"
        )


def holds_something(path: Path) -> bool:
    """Whether anything stands at a path but an empty folder."""
    if path.is_symlink() or not path.exists():
        return path.is_symlink()
    return not path.is_dir() or any(path.iterdir())


def check_nothing_foreign(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raise SandtableError if a finished folder that is to be replaced holds files of others."""
    made = {MANIFEST, REPORT, *manifest.get("files", ())}
    kept = manifest.get("inputs") or {}
    made |= {f"{INPUTS}/{name}" for name in kept.get("digests", ())}
    foreign = sorted(name for name in files_of(path) if name not in made)
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise SandtableError(
            f"{path}: holds files that its manifest does not name: {foreign[0]}{more}; "
            "move them away, or choose another --out"
        )


def missing_folders(path: Path) -> list[Path]:
    """Return the folders that have to be made for ``path`` to be one, the innermost first."""
    return list(itertools.takewhile(lambda folder: not folder.exists(), (path, *path.parents)))


def empty(work: Path) -> None:
    """Remove what an interrupted run left in its working folder, but for the lock."""
    for entry in work.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()


def files_of(folder: Path) -> Iterator[str]:
    """Yield the files below a folder by their relative paths; links are not followed."""
    for above, folders, names in os.walk(folder):
        folders.sort()
        linked = [name for name in folders if Path(above, name).is_symlink()]
        for name in sorted([*names, *linked]):
            yield Path(above, name).relative_to(folder).as_posix()


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
