"""What a contradiction between sources does to outcomes: its low end against its high end.

All replications are run twice, with the disputed input at either end and all other draws alike,
so that the difference is paired.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sandtable.battles.files import write_csv
from sandtable.ensemble import Settings
from sandtable.ensemble.paired import Difference, paired_difference
from sandtable.ensemble.replications import columns, payload_of, work_of
from sandtable.ensemble.shifts import judge_shifts
from sandtable.errors import InputError, Problem, SandtableError
from sandtable.studies.disputes.sources import fact_disputes
from sandtable.studies.sensitivity.uncertain_inputs import InputPart, run_inputs

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

COLUMNS = (
    "scenario", "input", "replications", "outcomes", "outcome", "at_low", "at_high",
    "difference", "error", "share_low", "share_high",
)  # fmt: skip
"""Columns of the table of effects.

A row an input without ``outcome``, which says how many headline ``outcomes`` were looked at, and a
row each outcome that moves beyond chance: means at either end of the input over the paired
replications in which it came about, their difference with its standard error, and the shares
(0-1) of replications in which it came about.
"""
# An input is drawn from numbers below 1.
_HIGHEST = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Effect:
    """An outcome that moves beyond chance from the low end of an input to the high end."""

    outcome: str
    at_low: float
    at_high: float
    difference: float
    error: float
    share_low: float
    share_high: float


@dataclass(frozen=True, slots=True)
class InputEffects:
    """What one input does; ``outcomes``: how many headline outcomes were looked at."""

    scenario: str
    input: str
    replications: int
    outcomes: int
    moved: tuple[Effect, ...]


def find_effects(
    scenario: Scenario, settings: Settings, on_part: Callable[[InputPart], None] = lambda part: None
) -> list[InputEffects]:
    """Run a scenario with each contradictory input that it draws at its low and its high end.

    Raises SandtableError if a replication fails.
    """
    names = list(dict.fromkeys(u.input for d in fact_disputes(scenario) for u in d.uses if u.input))
    outcomes = columns(scenario)[0]
    headline = scenario.sampler.central().headline(outcomes)
    wanted = [outcomes.index(name) for name in headline]
    work, n = work_of(payload_of(scenario, settings)), settings.replications
    base = np.hstack([np.array(rows) for rows in work.inputs(0, n)])
    ends = []
    for name in names:
        for end in (0.0, _HIGHEST):
            rows = base.copy()
            rows[:, scenario.sampler.uncertain.index(name)] = end
            ends.append(rows)
    if not ends:
        return []
    found: dict[int, InputPart] = {}

    def keep(part: InputPart) -> None:
        found[part.first] = part
        on_part(part)

    replications = np.tile(np.arange(n, dtype=np.int64), len(ends))
    run_inputs(scenario, settings, np.vstack(ends), replications, wanted=wanted, on_part=keep)
    failures = [failure for part in found.values() for failure in part.failures]
    if failures:
        raise SandtableError(f"{scenario.name}: a replication failed: {failures[0].error}")
    values = np.vstack([found[first].outcomes for first in sorted(found)])
    by_end = values.reshape(len(names), 2, n, len(headline))
    return [
        InputEffects(scenario.name, name, n, len(headline), _moved(headline, *by_end[i]))
        for i, name in enumerate(names)
    ]


def _moved(
    names: Sequence[str], low: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    high: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> tuple[Effect, ...]:  # fmt: skip
    told = [paired_difference(name, low[:, k], high[:, k]) for k, name in enumerate(names)]
    return tuple(_effect(shift.difference) for shift in judge_shifts(told) if shift.shifted)


def _effect(found: Difference) -> Effect:
    return Effect(found.outcome, found.first, found.second, found.mean, found.mc_error,
                  found.share_first, found.share_second)  # fmt: skip


def write_effects(found: Sequence[InputEffects], path: Path) -> None:
    """Write the table of effects. Raises InputError if the file cannot be written."""
    rows: list[list[object]] = []
    for one in found:
        head = [one.scenario, one.input, one.replications, one.outcomes]
        rows.append([*head, *[""] * (len(COLUMNS) - len(head))])
        rows += [
            [*head, e.outcome, e.at_low, e.at_high, e.difference, e.error, e.share_low,
             e.share_high]
            for e in one.moved
        ]  # fmt: skip
    write_csv(path, COLUMNS, rows)


def read_effects(path: Path) -> Mapping[tuple[str, str], InputEffects]:
    """Read the table of effects, by scenario and input. Raises InputError if it can't be read."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(path), "file", found, "a table of effects")]) from None
    heads = {(r["scenario"], r["input"]): r for r in rows if not r["outcome"]}
    return {
        key: InputEffects(*key, int(head["replications"]), int(head["outcomes"]), tuple(
            Effect(r["outcome"], *(float(r[name] or "nan") for name in COLUMNS[5:]))
            for r in rows if r["outcome"] and (r["scenario"], r["input"]) == key
        ))
        for key, head in heads.items()
    }  # fmt: skip
