"""A campaign at many points: keys, variants and mechanisms varied, on the same random draws."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.campaign import Campaign
from sandtable.ensemble import (
    Failure,
    Part,
    Settings,
    headline_outcomes,
    matching,
    run_points,
)
from sandtable.ensemble.failures import refuse_failures
from sandtable.ensemble.replications import replications_in
from sandtable.errors import InputError, Problem
from sandtable.runs import RunOptions
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.names import describe_outcome
from sandtable.streams import Streams
from sandtable.studies.points import Base, Point, Points, digest
from sandtable.studies.vary.design import design_points, read_dimensions
from sandtable.studies.vary.dimension import VARIANT, Dimension, value_text
from sandtable.studies.vary.folder import (
    ANSWER,
    UNMOVING,
    ExperimentFolder,
    ExperimentResults,
    PointTable,
    sound_rows,
    warnings_of,
)
from sandtable.studies.vary.inert_keys import unmoving
from sandtable.studies.vary.responses import Ensemble, Response, VaryFindings, respond
from sandtable.studies.vary.summary import answers
from sandtable.studies.vary.tables import (
    FAILURES,
    OUTCOMES,
    POINTS,
    TABLE,
    write_failures,
    write_point_outcomes,
    write_points,
    write_table,
)

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

# Scenarios that are held in memory at a time, a few megabytes each.
_POINTS_AT_A_TIME = 64


def plan(
    base: Base,
    arguments: Sequence[str],
    settings: Settings,
    *,
    design: str = "grid",
    points: int | None = None,
    outcomes: Sequence[str] = (),
    on_point: Callable[[int], None] | None = None,
) -> Study:
    """Read and check an experiment: every point is loaded once.

    ``arguments`` are ``KEY=VALUES`` as `experiments.design` reads them, ``outcomes`` names or
    patterns of names (absent: those by which a campaign is judged). ``on_point`` is told of each
    point loaded, and of how many. Raises InputError with every fault of the arguments and of the
    scenario, at whichever point it shows.
    """
    dimensions, faults = read_dimensions(arguments, design, points)
    try:
        campaign = base.load()
    except InputError as error:
        raise InputError([*faults, *error.problems]) from None
    if base.variant is not None and any(dim.key == VARIANT for dim in dimensions):
        allowed = f"no --variant beside {VARIANT}=, whose values may name it"
        faults.append(Problem("--variant", VARIANT, f"'{base.variant}'", allowed))
    made = Points.of(campaign)
    if faults:
        # No design can be laid out, but each listed value can be tried alone.
        for dim in dimensions:
            faults += made.place(base, [dim], [(value,) for value in dim.values])[1]
        raise InputError(faults)
    streams = Streams(campaign.scenario.name, settings.seed)
    values = design_points(dimensions, design, points, streams)
    placed, faults = made.place(
        base, dimensions, values, on_point and partial(on_point, len(values))
    )
    if faults:
        raise InputError(faults)
    names = _chosen(outcomes, campaign.scenario, placed)
    asked = ["--design", design]
    asked += [] if points is None else ["--points", str(points)]
    asked += [word for pattern in outcomes for word in ("--outcomes", pattern)]
    return Study(campaign, made, dimensions, placed, names, settings, tuple(asked))


@dataclass(frozen=True)
class Study:
    """An experiment ready to run: ``points`` of ``dimensions``, and the outcomes looked at.

    ``options`` are the words of the command line that asked for design and outcomes.
    """

    campaign: Campaign
    made: Points
    dimensions: list[Dimension]
    points: list[Point]
    outcomes: tuple[str, ...]
    settings: Settings
    options: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the results go if nothing else is said."""
        identity = {k: v for k, v in self.identity.items() if k not in ("digests", "versions")}
        return Path("results") / self.campaign.scenario.name / f"vary-{digest(identity)[:8]}"

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
            "fitted_to": list(dict.fromkeys(c for point in self.points for c in point.fitted_to)),
            "keys": [dim.key for dim in self.dimensions],
            "points": [[value_text(v) for v in point.values] for point in self.points],
            "points_digest": digest([point.digest for point in self.points]),
            "outcomes": list(self.outcomes),
        }

    def run(
        self,
        out: str | Path | None = None,
        options: RunOptions[VaryFindings] = RunOptions(),
    ) -> ExperimentResults:
        """Run every point and write the experiment's folder; return what it holds.

        The bytes don't depend on the number of processes nor on interruptions. Raises
        SandtableError as `PartialFolder` does, and ReplicationsFailed if any replication raised,
        or, with ``keep_failures``, which leaves those out, if all did.
        """
        folder = ExperimentFolder(
            Path(out or self.folder),
            self.identity,
            resume=options.resume,
            overwrite=options.overwrite,
        )
        with folder:
            if not folder.finished:
                if folder.done and options.on_found is not None:
                    done = [first for _, first in folder.done]
                    options.on_found(replications_in(self.settings, done))
                self._simulate(folder, options.on_part)
                options.drawn(self._write(folder, options.keep_failures), folder.work)
                files = (POINTS, OUTCOMES, TABLE, FAILURES, ANSWER)
                folder.complete(files, {"jobs": self.settings.jobs})
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

            scenarios = self.made.scenarios(point.base for point in chunk)
            run_points(scenarios, self.settings, skip=skip, on_part=keep)

    def _write(self, folder: ExperimentFolder, keep_failures: bool) -> VaryFindings:
        keys = [dim.key for dim in self.dimensions]
        values = [[value_text(v) for v in point.values] for point in self.points]
        tables, failures = folder.tables(len(self.points), self.settings.seed)
        write_failures(folder.work / FAILURES, failures)
        told = [Failure(n, seed, f"point {p}: {error}") for p, n, seed, error in failures]
        worked = self.settings.replications * len(self.points)
        refuse_failures(told, worked, folder.work, keep=keep_failures)
        responses = self._responses(tables)
        write_points(folder.work / POINTS, keys, values)
        write_point_outcomes(folder.work / OUTCOMES, self.outcomes, sound_rows(tables))
        write_table(folder.work / TABLE, keys, values, responses)
        points = [point.values for point in self.points]
        folder.tell(**self._unmoving(tables))
        said = warnings_of(folder.manifest)
        said += answers(responses, self.dimensions, points, [point.days for point in self.points])
        if failures:
            said.append(f"{len(failures)} replications failed and are left out; see {FAILURES}")
        folder.write_file(ANSWER, "".join(f"{line}\n" for line in said))
        return VaryFindings(
            self.campaign.scenario,
            self.dimensions,
            points,
            responses,
            self.settings.replications,
            fitted_warning(folder.manifest),
        )

    def _unmoving(self, tables: Sequence[PointTable]) -> dict[str, Any]:
        """What the manifest says of keys that changed nothing."""
        found = unmoving(
            [dim.key for dim in self.dimensions],
            [point.values for point in self.points],
            [table.fingerprints for table in tables],
            [table.sound for table in tables],
        )
        return {UNMOVING: asdict(found)} if found.keys else {}

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


def _chosen(
    patterns: Sequence[str], scenario: Scenario, points: Sequence[Point]
) -> tuple[str, ...]:
    """Return the names of the outcomes asked for, in the order in which the scenario has them."""
    names = list(dict.fromkeys(name for point in points for name in point.outcomes))
    if not patterns:
        return tuple(headline_outcomes(names, scenario.sampler.central()))
    return matching(patterns, names, "--outcomes")
