"""What is on a leg, held against the sides that it concerns."""

from __future__ import annotations

from sandtable.scenario.findings import NOTHING
from sandtable.scenario.schema import LegTable
from sandtable.scenario.validate import Draft, key_of


def check_legs(draft: Draft) -> None:
    """Note every demolition that is nobody's, or of which nobody knows what it costs."""
    for leg in draft.legs:
        _check_demolition(leg, draft)


def _check_demolition(leg: LegTable, draft: Draft) -> None:
    if leg.demolition is None:
        return
    key, allowed = f"{key_of(leg)}.demolition", "one of span_km and repair_days"
    draft.refer(leg, "demolition.side", "side", leg.demolition.side)
    if leg.demolition.span_km is None and leg.demolition.repair_days is None:
        draft.findings.add(f"{key}.span_km", NOTHING, allowed)
    elif leg.demolition.span_km is not None and leg.demolition.repair_days is not None:
        draft.findings.add(key, "both span_km and repair_days", allowed)
