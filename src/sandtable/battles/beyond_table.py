"""Which battles of a campaign lie outside what the battle table has seen.

The fitted laws are functions of a battle's duration, of the persons of both sides, and of the
force ratio. Outside the range of these in the table a law is an extrapolation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sandtable.battle_columns import UNFINISHED
from sandtable.battles.fit import Sample

Vector = npt.NDArray[np.float64]
QUANTITIES = {"days": "day", "persons": "person", "ratio": "ratio"}
"""What the laws ask of a battle besides its circumstances, with units."""
MIDDLE = (5.0, 95.0)
"""Percentiles between which the middle of the table lies."""


class Reach(NamedTuple):
    """Least and greatest value in the table, and the ends of the middle 90 percent."""

    low: float
    p05: float
    p95: float
    high: float


class Outside(NamedTuple):
    """Shares (0-1) of so many ``battles`` that lie outside the table's range of a quantity.

    ``below`` and ``above`` all of the table, ``beyond_middle`` outside its middle 90 percent.
    """

    quantity: str
    unit: str
    range: Reach
    battles: int
    below: float
    above: float
    beyond_middle: float


def ranges_of(sample: Sample) -> dict[str, Reach]:
    """The ranges of the battles that the laws were fitted on, by quantity.

    The duration counts as the laws take it, half a day at least.
    """
    both = np.array([(battle.attacker, battle.defender) for battle in sample.battles])
    values = {"days": sample.days, "persons": both.sum(axis=1), "ratio": both[:, 0] / both[:, 1]}
    return {name: _range(found) for name, found in values.items()}


def _range(values: Vector) -> Reach:
    low, p05, p95, high = np.percentile(values, [0.0, *MIDDLE, 100.0])
    return Reach(float(low), float(p05), float(p95), float(high))


def arguments_of(battles: Mapping[str, npt.NDArray[Any]]) -> dict[str, Vector]:
    """What the laws were asked in the battles of a run, from the columns of its table.

    Phases are parts of their battle and are left out, as are the days of a battle that the
    campaign's end cut short, and a ratio to nobody.
    """
    whole = battles["place"] == ""
    over = whole & (battles["decision"] != UNFINISHED)
    persons = battles["attacker_committed"] + battles["defender_committed"]
    ratio = battles["ratio"][whole]
    return {
        "days": battles["days"][over],
        "persons": persons[whole],
        "ratio": ratio[~np.isnan(ratio)],
    }


def outside(values: Mapping[str, Vector], ranges: Mapping[str, Reach]) -> list[Outside]:
    """Shares outside the ranges, a row a quantity; NaN of no battle at all."""
    found = []
    for name, unit in QUANTITIES.items():
        own, known = values[name], ranges[name]
        # A mean over no battle would warn.
        count = len(own) or np.nan
        found.append(
            Outside(
                name,
                unit,
                known,
                len(own),
                float(np.sum(own < known.low) / count),
                float(np.sum(own > known.high) / count),
                float(np.sum((own < known.p05) | (own > known.p95)) / count),
            )
        )
    return found
