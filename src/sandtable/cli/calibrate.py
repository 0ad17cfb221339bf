"""``sandtable calibrate``: what it would take to bring a campaign to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli import completion
from sandtable.cli.figures import drawing
from sandtable.cli.options import (
    Format,
    Jobs,
    Json,
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
from sandtable.cli.progress import ensemble_progress

if TYPE_CHECKING:
    from sandtable.studies.calibrate import CalibrationResult


def calibrate(
    scenario: ScenarioName,
    keys: Annotated[
        list[str],
        typer.Option(
            "--keys",
            metavar="KEY[=LOW..HIGH]",
            help="A key to adjust and its range (dates: 1939-08-20T05:45..1939-08-21); default: "
            "the range in the scenario; repeatable.",
            autocompletion=completion.keys,
        ),
    ],
    claims: Annotated[
        list[str],
        typer.Option(
            "--claims",
            metavar="OUTCOME[:CLAIMANT]",
            help="Claims to match; * allowed in either part; repeatable.",
        ),
    ],
    discrepancy: Annotated[
        list[str] | None,
        typer.Option(
            "--discrepancy",
            metavar="OUTCOME=VALUE",
            help="Model discrepancy: a standard deviation in the outcome's unit, or a share of the "
            "claim such as 10%; repeatable, the last one counts.",
        ),
    ] = None,
    misses: Annotated[
        int,
        typer.Option(
            "--allow-misses", metavar="N", min=0, help="Number of claims that may be missed."
        ),
    ] = 0,
    on_average: Annotated[
        bool,
        typer.Option(
            "--on-average",
            help="Require the mean of the replications, not just one of them, to match the claims.",
        ),
    ] = False,
    waves: Annotated[
        int, typer.Option("--waves", metavar="N", min=1, help="Maximum number of waves.")
    ] = 3,
    points: Annotated[
        int | None,
        typer.Option("--points", metavar="N", min=1, help="Points per wave; default: ten per key."),
    ] = None,
    replications: Annotated[
        int,
        typer.Option("--replications", "-n", metavar="N", min=2, help="Replications per point."),
    ] = 50,
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
    no_figures: NoFigures = False,
    form: Format = "png",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find values of chosen keys that are consistent with the record, by history matching."""
    from sandtable import Request, RunOptions, Settings
    from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy

    asked = CalibrationSpecification(
        tuple(keys), tuple(claims), tuple(discrepancy or ()), waves, points, misses, on_average
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
    settings = Settings(replications, seed, jobs or cores(), scheduler=scheduler)
    study = CalibrationStudy(request, settings, asked)
    folder = out or study.folder
    with ensemble_progress(study.total, folder, quiet) as shown:
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            draw=None if no_figures else drawing("calibrate", form),
            on_part=shown.add,
            on_resumed=shown.resumed,
            on_damage=shown.damaged,
        )
        done = study.run(folder, options)
    _report(done, quiet, as_json)


def _report(done: CalibrationResult, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.output import figure, figures, print_json, print_table, print_wrapped

    if as_json:
        print_json({"folder": str(done.path), **done.tables})
        return
    if quiet:
        say(done.path)
        return
    print_table(
        "Claims at the best point",
        [
            "claim",
            "outcome",
            "record>",
            "unit",
            "model>",
            "chance ±>",
            "implausibility>",
            "rules out>",
        ],
        [
            [
                row["claim"],
                row["outcome"],
                figures(row["claim_low"], row["claim_high"]),
                row["unit"],
                figure(row["best_mean"]),
                figure(row["chance_sd"]),
                figure(row["implausibility"]),
                "–" if row["ruled_out_alone"] is None else f"{row['ruled_out_alone']:.0%}",
            ]
            for row in done.tables["implausibility"]
        ],
    )
    for line in done.answer.splitlines():
        print_wrapped(line)
    say(f"written to {done.path}")
