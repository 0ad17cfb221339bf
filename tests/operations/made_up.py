"""Operations made up for tests: small, so that playing them takes no time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from sandtable.operations.table import Operation

INPUTS = ("operation", "start", "days", "attacker", "attacker_strength", "defender_strength")
ROWS: list[dict[str, str]] = [
    dict(zip(INPUTS, row, strict=True))
    for row in (
        ("Hill", "1943-05-01", "3", "Soviet Union", "9000", "4000"),
        ("River", "1916-06-04", "5", "Russia, Serbia", "24000", "15000"),
        ("Dunes", "1982-03-22", "2", "Ruritania", "12000", "9000"),
    )
]


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows as a table, with the columns of the first."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return path


def operation(
    name: str = "Hill",
    start: str = "1943-05-01",
    days: float = 3.0,
    attacker: str = "Soviet Union",
    own: float = 9000.0,
    other: float = 4000.0,
) -> Operation:
    """Make up one operation."""
    return Operation(name, date.fromisoformat(start), days, attacker, own, other)
