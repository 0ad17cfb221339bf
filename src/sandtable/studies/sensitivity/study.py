"""What an outcome's spread comes from: a screening, Sobol indices, and a split of the variance."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sandtable.ensemble import Settings, columns, headline_outcomes, matching
from sandtable.ensemble.failures import Failure, refuse_failures
from sandtable.ensemble.replications import replications_in
from sandtable.runs import RunOptions
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.names import describe_outcome
from sandtable.studies.sensitivity.folder import FILES, SensitivityFolder, SensitivityResults
from sandtable.studies.sensitivity.method import (
    Effect,
    Findings,
    SensitivityFindings,
    morris_effects,
    named_seed,
    sobol_indices,
    strongest,
)
from sandtable.studies.sensitivity.specification import (
    Plan,
    Stage,
    indices_of,
    screening,
    split_of,
)
from sandtable.studies.sensitivity.summary import answer
from sandtable.studies.sensitivity.tables import FAILURES, Runs
from sandtable.studies.sensitivity.uncertain_inputs import (
    Handling,
    Input,
    InputPart,
    inputs_of,
    run_inputs,
    without_never,
)

if TYPE_CHECKING:
    from sandtable.campaign import Campaign


@dataclass(frozen=True)
class Study:
    """A sensitivity analysis ready to run.

    ``patterns`` are names of outcomes or patterns of names (none: those by which a campaign is
    judged); of ``settings`` the number of replications does not count. Raises SandtableError
    for an outcome that the campaign doesn't have.
    """

    campaign: Campaign
    settings: Settings
    plan: Plan = field(default_factory=Plan)
    patterns: Sequence[str] = ()

    def __post_init__(self) -> None:
        _ = self.outcomes

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes that are looked at."""
        names = columns(self.campaign.scenario)[0]
        if not self.patterns:
            central = self.campaign.scenario.sampler.central()
            return tuple(headline_outcomes(names, central))
        return matching(self.patterns, names, "--outcomes")

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every uncertain input of the scenario and of the laws."""
        return inputs_of(self.campaign.scenario, self.plan.singly)

    @property
    def runs(self) -> dict[str, int]:
        """How many runs of the model each stage takes."""
        return self.plan.runs(self.inputs)

    @property
    def folder(self) -> Path:
        """Where the results go if nothing else is said."""
        asked = {k: v for k, v in self.identity.items() if k not in ("digests", "versions")}
        text = json.dumps(asked, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return Path("results") / self.campaign.scenario.name / f"sensitivity-{digest}"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that the results depend on, as the manifest holds it."""
        whole = self.campaign.identity(self.settings)
        words = shlex.split(whole["command"])
        words[1:2] = ["sensitivity"]
        del words[words.index("-n") : words.index("-n") + 2]
        words += [word for name, n in asdict(self.plan).items() for word in (f"--{name}", str(n))]
        words += [word for pattern in self.patterns for word in ("--outcomes", pattern)]
        return {
            **{key: value for key, value in whole.items() if key != "replications"},
            "command": shlex.join(words),
            "plan": asdict(self.plan),
            "outcomes": list(self.outcomes),
            "versions": {**whole["versions"], "SALib": _salib_version()},
        }

    def run(
        self,
        out: str | Path | None = None,
        options: RunOptions[SensitivityFindings] = RunOptions(),
    ) -> SensitivityResults:
        """Screen, estimate and write the folder; return what it holds.

        The bytes don't depend on the number of processes nor on interruptions. Raises
        SandtableError as `PartialFolder` does and where SALib isn't installed, and
        ReplicationsFailed if any run raised, unless ``keep_failures`` leaves those out with
        their trajectories and blocks of samples.
        """
        first = screening(self.inputs, self.plan, self._seed)
        folder = SensitivityFolder(
            Path(out or self.folder),
            self.identity,
            resume=options.resume,
            overwrite=options.overwrite,
        )
        with folder:
            if not folder.finished:
                simulate = partial(self._simulate, folder, options.on_part, options.on_found)
                settle = partial(self._settle, folder, options.keep_failures)
                findings, runs = self._work(first, simulate, settle)
                options.drawn(self._write(folder, findings, runs), folder.work)
                folder.complete(FILES, {"jobs": self.settings.jobs})
        return SensitivityResults.of(folder.path)

    def _seed(self, name: str) -> int:
        return named_seed(self.campaign.scenario.name, self.settings.seed, name)

    def _work(
        self,
        first: Stage,
        simulate: Callable[[Stage], Runs],
        settle: Callable[[Sequence[Runs]], None],
    ) -> tuple[list[Findings], list[Runs]]:
        places = range(len(self.outcomes))
        morris = simulate(first)
        # Which inputs get an index of their own rests on the whole screening.
        settle([morris])
        effects = [self._effects(first, morris, k) for k in places]
        chosen = strongest(effects, self.plan.strongest)
        shares = indices_of(self.inputs, chosen, self.plan, self._seed)
        sobol = simulate(shares)
        sources = split_of(self.inputs, self.plan, self._seed)
        split = simulate(sources)
        settle([morris, sobol, split])
        findings = [
            self._findings(k, effects[k], (shares, sobol), (sources, split)) for k in places
        ]
        return findings, [morris, sobol, split]

    def _simulate(
        self,
        folder: SensitivityFolder,
        on_part: Callable[[InputPart], None] | None,
        on_found: Callable[[int], None] | None,
        stage: Stage,
    ) -> Runs:
        """Run what is not yet done of a stage, and read all of it."""

        def keep(part: InputPart) -> None:
            folder.write(stage, part)
            if on_part is not None:
                on_part(part)

        scenario = self.campaign.scenario
        names, done = columns(scenario)[0], folder.done(stage)
        if done and on_found is not None:
            rows = replace(self.settings, replications=len(stage.rows))
            on_found(replications_in(rows, done))
        run_inputs(
            scenario,
            self.settings,
            stage.rows,
            stage.replications,
            wanted=[names.index(outcome) for outcome in self.outcomes],
            skip=done,
            on_part=keep,
        )
        return folder.runs(stage)

    def _settle(self, folder: SensitivityFolder, keep_failures: bool, runs: Sequence[Runs]) -> None:
        """List the runs that failed, and raise if they are not to be left out."""
        seed = self.settings.seed
        folder.list_failures(runs, seed)
        told = [
            Failure(replication, seed, f"{some.design}, row {row}: {error}")
            for some in runs
            for row, replication, error in some.failures()
        ]
        worked = sum(some.failed.size for some in runs)
        refuse_failures(told, worked, folder.work, keep=keep_failures)

    def _handled(self, runs: Runs, k: int) -> Handling:
        days = self.campaign.scenario.sampler.central().days
        return without_never(self.outcomes[k], runs.outcomes[:, k], runs.failed, days)

    def _effects(self, stage: Stage, runs: Runs, k: int) -> tuple[Effect, ...]:
        values = self._handled(runs, k).values.reshape(-1, self.plan.repeats).mean(axis=1)
        return morris_effects(stage.design, values, self._seed(f"morris/{self.outcomes[k]}"))

    def _findings(
        self,
        k: int,
        effects: tuple[Effect, ...],
        indices: tuple[Stage, Runs],
        split: tuple[Stage, Runs],
    ) -> Findings:
        name, (stage, runs) = self.outcomes[k], split
        handled = self._handled(runs, k)
        # Of a block only the first row and the last are drawn each by itself.
        ends = handled.values.reshape(-1, stage.design.block)[:, [0, -1]]
        known = ends[np.isfinite(ends)]
        mean, sd = (known.mean(), known.std()) if known.size else (np.nan, np.nan)
        others = self._handled(indices[1], k).values
        return Findings(
            name,
            describe_outcome(name)[0],
            float(mean),
            float(sd),
            handled.never,
            handled.said,
            effects,
            sobol_indices(indices[0].design, others, self._seed(f"sobol/{name}")),
            sobol_indices(stage.design, handled.values, self._seed(f"split/{name}")),
        )

    def _write(
        self, folder: SensitivityFolder, findings: list[Findings], runs: list[Runs]
    ) -> SensitivityFindings:
        folder.write_tables(self.inputs, findings, runs)
        warning = fitted_warning(self.identity)
        lines = [warning, ""] if warning else []
        lines += [*answer(findings, self.plan.samples), *_failures(runs)]
        folder.write_answer(lines)
        return SensitivityFindings(self.campaign.scenario.file.scenario.title, findings, warning)


def _failures(runs: Sequence[Runs]) -> list[str]:
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
