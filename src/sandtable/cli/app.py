"""The command line's verbs, and the one place where failures become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from sandtable.cli import (
    battles,
    calibrate,
    check,
    cite,
    compare,
    list_,
    new,
    reproduce,
    rerun,
    run,
    schema,
    sensitivity,
    show,
    vary,
)
from sandtable.errors import SandtableError

# Plain help text: rich takes longer to load than all the rest of `sandtable --help`.
app = typer.Typer(
    name="sandtable",
    help="Run historical campaigns as simulations and set what comes out beside the record.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Longer than these, a verb's line is cut off in the list of verbs.
app.command("new", short_help="Write a small campaign to start from.")(new.new)
app.command("list", short_help="List the shipped campaigns.")(list_.list_)
app.command("show", short_help="Show what a scenario holds, and what it rests on.")(show.show)
app.command("check", short_help="Report every problem of a scenario or the register.")(check.check)
app.command("schema", short_help="Print the JSON Schemas that editors read.")(schema.schema)
app.command("run", short_help="Run a campaign many times beside the record.")(run.run)
app.command("rerun", short_help="Repeat a finished run or study byte for byte.")(rerun.rerun)
app.command("vary", short_help="Tell where outcomes cross the record as keys vary.")(vary.vary)
app.command("sensitivity", short_help="Tell which inputs an outcome's spread comes from.")(
    sensitivity.sensitivity
)
app.command("calibrate", short_help="Find values of keys that the record does not rule out.")(
    calibrate.calibrate
)
app.command("compare", short_help="Show a run beside the record, or beside another run.")(
    compare.compare
)
app.command("cite", short_help="List the sources that a campaign uses.")(cite.cite)
app.command("reproduce", short_help="Work out published results again and compare.")(
    reproduce.reproduce
)
app.add_typer(battles.app, name="battles", short_help="Fit, judge and use the laws on battles.")


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
            "--version", callback=_version, is_eager=True, help="Print the version and leave."
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
