"""What the replications together say: fronts along each axis, and when places were taken."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.figures.style import BAND_LEVELS, quantiles
from sandtable.outcomes import CAPTURED, FRONT, of_phase
from sandtable.report.material import Material

STEPS = 500
"""A front stands at one of so many steps along its axis."""
_DAY_DIGITS = 2


def members_block(material: Material) -> dict[str, Any]:
    """Return the ``numbers`` of the replications that are marked, and ``count``, how many ran."""
    return {"numbers": material.members.tolist(), "count": len(material.run.numbers)}


def fronts_block(material: Material) -> dict[str, Any]:
    """Return where the fronts stood at the moments of the daily series.

    ``levels`` are those of the quantiles, in percent. By axis: ``step`` in km; ``quantiles``, a
    list of steps a level; ``first``, the index of the moment at which each list of ``members``
    begins, one a marked replication: the step at that moment, then the steps gained from each
    moment to the next, as long as it moves.
    """
    daily = material.run.daily
    found = {}
    for axis in material.resolved.axes:
        name = FRONT.name(axis=axis.id)
        if name in daily:
            step = max(material.resolved.km_along(axis)[-1], 1.0) / STEPS
            found[axis.id] = _front(daily[name], step, len(material.members))
    return {"levels": [round(100 * level) for level in BAND_LEVELS], "axes": found}


def _front(values: NDArray[np.float32], step: float, members: int) -> dict[str, Any]:
    steps = np.rint(values[:members] / step).astype(int)
    moved = np.flatnonzero(np.diff(steps, axis=1).any(axis=0))
    first = int(moved[0]) if len(moved) else 0
    return {
        "step": float(f"{step:.6g}"),
        "quantiles": np.rint(quantiles(values) / step).astype(int).tolist(),
        "first": first,
        "members": [_gained(row[first:].tolist()) for row in steps],
    }


def _gained(steps: list[int]) -> list[int]:
    """Where a front stands at first, then its gains from moment to moment as long as it moves."""
    gained = [steps[0], *(there - here for here, there in pairwise(steps))]
    while len(gained) > 1 and gained[-1] == 0:
        gained.pop()
    return gained


def captures_block(material: Material) -> list[dict[str, Any]]:
    """Return when places changed hands, an entry a part of the campaign (a phase, or the whole).

    Each has the part's ``id``, the ``sides`` that hold its places as it begins, and the ``days``
    by place, one a marked replication, null for never.
    """
    outcomes = material.run.outcomes
    found = []
    for span, part in material.parts():
        days = {}
        for place in part.places:
            name = of_phase(span.id, CAPTURED.name(place=place.id))
            if name in outcomes:
                values = outcomes[name][: len(material.members)]
                if not np.isnan(values).all():
                    days[place.id] = [
                        None if day != day else round(day, _DAY_DIGITS) for day in values.tolist()
                    ]
        sides = {place.id: place.side for place in part.places}
        found.append({"id": span.id, "sides": sides, "days": days})
    return found
