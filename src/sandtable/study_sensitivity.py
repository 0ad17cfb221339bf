"""What an outcome's spread comes from: a screening, Sobol indices, and a split of the variance."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sandtable.experiments import Settings, columns, headline_outcomes, matching
from sandtable.experiments.inputs import (
    CHANCE,
    Handling,
    Input,
    InputPart,
    inputs_of,
    run_inputs,
    without_never,
)
from sandtable.experiments.sensitivity import (
    Effect,
    Findings,
    morris_effects,
    named_seed,
    sobol_indices,
    strongest,
)
from sandtable.experiments.sensitivity_plan import (
    REST,
    Plan,
    Stage,
    indices_of,
    screening,
    split_of,
)
from sandtable.experiments.sensitivity_words import answer
from sandtable.record.fitted import fitted_warning
from sandtable.record.names import describe_outcome
from sandtable.record.partial import PartialFolder
from sandtable.record.sensitivity_tables import (
    MORRIS,
    SAMPLES,
    SOBOL,
    VARIANCE,
    Runs,
    read_rows,
    write_morris,
    write_samples,
    write_sobol,
    write_variance,
)

if TYPE_CHECKING:
    from sandtable.api import Campaign

ANSWER = "answer.txt"


@dataclass(frozen=True, slots=True)
class Results:
    """A finished analysis: its folder, its answer in words, and its tables, row by row."""

    path: Path
    answer: str
    morris: list[dict[str, str]]
    sobol: list[dict[str, str]]
    variance: list[dict[str, str]]

    @classmethod
    def of(cls, path: Path) -> Results:
        """Read the folder of a finished analysis."""
        said = (path / ANSWER).read_text(encoding="utf-8")
        return cls(path, said, *(read_rows(path / name) for name in (MORRIS, SOBOL, VARIANCE)))


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
            central = self.campaign.scenario.template.central()
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
        out: Path | None = None,
        *,
        resume: bool = False,
        overwrite: bool = False,
        figures: bool = True,
        on_runs: Callable[[int], None] = lambda _: None,
    ) -> Results:
        """Screen, estimate and write the folder; return what it holds.

        The bytes don't depend on the number of processes nor on interruptions. ``on_runs`` is
        told of runs done, those found from an interrupted analysis too. A run that raises is
        left out with its trajectory or its block of samples, and told in the answer. Raises
        SandtableError as `PartialFolder` does, and where SALib isn't installed.
        """
        first = screening(self.inputs, self.plan, self._seed)
        folder = PartialFolder(
            out or self.folder, self.identity, resume=resume, overwrite=overwrite
        )
        with folder:
            if not folder.finished:
                findings, runs = self._work(folder, first, on_runs)
                self._write(folder, findings, runs, figures)
        return Results.of(folder.path)

    def _seed(self, name: str) -> int:
        return named_seed(self.campaign.scenario.name, self.settings.seed, name)

    def _work(
        self, folder: PartialFolder, first: Stage, on_runs: Callable[[int], None]
    ) -> tuple[list[Findings], list[Runs]]:
        places = range(len(self.outcomes))
        morris = self._simulate(folder, first, on_runs)
        effects = [self._effects(first, morris, k) for k in places]
        chosen = strongest(effects, self.plan.strongest)
        shares = indices_of(self.inputs, chosen, self.plan, self._seed)
        sobol = self._simulate(folder, shares, on_runs)
        sources = split_of(self.inputs, self.plan, self._seed)
        split = self._simulate(folder, sources, on_runs)
        findings = [
            self._findings(k, effects[k], (shares, sobol), (sources, split)) for k in places
        ]
        return findings, [morris, sobol, split]

    def _simulate(
        self, folder: PartialFolder, stage: Stage, on_runs: Callable[[int], None]
    ) -> Runs:
        """Run what is not yet written of a stage, and read all of it."""

        def keep(part: InputPart) -> None:
            _save(folder, stage.name, part)
            on_runs(len(part.outcomes))

        scenario, size = self.campaign.scenario, self.settings.part_size
        names = columns(scenario)[0]
        skip = [int(part.split("-")[1]) for part in _parts(folder, stage.name)]
        on_runs(sum(min(size, len(stage.rows) - first) for first in skip))
        run_inputs(
            scenario,
            self.settings,
            stage.rows,
            stage.replications,
            wanted=[names.index(outcome) for outcome in self.outcomes],
            skip=skip,
            on_part=keep,
        )
        failed, outcomes = (
            np.concatenate([folder.saved_array(part, key) for part in _parts(folder, stage.name)])
            for key in ("failed", "outcomes")
        )
        return Runs(stage.name, stage.rows, stage.replications, failed, outcomes)

    def _handled(self, runs: Runs, k: int) -> Handling:
        days = self.campaign.scenario.template.central().days
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
        self, folder: PartialFolder, findings: list[Findings], runs: list[Runs], figures: bool
    ) -> None:
        sources = {one.group: one.source for one in self.inputs}
        sources |= {CHANCE: CHANCE, REST: REST}
        write_morris(folder.work / MORRIS, findings, sources)
        write_sobol(folder.work / SOBOL, findings, sources)
        write_variance(folder.work / VARIANCE, findings)
        write_samples(folder.work / SAMPLES, [i.name for i in self.inputs], self.outcomes, runs)
        warning = fitted_warning(self.identity)
        lines = [warning, ""] if warning else []
        lines += [*answer(findings, self.plan.samples), *_failures(folder, runs)]
        folder.write_file(ANSWER, "".join(f"{line}\n" for line in lines))
        if figures:
            from sandtable.figures.sensitivity import draw_sensitivity

            title = self.campaign.scenario.file.scenario.title
            draw_sensitivity(findings, title, folder.work / "figures")
        files = (MORRIS, SOBOL, VARIANCE, SAMPLES, ANSWER)
        folder.complete(files, {"jobs": self.settings.jobs})


def _parts(folder: PartialFolder, stage: str) -> list[str]:
    return sorted(part for part in folder.saved if part.startswith(f"{stage}-"))


def _save(folder: PartialFolder, stage: str, part: InputPart) -> None:
    failed = np.zeros(len(part.outcomes), dtype=np.bool_)
    failed[[failure.replication - part.first for failure in part.failures]] = True
    errors = np.array([failure.error for failure in part.failures], dtype=np.str_)
    name = f"{stage}-{part.first:08d}"
    folder.save(name, outcomes=part.outcomes, failed=failed, errors=errors)


def _failures(folder: PartialFolder, runs: Sequence[Runs]) -> list[str]:
    """Say of each design how many runs raised, and what the first of them said."""
    said = []
    for one in runs:
        if one.failed.any():
            parts = _parts(folder, one.design)
            errors = np.concatenate([folder.saved_array(part, "errors") for part in parts])
            row = int(np.flatnonzero(one.failed)[0])
            count = f"{one.failed.sum()} of {one.failed.size} runs of {one.design} failed"
            said += ["", f"{count} and are left out with their blocks; row {row}: {errors[0]}"]
    return said


def _salib_version() -> str | None:
    try:
        return metadata.version("SALib")
    except metadata.PackageNotFoundError:
        return None
