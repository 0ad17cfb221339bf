"""``sandtable run``: an ensemble of a campaign, written as a run's folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import (
    Json,
    Overlay,
    Overrides,
    Quiet,
    Register,
    ScenarioName,
    VariantName,
    Without,
)

if TYPE_CHECKING:
    from sandtable.api import CampaignRun
    from sandtable.experiments import Part


def run(
    scenario: ScenarioName,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, help="How many replications.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of all random streams.")] = 1,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Processes; without it, one a core."),
    ] = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="The run's own folder; without it, under results/."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take up a run that was interrupted.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the run that lies in the folder.")
    ] = False,
    check_step: Annotated[
        bool,
        typer.Option(
            "--check-step", help="Run again with half the time step and show what that moves."
        ),
    ] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run a campaign many times and set its outcomes beside the record."""
    from sandtable import api
    from sandtable.experiments import Settings
    from sandtable.record import default_folder

    campaign = api.load(
        scenario,
        overrides=overrides or (),
        overlay=overlay,
        variant=variant,
        without=without or (),
        register=register,
    )
    jobs = jobs or _cores()
    settings = Settings(replications, seed, jobs)
    folder = out or default_folder(campaign.request, campaign.scenario, settings)
    with _progress(replications, folder, quiet) as on_part:
        done = campaign.run(
            replications,
            seed,
            jobs=jobs,
            out=folder,
            resume=resume,
            overwrite=overwrite,
            figures=not no_figures,
            on_part=on_part,
        )
    half = None
    if check_step:
        with _progress(replications, None, quiet) as on_part:
            half = campaign.run(
                replications, seed, jobs=jobs, step_days=settings.step_days / 2, on_part=on_part
            )
    _report(done, half, quiet, as_json)


def _report(done: CampaignRun, half: CampaignRun | None, quiet: bool, as_json: bool) -> None:
    from dataclasses import asdict

    from sandtable.cli.output import print_json
    from sandtable.cli.tables import Recorded, comparison_table, step_table
    from sandtable.experiments import paired_difference

    assert done.path is not None
    recorded = Recorded.of(done.path)
    moved = []
    if half is not None:
        names = done.results.manifest["headline"]
        moved = [paired_difference(n, done.outcomes[n], half.outcomes[n]) for n in names]
    if as_json:
        checked = {"step": [asdict(item) for item in moved]} if half is not None else {}
        print_json({"folder": str(done.path), **recorded.as_json(), **checked})
        return
    if quiet:
        print(done.path)
        return
    comparison_table(f"{done.results.manifest['title']}, beside the record", recorded)
    if half is not None:
        step_table(moved)
    print(f"written to {done.path}")


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@contextmanager
def _progress(
    replications: int, folder: Path | None, quiet: bool
) -> Iterator[Callable[[Part], None]]:
    """Show on stderr how far a run is; on Ctrl-C say that it can be taken up again."""
    from sandtable.cli.progress import ReplicationsDone

    try:
        with ReplicationsDone(replications, quiet) as shown:
            yield shown.add
    except KeyboardInterrupt:
        if folder is not None and not quiet:
            kept = f"what is done is kept in {folder}.partial"
            print(f"interrupted: {kept}; --resume goes on from there", file=sys.stderr)
        raise
