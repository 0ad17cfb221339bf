"""How a battle ends: two competing hazards, the first to strike decides.

    h_d = exp(a + b ln r + e ln(N / 10,000) + posture)       defender breaks, per day
    h_a = exp(c + d ln r + f ln(N / 10,000) + posture')      attacker quits, per day

r is the attacker's strength over the defender's, N the persons of both sides together, so
that larger battles may last longer. With constant hazards a battle of T days has likelihood

    attacker wins  h_d exp(-(h_d + h_a) T)
    defender wins  h_a exp(-(h_d + h_a) T)
    draw               exp(-(h_d + h_a) T)     neither had happened when it ended (censored)

Fitted by maximum likelihood on the battle table, covariance from the inverse Hessian.

Limits. The durations are those of whole battles as historians bound them, and a battle is
in the table because it was decided or broken off: fitted hazards say how fast such battles
end, not how fast a quiet front does, and a front that never stirred is not in the table at
all. A battle is often cut at a day's end or an objective taken, so durations below a day are
rough. A hazard constant in time lets a battle end in its first minute as easily as in any
other; `weibull_shape` in the coefficients tells how far the table bears that out (1: fully).
The strengths are those of the whole battle, reinforcements included, which a commander at
its start did not have. A hazard does not say why a side quits: manoeuvre, isolation and
supply are not in the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from sandtable.laws.attrition import POSTURE_PARAMETERS, posture_factors

REFERENCE_TOTAL = 10_000.0
"""Persons of both sides at which the scale term vanishes."""

HAZARD_PARAMETERS = ("constant", *POSTURE_PARAMETERS, "ratio", "total")


@dataclass(frozen=True, slots=True)
class Hazard:
    """A rate per day: a factor by posture, and exponents of force ratio and of scale."""

    factors: dict[str, float]
    ratio: float
    total: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Hazard":
        """The hazard from the values of HAZARD_PARAMETERS."""
        return cls(posture_factors(values[0], values[1:4]), values[4], values[5])

    def rate(self, attacker: float, defender: float, posture: str) -> float:
        """Hazard per day; `attacker`, `defender` strengths above zero, defender's posture."""
        ratio, total = attacker / defender, (attacker + defender) / REFERENCE_TOTAL
        return float(self.factors[posture] * ratio**self.ratio * total**self.total)


@dataclass(frozen=True, slots=True)
class OutcomeLaw:
    """The two hazards: `breaks` the defender's, `quits` the attacker's."""

    breaks: Hazard
    quits: Hazard

    def probabilities(
        self, attacker: float, defender: float, posture: str, days: float
    ) -> tuple[float, float, float]:
        """Probability of (attacker win, defender win, undecided) within `days`."""
        h_d = self.breaks.rate(attacker, defender, posture)
        h_a = self.quits.rate(attacker, defender, posture)
        undecided = exp(-(h_d + h_a) * days)
        decided = (1.0 - undecided) / (h_d + h_a)
        return h_d * decided, h_a * decided, undecided

    def log_likelihood(
        self, outcome: str, attacker: float, defender: float, posture: str, days: float
    ) -> float:
        """Log-likelihood of a battle of `days` that ended so: attacker, defender or draw."""
        h_d = self.breaks.rate(attacker, defender, posture)
        h_a = self.quits.rate(attacker, defender, posture)
        event = {"attacker": log(h_d), "defender": log(h_a), "draw": 0.0}[outcome]
        return event - (h_d + h_a) * days
