"""How a battle ends: how fast it is decided, and for whom; two hazards that compete.

    h(t) = s t^(s-1) exp(a + e ln(N / 10,000) + effects)      decided, per day
    o    = exp(c + d ln r + factors + effects)                odds of the attacker
    h_d  = h o / (1 + o)      defender breaks        h_a = h / (1 + o)   attacker quits

r is the attacker's strength over the defender's, N the persons of both sides together, so
that larger battles may last longer, t days since the engagement began, s the shape (above 1:
a decision takes time to ripen). With H the integral of h a battle of T days has likelihood

    attacker wins  h_d(T) exp(-H(T))
    defender wins  h_a(T) exp(-H(T))
    draw                  exp(-H(T))     neither had happened when it ended (censored)

which falls apart into a censored Weibull model of h and a logistic one of o among the
decided battles; each is fitted by itself.

Limits. The durations are those of whole battles as historians bound them, and a battle is
in the table because it was decided or broken off: the fitted hazard says how fast such battles
end, not how fast a quiet front does, and a front that never stirred is not in the table at
all. The strengths are those of the whole battle, reinforcements included, which a commander
at its start did not have. A hazard does not say why a side quits: manoeuvre, isolation and
supply are not in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from sandtable.laws.circumstances import POSTURE_FEATURES
from sandtable.laws.fitted import Predictor, Terms
from sandtable.laws.table_range import UNBOUNDED, TableRange

REFERENCE_TOTAL = 10_000.0
"""Persons of both sides at which the scale term vanishes."""


PACE = Terms(("constant", "total"), (), ("war",))
ODDS = Terms(
    ("constant", "ratio"),
    (*POSTURE_FEATURES, "wet", "attacker-tanks", "defender-tanks", "air", "surprise"),
    ("war", "attacking-nation"),
)


def log_ratio(attacker: float, defender: float, within: TableRange = UNBOUNDED) -> float:
    """Return ln r of two strengths above zero, r held within the table's range."""
    return log(within.ratio.hold(attacker / defender))


def log_total(attacker: float, defender: float, within: TableRange = UNBOUNDED) -> float:
    """Return ln(N / 10,000) of two strengths above zero, N held within the table's range."""
    return log(within.persons.hold(attacker + defender) / REFERENCE_TOTAL)


@dataclass(frozen=True, slots=True)
class OutcomeLaw:
    """Predictors of ln(h / s t^(s-1)) (``pace``) and ln o (``odds``); ``shape`` s.

    r and N are held ``within`` the table's range.
    """

    pace: Predictor
    odds: Predictor
    shape: float
    within: TableRange = UNBOUNDED

    def levels(
        self, features: Sequence[float], attacker: str, defender: str
    ) -> tuple[float, float]:
        """Factors on (h, o) of the circumstances of an engagement, as of `SideLaw.level`."""
        return (
            exp(self.pace.level(features, attacker, defender)),
            exp(self.odds.level(features, attacker, defender)),
        )

    def rates(
        self, ratio: float, persons: float, levels: tuple[float, float]
    ) -> tuple[float, float]:
        """Rates of the hazards that the defender breaks and that the attacker quits.

        The hazard up to day t is the rate times t^shape. ``ratio``: of the attacker's strength
        to the defender's, ``persons`` of both sides, above zero. ``levels``: of the
        circumstances.
        """
        size = self.within.persons.hold(persons) / REFERENCE_TOTAL
        decided = levels[0] * size ** self.pace.core[1]
        odds = levels[1] * self.within.ratio.hold(ratio) ** self.odds.core[1]
        quits = decided / (1.0 + odds)
        return float(decided - quits), float(quits)
