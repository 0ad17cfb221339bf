"""``sandtable calibrate``: what it would take to bring a campaign to the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import (
    Jobs,
    Json,
    NoFigures,
    Out,
    Overlay,
    Overrides,
    Overwrite,
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
from sandtable.cli.progress import ensemble_progress

if TYPE_CHECKING:
    from sandtable.studies.calibrate import CalibrationFindings, CalibrationResult


def calibrate(
    scenario: ScenarioName,
    keys: Annotated[
        list[str],
        typer.Option(
            "--keys",
            metavar="KEY[=LOW..HIGH]",
            help="A key that may move, and between which values, also moments as "
            "1939-08-20T05:45..1939-08-21; without them the range that the scenario assumes; "
            "repeatable.",
        ),
    ],
    claims: Annotated[
        list[str],
        typer.Option(
            "--claims",
            metavar="OUTCOME[:CLAIMANT]",
            help="Claims to be met, also with * in either part; repeatable.",
        ),
    ],
    discrepancy: Annotated[
        list[str] | None,
        typer.Option(
            "--discrepancy",
            metavar="OUTCOME=VALUE",
            help="How wrong the model may be at its best: a standard deviation in the outcome's "
            "unit, or a share of the claim as 10%; repeatable, last counts.",
        ),
    ] = None,
    misses: Annotated[
        int,
        typer.Option("--allow-misses", min=0, help="How many of the claims may be missed."),
    ] = 0,
    on_average: Annotated[
        bool,
        typer.Option(
            "--on-average",
            help="Ask that the mean of the replications meets the claims, not one of them.",
        ),
    ] = False,
    waves: Annotated[int, typer.Option("--waves", min=1, help="Waves of runs at most.")] = 3,
    points: Annotated[
        int | None,
        typer.Option("--points", min=1, help="Points a wave; without it, ten a key."),
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=2, help="How many at each point.")
    ] = 50,
    seed: Seed = 1,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    out: Out = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the values of chosen keys that the record does not rule out, by history matching."""
    from sandtable import Request, RunOptions, Settings
    from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy

    asked = CalibrationSpecification(
        tuple(keys), tuple(claims), tuple(discrepancy or ()), waves, points, misses, on_average
    )
    request = Request(
        scenario, tuple(overrides or ()), overlay, variant, tuple(without or ()), register
    )
    settings = Settings(replications, seed, jobs or cores(), scheduler=scheduler)
    study = CalibrationStudy(request, settings, asked)
    folder = out or study.folder
    with ensemble_progress(study.total, folder, quiet) as shown:
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            draw=None if no_figures else _draw,
            on_part=shown.add,
            on_resumed=shown.resumed,
        )
        done = study.run(folder, options)
    _report(done, quiet, as_json)


def _draw(found: CalibrationFindings, folder: Path) -> list[Path]:
    from sandtable.figures import draw_calibration

    return draw_calibration(found, folder)


def _report(done: CalibrationResult, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.output import figure, figures, print_json, print_table

    if as_json:
        print_json({"folder": str(done.path), **done.tables})
        return
    if quiet:
        print(done.path)
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
    print(done.answer, end="")
    print(f"written to {done.path}")
