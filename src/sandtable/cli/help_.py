"""``sandtable help``: the same as ``--help``, for those who look for it there."""

from __future__ import annotations

from typing import Annotated

import typer


def help_(
    context: typer.Context,
    verb: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="VERB", help="A verb, such as `run` or `battles fit`; default: list all."
        ),
    ] = None,
) -> None:
    """Show the help of a verb, or the list of verbs."""
    context.find_root().command.main([*(verb or ()), "--help"], prog_name="sandtable")
