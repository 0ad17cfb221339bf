"""Which of the keys that are varied change anything at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandtable.studies.vary.dimension import Value

Numbers = NDArray[np.uint64]


def fingerprints(names: Sequence[str], outcomes: NDArray[np.float64]) -> Numbers:
    """Return a number for each replication (row): equal where all of its outcomes are.

    ``names`` are those of the columns; other names give other numbers.
    """
    # Zero has two signs and NaN many forms, which mean the same.
    plain = np.where(np.isnan(outcomes), np.nan, outcomes + 0.0)
    head = hashlib.blake2b(json.dumps(list(names)).encode(), digest_size=8)
    found = np.empty(len(plain), dtype=np.uint64)
    for place, row in enumerate(plain):
        whole = head.copy()
        whole.update(row.tobytes())
        found[place] = int.from_bytes(whole.digest(), "little")
    return found


@dataclass(frozen=True, slots=True)
class Unmoving:
    """Keys that changed no outcome in any of so many ``replications`` at each point."""

    keys: tuple[str, ...]
    replications: int


def unmoving(
    keys: Sequence[str],
    points: Sequence[tuple[Value, ...]],
    replications: Sequence[Numbers],
    sound: Sequence[NDArray[np.bool_]],
) -> Unmoving:
    """Find the keys that changed nothing, told by the fingerprints of each point's replications.

    Of several keys one can be told apart only where all of its values stand beside the same
    values of the others, as on a grid; in other designs either all changed nothing, or nobody
    knows which. Replications that failed at any point (``sound`` is false) are left out.
    """
    whole = np.logical_and.reduce(sound)
    table = np.stack(replications)[:, whole]
    count = table.shape[1]
    if not count:
        return Unmoving((), 0)
    if np.all(table == table[0]):
        return Unmoving(tuple(keys), count)
    still = [key for place, key in enumerate(keys) if _still(place, points, table)]
    return Unmoving(tuple(still), count)


def _still(place: int, points: Sequence[tuple[Value, ...]], table: Numbers) -> bool:
    """Whether one key changed nothing, whatever the others; false where that can't be told."""
    beside: dict[tuple[Value, ...], list[int]] = {}
    for index, point in enumerate(points):
        beside.setdefault((*point[:place], *point[place + 1 :]), []).append(index)
    values = len({point[place] for point in points})
    return all(
        len(group) == values and bool(np.all(table[group] == table[group[0]]))
        for group in beside.values()
    )
