"""Ranges of figures and of dates, as text."""

from __future__ import annotations

from datetime import datetime

from sandtable.cli.output import figures

Bound = float | datetime | None


def stated(low: Bound, high: Bound) -> str:
    """Write the range of a fact, whose ends are numbers, moments, or open."""
    if isinstance(low, datetime) or isinstance(high, datetime):
        ends = [f"{end:%Y-%m-%d %H:%M}" if isinstance(end, datetime) else "" for end in (low, high)]
        return ends[0] if ends[0] == ends[1] else "–".join(ends)
    return figures(low, high)
