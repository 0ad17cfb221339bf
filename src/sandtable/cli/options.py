"""Options that several verbs share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print the bare result only, nothing on stderr.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A shipped name (see `list`), or a file or folder."),
]
KeyPath = Annotated[
    str | None,
    typer.Argument(
        metavar="[KEY]", help="Only quantities at or below this key path, each with its sources."
    ),
]
VariantName = Annotated[
    str | None, typer.Option("--variant", metavar="NAME", help="A counterfactual of the scenario.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one key by its path; repeatable."),
]
Overlay = Annotated[
    Path | None,
    typer.Option("--set-file", metavar="FILE", help="A TOML file of keys to change."),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="MECHANISM", help="Switch a mechanism off; repeatable."),
]
Register = Annotated[
    Path | None,
    typer.Option(
        "--register",
        metavar="DIR",
        help="An evidence register in place of the scenario's own or the shipped one.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="Work on the Dask cluster of this scheduler, not on processes of our own.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of all random streams.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Processes; without it, one a core."),
]
OutcomeNames = Annotated[
    list[str] | None,
    typer.Option("--outcomes", metavar="NAME", help="An outcome or a pattern with *; repeatable."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Its own folder; without it, under results/."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Take up what was interrupted.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what lies in the folder.")]
KeepFailures = Annotated[
    bool, typer.Option("--keep-failures", help="Finish without the replications that failed.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]


def cores() -> int:
    """How many processes to start where nobody says: one a core that this one may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
