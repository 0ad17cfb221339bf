"""``sandtable check``: is a scenario, the evidence register, or a finished run sound?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli import completion
from sandtable.cli.options import Json, Overlay, Overrides, Quiet, Register, VariantName, Without
from sandtable.cli.output import say

if TYPE_CHECKING:
    from sandtable.errors import Doubt
    from sandtable.evidence import RegisterReport
    from sandtable.scenario import Scenario

_REGISTER = "seeds"


def check(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|RUN|seeds",
            help="A shipped scenario, the path of a file or folder, the folder of a finished run, "
            "or `seeds`: the register.",
            autocompletion=completion.scenarios_or_seeds,
        ),
    ],
    documents: Annotated[
        Path | None,
        typer.Option(
            "--documents",
            metavar="DIR",
            help="Folder of source documents: check that each cited line holds the cited figure.",
        ),
    ] = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 on warnings, too.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Check a scenario, the evidence register or a finished run and report all problems.

    With a scenario, its own register or the one given by --register is checked too. What is valid
    but implausible is reported as a warning. Of a run or study, every file is checked against the
    digest in its manifest.
    """
    from sandtable.scenario import is_run

    changes = {
        "overrides": overrides or (),
        "overlay": overlay,
        "variant": variant,
        "without": without or (),
    }
    if what == _REGISTER:
        _check_seeds(register, documents, quiet, as_json)
        return
    if is_run(Path(what)):
        _check_run(what, {**changes, "register": register, "documents": documents}, quiet, as_json)
        return
    loaded, report = _check_both(what, register, documents, changes)
    from sandtable import scenario
    from sandtable.cli.output import print_json

    warnings = _doubts(loaded)
    counts = {**scenario.describe(loaded).sizes, "quantities": len(loaded.quantities)}
    if as_json:
        held = {"register": {"read": _read(loaded.register), **_counts(report)}}
        told = {"warnings": [str(doubt) for doubt in warnings]}
        print_json({"scenario": loaded.name, "sound": True, **told, **counts, **held})
    else:
        for doubt in warnings:
            say(f"warning: {doubt}", err=True)
    if not (quiet or as_json):
        say(f"{loaded.name}: sound; " + ", ".join(f"{n} {word}" for word, n in counts.items()))
        say(_register_line(loaded.register, report, documents))
    if strict and warnings:
        raise typer.Exit(2)


def _check_run(what: str, others: Mapping[str, object], quiet: bool, as_json: bool) -> None:
    from sandtable.cli.output import print_json
    from sandtable.errors import SandtableError
    from sandtable.runs import check_intact

    options = {"overrides": "set", "overlay": "set-file"}
    for name, value in others.items():
        if value:
            raise SandtableError(f"--{options.get(name, name)}: allowed with a scenario only")
    count = check_intact(Path(what))
    if as_json:
        print_json({"run": what, "sound": True, "files": count})
    elif not quiet:
        say(f"{what}: sound; {count} files are as they were written")


def _doubts(loaded: Scenario) -> list[Doubt]:
    """Return what is hardly meant in a scenario and in the claims about it."""
    from sandtable.comparison import load_claims
    from sandtable.comparison.plausibility import claim_doubts, no_claims
    from sandtable.scenario.plausibility import doubts

    found = doubts(loaded)
    campaign = loaded.file.scenario.campaign
    found += no_claims(loaded.register, campaign)
    path = loaded.register / "outcomes" / f"{campaign}.csv"
    if path.is_file():
        claims = load_claims(loaded.register, campaign)
        found += claim_doubts(claims, loaded.sampler.central(), path)
    return found


def _check_both(
    what: str, register: Path | None, documents: Path | None, changes: dict[str, Any]
) -> tuple[Scenario, RegisterReport | None]:
    """Return the scenario, and the report on its register unless that is the shipped one.

    Raises InputError with the problems of both.
    """
    from sandtable import evidence, scenario
    from sandtable.errors import InputError, SandtableError

    root = register or scenario.own_register(scenario.find(what, [_REGISTER])[1])
    if documents is not None and root is None:
        allowed = "`check seeds`, or a scenario with a register of its own"
        raise SandtableError(f"--documents: found {what}, which has none; allowed with {allowed}")
    report = None if root is None else evidence.check_register(root, documents)
    problems = [] if report is None else list(report.problems)
    try:
        if any(changes.values()):
            loaded = scenario.load_scenario(what, register_root=root, **changes)
        else:
            loaded = scenario.check_scenario(what, register_root=root)
    except InputError as error:
        problems += error.problems
    if problems:
        # What is wrong with facts is found twice, by the check and by loading them.
        raise InputError(dict.fromkeys(problems))
    return loaded, report


def _check_seeds(register: Path | None, documents: Path | None, quiet: bool, as_json: bool) -> None:
    from sandtable import evidence
    from sandtable.cli.output import print_json
    from sandtable.errors import InputError
    from sandtable.shipped import register_root

    root = register or register_root()
    report = evidence.check_register(root, documents)
    if as_json:
        problems = [str(problem) for problem in report.problems]
        told = {"read": _read(root), **_counts(report), "problems": problems}
        print_json({"sound": not problems, **told})
        if problems:
            raise typer.Exit(2)
    if report.problems:
        raise InputError(report.problems)
    if not (quiet or as_json):
        say(_register_line(root, report, documents))


def _counts(report: RegisterReport | None) -> dict[str, int]:
    if report is None:
        return {}
    told = {name: getattr(report, name) for name in ("facts", "claims", "statements", "repeats")}
    return {**told, "lines_verified": report.lines}


def _read(register: Path) -> str:
    from sandtable.shipped import is_shipped_register

    return "shipped" if is_shipped_register(register) else str(register)


def _register_line(register: Path, report: RegisterReport | None, documents: Path | None) -> str:
    """Say which register was read and, if it was checked, what it holds."""
    line = f"register: {_read(register)}"
    if report is not None:
        line += f"; sound; {report.facts} facts, {report.claims} claims"
        line += f", {report.statements} without a figure" if report.statements else ""
        line += f", {report.repeats} repeats" if report.repeats else ""
    return line + (f", {report.lines} lines hold the cited figure" if report and documents else "")
