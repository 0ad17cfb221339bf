"""How the forces of an operation are divided and how long its roads are: whole numbers.

Figures that shape the order of battle (men a column, men a division, the share in the forward
position, the share of mobile columns) can't be ranges of one scenario. They are drawn a few times
an operation, each time a `Layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, exp, log

from sandtable.laws.circumstances import era
from sandtable.operations.table import Operation

Ranges = Mapping[str, tuple[float, float]]
"""Low and high end of each figure of the recipe, by the id of its fact."""

SHARED = ("column-men", "division-men", "forward-share", "mobile-share")
"""Figures of which a layout has one each; those of men and of mobile columns go by the era."""

FASTEST_KM, FOOT_KM, HORSE_KM = 240.0, 45.0, 80.0
"""Km a day that no column of any planning figure exceeds: of any kind, on foot, on horse."""
FUELLED_KM = 2000.0
"""Km that no column with the recipe's fuel makes in a season."""
ARMOURED_SINCE = 1937
"""First year of the era from which what is mobile goes by motor, before that on horse."""
HELD = 3
"""Positions that are held at first."""
FAR_STEP = 3
"""Days' marches between places beyond all positions."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``column_men``, ``division_men``: persons of the whole force to an axis and to a division.

    ``forward_share``: of the defence, in the forward position. ``mobile_share``: of the columns.
    """

    column_men: float
    division_men: float
    forward_share: float
    mobile_share: float


def era_id(operation: Operation) -> str:
    """Return the era of an operation as it ends the ids of facts."""
    return era(operation.start.year).replace(" ", "-")


def layout_at(operation: Operation, ranges: Ranges, u: Mapping[str, float]) -> Layout:
    """Return the layout at these places (0-1) within the ranges of SHARED.

    Counts of men are taken in proportion (evenly in their logarithm), shares evenly.
    """
    when = era_id(operation)

    def men(name: str, id: str) -> float:
        low, high = ranges[id]
        return exp(log(low) + u[name] * (log(high) - log(low)))

    def share(name: str, id: str) -> float:
        low, high = ranges[id]
        return low + u[name] * (high - low)

    return Layout(
        men("column-men", "column-men"),
        men("division-men", f"division-men-{when}"),
        share("forward-share", "forward-share"),
        share("mobile-share", f"mobile-share-{when}"),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation in one layout, in whole columns, formations and places."""

    operation: Operation
    layout: Layout
    ranges: Ranges

    @property
    def columns(self) -> int:
        """Columns abreast: as many as there are men for, but for a handful of defenders fewer."""
        wanted = round(self.operation.attacker_strength / self.layout.column_men)
        most = min(self.ranges["most-columns"][1], self.operation.defender_strength // 1000)
        return int(max(1, min(wanted, most)))

    @property
    def divisions(self) -> int:
        """Formations of each column."""
        return self._divided(self.operation.attacker_strength / self.columns)

    @property
    def division_men(self) -> float:
        """Persons in each attacking formation."""
        return self.operation.attacker_strength / (self.columns * self.divisions)

    @property
    def defence(self) -> list[tuple[int, float]]:
        """Formations, and persons in each, in each column's way, by position."""
        men, forward = self.operation.defender_strength / self.columns, self.layout.forward_share
        shares = (forward, *[(1.0 - forward) / (HELD - 1)] * (HELD - 1))
        counts = [self._divided(men * share) for share in shares]
        return [(n, men * share / n) for n, share in zip(counts, shares, strict=True)]

    @property
    def mobile(self) -> frozenset[int]:
        """Columns that are mobile, from 0, evenly among the others."""
        count = round(self.columns * self.layout.mobile_share)
        return frozenset(int((k + 0.5) * self.columns / count) for k in range(count))

    @property
    def steps(self) -> tuple[int, ...]:
        """Days' marches from each position of a road to the next place, to beyond all reach."""
        days, shortest = self.operation.days, self.ranges["position-km"][0]
        if self.operation.start.year < ARMOURED_SINCE:
            reach = HORSE_KM * days
        else:
            reach = min(FASTEST_KM * days, max(FUELLED_KM, FOOT_KM * days))
        most = self.ranges["positions"][1]
        positions = int(max(HELD, min(most, ceil(reach / shortest) + 1)))
        beyond = max(0, ceil((reach / shortest - positions) / FAR_STEP))
        return (1,) * (positions - 1) + (FAR_STEP,) * beyond

    @property
    def last(self) -> int:
        """Number of a road's last place; that of its start is 0."""
        return len(self.steps) + 1

    def _divided(self, men: float) -> int:
        """Formations of a force: its divisions, or a few corps if it has more."""
        most = self.ranges["most-formations"][1]
        return int(max(1, min(round(men / self.layout.division_men), most)))
