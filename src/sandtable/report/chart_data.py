"""What the charts draw beside the fronts: counts day by day, and the headline outcomes."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.figures.context import units_text
from sandtable.figures.style import quantiles
from sandtable.outcomes import CAPTURED, FRONT, SERIES, Parsed, describe, parse
from sandtable.report.material import Material

NAN = 0xFFFF
"""What stands for NaN among packed numbers."""


def counts_block(material: Material) -> list[dict[str, Any]]:
    """Return the daily series of strengths and losses that ever count, in the run's order.

    ``quantiles`` are of all replications, a list a level of the fronts'; ``members`` are the
    marked replications' values one after the other, `packed`.
    """
    found = []
    for name in material.run.results.series:
        told = parse(name, SERIES)
        assert told is not None
        if told.form is FRONT:
            continue
        values = material.run.daily[name]
        if np.nanmax(values, initial=0.0) > 0.0:
            found.append(
                {
                    "name": name,
                    "label": material.context.describe(name, SERIES),
                    "unit": units_text(describe(name, SERIES)[0]),
                    "group": name.partition("/")[0],
                    "side": told.slots["side"],
                    "quantiles": _whole(quantiles(values)),
                    **packed(values[: len(material.members)]),
                }
            )
    return found


def packed(counts: NDArray[np.floating]) -> dict[str, Any]:
    """Return counts as 16-bit multiples of a ``step``, ``members``: little-endian, in base64.

    Counts below 65,535 are whole; `NAN` stands for NaN.
    """
    most = float(np.nanmax(counts, initial=0.0))
    step = max(1.0, float(f"{most / (NAN - 1) * 1.00001:.6g}"))
    known = np.where(np.isnan(counts), 0.0, counts)
    multiples = np.where(np.isnan(counts), NAN, np.floor(known / step + 0.5)).astype("<u2")
    return {"step": step, "members": base64.b64encode(multiples.tobytes()).decode("ascii")}


def outcomes_block(material: Material) -> list[dict[str, Any]]:
    """Return the headline outcomes that ever come about, each with its values by marked member.

    A value is None if it never came about. ``kind`` tells moments from other numbers. Those of a
    capture stand among the captures already, unless there are phases: ``place`` tells of which.
    """
    found = []
    for name in material.run.manifest["headline"]:
        told = parse(name)
        assert told is not None
        values = material.run.outcomes[name][: len(material.members)]
        if np.isfinite(values).any():
            found.append(
                {
                    "name": name,
                    "label": material.context.describe(name),
                    "unit": units_text(describe(name)[0]),
                    "kind": told.form.kind.value,
                    **_values(told, values, material),
                }
            )
    return found


def _values(
    told: Parsed, values: NDArray[np.float64], material: Material
) -> dict[str, str | list[float | None]]:
    if told.form is CAPTURED and not material.resolved.phases:
        return {"place": told.slots["place"]}
    return {"values": [_digits(value) for value in values.tolist()]}


def _whole(points: NDArray[np.float64]) -> list[list[int | None]]:
    return [[round(v) if math.isfinite(v) else None for v in row] for row in points.tolist()]


def _digits(value: float) -> float | None:
    """A number to four digits, whole from 1,000 up."""
    if not math.isfinite(value):
        return None
    return round(value) if abs(value) >= 1000.0 else float(f"{value:.4g}")
