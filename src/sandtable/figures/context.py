"""What all figures of one run have in common, and how they speak of claims and outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sandtable.figures.style import date_label

if TYPE_CHECKING:
    from sandtable.comparison import Row
    from sandtable.scenario.resolved import ResolvedScenario

CAUSE_NAMES = {
    "anti-tank-guns": "anti-tank guns",
    "artillery": "artillery",
    "infantry-incendiaries": "infantry with incendiaries",
    "aircraft": "aircraft",
    "mines-grenades": "mines and grenades",
}
_ARMS = {"captured": "prisoners"}


@dataclass(frozen=True)
class FigureContext:
    """One run: the scenario's title, its H-hour, its central case and its size.

    ``days`` is the number of whole days simulated.
    """

    title: str
    h_hour: datetime
    resolved: ResolvedScenario
    days: int
    replications: int

    @property
    def simulated(self) -> str:
        """How the simulated values come about, for a caption."""
        return f"Simulated: {self.replications:,} replications of scenario {self.resolved.name}."

    @property
    def years(self) -> str:
        """The year in which the campaign's days lie, or the first and the last."""
        first, last = self.h_hour.year, (self.h_hour + timedelta(days=self.days - 1)).year
        return f"{first}" if first == last else f"{first}–{last}"

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of sides, places, formations and axes by id."""
        resolved = self.resolved
        named = {axis.id: axis.name for axis in resolved.axes}
        named |= {formation.id: formation.name for formation in resolved.formations}
        named |= {place.id: place.name for place in resolved.places}
        return named | {side.id: side.name for side in resolved.sides}

    @cached_property
    def colours(self) -> dict[str, str]:
        """Colours of sides by id."""
        return {side.id: side.colour for side in self.resolved.sides}

    def name(self, identifier: str) -> str:
        """Return what ``identifier`` is called, without what stands in brackets.

        An id that the scenario lacks comes back without hyphens.
        """
        return self.names.get(identifier, identifier.replace("-", " ")).partition(" (")[0]

    def describe(self, outcome: str) -> str:
        """Return an outcome's name in words, short enough to stand beside a row of a figure."""
        kind, subject, *rest = outcome.split("/")
        name = self.name(subject)
        match kind, rest:
            case "advance", [day]:
                return f"{name}: gained by {date_label(self.h_hour, int(day) - 0.5)}"
            case "losses", ["tanks", "by", cause]:
                return f"{name}: tanks lost to {CAUSE_NAMES.get(cause, cause)}"
            case "losses", ["personnel", "total"]:
                return f"{name}: all losses"
            case "losses", ["personnel", arm] | [arm]:
                return f"{name}: {_ARMS.get(arm, arm.replace('-', ' '))}"
            case "losses", [arm, state]:
                return f"{name}: {arm.replace('-', ' ')}, {state}"
            case "battle", [side, arm]:
                return f"{name}, battle: {self.name(side)}, {arm}"
            case "halted", _:
                return f"{name}: halted for fuel"
            case "quit", _:
                return f"Defeats by {subject.replace('-', ' ')}"
            case _:
                return f"{name} {kind}"


def sources_of(rows: Iterable[Row]) -> str:
    """Return the rows' sources for a caption, each once, or say that there are none."""
    names = sorted({row.source for row in rows})
    if not names:
        return "No recorded claim bears on what is shown."
    return "Record: claims from the register's sources " + ", ".join(names) + "."


def range_text(low: float, high: float) -> str:
    """Return a claimed range of counts in figures; an open end as at least or at most."""
    if math.isinf(low):
        return f"≤ {high:,.0f}"
    if math.isinf(high):
        return f"≥ {low:,.0f}"
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
