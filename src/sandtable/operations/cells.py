"""The cells of a table of operations, read as what its columns hold; faults are noted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from sandtable.battles.columns import PLAIN_NUMBER, Numbers, Words
from sandtable.battles.table_faults import Faults
from sandtable.battles.table_reading import DATE_IN_WORDS, iso_date
from sandtable.battles.table_rows import HashedFile, other_kind, rows_of
from sandtable.errors import InputError, Problem, nearest

_LONGEST_NAME = 200

Column = Numbers | Words


def read_rows(
    path: Path, columns: Mapping[str, Column], faults: Faults, known: Collection[str] = ()
) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """Return number and cells, by column, of each row of a table, and the file's digest.

    ``known`` are other columns that such a table may have. What is wrong goes to ``faults``; raises
    TableError for what is no table, and InputError if the file cannot be read.
    """
    try:
        with HashedFile(path) as file:
            buffer = BufferedReader(file)
            kind = other_kind(buffer.peek(), tuple(columns))
            if kind is not None:
                faults.add("file", kind, "UTF-8 text, a row a line, with commas between the cells")
                raise faults.error()
            with TextIOWrapper(buffer, "utf-8-sig", "surrogateescape", newline="") as text:
                found = list(_cells(rows_of(text, faults), columns, faults, known))
            return found, file.digest.hexdigest()
    except OSError as error:
        said = error.strerror or str(error)
        raise InputError([Problem(str(path), "file", said, "a readable CSV file")]) from None


def _cells(
    rows: Iterator[tuple[int, list[str]]], columns: Mapping[str, Column], faults: Faults,
    known: Collection[str],
) -> Iterator[tuple[int, dict[str, str]]]:  # fmt: skip
    _, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    place: dict[str, int] = {}
    for name, column in columns.items():
        if names.count(name) > 1:
            faults.add(f"row 1, column {name}", f"{names.count(name)} of them", "each column once")
        if name in names:
            place[name] = names.index(name)
        elif column.required:
            others = [other for other in names if other not in columns and other not in known]
            close = nearest(name, others)
            found = "no such column" + ("" if close is None else f", but one called {close!r}")
            faults.add(f"row 1, column {name}", found, "a table that has it")
    if faults:
        raise faults.error()
    for number, row in rows:
        if not row:
            continue
        if len(row) != len(header):
            allowed = f"{len(header)} cells, as in the header"
            faults.add(f"row {number}", f"{len(row)} cells", allowed)
            continue
        yield number, {name: row[index].strip() for name, index in place.items()}


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row, each read as what its column holds; faults are noted."""

    row: int
    cells: Mapping[str, str]
    faults: Faults

    def _key(self, column: str) -> str:
        return f"row {self.row}, column {column}"

    def text(self, column: str) -> str:
        """A text that must be there, empty if it is at fault."""
        cell = self.cells[column]
        if cell and cell.isprintable() and len(cell) <= _LONGEST_NAME:
            return cell
        allowed = f"UTF-8 text of 1 to {_LONGEST_NAME} characters on one line"
        shown = cell.encode("utf-8", "backslashreplace").decode()
        self.faults.add_cell(self._key(column), shown, allowed)
        return ""

    def word(self, column: str, kind: Column) -> str:
        """One of the words of a column, or nothing."""
        assert isinstance(kind, Words)
        cell = self.cells.get(column, "")
        if not cell or cell in kind.allowed:
            return cell
        allowed = ", ".join(kind.allowed) + ", or empty"
        self.faults.add_cell(self._key(column), cell, allowed, kind.allowed)
        return ""

    def number(self, column: str, kind: Column) -> float | None:
        """A number, None if it is at fault or empty, which only a column of results may be."""
        assert isinstance(kind, Numbers)
        cell = self.cells.get(column, "")
        if not cell and not kind.required:
            return None
        value = kind.read(cell)
        if value is None:
            way = "" if PLAIN_NUMBER.fullmatch(cell) else ", written like 12000"
            empty = "" if kind.required else ", or empty"
            self.faults.add_cell(self._key(column), cell, kind.allowed() + way + empty)
        return value

    def day(self, column: str) -> date | None:
        """A date, None if it is at fault."""
        cell = self.cells[column]
        found = iso_date(cell)
        if found is None:
            self.faults.add_cell(self._key(column), cell, DATE_IN_WORDS)
        return found
