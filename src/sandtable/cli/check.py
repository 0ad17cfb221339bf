"""``sandtable check``: is a scenario, or the evidence register, sound?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli.options import Json, Overlay, Overrides, Quiet, Register, VariantName, Without


def check(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|seeds",
            help="A shipped scenario, a file or folder, or `seeds` for the shipped register.",
        ),
    ],
    documents: Annotated[
        Path | None,
        typer.Option(
            "--documents",
            metavar="DIR",
            help="With `seeds`: hold each cited line against the documents in this folder.",
        ),
    ] = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Check a scenario or the evidence register, and report every problem at once."""
    from sandtable.errors import SandtableError

    if what == "seeds":
        _check_seeds(register, documents, quiet, as_json)
        return
    if documents is not None:
        raise SandtableError("--documents: allowed with `check seeds` only")
    from sandtable import scenario
    from sandtable.cli.output import print_json

    if variant or overrides or overlay or without:
        loaded = scenario.load_scenario(
            what,
            overrides=overrides or (),
            overlay=overlay,
            variant=variant,
            without=without or (),
            register_root=register,
        )
    else:
        loaded = scenario.check_scenario(what, register_root=register)
    description = scenario.describe(loaded)
    counts = {**description.sizes, "quantities": len(loaded.quantities)}
    if as_json:
        print_json({"scenario": loaded.name, "sound": True, **counts})
    elif not quiet:
        print(f"{loaded.name}: sound; " + ", ".join(f"{n} {word}" for word, n in counts.items()))


def _check_seeds(register: Path | None, documents: Path | None, quiet: bool, as_json: bool) -> None:
    from sandtable import evidence
    from sandtable.cli.output import print_json
    from sandtable.errors import InputError

    report = evidence.check_register(register or evidence.register_root(), documents)
    counts = {"facts": report.facts, "claims": report.claims, "lines_verified": report.lines}
    if as_json:
        print_json(
            {
                "sound": not report.problems,
                **counts,
                "problems": [str(problem) for problem in report.problems],
            }
        )
        if report.problems:
            raise typer.Exit(2)
    if report.problems:
        raise InputError(report.problems)
    if not (quiet or as_json):
        verified = f", {report.lines} lines hold the cited figure" if documents else ""
        print(f"register: sound; {report.facts} facts, {report.claims} claims{verified}")
