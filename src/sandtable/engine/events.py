"""The event log: what happened, when, where, to whom and why, as plain records."""

from __future__ import annotations

from dataclasses import asdict, dataclass


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

    def record(self) -> dict[str, object]:
        """The event as a plain dictionary, ``day`` rounded to a minute or so."""
        plain = asdict(self)
        plain["day"] = round(self.day, 3)
        return plain
