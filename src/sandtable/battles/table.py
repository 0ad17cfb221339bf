"""The battle table: one row a battle, read and checked as a whole.

Columns are those of the battle table's own description: strengths and casualties in persons,
durations in days, lengths in km, error bounds in percent. An empty cell is unknown, never
zero; an optional column that is absent is unknown throughout.
"""

import csv
import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BufferedReader, FileIO, TextIOWrapper
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sandtable.battles.columns import COLUMNS, PLAIN_NUMBER, RESULTS, Numbers, Words
from sandtable.errors import InputError, Problem, nearest

MANY_BATTLES = 10_000
MOST_BATTLES = 20_000
FAULTS_SHOWN = 50

# No cell of a real table comes near; what does is a quote left open, or no table.
_CELL_LENGTH = 200
_ROW_LENGTH = 100_000

_MAGIC = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03\x04": "a zipped file, perhaps a spreadsheet's workbook",
    b"\xd0\xcf\x11\xe0": "a spreadsheet's workbook",
    b"\x1f\x8b": "a gzip file",
}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
# As bytes that are not UTF-8 are decoded, to be told by row and column.
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")


class TableError(InputError):
    """Faults of a battle table in the table's order, and how many more there are."""

    def __init__(self, problems: Sequence[Problem], more: int = 0) -> None:
        super().__init__(problems)
        # Sorted as text, row 10 would come before row 2.
        self.problems = list(problems)
        self.more = more

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.more:
            lines.append(f"{self.problems[0].file}: and {self.more:,} more")
        return "\n".join(lines)


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

    Without `results`, as predictions want it, the columns RESULTS are not read and the table
    holds none of them: they may be absent, or filled with anything that leaves rows and cells
    as they are. The digest is of the whole file all the same. A required column must be there;
    its cells, but for the battle's number, may be empty: who needs the value says so.

    The published database has some 660 battles, and a fit may cost up to the square of their
    number. Above MANY_BATTLES, 15 times that, the table has a warning; beyond MOST_BATTLES the
    reader stops: a million rows take no longer to refuse than 20,000 to read.

    Raises TableError with every fault, each with its row (the header is row 1) and column: the
    first FAULTS_SHOWN in words, the rest as a count. Raises InputError if no file can be read.
    """
    try:
        with _HashedFile(path) as file:
            reading = _read(file, _Faults(str(path)), results)
            digest = file.digest.hexdigest()
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(path), "file", found, "a readable CSV file")]) from None
    numbers = {name: np.array(values) for name, values in reading.numbers.items()}
    words = {name: np.array(values, dtype=np.str_) for name, values in reading.words.items()}
    starts = tuple(_date(cell) for cell in reading.words["start"])
    warnings = tuple(f"{path}: {warning}" for warning in reading.warnings())
    return BattleTable(path, digest, numbers, words, starts, tuple(reading.rows), warnings)


class _HashedFile(FileIO):
    """A file opened for reading; `digest` is of the bytes read so far."""

    def __init__(self, path: Path) -> None:
        self.digest = hashlib.sha256()
        super().__init__(path)

    def readinto(self, buffer: Any, /) -> int:
        size = super().readinto(buffer)
        self.digest.update(memoryview(buffer)[:size])
        return size


class _Faults:
    """What is wrong with one file, in its order."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.more = 0

    def __bool__(self) -> bool:
        return bool(self.problems)

    def add(self, key: str, found: str, allowed: str) -> None:
        if len(self.problems) < FAULTS_SHOWN:
            self.problems.append(Problem(self.file, key, found, allowed))
        else:
            self.more += 1

    def add_cell(self, key: str, cell: str, allowed: str, names: Iterable[str] = ()) -> None:
        """Add a fault of what a cell says; it may be meant as one of `names`."""
        # A million wrong cells are compared with the names no more than they are shown.
        if len(self.problems) < FAULTS_SHOWN:
            shown = repr(cell if len(cell) <= 60 else cell[:60] + "...") if cell else "nothing"
            near = nearest(cell, names)
            self.problems.append(Problem(self.file, key, shown, allowed, near))
        else:
            self.more += 1

    def add_last(self, key: str, found: str, allowed: str) -> None:
        """Add the fault at which the reading ends: shown, however many came before."""
        self.problems.append(Problem(self.file, key, found, f"{allowed}; nothing more was read"))

    def error(self) -> TableError:
        return TableError(self.problems, self.more)


def _read(file: FileIO, faults: _Faults, results: bool) -> "_Reading":
    buffer = BufferedReader(file)
    kind = _other_kind(buffer.peek())
    if kind is not None:
        faults.add("file", kind, "UTF-8 text, a row a line, with commas between the cells")
        raise faults.error()
    with TextIOWrapper(buffer, "utf-8-sig", "surrogateescape", newline="") as text:
        rows = _rows(text, faults)
        _, header = next(rows, (1, []))
        if faults:
            raise faults.error()
        reading = _Reading([name.strip() for name in header], results, faults)
        for number, row in rows:
            reading.add(number, row)
    if not faults and not reading.row_of:
        faults.add("row 2", "no battle", "at least one battle")
    if faults:
        raise faults.error()
    return reading


def _other_kind(start: bytes) -> str | None:
    """What the file is, by its first bytes, if not UTF-8 text with commas."""
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind
    text = start.decode("utf-8-sig", "replace")
    if not text:
        return "an empty file"
    header = text.splitlines()[0]
    if "\0" in header or ("\ufffd" in header and COLUMNS.keys().isdisjoint(header.split(","))):
        return "a binary file, or text in another encoding"
    for mark, words in _SEPARATORS.items():
        names = {name.strip(' "') for name in header.split(mark)}
        if len(names & COLUMNS.keys()) > 1:
            return f"{words} between the cells"
    return None


def _rows(text: TextIOWrapper, faults: _Faults) -> Iterator[tuple[int, list[str]]]:
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
            return faults.add_last("file", f"more than {MOST_BATTLES:,} rows of battles", allowed)
        yield number, row


class _Reading:
    """The columns of a table while its rows come in."""

    def __init__(self, header: list[str], results: bool, faults: _Faults) -> None:
        self.faults = faults
        self.columns = {n: c for n, c in COLUMNS.items() if results or n not in RESULTS}
        self.width = len(header)
        self.place = self._places(header)
        self.numbers = {n: array("d") for n, c in self.columns.items() if isinstance(c, Numbers)}
        self.words: dict[str, list[str]] = {n: [] for n in self.columns if n not in self.numbers}
        self.row_of: dict[str, int] = {}
        self.rows: list[int] = []
        self.empty: list[int] = []

    def _places(self, header: list[str]) -> dict[str, int]:
        """Where each column stands in a row."""
        place: dict[str, int] = {}
        if COLUMNS.keys().isdisjoint(header):
            found = "none of the table's columns" if header else "an empty line"
            required = ", ".join(n for n, c in self.columns.items() if c.required)
            self.faults.add("row 1", found, f"a header row of columns, at least {required}")
            raise self.faults.error()
        for index, name in enumerate(header):
            if name not in COLUMNS:
                key = f"row 1, cell {index + 1}"
                self.faults.add_cell(key, name, "a column of the table", COLUMNS)
            elif place.setdefault(name, index) != index:
                found = f"again in cell {index + 1}"
                self.faults.add(f"row 1, column {name}", found, "each column once")
        for name, column in self.columns.items():
            if column.required and name not in place:
                self.faults.add(f"row 1, column {name}", "no such column", "a required column")
        return place

    def add(self, number: int, row: list[str]) -> None:
        """Read one row; what cannot be read is a fault, and unknown."""
        if not row:
            self.empty.append(number)
        elif len(row) != self.width:
            allowed = f"{self.width} cells, as in the header"
            self.faults.add(f"row {number}", f"{len(row)} cells", allowed)
        else:
            for name, column in self.columns.items():
                cell = row[self.place[name]].strip() if name in self.place else ""
                if isinstance(column, Numbers):
                    self.numbers[name].append(self._number(number, name, column, cell))
                else:
                    self.words[name].append(self._word(number, name, column, cell))
            self.rows.append(number)
            self._check_range(number)

    def _legible(self, number: int, name: str, cell: str) -> bool:
        if cell.isprintable() and len(cell) <= _CELL_LENGTH:
            return True
        byte = _NOT_UTF_8.search(cell)
        if len(cell) > _CELL_LENGTH:
            found = f"{len(cell):,} characters"
        elif byte is not None:
            found = f"byte 0x{ord(byte[0]) - 0xDC00:02x}, which is not UTF-8"
        elif "\0" in cell:
            found = "a NUL byte"
        else:
            return True
        allowed = f"UTF-8 text of at most {_CELL_LENGTH} characters"
        self.faults.add(f"row {number}, column {name}", found, allowed)
        return False

    def _number(self, number: int, name: str, column: Numbers, cell: str) -> float:
        value = column.read(cell) if cell else nan
        if value is None and self._legible(number, name, cell):
            # What is a number to its writer may only be written in another way.
            example = "12000" if column.whole else "2.5"
            way = "" if PLAIN_NUMBER.fullmatch(cell) else f", written like {example}"
            allowed = f"{column.allowed()}{way}, or empty"
            self.faults.add_cell(f"row {number}, column {name}", cell, allowed)
        return nan if value is None else value

    def _word(self, number: int, name: str, column: Words, cell: str) -> str:
        if not self._legible(number, name, cell):
            return ""
        key = f"row {number}, column {name}"
        if cell and column.allowed and cell not in column.allowed:
            allowed = ", ".join(column.allowed) + ", or empty"
            self.faults.add_cell(key, cell, allowed, column.allowed)
        if cell and name == "start" and _date(cell) is None:
            self.faults.add_cell(key, cell, "an ISO date such as 1943-09-09, or empty")
        if name == "cdb90_id" and name in self.place:
            self._check_identifier(number, key, cell)
        return cell

    def _check_identifier(self, number: int, key: str, cell: str) -> None:
        if not cell:
            self.faults.add(key, "nothing", "the battle's number")
        elif self.row_of.setdefault(cell, number) != number:
            self.faults.add(key, f"{cell!r}, as in row {self.row_of[cell]}", "each battle once")

    def _check_range(self, number: int) -> None:
        """The duration of the row just read lies within its range, which runs upwards."""
        names = ("duration_days_low", "duration_days", "duration_days_high")
        low, days, high = (self.numbers[name][-1] for name in names)
        if low > high:
            key, allowed = f"row {number}, column duration_days_low", f"at most the high, {high:g}"
            self.faults.add(key, f"{low:g}", allowed)
        elif low > days or days > high:
            key, allowed = f"row {number}, column duration_days", f"from {low:g} to {high:g}"
            self.faults.add(key, f"{days:g}", f"within its own range, {allowed}")

    def warnings(self) -> Iterator[str]:
        """What is no fault but should be known."""
        if self.empty:
            yield f"row {self.empty[0]}: an empty line; {len(self.empty):,} of them skipped"
        if len(self.row_of) > MANY_BATTLES:
            found = f"{len(self.row_of):,} battles, above {MANY_BATTLES:,}"
            yield f"{found}: far more than are published, and a fit will take long"


def _date(cell: str) -> date | None:
    """The date, or None if there is none or it is not written as YYYY-MM-DD."""
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        return None
    return found if found.isoformat() == cell else None
