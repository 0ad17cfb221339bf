"""``sandtable new``: a campaign to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli.options import Json, Quiet
from sandtable.cli.output import say


def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Id of the new campaign: lower-case words joined by hyphens."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder to create; default: NAME in the current folder."
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a small campaign to start from: a commented scenario with its own evidence register."""
    from sandtable.cli.output import print_json
    from sandtable.scenario.new import write_campaign

    folder = out or Path(name)
    written = write_campaign(name, folder)
    if as_json:
        print_json({"folder": str(folder), "files": [str(path) for path in written]})
        return
    if quiet:
        say(folder)
        return
    for path in written:
        say(path)
    say(f"next: sandtable check {folder}, then sandtable run {folder} -n 20")
