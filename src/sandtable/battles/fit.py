"""Fits the laws on the battle table.

Each side's ln casualties, ln km gained, the odds of the winner and the pace of the decision
are regressions with partial pooling (`battles.mixed`) by war, campaign and army. Left out, and
counted: battles before 1914 or undated, battles without a strength, posture or duration, and
those whose result is unknown or has no logarithm (no casualties, no ground).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from sandtable.battles.mixed import Matrix, Vector
from sandtable.battles.regression import design, duration, linear, logistic
from sandtable.battles.sample import (
    circumstances_of,
    days_of,
    recorded_variance,
    scales_of,
)
from sandtable.battles.table import BattleTable
from sandtable.errors import InputError, Problem
from sandtable.laws.attrition import FORMS
from sandtable.laws.circumstances import Circumstances, Scale, features
from sandtable.laws.coefficients import FITS, SIDES
from sandtable.laws.fitted import Fit
from sandtable.laws.outcome import log_ratio, log_total
from sandtable.laws.table_range import UNBOUNDED, Span, TableRange

Mask = npt.NDArray[np.bool_]
Starts = dict[str, Vector]

FITTED_SINCE = 1914
LEAST_BATTLES = 30
LEAST_EACH = 10
"""Battles of each kind that a fit needs: with casualties, won by either side, and so on."""


@dataclass(frozen=True)
class Sample:
    """The battles that the laws can use: circumstances, duration and results, row by row.

    ``days`` at least SHORTEST_DAYS; casualties and ``advance`` NaN where unknown; ``won`` by
    whom, empty where unknown; ``recorded``: variance of the record of ln casualties, by side.
    ``places``: where each battle stands in the table, from 0.
    """

    battles: list[Circumstances]
    days: Vector
    recorded_days: Vector
    casualties: dict[str, Vector]
    recorded: dict[str, Vector]
    advance: Vector
    won: npt.NDArray[np.str_]
    places: npt.NDArray[np.int_]

    def __len__(self) -> int:
        return len(self.battles)

    def rows_of(self, name: str) -> Mask:
        """The battles that one of FITS can use."""
        if name.startswith("attrition"):
            casualties = self.casualties[name.rpartition(".")[2]]
            return np.asarray(casualties > 0.0)
        if name == "advance.fitted":
            return np.asarray(self.advance > 0.0)
        decided = self.won != ""
        return np.asarray(decided & (self.won != "draw") if name == "outcome.odds" else decided)

    def core(self, name: str, within: TableRange = UNBOUNDED) -> tuple[Matrix, Vector]:
        """Values of the core terms of one of FITS, (n, c), and the fixed part of its mean.

        Sizes and ratios are held ``within`` a table's range.
        """
        both = [(b.attacker, b.defender) for b in self.battles]
        if name.startswith("attrition"):
            _, law, side = name.split(".")
            form = FORMS[law]
            pairs = both if side == "attacker" else [(d, a) for a, d in both]
            found = [form.values(*p, t, within) for p, t in zip(pairs, self.days, strict=True)]
            return np.array([core for core, _ in found]), np.array([fixed for _, fixed in found])
        columns = {
            "constant": np.ones(len(self)),
            "ratio": np.array([log_ratio(*pair, within) for pair in both]),
            "total": np.array([log_total(*pair, within) for pair in both]),
            "time": np.log(self.recorded_days),
        }
        return np.column_stack([columns[term] for term in FITS[name].core]), np.zeros(len(self))


def sample_of(table: BattleTable) -> Sample:
    """The battles of a table that the laws can use."""
    battles, numbers = circumstances_of(table), table.numbers
    known = table.years >= FITTED_SINCE
    for name in ("attacker_strength", "defender_strength", "duration_days"):
        known &= numbers[name] > 0.0
    known &= table.words["defender_posture"] != ""
    chosen = np.flatnonzero(known)
    fields = {side: f"{side}_casualties" for side in SIDES}
    return Sample(
        [battles[i] for i in chosen],
        days_of(table)[chosen],
        numbers["duration_days"][chosen],
        {side: numbers[field][chosen] for side, field in fields.items()},
        {side: recorded_variance(table, field)[chosen] for side, field in fields.items()},
        numbers["attacker_advance_km"][chosen],
        table.words["outcome"][chosen],
        chosen,
    )


def require_enough(sample: Sample, samples: Iterable[tuple[str, Mask]], file: Path) -> None:
    """Raise InputError for every named mask of the sample that leaves too little to fit on."""
    allowed = f"at least {LEAST_BATTLES} battles, {LEAST_EACH} of each kind"
    lacking = ((name, "; ".join(sorted(_lacking(sample, rows)))) for name, rows in samples)
    problems = [Problem(str(file), name, found, allowed) for name, found in lacking if found]
    if problems:
        raise InputError(problems)


@contextmanager
def dependence_told(file: Path) -> Iterator[None]:
    """Raise InputError where battles tell a fit nothing, being alike in what it goes by."""
    try:
        yield
    except np.linalg.LinAlgError:
        found = "strengths or durations that are the same throughout"
        allowed = "battles that differ in each side's strength and in duration"
        raise InputError([Problem(str(file), "battles", found, allowed)]) from None


def _lacking(sample: Sample, rows: Mask) -> Iterator[str]:
    if rows.sum() < LEAST_BATTLES:
        yield f"{rows.sum()} since {FITTED_SINCE} with strengths, duration and posture"
    known = np.isfinite(sample.advance)
    kinds = {
        f"with the casualties of the {side}": sample.rows_of(f"attrition.full.{side}")
        for side in SIDES
    }
    kinds |= {f"won by the {side}": sample.won == side for side in SIDES}
    kinds |= {
        "with ground gained": sample.rows_of("advance.fitted"),
        "won by the attacker with a known advance": known & (sample.won == "attacker"),
        "not won by the attacker with a known advance": known & (sample.won != "attacker"),
    }
    for kind, of_kind in kinds.items():
        count = int((of_kind & rows).sum())
        if count < LEAST_EACH:
            yield f"{count} {kind}"


@dataclass(frozen=True)
class Fitted:
    """Fits by name, what the battles reach, the factors' scales, and the shares with them."""

    range: TableRange
    scales: dict[str, Scale]
    fits: dict[str, Fit]
    correlations: dict[str, float]
    decided: float
    shape: float
    stalled: tuple[float, float]


def fit_sample(
    sample: Sample, rows: Mask, names: tuple[str, ...] = tuple(FITS), starts: Starts | None = None
) -> Fitted:
    """Fit the predictors ``names`` on the battles in ``rows``, a mask of shape (n,).

    ``starts`` holds a start of each fit, and is brought up to date.
    """
    # Matrices this small cost far more to share among threads than to work out in one.
    with threadpool_limits(limits=1, user_api="blas"):
        return _fit_sample(sample, rows, names, {} if starts is None else starts)


def _fit_sample(sample: Sample, rows: Mask, names: tuple[str, ...], starts: Starts) -> Fitted:
    scales = scales_of([sample.battles[i] for i in np.flatnonzero(rows)])
    known = np.array([features(battle, scales) for battle in sample.battles])
    fits, residuals, shape = {}, {}, 1.0
    for name in names:
        used = rows & sample.rows_of(name)
        core, fixed = sample.core(name)
        chosen = [sample.battles[i] for i in np.flatnonzero(used)]
        columns = design(FITS[name], core[used], known[used], chosen)
        start = starts.get(name)
        if name == "outcome.odds":
            won = (sample.won[used] == "attacker").astype(np.float64)
            fits[name], starts[name] = logistic(name, columns, won, start)
        elif name == "outcome.pace":
            decided = (sample.won[used] != "draw").astype(np.float64)
            fits[name], shape = duration(name, columns, decided, sample.days[used])
        else:
            y, recorded = _response(sample, name)
            y, residuals[name] = (y - fixed)[used], np.full(len(sample), np.nan)
            fits[name], residuals[name][used], starts[name] = linear(
                name, columns, y, recorded[used], start
            )
    correlations = {
        law: _correlation(*(residuals[f"attrition.{law}.{side}"] for side in SIDES))
        for law in FORMS
        if f"attrition.{law}.attacker" in names
    }
    decided_share, stalled = _shares(sample, rows)
    reached = range_of(sample, rows)
    return Fitted(reached, scales, fits, correlations, decided_share, shape, stalled)


def range_of(sample: Sample, rows: Mask) -> TableRange:
    """Least and greatest days, sizes and ratios of the battles in ``rows``."""
    attacker, defender = (
        np.array([getattr(battle, side) for battle in sample.battles])[rows] for side in SIDES
    )
    columns = (
        sample.days[rows],
        attacker + defender,
        np.concatenate([attacker, defender]),
        attacker / defender,
    )
    return TableRange(*(Span(float(column.min()), float(column.max())) for column in columns))


def _response(sample: Sample, name: str) -> tuple[Vector, Vector]:
    """What a linear predictor is fitted on, NaN where it has no logarithm; record variances."""
    if name == "advance.fitted":
        result, recorded = sample.advance, np.zeros(len(sample))
    else:
        side = name.rpartition(".")[2]
        result, recorded = sample.casualties[side], sample.recorded[side]
    return np.log(np.where(result > 0.0, result, np.nan)), recorded


def _correlation(a: Vector, b: Vector) -> float:
    both = np.isfinite(a) & np.isfinite(b)
    return float(np.corrcoef(a[both], b[both])[0, 1])


def _shares(sample: Sample, rows: Mask) -> tuple[float, tuple[float, float]]:
    """Share decided; shares without ground gained, of battles won by the attacker and others."""
    known = rows & (sample.won != "")
    decided = float((sample.won[known] != "draw").mean())
    known &= np.isfinite(sample.advance)
    won = sample.won == "attacker"
    stalled = (float((sample.advance[known & which] <= 0.0).mean()) for which in (won, ~won))
    return decided, (next(stalled), next(stalled))


def left_out(table: BattleTable, sample: Sample) -> dict[str, int]:
    """Battles that a fit cannot use, and why."""
    early = int((~(table.years >= FITTED_SINCE)).sum())
    return {
        f"before {FITTED_SINCE} or undated": early,
        "without strength, posture or duration": len(table) - early - len(sample),
        "attacker's casualties unknown or none": int((~(sample.casualties["attacker"] > 0)).sum()),
        "defender's casualties unknown or none": int((~(sample.casualties["defender"] > 0)).sum()),
        "no ground gained, or unknown": int((~(sample.advance > 0)).sum()),
        "winner unknown": int((sample.won == "").sum()),
    }
