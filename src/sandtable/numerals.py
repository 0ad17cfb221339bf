"""How numbers are written wherever the program writes them for a reader."""

from __future__ import annotations

import math

from sandtable.plain_text import NBSP


def figure(value: float | None) -> str:
    """Write a number as a reader wants it: thousands whole, small ones to three digits.

    An infinite one is a day that never comes, NaN or None what cannot be told.
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "never"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def figures(low: float | None, high: float | None) -> str:
    """Write a range as one text; an open end is None."""
    if low is None and high is None:
        return figure(None)
    if low is None or high is None:
        return f"≤{NBSP}{figure(high)}" if low is None else f"≥{NBSP}{figure(low)}"
    return figure(low) if low == high else f"{figure(low)}–{figure(high)}"
