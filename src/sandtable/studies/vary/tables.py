"""The files of a vary study: its points, every replication's outcomes, and what they come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandtable.errors import InputError, Problem
from sandtable.plain_text import csv_text
from sandtable.representation import Represented
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.manifest_fields import kept_as
from sandtable.runs.results import MANIFEST
from sandtable.runs.tables import WRITING, outcome_field
from sandtable.studies.finished import Cell, in_numbers, read_manifest_of, read_rows, read_text
from sandtable.studies.vary.method import InertKeys
from sandtable.studies.vary.scores import SCORES, read_point_scores

if TYPE_CHECKING:
    from sandtable.comparison import Row
    from sandtable.studies.vary.method import AtPoint, Response

POINTS, TABLE, OUTCOMES, FAILURES = "points.csv", "table.csv", "outcomes.parquet", "failures.csv"
ANSWER = "answer.txt"
INERT = "changed_nothing"
"""Where the manifest says which of the keys changed no outcome in any replication."""

_SPREAD = ("n", "came_about", "mean", "mc_error", "p05", "p25", "p50", "p75", "p95", "p50_error")
_CHANGE = ("difference", "difference_mc_error", "difference_p05", "difference_p95")
_CLAIM = ("claim", "claimant", "record_low", "record_high", "verdict")
_NUMBERS = frozenset({"point", "record_low", "record_high", *_SPREAD, *_CHANGE})


@dataclass(frozen=True, slots=True, repr=False)
class VaryResult(Represented):
    """A finished vary study: its folder, the answers in words, and the rows of its tables.

    ``table`` is table.csv and ``scores`` scores.csv. ``fitted_to`` are the claims that any of its
    points was fitted to; ``warnings`` stand at the head of the answers too.
    """

    path: Path
    fitted_to: list[str]
    warnings: list[str]
    answers: list[str]
    table: list[dict[str, Cell]]
    scores: list[dict[str, Cell]]

    @classmethod
    def of(cls, path: Path) -> VaryResult:
        """Read the folder of a finished study. Raises InputError if it is none."""
        manifest = read_manifest_of(path, "vary")
        own = {field.name: manifest[field.name] for field in fields(_Own) if field.name in manifest}
        told = kept_as(_Own, own, path / MANIFEST, "")
        said = read_text(path / ANSWER).splitlines()
        fitted = manifest.get("fitted_to") or []
        table, scores = _read_table(path / TABLE, told), read_point_scores(path / SCORES, told.keys)
        return cls(path, fitted, warnings_of(manifest), said, table, scores)

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        points = len({row["point"] for row in self.table})
        outcomes = len({row["outcome"] for row in self.table})
        return {"points": points, "outcomes": outcomes, "folder": self.path}


@dataclass(frozen=True, slots=True)
class _Own:
    """What the manifest of such a study says beside what any folder's does."""

    keys: list[str]
    points: list[list[str]]
    outcomes: list[str]
    changed_nothing: InertKeys | None = None


def warnings_of(manifest: Mapping[str, Any]) -> list[str]:
    """Return what must be said beside the results: of keys without effect, and of a fit."""
    fitted = fitted_warning(manifest)
    found = [] if fitted is None else [fitted]
    if INERT in manifest:
        keys, replications = manifest[INERT]["keys"], manifest[INERT]["replications"]
        what = "it has" if len(keys) == 1 else "they have"
        found.append(
            f"{', '.join(keys)}: no outcome changed in any of {replications} replications at any "
            f"of {len(manifest['points'])} points; under this scenario {what} no effect"
        )
    return found


def write_points(path: Path, keys: Sequence[str], points: Sequence[Sequence[str]]) -> None:
    """Write points.csv: a row a point, a column a key, values as they stand behind ``KEY=``."""
    _write(path, ("point", *keys), ((str(i), *point) for i, point in enumerate(points)))


def write_table(
    path: Path,
    keys: Sequence[str],
    points: Sequence[Sequence[str]],
    responses: Iterable[Response],
) -> None:
    """Write table.csv: a row for each outcome, point and claim; one without claim where none is.

    Days count from H-hour, ``inf`` is a day that never comes; a cell is empty where nothing can
    be said and for an open end of a claim.
    """
    rows = (
        (str(index), *points[index], response.outcome, response.unit, *_spread(at), *claim)
        for response in responses
        for index, at in enumerate(response.at)
        for claim in ([_claim(row) for row in at.rows] or [("",) * len(_CLAIM)])
    )
    _write(path, _columns(keys), rows)


def write_failures(path: Path, failures: Iterable[tuple[int, int, int, str]]) -> None:
    """Write failures.csv: point, replication, seed and error of each replication that raised."""
    rows = ((str(a), str(b), str(c), error) for a, b, c, error in failures)
    _write(path, ("point", "replication", "seed", "error"), rows)


def write_point_outcomes(
    path: Path,
    names: Sequence[str],
    points: Iterable[tuple[NDArray[np.int32], NDArray[np.float64]]],
) -> None:
    """Write one row a point and replication, one column an outcome; a group of rows a point.

    ``points`` gives for each point its sound replications' numbers and their outcomes, of
    shape (n, outcomes).
    """
    fields = [pa.field(name, pa.int32(), nullable=False) for name in ("point", "replication")]
    schema = pa.schema([*fields, *map(outcome_field, names)])
    with pq.ParquetWriter(path, schema, **WRITING) as writer:
        for index, (numbers, values) in enumerate(points):
            point = np.full(len(numbers), index, dtype=np.int32)
            arrays = [point, numbers, *np.ascontiguousarray(values.T)]
            writer.write_table(pa.table([pa.array(a) for a in arrays], schema=schema))


def _read_table(path: Path, told: _Own) -> list[dict[str, Cell]]:
    """The rows of table.csv, numbers as numbers; an empty cell is NaN or no text.

    Raises InputError unless they are of each point and outcome of the study.
    """
    rows = in_numbers(read_rows(path, _columns(told.keys), _NUMBERS), _NUMBERS)
    found = {(row["point"], row["outcome"]) for row in rows}
    if found != {(float(k), name) for k in range(len(told.points)) for name in told.outcomes}:
        allowed = f"each of {len(told.points)} points with each of {len(told.outcomes)} outcomes"
        raise InputError([Problem(str(path), "rows", "other points or outcomes", allowed)])
    return rows


def _columns(keys: Sequence[str]) -> tuple[str, ...]:
    return ("point", *keys, "outcome", "unit", *_SPREAD, *_CHANGE, *_CLAIM)


def _spread(at: AtPoint) -> tuple[Cell, ...]:
    change = at.difference
    return (
        *(at.n, at.came_about, at.mean, at.mc_error, *at.quantiles, at.p50_error),
        *(change.mean, change.mc_error, change.p05, change.p95),
    )


def _claim(row: Row) -> tuple[Cell, ...]:
    low, high = (math.nan if math.isinf(e) else e for e in (row.claim_low, row.claim_high))
    return row.claim, row.claimant, low, high, row.verdict


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    path.write_text(csv_text(columns, rows), encoding="utf-8", newline="")
