"""What it would take: which values of a scenario's keys would bring it to the record.

The one place where recorded claims steer what is run. It is for those who ask how far the model
can be bent, and whatever is run with its result says that it was fitted.
"""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sandtable.campaign import Campaign
from sandtable.comparison import Row
from sandtable.ensemble import Failure, Part, ReplicationsFailed, Settings, columns
from sandtable.ensemble.replications import replications_in
from sandtable.outcomes import is_moment
from sandtable.runs import Request, RunOptions
from sandtable.runs.partial import PartialFolder
from sandtable.streams import Streams
from sandtable.studies.base import Study
from sandtable.studies.calibrate.claims_to_meet import targets
from sandtable.studies.calibrate.emulator import CUTOFF, library_version
from sandtable.studies.calibrate.findings import CalibrationFindings
from sandtable.studies.calibrate.method import Floats, Moments, match
from sandtable.studies.calibrate.specification import CalibrationSpecification, asked_at
from sandtable.studies.calibrate.summary import summarise
from sandtable.studies.calibrate.tables import CalibrationResult, write_calibration
from sandtable.studies.points import Points


class CalibrationStudy(Study[CalibrationFindings, CalibrationResult]):
    """A history matching ready to run; ``settings.replications`` are run at each point.

    ``task`` is what the specification comes to. Points share all random draws. Replications that
    raise end it, and ``keep_failures`` has no effect: a point is its whole ensemble. Raises
    InputError with every fault of the specification and of the scenario.
    """

    specification: CalibrationSpecification

    def __init__(
        self, request: Request, settings: Settings, specification: CalibrationSpecification
    ) -> None:
        library_version()  # What is missing is told before any work.
        campaign = Campaign.of(request)
        self._points = Points.of(campaign)
        self.task = specification.task(campaign, self._points)
        options = specification.words(self.task)
        super().__init__(
            request.of_verb("calibrate", settings, options=options),
            settings,
            campaign,
            specification,
        )
        self.outcomes = sorted({row.outcome for row in self.task.claims})
        self._calendar = campaign.scenario.calendar
        self._targets = targets(self.task.claims, self.task.discrepancy, self._calendar)

    @property
    def total(self) -> int:
        """How many runs of the model it takes, at most."""
        return self.task.points * self.specification.waves * self.settings.replications

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that the results depend on, as the manifest holds it."""
        run, task = super().identity, self.task
        return {
            **run,
            "keys": {k.path: [k.cell(k.low), k.cell(k.high), k.unit] for k in task.keys},
            "claims": [_plain(row) for row in task.claims],
            "points": task.points,
            "discrepancy": dict(task.discrepancy),
            "cutoff": CUTOFF,
            "versions": {**run["versions"], "scikit-learn": library_version()},
        }

    def _work(
        self, folder: PartialFolder, options: RunOptions[CalibrationFindings]
    ) -> CalibrationFindings:
        def runs(number: int, proposed: Floats) -> tuple[Floats, Moments]:
            return self._wave(folder, options, number, proposed)

        scenario, task = self.campaign.scenario, self.task
        matched = match(
            runs,
            self._targets,
            inputs=len(task.keys),
            points=task.points,
            waves=self.specification.waves,
            generator=self._generator,
            misses=self.specification.misses,
            on_average=self.specification.on_average,
        )
        found = CalibrationFindings(
            scenario=scenario,
            keys=task.keys,
            claims=task.claims,
            unanswered=task.unanswered,
            targets=tuple(self._targets),
            match=matched,
            replications=self.settings.replications,
        )
        write_calibration(folder, found, summarise(found))
        return found

    def _result(self, path: Path) -> CalibrationResult:
        return CalibrationResult.of(path)

    def _generator(self, purpose: str) -> np.random.Generator:
        streams = Streams(self.campaign.scenario.name, self.settings.seed)
        draw = streams.within(f"calibrate/{purpose}", 0).uniform()
        return np.random.default_rng(int(draw * 2**53))

    def _wave(
        self,
        folder: PartialFolder,
        options: RunOptions[CalibrationFindings],
        number: int,
        proposed: Floats,
    ) -> tuple[Floats, Moments]:
        """Run a wave, or what is left of it; return its points, and their moments by outcome."""
        # The points once run are kept, whatever another machine's arithmetic would propose.
        name = f"design-{number:02d}"
        if name not in folder.saved:
            folder.save(name, points=proposed)
        design, prefix = folder.saved_array(name, "points"), f"wave-{number:02d}"
        self._simulate(folder, options, design, prefix)
        values = _joined(folder, prefix, len(design))
        return design, {
            name: np.array([self._moments(name, at_point[:, k]) for at_point in values])
            for k, name in enumerate(self.outcomes)
        }

    def _simulate(
        self,
        folder: PartialFolder,
        options: RunOptions[CalibrationFindings],
        design: Floats,
        prefix: str,
    ) -> None:
        """Run what is not yet done of a wave."""
        names, failures = columns(self.campaign.scenario)[0], list[Failure]()
        wanted = [names.index(name) for name in self.outcomes]

        def keep(part: Part) -> None:
            if part.failures:
                failures.extend(part.failures)
            else:
                name = f"{prefix}-{part.point:05d}-{part.first:08d}"
                folder.save(name, outcomes=part.outcomes[:, wanted])
            if options.on_part is not None:
                options.on_part(part)

        done = {_place(name) for name in folder.saved if name.startswith(prefix)}
        if done and options.on_resumed is not None:
            options.on_resumed(replications_in(self.settings, (first for _, first in done)))
        keys, request = self.task.keys, self.campaign.request
        asked = [asked_at(request, keys, point) for point in design]
        self._points.run(asked, self.settings, done, keep)
        if failures:
            raise ReplicationsFailed(failures, len(design) * self.settings.replications)

    def _moments(self, name: str, values: Floats) -> tuple[float, float, float]:
        if is_moment(name):
            # A day that never came counts as the last of the campaign.
            values = self._calendar.never_as_end(values)
        told = values[~np.isnan(values)]
        if len(told) < 2:
            return float(len(told)), math.nan, math.nan
        return float(len(told)), float(told.mean()), float(told.std(ddof=1))


def _joined(folder: PartialFolder, prefix: str, points: int) -> list[Floats]:
    """Read the outcomes (replications, outcomes) at each point of a wave."""
    parts: list[list[Floats]] = [[] for _ in range(points)]
    for name in sorted(name for name in folder.saved if name.startswith(prefix)):
        parts[_place(name)[0]].append(folder.saved_array(name, "outcomes"))
    return [np.concatenate(part) for part in parts]


def _place(name: str) -> tuple[int, int]:
    """Point and first replication of a part."""
    *_, point, first = name.split("-")
    return int(point), int(first)


def _plain(row: Row) -> dict[str, Any]:
    ends = {"low": row.claim_low, "high": row.claim_high}
    finite = {name: end if math.isfinite(end) else None for name, end in ends.items()}
    return {"claim": row.claim, "outcome": row.outcome, "unit": row.unit, **finite}
