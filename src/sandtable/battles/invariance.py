"""Whether a battle costs the same however a campaign cuts it.

Each battle of a table is played as a whole and in every cut, with the same random numbers, and
the cut is held against the whole: casualties of both sides, days from contact to decision, ground.
No result of the table is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from statistics import median

from sandtable.battles.campaigns import laws_of
from sandtable.battles.cut import Cut, Fought, fight
from sandtable.battles.files import write_csv
from sandtable.battles.sample import circumstances_of
from sandtable.battles.table import BattleTable, load_table
from sandtable.laws.circumstances import Circumstances
from sandtable.mechanisms import Mechanisms
from sandtable.processes import each

WHOLE = Cut()
CUTS = (
    Cut(places=2), Cut(places=4), Cut(columns=2), Cut(columns=3), Cut(places=2, columns=2),
    Cut(places=4, columns=3), Cut(head=0.25, days_behind=3.0),
    Cut(places=2, columns=2, head=0.25, days_behind=3.0), Cut(places=2, outpost=0.05),
)  # fmt: skip
FEW = ("attrition", "fortification", "cohesion", "withdrawal", "opposed-advance")
SETTINGS = {
    "few, no luck": (Mechanisms.only(FEW), False),
    "all, no luck": (Mechanisms(), False),
    "few, luck": (Mechanisms.only(FEW), True),
    "all, luck": (Mechanisms(), True),
}
"""Mechanisms that are on, and whether random luck is; without it the attack succeeds."""
QUANTITIES = ("attacker", "defender", "days", "km")
"""What is compared: persons lost by either side, days, km; of `Fought`."""
NEAR = (0.7, 1.3)
"""Ratios to the whole that count as near it."""
Pair = tuple[Fought, Fought]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a quantity of a cut compares with that of the whole.

    ``battles`` with both above zero and decided; ``median`` of the ratios cut over whole,
    ``near``: share of them within NEAR, ``least`` and ``most``.
    """

    cut: str
    setting: str
    quantity: str
    battles: int
    median: float
    near: float
    least: float
    most: float


@dataclass(frozen=True)
class Invariance:
    """What came of it; ``left_out`` counts the battles that can't be played, by reason."""

    table_digest: str
    rows: int
    battles: int
    left_out: dict[str, int]
    ratios: list[Ratio]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class CutPlan:
    """A table whose battles are about to be cut, each with its number of random streams."""

    table: BattleTable
    battles: tuple[tuple[int, Circumstances], ...]
    left_out: dict[str, int]

    def run(self, jobs: int = 1, on_done: Callable[[], None] = lambda: None) -> Invariance:
        """Play all of it on ``jobs`` processes, whose number changes no result.

        Raises SandtableError if a process dies.
        """
        found = []
        for fought in each(play_cuts, self.battles, jobs):
            found.append(fought)
            on_done()
        return Invariance(
            self.table.digest, len(self.table), len(found), self.left_out, list(ratios(found)),
            self.table.warnings,
        )  # fmt: skip


def plan_cuts(path: Path) -> CutPlan:
    """Read a battle table and choose what can be played.

    Raises InputError for a table with faults.
    """
    table = load_table(path, results=False)
    battles, reasons = [], Counter[str]()
    for number, battle in enumerate(circumstances_of(table)):
        reason = unplayable(battle)
        if reason:
            reasons[reason] += 1
        else:
            battles.append((number, battle))
    return CutPlan(table, tuple(battles), dict(reasons))


def unplayable(battle: Circumstances) -> str:
    """Why no campaign can be made of a battle; empty if one can."""
    if not (battle.attacker > 0.0 and battle.defender > 0.0):
        return "a strength is unknown"
    if not battle.posture:
        return "the posture is unknown"
    return "the year is unknown" if isnan(battle.year) else ""


def play_cuts(numbered: tuple[int, Circumstances]) -> dict[tuple[str, Cut], Fought]:
    """Play one battle, with the number of its random streams, in all settings and cuts."""
    number, battle = numbered
    found = {}
    for setting, (mechanisms, luck) in SETTINGS.items():
        laws = laws_of(battle, luck=luck)
        for cut in (WHOLE, *CUTS):
            found[setting, cut] = fight(battle, cut, mechanisms, laws, number)
    return found


def ratios(fought: Sequence[dict[tuple[str, Cut], Fought]]) -> Iterator[Ratio]:
    """Compare cuts with wholes, by cut, setting and quantity."""
    for cut in CUTS:
        for setting in SETTINGS:
            pairs = [(f[setting, cut], f[setting, WHOLE]) for f in fought]
            yield from _compare(str(cut), setting, pairs)


def _compare(cut: str, setting: str, pairs: Sequence[Pair]) -> Iterator[Ratio]:
    low, high = NEAR
    for quantity in QUANTITIES:
        both = [(getattr(part, quantity), getattr(whole, quantity)) for part, whole in pairs]
        found = [part / whole for part, whole in both if whole > 0.0 and not isnan(part)]
        if found:
            near = sum(low < ratio < high for ratio in found) / len(found)
            yield Ratio(cut, setting, quantity, len(found), median(found), near,
                        min(found), max(found))  # fmt: skip


def write_ratios(found: Invariance, path: Path) -> None:
    """Write every ratio, a row each. Raises InputError if the file cannot be written."""
    header = ("cut", "setting", "quantity", "battles", "median", "near", "least", "most")
    write_csv(path, header, [[getattr(r, name) for name in header] for r in found.ratios])
