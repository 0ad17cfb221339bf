"""A run's scores as files: score.csv with a row an outcome, score.json with what they come to."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sandtable.comparison.bounds import Bounds
from sandtable.comparison.outcome_scores import BASELINES, INTERVALS, Score, Status
from sandtable.comparison.pooled import together
from sandtable.comparison.scores import PIT_BINS
from sandtable.comparison.skill import Skill
from sandtable.comparison.summary import KindScore, Scores
from sandtable.comparison.table import (
    MAX_BYTES,
    YES_OR_NOTHING,
    number_text,
    read_cells,
    yes_or_nothing,
)
from sandtable.errors import InputError, Problem
from sandtable.files import read_json
from sandtable.outcomes import ScoreKind
from sandtable.plain_text import csv_text

SCORE = "score.csv"
SCORE_SUMMARY = "score.json"
TOGETHER = "all"
SCORE_COLUMNS = tuple(field.name for field in fields(Score))

_READ: dict[str, Callable[[str], Any]] = {
    "outcome": str,
    "kind": ScoreKind,
    "cluster": str,
    "unit": str,
    "claims": int,
    "disputed": yes_or_nothing,
    "status": Status,
}


def score_csv(scores: Scores) -> str:
    """Return score.csv as text, numbers written as in comparison.csv."""
    cells = (
        [_cell(getattr(score, column)) for column in SCORE_COLUMNS] for score in scores.outcomes
    )
    return csv_text(SCORE_COLUMNS, cells)


def summary_fields(scores: Scores) -> dict[str, Any]:
    """Return what a run's scores come to, for JSON: six digits, None for what cannot be said."""
    told = {
        "outcomes": {str(status): scores.count(status) for status in Status},
        "effective": scores.effective,
        "baselines": list(scores.baselines),
        "kinds": [asdict(kind) for kind in scores.kinds],
        "bounds": asdict(scores.bounds),
        "misses": [score.outcome for score in scores.misses],
        "disputed": [score.outcome for score in scores.disputes],
    }
    return {key: _rounded(value) for key, value in told.items()}


def write_scores(folder: Path, scores: Scores) -> None:
    """Write score.csv and score.json; existing files are replaced."""
    (folder / SCORE).write_text(score_csv(scores), encoding="utf-8", newline="\n")
    text = json.dumps(summary_fields(scores), indent=2, allow_nan=False) + "\n"
    (folder / SCORE_SUMMARY).write_text(text, encoding="utf-8", newline="\n")


def campaigns_csv(campaigns: Mapping[str, Scores]) -> str:
    """Return what runs of several campaigns, by name, come to as a table: a row a kind of each.

    The first rows are of all together. ``pit_1`` to ``pit_10`` are the histogram's shares.
    """
    rows = [
        (name, kind.kind, str(kind.outcomes), *map(number_text, _figures(kind)))
        for name, scores in [(TOGETHER, together(campaigns)), *campaigns.items()]
        for kind in scores.kinds
    ]
    skills = [f"{name}{end}" for name in BASELINES for end in ("", "_low", "_high")]
    shares = [f"{what}_{percent}" for what in ("covered", "nominal") for percent in INTERVALS]
    pit = [f"pit_{number + 1}" for number in range(PIT_BINS)]
    return csv_text(("campaign", "kind", "outcomes", "score", *skills, *shares, *pit), rows)


def _figures(kind: KindScore) -> list[float]:
    skills = [kind.skill[name] for name in BASELINES]
    shares = [
        getattr(kind, f"{what}_{percent}")
        for what in ("covered", "nominal")
        for percent in INTERVALS
    ]
    return [
        kind.score,
        *(value for skill in skills for value in (skill.skill, skill.low, skill.high)),
        *shares,
        *(kind.pit or [math.nan] * PIT_BINS),
    ]


def read_scores(folder: Path) -> Scores:
    """Return what ``write_scores`` wrote, to its digits. Raises InputError with every fault."""
    outcomes = _read_outcomes(folder / SCORE)
    path = folder / SCORE_SUMMARY
    told = read_json(path, MAX_BYTES, "the scores of a finished run")
    try:
        return Scores(
            outcomes=outcomes,
            kinds=tuple(_kind(kind) for kind in told["kinds"]),
            effective=_number(told["effective"]),
            bounds=Bounds(**_numbers(told["bounds"])),
            baselines=tuple(told["baselines"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found = f"no summary of scores ({error})"
    raise InputError([Problem(str(path), "file", found, "the summary of a finished run's scores")])


def _read_outcomes(path: Path) -> tuple[Score, ...]:
    scores, problems = [], []
    for number, cells in enumerate(read_cells(path, SCORE_COLUMNS), start=2):
        values: dict[str, Any] = {}
        for column, text in cells.items():
            try:
                values[column] = _READ.get(column, _float)(text)
            except ValueError:
                place, allowed = f"line {number}: {column}", _allowed(column)
                problems.append(Problem(str(path), place, text, allowed))
        if len(values) == len(SCORE_COLUMNS):
            scores.append(Score(**values))
    if problems:
        raise InputError(problems)
    return tuple(scores)


def _allowed(column: str) -> str:
    words = {
        "kind": [*ScoreKind], "status": [*Status], "disputed": ["yes", "nothing"],
        "claims": ["a whole number"],
    }  # fmt: skip
    return " or ".join(words.get(column, ["a number", "nothing"]))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return YES_OR_NOTHING[value]
    return number_text(value) if isinstance(value, float) else str(value)


def _float(text: str) -> float:
    return float(text) if text else math.nan


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _kind(told: Mapping[str, Any]) -> KindScore:
    values = {
        **_numbers({key: value for key, value in told.items() if key not in ("skill", "pit")}),
        "skill": {name: Skill(**_numbers(item)) for name, item in told["skill"].items()},
        "energy_skill": _numbers(told["energy_skill"]),
        "pit": tuple(told["pit"]),
    }
    return KindScore(**values)


def _numbers(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _number(value) for key, value in told.items()}


def _number(value: Any) -> Any:
    return math.nan if value is None else value
