"""``sandtable import``: an order of battle of another tool as a scenario to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sandtable.cli.options import Json, OverwriteFiles, Quiet
from sandtable.cli.out_file import check_out
from sandtable.cli.output import say


def import_(
    form: Annotated[
        Literal["orbat-mapper"],
        typer.Argument(metavar="FORMAT", help="orbat-mapper: a scenario of ORBAT Mapper (JSON)."),
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to read.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="SCENARIO", help="Scenario to write (a TOML file).")
    ],
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Turn an order of battle into a scenario's sides, formations and places.

    Whatever the file does not say is an assumption to be filled in; whatever has no counterpart
    in a scenario is listed.
    """
    from sandtable.cli.output import print_json, print_lines, print_wrapped
    from sandtable.errors import InputError, Problem
    from sandtable.export import import_orbat_mapper

    if out.suffix != ".toml":
        found = f"'{out.name}'"
        raise InputError([Problem(str(out), "--out", found, "a name that ends in .toml")])
    check_out(out, file, overwrite=overwrite)
    found_there = import_orbat_mapper(file, out)
    told = {
        "sides": len(found_there.sides),
        "formations": len(found_there.formations),
        "places": len(found_there.places),
        "quantities to be filled in": found_there.to_fill_in,
    }
    if as_json:
        print_json({"file": str(out), **told, "not taken over": found_there.left_out})
        return
    if quiet:
        say(out)
        return
    print_lines(f"{count} {what}" for what, count in told.items())
    if found_there.left_out:
        say("not taken over, or read as something like it:")
    for text in found_there.left_out:
        print_wrapped(text, 2)
    say(f"written: {out}")
    say(f"next: sandtable check {out}")
