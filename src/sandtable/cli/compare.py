"""``sandtable compare``: a run beside the record, or two runs replication by replication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import Json, Quiet

if TYPE_CHECKING:
    from sandtable.ensemble import Difference
    from sandtable.runs import RunResults


def compare(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")],
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="Another run of the same campaign.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Two runs: every outcome that moved, not the main ones.")
    ] = False,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="One run: the claims it does not answer, and why.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show a run beside the record, or what changes from one run to another."""
    from sandtable.errors import SandtableError

    if other is None:
        (_not_answered if unanswered else _against_record)(run, quiet, as_json)
    elif unanswered:
        raise SandtableError("--unanswered: allowed with one run only")
    else:
        _two_runs(run, other, everything, quiet, as_json)


def _against_record(run: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.fitted import warn_if_fitted
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.tables import Recorded, comparison_table
    from sandtable.runs import load_results

    title = load_results(run).manifest["title"]
    recorded = Recorded.of(run)
    if as_json:
        print_json(recorded.as_json())
    elif quiet:
        print_lines(f"{row.outcome} {row.verdict}" for row in recorded.rows)
    else:
        comparison_table(f"{title}, beside the record", recorded)
    if not quiet:
        warn_if_fitted(recorded.manifest)


def _not_answered(run: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.fitted import fitted_fields, warn_if_fitted
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.tables import Recorded, unanswered_table
    from sandtable.runs import load_results

    title = load_results(run).manifest["title"]
    recorded = Recorded.of(run)
    if as_json:
        listed = recorded.as_json()["unanswered"]
        print_json({"unanswered": listed, **fitted_fields(recorded.manifest)})
    elif quiet:
        print_lines(f"{item.outcome}: {item.reason}" for item in recorded.unanswered)
    elif not recorded.unanswered:
        print("not answered: 0")
    else:
        unanswered_table(f"{title}, claims without an answer", recorded.unanswered)
    if not quiet:
        warn_if_fitted(recorded.manifest)


def _two_runs(run: Path, other: Path, everything: bool, quiet: bool, as_json: bool) -> None:
    from dataclasses import asdict

    from sandtable.cli.fitted import fitted_fields, warn_if_fitted
    from sandtable.cli.output import figure, print_json, print_lines
    from sandtable.cli.tables import difference_table
    from sandtable.runs import load_results

    runs = {"first": (run, load_results(run)), "second": (other, load_results(other))}
    found = _differences(runs["first"], runs["second"], everything)
    if as_json:
        told = {
            name: {"folder": str(folder), **fitted_fields(results.manifest)}
            for name, (folder, results) in runs.items()
        }
        print_json({**told, "differences": [asdict(item) for item in found]})
    elif quiet:
        print_lines(f"{item.outcome} {figure(item.mean)}" for item in found)
    else:
        difference_table(f"{other} less {run}, replication by replication", found)
    if not quiet:
        for folder, results in runs.values():
            warn_if_fitted(results.manifest, folder)


def _differences(
    run: tuple[Path, RunResults], other: tuple[Path, RunResults], everything: bool
) -> list[Difference]:
    from sandtable.ensemble import paired_difference
    from sandtable.errors import SandtableError
    from sandtable.runs import paired_replications

    (mine, first), (theirs, second) = run, other
    for key in ("scenario", "seed", "replications"):
        if first.manifest[key] != second.manifest[key]:
            raise SandtableError(
                f"{theirs}: {key}: found {second.manifest[key]}; allowed: {first.manifest[key]}, "
                f"as in {mine}, so that replications can be paired"
            )
    shared = [name for name in first.outcomes if name in second.outcomes]
    if not everything:
        headline = frozenset(first.manifest["headline"])
        shared = [name for name in shared if name in headline]
    # A replication that failed in one of the two has no partner.
    here, there = paired_replications(first, second)
    found = [
        paired_difference(n, first.outcomes[n][here], second.outcomes[n][there]) for n in shared
    ]
    return [item for item in found if item.moved] if everything else found
