"""What a battle's casualties follow from: when it would be decided, and who bears them by then."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf
from typing import TYPE_CHECKING, NamedTuple

from sandtable.laws.growth import between, days_until

if TYPE_CHECKING:
    from sandtable.engine.assessment import Phase
    from sandtable.engine.battle import Battle


class Reckoning(NamedTuple):
    """What casualties follow from, from one assessment to the next.

    ``end``: age of the battle, in days, at which it would be decided; inf: never. ``factors``: on
    the casualties of attackers and defenders. ``borne``: share (0-1) of the defence's casualties
    at the end that has fallen to its positions so far; it grows by ``growth`` a
    day^(the defence's exponent of time) from the age of which that power is ``since``.
    """

    end: float
    factors: tuple[float, float]
    borne: float
    growth: float
    since: float


def reckoning(
    battle: Battle, phases: Sequence[Phase], goes_on: float, factors: tuple[float, float]
) -> Reckoning:
    """How casualties grow at these rates.

    Those of the defence fall to its positions, by their men, from the day on which each is first
    fought for to that on which it breaks. ``goes_on``: days for which the attack would go on if
    nothing broke.
    """
    age, within = battle.age, battle.toll.within[1]
    breaks = fsum([phase.breaks for phase in phases])
    end = age + goes_on
    if breaks > 0.0:
        end = age + days_until(breaks, battle.shape, age, battle.power_left(), goes_on)
    if end == inf:
        return Reckoning(end, factors, 0.0, 0.0, 0.0)
    now, last = age**within, end**within
    borne = at_end = battle.beaten_men
    growth = work = 0.0
    for phase in phases:
        engagement = phase.line.engagement
        men = battle.unbroken_men(engagement)
        start = battle.opened[engagement.node.id] ** within
        holds = holds_out(battle, phase)
        broken = last if holds == inf else (age + holds) ** within
        span = broken - start
        if span <= 0.0:
            borne, at_end = borne + men, at_end + men
            continue
        borne += men * (now - start) / span
        growth += men / span
        at_end += men * (min(last, broken) - start) / span
        work += battle.work_left(engagement)
    # What of the staying power is used up after that is that of positions further back.
    used = between(breaks, battle.shape, age, end)
    if used > work and battle.resolve > 0.0:
        at_end += (used - work) / battle.resolve * battle.first_men
    if at_end <= 0.0:
        return Reckoning(end, factors, 0.0, 0.0, now)
    return Reckoning(end, factors, borne / at_end, growth / at_end, now)


def holds_out(battle: Battle, phase: Phase) -> float:
    """Days until a position breaks at its rate; inf: never."""
    if phase.breaks <= 0.0:
        return inf
    left = battle.work_left(phase.line.engagement)
    return days_until(phase.breaks, battle.shape, battle.age, left, inf)
