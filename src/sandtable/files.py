"""Files of the outside world: read within bounds, written as a whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandtable.errors import InputError, Problem

# Neither a reader of a pipe that nobody writes to nor a writer to a device must ever wait.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_DRAFT = ".draft"
_PIECE = 2**20


def read_bounded(path: Path, most: int, wanted: str = "a file") -> bytes:
    """Return the content of a regular file of at most ``most`` bytes.

    Raises InputError, which asks for what is ``wanted``, for a folder, a pipe, a device, a file
    that is larger, missing or not readable.
    """
    try:
        handle = open_regular(path)
        try:
            kind = os.fstat(handle)
            content = b"" if kind.st_size > most else _read(handle, most + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise _problem(path, "no such file", wanted) from None
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise _problem(path, found, wanted) from None
    if kind.st_size > most or len(content) > most:
        size = max(kind.st_size, len(content))
        raise _problem(path, f"{size / 1e6:,.1f} MB", f"{wanted} of at most {most / 1e6:,.0f} MB")
    return content


def _read(handle: int, most: int) -> bytes:
    # Piece by piece: memory for as much as is asked for is taken before anything is read.
    pieces, left = list[bytes](), most
    with os.fdopen(handle, "rb", closefd=False) as file:
        while piece := file.read(min(left, _PIECE)):
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


def open_regular(path: Path) -> int:
    """Return the handle of a file opened for reading. Raises OSError for what is no regular file.

    Nothing is ever waited for.
    """
    handle = os.open(path, _READ)
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise OSError(errno.EINVAL, _kind(mode), str(path))
    return handle


def read_json(path: Path, most: int, wanted: str) -> Any:
    """Return what a JSON file of at most ``most`` bytes holds. Raises InputError if it is none."""
    content = read_bounded(path, most, wanted)
    try:
        return json.loads(content)
    except RecursionError:
        found = "brackets nested too deep"
    except ValueError as error:
        found = f"broken JSON ({error})"
    raise _problem(path, found, wanted)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, and rename it into it once it is on the disk.

    Raises InputError where a link or anything but a regular file stands there.
    """
    with draft_of(path) as draft:
        handle = os.open(draft, _MAKE, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Give a name of its own for a file that is being written, and rename it into ``path``."""
    check_regular(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_DRAFT}")
    try:
        yield draft
        os.replace(draft, path)
    except BaseException as error:
        # On a full disk the half-written file is in the way of whatever would make room.
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)
        raise


def drop_drafts(folder: Path) -> None:
    """Remove what a writer that was killed left of its drafts in a folder of ours."""
    for draft in folder.glob(f".*{_DRAFT}"):
        draft.unlink()


def check_regular(path: Path, key: str = "file") -> None:
    """Raise InputError if what stands at ``path`` is a link, or no regular file."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise _problem(path, _kind(mode), "a regular file, or none", key)


def check_place(path: Path, what: str = "folder", key: str = "--out") -> None:
    """Raise InputError if no ``what``, file or folder, can be made at ``path``.

    The folders above it may have to be made, too. Whether it is there already is not looked at,
    but a link is refused.
    """

    def refuse(found: str, allowed: str) -> InputError:
        return _problem(Path(str(path) or "''"), found, allowed, key)

    if not path.name or path.name == ".." or "\0" in str(path):
        raise refuse(f"no name that a {what} can have", f"the path of a {what} to be made")
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise refuse("a name that is not UTF-8", "a name in UTF-8") from None
    if path.is_symlink():
        raise refuse("a link", f"a {what}, or nothing")
    above = path.absolute().parent
    while not above.exists() and above != above.parent:
        above = above.parent
    if not above.is_dir():
        raise refuse(f"a file in its way, {above}", f"a {what} below a folder")
    if not os.access(above, os.W_OK | os.X_OK):
        raise refuse(f"no right to write in {above}", f"a {what} that may be written")


_KINDS = {
    stat.S_ISLNK: "a link", stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket", stat.S_ISCHR: "a device", stat.S_ISBLK: "a device",
}  # fmt: skip


def _kind(mode: int) -> str:
    return next((name for test, name in _KINDS.items() if test(mode)), "no regular file")


def _problem(path: Path, found: str, allowed: str, key: str = "file") -> InputError:
    return InputError([Problem(str(path), key, found, allowed)])
