"""``sandtable sensitivity``: which uncertain inputs an outcome's spread comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli.figures import drawing
from sandtable.cli.options import (
    Format,
    Jobs,
    Json,
    KeepFailures,
    NoFigures,
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
from sandtable.cli.progress import ReplicationsDone, telling_what_is_kept

if TYPE_CHECKING:
    from sandtable.studies.sensitivity import SensitivityResult


def sensitivity(
    scenario: ScenarioName,
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcomes",
            metavar="NAME",
            help="Outcome, or pattern with *, to study; repeatable. Default: the main outcomes.",
        ),
    ] = None,
    trajectories: Annotated[
        int, typer.Option("--trajectories", metavar="N", help="Screening: trajectories, 4 or more.")
    ] = 10,
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", help="Screening: replications per point.")
    ] = 3,
    samples: Annotated[
        int,
        typer.Option(
            "--samples", metavar="N", help="Indices: samples, a power of two, 64 or more."
        ),
    ] = 512,
    strongest: Annotated[
        int,
        typer.Option(
            "--strongest", metavar="N", help="Number of inputs with an index of their own."
        ),
    ] = 8,
    singly: Annotated[
        int,
        typer.Option(
            "--singly",
            metavar="N",
            help="Screen up to this many quantities one by one; if there are more, screen those "
            "of one kind together.",
        ),
    ] = 120,
    seed: Seed = 1,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
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
    no_figures: NoFigures = False,
    form: Format = "png",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the inputs that drive an outcome's spread, and split its variance by source.

    A Morris screening finds the inputs that matter; the strongest get Sobol indices; the variance
    is split into disputed evidence, assumptions, laws, planning figures and chance. Needs SALib.
    """
    from sandtable import Request, RunOptions, Settings
    from sandtable.studies.sensitivity import SensitivitySpecification, SensitivityStudy

    asked = SensitivitySpecification(
        trajectories, repeats, samples, strongest, singly, tuple(outcomes or ())
    )
    request = Request(
        scenario,
        tuple(overrides or ()),
        overlay,
        variant,
        tuple(without or ()),
        register,
        phase,
    )
    settings = Settings(1, seed, jobs or cores(), scheduler=scheduler)
    study = SensitivityStudy(request, settings, asked)
    folder = out or study.folder
    if not quiet:
        stages = ", ".join(f"{count} for the {stage}" for stage, count in study.runs.items())
        say(f"{study.total} runs: {stages}", err=True)
    shown = ReplicationsDone(study.total, quiet, counted="runs")
    with telling_what_is_kept(folder, quiet), shown:
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            keep_failures=keep_failures,
            draw=None if no_figures else drawing("sensitivity", form),
            on_part=shown.add,
            on_resumed=shown.resumed,
            on_damage=shown.damaged,
        )
        done = study.run(folder, options)
    _report(done, study.identity, quiet, as_json)


def _report(
    done: SensitivityResult, manifest: Mapping[str, Any], quiet: bool, as_json: bool
) -> None:
    from sandtable.cli.fitted import fitted_fields, warn_if_fitted
    from sandtable.cli.output import print_json, print_wrapped

    if not quiet:
        warn_if_fitted(manifest)
    if as_json:
        tables = {"morris": done.morris, "sobol": done.sobol, "variance": done.variance}
        named = {name: [_typed(row) for row in rows] for name, rows in tables.items()}
        said = {"answer": done.answer.splitlines(), **fitted_fields(manifest)}
        print_json({"folder": str(done.path), **said, **named})
    elif quiet:
        say(done.path)
    else:
        for line in done.answer.splitlines():
            print_wrapped(line)
        say(f"written to {done.path}")


def _typed(row: dict[str, str]) -> dict[str, str | float | None]:
    """A row of a table with its numbers as numbers, None where there is none."""
    from sandtable.studies.sensitivity.tables import WORDS

    return {
        name: cell if name in WORDS else (float(cell) if cell else None)
        for name, cell in row.items()
    }
