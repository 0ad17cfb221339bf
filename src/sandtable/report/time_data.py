"""The time of the campaign: its days, its phases, and the stretches in which it is played."""

from __future__ import annotations

from typing import Any

from sandtable.report.material import Material


def time_block(material: Material) -> dict[str, Any]:
    """Return the campaign's time, all moments in days from H-hour.

    ``h_hour`` is a local time without its zone; ``moments`` are those of the daily series;
    ``parts`` are the phases, with what they are called and who attacks, or the whole campaign
    under an empty id.
    """
    calendar = material.calendar
    return {
        "h_hour": calendar.h_hour.replace(tzinfo=None).isoformat(timespec="minutes"),
        "days": round(calendar.days, 4),
        "moments": [round(day, 4) for day in calendar.daily_moments()],
        "parts": [
            {
                "id": span.id,
                "name": part.phase_name,
                "start": round(span.start, 4),
                "end": round(span.end, 4),
                "attackers": [s.id for s in part.sides if s.coalition == "attacker"],
            }
            for span, part in material.parts()
        ],
    }
