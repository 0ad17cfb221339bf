"""``sandtable battles``: the laws fitted on a table of battles, judged on it, and put to use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import (
    Format,
    Jobs,
    Json,
    OverwriteFiles,
    Quiet,
    cores,
)
from sandtable.cli.out_file import check_out, check_out_folder, numbers_kept
from sandtable.cli.output import say
from sandtable.cli.progress import counted, warn
from sandtable.cli.verbs import group
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.battles.validate import Validation

app = group(
    "battles",
    "Fit the laws on a table of battles, validate them on held-out battles, predict others.",
)

Table = Annotated[Path, typer.Argument(metavar="TABLE", help="Table of battles (CSV).")]


@app.command("fit", short_help="Fit all laws on a table; write the coefficients.")
def fit(
    table: Table,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Output file for the coefficients (TOML).",
        ),
    ],
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit attrition, outcome and advance on a table of battles and write the coefficients."""
    from dataclasses import asdict

    from sandtable.battles.coefficients_file import fit_to_file
    from sandtable.cli.output import print_json, print_table

    check_out(out, table, overwrite=overwrite)
    summary = fit_to_file(table, out)
    warn(summary.warnings, quiet)
    if as_json:
        print_json(asdict(summary))
    elif quiet:
        say(summary.out)
    else:
        title = f"Fitted on a table of {summary.rows} battles, written to {summary.out}"
        rows = [[name, str(count)] for name, count in summary.battles.items()]
        print_table(title, ["predictor", "battles used>"], rows)
        for reason, count in summary.left_out.items():
            say(f"left out, {reason}: {count}")


@app.command("predict", short_help="Predict each battle of a table.")
def predict(
    table: Table,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Output file for the predictions (CSV).",
        ),
    ],
    coefficients: Annotated[
        Path | None,
        typer.Option(
            "--coefficients",
            metavar="FILE",
            help="Coefficients written by `fit`; default: shipped ones.",
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Predict casualties, advance and winner of each battle of a table from its initial conditions.

    Columns of results are not read and may be absent. The output has one row per battle: the 5,
    25, 50, 75 and 95 percent quantiles of each side's casualties (persons) and of the ground
    gained (km over the battle), and the probability that the attacker wins. A battle without
    strengths or duration has empty cells.
    """
    from dataclasses import asdict

    from sandtable.battles.predict import predict_to_file
    from sandtable.cli.output import print_json

    check_out(out, table, coefficients, overwrite=overwrite)
    summary = predict_to_file(table, out, coefficients)
    warn(summary.warnings, quiet)
    if as_json:
        print_json(asdict(summary))
    elif quiet:
        say(summary.out)
    else:
        say(f"{summary.predicted} of {summary.battles} battles predicted, written to {out}")


@app.command("validate", short_help="Score every law on held-out battles.")
def validate(
    table: Table,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Output folder for scores, predictions and figures."
        ),
    ] = None,
    repeats: Annotated[
        int,
        typer.Option(
            "--repeats", metavar="N", min=1, help="Number of repeats of the cross-validation."
        ),
    ] = 3,
    folds: Annotated[
        int,
        typer.Option(
            "--folds", metavar="N", min=2, help="Number of folds of the cross-validation."
        ),
    ] = 10,
    factors: Annotated[
        bool,
        typer.Option("--factors", help="Also measure the worth of each factor; takes minutes."),
    ] = False,
    cut: Annotated[
        bool,
        typer.Option(
            "--cut", help="Instead, play each battle with the engine as a whole and cut in pieces."
        ),
    ] = False,
    parts: Annotated[
        Path | None,
        typer.Option(
            "--parts",
            metavar="FILE",
            help="Instead, set law and engine on these parts of battles beside the record.",
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            metavar="RUN",
            help="Instead, show what share of this run's battles lies outside the table's range.",
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    jobs: Jobs = None,
    form: Format = "png",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Score every law on battles it was not fitted on, and recommend laws.

    Battles are held out in two ways: one whole war at a time, which is the error to expect in a
    campaign of another war, and at random (repeated cross-validation). Each score has a standard
    error from a jackknife over wars. Simple rules and published scores are shown for comparison.

    With --cut nothing is fitted: each battle is played by the engine as a whole, and cut into
    places, columns and march depth, and the losses, days and ground of both are compared.

    With --parts, a table of parts of battles that names in parent_id what they are part of, law
    and engine are applied to parts and wholes, and their casualties set beside the record.

    With --run, the folder of a finished run, nothing is fitted either: its battles are set beside
    the table's range of duration, persons of both sides, and force ratio.
    """
    from sandtable.battles.validate import plan
    from sandtable.cli.battle_tables import as_lines, print_validation, to_json
    from sandtable.cli.output import print_found
    from sandtable.errors import SandtableError

    check_out_folder(out, overwrite=overwrite)
    apart = {"--run": run, "--parts": parts, "--cut": cut, "--factors": factors}
    asked = [name for name, value in apart.items() if value]
    if len(asked) > 1:
        raise SandtableError(f"{asked[0]}: not allowed with {asked[1]}")
    if run is not None:
        if out is not None:
            raise SandtableError("--run: not allowed with --out")
        _validate_run(table, run, quiet, as_json)
        return
    if parts is not None:
        _validate_parts(table, parts, out, jobs, quiet, as_json)
        return
    if cut:
        _validate_cuts(table, out, jobs, quiet, as_json)
        return
    planned = plan(table, repeats, folds, factors)
    warn(planned.warnings, quiet)
    with counted("fits", len(planned.tasks), quiet) as on_done:
        found = planned.run(jobs or cores(), on_done)
    written = [] if out is None else _write(found, out, form)
    print_found(
        found, written, quiet, as_json, tables=print_validation, lines=as_lines, to_json=to_json
    )


def _validate_run(table: Path, run: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.battles.beyond_table import arguments_of, outside, ranges_of
    from sandtable.battles.fit import sample_of
    from sandtable.battles.table import load_table
    from sandtable.cli.battle_ranges import as_lines, print_outside, to_json
    from sandtable.cli.output import print_json, print_lines
    from sandtable.runs import load_results, title_told

    results = load_results(run)
    known = load_table(table)
    warn(known.warnings, quiet)
    found = outside(arguments_of(results.battles), ranges_of(sample_of(known)))
    if as_json:
        print_json(to_json(found))
    elif quiet:
        print_lines(as_lines(found))
    else:
        print_outside(found, title_told(results.manifest))


def _validate_parts(
    table: Path, parts: Path, out: Path | None, jobs: int | None, quiet: bool, as_json: bool
) -> None:
    from sandtable.battles.parts import plan_parts, write_parts
    from sandtable.cli.battle_parts import as_lines, print_parts, to_json
    from sandtable.cli.output import print_found

    planned = plan_parts(table, parts)
    warn(planned.warnings, quiet)
    with counted("battles", len(planned.families), quiet) as on_done:
        found = planned.run(jobs or cores(), on_done)
    written = []
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        written.append(out / "parts.csv")
        write_parts(found, written[0])
    print_found(found, written, quiet, as_json, tables=print_parts, lines=as_lines, to_json=to_json)


def _validate_cuts(
    table: Path, out: Path | None, jobs: int | None, quiet: bool, as_json: bool
) -> None:
    from sandtable.battles.invariance import plan_cuts, write_ratios
    from sandtable.cli.battle_cuts import as_lines, print_invariance, to_json
    from sandtable.cli.output import print_found

    planned = plan_cuts(table)
    warn(planned.table.warnings, quiet)
    with counted("battles", len(planned.battles), quiet) as on_done:
        found = planned.run(jobs or cores(), on_done)
    written = []
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        written.append(out / "cuts.csv")
        write_ratios(found, written[0])
    print_found(
        found, written, quiet, as_json, tables=print_invariance, lines=as_lines, to_json=to_json
    )


def _write(found: Validation, folder: Path, form: FigureFormat) -> list[Path]:
    from sandtable.battles.validate import write_predictions, write_scores, write_worths

    folder.mkdir(parents=True, exist_ok=True)
    scores, predictions = folder / "scores.csv", folder / "predictions.csv"
    write_scores(found, scores)
    write_predictions(found, predictions)
    written = [scores, predictions]
    if found.worths:
        written.append(folder / "factors.csv")
        write_worths(found, written[-1])
    with numbers_kept(folder):
        from sandtable.figures.battle_validation import draw_validation

        return written + draw_validation(found, folder, form)
