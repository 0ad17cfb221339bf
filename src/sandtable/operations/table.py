"""The table of operations: one row an operation, read and checked as a whole.

What was known beforehand (`Operation`) and what came of it (`Record`) are read apart. Whoever
predicts reads the first alone: no cell of another column is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from sandtable.battles.columns import PLAIN_NUMBER, Numbers, Words
from sandtable.battles.table_faults import Faults
from sandtable.battles.table_reading import iso_date
from sandtable.battles.table_rows import HashedFile, other_kind, rows_of
from sandtable.errors import InputError, Problem, nearest

LONGEST_DAYS = 200.0
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_LONGEST_NAME = 200
_LONGEST_SLUG = 60

Column = Numbers | Words
_MEN = Numbers(low=1000.0, high=2e7, required=True)
INPUTS: Mapping[str, Column] = {
    "operation": Words(required=True),
    "start": Words(required=True),
    "days": Numbers(low=1.0, high=LONGEST_DAYS, required=True),
    "attacker": Words(required=True),
    "attacker_strength": _MEN,
    "defender_strength": _MEN,
}
"""Columns of which the recipe is made; strengths in persons."""

_SICK = "sick counted in the losses"
CONFIDENCES = ("high", "medium", "low")
RESULTS: Mapping[str, Column] = {
    "attacker_losses": Numbers(),
    "defender_losses": Numbers(),
    "depth_km": Numbers(),
    "confidence": Words(CONFIDENCES),
    "losses_counted": Words(("battle losses", _SICK)),
    "core": Numbers(high=1.0, whole=True),
    "in_test_set": Numbers(high=1.0, whole=True),
    "laws_know": Words(("whole", "part", "no")),
}
"""Columns of what is recorded; each may be absent, and each cell empty."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as it could be known at its start: ``days`` long, strengths in persons."""

    name: str
    start: date
    days: float
    attacker: str
    attacker_strength: float
    defender_strength: float

    @property
    def id(self) -> str:
        """Id of its scenario, by which its random streams are named."""
        words = re.sub(r"[^a-z0-9]+", "-", self.name.lower())[:_LONGEST_SLUG].strip("-")
        # Names that differ in what an id can't hold are different operations.
        digest = blake2b(self.name.encode(), digest_size=3).hexdigest()
        return f"{words}-{digest}" if words else digest


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of an operation; NaN where nothing is.

    Losses in persons, ``depth_km`` how far the front was moved. ``sick``: whether the
    attacker's losses count the sick. ``known``: how much of the operation is among the battles
    that the laws were fitted on: ``whole``, ``part`` or ``no``.
    """

    attacker_losses: float
    defender_losses: float
    depth_km: float
    confidence: str
    sick: bool
    core: bool
    counts: bool
    known: str


@dataclass(frozen=True, slots=True)
class OperationTable:
    """Operations in the order of a file; ``digest`` is its SHA-256."""

    path: Path
    digest: str
    operations: tuple[Operation, ...]

    def __len__(self) -> int:
        return len(self.operations)


def read_operations(path: Path) -> OperationTable:
    """Read what was known of each operation beforehand; no other column is looked at.

    Raises TableError with every fault, each with its row (the header is row 1) and column, and
    InputError if no file can be read.
    """
    faults = Faults(str(path))
    rows, digest = _rows(path, INPUTS, faults)
    operations: list[Operation] = []
    first: dict[str, int] = {}
    for number, cells in rows:
        values = _Cells(number, cells, faults)
        name, attacker = values.text("operation"), values.text("attacker")
        start = values.day("start")
        days, own, other = (
            values.number(column, INPUTS[column])
            for column in ("days", "attacker_strength", "defender_strength")
        )
        if name and first.setdefault(name, number) != number:
            found = f"{name!r}, as in row {first[name]}"
            faults.add(f"row {number}, column operation", found, "each operation once")
        if name and attacker and start and None not in (days, own, other):
            assert days is not None and own is not None and other is not None
            operations.append(Operation(name, start, days, attacker, own, other))
    if not faults and not operations:
        faults.add("row 2", "no operation", "at least one operation")
    if faults:
        raise faults.error()
    return OperationTable(path, digest, tuple(operations))


def read_records(path: Path) -> list[Record]:
    """Read what is recorded of each operation, in the file's order. Raises as `read_operations`."""
    faults = Faults(str(path))
    rows, _ = _rows(path, RESULTS, faults)
    records = []
    for number, cells in rows:
        values = _Cells(number, cells, faults)
        losses, lost, depth = (
            _or_nan(values.number(column, RESULTS[column]))
            for column in ("attacker_losses", "defender_losses", "depth_km")
        )
        words = {
            column: values.word(column, RESULTS[column])
            for column in ("confidence", "losses_counted", "laws_know")
        }
        flags = {
            column: values.number(column, RESULTS[column]) for column in ("core", "in_test_set")
        }
        records.append(
            Record(
                losses,
                lost,
                depth,
                words["confidence"],
                words["losses_counted"] == _SICK,
                flags["core"] == 1.0,
                flags["in_test_set"] != 0.0,
                words["laws_know"] or "no",
            )
        )
    if faults:
        raise faults.error()
    return records


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _rows(
    path: Path, columns: Mapping[str, Column], faults: Faults
) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """Return number and cells, by column, of each row, and the file's digest."""
    try:
        with HashedFile(path) as file:
            buffer = BufferedReader(file)
            kind = other_kind(buffer.peek(), tuple(INPUTS))
            if kind is not None:
                faults.add("file", kind, "UTF-8 text, a row a line, with commas between the cells")
                raise faults.error()
            with TextIOWrapper(buffer, "utf-8-sig", "surrogateescape", newline="") as text:
                found = list(_cells(rows_of(text, faults), columns, faults))
            return found, file.digest.hexdigest()
    except OSError as error:
        said = error.strerror or str(error)
        raise InputError([Problem(str(path), "file", said, "a readable CSV file")]) from None


def _cells(
    rows: Iterator[tuple[int, list[str]]], columns: Mapping[str, Column], faults: Faults
) -> Iterator[tuple[int, dict[str, str]]]:
    _, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    place: dict[str, int] = {}
    for name, column in columns.items():
        if names.count(name) > 1:
            faults.add(f"row 1, column {name}", f"{names.count(name)} of them", "each column once")
        if name in names:
            place[name] = names.index(name)
        elif column.required:
            others = [other for other in names if other not in INPUTS and other not in RESULTS]
            close = nearest(name, others)
            found = "no such column" + ("" if close is None else f", but one called {close!r}")
            faults.add(f"row 1, column {name}", found, "a required column")
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
class _Cells:
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
        if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
        allowed = f"an ISO date such as 1943-09-09, from {_FIRST_YEAR} to {_LAST_YEAR}"
        self.faults.add_cell(self._key(column), cell, allowed)
        return None
