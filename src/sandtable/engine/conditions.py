"""The circumstances of an engagement, as the fitted laws ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf
from typing import NamedTuple

from sandtable.engine.state import Column, Formation
from sandtable.laws.circumstances import Circumstances, features, posture_in
from sandtable.laws.sampler import Laws


class Force:
    """Formations in a battle, with their persons and effective strength at one assessment.

    ``value`` is the effective strength of a man.
    """

    __slots__ = ("formations", "men", "strength", "value")

    def __init__(self, formations: list[Formation], now: float, wear: float) -> None:
        men = strength = 0.0
        for formation in formations:
            men += formation.personnel
            strength += formation.strength(now, wear)
        self.formations, self.men, self.strength = formations, men, strength
        self.value = strength / men if men > 0.0 else 0.0

    def nation(self) -> str:
        """The side with the most persons in it."""
        men: dict[str, float] = {}
        for f in self.formations:
            men[f.side] = men.get(f.side, 0.0) + f.personnel
        return max(men, key=lambda side: men[side])


class Levels(NamedTuple):
    """Factors of an engagement's circumstances on each law."""

    losses: tuple[float, float]
    outcome: tuple[float, float]
    advance: float


def posture_of(force: Force, *, works_count: bool) -> str:
    """Posture of a defence, by its orders and, if they count, the works that it stands in."""
    if all(f.delaying for f in force.formations):
        return "delay"
    if not works_count or force.men <= 0.0:
        return "hasty"
    works = fsum([f.fortification * f.personnel for f in force.formations]) / force.men
    return posture_in(works)


def surprise_of(columns: Sequence[Column], now: float) -> tuple[float, float]:
    """Surprise of the attack (0-3), the highest of its columns', and days since it began.

    One of them at least has attacked; those that wait for their main body don't count yet.
    """
    most: Column | None = None
    for column in columns:
        attacks = column.attack_day <= now
        if attacks and (most is None or column.surprise > most.surprise):
            most = column
    assert most is not None
    return most.surprise, now - most.attack_day


def circumstances(
    columns: Sequence[Column], attackers: Force, defenders: Force, posture: str, *,
    year: float, wet: bool, air: float, surprise: float, front_km: float = inf,
) -> Circumstances:  # fmt: skip
    """What both commanders could know of an attack of ``columns``.

    ``air`` from -1 to 1, ``surprise`` from 0 to 3 as it is now: of the attackers. ``front_km``:
    width of the ground, inf where nothing bounds it; the front of the axes then counts.
    """
    fronts = [c.frontage_km for c in columns]
    of_axes = fsum(fronts) if min(fronts) > 0.0 else None
    return Circumstances(
        attacker=max(attackers.men, 1.0),
        defender=max(defenders.men, 1.0),
        posture=posture,
        year=year,
        wet=1.0 if wet else 0.0,
        attacker_tanks=fsum([f.tanks for f in attackers.formations]),
        defender_tanks=fsum([f.tanks for f in defenders.formations]),
        attacker_guns=fsum([f.guns for f in attackers.formations]),
        defender_guns=fsum([f.guns for f in defenders.formations]),
        air=air,
        surprise=surprise,
        front_km=front_km if front_km < inf else of_axes,
    )


def levels(laws: Laws, c: Circumstances, attackers: str, defenders: str) -> Levels:
    """Factors of circumstances on the laws; the last two are the nations engaged."""
    known = features(c, laws.scales)
    return Levels(
        laws.attrition.levels(known, attackers, defenders),
        laws.outcome.levels(known, attackers, defenders),
        laws.advance.level(known, attackers, defenders),
    )
