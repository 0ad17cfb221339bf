"""``sandtable run``: an ensemble of a campaign, written as a run's folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli.ablation import ablated, print_ablation, worth_rows
from sandtable.cli.figures import FAMILIES, drawing, load_figures, reporting
from sandtable.cli.options import (
    Format,
    Jobs,
    Json,
    KeepFailures,
    NoFigures,
    NoReport,
    Out,
    Overlay,
    Overrides,
    Overwrite,
    PhaseName,
    Quiet,
    Register,
    Resume,
    ScenarioName,
    Scheduler,
    Seed,
    VariantName,
    Without,
    cores,
)
from sandtable.cli.output import say
from sandtable.cli.progress import ensemble_progress

if TYPE_CHECKING:
    from sandtable.campaign import Campaign, CampaignRun
    from sandtable.ensemble import Settings, Shift, StoppingRule
    from sandtable.studies.vary import VaryResult


def run(
    scenario: ScenarioName,
    replications: Annotated[
        int,
        typer.Option("--replications", "-n", metavar="N", min=1, help="Number of replications."),
    ] = 200,
    seed: Seed = 1,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    until_error: Annotated[
        str | None,
        typer.Option(
            "--until-error",
            metavar="SHARE",
            help="Add replications until the standard error of every mean is at most this share "
            "of it, such as 2%; -n is the first round. Exits with 1 if not reached.",
        ),
    ] = None,
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcomes",
            metavar="NAME",
            help="With --until-error: outcomes, or patterns with *, to wait for; repeatable.",
        ),
    ] = None,
    at_most: Annotated[
        int | None,
        typer.Option(
            "--at-most",
            metavar="N",
            min=1,
            help="With --until-error: maximum number of replications; default: 10000.",
        ),
    ] = None,
    phase: PhaseName = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    out: Out = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    keep_failures: KeepFailures = False,
    check_step: Annotated[
        bool,
        typer.Option(
            "--check-step", help="Repeat with half the time step and show which outcomes change."
        ),
    ] = False,
    ablate: Annotated[
        bool,
        typer.Option(
            "--ablate",
            help="Repeat with each mechanism switched off in turn and show what each is worth to "
            "outcomes and score; a vary study, written beside the run.",
        ),
    ] = False,
    no_figures: NoFigures = False,
    no_report: NoReport = False,
    form: Format = "png",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run a campaign many times and compare its outcomes with the record."""
    import sandtable
    from sandtable.ensemble import Settings
    from sandtable.ensemble.executors import workers
    from sandtable.runs import RunOptions

    campaign = sandtable.load(
        scenario,
        overrides=overrides or (),
        overlay=overlay,
        phase=phase,
        variant=variant,
        without=without or (),
        register=register,
    )
    jobs = jobs or cores()
    until = _until(campaign, until_error, outcomes, at_most)
    settings = Settings(replications, seed, jobs, scheduler=scheduler)
    folder = out or campaign.folder(settings, until)
    work = partial(campaign.run, seed=seed, jobs=jobs, scheduler=scheduler)
    most = until.at_most if until else replications
    names = until.outcomes if until else tuple(campaign.headline)
    busy = _busy(settings, scheduler, draws=not no_figures)
    with (
        workers(busy) as (processes, _),
        ensemble_progress(most, folder, quiet, names, campaign.places(names)) as shown,
    ):
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            keep_failures=keep_failures,
            draw=None if no_figures else drawing("run", form, processes),
            report=None if no_report else reporting,
            on_part=shown.add,
            on_resumed=shown.resumed,
            on_worked=None if no_figures else partial(load_figures, processes, busy),
            on_damage=shown.damaged,
        )
        done = work(replications, until=until, out=folder, options=options)
    half = None
    if check_step:
        count = done.results.manifest["replications"]
        with ensemble_progress(count, None, quiet) as shown:
            step, only = settings.step_days / 2, campaign.headline
            again: RunOptions[CampaignRun] = RunOptions(
                keep_failures=keep_failures, on_part=shown.add
            )
            half = work(count, step_days=step, only=only, options=again)
    ablation = None
    if ablate:
        ablation = ablated(
            campaign, settings, folder, form=None if no_figures else form, quiet=quiet,
            resume=resume, overwrite=overwrite, keep_failures=keep_failures,
        )  # fmt: skip
    _report(done, half, ablation, quiet, as_json)
    if not _reached(done.manifest):
        if quiet or as_json:
            say(f"error: --until-error {until_error} was not reached", err=True)
        raise typer.Exit(1)


def _busy(settings: Settings, scheduler: str | None, *, draws: bool) -> int:
    """How many processes of this machine find work; a cluster takes that of the replications."""
    from sandtable.ensemble import parts_of

    parts = 1 if scheduler else len(parts_of(settings))
    return min(settings.jobs, max(parts, FAMILIES) if draws else parts)


def _until(
    campaign: Campaign, error: str | None, outcomes: list[str] | None, at_most: int | None
) -> StoppingRule | None:
    from sandtable.errors import SandtableError

    if error is None:
        for option, value in (("--outcomes", outcomes), ("--at-most", at_most)):
            if value is not None:
                raise SandtableError(f"{option}: allowed with --until-error only")
        return None
    try:
        share = float(error.removesuffix("%")) / (100 if error.endswith("%") else 1)
    except ValueError:
        raise SandtableError(
            f"--until-error: found {error}; allowed: a share, as 2% or 0.02"
        ) from None
    most = {} if at_most is None else {"at_most": at_most}
    return campaign.stopping_rule(share, outcomes or (), **most)


def _report(
    done: CampaignRun,
    half: CampaignRun | None,
    ablation: VaryResult | None,
    quiet: bool,
    as_json: bool,
) -> None:
    from sandtable.cli.fitted import warn_if_fitted
    from sandtable.cli.output import print_json
    from sandtable.cli.tables import Recorded, comparison_table, step_table
    from sandtable.ensemble import judge_shifts, paired_difference
    from sandtable.runs import paired_replications, title_told

    assert done.path is not None
    if quiet and not as_json:
        say(done.path)
        if ablation is not None:
            say(ablation.path)
        return
    # As the folder tells it, without phases.
    recorded = Recorded.of(done.path, done.campaign.scenario.calendar.to_end_of(""))
    if not quiet:
        warn_if_fitted(recorded.manifest)
    shifts: list[Shift] = []
    if half is not None:
        mine, theirs = paired_replications(done.results, half.results)
        shifts = judge_shifts(
            [
                paired_difference(n, done.outcomes[n][mine], half.outcomes[n][theirs])
                for n in done.manifest["headline"]
            ]
        )
    if as_json:
        checked = {"step": [_as_json(item) for item in shifts]} if half is not None else {}
        if ablation is not None:
            checked["ablation"] = [row.as_json() for row in worth_rows(ablation)]
        print_json({"folder": str(done.path), **recorded.as_json(), **checked})
        return
    comparison_table(f"{title_told(done.results.manifest)}, compared with the record", recorded)
    if half is not None:
        step_table(shifts, recorded.calendar)
    for line in _found(done.results.manifest):
        say(line)
    say(f"written to {done.path}")
    if ablation is not None:
        print_ablation(ablation)


def _as_json(shift: Shift) -> dict[str, Any]:
    from dataclasses import asdict

    judged = {"p_value": shift.p_value, "adjusted": shift.adjusted, "shifted": shift.shifted}
    return {**asdict(shift.difference), **judged}


def _reached(manifest: Mapping[str, Any]) -> bool:
    """Whether every mean that was waited for is known well enough."""
    if "reached" not in manifest:
        return True
    errors, wanted = manifest["reached"]["errors"], manifest["until"]["error"]
    return bool(errors) and all(e is not None and e <= wanted for e in errors.values())


def _found(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Tell how well the means are known, and how many replications failed."""
    if "reached" in manifest:
        errors, left_out = manifest["reached"]["errors"], manifest["reached"]["left_out"]
        wanted, count = manifest["until"]["error"], manifest["replications"]
        loose = {name: e for name, e in errors.items() if e is None or e > wanted}
        if errors and not loose:
            yield f"{count} replications: every mean known to {max(errors.values()):.2%}"
        else:
            yield (
                f"--until-error was not reached in {count} replications, the most allowed: "
                f"some means are not known to {wanted:.3g}"
            )
        for name, error in loose.items():
            yield f"  {name}: " + ("its mean is zero" if error is None else f"{error:.2%}")
        from sandtable.ensemble.stopping import HARDLY_EVER

        for name in left_out:
            yield f"  {name}: left out, it occurs in fewer than {HARDLY_EVER:.0%} of replications"
    if "failures" in manifest:
        yield f"left out: {len(manifest['failures'])} replications that failed, see failures.csv"
