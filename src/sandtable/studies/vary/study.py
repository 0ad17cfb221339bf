"""A campaign at many points: keys, variants and mechanisms varied, on the same random draws."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.campaign import Campaign
from sandtable.ensemble import (
    Failure,
    Part,
    Settings,
    matching,
)
from sandtable.ensemble.failures import refuse_failures
from sandtable.ensemble.replications import replications_in
from sandtable.errors import InputError, Problem
from sandtable.outcomes import describe
from sandtable.runs import Request, RunOptions
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.partial import PartialFolder
from sandtable.streams import Streams
from sandtable.studies.base import Study
from sandtable.studies.points import Points, digest
from sandtable.studies.vary.dimension import VARIANT, WITHOUT, spelt_out, value_text
from sandtable.studies.vary.method import Ensemble, Response, VaryFindings, inert_keys, respond
from sandtable.studies.vary.parts import PointParts, PointTable, sound_rows
from sandtable.studies.vary.scores import SCORES, PointScorer, write_point_scores
from sandtable.studies.vary.specification import (
    Point,
    VarySpecification,
    design_points,
    load_points,
    read_dimensions,
)
from sandtable.studies.vary.summary import summarise
from sandtable.studies.vary.tables import (
    ANSWER,
    FAILURES,
    INERT,
    OUTCOMES,
    POINTS,
    TABLE,
    VaryResult,
    warnings_of,
    write_failures,
    write_point_outcomes,
    write_points,
    write_table,
)

if TYPE_CHECKING:
    from sandtable.comparison import Scores
    from sandtable.scenario import Scenario


class VaryStudy(Study[VaryFindings, VaryResult]):
    """A campaign at the points of a design, each loaded once.

    ``dimensions`` are the keys that are varied, ``points`` the points, ``outcomes`` the names of
    the outcomes that are looked at. ``on_point`` is told, for each point loaded, of how many
    there are. Raises InputError with every fault of the specification and of the scenario, at
    whichever point it shows.
    """

    specification: VarySpecification

    def __init__(
        self,
        request: Request,
        settings: Settings,
        specification: VarySpecification,
        on_point: Callable[[int], None] | None = None,
    ) -> None:
        design, points = specification.design, specification.points
        self.dimensions, faults = read_dimensions(specification.keys, design, points)
        try:
            campaign = Campaign.of(request)
        except InputError as error:
            raise InputError([*faults, *error.problems]) from None
        asked = request.of_verb("vary", settings, options=specification.words)
        super().__init__(asked, settings, campaign, specification)
        if request.variant is not None and any(dim.key == VARIANT for dim in self.dimensions):
            allowed = f"no --variant beside {VARIANT}=, whose values may name it"
            faults.append(Problem("--variant", VARIANT, f"'{request.variant}'", allowed))
        self._points = Points.of(campaign)
        names = {
            VARIANT: [variant.id for variant in campaign.scenario.file.variant],
            WITHOUT: list(campaign.scenario.sampler.central().mechanisms.on),
        }
        self.dimensions = [spelt_out(d, names.get(d.key, ()), faults) for d in self.dimensions]
        if faults:
            # No design can be laid out, but each listed value can be tried alone.
            for dim in self.dimensions:
                alone = [(value,) for value in dim.values]
                faults += load_points(self._points, request, [dim], alone)[1]
            raise InputError(faults)
        streams = Streams(campaign.scenario.name, settings.seed)
        values = design_points(self.dimensions, design, points, streams)
        told = on_point and partial(on_point, len(values))
        self.points, faults = load_points(self._points, request, self.dimensions, values, told)
        if faults:
            raise InputError(faults)
        self.outcomes = _outcomes(specification.outcomes, campaign.scenario, self.points)
        claimed = {claim.outcome for claim in campaign.claims} - set(self.outcomes)
        self._scored = tuple(n for n in _names(self.points) if n in claimed)

    @property
    def total(self) -> int:
        """How many runs of the model it takes."""
        return self.settings.replications * len(self.points)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that the results depend on, as the manifest holds it."""
        return {
            **super().identity,
            "fitted_to": list(dict.fromkeys(c for point in self.points for c in point.fitted_to)),
            "keys": [dim.key for dim in self.dimensions],
            "points": [[value_text(v) for v in point.values] for point in self.points],
            "points_digest": digest([point.digest for point in self.points]),
            "outcomes": list(self.outcomes),
        }

    def _work(self, folder: PartialFolder, options: RunOptions[VaryFindings]) -> VaryFindings:
        parts = PointParts(folder)
        done = parts.done
        if done and options.on_resumed is not None:
            options.on_resumed(replications_in(self.settings, (first for _, first in done)))
        self._simulate(parts, done, options.on_part)
        tables, failures = parts.tables(len(self.points), self.settings.seed)
        self._settle(folder, failures, options.keep_failures)
        folder.add_to_manifest(**self._inert_keys(tables))
        found = VaryFindings(
            self.campaign.scenario,
            self.dimensions,
            [point.values for point in self.points],
            self._responses(tables),
            self.settings.replications,
            fitted_warning(folder.manifest),
            self._scores(tables),
        )
        self._write(folder, tables, found, len(failures))
        return found

    def _result(self, path: Path) -> VaryResult:
        return VaryResult.of(path)

    def _simulate(
        self,
        parts: PointParts,
        done: Collection[tuple[int, int]],
        on_part: Callable[[Part], None] | None,
    ) -> None:
        def keep(part: Part) -> None:
            parts.write(part, self.points[part.point].outcomes, self._kept)
            if on_part is not None:
                on_part(part)

        asked = [point.request for point in self.points]
        self._points.run(asked, self.settings, done, keep)

    def _settle(
        self, folder: PartialFolder, failures: Sequence[tuple[int, int, int, str]], keep: bool
    ) -> None:
        """List the replications that failed, and raise if they are not to be left out."""
        write_failures(folder.work / FAILURES, failures)
        told = [Failure(n, seed, f"point {p}: {error}") for p, n, seed, error in failures]
        worked = self.settings.replications * len(self.points)
        refuse_failures(told, worked, folder.work, keep=keep)

    def _write(
        self,
        folder: PartialFolder,
        tables: Sequence[PointTable],
        found: VaryFindings,
        failed: int,
    ) -> None:
        keys = [dim.key for dim in self.dimensions]
        values = [[value_text(v) for v in point] for point in found.points]
        write_points(folder.work / POINTS, keys, values)
        reported = ((n, values[:, : len(self.outcomes)]) for n, values in sound_rows(tables))
        write_point_outcomes(folder.work / OUTCOMES, self.outcomes, reported)
        write_table(folder.work / TABLE, keys, values, found.responses)
        write_point_scores(folder.work / SCORES, keys, values, found.scores)
        said = [*warnings_of(folder.manifest)]
        calendar = min((point.calendar for point in self.points), key=lambda time: time.days)
        said += summarise(found, calendar)
        if failed:
            said.append(f"{failed} replications failed and are left out; see {FAILURES}")
        folder.write_file(ANSWER, "".join(f"{line}\n" for line in said))

    @property
    def _kept(self) -> tuple[str, ...]:
        """Outcomes that parts keep: those looked at, and others that the record tells of."""
        return self.outcomes + self._scored

    def _scores(self, tables: Sequence[PointTable]) -> list[Scores]:
        """Score each point on the outcomes that it has and the record tells of."""
        ensembles = [
            (
                {
                    name: table.values[table.sound, column]
                    for column, name in enumerate(self._kept)
                    if name in own and table.sound.any()
                },
                point.calendar,
            )
            for table, point in zip(tables, self.points, strict=True)
            for own in [set(point.outcomes)]
        ]
        return PointScorer(self.campaign, self.settings.seed).scores(ensembles)

    def _inert_keys(self, tables: Sequence[PointTable]) -> dict[str, Any]:
        """What the manifest says of keys that changed nothing."""
        found = inert_keys(
            [dim.key for dim in self.dimensions],
            [point.values for point in self.points],
            [table.fingerprints for table in tables],
            [table.sound for table in tables],
        )
        return {INERT: asdict(found)} if found.keys else {}

    def _responses(self, tables: Sequence[PointTable]) -> list[Response]:
        claims = self.campaign.claims
        return [
            respond(
                name,
                describe(name)[0],
                [
                    Ensemble(table.values[:, column], table.sound, point.calendar)
                    for table, point in zip(tables, self.points, strict=True)
                ],
                claims,
            )
            for column, name in enumerate(self.outcomes)
        ]


def _outcomes(
    patterns: Sequence[str], scenario: Scenario, points: Sequence[Point]
) -> tuple[str, ...]:
    """Return the names of the outcomes asked for, in the order in which the scenario has them."""
    names = _names(points)
    if not patterns:
        return tuple(scenario.sampler.central().headline(names))
    return matching(patterns, names, "--outcomes")


def _names(points: Sequence[Point]) -> list[str]:
    """All outcomes that any point has, in the order in which the scenario has them."""
    return list(dict.fromkeys(name for point in points for name in point.outcomes))
