"""The tracks of a replication as one table of comma-separated values, a row a stay."""

from __future__ import annotations

from collections.abc import Iterator

from sandtable import plain_text
from sandtable.export.picture import Picture
from sandtable.symbols import sidc

COLUMNS = (
    "replication", "time_start", "time_end", "day", "formation", "name", "side", "coalition",
    "type", "echelon", "parent", "sidc", "lat", "lon", "place", "toward", "share", "personnel",
    "tanks", "status",
)  # fmt: skip
"""What each holds is told in docs/export.md."""


def csv_text(picture: Picture) -> str:
    """Return the table (RFC 4180, but for lines that end in a line feed alone)."""
    return plain_text.csv_text(COLUMNS, _rows(picture))


def _rows(picture: Picture) -> Iterator[tuple[object, ...]]:
    for formation, stays in picture.tracked():
        code = sidc(formation.type, formation.echelon, formation.coalition)
        for stay in stays:
            track, point = stay.track, stay.point
            yield (
                picture.number, picture.time(track.day), picture.time(stay.until),
                round(track.day, 5), formation.id, formation.name, formation.side,
                formation.coalition, formation.type, formation.echelon, formation.parent or "",
                code, point.lat if point else "", point.lon if point else "", track.place,
                track.toward, round(track.share, 4), round(track.personnel),
                round(track.tanks, 1), track.status,
            )  # fmt: skip
