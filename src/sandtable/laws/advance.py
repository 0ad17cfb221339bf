"""How fast a column goes: unopposed by mobility and ground, opposed by a named rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from sandtable.laws.circumstances import GROUPS, POSTURE_FEATURES
from sandtable.laws.fitted import LEAST_TIME_EXPONENT, Predictor, Terms
from sandtable.laws.outcome import REFERENCE_TOTAL

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
    """Rate of opposed advance in km a day by power ratio, arm and posture (Dupuy).

    The same rate hour after hour. Ground, air and surprise aren't in the table: the caller
    multiplies them on.
    """

    ratio: tuple[float, ...]
    rates: Mapping[str, tuple[float, ...]]
    prepared: float
    fortified: float
    time: float = 1.0
    residual_sd: float = 0.0
    complete: bool = False

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """No circumstances enter but arm and posture."""
        return 1.0

    def scale(
        self, attacker: float, defender: float, mobility: str, posture: str, level: float
    ) -> float:
        """Rate in km a day; linear between the table's rows, proportional below the first.

        ``attacker``, ``defender``: effective strengths above zero; above the last row of the
        ratio the last rate holds.
        """
        rates, ratio = self.rates[ARM[mobility]], attacker / defender
        rows = self.ratio
        factor = level * {"prepared": self.prepared, "fortified": self.fortified}.get(posture, 1.0)
        if ratio <= rows[0]:
            return factor * rates[0] * ratio / rows[0]
        for i in range(1, len(rows)):
            if ratio <= rows[i]:
                share = (ratio - rows[i - 1]) / (rows[i] - rows[i - 1])
                return factor * (rates[i - 1] + share * (rates[i] - rates[i - 1]))
        return factor * rates[-1]


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
    engagement began; c < 1: ground is gained fast at first. Limits as of the attrition laws;
    battles in which the attacker gained nothing have no logarithm and are left out.
    """

    predictor: Predictor
    residual_sd: float
    complete: bool = True
    """Whether it stands by itself: ground, air and surprise aren't multiplied on."""

    @property
    def time(self) -> float:
        """Exponent of time."""
        return max(self.predictor.core[3], LEAST_TIME_EXPONENT)

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """Factor of the circumstances, as of `attrition.SideLaw.level`."""
        return exp(self.predictor.level(features, attacker, defender))

    def scale(
        self, attacker: float, defender: float, mobility: str, posture: str, level: float
    ) -> float:
        """Median ground of the first day in km; strengths above zero. Mobility isn't used."""
        _, by_ratio, by_total, _ = self.predictor.core
        total = (attacker + defender) / REFERENCE_TOTAL
        return float(level * (attacker / defender) ** by_ratio * total**by_total)


AdvanceLaw = DupuyTable | FittedGround


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
