"""What `operations validate` prints: scores by group, the engine's skill, and each operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from sandtable.cli.output import figure, figures, print_table, print_wrapped
from sandtable.operations.forecast import ENGINE
from sandtable.operations.play import QUANTITIES
from sandtable.operations.scores import MEASURES, recorded_range
from sandtable.operations.validate import ALL, METHODS, OperationsValidation, Score

CALLED = {
    "attacker_losses": "attacker's losses",
    "defender_losses": "defender's losses",
    "depth_km": "depth",
}
"""What the quantities are called in tables and figures."""
_HEADINGS = ["rms error>", "mean error>", "inside 50>", "inside 80>", "inside 90>", "CRPS>"]
_NOTES = (
    "Errors and CRPS are of natural logarithms; mean error is that of ln(recorded / median).",
    "± one standard error, leaving out a war at a time.",
    "Losses that count the sick stand for any figure from 0.75 of the record to all of it; scores "
    "are means over that range.",
    "skill: 1 - CRPS of the campaign engine / CRPS of the method; below 0 the method is ahead.",
)


def print_validation(found: OperationsValidation) -> None:
    """Print each operation, then every score by group."""
    _print_operations(found)
    for group in found.groups:
        own = [score for score in found.scores if score.group == group]
        rows = list(_rows(own))
        headings = ["quantity", "method", *_HEADINGS, "engine's skill>", "operations>"]
        print_table(f"Operations: {group}", headings, rows)
    for note in _NOTES:
        print_wrapped(note)
    for line in as_lines(found):
        print_wrapped(line)


def _rows(scores: Sequence[Score]) -> Iterator[list[str]]:
    for name in QUANTITIES:
        for method in METHODS:
            own = {s.measure: s for s in scores if (s.quantity, s.method) == (name, method)}
            if own:
                cells = [_cell(own[measure]) for measure in MEASURES]
                skill = own.get("engine's skill")
                n = own["rms"].n
                yield [CALLED[name], method, *cells, _cell(skill) if skill else "", str(n)]


def _cell(score: Score) -> str:
    error = "" if isnan(score.error) else f" ± {score.error:.2f}"
    return f"{score.value:.2f}{error}"


def _print_operations(found: OperationsValidation) -> None:
    counted = found.groups[ALL]
    rows = []
    for i, operation in enumerate(found.operations):
        cells = [operation.name, "" if counted[i] else "not counted"]
        for name in QUANTITIES:
            judged = found.judged[ENGINE, name]
            low, middle, high = np.exp(judged.quantiles([0.05, 0.5, 0.95])[i])
            ends = recorded_range(found.records[i], name)
            recorded = "" if isnan(ends[0]) else figures(*ends)
            cells += [recorded, f"{figure(middle)} ({figures(float(low), float(high))})"]
        rows.append(cells)
    headings = ["operation", ""]
    for name in QUANTITIES:
        headings += [f"{CALLED[name]}: recorded>", "median (5 to 95 percent)>"]
    title = "Recorded, and played by the campaign engine: losses in persons, depth in km"
    print_table(title, headings, rows)


def as_lines(found: OperationsValidation) -> Iterator[str]:
    """The engine's error in each quantity over all operations that count, a line each."""
    for score in found.scores:
        if (score.group, score.method, score.measure) == (ALL, ENGINE, "rms"):
            yield f"rms error of ln {CALLED[score.quantity]}, {ENGINE}: {_cell(score)}"


def to_json(found: OperationsValidation, written: Sequence[Path]) -> dict[str, Any]:
    """Everything but the ensembles, for JSON."""
    return {
        "table_digest": found.table.digest,
        "operations": [
            asdict(o) | {"war": w}
            for o, w in zip(found.operations, found.wars.tolist(), strict=True)
        ],
        "replications": found.replications,
        "seed": found.seed,
        "warnings": found.warnings,
        "groups": {name: int(rows.sum()) for name, rows in found.groups.items()},
        "scores": [asdict(score) for score in found.scores],
        "written": written,
    }
