"""How fast a column goes: unopposed by mobility and ground, opposed by a named rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import NamedTuple

from sandtable.laws.circumstances import GROUPS, POSTURE_FEATURES, surprise_factor
from sandtable.laws.fitted import LEAST_TIME_EXPONENT, Predictor, Terms
from sandtable.laws.outcome import REFERENCE_TOTAL
from sandtable.laws.planning import Planning, Table
from sandtable.laws.table_range import UNBOUNDED, TableRange
from sandtable.vocabulary import FormationType, Mobility, Road, Terrain

MOBILITY: dict[FormationType, Mobility] = {
    "headquarters": "motor",
    "rifle": "foot",
    "motor-rifle": "motor",
    "tank": "tracked",
    "mechanised": "tracked",
    "cavalry": "horse",
    "armoured-car": "motor",
    "garrison": "foot",
    "border": "foot",
    "airborne": "foot",
    "naval-infantry": "foot",
    "artillery": "motor",
    "puppet": "foot",
    "services": "foot",
}
"""How each type of formation moves."""

ARM: dict[Mobility, str] = {
    "foot": "infantry",
    "horse": "infantry",
    "motor": "mechanised",
    "tracked": "armour",
}
"""Column of Dupuy's table that serves each mobility."""


def pace(planning: Planning, mobility: Mobility, terrain: Terrain, road: Road) -> float:
    """Unopposed rate in km a day, dry and rested.

    base(mobility) * road(mobility) * terrain(mobility)^ground(road): factors after Dupuy,
    Numbers, Predictions and War (second-hand), and FM 101-10; the terrain's hold on a column
    is weaker on a road, so its factor has an exponent that the road sets. ``planning.toml``
    has the figures.
    """
    ground = terrain_factors(planning, mobility)[terrain] ** planning.ground[road]
    return float(planning.march[mobility] * _road_factors(planning, mobility)[road] * ground)


def terrain_factors(planning: Planning, mobility: Mobility) -> Mapping[Terrain, float]:
    """Factors on the rate off the road of those who move so."""
    vehicles = mobility == "motor" or mobility == "tracked"
    return planning.terrain.vehicle if vehicles else planning.terrain.foot


def _road_factors(planning: Planning, mobility: Mobility) -> Mapping[Road, float]:
    if mobility == "motor":
        return planning.road.motor
    return planning.road.tracked if mobility == "tracked" else planning.road.foot


class Attack(NamedTuple):
    """An attack on a defended zone at one moment, as the laws of advance ask for it.

    ``ratio``: of the attacker's strength to the defender's, ``persons`` of both sides, above
    zero. ``mobility`` of the leading formation; ``posture`` of the defence; ``terrain`` None
    where it doesn't count. ``air``: from -1 (the defender's sky) to 1; ``surprise``: 0 (none) to
    3 (complete), ``days`` ago.
    """

    ratio: float
    persons: float
    mobility: Mobility
    posture: str
    terrain: Terrain | None = None
    air: float = 0.0
    surprise: float = 0.0
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class DupuyTable:
    """Rate of opposed advance in km a day by power ratio, arm and posture (Dupuy).

    The same rate hour after hour. The ratio rises with air superiority; terrain and surprise are
    factors on the rate (planning figures ``dupuy``, ``air``, ``terrain``, ``surprise``).
    """

    planning: Planning
    time: float = 1.0
    residual_sd: float = 0.0

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """No features of the circumstances enter: all that counts is in the attack."""
        return 1.0

    def scale(self, attack: Attack, level: float) -> float:
        """Rate in km a day of an attack; ``level`` is a factor on it."""
        planning, mobility = self.planning, attack.mobility
        ratio = attack.ratio * (1.0 + planning.air.effect * attack.air)
        others = mobility_factor(
            surprise_factor(
                planning.surprise.mobility, attack.surprise, attack.days, planning.surprise.days
            )
        )
        if attack.terrain is not None:
            others *= terrain_factors(planning, mobility)[attack.terrain]
        return self._rate(ratio, mobility, attack.posture, level) * others

    def _rate(self, ratio: float, mobility: Mobility, posture: str, level: float) -> float:
        """Linear between the table's rows, proportional below the first; the last holds beyond."""
        table = self.planning.dupuy
        rows, rates = table.ratio, self._rates(ARM[mobility])
        factor = level * {"prepared": table.prepared, "fortified": table.fortified}.get(
            posture, 1.0
        )
        if ratio <= rows[0]:
            return factor * rates[0] * ratio / rows[0]
        for i in range(1, len(rows)):
            if ratio <= rows[i]:
                share = (ratio - rows[i - 1]) / (rows[i] - rows[i - 1])
                return factor * (rates[i - 1] + share * (rates[i] - rates[i - 1]))
        return factor * rates[-1]

    def _rates(self, arm: str) -> Table:
        table = self.planning.dupuy
        if arm == "armour":
            return table.armour
        return table.mechanised if arm == "mechanised" else table.infantry


GROUND = Terms(
    ("constant", "ratio", "total", "time"),
    (*POSTURE_FEATURES, "attacker-tanks", "defender-tanks", "air", "surprise", "density"),
    GROUPS,
)  # fmt: skip
"""Terms of the fitted advance."""


@dataclass(frozen=True, slots=True)
class FittedGround:
    """Ground gained against opposition, fitted on the battle table.

        ln km = k + b ln r + e ln(N / 10,000) + c ln T + factors + effects + residual_sd z

    r the attacker's strength over the defender's, N the strength of both, T days since the
    engagement began; c < 1: ground is gained fast at first. r and N are held ``within`` the
    table's range. Limits as of the attrition laws; battles in which the attacker gained nothing
    have no logarithm and are left out.
    """

    predictor: Predictor
    residual_sd: float
    within: TableRange = UNBOUNDED

    @property
    def time(self) -> float:
        """Exponent of time."""
        return max(self.predictor.core[3], LEAST_TIME_EXPONENT)

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """Factor of the circumstances, as of `attrition.SideLaw.level`."""
        return exp(self.predictor.level(features, attacker, defender))

    def scale(self, attack: Attack, level: float) -> float:
        """Median ground of an attack's first day in km; only ratio and persons count."""
        _, by_ratio, by_total, _ = self.predictor.core
        total = self.within.persons.hold(attack.persons) / REFERENCE_TOTAL
        return float(level * self.within.ratio.hold(attack.ratio) ** by_ratio * total**by_total)


AdvanceLaw = DupuyTable | FittedGround


def mobility_factor(factor: float) -> float:
    """Effect of a mobility factor of the QJM on the rate of advance: its square root."""
    return sqrt(factor)


def wet_days(start: float, days: float, wet: list[bool], factor: float) -> float:
    """Days on the road when wet days go at ``factor`` of the dry rate.

    ``days`` is the dry duration, ``wet`` the calendar by days from H-hour; past its end it
    stays dry.
    """
    now, left, last = start, days, len(wet) - 1
    while left > 0.0:
        day = int(now)
        rate = factor if day <= last and wet[day] else 1.0
        span = day + 1.0 - now
        if rate * span >= left:
            return now + left / rate - start
        left -= rate * span
        now = day + 1.0
    return now - start
