"""A scenario that is ready to run, and how it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable import runs
from sandtable import scenario as scenarios
from sandtable.campaign.run import CampaignRun, baselines_of
from sandtable.comparison import (
    COMPARISON,
    UNANSWERED,
    Claim,
    about_phase,
    load_claims,
    write_comparison,
    write_scores,
    write_unanswered,
)
from sandtable.engine import STEP_DAYS
from sandtable.ensemble import (
    Part,
    Settings,
    StoppingRule,
    columns,
    matching,
    run_ensemble,
)
from sandtable.ensemble.failures import refuse_failures
from sandtable.ensemble.replications import replications_in
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.operational import load_operational
from sandtable.laws.planning_file import load_planning
from sandtable.representation import Represented
from sandtable.runs import Inputs, Request, RunOptions
from sandtable.scenario.overrides import set_text

if TYPE_CHECKING:
    from sandtable.scenario import Scenario


@dataclass(frozen=True, repr=False)
class Campaign(Represented):
    """A scenario that is ready to run, and how it was asked for."""

    scenario: Scenario
    request: Request

    @property
    def register(self) -> Path:
        """Folder of the register that it rests on."""
        return self.scenario.register

    @classmethod
    def of(cls, request: Request) -> Campaign:
        """Load the campaign that is asked for. Raises InputError with every problem found."""
        scenario = scenarios.load_scenario(
            request.scenario,
            overrides=request.overrides,
            overlay=request.overlay,
            variant=request.variant,
            without=request.without,
            phase=request.phase,
            register_root=request.register,
        )
        return cls(scenario, request)

    def run(
        self,
        replications: int = 200,
        seed: int = 1,
        *,
        jobs: int = 1,
        scheduler: str | None = None,
        step_days: float = STEP_DAYS,
        until: StoppingRule | None = None,
        only: Sequence[str] | None = None,
        out: str | Path | None = None,
        options: RunOptions[CampaignRun] = RunOptions(),
    ) -> CampaignRun:
        """Run an ensemble; with ``out``, write it as a run's folder.

        The results depend on scenario, seed, replications, ``until`` and ``step_days`` (days
        between assessments of an engagement) alone, not on ``jobs`` or ``scheduler``, the
        address of a Dask cluster. With ``until`` the replications are those of a first round,
        and the run goes on as `run_ensemble` does. Without ``out`` the results are held in memory;
        ``only``, names or patterns with ``*``, then limits them to these outcomes, and a
        replication takes no more than a few bytes for each. ``options`` say how to go about it.
        With ``jobs`` above 1 a script needs the usual ``if __name__ == "__main__"``.
        Raises SandtableError as `RunFolder` and `workers` do, and ReplicationsFailed if any
        replication raised, or, with ``keep_failures``, which leaves those out, if all did.
        """
        settings = Settings(replications, seed, jobs, step_days, scheduler=scheduler)
        if out is None:
            return self._in_memory(settings, until, only, options)
        identity = self.identity(settings, until)
        with runs.RunFolder(
            Path(out),
            identity,
            resume=options.resume,
            overwrite=options.overwrite,
            tell=options.on_damage,
        ) as folder:
            if folder.finished:
                return CampaignRun(runs.load_results(folder.path), self)
            inputs = self.inputs
            if folder.done and options.on_resumed is not None:
                most = replace(settings, replications=until.at_most) if until else settings
                options.on_resumed(replications_in(most, folder.done))
            # Neither waits for a replication: both are made while the processes start.
            resolved = scenarios.to_toml(self.scenario.sampler.central(), self.scenario.quantities)
            baselines = baselines_of(self, seed)
            reached = run_ensemble(
                self.scenario,
                settings,
                until,
                done=folder.done,
                outcomes_of=folder.outcomes_of,
                on_part=_both(folder.write, options.on_part),
                keep_failures=options.keep_failures,
            )
            if options.on_worked is not None:
                options.on_worked()
            folder.list_failures(reached.failures)
            failures, worked = reached.failures, reached.replications
            refuse_failures(failures, worked, folder.work, keep=options.keep_failures)
            ground = runs.ground_fields(self.scenario.ground)
            folder.add_to_manifest(**runs.reached_fields(reached), **ground)
            merged = folder.merge(columns(self.scenario), resolved, failures)
            run = CampaignRun(merged, self, baselines)
            _set_beside_record(run, folder.work)
            figures = options.begun(run, folder.work)
            folder.add_to_manifest(named=run.named)
            folder.write_tracks(run.table_of_tracks)
            options.finished(run, folder.work, figures)
            return CampaignRun(folder.finish(inputs, jobs), self)

    def _in_memory(
        self,
        settings: Settings,
        until: StoppingRule | None,
        only: Sequence[str] | None,
        options: RunOptions[CampaignRun],
    ) -> CampaignRun:
        """Run an ensemble and hold it in memory: all of it, or only some outcomes."""
        names = columns(self.scenario)
        wanted = None if only is None else matching(only, names[0], "only")
        parts = runs.InMemoryRun(names, wanted)
        reached = run_ensemble(
            self.scenario,
            settings,
            until,
            on_part=_both(parts.write, options.on_part),
            keep_failures=options.keep_failures,
        )
        refuse_failures(reached.failures, reached.replications, None, keep=options.keep_failures)
        manifest = {**self.identity(settings, until), **runs.reached_fields(reached)}
        return CampaignRun(parts.results(manifest), self)

    def stopping_rule(
        self, error: float, outcomes: Sequence[str] = (), at_most: int = StoppingRule.at_most
    ) -> StoppingRule:
        """Return the rule that ends a run when ``outcomes`` are known to the relative ``error``.

        ``outcomes`` are names or patterns with ``*``; without any, the headline outcomes. Raises
        SandtableError for one that the campaign doesn't have.
        """
        if not outcomes:
            return StoppingRule(error, tuple(self.headline), at_most)
        names = columns(self.scenario)[0]
        return StoppingRule(error, matching(outcomes, names, "--outcomes"), at_most)

    def places(self, outcomes: Sequence[str]) -> list[int]:
        """Return where ``outcomes`` stand among the columns of a part."""
        names = columns(self.scenario)[0]
        return [names.index(name) for name in outcomes]

    @property
    def headline(self) -> list[str]:
        """Names of the outcomes that the campaign is judged by."""
        return self.scenario.sampler.central().headline(columns(self.scenario)[0])

    @cached_property
    def inputs(self) -> Inputs:
        """All files that the campaign was made from, and its claims, as they stand now.

        Read once, before the work begins: whoever goes on writing the scenario while it runs
        finds in the run's folder what was run.
        """
        _ = self.claims
        return Inputs.read(self.request, self.scenario)

    @cached_property
    def claims(self) -> list[Claim]:
        """The recorded claims about this campaign; none if the register holds no such file.

        Of one phase alone they are those about it, under the names that its outcomes have.

        Raises InputError with every problem of the file.
        """
        about = self.scenario.file.scenario.campaign
        # A register of one's own need not hold claims; then there is nothing to compare with.
        recorded = (self.register / "outcomes" / f"{about}.csv").is_file()
        claims = load_claims(self.register, about) if recorded else []
        return claims if self.scenario.phase is None else about_phase(claims, self.scenario.phase)

    def identity(self, settings: Settings, until: StoppingRule | None = None) -> dict[str, Any]:
        """Return all that the results of a run depend on, as its manifest holds it."""
        laws = {
            "coefficients": load_coefficients().digest,
            "operational": load_operational().digest,
            "planning": load_planning().digest,
        }
        asked = self._run_request(settings, until)
        return runs.identity(asked, self.scenario, settings, laws, until)

    def folder(self, settings: Settings, until: StoppingRule | None = None) -> Path:
        """Return the folder of a run if nothing else is said."""
        return self._run_request(settings, until).folder(self.scenario.name)

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        told = dict(self.scenario.represented())
        if self.request.overrides:
            told["overrides"] = ", ".join(self.request.overrides)
        return told

    def _run_request(self, settings: Settings, until: StoppingRule | None) -> Request:
        return self.request.of_verb("run", settings, stopping=until.words if until else ())


available = scenarios.available


def load(
    scenario: str | Path,
    *,
    overrides: Sequence[str] | Mapping[str, object] = (),
    overlay: str | Path | None = None,
    variant: str | None = None,
    without: Sequence[str] = (),
    register: str | Path | None = None,
    phase: str | None = None,
) -> Campaign:
    """Load a campaign by its shipped name or by the path of a scenario file or folder.

    The arguments are those of `Request`; ``overrides`` may also map key paths to values: numbers,
    pairs of numbers for a range, moments, or whatever stands behind ``KEY=``. Raises InputError
    with every problem found, and SandtableError for a value that no key can have.
    """
    if isinstance(overrides, Mapping):
        overrides = [set_text(key, value) for key, value in overrides.items()]
    return Campaign.of(
        Request(
            str(scenario),
            tuple(overrides),
            None if overlay is None else Path(overlay),
            variant,
            tuple(without),
            None if register is None else Path(register),
            phase,
        )
    )


def open_run(folder: str | Path) -> CampaignRun:
    """Open a finished run. Raises InputError if the folder holds none.

    Its campaign is made from what the folder keeps of it when it is first asked for.
    """
    results = runs.load_results(Path(folder))
    return CampaignRun(
        results, lambda: Campaign.of(runs.kept_request(Path(folder), results.manifest))
    )


def _set_beside_record(run: CampaignRun, folder: Path) -> None:
    write_comparison(folder / COMPARISON, run.compare())
    write_unanswered(folder / UNANSWERED, run.unanswered())
    write_scores(folder, run.score())


def _both(
    first: Callable[[Part], None], second: Callable[[Part], None] | None
) -> Callable[[Part], None]:
    if second is None:
        return first

    def call(part: Part) -> None:
        first(part)
        second(part)

    return call
