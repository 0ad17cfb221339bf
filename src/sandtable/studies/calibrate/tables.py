"""The files of a calibration: its tables, its answer, and what it leaves for a later run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from annotated_types import MinLen

from sandtable.errors import InputError, Problem
from sandtable.files import read_json
from sandtable.plain_text import csv_text
from sandtable.representation import Represented
from sandtable.runs.fitted import fitted_because
from sandtable.runs.manifest_fields import kept_as
from sandtable.runs.partial import PartialFolder
from sandtable.runs.results import MOST_TEXT
from sandtable.studies.calibrate.calibrated_keys import Key
from sandtable.studies.calibrate.findings import CalibrationFindings, Floats
from sandtable.studies.calibrate.method import Wave
from sandtable.studies.finished import read_manifest_of, read_text

OVERLAY = "overlay.toml"
ANSWER = "answer.txt"
RESULT = "calibration.json"
TABLES = ("waves.csv", "ranges.csv", "implausibility.csv", "points.csv", "outcomes.csv")
_NOT_VALUES = ("key", "unit")
_Value = float | str | None


@dataclass(frozen=True, slots=True, repr=False)
class CalibrationResult(Represented):
    """A finished calibration: its folder, its answer in words, and its first tables, row by row.

    ``tables`` is the content of ``calibration.json``.
    """

    path: Path
    answer: str
    tables: dict[str, Any]

    @classmethod
    def of(cls, path: Path) -> CalibrationResult:
        """Read the folder of a finished calibration. Raises InputError if it is none."""
        read_manifest_of(path, "calibrate")
        return cls(path, read_text(path / ANSWER), _read_result(path / RESULT))

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        left = self.tables["waves"][-1]["share_left"]
        return {"keys": len(self.tables["ranges"]), "share left": left, "folder": self.path}


@dataclass(frozen=True, slots=True)
class _Wave:
    wave: int
    points: int
    share_left: float
    mc_error: float


@dataclass(frozen=True, slots=True)
class _Range:
    """Of a key; moments are texts."""

    key: str
    unit: str
    prior_low: _Value
    prior_high: _Value
    left_low: _Value
    left_high: _Value
    p05: _Value
    p50: _Value
    p95: _Value
    best: _Value


@dataclass(frozen=True, slots=True)
class _Claim:
    claim: str
    outcome: str
    claimant: str
    claim_low: float | None
    claim_high: float | None
    unit: str
    best_mean: float | None
    emulator_sd: float | None
    chance_sd: float | None
    claim_sd: float | None
    discrepancy: float | None
    implausibility: float | None
    ruled_out_alone: float | None
    well_predicted: float | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What calibration.json holds."""

    reached: bool
    fitted_to: list[str]
    waves: Annotated[list[_Wave], MinLen(1)]
    ranges: list[_Range]
    implausibility: list[_Claim]


def _read_result(path: Path) -> dict[str, Any]:
    wanted = "what a calibration came to"
    held = read_json(path, MOST_TEXT, wanted)
    if not isinstance(held, dict):
        raise InputError([Problem(str(path), "file", type(held).__name__, wanted)])
    return asdict(kept_as(_Told, held, path, ""))


def write_calibration(folder: PartialFolder, found: CalibrationFindings, answer: str) -> None:
    """Write tables, answer and, if anything is left, the overlay."""
    points = np.concatenate(found.match.designs)
    numbers = [n for n, design in enumerate(found.match.designs, 1) for _ in design]
    values, worst = found.values(points), _worst(found.match.waves, points)
    ranges = [_written(row, key) for row, key in zip(found.ranges, found.keys, strict=True)]
    rows: dict[str, list[dict[str, Any]]] = {
        "waves.csv": found.shares,
        "ranges.csv": ranges,
        "implausibility.csv": found.by_claim,
        "points.csv": [
            {
                "point": p,
                "wave": numbers[p],
                **{key.path: key.cell(values[p, k]) for k, key in enumerate(found.keys)},
                "implausibility": worst[p],
            }
            for p in range(len(points))
        ],
        "outcomes.csv": [
            {"point": p, "outcome": name, "n": int(row[0]), "mean": row[1], "sd": row[2]}
            for name, table in found.match.sampled.items()
            for p, row in enumerate(table)
        ],
    }
    for name in TABLES:
        folder.write_file(
            name, csv_text(list(rows[name][0]), ([*row.values()] for row in rows[name]))
        )
    folder.write_file(ANSWER, answer)
    result = {
        "reached": found.reached,
        "fitted_to": found.fitted,
        "waves": found.shares,
        "ranges": ranges,
        "implausibility": found.by_claim,
    }
    folder.write_file(RESULT, json.dumps(_finite(result), indent=2, ensure_ascii=False) + "\n")
    if found.reached:
        folder.write_file(OVERLAY, overlay_text(found))


def overlay_text(found: CalibrationFindings) -> str:
    """Return the file for ``--set-file``: each key with the range left, and why."""
    because = json.dumps(fitted_because(found.fitted), ensure_ascii=False)
    lines = [
        f"# {found.title}: ranges that the claims below do not rule out.",
        "# They were found by fitting to the record: a run with them is no test of the model.",
        f"# Of the box that they span {found.box_share:.0%} is not ruled out itself.",
    ]
    for row, key in zip(found.ranges, found.keys, strict=True):
        ends = f"[{key.text(row['left_low'])}, {key.text(row['left_high'])}]"
        lines.append(f'"{key.path}" = {{assumed = {ends}, because = {because}}}')
    return "\n".join(lines) + "\n"


def _worst(waves: Sequence[Wave], points: Floats) -> Floats:
    """The largest of the waves' verdicts on each point."""
    verdicts: Floats = np.max([wave.worst(wave.by_target(points)) for wave in waves], axis=0)
    return verdicts


def _written(row: dict[str, Any], key: Key) -> dict[str, Any]:
    """A row of the ranges as it stands in the tables."""
    return {name: value if name in _NOT_VALUES else key.cell(value) for name, value in row.items()}


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
