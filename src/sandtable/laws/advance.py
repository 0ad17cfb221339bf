"""How fast a column goes: unopposed by mobility and ground, opposed by a named rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from sandtable.laws.coefficients import FittedAdvance

MOBILITY = {
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
}
"""How each type of formation moves."""

ARM = {"foot": "infantry", "horse": "infantry", "motor": "mechanised", "tracked": "armour"}
"""Column of Dupuy's table that serves each mobility."""


def pace(planning: Mapping[str, float], mobility: str, terrain: str, road: str) -> float:
    """Unopposed rate in km a day, dry and rested.

    base(mobility) * road(mobility) * terrain(mobility)^ground(road): factors after Dupuy,
    Numbers, Predictions and War (second-hand), and FM 101-10; the terrain's hold on a column
    is weaker on a road, so its factor has an exponent that the road sets. ``planning.toml``
    has the figures.
    """
    kind = "vehicle" if mobility in ("motor", "tracked") else "foot"
    surface = mobility if kind == "vehicle" else "foot"
    ground = planning[f"terrain.{kind}.{terrain}"] ** planning[f"ground.{road}"]
    return float(planning[f"march.{mobility}"] * planning[f"road.{surface}.{road}"] * ground)


def fatigued_days(days: float, rested: float, factor: float) -> float:
    """Days that a march of ``days`` at the full rate takes when ``rested`` of them are fresh.

    After the first ``rested`` days of continuous marching the rate falls to ``factor``.
    """
    return days if days <= rested else rested + (days - rested) / factor


@dataclass(frozen=True, slots=True)
class DupuyTable:
    """Rate of opposed advance in km a day by power ratio, arm and posture (Dupuy)."""

    ratio: tuple[float, ...]
    rates: Mapping[str, tuple[float, ...]]
    prepared: float
    fortified: float

    def rate(self, ratio: float, mobility: str, posture: str, tanks: float) -> float:
        """Rate in km a day; linear between the table's rows, proportional below the first.

        ``ratio`` attacker's over defender's strength (above 0); above the last row the last
        rate holds. ``tanks`` (a thousand men) isn't used: the arm stands for it.
        """
        rates = self.rates[ARM[mobility]]
        rows = self.ratio
        factor = {"prepared": self.prepared, "fortified": self.fortified}.get(posture, 1.0)
        if ratio <= rows[0]:
            return factor * rates[0] * ratio / rows[0]
        for i in range(1, len(rows)):
            if ratio <= rows[i]:
                share = (ratio - rows[i - 1]) / (rows[i] - rows[i - 1])
                return factor * (rates[i - 1] + share * (rates[i] - rates[i - 1]))
        return factor * rates[-1]

    residual_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class FittedRate:
    """Rate of opposed advance fitted on the battle table (``coefficients.FittedAdvance``)."""

    law: FittedAdvance

    def rate(self, ratio: float, mobility: str, posture: str, tanks: float) -> float:
        """Median rate in km a day at the force ratio, with ``tanks`` a thousand attackers."""
        law = self.law
        return law.factors[posture] * exp(law.ratio * log(ratio) + law.tanks * log(1.0 + tanks))

    @property
    def residual_sd(self) -> float:
        """Spread of ln(km a day) about the median, one engagement to another."""
        return self.law.residual_sd


AdvanceLaw = DupuyTable | FittedRate


def surprise_factor(table: tuple[float, ...], level: float, days: float, fading: float) -> float:
    """Factor of surprise ``days`` after the attack began.

    ``level`` from 0 (none) to 3 (complete), between rows linearly; the effect fades linearly
    to none over ``fading`` days (Dupuy, Numbers, Predictions and War, second-hand).
    """
    left = 1.0 - days / fading
    if level <= 0.0 or left <= 0.0:
        return 1.0
    row = min(int(level), len(table) - 2)
    full = table[row] + (level - row) * (table[row + 1] - table[row])
    return 1.0 + (full - 1.0) * left


def mobility_factor(factor: float) -> float:
    """Effect of a mobility factor of the QJM on the rate of advance: its square root."""
    return sqrt(factor)
