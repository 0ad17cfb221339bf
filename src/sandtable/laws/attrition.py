"""Attrition of an engagement: one formula, five laws by name.

    C(T) = exp(k + posture) * own^p * opponent^q * T^c        for each side

C casualties (persons killed, wounded, missing and captured) of a side up to time T, own and
opponent persons engaged over the whole engagement (first strength and reinforcements; in a
campaign the opponent's persons times their effectiveness), T days since it began. Posture is
the defender's. The laws differ only in which exponents are fixed beforehand:

| law | p | q | c | source |
|---|---|---|---|---|
| `logarithmic` | 1 | 0 | 1 | Peterson: a constant fraction of the own force a day |
| `square` | 0 | 1 | 1 | Lanchester 1916, aimed fire |
| `linear` | 1 | 1 | 1 | Lanchester 1916, area fire |
| `free-exponents` | fitted | fitted | 1 | Helmbold, Bracken 1995 |
| `fatigue` | fitted | fitted | fitted | c < 1: intensity falls as the fight goes on |

Limits. Fitted across whole battles, so the course inside one is interpolation: `fatigue`
takes from long and short battles how one battle goes on, though long battles are also the
less intense ones from their first day, and its c is as much that selection as weariness.
The opponent's weapons do not enter. Own and opponent strength vary together in the table, so
their exponents are known less well apart than in sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

POSTURES = ("hasty", "prepared", "fortified", "delay", "withdrawal")
# Hasty defence is the reference. The battle table holds a single withdrawal, too few for a
# coefficient of its own: it takes the one of delay, the other mobile defence.
POSTURE_PARAMETERS = ("prepared", "fortified", "delay")


def posture_factors(constant: float, offsets: Sequence[float]) -> dict[str, float]:
    """exp(constant + offset) for every posture; `offsets` in the order of POSTURE_PARAMETERS."""
    prepared, fortified, delay = offsets
    mobile = exp(constant + delay)
    return {
        "hasty": exp(constant),
        "prepared": exp(constant + prepared),
        "fortified": exp(constant + fortified),
        "delay": mobile,
        "withdrawal": mobile,
    }


@dataclass(frozen=True, slots=True)
class SideLaw:
    """How one side loses men: `factors` is exp(k + posture) by posture, the rest exponents."""

    factors: dict[str, float]
    own: float
    opponent: float
    time: float

    def scale(self, own: float, opponent: float, posture: str) -> float:
        """Casualties of the first day of an engagement: persons / day^time.

        `own`, `opponent`: persons engaged (times effectiveness for the opponent); no losses
        where either side is absent. `posture`: one of POSTURES, the defender's. The result
        may exceed `own`: the caller caps the casualties at the strength.
        """
        if own <= 0.0 or opponent <= 0.0:
            return 0.0
        return float(self.factors[posture] * own**self.own * opponent**self.opponent)

    def between(self, scale: float, t0: float, t1: float) -> float:
        """Casualties from `t0` to `t1` days after the engagement began (0 <= t0 <= t1)."""
        c = self.time
        if c == 1.0:
            return scale * (t1 - t0)
        return float(scale * (t1**c - t0**c))


@dataclass(frozen=True, slots=True)
class AttritionLaw:
    """Both sides' laws and the spread of an engagement about them.

    `residual`: lower Cholesky factor (l11, l21, l22) of the covariance of the residuals of
    ln casualties, attacker first.
    """

    name: str
    attacker: SideLaw
    defender: SideLaw
    residual: tuple[float, float, float]

    def spread(self, z_attacker: float, z_defender: float) -> tuple[float, float]:
        """Factors on the casualties of (attacker, defender) in one engagement.

        From two independent standard normals; their median is 1, so the law gives the
        median of casualties and not their mean.
        """
        l11, l21, l22 = self.residual
        return exp(l11 * z_attacker), exp(l21 * z_attacker + l22 * z_defender)


@dataclass(frozen=True, slots=True)
class Form:
    """Which exponents a law fixes (a number) and which are fitted (None)."""

    own: float | None
    opponent: float | None
    time: float | None

    def parameters(self) -> tuple[str, ...]:
        """Names of one side's fitted parameters, in the order `side` takes their values.

        The exponent of time goes by its logarithm: casualties never fall as time goes on,
        so no draw may take the exponent to zero or below.
        """
        exponents = {"own": self.own, "opponent": self.opponent, "log-time": self.time}
        fitted = (name for name, fixed in exponents.items() if fixed is None)
        return ("constant", *POSTURE_PARAMETERS, *fitted)

    def side(self, values: Sequence[float]) -> SideLaw:
        """The law of one side from the values of `parameters()`."""
        fitted = iter(values[4:])
        own = next(fitted) if self.own is None else self.own
        opponent = next(fitted) if self.opponent is None else self.opponent
        time = exp(next(fitted)) if self.time is None else self.time
        return SideLaw(posture_factors(values[0], values[1:4]), own, opponent, time)


FORMS = {
    "logarithmic": Form(own=1.0, opponent=0.0, time=1.0),
    "square": Form(own=0.0, opponent=1.0, time=1.0),
    "linear": Form(own=1.0, opponent=1.0, time=1.0),
    "free-exponents": Form(own=None, opponent=None, time=1.0),
    "fatigue": Form(own=None, opponent=None, time=None),
}
