"""The files of a finished study, read back within bounds, whoever wrote them."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from sandtable.battles.table_faults import Faults
from sandtable.errors import InputError, Problem
from sandtable.files import read_bounded
from sandtable.runs.results import MANIFEST, MOST_TEXT, read_manifest

Cell = str | float
# A thousand points, with a thousand outcomes each.
_MOST_TABLE = 500_000_000


def read_manifest_of(folder: Path, verb: str) -> dict[str, Any]:
    """Read the manifest of a finished study of one ``verb``.

    Raises InputError for any other folder.
    """
    manifest = read_manifest(folder, ["verb"])
    if manifest["verb"] != verb:
        found = repr(manifest["verb"])
        raise InputError([Problem(str(folder / MANIFEST), "verb", found, repr(verb))])
    return manifest


def read_text(path: Path) -> str:
    """Read the answer of a study in words. Raises InputError if it is no text."""
    return _decoded(path, read_bounded(path, MOST_TEXT, "the answer of a study"))


def read_rows(path: Path, columns: Sequence[str], numbers: Collection[str]) -> list[dict[str, str]]:
    """Read a CSV table, a dictionary a row.

    Raises InputError unless its columns are those, each row has a cell for each, and those of
    ``numbers`` hold a number or nothing.
    """
    text = _decoded(path, read_bounded(path, _MOST_TABLE, "a table of a study"))
    faults = Faults(str(path))
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    found: list[dict[str, str]] = []
    try:
        if next(rows, []) != list(columns):
            faults.add("row 1", "other columns", ", ".join(columns))
            raise faults.error()
        for number, cells in enumerate(rows, 2):
            if len(cells) != len(columns):
                faults.add(f"row {number}", f"{len(cells)} cells", f"{len(columns)} cells")
                continue
            row = dict(zip(columns, cells, strict=True))
            for name in numbers:
                if row[name] and not _is_number(row[name]):
                    faults.add_cell(f"row {number}, column {name}", row[name], "a number, or empty")
            found.append(row)
    except csv.Error as error:
        faults.add_last("file", f"broken CSV ({error})", "a table of a study")
    if faults:
        raise faults.error()
    return found


def in_numbers(rows: Iterable[dict[str, str]], numbers: Collection[str]) -> list[dict[str, Cell]]:
    """Return rows with the cells of ``numbers`` as such; an empty one is NaN."""
    return [
        {
            name: (float(text) if text else math.nan) if name in numbers else text
            for name, text in row.items()
        }
        for row in rows
    ]


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{content[error.start]:02x} at offset {error.start}"
        raise InputError([Problem(str(path), "encoding", found, "UTF-8 text")]) from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
