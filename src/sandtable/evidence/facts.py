"""Facts: what was so before the campaign or whatever its result. Claims lie elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from sandtable.errors import InputError, Problem
from sandtable.evidence.rows import FactRow, columns
from sandtable.evidence.tables import (
    FACTS,
    Bound,
    CsvRow,
    campaign_files,
    read_bounds,
    read_date,
    read_line,
    read_table,
    repeated_ids,
)

COLUMNS = columns(FactRow)
ALL_SIDES = "both"
"""What stands for a side where a fact is about all of them."""
CONFIDENCES = get_args(FactRow.model_fields["confidence"].annotation)


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a document.

    `side` is the id of a side, or `ALL_SIDES`. `low` and `high` are in `unit`, as printed; None
    leaves the range open, and both are None for the unit `name`. For the unit `date` they are
    moments, a whole day reaching from its start to its end. `line` counts from 1. `printed` has
    both ends as the register writes them.
    """

    id: str
    campaign: str
    side: str
    subject: str
    quantity: str
    low: Bound
    high: Bound
    unit: str
    date: str
    source: str
    line: int | None
    confidence: str
    note: str
    printed: tuple[str, str] = ("", "")


def read_facts(path: Path) -> tuple[list[Fact], list[Problem]]:
    """Read one file of facts; return the sound ones and every problem."""
    return read_table(path, COLUMNS, _parse)


def load_facts(root: Path, campaign: str | None = None) -> dict[str, Fact]:
    """Return the register's facts by id, of one campaign or of all.

    Raises InputError with every problem of the files read.
    """
    paths, problems = campaign_files(root, FACTS, campaign)
    rows: list[tuple[str, Fact]] = []
    for path in paths:
        read, faults = read_facts(path)
        problems += faults
        rows += [(str(path), fact) for fact in read]
    problems += repeated_ids((file, fact.id) for file, fact in rows)
    if problems:
        raise InputError(problems)
    return {fact.id: fact for _, fact in rows}


def _parse(row: CsvRow) -> Fact:
    low, high = read_bounds(row)
    return Fact(
        id=row["id"],
        campaign=row["campaign"],
        side=row.slug("side"),
        subject=row.words("subject"),
        quantity=row.words("quantity"),
        low=low,
        high=high,
        unit=row["unit"],
        date=read_date(row),
        source=row["source"],
        line=read_line(row),
        confidence=row.one_of("confidence", CONFIDENCES),
        note=row["note"],
        printed=(row["low"], row["high"]),
    )
