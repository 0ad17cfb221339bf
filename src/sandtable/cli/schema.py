"""``sandtable schema``: the JSON Schemas of scenarios and registers, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli.options import Json, OverwriteFiles, Quiet
from sandtable.cli.out_file import check_out_folder
from sandtable.cli.output import say
from sandtable.files import write_whole


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="scenario, overlay, facts, claims or sources; default: all."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write NAME.schema.json files to this folder."),
    ] = None,
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Print the JSON Schemas of scenario files, overlays and registers, or write them to a folder.

    The output is always JSON. Editors use the schema that a TOML file names in its first line:
    `#:schema scenario.schema.json`.
    """
    from sandtable.errors import InputError, Problem, nearest
    from sandtable.scenario.json_schema import file_name, schema_text, schemas

    made = schemas()
    if name is not None and name not in made:
        allowed = ", ".join(made)
        raise InputError([Problem("schema", "NAME", f"'{name}'", allowed, nearest(name, made))])
    wanted = made if name is None else {name: made[name]}
    if out is None:
        say(schema_text(made if name is None else made[name]), end="")
        return
    check_out_folder(out, overwrite=overwrite)
    out.mkdir(parents=True, exist_ok=True)
    for one, content in wanted.items():
        path = out / file_name(one)
        write_whole(path, schema_text(content).encode())
        if not quiet:
            say(path)
