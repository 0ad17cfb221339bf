"""The recorded claims beside the run: a row each, with what the figures call it."""

from __future__ import annotations

import math
from typing import Any

from sandtable.outcomes import parse, split_phase
from sandtable.report.material import Material


def claims_block(material: Material) -> list[dict[str, Any]]:
    """Return the rows of the comparison in their order.

    ``label`` is the outcome in words, ``record`` and ``median`` how figures write the claim and
    the run's median; ``kind`` is the form of the outcome, and ``about`` what stands in its slots.
    An end of ``claim`` is null if it is open; of ``quantiles`` (5, 25, 50, 75, 95 percent) one
    that is ``"never"`` lies beyond the campaign's end.
    """
    context = material.context
    found = []
    for row in material.run.compare():
        told = parse(row.outcome)
        assert told is not None
        values = row.p05, row.p25, row.p50, row.p75, row.p95
        found.append(
            {
                "claim": row.claim,
                "outcome": row.outcome,
                "label": context.describe(row.outcome),
                "kind": told.form.pattern.partition("/")[0],
                "phase": split_phase(row.outcome)[0],
                "about": dict(told.slots),
                "unit": row.unit,
                "range": [_end(row.claim_low), _end(row.claim_high)],
                "record": context.range_text(row.outcome, row.claim_low, row.claim_high),
                "quantiles": [number(value) for value in values],
                "median": _median(row.p50, row.outcome, material),
                "claimant": row.claimant,
                "source": row.source,
                "verdict": row.verdict,
                "given": row.given,
                "note": row.note,
            }
        )
    return found


def _median(value: float, outcome: str, material: Material) -> str:
    if math.isnan(value):
        return "no answer"
    return "never" if math.isinf(value) else material.context.value_text(outcome, value)


def _end(value: float) -> float | None:
    return None if math.isinf(value) else number(value)  # type: ignore[return-value]


def number(value: float) -> float | str | None:
    """Return a number to six digits; null if it can't be said, ``"never"`` for infinity."""
    if math.isnan(value):
        return None
    return "never" if math.isinf(value) else float(f"{value:.6g}")
