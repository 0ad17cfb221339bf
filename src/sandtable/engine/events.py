"""The event log: what happened, when, where, to whom and why, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal[
    "phase begins", "phase ends", "order", "lands", "wave lands", "weapons land",
    "waits for weather", "battle begins", "joins", "battle ends",
    "contact", "deserted", "defence broken", "defence gone", "attack broken off",
    "captured", "depot taken", "park taken", "masked", "besieged", "passes",
    "halts for fuel", "runs short",
    "waits for the main body", "halts at the border",
    "bridge blown", "bridge intact",
    "bombards", "bombardment ends",
    "entrains", "fuel arrives by air", "falls back", "breaks up", "withdraws", "arrives",
    "encircled", "relieved", "at bay", "breaks out", "ceases fire", "surrendered", "destroyed",
]  # fmt: skip
"""Kinds of event; docs/results.md says what each means."""

Details = Mapping[str, float | str]

DETAILS: Mapping[EventKind, tuple[str, ...]] = {
    "order": ("order", "what"),
    "lands": ("what",),
    "wave lands": ("men", "lost", "craft_lost"),
    "weapons land": ("tanks", "guns", "armoured_cars"),
    "joins": ("men", "formations"),
    "contact": (
        "attackers", "defenders", "attacker_tanks", "defender_tanks", "ratio", "posture",
        "terrain", "obstacle",
    ),
    "deserted": ("men",),
    "park taken": ("tanks", "aircraft"),
    "runs short": ("strength",),
    "waits for the main body": ("men", "against"),
    "bridge blown": ("days",),
    "bombards": ("guns",),
    "bombardment ends": ("men",),
    "entrains": ("to",),
    "withdraws": ("men",),
    "encircled": ("men",),
    "breaks out": ("men",),
    "surrendered": ("men",),
    "destroyed": ("men",),
}  # fmt: skip
"""The details that events of a kind have; those of a kind that is not here have none.

``men`` are persons: present, or lost by it; ``strength`` a share (0-1), ``days`` days, ``order``
and ``to`` ids of an order and a place, the others counts and words of the scenario.
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One event; a string is empty where it doesn't apply.

    ``day`` counts from H-hour. ``formation``: whom it befell or who did it; of a column, its
    leading formation, whose ``side`` and ``coalition`` these are. ``axis``: that of the column
    that acted, if it follows one. ``cause``: of a defeat, as in ``quit/<cause>``. ``battle``: its
    number in the replication, from 1; 0 where there is none. ``details``: the figures of ``text``
    and others, by the names of ``DETAILS``.
    """

    day: float
    kind: EventKind
    formation: str = ""
    axis: str = ""
    place: str = ""
    side: str = ""
    coalition: str = ""
    cause: str = ""
    text: str = ""
    battle: int = 0
    details: Details = field(default_factory=dict)
