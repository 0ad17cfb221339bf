"""Validation of the laws: what battles held back say of each, and which law is recommended.

Two schemes. Leaving one war out holds back all its battles: what a law knows of a new one, as a
campaign is; it comes first everywhere. Repeated cross-validation holds back a fold of battles at
random: what a law knows of a war that it has seen. The laws are always fitted on all other battles
of the table; scores are taken over all battles held back, and over those since 1937 alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sandtable.amounts import REPEATS, require
from sandtable.battles.cross_validation import Foretold, Task, check, hold_out, tasks_of, unrecorded
from sandtable.battles.factors import FACTORS
from sandtable.battles.files import write_csv
from sandtable.battles.fit import Sample, dependence_told, sample_of
from sandtable.battles.predictions import LEVELS, Predictions
from sandtable.battles.scoring import Scored
from sandtable.battles.table import load_table
from sandtable.battles.verdicts import (
    RecommendedLaw,
    Score,
    Worth,
    choices,
    scores,
    wars_of,
    worths,
    years_of,
)
from sandtable.errors import InputError, Problem, SandtableError

LEAST_WARS = 3
"""Below which there is no telling how laws fare in another."""


@dataclass(frozen=True)
class Validation:
    """All that a validation found. ``identifiers``: of the battles, in the sample's order."""

    table_digest: str
    rows: int
    identifiers: tuple[str, ...]
    sample: Sample
    foretold: list[Foretold]
    scores: list[Score]
    choices: list[RecommendedLaw]
    worths: list[Worth]
    warnings: tuple[str, ...]

    @property
    def predictions(self) -> list[Predictions]:
        """What figures draw: the first repeat of each, battles with a record only."""
        years, wars = years_of(self.sample), wars_of(self.sample)
        found = []
        for f in self.foretold:
            rows = np.isfinite(f.recorded)
            own = f.recorded[rows], f.points[0][rows], years[rows], wars[rows]
            others = unrecorded(self.sample, f.quantity)
            found.append(Predictions(f.quantity, f.law, f.scheme, *own, others))
        return found


@dataclass(frozen=True)
class Plan:
    """A validation about to be done: a sound table and every fit that it takes."""

    table: Path
    table_digest: str
    rows: int
    identifiers: tuple[str, ...]
    sample: Sample
    tasks: tuple[Task, ...]
    warnings: tuple[str, ...]

    def run(self, jobs: int = 1, on_done: Callable[[], None] = lambda: None) -> Validation:
        """Do all fits on ``jobs`` processes, whose number changes no result, and score them.

        Raises InputError where the battles of a fit are alike in what it goes by.
        """
        with dependence_told(self.table):
            found = hold_out(self.sample, self.tasks, jobs, on_done)
        scored = [Scored(f) for f in found if not f.factor]
        without = [Scored(f) for f in found if f.factor]
        return Validation(
            self.table_digest,
            self.rows,
            self.identifiers,
            self.sample,
            [one.foretold for one in scored],
            list(scores(self.sample, scored)),
            list(choices(self.sample, scored)),
            list(worths(self.sample, scored, without)),
            self.warnings,
        )


def plan(table: Path, repeats: int = 3, folds: int = 10, factors: bool = False) -> Plan:
    """Read the battle table and lay out its validation.

    ``repeats`` of cross-validation in ``folds`` parts; with ``factors`` also the full laws
    without each factor in turn, which takes several times as long. Raises InputError for a table
    with faults or with too few battles or wars, SandtableError for a number out of its range.
    """
    battles = load_table(table)
    sample = sample_of(battles)
    require([REPEATS.fault("repeats", repeats)])
    if not 2 <= folds <= len(sample):
        raise SandtableError(f"folds: found {folds}; allowed: from 2 to {len(sample)}, the battles")
    wars = len(np.unique(wars_of(sample)))
    if wars < LEAST_WARS:
        raise InputError(
            [Problem(str(table), "column war", f"{wars} different", f"at least {LEAST_WARS}")]
        )
    tasks = tasks_of(sample, repeats, folds)
    check(sample, tasks, table)
    without = FACTORS if factors else ()
    tasks += [
        Task(t.scheme, t.repeat, t.held, t.left_out, factor) for factor in without for t in tasks
    ]
    identifiers = tuple(battles.words["cdb90_id"][sample.places].tolist())
    told = battles.warnings
    return Plan(table, battles.digest, len(battles), identifiers, sample, tuple(tasks), told)


def write_scores(validation: Validation, path: Path) -> None:
    """Write every score, a row each. Raises InputError if the file cannot be written."""
    header = ("scheme", "battles", "quantity", "law", "terms", "measure", "value", "error", "n")
    rows = [[getattr(score, name) for name in header] for score in validation.scores]
    write_csv(path, header, rows)


def write_worths(validation: Validation, path: Path) -> None:
    """Write what each factor is worth, a row each; as `write_scores`."""
    header = (
        "scheme", "battles", "quantity", "law", "factor", "measure", "change", "error", "n",
    )  # fmt: skip
    rows = [[getattr(worth, name) for name in header] for worth in validation.worths]
    write_csv(path, header, rows)


def write_predictions(validation: Validation, path: Path) -> None:
    """Write every prediction: a row a battle, scheme, repeat, quantity and law; as above."""
    points = [f"p{100 * level:02.0f}" for level in LEVELS]
    header = ("cdb90_id", "scheme", "repeat", "quantity", "law", "recorded", *points, "probability")
    rows = []
    for f in validation.foretold:
        for repeat, all_points in enumerate(f.points.tolist(), start=1):
            for identifier, recorded, own in zip(
                validation.identifiers, f.recorded.tolist(), all_points, strict=True
            ):
                cells = [*own, np.nan] if len(own) > 1 else [np.nan] * len(LEVELS) + own
                rows.append([identifier, f.scheme, repeat, f.quantity, f.law, recorded, *cells])
    write_csv(path, header, rows)
