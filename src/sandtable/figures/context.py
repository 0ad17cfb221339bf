"""What all figures of one run have in common, and how they speak of claims and outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist

from sandtable.calendar import short_date
from sandtable.figures.sheet import Sheet
from sandtable.figures.style import Floats
from sandtable.outcomes import FORMS, Form, is_moment, parse
from sandtable.representation import number_text, range_text

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.comparison import Row
    from sandtable.scenario import Scenario
    from sandtable.scenario.resolved import ResolvedScenario


@dataclass(frozen=True)
class FigureContext:
    """One run: the scenario's title, its central case and the number of replications.

    A ``warning`` stands on each page. ``changes`` tells what the run changed in its scenario.
    """

    title: str
    resolved: ResolvedScenario
    replications: int = 0
    warning: str | None = None
    changes: str = ""

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        replications: int = 0,
        warning: str | None = None,
        changes: str = "",
    ) -> FigureContext:
        """Return the context of figures about a scenario."""
        title, resolved = scenario.file.scenario.title, scenario.sampler.central()
        return cls(title, resolved, replications, warning, changes)

    @property
    def calendar(self) -> Calendar:
        """The campaign's time."""
        return self.resolved.calendar

    @property
    def end(self) -> float:
        """The campaign's end, in days from H-hour."""
        return self.calendar.days

    @cached_property
    def moments(self) -> Floats:
        """When the values of a daily series stand, in days from H-hour."""
        return np.array(self.calendar.daily_moments())

    @property
    def counted(self) -> str:
        """How many replications there are."""
        return f"{self.replications:,} replication{'' if self.replications == 1 else 's'}"

    @property
    def ran(self) -> str:
        """What was run, and how often."""
        ran = ", ".join(filter(None, (f"scenario {self.resolved.name}", self.changes)))
        return f"{self.counted} of {ran}"

    @property
    def simulated(self) -> str:
        """How the simulated values come about, for a caption."""
        return f"Simulated: {self.ran}."

    @property
    def years(self) -> str:
        """The year in which the campaign's days lie, or the first and the last."""
        last = self.calendar.date_of_day(self.calendar.calendar_days).year
        return (
            f"{self.calendar.year}"
            if self.calendar.year == last
            else f"{self.calendar.year}–{last}"
        )

    @property
    def dates(self) -> str:
        """What is written below an axis of dates."""
        return f"date (at 00:00), {self.years}"

    def sheet(
        self, title: str, subtitle: str, caption: str, handles: Sequence[Artist] = ()
    ) -> Sheet:
        """Return what stands round the panels of a page of this run."""
        return Sheet(f"{self.title}: {title}", subtitle, caption, handles, self.warning)

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of sides, places, formations and axes by id."""
        resolved = self.resolved
        named = {axis.id: axis.name for axis in resolved.axes}
        named |= {formation.id: formation.name for formation in resolved.formations}
        named |= {place.id: place.name for place in resolved.places}
        named |= {part.phase: part.phase_name for part in resolved.phases}
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
        own = self.calendar.of_phase(found.phase)
        return found.label(self.name, lambda day: short_date(own.date_of_day(day)))

    def range_text(self, outcome: str, low: float, high: float) -> str:
        """Return a claimed range of an outcome's values as figures write it.

        The time of an event is told in dates.
        """
        if is_moment(outcome):
            return self.calendar.dates_text(low, high)
        return range_text(low, high)

    def value_text(self, outcome: str, value: float) -> str:
        """Return a value of an outcome as figures write it, that of the time of an event a date."""
        return self.calendar.date_text(value) if is_moment(outcome) else number_text(value)


def units_text(unit: str) -> str:
    """Return a unit as it stands beside an axis of several: ``persons``, but ``km``."""
    return unit if unit in ("km", "share", "aircraft", "") else f"{unit.replace('-', ' ')}s"


def sources_of(rows: Iterable[Row]) -> str:
    """Return the rows' sources for a caption, each once, or say that there are none."""
    names = sorted({row.source for row in rows})
    if not names:
        return "No recorded claim bears on what is shown."
    return "Record: claims from the register's sources " + ", ".join(names) + "."
