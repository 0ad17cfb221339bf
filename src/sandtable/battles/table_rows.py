"""The file of a table: what it is by its first bytes, and its rows."""

import csv
import hashlib
from collections.abc import Collection, Iterator
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import Any

from sandtable.battles.columns import COLUMNS
from sandtable.battles.table_faults import Faults
from sandtable.files import open_regular

MOST_BATTLES = 20_000

# No row of a real table comes near; what does is a quote left open, or no table.
_ROW_LENGTH = 100_000

_MAGIC = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03\x04": "a zipped file, perhaps a spreadsheet's workbook",
    b"\xd0\xcf\x11\xe0": "a spreadsheet's workbook",
    b"\x1f\x8b": "a gzip file",
}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class HashedFile(FileIO):
    """A regular file opened for reading; `digest` is of the bytes read so far.

    Raises OSError for anything else: a pipe might be waited for.
    """

    def __init__(self, path: Path) -> None:
        self.digest = hashlib.sha256()
        super().__init__(open_regular(path))

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer, and digest what was read."""
        size = super().readinto(buffer)
        self.digest.update(memoryview(buffer)[:size])
        return size


def other_kind(start: bytes, columns: Collection[str] = COLUMNS) -> str | None:
    """What the file is, by its first bytes, if not UTF-8 text with commas.

    ``columns`` are those that a header would have.
    """
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind
    text = start.decode("utf-8-sig", "replace")
    if not text:
        return "an empty file"
    header = text.splitlines()[0]
    if "\0" in header or ("\ufffd" in header and set(columns).isdisjoint(header.split(","))):
        return "a binary file, or text in another encoding"
    for mark, words in _SEPARATORS.items():
        names = {name.strip(' "') for name in header.split(mark)}
        if len(names & set(columns)) > 1:
            return f"{words} between the cells"
    return None


def rows_of(text: TextIOWrapper, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Rows and their numbers from 1, up to the end or to where the file cannot be read on."""
    size = number = 0

    def lines() -> Iterator[str]:
        nonlocal size
        while line := text.readline(_ROW_LENGTH + 1):
            size += len(line)
            if size > _ROW_LENGTH:
                raise csv.Error(f"more than {_ROW_LENGTH:,} characters")
            yield line

    reader = csv.reader(lines(), strict=True)
    while True:
        size, number = 0, number + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            found = f"{error} (line {reader.line_num})"
            allowed = f"at most {_ROW_LENGTH:,} characters, every quote closed"
            return faults.add_last(f"row {number}", found, allowed)
        if row is None:
            return
        if number > MOST_BATTLES + 1:
            allowed = f"at most {MOST_BATTLES:,}"
            return faults.add_last("file", f"more than {MOST_BATTLES:,} rows", allowed)
        yield number, row
