"""``sandtable compare``: a run beside the record, or two runs replication by replication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import Json, Quiet

if TYPE_CHECKING:
    from sandtable.experiments import Difference


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
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.tables import Recorded, comparison_table
    from sandtable.record import load_results

    title = load_results(run).manifest["title"]
    recorded = Recorded.of(run)
    if as_json:
        print_json(recorded.as_json())
    elif quiet:
        print_lines(f"{row.outcome} {row.verdict}" for row in recorded.rows)
    else:
        comparison_table(f"{title}, beside the record", recorded)


def _not_answered(run: Path, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.tables import Recorded, unanswered_table
    from sandtable.record import load_results

    title = load_results(run).manifest["title"]
    recorded = Recorded.of(run)
    if as_json:
        print_json(recorded.as_json()["unanswered"])
    elif quiet:
        print_lines(f"{item.outcome}: {item.reason}" for item in recorded.unanswered)
    elif not recorded.unanswered:
        print("not answered: 0")
    else:
        unanswered_table(f"{title}, claims without an answer", recorded.unanswered)


def _two_runs(run: Path, other: Path, everything: bool, quiet: bool, as_json: bool) -> None:
    from dataclasses import asdict

    from sandtable.cli.output import figure, print_json, print_lines
    from sandtable.cli.tables import difference_table

    found = _differences(run, other, everything)
    if as_json:
        print_json([asdict(item) for item in found])
    elif quiet:
        print_lines(f"{item.outcome} {figure(item.mean)}" for item in found)
    else:
        difference_table(f"{other} less {run}, replication by replication", found)


def _differences(run: Path, other: Path, everything: bool) -> list[Difference]:
    from sandtable.errors import SandtableError
    from sandtable.experiments import paired_difference
    from sandtable.record import load_results, pairs

    first, second = load_results(run), load_results(other)
    for key in ("scenario", "seed", "replications"):
        if first.manifest[key] != second.manifest[key]:
            raise SandtableError(
                f"{other}: {key}: found {second.manifest[key]}; allowed: {first.manifest[key]}, "
                f"as in {run}, so that replications can be paired"
            )
    shared = [name for name in first.outcomes if name in second.outcomes]
    if not everything:
        headline = frozenset(first.manifest["headline"])
        shared = [name for name in shared if name in headline]
    # A replication that failed in one of the two has no partner.
    mine, theirs = pairs(first, second)
    found = [
        paired_difference(n, first.outcomes[n][mine], second.outcomes[n][theirs]) for n in shared
    ]
    return [item for item in found if item.moved] if everything else found
