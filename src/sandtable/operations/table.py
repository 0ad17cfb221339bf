"""The table of operations: one row an operation, read and checked as a whole.

What was known beforehand (`Operation`) and what came of it (`Record`) are read apart. Whoever
predicts reads the first alone: no cell of another column is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

from sandtable.battles.columns import Numbers, Words
from sandtable.battles.table_faults import Faults
from sandtable.operations.cells import Cells, Column, read_rows
from sandtable.scenario.measures import MOST

LONGEST_DAYS = 200.0
_LONGEST_SLUG = 60

_MEN = Numbers(low=1000.0, required=True)
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
    "depth_km": Numbers(high=MOST["km"]),
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
    rows, digest = read_rows(path, INPUTS, faults, RESULTS)
    operations: list[Operation] = []
    first: dict[str, int] = {}
    for number, cells in rows:
        values = Cells(number, cells, faults)
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
    rows, _ = read_rows(path, RESULTS, faults, INPUTS)
    records = []
    for number, cells in rows:
        values = Cells(number, cells, faults)
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
