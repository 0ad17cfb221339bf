"""A combat results table in words: how to read it, and its rows as text, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sandtable.plain_text import csv_text
from sandtable.single_battle.case import BattleCase
from sandtable.single_battle.results_table import (
    CODES,
    CombatResultsTable,
    odds_named,
    short,
)
from sandtable.single_battle.source import sources
from sandtable.single_battle.stage import BEATEN_OFF, BROKE, STALEMATE

CSV_COLUMNS = (
    "odds", "roll", "chance", "result", "share", "attacker_loss_pct", "defender_loss_pct",
    "ground_km",
)  # fmt: skip
"""Columns of the table as CSV; ``share`` of the cell's draws that have its result (0-1)."""


def title(table: CombatResultsTable) -> str:
    """Title of a table: what is attacked by what."""
    men, posture = table.case.defender.central().men, table.case.posture
    return f"Combat results, {table.die.name}: {men:,.0f} men in {posture} defence"


def how_to_read(table: CombatResultsTable) -> list[str]:
    """Sentences that tell a player how to use the table and a designer what is in it."""
    case, days = table.case, table.case.setting.days
    stalemate = "" if days is None else (
        f", {CODES[STALEMATE]} the fight goes on after {days:g} day{'' if days == 1.0 else 's'}"
    )  # fmt: skip
    return [
        "Take the column of the odds, the attacker's effective strength (men times quality) to the "
        f"defender's, and roll {table.die.name}. {CODES[BROKE]} the defender breaks, "
        f"{CODES[BEATEN_OFF]} the attacker is repulsed{stalemate}; then losses of "
        "attacker/defender in percent of their men, and km gained.",
        f"Attacker: {case.attacker.text}, scaled to the odds. Defender: {case.defender.text}, "
        f"{'; '.join(_circumstances(table))}.",
        f"Each column: {table.replications:,} battles, seed {table.seed}, in order from the worst "
        "for the attacker to the best, cut by the chances of the die; a cell has the result of "
        "most of its part and its mean losses and ground. So the mean over the die is the law's; "
        "single battles differ more than the cells do.",
    ]


def _circumstances(table: CombatResultsTable) -> Iterator[str]:
    case, setting = table.case, table.case.setting
    yield f"posture {case.posture}"
    yield f"year {case.year:.0f}"
    yield "wet" if setting.wet else "dry"
    if case.air is not None:
        yield f"air {case.air:+.2g}"
    if setting.surprise:
        yield f"surprise {setting.surprise:g} of 3"
    if setting.front_km is not None:
        yield f"front {setting.front_km:g} km"
    yield zone_told(case)


def zone_told(case: BattleCase) -> str:
    """How deep the defended zone is, at which the ground gained in fighting ends."""
    if case.setting.depth_km is not None:
        return f"zone {case.setting.depth_km:g} km deep"
    echelons = dict.fromkeys(f.echelon for f in case.defender.central().formations)
    return f"zone as deep as of a {'/'.join(echelons)}"


def headings(table: CombatResultsTable) -> list[str]:
    """Headings: the die, then the odds."""
    return [table.die.name, *(column.odds for column in table.columns)]


def rows(table: CombatResultsTable) -> list[list[str]]:
    """Rows of the die, each cell as it is printed."""
    return [
        [roll, *(column.cells[i].code for column in table.columns)]
        for i, roll in enumerate(table.die.rows)
    ]


def footing(table: CombatResultsTable) -> list[list[str]]:
    """Rows below: chance that the defender breaks by the law and by the die, and the means."""
    columns, die = table.columns, table.die
    return [
        ["law", *(f"{CODES[BROKE]} {c.breaks[0]:.0%}" for c in columns)],
        ["±", *(f"{c.breaks[1]:.1%}" for c in columns)],
        ["die", *(f"{CODES[BROKE]} {c.breaks_by_die(die):.0%}" for c in columns)],
        ["mean", *(f"{short(c.means[0][0])}/{short(c.means[1][0])} {short(c.means[2][0])}"
                   for c in columns)],
    ]  # fmt: skip


def markdown(table: CombatResultsTable) -> str:
    """The table as a page of Markdown."""
    lines = [headings(table), ["---"] * (len(table.columns) + 1), *rows(table), *footing(table)]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    told = "\n\n".join([*how_to_read(table), *sources(table.case)])
    return f"# {title(table)}\n\n{body}\n\n{told}\n"


def as_csv(table: CombatResultsTable) -> str:
    """The table as CSV, a row a cell, numbers unrounded to six figures."""
    rows = [
        (column.odds, roll, chance, CODES[cell.result], cell.share, cell.attacker_loss,
         cell.defender_loss, cell.ground)
        for column in table.columns
        for roll, chance, cell in zip(table.die.rows, table.die.chances, column.cells, strict=True)
    ]  # fmt: skip
    return csv_text(CSV_COLUMNS, rows, figures=6)


def doubts(table: CombatResultsTable) -> list[str]:
    """What is told of a case, once if it holds at all odds, else with the odds at which it does."""
    ratios = odds_named([column.odds for column in table.columns])
    found = {odds: replace(table.case, odds=ratio).doubts() for odds, ratio in ratios.items()}
    first, *others = found.values()
    everywhere = [one for one in first if all(one in own for own in others)]
    return everywhere + [
        f"odds {odds}: {one}" for odds, own in found.items() for one in own if one not in everywhere
    ]
