"""``sandtable report``: a run as one HTML page, or two runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import Json, OverwriteFiles, Quiet
from sandtable.cli.out_file import check_out
from sandtable.cli.output import say

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN2", help="Another run of the same campaign, to be shown beside it."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Output file; default: report.html in RUN, or of two runs RUN-and-RUN2.html "
            "beside RUN.",
        ),
    ] = None,
    replications: Annotated[
        list[int] | None,
        typer.Option(
            "--replication",
            metavar="N",
            min=0,
            help="Tell this replication in full too, formation by formation; repeatable.",
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write the report of a run: one HTML page that plays it on a map, to be opened offline.

    In full it tells replication 0, the typical one, the fastest, the costliest and the one nearest
    to the record. With RUN2 it shows both runs side by side, on the same draws.
    """
    import sandtable
    from sandtable.cli.output import print_json
    from sandtable.report import write_report
    from sandtable.runs import check_intact

    folders = [run] if other is None else [run, other]
    for folder in folders:
        check_intact(folder)
    path = _place(folders, out, overwrite)
    opened = [sandtable.open_run(folder) for folder in folders]
    _refuse_strangers(folders, opened)
    write_report(path, *opened, replications=replications or ())
    if as_json:
        print_json({"report": str(path)})
    else:
        say(path if quiet else f"written to {path}: open it in a browser")


def _place(folders: list[Path], out: Path | None, overwrite: bool) -> Path:
    """Return the file to be written. Raises InputError if it may not be."""
    from sandtable.files import check_regular
    from sandtable.runs.request import REPORT

    if out is None and len(folders) == 1:
        # The one file that may be written into a finished folder.
        path = folders[0] / REPORT
        if path.exists() and not overwrite:
            _refuse(path, "a report", "--overwrite to write it anew, or --out FILE")
        check_regular(path)
        return path
    first, second = folders[0].resolve(), folders[-1].resolve()
    path = out or folders[0].parent / f"{first.name}-and-{second.name}.html"
    check_out(path, overwrite=overwrite)
    return path


def _refuse_strangers(folders: list[Path], runs: list[CampaignRun]) -> None:
    """Raise InputError if two runs are not of one scenario, or have no replication in common."""
    from sandtable.runs import paired_replications

    named = [run.manifest["scenario"] for run in runs]
    if named[0] != named[-1]:
        _refuse(folders[-1], f"a run of {named[-1]}", f"one of {named[0]}, as the first", "RUN2")
    paired_replications(runs[0].results, runs[-1].results)


def _refuse(path: Path, found: str, allowed: str, key: str = "file") -> None:
    from sandtable.errors import InputError, Problem

    raise InputError([Problem(str(path), key, found, allowed)])
