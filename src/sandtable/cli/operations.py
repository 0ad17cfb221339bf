"""``sandtable operations``: operations of other wars: laws fitted on them, the engine judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import Format, Jobs, Json, OverwriteFiles, Quiet, Seed, cores
from sandtable.cli.out_file import check_out, check_out_folder, numbers_kept
from sandtable.cli.output import say
from sandtable.cli.progress import counted, warn
from sandtable.cli.verbs import group
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.operations.table import Operation
    from sandtable.operations.validate import OperationsValidation

app = group(
    "operations",
    "Operations of other wars: fit laws on their sieges, pockets, pursuits and landings; play them "
    "with the campaign engine, to predict them or to judge it on them.",
)

Replications = Annotated[
    int,
    typer.Option("--replications", "-n", metavar="N", min=4, help="Replications of an operation."),
]


Kept = Annotated[
    Path | None,
    typer.Option(
        "--scenarios", metavar="DIR", help="Folder for the campaigns that were played, to run them."
    ),
]


@app.command("fit", short_help="Fit the laws of operations; examine them on cases left out.")
def fit(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Folder with the tables of cases (CSV); default: the shipped."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Output file for the fits (TOML).",
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit how long fortresses and pockets hold, how pursuits go, what landings and contact cost.

    The folder holds sieges.csv, pockets.csv, pursuits.csv, landings.csv, daily.csv and
    operations.csv. Rows of low confidence decide nothing. Each law is examined on cases that it
    was not fitted on: a war, an operation, a pocket or a landing is left out at a time.
    """
    from sandtable.cli.operation_fits import print_fits, to_json
    from sandtable.cli.output import print_json
    from sandtable.errors import InputError, Problem
    from sandtable.operations.fit_file import fit_to_file
    from sandtable.shipped import operations_root

    path = folder or operations_root()
    if not path.is_dir():
        raise InputError([Problem(str(path), "FOLDER", "no such folder", "a folder of tables")])
    check_out(out, *path.glob("*.csv"), overwrite=overwrite)
    summary = fit_to_file(path, out)
    if as_json:
        print_json(to_json(summary))
    elif quiet:
        say(out or path)
    else:
        print_fits(summary)


@app.command("predict", short_help="Predict each operation of a table.")
def predict(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="Table of operations (CSV).")],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Output file for the predictions (CSV).",
        ),
    ],
    overwrite: OverwriteFiles = False,
    replications: Replications = 60,
    seed: Seed = 1,
    jobs: Jobs = None,
    scenarios: Kept = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Predict losses and depth of each operation of a table from what was known beforehand.

    Read are the columns operation, start, days, attacker, attacker_strength and
    defender_strength; all others may be absent or hold anything. The output has one row per
    operation: the 5, 25, 50, 75 and 95 percent quantiles of both sides' losses (persons) and of the
    depth that the attacker reached (km).
    """
    from dataclasses import asdict

    from sandtable.cli.output import print_json
    from sandtable.operations.play import LAYOUTS
    from sandtable.operations.predict import predict_to_file
    from sandtable.operations.table import read_operations

    check_out(out, table, overwrite=overwrite)
    check_out_folder(scenarios, option="--scenarios", overwrite=overwrite)
    known = read_operations(table).operations
    _keep(known, seed, scenarios)
    with counted("layouts played", len(known) * LAYOUTS, quiet) as on_done:
        summary = predict_to_file(table, out, replications, seed, jobs or cores(), on_done)
    warn(summary.warnings, quiet)
    if as_json:
        print_json(asdict(summary))
    elif quiet:
        say(summary.out)
    else:
        say(f"{summary.operations} operations predicted, written to {summary.out}")


@app.command("validate", short_help="Judge the campaign engine on a table of operations.")
def validate(
    table: Annotated[
        Path | None,
        typer.Argument(metavar="[TABLE]", help="Table of operations (CSV); default: the shipped."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Output folder for scores, predictions and figures."
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    replications: Replications = 60,
    seed: Seed = 1,
    jobs: Jobs = None,
    scenarios: Kept = None,
    form: Format = "png",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Set what the campaign engine makes of operations of other wars beside what is recorded.

    Each operation is played as a campaign, by one recipe that reads no result. Beside the engine
    stand three simpler ways: the battle law once over the whole force, a constant rate, and a
    regression on strength and days; the last two never learn from the war that they predict.
    Operations of low confidence are shown and never counted.
    """
    from sandtable.cli.operation_tables import as_lines, print_validation, to_json
    from sandtable.cli.output import print_found
    from sandtable.operations.play import LAYOUTS
    from sandtable.operations.table import read_operations
    from sandtable.operations.validate import validate as judge
    from sandtable.shipped import operations_root

    check_out_folder(out, overwrite=overwrite)
    check_out_folder(scenarios, option="--scenarios", overwrite=overwrite)
    path = table or operations_root() / "operations.csv"
    known = read_operations(path).operations
    _keep(known, seed, scenarios)
    with counted("layouts played", len(known) * LAYOUTS, quiet) as on_done:
        found = judge(path, replications, seed, jobs or cores(), on_done)
    warn(found.warnings, quiet)
    written = [] if out is None else _write(found, out, form)
    print_found(
        found, written, quiet, as_json, tables=print_validation, lines=as_lines, to_json=to_json
    )


def _write(found: OperationsValidation, folder: Path, form: FigureFormat) -> list[Path]:
    from sandtable.operations.validate import write_forecasts, write_scores

    folder.mkdir(parents=True, exist_ok=True)
    scores, predictions = folder / "scores.csv", folder / "predictions.csv"
    write_scores(found, scores)
    write_forecasts(found, predictions)
    with numbers_kept(folder):
        from sandtable.figures.operations import draw_operations

        return [scores, predictions, *draw_operations(found, folder, form)]


def _keep(operations: Sequence[Operation], seed: int, folder: Path | None) -> None:
    """Write the campaigns of the operations, if they are wanted."""
    if folder is not None:
        from sandtable.operations.play import write_scenarios

        write_scenarios(operations, seed, folder)
