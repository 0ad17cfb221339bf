"""``sandtable compare``: a run beside the record, or several runs replication by replication."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sandtable.cli.options import Format, Json, OverwriteFiles, Quiet
from sandtable.cli.out_file import check_out_folder
from sandtable.cli.output import say
from sandtable.vocabulary import FigureFormat


def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN",
            help="Folder of a finished run. Further runs are compared with the first one, or, if "
            "each is of another campaign, by their scores.",
        ),
    ],
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Several runs: show every outcome that differs, not just the main ones."
        ),
    ] = False,
    unanswered: Annotated[
        bool,
        typer.Option("--unanswered", help="One run: list the claims it does not answer, and why."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Several runs: the folder for a figure of what is compared.",
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    form: Format = "png",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Compare a run with the record, or several runs with the first, replication by replication.

    Runs of different campaigns are compared by their scores against the record.
    """
    from sandtable.errors import SandtableError
    from sandtable.runs import check_intact

    if len(runs) == 1 and out is not None:
        raise SandtableError("--out: allowed with several runs only")
    check_out_folder(out, overwrite=overwrite)
    for run in runs:
        check_intact(run)
    if len(runs) == 1:
        (_not_answered if unanswered else _against_record)(runs[0], quiet, as_json)
        return
    if unanswered:
        raise SandtableError("--unanswered: allowed with one run only")
    from sandtable.cli.campaigns import Campaigns, are_of_different_campaigns

    if are_of_different_campaigns(runs):
        if everything:
            raise SandtableError("--all: allowed with runs of one campaign only")
        Campaigns.of(runs).show(quiet=quiet, as_json=as_json)
    else:
        _among_runs(runs, everything, quiet, as_json)
    if out is not None:
        _draw(runs, out, form, quiet or as_json)


def _against_record(run: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.fitted import warn_if_fitted
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.tables import Recorded, comparison_table
    from sandtable.runs import load_results, title_told

    title = title_told(load_results(run).manifest)
    recorded = Recorded.of(run)
    if as_json:
        print_json(recorded.as_json())
    elif quiet:
        print_lines(f"{row.outcome} {row.verdict}" for row in recorded.rows)
    else:
        comparison_table(f"{title}, compared with the record", recorded)
    if not quiet:
        warn_if_fitted(recorded.manifest)


def _not_answered(run: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.fitted import fitted_fields, warn_if_fitted
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.tables import Recorded, unanswered_table
    from sandtable.runs import load_results, title_told

    title = title_told(load_results(run).manifest)
    recorded = Recorded.of(run)
    if as_json:
        listed = recorded.as_json()["unanswered"]
        print_json({"unanswered": listed, **fitted_fields(recorded.manifest)})
    elif quiet:
        print_lines(f"{item.outcome}: {item.reason}" for item in recorded.unanswered)
    elif not recorded.unanswered:
        say("not answered: 0")
    else:
        unanswered_table(f"{title}, claims without an answer", recorded.unanswered)
    if not quiet:
        warn_if_fitted(recorded.manifest)


def _among_runs(runs: list[Path], everything: bool, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.differences import Changes
    from sandtable.cli.fitted import warn_if_fitted
    from sandtable.cli.output import figure, print_json, print_lines

    found = Changes.of(runs, everything=everything)
    if as_json:
        print_json(found.as_json())
    elif quiet:
        print_lines(
            f"{name} " + " ".join(figure(item.mean) for item in told)
            for name, told in found.changed.items()
        )
    else:
        found.print()
    if not quiet:
        for run in (found.base, *found.others):
            warn_if_fitted(run.results.manifest, run.folder)


def _draw(folders: list[Path], out: Path, form: FigureFormat, quiet: bool) -> None:
    from sandtable import open_run
    from sandtable.cli.campaigns import are_of_different_campaigns
    from sandtable.cli.differences import labels
    from sandtable.comparison import SCORE, campaigns_csv
    from sandtable.figures import draw_comparison, draw_scores
    from sandtable.files import write_whole

    runs = [open_run(folder) for folder in folders]
    if are_of_different_campaigns(folders):
        scores = {str(run.manifest["scenario"]): run.score() for run in runs}
        files = [*draw_scores(runs, out, form), out / SCORE]
        write_whole(files[-1], campaigns_csv(scores).encode())
    else:
        files = draw_comparison(dict(zip(labels(folders), runs, strict=True)), out, form)
    for path in [] if quiet else files:
        say(f"written to {path}")
