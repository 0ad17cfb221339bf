"""The battle table: one row a battle, read and checked as a whole.

Columns are those of the battle table's own description: strengths and casualties in persons,
durations in days, lengths in km, error bounds in percent. An empty cell is unknown, never
zero; an optional column that is absent is unknown throughout.
"""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import StringIO
from math import inf, isfinite
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sandtable.errors import InputError, Problem, nearest
from sandtable.laws.attrition import POSTURES

OUTCOMES = ("attacker", "draw", "defender")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers within [low, high], or above low if `open`; whole if `whole`."""

    low: float = 0.0
    high: float = inf
    whole: bool = False
    open: bool = False
    required: bool = False

    def allowed(self) -> str:
        """What may stand in the column, in words."""
        kind = "a whole number" if self.whole else "a number"
        if self.open:
            return f"{kind} above {self.low:g}"
        return f"{kind} from {self.low:g}" + ("" if self.high == inf else f" to {self.high:g}")

    def read(self, cell: str) -> float | None:
        """The number, or None if it is not allowed."""
        try:
            value = float(cell)
        except ValueError:
            return None
        inside = isfinite(value) and self.low <= value <= self.high
        wrong = not inside or (self.open and value == self.low)
        return None if wrong or (self.whole and value != int(value)) else value


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: one of `allowed`, or any text if that is empty."""

    allowed: tuple[str, ...] = ()
    required: bool = False


def _columns() -> dict[str, Numbers | Words]:
    count, persons = Numbers(whole=True), Numbers(whole=True, required=True)
    spec: dict[str, Numbers | Words] = {"cdb90_id": Words(required=True)}
    spec |= dict.fromkeys(("battle", "war", "campaign", "start"), Words())
    spec |= {
        "duration_days": Numbers(open=True, required=True),
        "duration_days_low": Numbers(),
        "duration_days_high": Numbers(),
    }
    for side in ("attacker", "defender"):
        spec |= {f"{side}_actor": Words(), f"{side}_force": Words()}
        spec |= {f"{side}_strength": persons, f"{side}_casualties": persons}
        for field in ("strength", "casualties"):
            spec[f"{side}_{field}_error_low_pct"] = Numbers(low=-100.0, high=0.0)
            spec[f"{side}_{field}_error_high_pct"] = Numbers()
        counts = ("tanks", "tank_losses", "guns", "gun_losses", "air_sorties", "aircraft_losses")
        spec |= {f"{side}_{field}": count for field in (*counts, "cavalry")}
        spec[f"{side}_front_km"] = Numbers(open=True)
    spec["attacker_advance_km"] = Numbers(low=-inf)
    spec["defender_posture"] = Words(POSTURES, required=True)
    spec["terrain"] = Words(("flat", "rolling", "rugged"))
    spec["cover"] = Words(("bare", "mixed", "wooded", "desert"))
    spec["weather"] = Words(("dry", "wet"))
    spec["attacker_surprise_advantage"] = Numbers(low=-3.0, high=3.0, whole=True)
    spec["attacker_air_superiority_advantage"] = Numbers(low=-1.0, high=1.0, whole=True)
    judged = ("combat_effectiveness", "leadership", "training", "morale", "logistics")
    for judgement in (*judged, "momentum", "intelligence", "technology", "initiative"):
        spec[f"attacker_{judgement}_advantage"] = Numbers(low=-4.0, high=4.0, whole=True)
    spec["outcome"] = Words(OUTCOMES, required=True)
    return spec


COLUMNS = _columns()


@dataclass(frozen=True)
class BattleTable:
    """The battles as columns of equal length, in the file's order.

    `numbers`: float arrays, NaN where unknown. `words`: arrays of text, empty where unknown.
    `starts`: first days, None where unknown. `digest`: sha256 of the file, in hexadecimal.
    """

    path: Path
    digest: str
    numbers: dict[str, npt.NDArray[np.float64]]
    words: dict[str, npt.NDArray[np.str_]]
    starts: tuple[date | None, ...]

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def years(self) -> npt.NDArray[np.float64]:
        """Year of the first day of each battle, NaN where unknown."""
        return np.array([np.nan if start is None else float(start.year) for start in self.starts])


def load_table(path: Path) -> BattleTable:
    """Read and check a battle table (UTF-8 CSV with a header row).

    Raises InputError with every fault, each with its row (the header is row 1) and column.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(path), "file", found, "a readable CSV file")]) from None
    try:
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise InputError([Problem(str(path), where, "not UTF-8", "UTF-8 text")]) from None
    except csv.Error as error:
        raise InputError([Problem(str(path), "file", str(error), "a CSV file")]) from None
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    problems = _header_problems(str(path), header)
    if problems:
        raise InputError(problems)
    cells, problems = _cells(str(path), header, body)
    if not body:
        problems.append(Problem(str(path), "row 2", "no battle", "at least one battle"))
    numbers, faults = _numbers(str(path), cells)
    problems += faults
    words, faults = _words(str(path), cells)
    problems += faults
    starts, faults = _starts(str(path), cells)
    problems += faults + _order_problems(str(path), numbers, words)
    if problems:
        raise InputError(problems)
    return BattleTable(path, hashlib.sha256(content).hexdigest(), numbers, words, starts)


def _header_problems(file: str, header: Sequence[str]) -> list[Problem]:
    missing = [n for n, c in COLUMNS.items() if c.required and n not in header]
    problems = [Problem(file, f"row 1, column {n}", "missing", "required") for n in missing]
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            problems.append(Problem(file, "row 1", repr(name), "a column of the table", near))
        if header.count(name) > 1:
            problems.append(Problem(file, f"row 1, column {name}", "twice", "each column once"))
    return problems


def _cells(
    file: str, header: Sequence[str], body: Sequence[Sequence[str]]
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Cells by column; a row of the wrong length counts as unknown, and as one problem."""
    cells: dict[str, list[str]] = {name: [] for name in COLUMNS}
    problems = []
    for number, row in enumerate(body, start=2):
        if len(row) != len(header):
            allowed = f"{len(header)} cells, as in the header"
            problems.append(Problem(file, f"row {number}", f"{len(row)} cells", allowed))
            row = ()
        by_name = dict(zip(header, row, strict=False))
        for name, column in cells.items():
            column.append(by_name.get(name, "").strip())
    return cells, problems


def _numbers(
    file: str, cells: dict[str, list[str]]
) -> tuple[dict[str, npt.NDArray[np.float64]], list[Problem]]:
    numbers, problems = {}, []
    for name, column in COLUMNS.items():
        if isinstance(column, Words):
            continue
        values = [column.read(cell) if cell else np.nan for cell in cells[name]]
        for number, (cell, value) in enumerate(zip(cells[name], values, strict=True), start=2):
            if value is None:
                key = f"row {number}, column {name}"
                problems.append(Problem(file, key, repr(cell), column.allowed() + ", or empty"))
        numbers[name] = np.array([np.nan if value is None else value for value in values])
    return numbers, problems


def _words(
    file: str, cells: dict[str, list[str]]
) -> tuple[dict[str, npt.NDArray[np.str_]], list[Problem]]:
    words, problems = {}, []
    for name, column in COLUMNS.items():
        if isinstance(column, Numbers):
            continue
        for number, cell in enumerate(cells[name], start=2):
            if cell and column.allowed and cell not in column.allowed:
                allowed = ", ".join(column.allowed) + ", or empty"
                near = nearest(cell, column.allowed)
                key = f"row {number}, column {name}"
                problems.append(Problem(file, key, repr(cell), allowed, near))
        words[name] = np.array(cells[name], dtype=np.str_)
    return words, problems


def _starts(
    file: str, cells: dict[str, list[str]]
) -> tuple[tuple[date | None, ...], list[Problem]]:
    starts: list[date | None] = []
    problems = []
    for number, cell in enumerate(cells["start"], start=2):
        try:
            starts.append(date.fromisoformat(cell) if cell else None)
        except ValueError:
            starts.append(None)
            allowed = "an ISO date such as 1943-09-09, or empty"
            problems.append(Problem(file, f"row {number}, column start", repr(cell), allowed))
    return tuple(starts), problems


def _order_problems(
    file: str,
    numbers: dict[str, npt.NDArray[np.float64]],
    words: dict[str, npt.NDArray[np.str_]],
) -> list[Problem]:
    """Faults that only several cells together show: ranges the wrong way round, repeated ids."""
    problems, seen = [], dict[str, int]()
    days = numbers["duration_days"]
    low, high = numbers["duration_days_low"], numbers["duration_days_high"]
    for i in np.flatnonzero((low > days) | (days > high)):
        key, found = f"row {i + 2}, column duration_days", f"{days[i]:g}"
        problems.append(Problem(file, key, found, f"within its range {low[i]:g} to {high[i]:g}"))
    for number, identifier in enumerate(words["cdb90_id"].tolist(), start=2):
        key = f"row {number}, column cdb90_id"
        if not identifier:
            problems.append(Problem(file, key, "nothing", "the battle's number"))
        elif identifier in seen:
            found = f"{identifier!r}, as in row {seen[identifier]}"
            problems.append(Problem(file, key, found, "each battle once"))
        seen.setdefault(identifier, number)
    return problems
