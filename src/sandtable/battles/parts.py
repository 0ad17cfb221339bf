"""Whether the parts of a battle add up: the law and the engine on parts and on wholes.

A battle of the table whose parts are on record is foretold four ways: by the law `full` on each
part, summed; by the law on the whole; by the engine on the parts strung together in one campaign;
by the engine on the whole. The law is told the recorded days; the engine only the day on which
the last part, or the whole, was over. War and campaign count as unknown, as in any campaign; the
laws were fitted on the wholes, not on the parts. Nothing is tuned, and no result is read but to
be set beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from math import fsum, isnan
from pathlib import Path

import numpy as np

from sandtable.battles.campaigns import ATTACKER, DEFENDER, at_once, play
from sandtable.battles.files import write_csv
from sandtable.battles.invariance import unplayable
from sandtable.battles.mixed import Matrix
from sandtable.battles.sample import circumstances_of
from sandtable.battles.strung import Part, strung
from sandtable.battles.table import BattleTable, load_table
from sandtable.errors import InputError, Problem
from sandtable.laws.attrition import SHORTEST_DAYS, SideLaw
from sandtable.laws.circumstances import Circumstances, features
from sandtable.laws.coefficients import SIDES
from sandtable.laws.sampler import Laws, LawSampler
from sandtable.processes import each
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams

LAW_PARTS, LAW_WHOLE = "law on the parts, summed", "law on the whole"
STRUNG, ENGINE_WHOLE = "engine, parts strung together", "engine on the whole"
METHODS = (LAW_PARTS, LAW_WHOLE, STRUNG, ENGINE_WHOLE)
OF_PARTS = (LAW_PARTS, STRUNG)
"""Methods whose result stands beside the sum of the parts; the others, beside the whole."""
REPLICATIONS = 200
_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Family:
    """A battle and those of its parts that are on record."""

    whole: Part
    parts: tuple[Part, ...]

    @property
    def covered(self) -> float:
        """Man-days of the attackers of the parts, over those of the whole."""
        own = fsum(part.battle.attacker * part.days for part in self.parts)
        return own / (self.whole.battle.attacker * self.whole.days)

    def recorded(self, side: int) -> tuple[float, float]:
        """Recorded casualties of a side (0 the attackers): of the parts, summed; of the whole."""
        return fsum(part.casualties[side] for part in self.parts), self.whole.casualties[side]


@dataclass(frozen=True, slots=True)
class Foretold:
    """Casualties of a ``side`` (persons) as a ``method`` has them, and the record's.

    ``low``, ``median``, ``high``: 5, 50 and 95 percent. ``recorded``: of the parts summed or of the
    whole, whichever the method is about; ``inside`` the interval or not, None where unknown.
    """

    battle: str
    side: str
    method: str
    recorded: float
    low: float
    median: float
    high: float
    inside: bool | None


@dataclass(frozen=True)
class PartsValidation:
    """What came of it; ``left_out`` counts the parts that can't be used, by reason."""

    families: tuple[Family, ...]
    foretold: list[Foretold]
    left_out: dict[str, int]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class PartsPlan:
    """Families about to be foretold."""

    families: tuple[Family, ...]
    left_out: dict[str, int]
    warnings: tuple[str, ...]

    def run(
        self, jobs: int = 1, on_done: Callable[[], None] = lambda: None,
        replications: int = REPLICATIONS,
    ) -> PartsValidation:  # fmt: skip
        """Foretell all of them on ``jobs`` processes, whose number changes no result."""
        foretold: list[Foretold] = []
        for found in each(partial(foretell, replications), self.families, jobs):
            foretold += found
            on_done()
        return PartsValidation(self.families, foretold, self.left_out, self.warnings)


def plan_parts(table: Path, parts: Path) -> PartsPlan:
    """Read the battle table and its parts, which name their battle in ``parent_id``.

    Raises InputError for a table with faults, or parts of which none belongs to a battle of it.
    """
    wholes, own = load_table(table), load_table(parts)
    known = {part.id: part for part in _parts(wholes)}
    found: dict[str, list[Part]] = {}
    reasons = Counter[str]()
    for part, parent in zip(_parts(own), own.words["parent_id"].tolist(), strict=True):
        whole = known.get(parent)
        if whole is None:
            reasons["the battle that it is part of is not in the table"] += 1
        elif reason := _unusable(part) or _unusable(whole):
            reasons[reason] += 1
        else:
            found.setdefault(parent, []).append(part)
    if not found:
        problem = Problem(str(parts), "column parent_id", "no battle of the table that can be used",
                          f"numbers of battles in {table}")  # fmt: skip
        raise InputError([problem])
    families = tuple(Family(known[parent], tuple(own)) for parent, own in found.items())
    return PartsPlan(families, dict(reasons), (*wholes.warnings, *own.warnings))


def _parts(table: BattleTable) -> list[Part]:
    words, numbers = table.words, table.numbers
    return [
        Part(
            str(words["cdb90_id"][row]),
            str(words["battle"][row]),
            battle,
            table.starts[row] or date.min,  # Without one it is unusable.
            float(numbers["duration_days"][row]),
            (str(words["attacker_force"][row]), str(words["defender_force"][row])),
            (
                float(numbers["attacker_casualties"][row]),
                float(numbers["defender_casualties"][row]),
            ),
        )
        for row, battle in enumerate(circumstances_of(table))
    ]


def _unusable(part: Part) -> str:
    return unplayable(part.battle) or ("the duration is unknown" if isnan(part.days) else "")


def foretell(replications: int, family: Family) -> list[Foretold]:
    """Foretell the casualties of both sides of one battle, by each method."""
    found = []
    for method, casualties in _casualties(family, replications).items():
        for i, side in enumerate(SIDES):
            of_parts, of_whole = family.recorded(i)
            recorded = of_parts if method in OF_PARTS else of_whole
            low, median, high = np.quantile(casualties[:, i], _LEVELS).tolist()
            inside = None if isnan(recorded) else low <= recorded <= high
            found.append(
                Foretold(family.whole.id, side, method, recorded, low, median, high, inside)
            )
    return found


def _casualties(family: Family, replications: int) -> dict[str, Matrix]:
    """Casualties of both sides by method, each (replications, 2); one draw of the laws for all."""
    streams, found = (
        Streams("parts", 1),
        {method: np.zeros((replications, 2)) for method in METHODS},
    )
    campaigns = {STRUNG: strung(family.parts), ENGINE_WHOLE: strung([family.whole])}
    for r in range(replications):
        laws = _drawn(family.whole.battle, streams, r)
        costs = [law_once(part, laws, streams, r) for part in family.parts]
        found[LAW_PARTS][r] = [fsum(side) for side in zip(*costs, strict=True)]
        found[LAW_WHOLE][r] = law_once(family.whole, laws, streams, r)
        for method, campaign in campaigns.items():
            found[method][r] = _played(campaign, laws, r)
    return found


def _played(campaign: ResolvedScenario, laws: Laws, replication: int) -> list[float]:
    """Killed, wounded, missing and captured of both sides in a campaign."""
    world = play(campaign, at_once(laws, again=True), replication)
    lost = [
        fsum(
            f.losses.in_action + f.losses.overrun + f.losses.strayed + f.losses.surrendered
            for f in world.by_coalition[side]
        )
        for side in SIDES
    ]
    world.close()
    return lost


def _drawn(battle: Circumstances, streams: Streams, replication: int) -> Laws:
    sampler = _sampler(battle.attacker_nation, battle.defender_nation, battle.year)
    draws = streams.within("laws", replication)
    return sampler.draw([draws.uniform() for _ in sampler.uncertain])


@lru_cache(maxsize=1)
def _sampler(attacker: str, defender: str, year: float) -> LawSampler:
    armies = {ATTACKER: attacker, DEFENDER: defender}
    return LawSampler.shipped("full", "fitted", armies, year)


def law_once(part: Part, laws: Laws, streams: Streams, replication: int) -> tuple[float, float]:
    """The law applied once: casualties of both sides over the recorded days, with their spread."""
    battle, law = part.battle, laws.attrition
    draws = streams.within(f"law/{part.id}", replication)
    spread = law.spread(draws.normal(), draws.normal())
    levels = law.levels(features(battle, laws.scales), ATTACKER, DEFENDER)
    days, a, d = max(part.days, SHORTEST_DAYS), battle.attacker, battle.defender

    def cost(side: SideLaw, own: float, opponent: float, factor: float) -> float:
        return min(own, side.between(side.scale(own, opponent, factor), 0.0, days))

    return (
        cost(law.attacker, a, d, levels[0] * spread[0]),
        cost(law.defender, d, a, levels[1] * spread[1]),
    )


def shares_inside(foretold: Sequence[Foretold]) -> dict[tuple[str, str], tuple[int, int]]:
    """How many records lie inside the interval, and of how many, by method and side."""
    found = {}
    for method in METHODS:
        for side in SIDES:
            own = [f.inside for f in foretold if (f.method, f.side) == (method, side)]
            known = [inside for inside in own if inside is not None]
            found[method, side] = sum(known), len(known)
    return found


def write_parts(found: PartsValidation, path: Path) -> None:
    """Write every prediction, a row each. Raises InputError if the file cannot be written."""
    header = ("battle", "side", "method", "recorded", "low", "median", "high", "inside")
    rows = [[getattr(f, name) for name in header] for f in found.foretold]
    write_csv(path, header, [["" if cell is None else cell for cell in row] for row in rows])
