"""Predictions of operations from what was known before them: no result is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sandtable.battles.files import write_csv
from sandtable.battles.predictions import LEVELS
from sandtable.errors import InputError, Problem
from sandtable.operations.armies import army_of, known_armies
from sandtable.operations.play import QUANTITIES, play
from sandtable.operations.table import Operation, read_operations

COLUMNS = (
    "operation",
    *(f"{name}_p{100 * level:02.0f}" for name in QUANTITIES for level in LEVELS),
)
"""Columns of a file of predictions: persons, persons, km."""


@dataclass(frozen=True, slots=True)
class PredictSummary:
    """What `predict_to_file` did; ``warnings`` a line each."""

    out: Path
    table_digest: str
    operations: int
    replications: int
    seed: int
    warnings: tuple[str, ...]


def predict_to_file(
    table: Path,
    out: Path,
    replications: int,
    seed: int,
    jobs: int,
    on_done: Callable[[], None] = lambda: None,
) -> PredictSummary:
    """Predict every operation of a table, a row each in its order, as CSV.

    Raises InputError for a table with faults, and if ``out`` cannot be written.
    """
    found = read_operations(table)
    if not out.parent.is_dir():
        # Before anything is played, for it takes minutes.
        raise InputError([Problem(str(out), "file", "no such folder", "a file in a folder")])
    ensembles = play(found.operations, replications, seed, jobs, on_done)
    rows = [
        [operation.name, *(float(x) for name in QUANTITIES for x in np.quantile(e[name], LEVELS))]
        for operation, e in zip(found.operations, ensembles, strict=True)
    ]
    write_csv(out, COLUMNS, rows)
    told = tuple(unknown_armies(found.operations))
    return PredictSummary(out, found.digest, len(found), replications, seed, told)


def unknown_armies(operations: tuple[Operation, ...]) -> list[str]:
    """Say of which attackers the battle table knows no army, in one line."""
    names = dict.fromkeys(o.attacker for o in operations if army_of(o.attacker) is None)
    if not names:
        return []
    known = ", ".join(known_armies())
    listed = ", ".join(repr(name) for name in names)
    return [f"attackers whose army is drawn from the spread of all: {listed}; known: {known}"]
