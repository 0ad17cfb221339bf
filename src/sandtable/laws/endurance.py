"""What wears a formation down and what keeps it going: marches, combat, want of supply, fuel."""

from __future__ import annotations

from sandtable.vocabulary import Terrain

LEAST_UNSUPPLIED = 0.3
"""Share of its effectiveness that a formation out of supply keeps: it has its cartridges."""
MOUNTAIN_FUEL = 1.5
"""Published: half as much fuel again is burnt over the mountain passes."""


def fatigued_days(days: float, rested: float, factor: float) -> float:
    """Days that a march of ``days`` at the full rate takes when ``rested`` of them are fresh.

    After the first ``rested`` days of continuous marching the rate falls to ``factor``.
    """
    return days if days <= rested else rested + (days - rested) / factor


def rested(fatigue: float, days: float, recovery: float) -> float:
    """Effectiveness lost to fatigue (0-1) after ``days`` of rest at ``recovery`` a day."""
    return max(0.0, fatigue - days * recovery)


def tired(fatigue: float, days: float, loss: float, floor: float) -> float:
    """Effectiveness lost to fatigue after ``days`` in action; it never exceeds 1 - floor."""
    return min(1.0 - floor, fatigue + days * loss)


def unsupplied(days: float, wear: float) -> float:
    """Factor on the effectiveness after ``days`` without supply, with ``wear`` lost a day."""
    return max(LEAST_UNSUPPLIED, 1.0 - wear * days)


def fuel_for(km: float, terrain: Terrain) -> float:
    """Fuel for ``km`` over a terrain, as distance on rolling ground."""
    return km * (MOUNTAIN_FUEL if terrain == "mountain" else 1.0)


def lift(at_railhead: float, line_km: float, halves_km: float) -> float:
    """Fuel or ammunition lifted a day over a line of communication of ``line_km``.

    Lift falls by half over each ``halves_km``: trucks that carry it burn and travel in
    proportion to the way (an exponential in place of the truck-company tables).
    """
    return float(at_railhead * 0.5 ** (line_km / halves_km))


def without_ammunition(resupply: float) -> float:
    """Factor on the effectiveness of an attack that has fired what it carried.

    It fires as much as comes up, ``resupply`` of a day's need in a day; with nothing it has its
    cartridges, as a formation out of supply.
    """
    return LEAST_UNSUPPLIED + (1.0 - LEAST_UNSUPPLIED) * min(1.0, resupply)
