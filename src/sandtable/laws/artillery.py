"""What guns do that reach over ground: support from outside a fight, and bombardment without one.

    factor = ((1 + g') / (1 + g))^a          on the opponent's casualties
    c      = guns w n / m                    casualties a day of a bombardment

g guns a thousand men of the force, as the law of casualties takes them; g' those that can fire on
the place; a how far casualties go with the opponent's guns; n rounds a gun a day, m rounds to a
casualty, w the worth of fire that nobody observes (1 where it is observed). The battle table
bears out no more than a small a: guns are in no shipped law of casualties.
"""

from __future__ import annotations

from math import expm1

from sandtable.laws.planning import ArtilleryFigures


def support_factor(men: float, guns: float, firing: float, figures: ArtilleryFigures) -> float:
    """Factor on the casualties of those whom a force of ``men`` fights.

    ``guns``: all of the force; ``firing``: those of it and of others that can fire on the place,
    less what fire unseen is worth less. 1 where they are the same.
    """
    density, reaching = 1000.0 * guns / men, 1000.0 * firing / men
    return float(((1.0 + reaching) / (1.0 + density)) ** figures.exponent)


def casualties_a_day(guns: float, figures: ArtilleryFigures) -> float:
    """Persons whom the fire of so many guns costs in a day, in the open or in field works."""
    return guns * figures.rounds / figures.rounds_to_a_casualty


def share_lost(casualties: float, men: float) -> float:
    """Share (0-1) of those left whom fire costs, 1 - exp(-c / men).

    ``men``: of the position at full strength, ``casualties``: what the fire would cost those.
    """
    return -expm1(-casualties / men) if men > 0.0 else 0.0
