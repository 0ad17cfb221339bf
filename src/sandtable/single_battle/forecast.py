"""The distribution of one battle: many draws of its forces, of the laws and of chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sandtable.amounts import DRAWS, JOBS, SEED, require
from sandtable.battles.campaigns import ATTACKER, DEFENDER
from sandtable.comparison.verdicts import median_error
from sandtable.ensemble.replications import garbage_collected_after
from sandtable.laws.coefficients import SIDES
from sandtable.laws.sampler import Laws, LawSampler
from sandtable.processes import each
from sandtable.single_battle.case import BattleCase
from sandtable.single_battle.stage import RESULTS, Fought, fight
from sandtable.streams import Streams

Vector = NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
REPLICATIONS = 1000
_PART = 250
NAME = "battle"
"""Under this name all battles draw, so that two of them are paired."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity of the battle: quantiles at LEVELS, and the Monte Carlo error of the median."""

    name: str
    unit: str
    quantiles: tuple[float, ...]
    error: float

    @property
    def median(self) -> float:
        """Half of the draws lie below it."""
        return self.quantiles[2]


@dataclass(frozen=True)
class BattleForecast:
    """What a battle comes to in n draws; each quantity is an array of shape (n,).

    ``result``: place in RESULTS. By side (``attacker``, ``defender``): ``men`` at first, ``lost``,
    ``killed``, ``missing`` (persons), ``tanks`` out of action; NaN where not known. ``days`` in
    contact, ``ground`` in km. The draws of two battles with one seed are paired.
    """

    case: BattleCase
    seed: int
    result: NDArray[np.int_]
    men: dict[str, Vector]
    lost: dict[str, Vector]
    killed: dict[str, Vector]
    missing: dict[str, Vector]
    tanks: dict[str, Vector]
    days: Vector
    ground: Vector

    def __len__(self) -> int:
        """Number of draws."""
        return len(self.result)

    def chance(self, result: str) -> tuple[float, float]:
        """Share of the draws that end so (one of RESULTS), and its standard error."""
        n = len(self)
        count = int(np.count_nonzero(self.result == RESULTS.index(result)))
        # Not 0 where all draws agree: as if half a draw had gone the other way.
        p = (count + 0.5) / (n + 1)
        return count / n, sqrt(p * (1.0 - p) / n)

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """All quantities that are known, in the order in which they are told."""
        return tuple(_estimate(name, unit, values) for name, unit, values in self._quantities()
                     if not np.isnan(values).any())  # fmt: skip

    def _quantities(self) -> Iterator[tuple[str, str, Vector]]:
        for side in SIDES:
            lost, killed, missing = self.lost[side], self.killed[side], self.missing[side]
            yield f"{side}'s casualties", "men", lost
            yield f"{side}'s killed", "men", killed
            yield f"{side}'s wounded", "men", lost - killed - missing
            yield f"{side}'s missing, captured", "men", missing
            yield f"{side}'s casualties, share", "%", 100.0 * lost / self.men[side]
            tanks = self.tanks[side]
            yield f"{side}'s tanks out of action", "tanks", tanks if tanks.any() else tanks * np.nan
        yield "days", "days", self.days
        yield "ground gained", "km", self.ground


def _estimate(name: str, unit: str, values: Vector) -> Estimate:
    ordered = np.sort(values)
    quantiles = tuple(np.quantile(ordered, LEVELS).tolist())
    return Estimate(name, unit, quantiles, median_error(ordered))


def forecast(
    cases: Sequence[BattleCase], replications: int, seed: int, jobs: int = 1,
    on_done: Callable[[], None] = lambda: None,
) -> list[BattleForecast]:  # fmt: skip
    """Play each case so often, on ``jobs`` processes, whose number changes no result.

    ``on_done`` is called after each part (`parts`). Raises SandtableError for a number out of
    its range, or if a process dies.
    """
    require([DRAWS.fault("replications", replications), SEED.fault("seed", seed),
             JOBS.fault("jobs", jobs)])  # fmt: skip
    tasks = [(case, first, count) for case in cases for first, count in parts(replications)]
    found: list[list[Fought]] = []
    for part in each(partial(_play, seed), tasks, min(jobs, len(tasks))):
        found.append(part)
        on_done()
    size = len(parts(replications))
    return [
        _joined(case, seed, [one for part in found[i * size : (i + 1) * size] for one in part])
        for i, case in enumerate(cases)
    ]


def parts(replications: int) -> list[tuple[int, int]]:
    """First replication and count of each part of a forecast."""
    return [(first, min(_PART, replications - first)) for first in range(0, replications, _PART)]


def _play(seed: int, task: tuple[BattleCase, int, int]) -> list[Fought]:
    case, first, count = task
    attackers, defenders = (force.drawn(seed, first, count) for force in case.forces)
    setting = case.setting
    nations = case.attacker.nation, case.defender.nation
    laws = _laws(setting.attrition, setting.advance, *nations, case.year, seed, first, count)
    with garbage_collected_after():
        return [
            fight(case, attackers[i], defenders[i], laws[i], seed, first + i) for i in range(count)
        ]


# The columns of a combat results table share their draws.
@lru_cache(maxsize=4)
def _laws(
    attrition: str, advance: str, attacker: str, defender: str, year: float, seed: int, first: int,
    count: int,
) -> list[Laws]:  # fmt: skip
    armies = {ATTACKER: attacker, DEFENDER: defender}
    sampler = LawSampler.shipped(attrition, advance, armies, year)
    names = [f"input/{name}" for name in sampler.uncertain]
    rows = Streams(NAME, seed).table(names, first, count).tolist()
    return [sampler.draw(row) for row in rows]


def _joined(case: BattleCase, seed: int, fought: Sequence[Fought]) -> BattleForecast:
    def pair(name: str) -> dict[str, Vector]:
        both = np.array([getattr(one, name) for one in fought], dtype=np.float64)
        return {side: both[:, i] for i, side in enumerate(SIDES)}

    return BattleForecast(
        case,
        seed,
        np.array([one.result for one in fought]),
        pair("men"),
        pair("lost"),
        pair("killed"),
        pair("missing"),
        pair("tanks"),
        np.array([one.days for one in fought]),
        np.array([one.ground for one in fought]),
    )
