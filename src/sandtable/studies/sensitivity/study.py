"""What an outcome's spread comes from: a screening, Sobol indices, and a split of the variance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from sandtable.amounts import REPLICATIONS, require
from sandtable.campaign import Campaign
from sandtable.ensemble import Settings, columns, matching
from sandtable.ensemble.failures import Failure, refuse_failures
from sandtable.ensemble.replications import replications_in
from sandtable.outcomes import describe
from sandtable.runs import Request, RunOptions
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.partial import PartialFolder
from sandtable.studies.base import Study
from sandtable.studies.sensitivity.method import (
    MorrisEffect,
    OutcomeSensitivity,
    SensitivityFindings,
    morris_effects,
    named_seed,
    sobol_indices,
    strongest,
)
from sandtable.studies.sensitivity.parts import StageParts
from sandtable.studies.sensitivity.specification import (
    REST,
    AnalysisStage,
    SensitivitySpecification,
    indices_of,
    screening,
    split_of,
)
from sandtable.studies.sensitivity.summary import summarise
from sandtable.studies.sensitivity.tables import (
    ANSWER,
    FAILURES,
    MORRIS,
    SAMPLES,
    SOBOL,
    VARIANCE,
    SensitivityResult,
    StageRuns,
    write_failures,
    write_morris,
    write_samples,
    write_sobol,
    write_variance,
)
from sandtable.studies.sensitivity.uncertain_inputs import (
    CHANCE,
    Handling,
    InputPart,
    run_inputs,
    uncertain_inputs,
    without_never,
)


class SensitivityStudy(Study[SensitivityFindings, SensitivityResult]):
    """A sensitivity analysis; of ``settings`` the number of replications does not count.

    ``outcomes`` are the names of the outcomes that are looked at, ``inputs`` every uncertain
    input of the scenario and of the laws, ``runs`` how many runs of the model each stage takes.
    Raises SandtableError for an outcome that the campaign doesn't have, and where SALib isn't
    installed.
    """

    specification: SensitivitySpecification

    def __init__(
        self, request: Request, settings: Settings, specification: SensitivitySpecification
    ) -> None:
        options = specification.words
        asked = request.of_verb("sensitivity", settings, options=options, counted=False)
        super().__init__(asked, settings, Campaign.of(request), specification)
        names, patterns = columns(self.campaign.scenario)[0], specification.outcomes
        found = matching(patterns, names, "--outcomes") if patterns else self.campaign.headline
        self.outcomes = tuple(found)
        self.inputs = uncertain_inputs(self.campaign.scenario, specification.singly)
        self.runs = specification.runs(self.inputs)
        # Before a design of so many rows is laid out.
        require([REPLICATIONS.fault("runs of the model", self.total)])
        self._screening = screening(self.inputs, specification, self._seed)

    @property
    def total(self) -> int:
        """How many runs of the model it takes."""
        return sum(self.runs.values())

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that the results depend on, as the manifest holds it."""
        whole = super().identity
        return {
            **{key: value for key, value in whole.items() if key != "replications"},
            "outcomes": list(self.outcomes),
            "versions": {**whole["versions"], "SALib": _salib_version()},
        }

    def _seed(self, name: str) -> int:
        return named_seed(self.campaign.scenario.name, self.settings.seed, name)

    def _work(
        self, folder: PartialFolder, options: RunOptions[SensitivityFindings]
    ) -> SensitivityFindings:
        parts = StageParts(folder)
        simulate = partial(self._simulate, parts, options.on_part, options.on_resumed)
        settle = partial(self._settle, folder, options.keep_failures)
        outcomes, runs = self._stages(simulate, settle)
        self._write(folder, outcomes, runs)
        warning = fitted_warning(self.identity)
        return SensitivityFindings(self.campaign.scenario, outcomes, warning)

    def _result(self, path: Path) -> SensitivityResult:
        return SensitivityResult.of(path)

    def _stages(
        self,
        simulate: Callable[[AnalysisStage], StageRuns],
        settle: Callable[[Sequence[StageRuns]], None],
    ) -> tuple[list[OutcomeSensitivity], list[StageRuns]]:
        places, first = range(len(self.outcomes)), self._screening
        morris = simulate(first)
        # Which inputs get an index of their own rests on the whole screening.
        settle([morris])
        effects = [self._effects(first, morris, k) for k in places]
        single = strongest(effects, self.specification.strongest)
        shares = indices_of(self.inputs, single, self.specification, self._seed)
        sobol = simulate(shares)
        sources = split_of(self.inputs, self.specification, self._seed)
        split = simulate(sources)
        settle([morris, sobol, split])
        found = [self._of_outcome(k, effects[k], (shares, sobol), (sources, split)) for k in places]
        return found, [morris, sobol, split]

    def _simulate(
        self,
        parts: StageParts,
        on_part: Callable[[InputPart], None] | None,
        on_resumed: Callable[[int], None] | None,
        stage: AnalysisStage,
    ) -> StageRuns:
        """Run what is not yet done of a stage, and read all of it."""

        def keep(part: InputPart) -> None:
            parts.write(stage, part)
            if on_part is not None:
                on_part(part)

        scenario = self.campaign.scenario
        names, done = columns(scenario)[0], parts.done(stage)
        if done and on_resumed is not None:
            rows = replace(self.settings, replications=len(stage.rows))
            on_resumed(replications_in(rows, done))
        run_inputs(
            scenario,
            self.settings,
            stage.rows,
            stage.replications,
            wanted=[names.index(outcome) for outcome in self.outcomes],
            skip=done,
            on_part=keep,
        )
        return parts.runs(stage)

    def _settle(self, folder: PartialFolder, keep: bool, runs: Sequence[StageRuns]) -> None:
        """List the runs that failed, and raise if they are not to be left out."""
        seed = self.settings.seed
        write_failures(folder.work / FAILURES, runs, seed)
        told = [
            Failure(replication, seed, f"{some.design}, row {row}: {error}")
            for some in runs
            for row, replication, error in some.failures()
        ]
        worked = sum(some.failed.size for some in runs)
        refuse_failures(told, worked, folder.work, keep=keep)

    def _handled(self, runs: StageRuns, k: int) -> Handling:
        calendar = self.campaign.scenario.calendar
        return without_never(self.outcomes[k], runs.outcomes[:, k], runs.failed, calendar)

    def _effects(self, stage: AnalysisStage, runs: StageRuns, k: int) -> tuple[MorrisEffect, ...]:
        values = self._handled(runs, k).values
        means = values.reshape(-1, self.specification.repeats).mean(axis=1)
        return morris_effects(stage.design, means, self._seed(f"morris/{self.outcomes[k]}"))

    def _of_outcome(
        self,
        k: int,
        effects: tuple[MorrisEffect, ...],
        indices: tuple[AnalysisStage, StageRuns],
        split: tuple[AnalysisStage, StageRuns],
    ) -> OutcomeSensitivity:
        name, (stage, runs) = self.outcomes[k], split
        handled = self._handled(runs, k)
        # Of a block only the first row and the last are drawn each by itself.
        ends = handled.values.reshape(-1, stage.design.block)[:, [0, -1]]
        known = ends[np.isfinite(ends)]
        mean, sd = (known.mean(), known.std()) if known.size else (np.nan, np.nan)
        others = self._handled(indices[1], k).values
        return OutcomeSensitivity(
            name,
            describe(name)[0],
            float(mean),
            float(sd),
            handled.never,
            handled.said,
            effects,
            sobol_indices(indices[0].design, others, self._seed(f"sobol/{name}")),
            sobol_indices(stage.design, handled.values, self._seed(f"split/{name}")),
        )

    def _write(
        self, folder: PartialFolder, found: list[OutcomeSensitivity], runs: list[StageRuns]
    ) -> None:
        sources = {one.group: one.source for one in self.inputs} | {CHANCE: CHANCE, REST: REST}
        write_morris(folder.work / MORRIS, found, sources)
        write_sobol(folder.work / SOBOL, found, sources)
        write_variance(folder.work / VARIANCE, found)
        inputs = [one.name for one in self.inputs]
        write_samples(folder.work / SAMPLES, inputs, self.outcomes, runs)
        warning = fitted_warning(self.identity)
        lines = [warning, ""] if warning else []
        lines += [*summarise(found, self.specification.samples), *_failures(runs)]
        folder.write_file(ANSWER, "".join(f"{line}\n" for line in lines))


def _failures(runs: Sequence[StageRuns]) -> list[str]:
    """Say of each design how many runs raised, and what the first of them said."""
    said = []
    for some in runs:
        for row, _, error in islice(some.failures(), 1):
            count = f"{some.failed.sum()} of {some.failed.size} runs of {some.design} failed"
            left_out = f"are left out with their blocks, see {FAILURES}"
            said += ["", f"{count} and {left_out}; row {row}: {error}"]
    return said


def _salib_version() -> str | None:
    try:
        return metadata.version("SALib")
    except metadata.PackageNotFoundError:
        return None
