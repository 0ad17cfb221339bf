"""What the figures of the battle laws share: names, looks, what has a logarithm, intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sandtable.battles.predictions import LEVELS, Predictions
from sandtable.errors import nearest
from sandtable.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Floats,
)
from sandtable.figures.text import SMALL

Mask = NDArray[np.bool_]

WINS = "attacker wins"
UNITS = {
    "attacker casualties": "persons",
    "defender casualties": "persons",
    "advance": "km/day",
    WINS: "probability",
}
# Quantities of which errors are taken as natural logarithms.
LOGARITHMIC = ("attacker casualties", "defender casualties", "advance")

SOURCE = (
    "Battles: CDB90 battle data base, U.S. Army Concepts Analysis Agency, corrected edition of "
    "J. Arnold. No battle was predicted by a law fitted on it."
)
INDEPENDENT = (
    "Intervals and bands take battles as independent, which battles of one war are not: they are "
    "rather too narrow."
)

_COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
# One more than colours, so that after a round of either no pair comes back.
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Look:
    """How one law under one scheme is drawn; ``hollow`` marks stand for a second scheme."""

    label: str
    colour: str
    marker: str
    hollow: bool

    @property
    def mark(self) -> dict[str, Any]:
        """Keywords of its marker."""
        return {
            "color": self.colour,
            "marker": self.marker,
            "markersize": 5.0,
            "markerfacecolor": "white" if self.hollow else self.colour,
            "markeredgewidth": 0.9,
        }

    @property
    def handle(self) -> Line2D:
        """Its entry in a legend."""
        return Line2D([], [], linestyle="", label=self.label, **self.mark)


def looks(predictions: Iterable[Predictions]) -> dict[tuple[str, str], Look]:
    """Return the look of each (law, scheme): a colour and a shape a law, a filling a scheme."""
    keys = list(dict.fromkeys((p.law, p.scheme) for p in predictions))
    laws = list(dict.fromkeys(law for law, _ in keys))
    schemes = list(dict.fromkeys(scheme for _, scheme in keys))
    found = {}
    for law, scheme in sorted(keys, key=lambda key: (laws.index(key[0]), schemes.index(key[1]))):
        rank = laws.index(law)
        found[law, scheme] = Look(
            ", ".join((law, *([scheme] if len(schemes) > 1 else []))),
            _COLOURS[rank % len(_COLOURS)],
            _MARKERS[rank % len(_MARKERS)],
            schemes.index(scheme) > 0,
        )
    return found


def by_quantity(
    predictions: Iterable[Predictions], quantities: Sequence[str]
) -> dict[str, list[Predictions]]:
    """Return the predictions of each of ``quantities`` that has any, in the order of looks.

    Raises ValueError, all faults at once, for predictions that contradict their description or
    hold no battle, for two of the same quantity, law and scheme, for more than two schemes, and
    if none is left.
    """
    given = list(predictions)
    faults = [f"{p.quantity}, {p.law}, {p.scheme}: {fault}" for p in given for fault in _faults(p)]
    keys = Counter((p.quantity, p.law, p.scheme) for p in given)
    faults += [f"{', '.join(key)}: given {count} times" for key, count in keys.items() if count > 1]
    schemes = sorted({p.scheme for p in given})
    if len(schemes) > 2:
        faults.append(f"schemes {', '.join(schemes)}: at most two fit one figure")
    order = list(looks(given))
    given.sort(key=lambda p: order.index((p.law, p.scheme)))
    found = {name: [p for p in given if p.quantity == name] for name in quantities}
    found = {name: own for name, own in found.items() if own}
    if not found:
        faults.append(f"no predictions of {' or '.join(quantities)}")
    if faults:
        raise ValueError("; ".join(faults))
    return found


def _faults(p: Predictions) -> list[str]:
    if p.quantity not in UNITS:
        return [f"no such quantity; nearest: {nearest(p.quantity, UNITS) or ', '.join(UNITS)}"]
    count, points = len(p.recorded), 1 if p.quantity == WINS else len(LEVELS)
    faults = [
        f"{name} has shape {values.shape}, must have {shape}"
        for name, values, shape in (
            ("recorded", p.recorded, (count,)),
            ("quantiles", p.quantiles, (count, points)),
            ("years", p.years, (count,)),
        )
        if values.shape != shape
    ]
    if not faults and p.quantity == WINS:
        told = p.recorded[np.isfinite(p.recorded)]
        if not np.isin(told, (0.0, 1.0)).all():
            faults.append("recorded must be 1 or 0")
        if (p.quantiles < 0.0).any() or (p.quantiles > 1.0).any():
            faults.append("a probability must lie in 0 to 1")
    if not faults and (np.diff(p.quantiles, axis=1) < 0.0).any():
        faults.append("quantiles must not fall")
    if not faults and not known(p).any():
        faults.append("no battle has both a record and a prediction")
    return faults


def known(p: Predictions) -> Mask:
    """Which battles have both a record and a prediction."""
    return np.asarray(np.isfinite(p.recorded) & np.isfinite(p.quantiles).all(axis=1))


def has_logarithm(p: Predictions) -> Mask:
    """Which battles have a record and a predicted median above nought."""
    return np.asarray(known(p) & (p.recorded > 0.0) & (p.quantiles[:, 2] > 0.0))


def log_errors(p: Predictions) -> Floats:
    """Return ln(recorded / predicted median) of each battle, NaN where there is no such."""
    errors = np.full(len(p.recorded), np.nan)
    chosen = has_logarithm(p)
    errors[chosen] = np.log(p.recorded[chosen] / p.quantiles[chosen, 2])
    return errors


def without_logarithm(p: Predictions) -> dict[str, int]:
    """Count the battles without a logarithm by reason, each once; reasons of none left out.

    Those that were predicted but have no record are among them.
    """
    told = known(p)
    stuck = told & (p.recorded <= 0.0)
    reasons = {
        "unknown": ~told,
        "recorded ≤ 0": stuck,
        "predicted ≤ 0": told & ~stuck & (p.quantiles[:, 2] <= 0.0),
    }
    counts = Counter({reason: int(np.count_nonzero(mask)) for reason, mask in reasons.items()})
    counts.update(p.unrecorded)
    return {reason: count for reason, count in counts.items() if count}


def inside(p: Predictions, low: int, high: int) -> Mask:
    """Which of the known battles are recorded between two of the quantiles, ends included."""
    told = known(p)
    recorded, points = p.recorded[told], p.quantiles[told]
    return np.asarray((points[:, low] <= recorded) & (recorded <= points[:, high]))


def count_text(counts: Iterable[int]) -> str:
    """Return a count, or where laws differ the range of their counts: ``262 to 272``."""
    ordered = sorted(set(counts))
    return f"{ordered[0]:,}" if len(ordered) == 1 else f"{ordered[0]:,} to {ordered[-1]:,}"


def battles_text(counts: Iterable[int]) -> str:
    """Return ``272 battles``, or the range of counts where laws differ."""
    text = count_text(counts)
    return f"{text} battle{'' if text == '1' else 's'}"


def heading(quantity: str) -> str:
    """Return the quantity's name as it begins a title."""
    return quantity[0].upper() + quantity[1:]


def note(axes: Axes, text: str) -> None:
    """Write what a panel leaves out beside its title, at the right end."""
    axes.text(
        1.0, 1.02, text, transform=axes.transAxes, size=SMALL, color=GREY, ha="right", va="bottom"
    )


def wilson(successes: float, trials: int) -> tuple[float, float]:
    """Return the 95 percent interval of a share after Wilson (1927), ends in 0 to 1."""
    z2 = _Z95**2
    middle = (successes + z2 / 2) / (trials + z2)
    spread = successes * (trials - successes) / trials + z2 / 4
    half = _Z95 * sqrt(spread) / (trials + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def binomial_band(nominal: Floats, trials: int) -> Floats:
    """Return the shares, shape (2, n), between which 95 percent of samples of battles lie.

    ``nominal`` holds n true shares in 0 to 1. The 2.5 and 97.5 percent points of the binomial
    distribution, divided by ``trials``.
    """
    # scipy takes longer to import than a page to draw, and no other figure needs it.
    from scipy import special

    counts = np.arange(trials + 1.0)
    ends = [
        np.searchsorted(special.bdtr(counts, trials, share), (0.025, 0.975)) for share in nominal
    ]
    return np.asarray(np.array(ends, dtype=np.float64).T / trials)


def mean_interval(values: Floats) -> tuple[float, float]:
    """Return the 95 percent interval of a mean after Student, of at least two values."""
    from scipy import special

    half = float(special.stdtrit(len(values) - 1, 0.975)) * values.std(ddof=1) / sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


def rms(values: Floats) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(values**2)))


def rms_interval(values: Floats) -> tuple[float, float]:
    """Return the 95 percent interval of a root mean square, of at least two values.

    The square root of the interval of the mean square, so that errors need not be normal.
    """
    low, high = mean_interval(values**2)
    return sqrt(max(0.0, low)), sqrt(high)
