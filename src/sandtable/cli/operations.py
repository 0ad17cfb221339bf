"""``sandtable operations``: operations of other wars, played by the campaign engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli.options import Jobs, Json, Quiet, Seed, cores

_WHAT = "Play operations of other wars with the campaign engine: predict them, or judge it on them."

app = typer.Typer(help=_WHAT, rich_markup_mode=None, no_args_is_help=True)

Replications = Annotated[
    int,
    typer.Option("--replications", "-n", metavar="N", min=4, help="Replications of an operation."),
]


@app.callback()
def _root() -> None:
    pass


@app.command("predict", short_help="Predict each operation of a table.")
def predict(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="Table of operations (CSV).")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Output file for the predictions (CSV).")
    ],
    replications: Replications = 100,
    seed: Seed = 1,
    jobs: Jobs = None,
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

    count = len(read_operations(table)) * LAYOUTS
    with _progress(count, quiet or as_json) as on_done:
        summary = predict_to_file(table, out, replications, seed, jobs or cores(), on_done)
    _warn(summary.warnings, quiet)
    if as_json:
        print_json(asdict(summary))
    elif quiet:
        print(summary.out)
    else:
        print(f"{summary.operations} operations predicted, written to {summary.out}")


def _warn(warnings: Sequence[str], quiet: bool) -> None:
    if not quiet:
        for warning in warnings:
            print(f"warning: {warning}", file=sys.stderr)


@contextmanager
def _progress(layouts: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """Count layouts played on stderr; yields what counts one."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    bar = (TextColumn("layouts played"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*bar, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("", total=layouts)
        yield lambda: progress.advance(task)
