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
    reproduce,
    run,
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
app.command("list")(list_.list_)
app.command("show")(show.show)
app.command("check")(check.check)
app.command("run")(run.run)
app.command("vary")(vary.vary)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("calibrate")(calibrate.calibrate)
app.command("compare")(compare.compare)
app.command("cite")(cite.cite)
app.command("reproduce")(reproduce.reproduce)
app.add_typer(battles.app, name="battles")


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
