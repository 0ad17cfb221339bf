"""Files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sandtable.errors import InputError, Problem
from sandtable.files import write_whole
from sandtable.plain_text import csv_text


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a UTF-8 CSV file and rename it into place; numbers to six figures, NaN empty.

    Raises InputError if it cannot be written; what stood there before stays.
    """
    try:
        write_whole(path, csv_text(header, rows, figures=6).encode())
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError(
            [Problem(str(path), "file", found, "a file that can be written")]
        ) from None
