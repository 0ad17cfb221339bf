"""Attrition of an engagement: one formula, seven laws by name.

    C(T) = exp(k + factors + effects) * own^p * opponent^q * T^c        for each side

C casualties (persons killed, wounded, missing and captured) of a side up to time T, own and
opponent persons engaged over the whole engagement (first strength and reinforcements), T days
since it began. Factors are those of `laws.circumstances`, effects those of war, campaign and the
own army (`laws.fitted`): armies differ in what they suffer, not in what they inflict.

| law | p | q | c | factors | source |
|---|---|---|---|---|---|
| `constant-rate` | 1 | 0 | 1 | none | planning tables: a constant fraction of the own force a day |
| `logarithmic` | 1 | 0 | 1 | posture | Peterson 1967 |
| `square` | 0 | 1 | 1 | posture | Lanchester 1916, aimed fire |
| `linear` | 1 | 1 | 1 | posture | Lanchester 1916, area fire |
| `free-exponents` | fitted | fitted | 1 | posture | Helmbold, Bracken 1995 |
| `fatigue` | fitted | fitted | fitted | posture | c < 1: intensity falls as the fight goes on |
| `full` | fitted | fitted | fitted | all | as `fatigue`, with what else is known beforehand |

Limits. Fitted across whole battles, so the course inside one is interpolation: `fatigue` and
`full` take from long and short battles how one battle goes on, though long battles are also
the less intense ones from their first day, and their c is as much that selection as weariness.
Own and opponent strength vary together in the table, so their exponents are known less well
apart than in sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

from sandtable.laws.circumstances import POSTURE_FEATURES, surprise_factor
from sandtable.laws.fitted import LEAST_TIME_EXPONENT, Predictor, Terms
from sandtable.laws.growth import between
from sandtable.laws.planning import Surprise
from sandtable.laws.table_range import UNBOUNDED, TableRange

SHORTEST_DAYS = 0.5
"""Days below which a recorded duration counts as this: battles are dated to the half day."""


OWN_ARMY = {"attacker": "attacking-nation", "defender": "defending-nation"}
"""Group of the army that suffers a side's casualties."""


@dataclass(frozen=True, slots=True)
class AttritionForm:
    """What a law fixes (a number) and what is fitted (None), its factors and its effects."""

    own: float | None
    opponent: float | None
    time: float | None
    features: tuple[str, ...] = POSTURE_FEATURES
    of_wars: tuple[str, ...] = ("war",)
    of_armies: bool = False

    def terms(self, side: str) -> Terms:
        """What is fitted for ``side``, attacker or defender."""
        exponents = {"own": self.own, "opponent": self.opponent, "time": self.time}
        core = (name for name, fixed in exponents.items() if fixed is None)
        armies = (OWN_ARMY[side],) if self.of_armies else ()
        return Terms(("constant", *core), self.features, (*self.of_wars, *armies))

    def values(
        self, own: float, opponent: float, days: float, within: TableRange = UNBOUNDED
    ) -> tuple[list[float], float]:
        """Values of the core terms, and the part of ln C that the form and the range fix."""
        size = log(within.persons.factor(own + opponent))
        terms, fixed = [1.0], -size
        for exponent, value in (
            (self.own, log(own) + size), (self.opponent, log(opponent) + size),
            (self.time, log(days)),
        ):  # fmt: skip
            if exponent is None:
                terms.append(value)
            else:
                fixed += exponent * value
        return terms, fixed

    def side(self, predictor: Predictor, within: TableRange = UNBOUNDED) -> SideLaw:
        """The law of one side at one draw, its arguments held ``within`` the table's range."""
        fitted = iter(predictor.core[1:])
        own = next(fitted) if self.own is None else self.own
        opponent = next(fitted) if self.opponent is None else self.opponent
        time = self.time if self.time is not None else max(next(fitted), LEAST_TIME_EXPONENT)
        return SideLaw(predictor, own, opponent, time, within)


FULL_FEATURES = (
    *POSTURE_FEATURES, "wet", "attacker-tanks", "defender-tanks", "air", "surprise", "year",
)  # fmt: skip
"""Those that earn their place; `docs/model.md` tells what was tried beside them."""

FORMS = {
    "constant-rate": AttritionForm(1.0, 0.0, 1.0, ()),
    "logarithmic": AttritionForm(1.0, 0.0, 1.0),
    "square": AttritionForm(0.0, 1.0, 1.0),
    "linear": AttritionForm(1.0, 1.0, 1.0),
    "free-exponents": AttritionForm(None, None, 1.0),
    "fatigue": AttritionForm(None, None, None),
    "full": AttritionForm(None, None, None, FULL_FEATURES, ("war", "campaign"), of_armies=True),
}


@dataclass(frozen=True, slots=True)
class SideLaw:
    """How one side loses men: a predictor of ln C, the exponents, and how far they reach."""

    predictor: Predictor
    own: float
    opponent: float
    time: float
    within: TableRange = UNBOUNDED

    def level(self, features: Sequence[float], attacker: str, defender: str) -> float:
        """Factor on its casualties of the circumstances of an engagement.

        ``features`` as of `circumstances.features`; nations as the draw was asked for.
        """
        return exp(self.predictor.level(features, attacker, defender))

    def scale(self, own: float, opponent: float, level: float) -> float:
        """Casualties of the first day of an engagement: persons / day^time.

        `own`, `opponent`: persons engaged; no losses
        where either side is absent. `level`: of the circumstances. Beyond the table's range of
        size in proportion (`laws.table_range`). The result may exceed `own`: the caller caps the
        casualties at the strength.
        """
        if own <= 0.0 or opponent <= 0.0:
            return 0.0
        k = self.within.persons.factor(own + opponent)
        return float(level * (k * own) ** self.own * (k * opponent) ** self.opponent / k)

    def by(self, scale: float, t: float, end: float, within: float) -> float:
        """Casualties by day `t` of a battle that is decided on day `end` (0 < t <= end).

            C(t) = C(T) (t / T)^within,    T = `end`, or half a day if that is longer

        The exponent of time between battles says what one that lasts T days costs; `within`
        says how that spreads over its days. inf for `end`: no decision in sight, and C(t) is
        the law's at day `t`.
        """
        if end == inf:
            return between(scale, self.time, 0.0, t)
        return float(self.whole(scale, end) * (t / end) ** within)

    def day_of(self, scale: float, casualties: float, end: float, within: float) -> float:
        """Day by which the casualties are so many (above 0); the inverse of `by`.

        ``scale`` above 0. The day may lie beyond ``end``.
        """
        if end == inf:
            return float((casualties / scale) ** (1.0 / self.time))
        return float(end * (casualties / self.whole(scale, end)) ** (1.0 / within))

    def whole(self, scale: float, end: float) -> float:
        """Casualties of a battle of ``end`` days; half a day if it is shorter."""
        return between(scale, self.time, 0.0, max(end, SHORTEST_DAYS))

    def between(self, scale: float, t0: float, t1: float) -> float:
        """Casualties from `t0` to `t1` days after the engagement began (0 <= t0 <= t1)."""
        return between(scale, self.time, t0, t1)


@dataclass(frozen=True, slots=True)
class AttritionLaw:
    """Both sides' laws and the spread of an engagement about them.

    `residual`: lower Cholesky factor (l11, l21, l22) of the covariance of the residuals of
    ln casualties, attacker first. `surprise`: Dupuy's factors of it, for the laws that don't
    have it among those that are fitted.
    """

    name: str
    attacker: SideLaw
    defender: SideLaw
    residual: tuple[float, float, float]
    surprise: Surprise | None

    def levels(
        self, features: Sequence[float], attacker: str, defender: str
    ) -> tuple[float, float]:
        """Factors of an engagement's circumstances on the casualties of (attacker, defender)."""
        return (
            self.attacker.level(features, attacker, defender),
            self.defender.level(features, attacker, defender),
        )

    def levels_at(
        self, levels: tuple[float, float], surprise: float, days: float
    ) -> tuple[float, float]:
        """These factors `days` after an attack with `surprise` (0 none to 3 complete) began."""
        factors = self.surprise
        if factors is None:
            return levels
        return (
            levels[0] * surprise_factor(factors.surpriser, surprise, days, factors.days),
            levels[1] * surprise_factor(factors.surprised, surprise, days, factors.days),
        )

    def spread(self, z_attacker: float, z_defender: float) -> tuple[float, float]:
        """Factors on the casualties of (attacker, defender) in one engagement.

        From two independent standard normals; their median is 1, so the law gives the
        median of casualties and not their mean.
        """
        l11, l21, l22 = self.residual
        return exp(l11 * z_attacker), exp(l21 * z_attacker + l22 * z_defender)
