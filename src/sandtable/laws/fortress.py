"""How long a garrison without a way out holds.

    ln T = ln m + b ln(G / 10,000) + s z

T days from investment, G men of the garrison, z standard normal. Size says little, and the
spread is honest: from a tenth of the median to ten times it (planning figures ``siege``).
"""

from __future__ import annotations

from math import exp, log

from sandtable.laws.outcome import REFERENCE_TOTAL
from sandtable.laws.planning import SiegeFigures


def days_at_bay(figures: SiegeFigures, garrison: float, z: float, *, fortified: bool) -> float:
    """Days that ``garrison`` men hold out; ``z`` a standard normal draw.

    ``fortified``: whether they stand in works, or in the open as a pocket.
    """
    if not fortified:
        return figures.pocket_days * exp(figures.pocket_spread * z)
    size = log(max(garrison, 1.0) / REFERENCE_TOTAL)
    return figures.days * exp(figures.size * size + figures.spread * z)
