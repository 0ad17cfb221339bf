"""State of a formation between fights: fatigue, supply lift."""

from __future__ import annotations


def rested(fatigue: float, days: float, recovery: float) -> float:
    """Effectiveness lost to fatigue (0-1) after ``days`` of rest at ``recovery`` a day."""
    return max(0.0, fatigue - days * recovery)


def tired(fatigue: float, days: float, loss: float, floor: float) -> float:
    """Effectiveness lost to fatigue after ``days`` in action; it never exceeds 1 - floor."""
    return min(1.0 - floor, fatigue + days * loss)


def lift(at_railhead: float, line_km: float, halves_km: float) -> float:
    """Fuel lifted a day over a line of communication of ``line_km``.

    Lift falls by half over each ``halves_km``: trucks that carry it burn and travel in
    proportion to the way (an exponential in place of the truck-company tables).
    """
    return float(at_railhead * 0.5 ** (line_km / halves_km))
