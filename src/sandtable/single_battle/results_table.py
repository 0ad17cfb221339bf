"""A combat results table: one battle at several odds, cut into the rows of a die.

The draws at each odds are set in order from the worst for the attacker to the best: by result,
and within a result by the casualties of the defender over the attacker's, each a share of his
men. A row of the die takes as large a part of them as it has chance, and its cell holds their
means. The mean over the die is then that of all draws; what the draws of a cell differ by among
themselves the table doesn't tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import fsum

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import InputError, Problem
from sandtable.laws.coefficients import SIDES
from sandtable.single_battle.case import BattleCase
from sandtable.single_battle.dice import Die
from sandtable.single_battle.forecast import BattleForecast, forecast
from sandtable.single_battle.stage import BROKE, RESULTS

Vector = NDArray[np.float64]
ODDS = ("1:2", "1:1", "3:2", "2:1", "3:1", "4:1", "6:1")
_MOST_COLUMNS = 10
_MOST_ODDS = 100
"""Beyond them next to nobody is left of one side, and no law was fitted on the like."""
CODES = dict(zip(RESULTS, ("AR", "ST", "DB"), strict=True))
"""How a cell writes each result: attacker repulsed, stalemate, defender breaks."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a roll gives: means over its part of the draws.

    ``result`` is that of most of them and ``share`` how many have it (0-1); losses in percent of
    the side's first strength, ``ground`` in km.
    """

    result: str
    share: float
    attacker_loss: float
    defender_loss: float
    ground: float

    @property
    def code(self) -> str:
        """As it is printed: result, losses of attacker/defender in percent, km gained."""
        losses = f"{short(self.attacker_loss)}/{short(self.defender_loss)}"
        return f"{CODES[self.result]} {losses} {short(self.ground)}"


@dataclass(frozen=True, slots=True)
class Column:
    """One odds: a cell a row of the die, and what the law itself says.

    ``breaks``: chance that the defender breaks, with its standard error; ``means``: losses of
    both in percent and km, each with its standard error.
    """

    odds: str
    cells: tuple[Cell, ...]
    breaks: tuple[float, float]
    means: tuple[tuple[float, float], ...]

    def breaks_by_die(self, die: Die) -> float:
        """Chance of the rows in which the defender breaks."""
        pairs = zip(self.cells, die.chances, strict=True)
        return fsum(chance for cell, chance in pairs if cell.result == BROKE)


@dataclass(frozen=True)
class CombatResultsTable:
    """A column for each odds, a row for each roll of the ``die``.

    ``case`` has the defender, which is the base, and the attacker's make-up; ``replications``
    were drawn a column.
    """

    case: BattleCase
    die: Die
    columns: tuple[Column, ...]
    replications: int
    seed: int


def odds_named(names: Sequence[str]) -> dict[str, float]:
    """Odds as numbers by their names, such as ``3:2``, in rising order.

    Raises InputError for what is no odds.
    """
    found: dict[str, float] = {}
    for name in names:
        numbers = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", name.strip())
        both = [float(number) for number in numbers.groups()] if numbers else [0.0]
        if min(both) <= 0.0 or max(both) > _MOST_ODDS * min(both):
            allowed = f"A:B, such as 3:2, from 1:{_MOST_ODDS} to {_MOST_ODDS}:1"
            raise InputError([Problem("--odds", "odds", repr(name), allowed)])
        found[name.strip()] = both[0] / both[1]
    if len(found) > _MOST_COLUMNS:
        allowed = f"at most {_MOST_COLUMNS}, as a page has room for"
        raise InputError([Problem("--odds", "odds", f"{len(found)} of them", allowed)])
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def results_table(
    case: BattleCase, odds: Sequence[str], die: Die, replications: int, seed: int, jobs: int = 1,
    on_done: Callable[[], None] = lambda: None,
) -> CombatResultsTable:  # fmt: skip
    """Play the case at each odds and cut what comes of it into rows; the rest as of `forecast`."""
    named = odds_named(odds)
    cases = [replace(case, odds=value) for value in named.values()]
    found = forecast(cases, replications, seed, jobs, on_done)
    columns = tuple(column_of(name, one, die) for name, one in zip(named, found, strict=True))
    return CombatResultsTable(case, die, columns, replications, seed)


def column_of(odds: str, found: BattleForecast, die: Die) -> Column:
    """Cut the draws at one odds into the rows of a die."""
    losses = [100.0 * found.lost[side] / found.men[side] for side in SIDES]
    told = [*losses, found.ground]
    order = np.lexsort((np.log((losses[1] + 1e-9) / (losses[0] + 1e-9)), found.result))
    edges = np.array([0.0, *accumulate(die.chances)])
    edges[-1] = 1.0
    means = [_strata(values[order], edges) for values in told]
    shares = np.array([_strata((found.result[order] == i) * 1.0, edges)
                       for i in range(len(RESULTS))])  # fmt: skip
    cells = tuple(
        Cell(RESULTS[int(shares[:, row].argmax())], float(shares[:, row].max()),
             *(float(values[row]) for values in means))
        for row in range(len(die.rows))
    )  # fmt: skip
    errors = [float(values.std(ddof=1)) / len(found) ** 0.5 for values in told]
    own = tuple((float(v.mean()), error) for v, error in zip(told, errors, strict=True))
    return Column(odds, cells, found.chance(BROKE), own)


def _strata(ordered: Vector, edges: Vector) -> Vector:
    """Means of consecutive parts of ordered values; a value on an edge counts in part."""
    n = len(ordered)
    sums = np.interp(edges * n, np.arange(n + 1), np.concatenate([[0.0], np.cumsum(ordered)]))
    return np.asarray(np.diff(sums) / (np.diff(edges) * n))


def short(x: float) -> str:
    """A number of a cell: one decimal below 10, else whole."""
    return f"{x:.1f}" if round(x, 1) < 10.0 else f"{x:.0f}"
