"""The battles of a run by place, over all its replications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandtable.battle_columns import DECISIONS


class PlaceFights(NamedTuple):
    """The fighting for a place by the attackers of one coalition.

    ``share`` of the replications (0-1) have any. What follows are medians over these: when it
    begins (days from H-hour), days in action, force ratio when it opens, persons of both sides
    in formations that were in action, casualties of both. ``decisions``: shares of how the last
    fight ended.
    """

    place: str
    coalition: str
    share: float
    start: float
    days: float
    ratio: float
    attackers: float
    defenders: float
    attacker_casualties: float
    defender_casualties: float
    decisions: dict[str, float]


def fights_by_place(battles: Mapping[str, NDArray[Any]], replications: int) -> list[PlaceFights]:
    """Sum up the fighting for each place, in the order in which it mostly begins.

    ``battles`` are the columns of the table of a run with so many ``replications``.
    """
    keys = battles["place"].astype(str), battles["coalition"].astype(str)
    found = []
    for place in np.unique(keys[0]):
        for coalition in np.unique(keys[1][keys[0] == place]):
            rows = np.flatnonzero((keys[0] == place) & (keys[1] == coalition))
            if place:
                found.append(_fights(str(place), str(coalition), battles, rows, replications))
    return sorted(found, key=lambda fights: (fights.start, fights.place, fights.coalition))


def _fights(
    place: str, coalition: str, battles: Mapping[str, NDArray[Any]], rows: NDArray[np.intp],
    replications: int,
) -> PlaceFights:  # fmt: skip
    """Sum up some rows, all about one place; several of a replication are one fighting."""
    _, first, which = np.unique(
        battles["replication"][rows], return_index=True, return_inverse=True
    )
    last = np.append(first[1:], len(rows)) - 1
    fought = len(first)

    def median(values: NDArray[Any]) -> float:
        known = values[~np.isnan(values)]
        return float(np.median(known)) if len(known) else np.nan

    def summed(name: str) -> float:
        return median(np.bincount(which, battles[name][rows], fought))

    def most(name: str) -> float:
        return median(np.maximum.reduceat(battles[name][rows], first))

    ended = battles["decision"][rows][last]
    shares = {how: float(np.mean(ended == how)) for how in DECISIONS}
    return PlaceFights(
        place, coalition, fought / replications,
        median(np.minimum.reduceat(battles["start"][rows], first)),
        summed("days"), median(battles["ratio"][rows][first]),
        most("attacker_in_contact"), most("defender_in_contact"),
        summed("attacker_casualties"), summed("defender_casualties"),
        {how: share for how, share in shares.items() if share > 0.0},
    )  # fmt: skip
