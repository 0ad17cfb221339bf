"""Where a command may write what it makes, checked before it begins to work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandtable.errors import InputError, Problem, SandtableError
from sandtable.files import check_place, check_regular
from sandtable.memory import exhausted

_OPTION = "--out"


def check_out(
    out: Path | None, *read: Path | None, overwrite: bool = False, option: str = _OPTION
) -> None:
    """Raise InputError if no file can be made at ``out``.

    ``read`` are the inputs of the command: none of them is ever replaced, nor a file of a finished
    run, nor what is no regular file; any other is with ``overwrite``. None stands for a path that
    was not given.
    """
    from sandtable.runs.results import MANIFEST

    if out is None:
        return
    check_place(out, "file")
    if any(path is not None and _same(out, path) for path in read):
        found, allowed = "a file that is read", "another file"
    elif (out.parent / MANIFEST).is_file():
        found, allowed = "a place in the folder of a finished run", "another folder"
    elif out.is_dir():
        found, allowed = "a folder", "a file"
    elif not out.parent.is_dir():
        found, allowed = f"no folder {out.parent}", "a file in a folder that is there"
    elif out.is_file() and not overwrite:
        found, allowed = "a file", "a new file, or --overwrite to replace it"
    else:
        check_regular(out, option)
        return
    raise InputError([Problem(str(out), option, found, allowed)])


def check_out_folder(out: Path | None, *, overwrite: bool = False, option: str = _OPTION) -> None:
    """Raise InputError if the files that a command makes can't be laid into the folder ``out``.

    Into a folder that holds anything they go with ``overwrite`` only, which replaces those of the
    same names and no others; into the folder of a finished run never.
    """
    from sandtable.runs.results import MANIFEST

    if out is None:
        return
    check_place(out, key=option)
    if out.exists() and not out.is_dir():
        found, allowed = "a file", "a folder, or one to be made"
    elif (out / MANIFEST).is_file():
        found, allowed = "the folder of a finished run", "another folder"
    elif out.is_dir() and any(out.iterdir()) and not overwrite:
        found = "files in it"
        allowed = "a new or empty folder, or --overwrite to replace files of the same names"
    else:
        return
    raise InputError([Problem(str(out), option, found, allowed)])


@contextmanager
def numbers_kept(folder: Path) -> Iterator[None]:
    """Tell that the numbers in ``folder`` are written where figures fail for want of means."""
    try:
        yield
    except Exception as error:
        told = exhausted(error)
        if told is None and isinstance(error, OSError):
            told = f"{error.filename or folder}: {error.strerror or error}"
        if told is None:
            raise
        kept = f"all but the figures is written to {folder}; use --overwrite to draw them too"
        raise SandtableError(f"{told}\n{kept}") from error


def _same(out: Path, read: Path) -> bool:
    return out.exists() and read.exists() and out.samefile(read)
