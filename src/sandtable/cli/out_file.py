"""Where a command may write the one file that it makes."""

from __future__ import annotations

from pathlib import Path

from sandtable.errors import InputError, Problem


def check_out(out: Path | None, *read: Path | None) -> None:
    """Raise InputError if no file can be made at ``out``, before anything is computed.

    ``read`` are the inputs of the command: none of them may be replaced, nor a file of a finished
    run. Any other may be. None stands for a path that was not given.
    """
    from sandtable.runs.results import MANIFEST

    if out is None:
        return
    if any(path is not None and _same(out, path) for path in read):
        found, allowed = "a file that is read", "another file"
    elif out.is_file() and (out.parent / MANIFEST).is_file():
        found, allowed = "a file of a finished run", "another file"
    elif out.is_dir():
        found, allowed = "a folder", "a file"
    elif not out.parent.is_dir():
        found, allowed = f"no folder {out.parent}", "a file in a folder that is there"
    else:
        return
    raise InputError([Problem(str(out), "--out", found, allowed)])


def _same(out: Path, read: Path) -> bool:
    return out.exists() and read.exists() and out.samefile(read)
