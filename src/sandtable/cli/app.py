"""The command line's verbs, and the one place where failures become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from sandtable.cli import (
    battle,
    battles,
    calibrate,
    check,
    cite,
    compare,
    help_,
    list_,
    new,
    operations,
    reproduce,
    rerun,
    run,
    schema,
    sensitivity,
    show,
    tell,
    vary,
)
from sandtable.errors import SandtableError

# Plain help text: rich takes longer to load than all the rest of `sandtable --help`.
app = typer.Typer(
    name="sandtable",
    help="Simulate historical campaigns and compare the outcomes with the historical record.",
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Longer than these, a verb's line is cut off in the list of verbs.
app.command("new", short_help="Write a small campaign to start from.")(new.new)
app.command("list", short_help="List the shipped campaigns.")(list_.list_)
app.command("show", short_help="Show a scenario and its sources, or a run's battles.")(show.show)
app.command("check", short_help="Check a scenario or the evidence register.")(check.check)
app.command("schema", short_help="Print JSON Schemas for editors.")(schema.schema)
app.command("run", short_help="Run a campaign and compare it with the record.")(run.run)
app.command("rerun", short_help="Repeat a finished run or study, byte for byte.")(rerun.rerun)
app.command("vary", short_help="Run a campaign over values of chosen keys.")(vary.vary)
app.command("sensitivity", short_help="Find the inputs that drive an outcome's spread.")(
    sensitivity.sensitivity
)
app.command("calibrate", short_help="Find key values consistent with the record.")(
    calibrate.calibrate
)
app.command("tell", short_help="Tell what happened in one replication of a run.")(tell.tell)
app.command("compare", short_help="Compare a run with the record or other runs.")(compare.compare)
app.command("battle", short_help="Foretell one battle; make a combat results table.")(battle.battle)
app.command("cite", short_help="List the sources a campaign uses.")(cite.cite)
app.command("reproduce", short_help="Recompute published results and compare.")(reproduce.reproduce)
app.command("help", short_help="Show the help of a verb.")(help_.help_)
app.add_typer(
    battles.app, name="battles", short_help="Fit, validate and apply the laws on battles."
)
app.add_typer(
    operations.app, name="operations", short_help="Play operations of other wars; predict, judge."
)


def _version(wanted: bool) -> None:
    if wanted:
        from sandtable import __version__

        typer.echo(f"sandtable {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Exits 0 when done, 2 on bad input, 130 when interrupted."""
    try:
        app(arguments, prog_name="sandtable")
    except SandtableError as error:
        _fail(str(error))
    except BrokenPipeError:
        # The reader has what it wanted; nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _fail(f"{error.filename or 'file'}: {error.strerror or error}")


def _fail(text: str) -> None:
    for line in text.splitlines():
        print(f"error: {line}" if not line.startswith(" ") else line, file=sys.stderr)
    sys.exit(2)
