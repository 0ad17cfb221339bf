"""The columns of a battle table while its rows come in, each cell checked."""

import re
from array import array
from collections.abc import Iterator
from datetime import date
from math import nan

from sandtable.battles.columns import COLUMNS, PLAIN_NUMBER, RESULTS, Numbers, Words
from sandtable.battles.table_faults import Faults
from sandtable.calendar import FIRST_YEAR, LAST_YEAR

MANY_BATTLES = 10_000
DATE_IN_WORDS = f"an ISO date such as 1943-09-09, from {FIRST_YEAR} to {LAST_YEAR}"
"""What `iso_date` reads."""

# No cell of a real table comes near.
_CELL_LENGTH = 200
# As bytes that are not UTF-8 are decoded, to be told by row and column.
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")


class Reading:
    """The columns of a table while its rows come in."""

    def __init__(self, header: list[str], results: bool, faults: Faults) -> None:
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
                self.faults.add(f"row 1, column {name}", "no such column", "a table that has it")
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
        if cell and name == "start" and iso_date(cell) is None:
            self.faults.add_cell(key, cell, f"{DATE_IN_WORDS}, or empty")
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


def iso_date(cell: str) -> date | None:
    """The date, or None if there is none, not of these centuries, or not written YYYY-MM-DD."""
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        return None
    return found if found.isoformat() == cell and FIRST_YEAR <= found.year <= LAST_YEAR else None
