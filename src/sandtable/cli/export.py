"""``sandtable export``: a run as a file of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli.options import Json, OverwriteFiles, Quiet, ReplicationNumber, Typical
from sandtable.cli.out_file import check_out
from sandtable.vocabulary import ExportFormat


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    form: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="orbat-mapper: a scenario of ORBAT Mapper; geojson: for QGIS; kml: for Google "
            "Earth; csv: a table of tracks.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write.")],
    replication: ReplicationNumber = None,
    typical: Typical = False,
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a run as a file of another tool: formations day by day, fronts, captures, battles.

    Formations and battles are those of one replication, the typical one unless another is chosen;
    fronts and captures are quantiles of all.
    """
    from sandtable.campaign import open_run
    from sandtable.cli.fitted import fitted_fields, warn_if_fitted
    from sandtable.cli.output import print_json, say
    from sandtable.cli.replication import TYPICAL, chosen
    from sandtable.export import export_run
    from sandtable.runs import check_intact

    check_out(out, overwrite=overwrite)
    check_intact(run)
    opened = open_run(run)
    number = chosen(opened, replication, [TYPICAL] if typical else [])
    if not quiet:
        warn_if_fitted(opened.manifest)
    path = export_run(opened, out, form, number)
    if as_json:
        told = {"file": str(path), "format": form, "replication": number}
        print_json({**told, **fitted_fields(opened.manifest)})
    elif quiet:
        say(path)
    else:
        say(f"written: {path} ({form}, replication {number})")
