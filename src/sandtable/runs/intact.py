"""Whether a finished folder still holds what was written: every file by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from sandtable.errors import InputError, Problem
from sandtable.runs.inputs import INPUTS
from sandtable.runs.manifest import file_digests
from sandtable.runs.results import MANIFEST, read_manifest

_DIGEST_LENGTH = 64


def check_intact(folder: Path) -> int:
    """Return how many files of a finished folder are as its manifest has them.

    Raises InputError with every file that is missing or another, and for a folder that holds no
    finished run or study.
    """
    digests = _listed(folder, read_manifest(folder))
    problems = [
        Problem(str(folder / name), "file", found, f"the file of SHA-256 {digest[:12]}…")
        for name, digest in digests.items()
        if (found := _fault(folder, name, digest))
    ]
    if problems:
        raise InputError(problems)
    return len(digests)


def _listed(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """The digests by name, of results and inputs. Raises InputError where they are none."""
    kept = manifest.get("inputs")
    inputs = kept.get("digests", {}) if isinstance(kept, Mapping) else {}
    found = {}
    for at, listed in (("", manifest.get("files", {})), (f"{INPUTS}/", inputs)):
        for name, digest in listed.items() if isinstance(listed, Mapping) else ():
            parts = PurePosixPath(str(name)).parts
            text = str(digest)
            if not parts or parts[0] == "/" or ".." in parts or len(text) != _DIGEST_LENGTH:
                allowed = "names of files of the folder, each with its SHA-256"
                raise InputError([Problem(str(folder / MANIFEST), "files", repr(name), allowed)])
            found[at + name] = text
    return found


def _fault(folder: Path, name: str, digest: str) -> str | None:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return "a link" if path.is_symlink() else "no such file"
    try:
        same = file_digests(folder, [name])[name] == digest
    except OSError as error:
        return error.strerror or str(error)
    return None if same else "another file than was written"
