"""How well predictions hold: scores, and their standard errors over wars.

Battles of one war aren't independent. A standard error is therefore that of the jackknife which
leaves out one war at a time: sqrt((g - 1)/g sum (s_i - mean s)^2) over the g wars.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr
from scipy.stats import rankdata

from sandtable.battles.cross_validation import Foretold
from sandtable.battles.mixed import Vector

Mask = npt.NDArray[np.bool_]
Statistic = Callable[[Mask], float]

LOGARITHM_MEASURES = ("rms", "inside 50", "inside 90", "crps")
"""Of quantities: root mean square of ln(recorded / median); share of records inside the middle
50 and 90 percent; continuous ranked probability score of the logarithm."""

CHANCE_MEASURES = ("brier", "auc", "accuracy")
"""Of probabilities: mean squared error; area under the receiver's curve; share called right."""


def crps_normal(mean: Vector, sd: Vector, y: Vector) -> Vector:
    """Continuous ranked probability score of normal predictions of ``y``, in its unit.

    Closed form of Gneiting and Raftery 2007; 0 is perfect. The shapes must agree.
    """
    z = (y - mean) / sd
    density = np.exp(-0.5 * z**2) / sqrt(2.0 * np.pi)
    return np.asarray(sd * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / sqrt(np.pi)))


def auc(chance: Vector, event: Vector) -> float:
    """Chance that a battle with the event has the greater prediction; ties count half.

    NaN unless some battles have the event (1) and some haven't (0).
    """
    happened = event == 1.0
    ones, zeros = int(happened.sum()), int((~happened).sum())
    if not ones or not zeros:
        return float("nan")
    ranks = rankdata(chance)[happened].sum()
    return float((ranks - ones * (ones + 1) / 2.0) / (ones * zeros))


def jackknife(statistic: Statistic, rows: Mask, wars: npt.NDArray[np.str_]) -> tuple[float, float]:
    """A statistic of the battles in ``rows`` and its standard error over their wars.

    The error is NaN for a single war, and where the statistic is NaN without some war.
    """
    names = np.unique(wars[rows])
    if len(names) < 2:
        return statistic(rows), float("nan")
    values = np.array([statistic(rows & (wars != name)) for name in names])
    factor = (len(values) - 1) / len(values)
    return statistic(rows), float(np.sqrt(factor * ((values - values.mean()) ** 2).sum()))


@dataclass(frozen=True)
class Scored:
    """A law's predictions of a quantity beside the record; its measures as statistics of rows."""

    foretold: Foretold

    @cached_property
    def known(self) -> Mask:
        """Which battles have a record of the quantity."""
        return np.isfinite(self.foretold.recorded)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures; the first is the one by which laws are chosen."""
        if self.foretold.values.shape[2] > 1:
            return LOGARITHM_MEASURES
        # One rate for all tells no battles apart; held back, it falls where more have the event.
        single = self.foretold.law == "base-rate"
        return tuple(name for name in CHANCE_MEASURES if not (single and name == "auc"))

    def statistic(self, measure: str) -> Statistic:
        """The measure as a function of the battles over which it is taken (known ones)."""
        if measure == "auc":
            return self._auc
        each = self._each[measure]
        if measure == "rms":
            return lambda rows: float(np.sqrt(each[rows].mean()))
        return lambda rows: float(each[rows].mean())

    def _auc(self, rows: Mask) -> float:
        chances, event = self.foretold.values[:, rows, 0], self.foretold.recorded[rows]
        return float(np.mean([auc(chance, event) for chance in chances]))

    @cached_property
    def _each(self) -> dict[str, Vector]:
        """Of each battle, the mean over repeats of what the measure averages."""
        f = self.foretold
        if f.values.shape[2] == 1:
            chance = f.values[..., 0]
            terms = {
                "brier": (chance - f.recorded) ** 2,
                "accuracy": (chance > 0.5) == (f.recorded == 1.0),
            }
        else:
            y, points = np.log(f.recorded), f.points
            terms = {
                "rms": (y - np.log(points[..., 2])) ** 2,
                "inside 50": (points[..., 1] <= f.recorded) & (f.recorded <= points[..., 3]),
                "inside 90": (points[..., 0] <= f.recorded) & (f.recorded <= points[..., 4]),
                "crps": crps_normal(f.values[..., 0], f.values[..., 1], y),
            }
        return {
            name: np.asarray(values, dtype=np.float64).mean(0) for name, values in terms.items()
        }


def difference(a: Statistic, b: Statistic) -> Statistic:
    """Statistic a less statistic b of the same battles: paired, so what they share goes out."""
    return lambda rows: a(rows) - b(rows)


def pooled(statistics: list[Statistic]) -> Statistic:
    """Root mean square of several, as of both sides' errors together."""
    return lambda rows: float(np.sqrt(np.mean([statistic(rows) ** 2 for statistic in statistics])))
