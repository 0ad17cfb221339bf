"""A campaign at many points: keys, variants and mechanisms varied, on the same random draws."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable import api
from sandtable.comparison.answers import answers
from sandtable.comparison.responses import Ensemble, Response, respond
from sandtable.errors import InputError, Problem
from sandtable.experiments import (
    Failure,
    Part,
    ReplicationsFailed,
    Settings,
    columns,
    headline_outcomes,
    matching,
    run_points,
)
from sandtable.experiments.design import (
    NO_MECHANISM,
    NO_VARIANT,
    VARIANT,
    WITHOUT,
    Dimension,
    Value,
    design_points,
    read_dimensions,
    value_text,
)
from sandtable.record.experiment import (
    ANSWER,
    ExperimentFolder,
    ExperimentResults,
    PointTable,
    sound_rows,
)
from sandtable.record.fitted import fitted_warning
from sandtable.record.manifest import Request
from sandtable.record.names import describe_outcome
from sandtable.record.response_table import (
    FAILURES,
    OUTCOMES,
    POINTS,
    TABLE,
    write_failures,
    write_point_outcomes,
    write_points,
    write_table,
)
from sandtable.streams import Streams

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

# Scenarios that are held in memory at a time, a few megabytes each.
_POINTS_AT_A_TIME = 64


@dataclass(frozen=True, slots=True)
class Base(Request):
    """What is asked for at every point; ``register`` as for `api.load`."""

    register: Path | None = None

    def load(self) -> api.Campaign:
        """Load the campaign. Raises InputError with every problem."""
        return api.load(
            self.scenario,
            overrides=self.overrides,
            overlay=self.overlay,
            variant=self.variant,
            without=self.without,
            register=self.register,
        )

    def at(self, dimensions: Sequence[Dimension], point: Sequence[Value]) -> Base:
        """Return the base with the values of one point."""
        changed = self
        for dimension, value in zip(dimensions, point, strict=True):
            text = value_text(value)
            if dimension.key == VARIANT:
                changed = replace(changed, variant=None if text == NO_VARIANT else text)
            elif dimension.key == WITHOUT:
                off = () if text == NO_MECHANISM else tuple(text.split("+"))
                changed = replace(changed, without=(*changed.without, *off))
            else:
                setting = f"{dimension.key}={text}"
                changed = replace(changed, overrides=(*changed.overrides, setting))
        return changed


@dataclass(frozen=True, slots=True)
class Point:
    """One point: how it is loaded, its calendar, its outcomes, and what its results rest on."""

    values: tuple[Value, ...]
    base: Base
    h_hour: datetime
    days: float
    outcomes: tuple[str, ...]
    digest: str


def plan(
    base: Base,
    arguments: Sequence[str],
    settings: Settings,
    *,
    design: str = "grid",
    points: int | None = None,
    outcomes: Sequence[str] = (),
) -> Study:
    """Read and check an experiment: every point is loaded once.

    ``arguments`` are ``KEY=VALUES`` as `experiments.design` reads them, ``outcomes`` names or
    patterns of names (absent: those by which a campaign is judged). Raises InputError with every
    fault of the arguments and of the scenario, at whichever point it shows.
    """
    dimensions, faults = read_dimensions(arguments, design, points)
    try:
        campaign = base.load()
    except InputError as error:
        raise InputError([*faults, *error.problems]) from None
    if base.variant is not None and any(dim.key == VARIANT for dim in dimensions):
        allowed = f"no --variant beside {VARIANT}=, whose values may name it"
        faults.append(Problem("--variant", VARIANT, f"'{base.variant}'", allowed))
    if faults:
        # No design can be laid out, but each listed value can be tried alone.
        for dim in dimensions:
            faults += _load_points(base, [dim], [(value,) for value in dim.values], settings)[1]
        raise InputError(faults)
    streams = Streams(campaign.scenario.name, settings.seed)
    values = design_points(dimensions, design, points, streams)
    placed, faults = _load_points(base, dimensions, values, settings)
    if faults:
        raise InputError(faults)
    names = _chosen(outcomes, campaign.scenario, placed)
    asked = ["--design", design]
    asked += [] if points is None else ["--points", str(points)]
    asked += [word for pattern in outcomes for word in ("--outcomes", pattern)]
    return Study(campaign, dimensions, placed, names, settings, tuple(asked))


@dataclass(frozen=True)
class Study:
    """An experiment ready to run: ``points`` of ``dimensions``, and the outcomes looked at.

    ``options`` are the words of the command line that asked for design and outcomes.
    """

    campaign: api.Campaign
    dimensions: list[Dimension]
    points: list[Point]
    outcomes: tuple[str, ...]
    settings: Settings
    options: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the results go if nothing else is said."""
        identity = {k: v for k, v in self.identity.items() if k not in ("digests", "versions")}
        digest = _digest(identity)[:8]
        return Path("results") / self.campaign.scenario.name / f"vary-{digest}"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that the results depend on, as the manifest holds it."""
        whole = self.campaign.identity(self.settings)
        words = shlex.split(whole["command"])
        words[1:2] = ["vary"]
        words += [*(dim.text for dim in self.dimensions), *self.options]
        return {
            **whole,
            "command": shlex.join(words),
            "keys": [dim.key for dim in self.dimensions],
            "points": [[value_text(v) for v in point.values] for point in self.points],
            "points_digest": _digest([point.digest for point in self.points]),
            "outcomes": list(self.outcomes),
        }

    def run(
        self,
        out: Path | None = None,
        *,
        resume: bool = False,
        overwrite: bool = False,
        keep_failures: bool = False,
        figures: bool = True,
        on_part: Callable[[Part], None] | None = None,
    ) -> ExperimentResults:
        """Run every point and write the experiment's folder; return what it holds.

        The bytes don't depend on the number of processes nor on interruptions. ``on_part`` is
        told of each part done. Raises SandtableError as `PartialFolder` does, and
        ReplicationsFailed if any replication raised, unless ``keep_failures`` leaves those out.
        """
        folder = ExperimentFolder(
            out or self.folder, self.identity, resume=resume, overwrite=overwrite
        )
        with folder:
            if not folder.finished:
                self._simulate(folder, on_part)
                self._write(folder, keep_failures, figures)
        return ExperimentResults.of(folder.path)

    def _simulate(self, folder: ExperimentFolder, on_part: Callable[[Part], None] | None) -> None:
        for start in range(0, len(self.points), _POINTS_AT_A_TIME):
            chunk = self.points[start : start + _POINTS_AT_A_TIME]
            skip = {(point - start, first) for point, first in folder.done}

            def keep(part: Part, start: int = start) -> None:
                point = start + part.point
                folder.write(part, point, self.points[point].outcomes, self.outcomes)
                if on_part is not None:
                    on_part(part)

            scenarios = [point.base.load().scenario for point in chunk]
            run_points(scenarios, self.settings, skip=skip, on_part=keep)

    def _write(self, folder: ExperimentFolder, keep_failures: bool, figures: bool) -> None:
        keys = [dim.key for dim in self.dimensions]
        values = [[value_text(v) for v in point.values] for point in self.points]
        tables, failures = folder.tables(len(self.points), self.settings.seed)
        write_failures(folder.work / FAILURES, failures)
        if failures and not keep_failures:
            told = [Failure(n, seed, f"point {p}: {error}") for p, n, seed, error in failures]
            worked = self.settings.replications * len(self.points)
            raise ReplicationsFailed(told, worked, folder.work)
        responses = self._responses(tables)
        write_points(folder.work / POINTS, keys, values)
        write_point_outcomes(folder.work / OUTCOMES, self.outcomes, sound_rows(tables))
        write_table(folder.work / TABLE, keys, values, responses)
        points = [point.values for point in self.points]
        said = answers(responses, self.dimensions, points, [point.days for point in self.points])
        warning = fitted_warning(folder.manifest)
        if warning is not None:
            said.insert(0, warning)
        if failures:
            said.append(f"{len(failures)} replications failed and are left out; see {FAILURES}")
        folder.write_file(ANSWER, "".join(f"{line}\n" for line in said))
        if figures:
            self._draw(folder.work / "figures", responses)
        files = (POINTS, OUTCOMES, TABLE, FAILURES, ANSWER)
        folder.complete(files, {"jobs": self.settings.jobs})

    def _responses(self, tables: Sequence[PointTable]) -> list[Response]:
        claims = self.campaign.claims
        return [
            respond(
                name,
                describe_outcome(name)[0],
                [
                    Ensemble(table.values[:, column], table.sound, point.h_hour, point.days)
                    for table, point in zip(tables, self.points, strict=True)
                ],
                claims,
            )
            for column, name in enumerate(self.outcomes)
        ]

    def _draw(self, folder: Path, responses: Sequence[Response]) -> None:
        from sandtable.figures.response import draw_responses
        from sandtable.figures.setting import Setting

        scenario = self.campaign.scenario
        resolved = scenario.template.central()
        setting = Setting(
            scenario.file.scenario.title,
            scenario.h_hour,
            resolved,
            resolved.calendar_days,
            self.settings.replications,
        )
        points = [point.values for point in self.points]
        draw_responses(responses, self.dimensions, points, setting, folder)


def _load_points(
    base: Base,
    dimensions: Sequence[Dimension],
    values: Sequence[tuple[Value, ...]],
    settings: Settings,
) -> tuple[list[Point], list[Problem]]:
    """Load every point; return those that can be loaded and each fault once."""
    placed, faults = list[Point](), dict[tuple[str, str, str], Problem]()
    for value in values:
        changed = base.at(dimensions, value)
        try:
            campaign = changed.load()
        except InputError as error:
            for problem in (_of_argument(problem, dimensions) for problem in error.problems):
                faults.setdefault((problem.file, problem.key, problem.found), problem)
            continue
        scenario = campaign.scenario
        placed.append(
            Point(
                value,
                changed,
                scenario.h_hour,
                scenario.template.central().days,
                columns(scenario)[0],
                _digest(campaign.identity(settings)["digests"]),
            )
        )
    return placed, list(faults.values())


def _of_argument(problem: Problem, dimensions: Sequence[Dimension]) -> Problem:
    """Name the argument of a fault that a varied key brought in."""
    special = {"--variant": VARIANT, "--without": WITHOUT}.get(problem.file)
    for dimension in dimensions:
        within = problem.key == dimension.key or problem.key.startswith(f"{dimension.key}.")
        if special == dimension.key or (problem.file == "--set" and within):
            return replace(problem, file=dimension.text)
    return problem


def _chosen(
    patterns: Sequence[str], scenario: Scenario, points: Sequence[Point]
) -> tuple[str, ...]:
    """Return the names of the outcomes asked for, in the order in which the scenario has them."""
    names = list(dict.fromkeys(name for point in points for name in point.outcomes))
    if not patterns:
        return tuple(headline_outcomes(names, scenario.template.central()))
    return matching(patterns, names, "--outcomes")


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
