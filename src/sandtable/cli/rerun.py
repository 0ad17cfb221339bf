"""``sandtable rerun``: a finished folder made again from what it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.figures import drawing, format_in, reporting
from sandtable.cli.options import (
    Jobs,
    Json,
    Overwrite,
    Quiet,
    Resume,
    Scheduler,
    cores,
)
from sandtable.cli.output import say
from sandtable.cli.progress import ReplicationsDone, telling_what_is_kept

if TYPE_CHECKING:
    from sandtable.studies.rerun import Rerun


def rerun(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder of a finished run or study.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Output folder.")],
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway",
            help="Allow versions or coefficients other than those of the original run.",
        ),
    ] = False,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Repeat a finished run or study from the inputs kept in its folder.

    The output is byte-identical except for the times in the manifest. Exits with 1 if any file
    differs.
    """
    from sandtable.cli.output import print_json
    from sandtable.runs import RunOptions
    from sandtable.runs.request import FIGURES, REPORT
    from sandtable.studies.rerun import differing_files
    from sandtable.studies.rerun import rerun as work_of

    work = work_of(folder, jobs or cores(), scheduler)
    _refuse_others(work, anyway)
    drawn = folder / FIGURES
    shown = ReplicationsDone(work.total, quiet, counted="runs")
    with telling_what_is_kept(out, quiet), shown:
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            # What failed then was left out, or there would be no folder.
            keep_failures=True,
            draw=drawing(work.verb, format_in(drawn)) if drawn.is_dir() else None,
            report=reporting if (folder / REPORT).is_file() else None,
            on_part=shown.add,
            on_resumed=shown.resumed,
            on_damage=shown.damaged,
        )
        work.run(out, options)
    changed = differing_files(folder, out)
    if as_json:
        print_json({"folder": str(out), "different": changed})
    elif quiet:
        say(out)
    else:
        for name in changed:
            say(f"different: {name}")
        same = "some files differ" if changed else "every file is the same"
        say(f"written to {out}; compared with {folder}, {same}")
    if changed:
        raise typer.Exit(1)


def _refuse_others(work: Rerun, anyway: bool) -> None:
    """Say what differs here from when the folder was made; raise unless it is wanted anyway."""

    from sandtable.errors import SandtableError

    found = work.differences
    if not found:
        return
    listed = "\n".join(f"  {line}" for line in found)
    if not anyway:
        raise SandtableError(
            f"{work.folder}: was made with what is not installed here, so that its bytes cannot be "
            f"promised; --anyway makes it all the same:\n{listed}"
        )
    say(f"warning: {work.folder}: was made with what is not installed here:", err=True)
    say(listed, err=True)
