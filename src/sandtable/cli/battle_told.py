"""What `sandtable battle` prints and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandtable.cli.output import figure, print_table, print_wrapped
from sandtable.files import write_whole
from sandtable.laws.circumstances import nation_level
from sandtable.laws.coefficients import SIDES, load_coefficients
from sandtable.single_battle.case import POSTURES, Argument, BattleCase
from sandtable.single_battle.forecast import LEVELS, BattleForecast, Estimate
from sandtable.single_battle.results_table import CODES, CombatResultsTable
from sandtable.single_battle.source import scores_of, sources
from sandtable.single_battle.stage import RESULTS, STALEMATE
from sandtable.single_battle.written import (
    as_csv,
    footing,
    headings,
    how_to_read,
    markdown,
    rows,
    title,
    zone_told,
)

_PERCENT = [f"p{100 * level:02.0f}" for level in LEVELS]


def print_forecast(found: BattleForecast) -> None:
    """Print circumstances, who wins, and the quantities."""
    case = found.case
    print_table(
        f"{case.attacker.text} against {case.defender.text}",
        ["", "value>", "the laws' battles>"],
        [*map(_argument_cells, case.arguments()), *_words(case)],
    )
    for side, force in zip(SIDES, case.forces, strict=True):
        if force.unknown:
            print_wrapped(f"{side}'s {', '.join(force.unknown)}: not told; as many as count as "
                          "the mean of the laws' battles")  # fmt: skip
    rows_of = [
        [result, f"{share:.1%}", f"{error:.1%}"]
        for result in reversed(RESULTS)
        for share, error in [found.chance(result)]
        if share > 0.0 or case.setting.days is not None or result != STALEMATE
    ]
    print_table("How it ends", ["", "share>", "±>"], rows_of)
    print_table(
        f"What it costs, {len(found):,} draws, seed {found.seed}",
        ["", "unit", *(f"{point}>" for point in _PERCENT), "± of p50>"],
        map(_estimate_cells, found.estimates),
        spare=("unit",),
    )
    for line in sources(case):
        print_wrapped(line)


def _argument_cells(argument: Argument) -> list[str]:
    low, high = argument.range
    if argument.name == "year":
        return [argument.name, f"{argument.value:.0f}", f"{low:.0f}–{high:.0f}"]
    mark = "× " if argument.outside else ""
    return [f"{mark}{argument.name}", figure(argument.value), f"{figure(low)}–{figure(high)}"]


def _words(case: BattleCase) -> Iterator[list[str]]:
    setting, known = case.setting, load_coefficients().armies
    yield ["posture", case.posture, ", ".join(POSTURES)]
    yield ["weather", "wet" if setting.wet else "dry", "dry, wet"]
    yield ["defended", zone_told(case), "ends the ground gained"]
    for side, force in zip(SIDES, case.forces, strict=True):
        level = nation_level(force.nation, case.year)
        yield [f"{side}'s army", level or "unknown",
               "in it" if level in known else f"not in it; {len(known)} armies"]  # fmt: skip


def _estimate_cells(found: Estimate) -> list[str]:
    return [found.name, found.unit, *map(figure, found.quantiles), figure(found.error)]


def as_lines(found: BattleForecast) -> Iterator[str]:
    """Chances of the results and medians, a line each."""
    for result in reversed(RESULTS):
        yield f"{result} {found.chance(result)[0]:.4g}"
    for estimate in found.estimates:
        yield f"{estimate.name} {estimate.median:.4g}"


def to_json(found: BattleForecast, written: Sequence[Path]) -> dict[str, Any]:
    """All that is printed, with the warnings."""
    case = found.case
    results = {
        result: {"share": share, "error": error}
        for result in RESULTS
        for share, error in [found.chance(result)]
    }
    return {
        **_case_json(case),
        "replications": len(found),
        "seed": found.seed,
        "results": results,
        "quantities": [
            {"name": e.name, "unit": e.unit, **dict(zip(_PERCENT, e.quantiles, strict=True)),
             "median_error": e.error}
            for e in found.estimates
        ],
        "written": written,
    }  # fmt: skip


def _case_json(case: BattleCase) -> dict[str, Any]:
    laws = load_coefficients()
    return {
        "attacker": case.attacker.text,
        "defender": case.defender.text,
        "setting": {**asdict(case.setting), "posture": case.posture, "year": case.year,
                    "air": case.air},
        "arguments": [
            {"name": a.name, "value": a.value, "low": a.range.low, "high": a.range.high,
             "outside": a.outside}
            for a in case.arguments()
        ],
        "unknown": {s: f.unknown for s, f in zip(SIDES, case.forces, strict=True)},
        "warnings": case.doubts(),
        "laws": {"battles": laws.meta["rows"], "digest": laws.digest,
                 "scores": [score._asdict() for score in scores_of(case)]},
    }  # fmt: skip


# --- combat results tables --------------------------------------------------------------------


def print_table_of(table: CombatResultsTable) -> None:
    """Print the table and how to read it."""
    heads, body = headings(table), rows(table) + footing(table)
    print_table(title(table), [heads[0], *(f"{head}<" for head in heads[1:])], body)
    for line in [*how_to_read(table), *sources(table.case)]:
        print_wrapped(line)


def table_lines(table: CombatResultsTable) -> Iterator[str]:
    """The table, a row a line, tabulators between cells."""
    for row in [headings(table), *rows(table)]:
        yield "\t".join(row)


def table_to_json(table: CombatResultsTable, written: Sequence[Path]) -> dict[str, Any]:
    """All of the table, unrounded."""
    die = table.die
    return {
        **_case_json(table.case),
        "replications": table.replications,
        "seed": table.seed,
        "die": {"name": die.name, "rows": die.rows, "chances": die.chances},
        "codes": CODES,
        "columns": [
            {"odds": c.odds, "breaks": c.breaks[0], "breaks_error": c.breaks[1],
             "breaks_by_die": c.breaks_by_die(die),
             "means": [mean for mean, _ in c.means], "mean_errors": [e for _, e in c.means],
             "cells": [asdict(cell) for cell in c.cells]}
            for c in table.columns
        ],
        "written": written,
    }  # fmt: skip


def write_table(table: CombatResultsTable, out: Path) -> Path:
    """Write the table in the form that its name ends in."""
    if out.suffix in (".md", ".csv", ".txt"):
        text = {".md": markdown, ".csv": as_csv, ".txt": _as_text}[out.suffix](table)
        write_whole(out, text.encode())
        return out
    from sandtable.figures.results_table import draw_results_table

    return draw_results_table(table, out)


def _as_text(table: CombatResultsTable) -> str:
    """Columns set under one another, each as wide as its widest cell."""
    body = [headings(table), *rows(table), *footing(table)]
    widths = [max(map(len, column)) for column in zip(*body, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
             for row in body]  # fmt: skip
    told = [*how_to_read(table), *sources(table.case)]
    return "\n".join([title(table), "", *lines, "", *told, ""])
