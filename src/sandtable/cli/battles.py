"""``sandtable battles``: the laws, fitted on a table of battles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import Json, Quiet

if TYPE_CHECKING:
    from sandtable.battles.fit import FitSummary

app = typer.Typer(
    help="Fit the laws on a table of battles.", rich_markup_mode=None, no_args_is_help=True
)


@app.callback()
def _root() -> None:
    """Fit the laws on a table of battles."""


@app.command("fit")
def fit(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="The table of battles, CSV.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where the coefficients go, TOML.")
    ],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit attrition, outcome and advance on a table of battles and write the coefficients."""
    from dataclasses import asdict

    from sandtable.battles.fit import fit_to_file
    from sandtable.cli.output import print_json, print_table

    summary = fit_to_file(table, out)
    if as_json:
        print_json(asdict(summary))
        return
    if quiet:
        print(summary.out)
        return
    rows = [
        (law, str(count), _errors(summary, law.removeprefix("attrition.")))
        for law, count in summary.battles.items()
    ]
    title = f"Fitted on {summary.rows} battles, written to {summary.out}"
    print_table(title, ["law", "battles>", "cross-validated error of ln casualties>"], rows)


def _errors(summary: FitSummary, law: str) -> str:
    found = summary.rms_cross_validated.get(law)
    return "" if found is None else f"{found[0]:.2f} and {found[1]:.2f}"
