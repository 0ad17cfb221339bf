"""The files of a sensitivity analysis: tidy CSV of findings, and Parquet of all the runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandtable.plain_text import csv_text
from sandtable.representation import Represented
from sandtable.runs.tables import WRITING, outcome_field
from sandtable.studies.finished import read_manifest_of, read_rows, read_text

if TYPE_CHECKING:
    from sandtable.studies.sensitivity.method import OutcomeSensitivity

MORRIS = "morris.csv"
SOBOL = "sobol.csv"
VARIANCE = "variance.csv"
SAMPLES = "samples.parquet"
FAILURES = "failures.csv"
ANSWER = "answer.txt"
"""What a finished analysis holds beside its manifest and its figures."""
INTERACTIONS = "interactions"

_INDEX = ("first", "first_low", "first_high", "total", "total_low", "total_high")
_EFFECT = ("mu_star", "mu_star_low", "mu_star_high", "mu", "sigma")
_HANDLING = ("never", "handling")
_HEADS = {
    MORRIS: ("outcome", "unit", "input", "source", *_EFFECT, "sign", *_HANDLING),
    SOBOL: ("outcome", "input", "source", *_INDEX, "blocks", *_HANDLING),
    VARIANCE: ("outcome", "unit", "mean", "sd", "source", *_INDEX, "blocks", *_HANDLING),
}
WORDS = frozenset({"outcome", "unit", "input", "source", "handling"})
"""Columns of these tables that hold no numbers."""


@dataclass(frozen=True, slots=True, repr=False)
class SensitivityResult(Represented):
    """A finished analysis: its folder, its answer in words, and its tables, row by row."""

    path: Path
    answer: str
    morris: list[dict[str, str]]
    sobol: list[dict[str, str]]
    variance: list[dict[str, str]]

    @classmethod
    def of(cls, path: Path) -> SensitivityResult:
        """Read the folder of a finished analysis. Raises InputError if it is none."""
        read_manifest_of(path, "sensitivity")
        tables = (
            read_rows(path / name, heads, [head for head in heads if head not in WORDS])
            for name, heads in _HEADS.items()
        )
        return cls(path, read_text(path / ANSWER), *tables)

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        outcomes = len({row["outcome"] for row in self.morris})
        inputs = len({row["input"] for row in self.morris})
        return {"outcomes": outcomes, "inputs": inputs, "folder": self.path}


class StageRuns(NamedTuple):
    """All runs of one design: inputs (n, d), replications (n,), failed (n,), outcomes (n, k).

    ``errors`` are those of the runs that failed, in order of their rows.
    """

    design: str
    inputs: NDArray[np.float64]
    replications: NDArray[np.int64]
    failed: NDArray[np.bool_]
    errors: tuple[str, ...]
    outcomes: NDArray[np.float64]

    def failures(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, replication and error of each run that failed."""
        rows = np.flatnonzero(self.failed)
        yield from zip(rows.tolist(), self.replications[rows].tolist(), self.errors, strict=True)


def write_morris(
    path: Path, findings: Iterable[OutcomeSensitivity], sources: Mapping[str, str]
) -> None:
    """Write a row an outcome and input (or group); ``sources`` names the source of each."""
    rows = [
        (f.outcome, f.unit, e.group, sources[e.group], *e[1:6], e.sign, f.never, f.handling)
        for f in findings
        for e in f.effects
    ]
    _write(path, _HEADS[MORRIS], rows)


def write_sobol(
    path: Path, findings: Iterable[OutcomeSensitivity], sources: Mapping[str, str]
) -> None:
    """Write a row an outcome and input (or group) with its first and total index."""
    rows = [
        (f.outcome, i.group, sources[i.group], *i[1:], f.indices.blocks, f.never, f.handling)
        for f in findings
        if f.indices is not None
        for i in f.indices.groups
    ]
    _write(path, _HEADS[SOBOL], rows)


def write_variance(path: Path, findings: Iterable[OutcomeSensitivity]) -> None:
    """Write a row an outcome and source of its variance, and one for the interactions."""
    rows = []
    for f in findings:
        if f.split is None:
            continue
        split = f.split
        rest = (INTERACTIONS, split.interaction, split.interaction_low, split.interaction_high)
        lines: list[Sequence[object]] = [*split.groups, (*rest, math.nan, math.nan, math.nan)]
        end = (split.blocks, f.never, f.handling)
        rows += [(f.outcome, f.unit, f.mean, f.sd, *line, *end) for line in lines]
    _write(path, _HEADS[VARIANCE], rows)


def write_samples(
    path: Path, inputs: Sequence[str], outcomes: Sequence[str], runs: Iterable[StageRuns]
) -> None:
    """Write a row a run: its design, its number there, its inputs as drawn, its outcomes.

    Inputs are numbers in [0, 1), columns ``u/<name>``: the place in its range of a quantity of
    the scenario or of a planning figure, the probability below a coefficient's draw.
    """
    schema = pa.schema(
        [
            pa.field("design", pa.string(), nullable=False),
            pa.field("row", pa.int32(), nullable=False),
            pa.field("replication", pa.int32(), nullable=False),
            pa.field("failed", pa.bool_(), nullable=False),
        ]
        + [pa.field(f"u/{name}", pa.float64(), nullable=False) for name in inputs]
        + [outcome_field(name) for name in outcomes]
    )
    with pq.ParquetWriter(path, schema, **WRITING) as writer:
        for some in runs:
            count = len(some.replications)
            columns = [
                pa.array([some.design] * count),
                pa.array(np.arange(count, dtype=np.int32)),
                pa.array(some.replications.astype(np.int32)),
                pa.array(some.failed),
                *(pa.array(column) for column in np.ascontiguousarray(some.inputs.T)),
                *(pa.array(column) for column in np.ascontiguousarray(some.outcomes.T)),
            ]
            writer.write_table(pa.table(columns, schema=schema))


def write_failures(path: Path, runs: Iterable[StageRuns], seed: int) -> None:
    """Write failures.csv: design, row, replication, seed and error of each run that raised."""
    rows = [
        (some.design, row, replication, seed, error)
        for some in runs
        for row, replication, error in some.failures()
    ]
    _write(path, ("design", "row", "replication", "seed", "error"), rows)


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.write_text(csv_text(heads, rows, figures=6), encoding="utf-8", newline="")
