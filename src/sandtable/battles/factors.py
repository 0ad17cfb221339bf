"""What each factor of the full laws is worth: the laws without it.

A factor is left out by making it unknown in every battle, or the same in all: its column is
then empty and its coefficient falls to nothing, which is the law without it, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandtable.laws.circumstances import POSTURE_FEATURES, Circumstances, nation_level

_SAME_YEAR = 1940.0


def _without_year(c: Circumstances) -> Circumstances:
    # The armies of different eras stay apart: the era goes into the name.
    attacker, defender = (
        nation_level(nation, c.year) for nation in (c.attacker_nation, c.defender_nation)
    )
    return replace(c, year=_SAME_YEAR, attacker_nation=attacker, defender_nation=defender)


def _without_war(c: Circumstances) -> Circumstances:
    # Campaigns of different wars stay apart.
    return replace(c, war="", campaign=c.campaign and f"{c.war}: {c.campaign}")


FACTORS: dict[str, Callable[[Circumstances], Circumstances]] = {
    "posture": lambda c: replace(c, posture="hasty"),
    "weather": lambda c: replace(c, wet=None),
    "tanks": lambda c: replace(c, attacker_tanks=None, defender_tanks=None),
    "air": lambda c: replace(c, air=None),
    "surprise": lambda c: replace(c, surprise=None),
    "year": _without_year,
    "density": lambda c: replace(c, front_km=None),
    "war": _without_war,
    "campaign": lambda c: replace(c, campaign=""),
    "armies": lambda c: replace(c, attacker_nation="", defender_nation=""),
}
"""Circumstances without each factor, by its name."""

USED: dict[str, set[str]] = {
    "posture": set(POSTURE_FEATURES),
    "weather": {"wet"},
    "tanks": {"attacker-tanks", "defender-tanks"},
    "air": {"air"},
    "surprise": {"surprise"},
    "year": {"year"},
    "density": {"density"},
    "war": {"war"},
    "campaign": {"campaign"},
    "armies": {"attacking-nation", "defending-nation"},
}
"""The features and groups of effects that each factor stands for."""
