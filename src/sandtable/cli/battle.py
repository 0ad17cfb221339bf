"""``sandtable battle``: one battle by the fitted laws, and combat results tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli.options import Json, OverwriteFiles, Quiet, Seed, cores

if TYPE_CHECKING:
    from sandtable.single_battle import BattleCase

_FORCE = (
    "men=N,tanks=N,guns=N,antitank-guns=N,aircraft=N,quality=0-1,nation=NAME, or "
    "SCENARIO:FORMATION."
)
_DRAWS = 1000


def battle(
    attacker: Annotated[str, typer.Argument(metavar="ATTACKER", help=_FORCE)],
    defender: Annotated[str, typer.Argument(metavar="DEFENDER", help="The same.")],
    posture: Annotated[
        str | None,
        typer.Option(
            "--posture",
            help="Defence: hasty, prepared, fortified or delay; default: by its works, or hasty.",
        ),
    ] = None,
    terrain: Annotated[
        str | None,
        typer.Option("--terrain", help="Ground; counts in the advance `dupuy` alone."),
    ] = None,
    front: Annotated[
        float | None, typer.Option("--front", metavar="KM", help="Width of the attack.")
    ] = None,
    surprise: Annotated[
        str,
        typer.Option(
            "--surprise", help="Attacker's: none, minor, substantial, complete, or 0 to 3."
        ),
    ] = "none",
    air: Annotated[
        float | None,
        typer.Option(
            "--air", help="Superiority, -1 (defender's) to 1 (attacker's); default: by aircraft."
        ),
    ] = None,
    wet: Annotated[bool, typer.Option("--wet", help="It rains; default: dry.")] = False,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Default: the scenario's, or the mean of the laws' battles."),
    ] = None,
    depth: Annotated[
        float | None,
        typer.Option("--depth", metavar="KM", help="Of the defended zone; default: by echelon."),
    ] = None,
    days: Annotated[
        float | None,
        typer.Option("--days", help="Days after which an undecided battle is left as it stands."),
    ] = None,
    attrition: Annotated[
        str, typer.Option("--attrition", metavar="LAW", help="Attrition law by name.")
    ] = "full",
    advance: Annotated[
        str, typer.Option("--advance", metavar="LAW", help="Rule of advance: fitted or dupuy.")
    ] = "fitted",
    crt: Annotated[
        bool,
        typer.Option("--crt", help="Combat results table: the attacker scaled to several odds."),
    ] = False,
    odds: Annotated[
        str | None,
        typer.Option("--odds", metavar="A:B,...", help="Columns of the table."),
    ] = None,
    die: Annotated[
        str | None,
        typer.Option("--die", help="1d6 (default), 2d6, 3d6, d8, d10, d12, d20 or d100."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Write the table: .svg, .pdf, .png, .md, .csv or .txt."
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure", metavar="FILE", help="Draw the distributions: .svg, .pdf or .png."
        ),
    ] = None,
    overwrite: OverwriteFiles = False,
    replications: Annotated[
        int,
        typer.Option("-n", "--replications", metavar="N", min=2, help="Number of draws."),
    ] = _DRAWS,
    seed: Seed = 1,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=1,
            help="Number of processes; default: 1, of a table one per core.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Foretell one battle: who wins, losses, days and ground, as distributions.

    A force is told in words, such as men=12000,tanks=80,quality=0.8, or is all that fights below a
    formation of a scenario, such as manchuria-1945:39-army. The battle is played by the campaign's
    engine many times, with the fitted laws' uncertainty and chance. Calls with the same seed share
    their draws: their differences are paired.

    With --crt, a combat results table for wargames: odds by die, each cell a part of the draws.
    """
    from sandtable.single_battle import case_of

    case = case_of(
        attacker, defender, posture=posture, terrain=terrain, front_km=front,
        surprise=_surprise(surprise), air=air, wet=wet,
        year=None if year is None else float(year), depth_km=depth, days=days,
        attrition=attrition, advance=advance,
    )  # fmt: skip
    _check_options(crt, {"--odds": odds, "--die": die, "--out": out}, figure)
    file, kinds = (out, _TABLES) if crt else (figure, _FIGURES)
    _check_file(file, "--out" if crt else "--figure", kinds, overwrite)
    if crt:
        columns = None if odds is None else odds.split(",")
        _table(case, columns, die or "1d6", out, replications, seed, jobs, quiet, as_json)
    else:
        _forecast(case, figure, replications, seed, jobs, quiet, as_json)


def _forecast(
    case: BattleCase, figure: Path | None, replications: int, seed: int, jobs: int | None,
    quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    from sandtable.cli.battle_told import as_lines, print_forecast, to_json
    from sandtable.cli.output import print_found
    from sandtable.cli.progress import counted, warn
    from sandtable.single_battle.forecast import forecast, parts

    warn(case.doubts(), quiet or as_json)
    with counted("battles", len(parts(replications)), quiet or as_json) as on_done:
        (found,) = forecast([case], replications, seed, jobs or 1, on_done)
    written = []
    if figure is not None:
        from sandtable.figures.single_battle import draw_battle

        written.append(draw_battle(found, figure))
    print_found(
        found, written, quiet, as_json, tables=print_forecast, lines=as_lines, to_json=to_json
    )


def _table(
    case: BattleCase, odds: list[str] | None, die: str, out: Path | None, replications: int,
    seed: int, jobs: int | None, quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    from sandtable.cli.battle_told import print_table_of, table_lines, table_to_json, write_table
    from sandtable.cli.output import print_found
    from sandtable.cli.progress import counted, warn
    from sandtable.single_battle.dice import die_named
    from sandtable.single_battle.forecast import parts
    from sandtable.single_battle.results_table import ODDS, odds_named, results_table
    from sandtable.single_battle.written import doubts

    chosen, rolled = list(odds_named(odds or ODDS)), die_named(die)
    total = len(parts(replications)) * len(chosen)
    with counted("parts", total, quiet or as_json) as on_done:
        found = results_table(case, chosen, rolled, replications, seed, jobs or cores(), on_done)
    warn(doubts(found), quiet or as_json)
    written = [] if out is None else [write_table(found, out)]
    print_found(
        found, written, quiet, as_json, tables=print_table_of, lines=table_lines,
        to_json=table_to_json,
    )  # fmt: skip


_FIGURES = (".svg", ".pdf", ".png")
_TABLES = (*_FIGURES, ".md", ".csv", ".txt")


def _surprise(word: str) -> float:
    from sandtable.errors import InputError, Problem, nearest
    from sandtable.single_battle import SURPRISES

    if word in SURPRISES:
        return float(SURPRISES.index(word))
    try:
        return float(word)
    except ValueError:
        allowed = f"one of {', '.join(SURPRISES)}, or 0 to 3"
        problem = Problem("--surprise", "surprise", repr(word), allowed, nearest(word, SURPRISES))
        raise InputError([problem]) from None


def _check_options(crt: bool, of_tables: dict[str, Any], figure: Path | None) -> None:
    """Raises SandtableError for an option that has no part in what is asked for."""
    from sandtable.errors import SandtableError

    given = [name for name, value in of_tables.items() if value is not None]
    if not crt and given:
        raise SandtableError(f"{given[0]}: allowed with --crt only")
    if crt and figure is not None:
        raise SandtableError("--figure: not allowed with --crt; --out draws the table")


def _check_file(path: Path | None, option: str, kinds: tuple[str, ...], overwrite: bool) -> None:
    """Raises InputError where the one file that is asked for can't be written."""
    from sandtable.cli.out_file import check_out
    from sandtable.errors import InputError, Problem

    if path is None:
        return
    if path.suffix not in kinds:
        allowed = f"a file that ends in {', '.join(kinds)}"
        raise InputError([Problem(option, option[2:], str(path), allowed)])
    check_out(path, overwrite=overwrite, option=option)
