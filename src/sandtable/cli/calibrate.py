"""``sandtable calibrate``: what it would take to bring a campaign to the record."""

from __future__ import annotations

import hashlib
import json
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
    from sandtable.campaign import Campaign
    from sandtable.ensemble import Settings
    from sandtable.studies.calibrate.result import Calibration
    from sandtable.studies.calibrate.specification import Specification


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
    import sandtable
    from sandtable.ensemble import Settings
    from sandtable.runs import RunOptions
    from sandtable.studies.calibrate.specification import Specification
    from sandtable.studies.calibrate.study import calibrate as work

    campaign = sandtable.load(
        scenario,
        overrides=overrides or (),
        overlay=overlay,
        variant=variant,
        without=without or (),
        register=register,
    )
    question = Specification.read(
        campaign,
        keys,
        claims,
        discrepancy=discrepancy or (),
        waves=waves,
        points=points,
        misses=misses,
        on_average=on_average,
    )
    settings = Settings(replications, seed, jobs or cores(), scheduler=scheduler)
    folder = out or _folder(campaign, question, settings)
    with ensemble_progress(question.points * waves * replications, folder, quiet) as shown:
        work(
            campaign,
            question,
            settings,
            folder,
            RunOptions(
                resume,
                overwrite,
                draw=None if no_figures else _draw,
                on_part=shown.add,
                on_found=shown.found,
            ),
        )
    _report(folder, quiet, as_json)


def _folder(campaign: Campaign, question: Specification, settings: Settings) -> Path:
    """Return ``results/<scenario>/calibrate-<digest of the question>``."""
    from sandtable.studies.calibrate.study import identity_of

    text = json.dumps(identity_of(campaign, question, settings), sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Path("results") / campaign.scenario.name / f"calibrate-{digest}"


def _draw(found: Calibration, folder: Path) -> list[Path]:
    from sandtable.figures import draw_calibration

    return draw_calibration(found, folder)


def _report(folder: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.output import figure, figures, print_json, print_table
    from sandtable.studies.calibrate.tables import ANSWER, RESULT

    result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    if as_json:
        print_json({"folder": str(folder), **result})
        return
    if quiet:
        print(folder)
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
            for row in result["implausibility"]
        ],
    )
    print((folder / ANSWER).read_text(encoding="utf-8"), end="")
    print(f"written to {folder}")
