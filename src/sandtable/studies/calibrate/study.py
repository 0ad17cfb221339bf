"""What it would take: which values of a scenario's keys would bring it to the record.

The one place where recorded claims steer what is run. It is for those who ask how far the model
can be bent, and whatever is run with its result says that it was fitted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sandtable.comparison import Row
from sandtable.comparison.compare import is_moment
from sandtable.ensemble import Failure, Part, ReplicationsFailed, Settings, columns, run_points
from sandtable.ensemble.replications import replications_in
from sandtable.runs import RunOptions
from sandtable.runs.partial import PartialFolder
from sandtable.streams import Streams
from sandtable.studies.calibrate.claims_to_meet import targets
from sandtable.studies.calibrate.emulator import CUTOFF, library_version
from sandtable.studies.calibrate.method import Floats, Moments, match
from sandtable.studies.calibrate.result import Calibration
from sandtable.studies.calibrate.specification import Specification, asked_at
from sandtable.studies.calibrate.summary import answer_text
from sandtable.studies.calibrate.tables import write_calibration
from sandtable.studies.points import Points

if TYPE_CHECKING:
    from sandtable.campaign import Campaign


def calibrate(
    campaign: Campaign,
    question: Specification,
    settings: Settings,
    out: Path,
    options: RunOptions[Calibration] = RunOptions(),
) -> None:
    """Match the history and write the study's folder, unless it lies there finished.

    ``settings.replications`` are run at each point. Points share all random draws. Raises
    SandtableError as `PartialFolder` does, ReplicationsFailed where a replication raised (the
    others are kept for ``resume``), and InputError where a point is no sound scenario.
    """
    identity = identity_of(campaign, question, settings)
    with PartialFolder(out, identity, resume=options.resume, overwrite=options.overwrite) as folder:
        if folder.finished:
            return
        study = _Study(campaign, question, settings, folder, options.on_part, options.on_found)
        found = study.run()
        files = write_calibration(folder, found, answer_text(found))
        options.drawn(found, folder.work)
        folder.complete(files, {"jobs": settings.jobs})


def identity_of(campaign: Campaign, question: Specification, settings: Settings) -> dict[str, Any]:
    """Return all that the results of a calibration depend on, as its manifest holds it."""
    run = campaign.identity(settings)
    return {
        **run,
        "command": question.command(run["command"]),
        "study": "calibrate",
        "keys": {k.path: [k.cell(k.low), k.cell(k.high), k.unit] for k in question.keys},
        "claims": [_plain(row) for row in question.claims],
        "waves": question.waves,
        "points": question.points,
        "allowed_misses": question.misses,
        "on_average": question.on_average,
        "discrepancy": dict(question.discrepancy),
        "cutoff": CUTOFF,
        "versions": {**run["versions"], "scikit-learn": library_version()},
    }


def _plain(row: Row) -> dict[str, Any]:
    ends = {"low": row.claim_low, "high": row.claim_high}
    finite = {name: end if math.isfinite(end) else None for name, end in ends.items()}
    return {"claim": row.claim, "outcome": row.outcome, "unit": row.unit, **finite}


@dataclass
class _Study:
    """The waves of one study, and what they have taught so far."""

    campaign: Campaign
    question: Specification
    settings: Settings
    folder: PartialFolder
    on_part: Callable[[Part], None] | None
    on_found: Callable[[int], None] | None

    def __post_init__(self) -> None:
        names = columns(self.campaign.scenario)[0]
        self.outcomes = sorted({row.outcome for row in self.question.claims})
        self.columns = [names.index(name) for name in self.outcomes]
        self.made = Points.of(self.campaign)
        self.days = float(self.campaign.scenario.sampler.central().days)
        question = self.question
        self.targets = targets(question.claims, question.discrepancy, self.days)
        self.streams = Streams(self.campaign.scenario.name, self.settings.seed)

    def run(self) -> Calibration:
        """Match the history, wave after wave."""
        question = self.question
        found = match(
            self._runs,
            self.targets,
            inputs=len(question.keys),
            points=question.points,
            waves=question.waves,
            generator=self._generator,
            misses=question.misses,
            on_average=question.on_average,
        )
        return Calibration(
            title=self.campaign.scenario.file.scenario.title,
            scenario=self.campaign.scenario.name,
            keys=question.keys,
            claims=question.claims,
            unanswered=question.unanswered,
            targets=tuple(self.targets),
            match=found,
            replications=self.settings.replications,
        )

    def _generator(self, purpose: str) -> np.random.Generator:
        draw = self.streams.within(f"calibrate/{purpose}", 0).uniform()
        return np.random.default_rng(int(draw * 2**53))

    def _runs(self, number: int, proposed: Floats) -> tuple[Floats, Moments]:
        # The points once run are kept, whatever another machine's arithmetic would propose.
        name = f"design-{number:02d}"
        if name not in self.folder.saved:
            self.folder.save(name, points=proposed)
        design = self.folder.saved_array(name, "points")
        values = self._values(number, design)
        return design, {
            name: np.array([self._moment(name, at_point[:, k]) for at_point in values])
            for k, name in enumerate(self.outcomes)
        }

    def _values(self, number: int, design: Floats) -> list[Floats]:
        """Return the outcomes (replications, outcomes) at each point, run or read again."""
        prefix = f"wave-{number:02d}"
        missed: list[Failure] = []

        def keep(part: Part) -> None:
            if part.failures:
                missed.extend(part.failures)
            else:
                name = f"{prefix}-{part.point:05d}-{part.first:08d}"
                self.folder.save(name, outcomes=part.outcomes[:, self.columns])
            if self.on_part is not None:
                self.on_part(part)

        saved = sorted(name for name in self.folder.saved if name.startswith(prefix))
        skip = {(int(point), int(first)) for *_, point, first in (n.split("-") for n in saved)}
        if skip and self.on_found is not None:
            self.on_found(replications_in(self.settings, [first for _, first in skip]))
        request, keys = self.campaign.request, self.question.keys
        scenarios = self.made.scenarios(asked_at(request, keys, point) for point in design)
        run_points(scenarios, self.settings, skip=skip, on_part=keep)
        if missed:
            raise ReplicationsFailed(missed, len(design) * self.settings.replications)
        parts: dict[int, list[Floats]] = {}
        for name in sorted(n for n in self.folder.saved if n.startswith(prefix)):
            read = self.folder.saved_array(name, "outcomes")
            parts.setdefault(int(name.split("-")[2]), []).append(read)
        return [np.concatenate(parts[point]) for point in range(len(design))]

    def _moment(self, name: str, values: Floats) -> tuple[float, float, float]:
        if is_moment(name):
            # A day that never came counts as the last of the campaign.
            values = np.fmin(values, self.days)
        told = values[~np.isnan(values)]
        if len(told) < 2:
            return float(len(told)), math.nan, math.nan
        return float(len(told)), float(told.mean()), float(told.std(ddof=1))
