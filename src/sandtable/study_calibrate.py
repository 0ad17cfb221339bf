"""What it would take: which values of a scenario's keys would bring it to the record.

The one place where recorded claims steer what is run. It is for those who ask how far the model
can be bent, and whatever is run with its result says that it was fitted.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sandtable import scenario as scenarios
from sandtable.comparison import Row, Unanswered
from sandtable.comparison.chosen import chosen_claims, read_discrepancies, targets
from sandtable.comparison.compare import is_moment
from sandtable.errors import InputError, Problem
from sandtable.experiments import (
    Failure,
    Part,
    ReplicationsFailed,
    Settings,
    columns,
    run_points,
)
from sandtable.experiments.calibrated_keys import KEYS, Key, read_keys
from sandtable.experiments.calibration import (
    Floats,
    Moments,
    fewest_points,
    match,
)
from sandtable.experiments.emulator import CUTOFF, library_version
from sandtable.record.calibration import Calibration, answer_text, write_calibration
from sandtable.record.partial import PartialFolder
from sandtable.streams import Streams

if TYPE_CHECKING:
    from sandtable.api import Campaign
    from sandtable.scenario import Scenario

_FIGURES = "figures"
_PER_KEY = 10


@dataclass(frozen=True, slots=True)
class Question:
    """Which keys may move and which claims are to be met; ``misses`` of them may be missed.

    ``points`` are run in each of at most ``waves`` waves. ``discrepancy`` is the model's own, by
    claim, as a standard deviation in the outcome's unit. ``on_average``: the claims are to be met
    by the mean, not by one replication.
    """

    keys: tuple[Key, ...]
    claims: tuple[Row, ...]
    unanswered: tuple[Unanswered, ...]
    discrepancy: Mapping[str, float]
    waves: int
    points: int
    misses: int
    on_average: bool = False

    @classmethod
    def read(
        cls,
        campaign: Campaign,
        keys: Sequence[str],
        claims: Sequence[str],
        *,
        discrepancy: Sequence[str] = (),
        waves: int = 3,
        points: int | None = None,
        misses: int = 0,
        on_average: bool = False,
    ) -> Question:
        """Read the question as the command line puts it; points are ten a key if not given.

        Raises InputError with every problem: unknown keys, claims that nobody makes, too few
        points to fit an emulator to, ends of ranges at which the scenario is not sound.
        """
        scenario = campaign.scenario
        read, problems = read_keys(keys, scenario)
        chosen, faults = chosen_claims(
            claims,
            campaign.claims,
            columns(scenario)[0],
            h_hour=scenario.h_hour,
            days=scenario.template.central().days,
        )
        sizes, amiss = read_discrepancies(discrepancy, chosen.rows)
        problems += [*faults, *amiss, *_at_the_ends(campaign, read)]
        least, count = fewest_points(len(keys)), _PER_KEY * len(keys) if points is None else points
        if count < least:
            allowed = f"at least {least} with keys: {len(keys)}, better {_PER_KEY * len(keys)}"
            problems.append(Problem("--points", "points", str(count), allowed))
        if 0 < len(chosen.rows) <= misses:
            allowed = f"fewer than the {len(chosen.rows)} claims to be met"
            problems.append(Problem("--allow-misses", "misses", str(misses), allowed))
        if problems:
            raise InputError(problems)
        return cls(read, chosen.rows, chosen.unanswered, sizes, waves, count, misses, on_average)

    def command(self, run: str) -> str:
        """Return the command line of this study, made from that of a run."""
        words = [*shlex.split(run)]
        words[1] = "calibrate"
        for key in self.keys:
            words += ["--keys", f"{key.path}={key.low!r}..{key.high!r}"]
        words += [
            word for row in self.claims for word in ("--claims", f"{row.outcome}:{row.claimant}")
        ]
        for row in self.claims:
            if self.discrepancy.get(row.claim):
                words += ["--discrepancy", f"{row.outcome}={self.discrepancy[row.claim]!r}"]
        words += ["--waves", str(self.waves), "--points", str(self.points)]
        words += ["--on-average"] if self.on_average else []
        return shlex.join([*words, *(["--allow-misses", str(self.misses)] if self.misses else [])])


def _at_the_ends(campaign: Campaign, keys: Sequence[Key]) -> list[Problem]:
    """What is wrong with the scenario at the lowest or the highest values of the keys."""
    paths = {key.path for key in keys}
    found: dict[Problem, None] = {}
    for share in (0.0, 1.0):
        try:
            _scenario(campaign, keys, [share] * len(keys))
        except InputError as error:
            for problem in error.problems:
                ours = problem.key in paths and problem.file == "--set"
                found[replace(problem, file=KEYS) if ours else problem] = None
    return list(found)


def _scenario(campaign: Campaign, keys: Sequence[Key], point: Sequence[float]) -> Scenario:
    """The campaign's scenario at a point of the unit cube."""
    request = campaign.request
    changes = [f"{key.path}={key.at(u)!r}" for key, u in zip(keys, point, strict=True)]
    return scenarios.load_scenario(
        request.scenario,
        overrides=[*request.overrides, *changes],
        overlay=request.overlay,
        variant=request.variant,
        without=request.without,
        register_root=campaign.register,
    )


def calibrate(
    campaign: Campaign,
    question: Question,
    settings: Settings,
    out: Path,
    *,
    resume: bool = False,
    overwrite: bool = False,
    figures: bool = True,
    on_part: Callable[[Part], None] | None = None,
) -> None:
    """Match the history and write the study's folder, unless it lies there finished.

    ``settings.replications`` are run at each point. Points share all random draws. Raises
    SandtableError as `PartialFolder` does, ReplicationsFailed where a replication raised (the
    others are kept for ``resume``), and InputError where a point is no sound scenario.
    """
    identity = identity_of(campaign, question, settings)
    with PartialFolder(out, identity, resume=resume, overwrite=overwrite) as folder:
        if folder.finished:
            return
        study = _Study(campaign, question, settings, folder, on_part)
        found = study.run()
        files = write_calibration(folder, found, answer_text(found))
        if figures:
            from sandtable.figures.calibration import draw_calibration

            drawn = draw_calibration(found, folder.work / _FIGURES)
            files += [f"{_FIGURES}/{path.name}" for path in drawn]
        folder.complete(files, {"jobs": settings.jobs})


def identity_of(campaign: Campaign, question: Question, settings: Settings) -> dict[str, Any]:
    """Return all that the results of a calibration depend on, as its manifest holds it."""
    run = campaign.identity(settings)
    return {
        **run,
        "command": question.command(run["command"]),
        "study": "calibrate",
        "keys": {key.path: [key.low, key.high, key.unit] for key in question.keys},
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
    question: Question
    settings: Settings
    folder: PartialFolder
    on_part: Callable[[Part], None] | None

    def __post_init__(self) -> None:
        names = columns(self.campaign.scenario)[0]
        self.outcomes = sorted({row.outcome for row in self.question.claims})
        self.columns = [names.index(name) for name in self.outcomes]
        self.days = float(self.campaign.scenario.template.central().days)
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
        points = [_scenario(self.campaign, self.question.keys, point) for point in design]
        run_points(points, self.settings, skip=skip, on_part=keep)
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
