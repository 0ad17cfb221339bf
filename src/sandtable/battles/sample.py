"""The battle table as the laws see it: circumstances known beforehand, and results apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandtable.battles.table import BattleTable
from sandtable.laws.attrition import SHORTEST_DAYS
from sandtable.laws.circumstances import NUMBERS, Circumstances, Scale

Vector = npt.NDArray[np.float64]
# The source's bounds are read as the central 90 percent of a lognormal error.
_NORMAL_WIDTH = 2 * 1.6448536269514722


def circumstances_of(table: BattleTable) -> list[Circumstances]:
    """What was known of each battle before it began; no result column is read."""
    numbers, words = table.numbers, table.words

    def number(name: str, row: int) -> float | None:
        value = float(numbers[name][row])
        return None if np.isnan(value) else value

    def word(name: str, row: int) -> str | None:
        return str(words[name][row]) or None

    wetness = {"wet": 1.0, "dry": 0.0}
    return [
        Circumstances(
            attacker=float(numbers["attacker_strength"][row]),
            defender=float(numbers["defender_strength"][row]),
            posture=str(words["defender_posture"][row]),
            year=float(table.years[row]),
            terrain=word("terrain", row),
            cover=word("cover", row),
            wet=wetness.get(str(words["weather"][row])),
            attacker_tanks=number("attacker_tanks", row),
            defender_tanks=number("defender_tanks", row),
            attacker_guns=number("attacker_guns", row),
            defender_guns=number("defender_guns", row),
            air=number("attacker_air_superiority_advantage", row),
            surprise=number("attacker_surprise_advantage", row),
            front_km=number("attacker_front_km", row),
            attacker_nation=str(words["attacker_actor"][row]),
            defender_nation=str(words["defender_actor"][row]),
            war=str(words["war"][row]),
            campaign=str(words["campaign"][row]),
        )
        for row in range(len(table))
    ]


def days_of(table: BattleTable) -> Vector:
    """Duration of each battle in days, at least SHORTEST_DAYS; NaN where unknown."""
    return np.maximum(table.numbers["duration_days"], SHORTEST_DAYS)


def recorded_variance(table: BattleTable, field: str) -> Vector:
    """Variance of the logarithm of a recorded number, from the source's own error bounds.

    Battles without bounds get the mean of the others.
    """
    low, high = (table.numbers[f"{field}_error_{end}_pct"] for end in ("low", "high"))
    with np.errstate(divide="ignore"):
        width = np.log1p(high / 100.0) - np.log1p(low / 100.0)
    variance = (width / _NORMAL_WIDTH) ** 2
    known = np.isfinite(variance)
    return np.where(known, variance, variance[known].mean() if known.any() else 0.0)


def scales_of(battles: list[Circumstances]) -> dict[str, Scale]:
    """Mean, spread and range of every factor that is a number, over the battles that know it."""
    scales = {}
    columns = zip(*(battle.numbers() for battle in battles), strict=True)
    for name, column in zip(NUMBERS, columns, strict=True):
        known = np.array([x for x in column if x is not None])
        if known.size == 0:
            known = np.zeros(1)
        spread = float(known.std()) or 1.0
        scales[name] = Scale(float(known.mean()), spread, float(known.min()), float(known.max()))
    return scales


@dataclass(frozen=True, slots=True)
class BattleResults:
    """What came of each battle; NaN where unknown. ``advance`` in km, ``won`` by whom."""

    attacker_casualties: Vector
    defender_casualties: Vector
    advance: Vector
    won: npt.NDArray[np.str_]


def results_of(table: BattleTable) -> BattleResults:
    """The recorded results of the table."""
    numbers = table.numbers
    return BattleResults(
        numbers["attacker_casualties"],
        numbers["defender_casualties"],
        numbers["attacker_advance_km"],
        table.words["outcome"],
    )
