"""Files that are written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path

from sandtable.errors import InputError, Problem
from sandtable.files import write_whole


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a UTF-8 CSV file and rename it into place; numbers to six figures, NaN empty.

    Raises InputError if it cannot be written; what stood there before stays.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    try:
        write_whole(path, text.getvalue().encode())
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError(
            [Problem(str(path), "file", found, "a file that can be written")]
        ) from None


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.6g}"
    return str(value)
