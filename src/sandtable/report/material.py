"""What a report is made from: a run, the replications that it tells in full, those it marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable.calendar import Calendar, PhaseSpan
from sandtable.errors import InputError, Problem
from sandtable.figures.context import FigureContext
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.manifest import changes_told

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.scenario.resolved import ResolvedScenario

MOST_MEMBERS, FEWEST_MEMBERS = 200, 100
"""So many replications, the first, are marked one by one; bands are those of all of them."""
MOST_VALUES = 190_000
"""So many daily values of marked replications keep the page of a large campaign below 2 MB."""


@dataclass(frozen=True)
class Material:
    """A run and how its report tells of it.

    ``told`` are the numbers of the replications whose formations, battles and events are in the
    report, the typical one first.
    """

    run: CampaignRun
    told: tuple[int, ...]

    @classmethod
    def of(cls, run: CampaignRun, others: Sequence[int] = ()) -> Material:
        """Return the material of a run's report, with ``others`` told beside its own replications.

        Raises InputError for a number that the run lacks.
        """
        numbers = run.numbers.tolist()
        allowed = f"one of the run's, {numbers[0]} to {numbers[-1]}"
        missing = [n for n in others if n not in numbers]
        if missing:
            option = "--replication"
            raise InputError([Problem(option, option[2:], str(n), allowed) for n in missing])
        return cls(run, tuple(dict.fromkeys([*run.named.values(), numbers[0], *others])))

    @cached_property
    def context(self) -> FigureContext:
        """What the figures of the run have in common."""
        manifest = self.run.manifest
        return FigureContext.of(
            self.run.campaign.scenario,
            len(self.run.numbers),
            fitted_warning(manifest),
            changes_told(manifest),
        )

    @property
    def resolved(self) -> ResolvedScenario:
        """The central case of the scenario."""
        return self.context.resolved

    @property
    def calendar(self) -> Calendar:
        """The campaign's time."""
        return self.context.calendar

    @property
    def members(self) -> NDArray[np.int32]:
        """Numbers of the replications that are marked one by one."""
        of_one = len(self.run.results.series) * len(self.calendar.daily_moments())
        most = min(MOST_MEMBERS, max(FEWEST_MEMBERS, MOST_VALUES // of_one))
        return self.run.numbers[:most]

    def parts(self) -> Iterator[tuple[PhaseSpan, ResolvedScenario]]:
        """Yield the phases with their time; without any, the whole campaign under no name."""
        for part in self.resolved.phases or (self.resolved,):
            yield self.calendar.span(part.phase if self.resolved.phases else ""), part
