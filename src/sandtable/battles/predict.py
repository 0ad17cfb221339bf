"""Predictions of battles from what was known before them: no result is read.

The law is `full`, the advance `fitted`. Durations as in the fit: casualties over at least half a
day, ground over the days as recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sandtable.battles.distributions import Forecast
from sandtable.battles.files import write_csv
from sandtable.battles.fit import FITTED_SINCE, Sample
from sandtable.battles.mixed import Matrix
from sandtable.battles.predictions import LEVELS
from sandtable.battles.sample import circumstances_of, days_of
from sandtable.battles.table import BattleTable, load_table
from sandtable.laws.circumstances import Circumstances
from sandtable.laws.coefficients import SIDES, Coefficients, load_coefficients

LAW = "full"
_POINTS = [f"p{100 * level:02.0f}" for level in LEVELS]
COLUMNS = (
    "cdb90_id",
    "law",
    *(f"{side}_casualties_{point}" for side in SIDES for point in _POINTS),
    *(f"advance_km_{point}" for point in _POINTS),
    "p_attacker_wins",
)
"""Columns of a file of predictions: persons, km over the battle, a probability."""

# Without these a battle cannot be predicted.
_NEEDED = ("attacker_strength", "defender_strength", "duration_days")


@dataclass(frozen=True, slots=True)
class PredictSummary:
    """What `predict_to_file` did: rows read, battles predicted, warnings of row and column."""

    out: Path
    table_digest: str
    coefficients_digest: str
    battles: int
    predicted: int
    warnings: tuple[str, ...]


def predict_to_file(table: Path, out: Path, coefficients: Path | None = None) -> PredictSummary:
    """Predict every battle of the battle table ``table``, a row each in its order, as CSV.

    Without ``coefficients``, those that are shipped. Raises InputError for a table or a
    coefficients file with faults, and if ``out`` cannot be written; it is then as before.
    """
    laws = load_coefficients(coefficients)
    battles = load_table(table, results=False)
    cells, warnings = predict(battles, laws)
    rows = zip(battles.words["cdb90_id"].tolist(), cells.tolist(), strict=True)
    write_csv(out, COLUMNS, ([identifier, LAW, *row] for identifier, row in rows))
    predicted = int(np.isfinite(cells[:, -1]).sum())
    told = (*battles.warnings, *warnings)
    return PredictSummary(out, battles.digest, laws.digest, len(battles), predicted, told)


def predict(table: BattleTable, laws: Coefficients) -> tuple[Matrix, list[str]]:
    """Return the numbers of COLUMNS, a row a battle, and warnings, a line each.

    A battle without strength or duration has NaN throughout. The table needs no results.
    """
    known = np.ones(len(table), dtype=np.bool_)
    for name in _NEEDED:
        known &= table.numbers[name] > 0.0
    rows, warnings = np.flatnonzero(known), list(_warnings(table, laws))
    battles = circumstances_of(table)
    nothing = np.full(len(rows), np.nan)
    sample = Sample(
        [_as_known(battles[i], laws) for i in rows],
        days_of(table)[rows],
        table.numbers["duration_days"][rows],
        dict.fromkeys(SIDES, nothing),
        dict.fromkeys(SIDES, nothing),
        nothing,
        np.full(len(rows), ""),
        rows,
    )
    cells = np.full((len(table), len(COLUMNS) - 2), np.nan)
    if len(rows):
        cells[rows] = _numbers(Forecast(laws, sample))
    return cells, warnings


def _numbers(forecast: Forecast) -> Matrix:
    strengths = {
        side: np.array([getattr(battle, side) for battle in forecast.sample.battles])
        for side in SIDES
    }
    return np.column_stack(
        [
            *(forecast.casualties(LAW, side).quantiles(strengths[side]) for side in SIDES),
            forecast.advance.quantiles_with_nothing(forecast.no_ground),
            forecast.attacker_wins,
        ]
    )


def _as_known(battle: Circumstances, laws: Coefficients) -> Circumstances:
    """The battle with what the laws take in place of an unknown posture or year."""
    posture = battle.posture or "hasty"
    if not np.isnan(battle.year):
        return replace(battle, posture=posture)
    # The mean year weighs nothing; of which era its armies were cannot be told.
    year = laws.scales["year"].centre
    return replace(battle, posture=posture, year=year, attacker_nation="", defender_nation="")


def _warnings(table: BattleTable, laws: Coefficients) -> Iterator[str]:
    first, last = (f"{year:.0f}" for year in laws.scales["year"][2:])
    for i, identifier in enumerate(table.words["cdb90_id"].tolist()):
        where = f"{table.path}: row {table.rows[i]} (battle {identifier}), column"
        missing = [name for name in _NEEDED if not table.numbers[name][i] > 0.0]
        for name in missing:
            yield f"{where} {name}: unknown or 0; the battle is not predicted"
        if missing:
            continue
        if not table.words["defender_posture"][i]:
            yield f"{where} defender_posture: unknown; counts as hasty"
        year = table.years[i]
        if np.isnan(year):
            yield f"{where} start: unknown; counts as the mean year, both armies as unknown"
        elif year < FITTED_SINCE:
            yield f"{where} start: {year:.0f}; the laws hold for {first} to {last}"
