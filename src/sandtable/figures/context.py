"""What all figures of one run have in common, and how they speak of claims and outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sandtable.figures.style import date_text
from sandtable.outcomes import FORMS, Form, parse

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.comparison import Row
    from sandtable.scenario.resolved import ResolvedScenario


@dataclass(frozen=True)
class FigureContext:
    """One run: the scenario's title, its central case and the number of replications."""

    title: str
    resolved: ResolvedScenario
    replications: int

    @property
    def calendar(self) -> Calendar:
        """The campaign's time."""
        return self.resolved.calendar

    @property
    def days(self) -> int:
        """Number of calendar days simulated."""
        return self.calendar.calendar_days

    @property
    def simulated(self) -> str:
        """How the simulated values come about, for a caption."""
        return f"Simulated: {self.replications:,} replications of scenario {self.resolved.name}."

    @property
    def years(self) -> str:
        """The year in which the campaign's days lie, or the first and the last."""
        first, last = self.calendar.year, self.calendar.date_of_day(self.days).year
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

    def describe(self, outcome: str, forms: Iterable[Form] = FORMS) -> str:
        """Return an outcome's name in words, short enough to stand beside a row of a figure.

        ``forms`` are those of outcomes, or of series. Another name comes back as it is.
        """
        found = parse(outcome, forms)
        if found is None:
            return outcome
        return found.label(self.name, lambda day: date_text(self.calendar.date_of_day(day)))


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
