"""Options that several verbs share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli import completion
from sandtable.vocabulary import FigureFormat

Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print only the bare result; no progress, no warnings."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A shipped scenario (see `sandtable list`), or the path of a TOML file or folder.",
        autocompletion=completion.scenarios,
    ),
]
KeyPath = Annotated[
    str | None,
    typer.Argument(
        metavar="KEY",
        help="Show only quantities at or below this key path, with their sources.",
        autocompletion=completion.keys,
    ),
]
VariantName = Annotated[
    str | None,
    typer.Option(
        "--variant",
        metavar="NAME",
        help="Use a variant (counterfactual) that the scenario defines.",
        autocompletion=completion.variants,
    ),
]
PhaseName = Annotated[
    str | None,
    typer.Option(
        "--phase",
        metavar="NAME",
        help="Only this phase of the scenario; without it, all of them in turn.",
        autocompletion=completion.phases,
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a key by its path; repeatable.",
        autocompletion=completion.keys,
    ),
]
Overlay = Annotated[
    Path | None,
    typer.Option("--set-file", metavar="FILE", help="TOML file of keys to set."),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="MECHANISM",
        help="Switch off a mechanism; repeatable.",
        autocompletion=completion.mechanisms,
    ),
]
Register = Annotated[
    Path | None,
    typer.Option(
        "--register",
        metavar="DIR",
        help="Evidence register to use instead of the scenario's own or the shipped one.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Run on the Dask cluster of this scheduler (tcp://HOST:PORT or tls://HOST:PORT), not "
        "in local processes.",
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, help="Seed of all random streams.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1, help="Number of processes; default: one per core."
    ),
]
OutcomeNames = Annotated[
    list[str] | None,
    typer.Option(
        "--outcomes", metavar="NAME", help="Outcome, or pattern with *, to study; repeatable."
    ),
]
ReplicationNumber = Annotated[
    int | None,
    typer.Option("--replication", metavar="N", min=0, help="The replication shown, by its number."),
]
Typical = Annotated[
    bool,
    typer.Option(
        "--typical",
        help="The replication nearest to the median, as without --replication.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Output folder; default: one under results/."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Resume an interrupted run.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing output folder.")]
OverwriteFiles = Annotated[
    bool, typer.Option("--overwrite", help="Replace what stands there under the same name.")
]
KeepFailures = Annotated[
    bool,
    typer.Option("--keep-failures", help="Finish even if replications fail, leaving those out."),
]
Format = Annotated[
    FigureFormat, typer.Option("--format", help="Format of the figures: png, svg or pdf.")
]
NoReport = Annotated[
    bool, typer.Option("--no-report", help="Do not write the report, an HTML page.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Do not draw figures.")]


def cores() -> int:
    """How many processes to start where nobody says: one a core that this one may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
