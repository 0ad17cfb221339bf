"""The battle table: one row a battle, read and checked as a whole.

Columns are those of the battle table's own description: strengths and casualties in persons,
durations in days, lengths in km, error bounds in percent. An empty cell is unknown, never
zero; an optional column that is absent is unknown throughout.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sandtable.battles.table_faults import Faults
from sandtable.battles.table_reading import Reading, iso_date
from sandtable.battles.table_rows import HashedFile, other_kind, rows_of
from sandtable.errors import InputError, Problem


@dataclass(frozen=True)
class BattleTable:
    """The battles as columns of equal length, in the file's order.

    `numbers`: float arrays, NaN where unknown. `words`: arrays of text, empty where unknown.
    `starts`: first days, None where unknown. `digest`: sha256 of the file, in hexadecimal.
    `rows`: the row of each battle in the file, the header being row 1. `warnings`: what its
    reader should be told, one line each.
    """

    path: Path
    digest: str
    numbers: dict[str, npt.NDArray[np.float64]]
    words: dict[str, npt.NDArray[np.str_]]
    starts: tuple[date | None, ...]
    rows: tuple[int, ...]
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def years(self) -> npt.NDArray[np.float64]:
        """Year of the first day of each battle, NaN where unknown."""
        return np.array([np.nan if start is None else float(start.year) for start in self.starts])


def load_table(path: Path, *, results: bool = True) -> BattleTable:
    """Read and check a battle table (UTF-8 CSV with a header row).

    Without `results`, as predictions want it, `columns.RESULTS` are not read and the table holds
    none of them: they may be absent, or filled with anything that leaves rows and cells
    as they are. The digest is of the whole file all the same. A required column must be there;
    its cells, but for the battle's number, may be empty: who needs the value says so.

    The published database has some 660 battles, and a fit may cost up to the square of their
    number. Above MANY_BATTLES, 15 times that, the table has a warning; beyond MOST_BATTLES the
    reader stops: a million rows take no longer to refuse than 20,000 to read.

    Raises TableError with every fault, each with its row (the header is row 1) and column: the
    first FAULTS_SHOWN in words, the rest as a count. Raises InputError if no file can be read.
    """
    try:
        with HashedFile(path) as file:
            reading = _read(file, Faults(str(path)), results)
            digest = file.digest.hexdigest()
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(path), "file", found, "a readable CSV file")]) from None
    numbers = {name: np.array(values) for name, values in reading.numbers.items()}
    words = {name: np.array(values, dtype=np.str_) for name, values in reading.words.items()}
    starts = tuple(iso_date(cell) for cell in reading.words["start"])
    warnings = tuple(f"{path}: {warning}" for warning in reading.warnings())
    return BattleTable(path, digest, numbers, words, starts, tuple(reading.rows), warnings)


def _read(file: FileIO, faults: Faults, results: bool) -> Reading:
    buffer = BufferedReader(file)
    kind = other_kind(buffer.peek())
    if kind is not None:
        faults.add("file", kind, "UTF-8 text, a row a line, with commas between the cells")
        raise faults.error()
    with TextIOWrapper(buffer, "utf-8-sig", "surrogateescape", newline="") as text:
        rows = rows_of(text, faults)
        _, header = next(rows, (1, []))
        if faults:
            raise faults.error()
        reading = Reading([name.strip() for name in header], results, faults)
        for number, row in rows:
            reading.add(number, row)
    if not faults and not reading.row_of:
        faults.add("row 2", "no battle", "at least one battle")
    if faults:
        raise faults.error()
    return reading
