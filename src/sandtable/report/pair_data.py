"""Two runs beside each other: what the second changes, replication by replication."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sandtable.ensemble import Difference
from sandtable.figures.comparison import moved_outcomes
from sandtable.figures.context import units_text
from sandtable.outcomes import is_moment
from sandtable.report.material import Material
from sandtable.representation import number_text

_MOST_LISTED = 6


def pair_block(first: Material, second: Material) -> dict[str, Any]:
    """Return what the ``second`` run changes from the ``first``, one of the same campaign.

    ``names`` of both runs; ``notes`` on what limits the pairing, in sentences; ``moved``: the
    headline outcomes that differ in any pair, with their differences, second less first, in words
    and numbers; ``same``: how many headline outcomes don't. Raises SandtableError if the runs
    have no replication in common.
    """
    moved = moved_outcomes(first.run, [second.run])
    shared = [name for name in first.run.manifest["headline"] if name in second.run.outcomes]
    return {
        "names": names(first, second),
        "notes": notes(first.run.manifest, second.run.manifest),
        "moved": [_moved(row.outcome, row.unit, row.differences[0], first) for row in moved],
        "same": len(shared) - len(moved),
    }


def names(first: Material, second: Material) -> list[str]:
    """Return what both runs are called, told apart by what they changed, else by their seeds."""
    told = [one.context.changes or "as it stands" for one in (first, second)]
    if told[0] != told[1]:
        return told
    seeds = [one.run.manifest["seed"] for one in (first, second)]
    if seeds[0] != seeds[1]:
        return [f"{name}, seed {seed}" for name, seed in zip(told, seeds, strict=True)]
    return [f"{name}, {place} run" for name, place in zip(told, ("first", "second"), strict=True)]


def notes(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return in sentences in what two runs, by their manifests, are unlike beside their changes."""
    found = []
    seeds = first["seed"], second["seed"]
    if seeds[0] != seeds[1]:
        found.append(
            f"The seeds differ ({seeds[0]} and {seeds[1]}): the runs share no draws, so that a "
            "difference holds the chance of both."
        )
    counts = first["replications"], second["replications"]
    if counts[0] != counts[1]:
        found.append(
            f"{counts[0]:,} and {counts[1]:,} replications: only those are paired whose number "
            "both runs have."
        )
    keys = sorted({*first["digests"], *second["digests"]} - {"scenario", "overlay"})
    unlike = [key for key in keys if first["digests"].get(key) != second["digests"].get(key)]
    if unlike:
        found.append(f"What the runs rest on differs: {', '.join(unlike[:_MOST_LISTED])}.")
    return found


def _moved(outcome: str, unit: str, told: Difference, material: Material) -> dict[str, Any]:
    context = material.context

    def value(mean: float) -> str:
        return "never" if math.isnan(mean) else context.value_text(outcome, mean)

    return {
        "outcome": outcome,
        "label": context.describe(outcome),
        "unit": units_text("day" if is_moment(outcome) else unit),
        "first": value(told.first),
        "second": value(told.second),
        "mean": _signed(told.mean),
        "error": "" if math.isnan(told.mc_error) else number_text(told.mc_error),
        "low": _signed(told.p05),
        "high": _signed(told.p95),
        "pairs": told.pairs,
        "occurs": [round(told.share_first, 4), round(told.share_second, 4)],
        # For sorting.
        "size": None if math.isnan(told.mean) else round(told.mean, 6),
    }


def _signed(value: float) -> str:
    if math.isnan(value):
        return ""
    told = number_text(abs(value))
    return told if value == 0.0 else f"{'+' if value > 0.0 else '−'}{told}"
