"""The event log: what happened, when, where, to whom and why, as plain records."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Event:
    """One event; a string is empty where it doesn't apply.

    ``day`` counts from H-hour. ``formation``: whom it befell or who did it; of a column, its
    leading formation, whose ``side`` and ``coalition`` these are. ``axis``: that of the column
    that acted, if it follows one. ``cause``: of a defeat, as in ``quit/<cause>``. ``battle``: its
    number in the replication, from 1; 0 where there is none.
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
