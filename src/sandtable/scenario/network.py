"""The road net as places joined by legs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from sandtable.scenario.schema import LegTable
from sandtable.scenario.validate import Draft


class RoadNet:
    """Which places are joined by a leg, and which can be reached from each other."""

    def __init__(self, legs: Iterable[LegTable]) -> None:
        self.legs = tuple(legs)
        self.neighbours: dict[str, set[str]] = {}
        for leg in self.legs:
            if leg.from_ != leg.to:
                self.neighbours.setdefault(leg.from_, set()).add(leg.to)
                self.neighbours.setdefault(leg.to, set()).add(leg.from_)

    def joined(self, a: str, b: str) -> bool:
        """Say whether one leg joins two places."""
        return b in self.neighbours.get(a, ())

    def connected(self, a: str, b: str) -> bool:
        """Say whether any way joins two places."""
        return a == b or self._region.get(a, a) == self._region.get(b, b)

    def whole(self, draft: Draft) -> bool:
        """Say whether every leg is known and sound: with a faulty one, a gap means nothing."""
        places = draft.ids["place"]
        sound = (
            leg.from_ in places and leg.to in places and leg.from_ != leg.to for leg in self.legs
        )
        return 0 < len(self.legs) == len(draft.ids["leg"]) and all(sound)

    @cached_property
    def _region(self) -> dict[str, str]:
        region: dict[str, str] = {}
        for first in self.neighbours:
            waiting = [] if first in region else [first]
            while waiting:
                at = waiting.pop()
                if at not in region:
                    region[at] = first
                    waiting += self.neighbours[at]
        return region
