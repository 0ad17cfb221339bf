"""``sandtable reproduce``: published results, worked out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli.options import Json, Quiet
from sandtable.cli.output import say

if TYPE_CHECKING:
    from sandtable.battles.published import Case

_REPLICATIONS = 40
_TABLE_WANTED = "the battle table, which is not shipped: --battles TABLE"


def reproduce(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="engel, helmbold, lanchester, rates, marches or quit; default: all.",
        ),
    ] = None,
    battles: Annotated[
        Path | None,
        typer.Option(
            "--battles", metavar="TABLE", help="Battle table (CSV), needed by helmbold and rates."
        ),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            "-n",
            metavar="N",
            min=2,
            help=f"quit: number of replications; default: {_REPLICATIONS}.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", min=0, help="quit: seed of all streams; default: 1."),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Recompute published results and report which agree."""
    from sandtable.battles.published import NAMES
    from sandtable.cli.output import print_json

    runs = {"--replications": replications, "--seed": seed}
    wanted = _wanted(name, battles, [key for key, value in runs.items() if value is not None])
    found = {
        one: _cases(one, battles, replications or _REPLICATIONS, 1 if seed is None else seed, quiet)
        for one in wanted
    }
    skipped = [] if name is not None else [one for one in NAMES if one not in wanted]
    if as_json:
        rows = {one: [_as_json(case) for case in cases] for one, cases in found.items()}
        missing = dict.fromkeys(skipped, f"needs {_TABLE_WANTED}")
        print_json({"cases": rows, "not_run": missing})
    elif quiet:
        for one, cases in found.items():
            _print_bare(one, cases)
    else:
        for cases in found.values():
            _print_tables(cases)
        for one in skipped:
            say(f"{one}: not run; it needs {_TABLE_WANTED}")


def _wanted(name: str | None, battles: Path | None, given: list[str]) -> list[str]:
    """Return the results to work out. Raises InputError where an option does not fit the name."""
    from sandtable.battles.published import NAMES, NEED_BATTLES
    from sandtable.errors import InputError, Problem, nearest

    if name is None:
        return [one for one in NAMES if battles is not None or one not in NEED_BATTLES]
    problems = []
    if name not in NAMES:
        near = nearest(name, NAMES)
        problems.append(Problem("reproduce", "NAME", repr(name), ", ".join(NAMES), near))
    elif name in NEED_BATTLES and battles is None:
        problems.append(Problem("reproduce", name, "no battle table", _TABLE_WANTED))
    else:
        only = "with {} or without a name"
        if battles is not None and name not in NEED_BATTLES:
            allowed = only.format(" or ".join(NEED_BATTLES))
            problems.append(Problem("reproduce", "--battles", f"with {name}", allowed))
        if name != "quit":
            allowed = only.format("quit")
            problems += [Problem("reproduce", key, f"with {name}", allowed) for key in given]
    if problems:
        raise InputError(problems)
    return [name]


def _cases(
    name: str, battles: Path | None, replications: int, seed: int, quiet: bool
) -> list[Case]:
    from sandtable.battles import published, published_laws, published_marches
    from sandtable.battles.table import load_table

    if name == "engel":
        return published_laws.engel()
    if name == "lanchester":
        return published_laws.closed_forms()
    if name == "marches":
        return published_marches.marches()
    if name == "quit":
        return _quit(replications, seed, quiet)
    assert battles is not None
    table = load_table(battles)
    return published.helmbold(table) if name == "helmbold" else published.rates(table)


def _quit(replications: int, seed: int, quiet: bool) -> list[Case]:
    """Run every shipped campaign and count why forces quit."""
    import sandtable
    from sandtable.battles.published import quit_causes
    from sandtable.cli.progress import ReplicationsDone
    from sandtable.runs import RunOptions

    names = [name for name, _ in sandtable.available()]
    rows: list[Case] = []
    with ReplicationsDone(replications * len(names), quiet) as shown:
        for name in names:
            run = sandtable.load(name).run(
                replications, seed, options=RunOptions(on_part=shown.add)
            )
            rows += quit_causes(name, run.outcomes)
    return rows


def _as_json(case: Case) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(case), "difference": case.difference, "agrees": case.agrees}


def _print_bare(name: str, cases: list[Case]) -> None:
    from sandtable.cli.output import figure, print_lines

    print_lines(
        f"{name}: {case.group}: {case.quantity}: {figure(case.published)}"
        f" {figure(case.obtained)} {_agrees(case)}"
        for case in cases
    )


def _print_tables(cases: list[Case]) -> None:
    from itertools import groupby

    from sandtable.cli.output import figure, print_table, print_wrapped

    headings = ["quantity", "unit", "published>", "obtained>", "±>", "difference>"]
    for group, members in groupby(cases, key=lambda case: case.group):
        rows = list(members)
        sources = list(dict.fromkeys(case.source for case in rows))
        print_table(
            group,
            [*headings, "agrees if published is", "agrees", "source"],
            [
                [
                    case.quantity,
                    case.unit,
                    figure(case.published),
                    figure(case.obtained),
                    figure(case.error),
                    figure(case.difference),
                    _range(case),
                    _agrees(case),
                    f"[{sources.index(case.source) + 1}]",
                ]
                for case in rows
            ],
            spare=("source", "agrees if published is"),
        )
        for number, source in enumerate(sources, start=1):
            print_wrapped(f"[{number}] {source}")
        for line in dict.fromkeys(f"range: {c.allowed}; obtained from: {c.basis}" for c in rows):
            print_wrapped(line)
        say()


def _range(case: Case) -> str:
    from sandtable.cli.output import figure

    low, high = figure(case.low), figure(case.high)
    # A range narrower than the printed digits is better told in words.
    return case.allowed if low == high else f"{low} to {high}"


def _agrees(case: Case) -> str:
    return {True: "yes", False: "no", None: "undetermined"}[case.agrees]
