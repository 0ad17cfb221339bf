"""The event log: what happened, when, where, to whom and why, as plain records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``day`` counts from H-hour, empty strings where a field doesn't apply."""

    day: float
    kind: str
    place: str = ""
    formation: str = ""
    side: str = ""
    cause: str = ""
    text: str = ""
