"""A campaign that is ready to run, and an ensemble of it beside the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandtable import evidence, runs
from sandtable import scenario as scenarios
from sandtable.comparison import (
    COMPARISON,
    UNANSWERED,
    Claim,
    Row,
    Unanswered,
    baseline,
    compare,
    load_claims,
    unanswered,
    write_comparison,
    write_unanswered,
)
from sandtable.ensemble import (
    Part,
    Reached,
    Settings,
    Until,
    columns,
    headline_outcomes,
    matching,
    run_rounds,
)
from sandtable.ensemble.failures import refuse_failures
from sandtable.ensemble.replications import replications_in
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.planning import load_planning
from sandtable.streams import Streams

if TYPE_CHECKING:
    from sandtable.scenario import Scenario


@dataclass(frozen=True)
class Campaign:
    """A scenario that is ready to run, how it was asked for, and the register it rests on."""

    scenario: Scenario
    request: runs.Request
    register: Path

    def run(
        self,
        replications: int = 200,
        seed: int = 1,
        *,
        jobs: int = 1,
        scheduler: str | None = None,
        step_days: float = 0.25,
        until: Until | None = None,
        out: str | Path | None = None,
        resume: bool = False,
        overwrite: bool = False,
        keep_failures: bool = False,
        figures: bool = True,
        only: Sequence[str] | None = None,
        on_part: Callable[[Part], None] | None = None,
        on_found: Callable[[int], None] | None = None,
    ) -> CampaignRun:
        """Run an ensemble; with ``out``, write it as a run's folder.

        The results depend on scenario, seed, replications, ``until`` and ``step_days`` (days
        between assessments of an engagement) alone, not on ``jobs`` or ``scheduler``, the
        address of a Dask cluster. With ``until`` the replications are those of a first round,
        and the run goes on as `run_rounds` does. ``resume`` and ``overwrite`` say what to do
        with what lies in ``out``; ``figures`` draws them there. Without ``out`` the results are
        held in memory; ``only``, names or patterns with ``*``, then limits them to these
        outcomes, and a replication takes no more than a few bytes for each. ``on_part`` is told
        of each part done, ``on_found`` of how many replications were done before. With ``jobs``
        above 1 a script needs the usual ``if __name__ == "__main__"``.
        Raises SandtableError as `RunFolder` and `workers` do, and ReplicationsFailed if any
        replication raised, or, with ``keep_failures``, which leaves those out, if all did.
        """
        settings = Settings(replications, seed, jobs, step_days, scheduler=scheduler)
        if out is None:
            return self._held(settings, until, only, keep_failures, on_part)
        identity = self.identity(settings, until)
        with runs.RunFolder(Path(out), identity, resume=resume, overwrite=overwrite) as folder:
            if folder.finished:
                return CampaignRun(self, runs.load_results(folder.path))
            if folder.done and on_found is not None:
                most = replace(settings, replications=until.at_most) if until else settings
                on_found(replications_in(most, folder.done))
            reached = run_rounds(
                self.scenario,
                settings,
                until,
                done=folder.done,
                outcomes_of=folder.outcomes_of,
                on_part=_both(folder.write, on_part),
                keep_failures=keep_failures,
            )
            folder.list_failures(reached.failures)
            failures, worked = reached.failures, reached.replications
            refuse_failures(failures, worked, folder.work, keep=keep_failures)
            folder.tell(**runs.found(reached))
            return self._written(folder, reached, jobs, figures)

    def _held(
        self,
        settings: Settings,
        until: Until | None,
        only: Sequence[str] | None,
        keep_failures: bool,
        on_part: Callable[[Part], None] | None,
    ) -> CampaignRun:
        """Run an ensemble and hold it in memory: all of it, or only some outcomes."""
        names = columns(self.scenario)
        chosen = None if only is None else matching(only, names[0], "only")
        held = runs.InMemoryRun(names, chosen)
        reached = run_rounds(
            self.scenario,
            settings,
            until,
            on_part=_both(held.write, on_part),
            keep_failures=keep_failures,
        )
        refuse_failures(reached.failures, reached.replications, None, keep=keep_failures)
        manifest = {**self.identity(settings, until), **runs.found(reached)}
        return CampaignRun(self, held.results(manifest))

    def _written(
        self,
        folder: runs.RunFolder,
        reached: Reached,
        jobs: int,
        figures: bool,
    ) -> CampaignRun:
        """Join a run's parts, set them beside the record, draw them, and finish the folder."""
        central = self.scenario.sampler.central()
        resolved = scenarios.to_toml(central, self.scenario.quantities)
        merged = folder.merge(columns(self.scenario), resolved, reached.failures)
        run = CampaignRun(self, merged)
        write_comparison(folder.work / COMPARISON, run.compare())
        write_unanswered(folder.work / UNANSWERED, run.unanswered())
        if figures:
            run.figures(folder.work / "figures")
        return CampaignRun(self, folder.finish(jobs))

    def until(
        self, error: float, outcomes: Sequence[str] = (), at_most: int = Until.at_most
    ) -> Until:
        """Return the rule that ends a run when ``outcomes`` are known to the relative ``error``.

        ``outcomes`` are names or patterns with ``*``; without any, the headline outcomes. Raises
        SandtableError for one that the campaign doesn't have.
        """
        if not outcomes:
            return Until(error, tuple(self.headline), at_most)
        names = columns(self.scenario)[0]
        return Until(error, matching(outcomes, names, "--outcomes"), at_most)

    def places(self, outcomes: Sequence[str]) -> list[int]:
        """Return where ``outcomes`` stand among the columns of a part."""
        names = columns(self.scenario)[0]
        return [names.index(name) for name in outcomes]

    @property
    def headline(self) -> list[str]:
        """Names of the outcomes that the campaign is judged by."""
        names, central = columns(self.scenario)[0], self.scenario.sampler.central()
        return headline_outcomes(names, central)

    @cached_property
    def claims(self) -> list[Claim]:
        """The recorded claims about this campaign; none if the register holds no such file.

        Raises InputError with every problem of the file.
        """
        about = self.scenario.file.scenario.campaign
        # A register of one's own need not hold claims; then there is nothing to compare with.
        recorded = (self.register / "outcomes" / f"{about}.csv").is_file()
        return load_claims(self.register, about) if recorded else []

    def identity(self, settings: Settings, until: Until | None = None) -> dict[str, Any]:
        """Return all that the results of a run depend on, as its manifest holds it."""
        facts = evidence.load_facts(self.register)
        laws = {"coefficients": load_coefficients().digest, "planning": load_planning().digest}
        return runs.identity(self.request, self.scenario, settings, facts, laws, until)


@dataclass(frozen=True)
class CampaignRun:
    """An ensemble of a campaign: its results, and what they say beside the record."""

    campaign: Campaign
    results: runs.Results

    @property
    def outcomes(self) -> Mapping[str, NDArray[np.float64]]:
        """Values of each outcome by name, one a replication (NaN: it never came about)."""
        return self.results.outcomes

    @property
    def path(self) -> Path | None:
        """The run's folder, None if it was not written."""
        return self.results.path

    def compare(self) -> list[Row]:
        """Set the outcomes beside the recorded claims: one row a claim."""
        return self._rows

    def unanswered(self) -> list[Unanswered]:
        """Return the recorded claims that the outcomes do not answer, each with the reason."""
        scenario = self.campaign.scenario
        days = scenario.sampler.central().days
        return unanswered(self.outcomes, self._claims, h_hour=scenario.h_hour, days=days)

    @cached_property
    def _rows(self) -> list[Row]:
        scenario = self.campaign.scenario
        return compare(
            self.outcomes,
            self._claims,
            h_hour=scenario.h_hour,
            days=scenario.sampler.central().days,
            baseline=self._baseline,
        )

    @property
    def _claims(self) -> list[Claim]:
        return self.campaign.claims

    @cached_property
    def _baseline(self) -> dict[str, NDArray[np.float64]]:
        scenario = self.campaign.scenario
        streams = Streams(scenario.name, self.results.manifest["seed"])
        return baseline(scenario.sampler.central(), load_coefficients(), streams)

    def figures(self, folder: str | Path) -> list[Path]:
        """Draw all figures into ``folder`` and return their paths."""
        from sandtable.figures import draw_all

        return draw_all(
            self.results, self.campaign.scenario, self._rows, Path(folder), baseline=self._baseline
        )


def _both(
    first: Callable[[Part], None], second: Callable[[Part], None] | None
) -> Callable[[Part], None]:
    if second is None:
        return first

    def call(part: Part) -> None:
        first(part)
        second(part)

    return call
