"""The only list of the columns of the table of tracks, and where a formation stood in one row."""

from __future__ import annotations

from typing import Literal, NamedTuple

TrackStatus = Literal[
    "holding", "marching", "attacking", "defending", "retreating", "pocket", "aboard",
    "off the map", "ceased fire", "surrendered", "destroyed",
]  # fmt: skip

STATUSES: dict[TrackStatus, str] = {
    "holding": "stands, in a column or by itself",
    "marching": "moves, or comes up behind the head of its column; by rail too",
    "attacking": "its column attacks a place",
    "defending": "its place is attacked",
    "retreating": "goes back after a defeat, or has broken out of a pocket",
    "pocket": "hides without a way out, beaten and cut off",
    "aboard": "craft carry it; `share` is that of its men who are ashore",
    "off the map": "has not come to any place yet, or has no part in this phase of the campaign",
    "ceased fire": "the order to cease fire has reached it",
    "surrendered": "has given itself up",
    "destroyed": "was overrun to the last man",
}
"""What a formation does in a row of its track."""


class Track(NamedTuple):
    """Where and how a formation stands, from ``day`` until its next row.

    ``day`` counts from H-hour. It stands at ``place``, or has gone ``share`` (0-1) of the leg from
    ``place`` to ``toward``, which is empty while it stands at the place; ``place`` is empty while
    it is off the map. ``personnel`` and ``tanks`` are those present and fit for action.
    """

    day: float
    formation: str
    place: str
    toward: str
    share: float
    personnel: float
    tanks: float
    status: TrackStatus


class TrackColumn(NamedTuple):
    """What a column holds: its kind, the unit and the meaning."""

    kind: Literal["number", "text"]
    unit: str
    meaning: str


TRACK_COLUMNS: dict[str, TrackColumn] = {
    "day": TrackColumn("number", "day", "from H-hour; the row holds until the formation's next"),
    "formation": TrackColumn("text", "id", "whose track it is"),
    "place": TrackColumn("text", "id", "where it stands or set out from; empty: off the map"),
    "toward": TrackColumn("text", "id", "end of the leg that it is on; empty: it is at the place"),
    "share": TrackColumn("number", "share", "of that leg that is behind it, 0 to 1"),
    "personnel": TrackColumn("number", "person", "present"),
    "tanks": TrackColumn("number", "tank", "fit for action"),
    "status": TrackColumn("text", "id", "what it does"),
}
"""In the order of the table, after the replication's number."""
