"""The campaign engine judged on operations of other wars, beside simpler ways to foretell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sandtable.battles.files import write_csv
from sandtable.battles.predictions import LEVELS
from sandtable.laws.coefficients import load_coefficients
from sandtable.operations import forecast
from sandtable.operations.armies import attackers_of
from sandtable.operations.forecast import ENGINE, RIVALS, Forecasts
from sandtable.operations.play import QUANTITIES, play
from sandtable.operations.predict import unknown_armies
from sandtable.operations.scores import MEASURES, Judged, Mask, recorded_range, truths
from sandtable.operations.table import (
    Operation,
    OperationTable,
    Record,
    read_operations,
    read_records,
)
from sandtable.operations.wars import war_of

ALL, CORE, NEW = "all", "core", "new to the laws"
METHODS = (ENGINE, *RIVALS)
_APART = 8
"""Operations from which an attacker's own are also judged apart."""


@dataclass(frozen=True, slots=True)
class Score:
    """A measure of one method and quantity over a group of operations, ``n`` of them.

    ``error``: one standard error, by leaving out a war at a time; NaN for a single war.
    """

    group: str
    quantity: str
    method: str
    measure: str
    value: float
    error: float
    n: int


@dataclass(frozen=True)
class OperationsValidation:
    """Operations of a table, what was foretold of them and what is recorded."""

    table: OperationTable
    records: Sequence[Record]
    forecasts: dict[str, Forecasts]
    replications: int
    seed: int
    warnings: tuple[str, ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations, in the table's order."""
        return self.table.operations

    @cached_property
    def wars(self) -> NDArray[np.str_]:
        """War of each operation."""
        return np.array([war_of(operation) for operation in self.operations])

    @cached_property
    def judged(self) -> dict[tuple[str, str], Judged]:
        """Forecasts beside the truth, by method and quantity."""
        truth = {name: truths(self.records, name) for name in QUANTITIES}
        return {
            (method, name): Judged(self.forecasts[method][name], truth[name], self.wars)
            for method in METHODS
            for name in QUANTITIES
        }

    @cached_property
    def groups(self) -> dict[str, Mask]:
        """Operations by group; those of low confidence, or part of another, are in none."""
        counts = _counting(self.records)
        groups = {
            ALL: counts,
            CORE: counts & np.array([record.core for record in self.records]),
            NEW: counts & np.array([record.known == "no" for record in self.records]),
        }
        first = np.array([attackers_of(operation.attacker)[0] for operation in self.operations])
        frequent = [who for who, n in Counter(first[counts].tolist()).items() if n >= _APART]
        for who in frequent:
            groups[f"attacker {who}"] = counts & (first == who)
        if frequent:
            groups["other attackers"] = counts & ~np.isin(first, frequent)
        return groups

    @cached_property
    def scores(self) -> list[Score]:
        """Every measure of every method, quantity and group that has any operation."""
        found = []
        for group, rows in self.groups.items():
            for name in QUANTITIES:
                own = self.judged[ENGINE, name]
                for method in METHODS:
                    judged = self.judged[method, name]
                    chosen = rows & judged.known
                    if not chosen.any():
                        continue
                    key, n = (group, name, method), int(chosen.sum())
                    for measure in MEASURES:
                        found.append(Score(*key, measure, *judged.measure(measure, chosen), n))
                    if method != ENGINE and (both := chosen & own.known).any():
                        skill = own.skill(judged, both)
                        found.append(Score(*key, "engine's skill", *skill, int(both.sum())))
        return found


def validate(
    table: Path,
    replications: int,
    seed: int,
    jobs: int,
    on_done: Callable[[], None] = lambda: None,
) -> OperationsValidation:
    """Foretell every operation of a table in every way. Raises InputError for one with faults."""
    found, records = read_operations(table), read_records(table)
    operations = found.operations
    ensembles = play(operations, replications, seed, jobs, on_done)
    wars = [war_of(operation) for operation in operations]
    learnt = _learnt(records)
    forecasts = {
        ENGINE: forecast.of_ensembles(ensembles),
        forecast.BATTLE: forecast.one_battle(operations, load_coefficients()),
        forecast.RATE: forecast.constant_rate(operations, learnt, wars),
        forecast.REGRESSION: forecast.regression(operations, learnt, wars),
    }
    told = tuple(unknown_armies(operations))
    return OperationsValidation(found, records, forecasts, replications, seed, told)


def _counting(records: Sequence[Record]) -> Mask:
    return np.array([record.counts and record.confidence != "low" for record in records])


def _learnt(records: Sequence[Record]) -> dict[str, NDArray[np.float64]]:
    """What rivals may learn from: the truth's mean logarithm, of operations that count."""
    counts = _counting(records)
    return {
        name: np.where(counts, truths(records, name).mean(axis=1), np.nan) for name in QUANTITIES
    }


def write_scores(found: OperationsValidation, path: Path) -> None:
    """Write all scores as CSV. Raises InputError if it cannot be written."""
    header = ("group", "quantity", "method", "measure", "value", "error", "operations")
    rows = ((s.group, s.quantity, s.method, s.measure, s.value, s.error, s.n) for s in found.scores)
    write_csv(path, header, rows)


def write_forecasts(found: OperationsValidation, path: Path) -> None:
    """Write quantiles beside the record, a row an operation, quantity and method, as CSV."""
    points = [f"p{100 * level:02.0f}" for level in LEVELS]
    header = (
        "operation", "war", "quantity", "method", *points, "recorded_low", "recorded_high", "below",
    )  # fmt: skip
    rows = []
    for (method, name), judged in found.judged.items():
        quantiles = np.exp(judged.quantiles(LEVELS))
        for i, operation in enumerate(found.operations):
            ends = recorded_range(found.records[i], name)
            below = float(judged.below[i]) if judged.known[i] else float("nan")
            key = (operation.name, str(found.wars[i]), name, method)
            rows.append((*key, *map(float, quantiles[i]), *ends, below))
    write_csv(path, header, rows)
