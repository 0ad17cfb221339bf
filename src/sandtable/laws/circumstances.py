"""What is known of an engagement before it begins, as the fitted laws see it.

One description serves the battle table, the campaign's engagements and the baseline. What is
unknown is None and counts as the mean of the battles in which it is known; a number beyond
the range of the battles that the laws were fitted on counts as the end of that range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan, log, log1p
from typing import NamedTuple

POSTURES = ("hasty", "prepared", "fortified", "delay", "withdrawal")
PREPARED, FORTIFIED = 0.25, 0.6
"""Degree of fortification (0-1) from which a defence counts as prepared, as fortified."""
TERRAINS = ("flat", "rolling", "rugged")
COVERS = ("bare", "desert", "mixed", "wooded")

NUMBERS = (
    "wet", "attacker-tanks", "defender-tanks", "attacker-guns", "defender-guns", "air",
    "surprise", "year", "density",
)  # fmt: skip
"""Factors that are numbers; pieces enter as ln(1 + pieces a thousand men of their side), density
as ln(attackers a km of front)."""

# Hasty defence is the reference. The battle table holds a single withdrawal, too few for a
# coefficient of its own: it takes the one of delay, the other mobile defence.
POSTURE_FEATURES = ("prepared", "fortified", "delay")
FEATURES = (*POSTURE_FEATURES, *TERRAINS, *COVERS, *NUMBERS)
"""Names of the features, in the order in which `features` gives them."""


def _indicators(
    names: tuple[str, ...], levels: tuple[str | None, ...]
) -> dict[str | None, tuple[float, ...]]:
    """For each level 1 under its own name and 0 under the others; a level without a name: 0."""
    return {level: tuple(1.0 if name == level else 0.0 for name in names) for level in levels}


_POSTURE = _indicators(POSTURE_FEATURES, POSTURES)
_POSTURE["withdrawal"] = _POSTURE["delay"]
_TERRAIN = _indicators(TERRAINS, (None, *TERRAINS))
_COVER = _indicators(COVERS, (None, *COVERS))

ERAS = (
    (1914.0, "before 1914"), (1919.0, "1914-1918"), (1937.0, "1919-1936"),
    (1946.0, "1937-1945"), (1960.0, "1946-1959"), (inf, "since 1960"),
)  # fmt: skip
"""First year after each era, and the era."""


class Scale(NamedTuple):
    """How a number becomes a feature: (x - centre) / spread, x held within low..high."""

    centre: float
    spread: float
    low: float
    high: float

    def of(self, x: float | None) -> float:
        """The feature; 0, the mean, where the number is unknown."""
        if x is None:
            return 0.0
        return (min(max(x, self.low), self.high) - self.centre) / self.spread


@dataclass(slots=True)
class Circumstances:
    """An engagement as both commanders could know it at its start.

    ``attacker``, ``defender``: persons engaged, above zero. ``*_tanks``, ``*_guns``: counts.
    ``wet``: 0 or 1. ``air``: from -1 (the defender's sky) to 1 (the attacker's).
    ``surprise``: 0 none to 3 complete, negative if the defender's. ``year``: of the
    engagement. ``front_km``: width of front, above zero. ``war``, ``campaign``, nations: names as
    in the battle table; any other name is one of which nothing is known.
    """

    attacker: float
    defender: float
    posture: str
    year: float
    terrain: str | None = None
    cover: str | None = None
    wet: float | None = None
    attacker_tanks: float | None = None
    defender_tanks: float | None = None
    attacker_guns: float | None = None
    defender_guns: float | None = None
    air: float | None = None
    surprise: float | None = None
    front_km: float | None = None
    attacker_nation: str = ""
    defender_nation: str = ""
    war: str = ""
    campaign: str = ""

    def numbers(self) -> tuple[float | None, ...]:
        """The factors that are numbers, in the order of NUMBERS."""
        return (
            self.wet,
            _density(self.attacker_tanks, self.attacker),
            _density(self.defender_tanks, self.defender),
            _density(self.attacker_guns, self.attacker),
            _density(self.defender_guns, self.defender),
            self.air,
            self.surprise,
            self.year,
            None if self.front_km is None else log(self.attacker / self.front_km),
        )

    def level(self, group: str) -> str:
        """Its level of a group of random effects (GROUPS); empty where unknown."""
        if group == "war":
            return self.war
        if group == "campaign":
            return f"{self.war}: {self.campaign}" if self.campaign else ""
        nation = self.attacker_nation if group == "attacking-nation" else self.defender_nation
        return nation_level(nation, self.year)


GROUPS = ("war", "campaign", "attacking-nation", "defending-nation")
"""Groups of random effects: what battles have in common that no factor says."""


def posture_in(works: float) -> str:
    """Posture of a defence that stands in works of this degree (0-1): an assumption."""
    if works >= FORTIFIED:
        return "fortified"
    return "prepared" if works >= PREPARED else "hasty"


def surprise_left(days: float, fading: float) -> float:
    """Share of a surprise that is left ``days`` after the attack began (1 to 0, linearly)."""
    return max(0.0, 1.0 - days / fading)


def surprise_factor(table: Sequence[float], level: float, days: float, fading: float) -> float:
    """Factor of surprise ``days`` after the attack began.

    ``level`` from 0 (none) to 3 (complete), between rows linearly; the effect fades linearly
    to none over ``fading`` days (Dupuy, Numbers, Predictions and War, second-hand).
    """
    left = surprise_left(days, fading)
    if level <= 0.0 or left <= 0.0:
        return 1.0
    row = min(int(level), len(table) - 2)
    full = table[row] + (level - row) * (table[row + 1] - table[row])
    return 1.0 + (full - 1.0) * left


def era(year: float) -> str:
    """The era of a year, after which an army of the same nation is another army."""
    if isnan(year):
        raise ValueError("an unknown year is of no era")
    return next(name for after, name in ERAS if year < after)


def nation_level(nation: str, year: float) -> str:
    """Level of a nation's army: the nation in its era; empty where unknown."""
    return f"{nation} {era(year)}" if nation and not isnan(year) else ""


def nation_of(level: str) -> str:
    """The nation of an army's level, in whatever era: what `nation_level` made it from."""
    return next(level.removesuffix(f" {name}") for _, name in ERAS if level.endswith(f" {name}"))


def features(circumstances: Circumstances, scales: Mapping[str, Scale]) -> tuple[float, ...]:
    """Features of an engagement in the order of FEATURES; ``scales`` has one of each NUMBERS."""
    c = circumstances
    numbers = zip(NUMBERS, c.numbers(), strict=True)
    return (
        *_POSTURE[c.posture],
        *_TERRAIN[c.terrain],
        *_COVER[c.cover],
        *[scales[name].of(x) for name, x in numbers],
    )


def _density(pieces: float | None, men: float) -> float | None:
    return None if pieces is None else log1p(1000.0 * pieces / men)
