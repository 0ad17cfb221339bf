"""The tables of a run's claims, with an answer and without: the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandtable.comparison.compare import Row, Unanswered
from sandtable.comparison.verdicts import VERDICTS
from sandtable.errors import InputError, Problem
from sandtable.files import read_bounded
from sandtable.plain_text import csv_text

COMPARISON = "comparison.csv"
UNANSWERED = "unanswered.csv"
COLUMNS = (
    "claim",
    "outcome",
    "claim_low",
    "claim_high",
    "unit",
    "claimant",
    "source",
    "p05",
    "p25",
    "p50",
    "p75",
    "p95",
    "mc_error",
    "verdict",
    "percentile",
    "crps",
    "baseline_crps",
    "kept",
    "brier",
    "from_bound",
    "given",
)
MAX_BYTES = 50_000_000
"""Of a table of what the record says; a million claims need a third of it."""
_UNANSWERED_COLUMNS = ("claim", "outcome", "reason")
_TEXT = frozenset({"claim", "outcome", "unit", "claimant", "source"})
YES_OR_NOTHING = {True: "yes", False: ""}
_ALLOWED = {"verdict": " or ".join(VERDICTS), "given": "yes or nothing"}
# What an empty cell stands for where it is an open end; elsewhere it is NaN.
_IF_EMPTY = {"claim_low": -math.inf, "claim_high": math.inf}


def comparison_csv(rows: Sequence[Row]) -> str:
    """Return comparison.csv as text: COLUMNS, comma-separated, lines ended by LF.

    Numbers have six significant digits, those from a million on are whole; ``inf`` is a day
    that never comes within the campaign. A cell is empty where nothing can be said, and for
    an open end of a claim.
    """
    cells = ([_cell(column, getattr(row, column)) for column in COLUMNS] for row in rows)
    return csv_text(COLUMNS, cells)


def write_comparison(path: Path, rows: Sequence[Row]) -> None:
    """Write comparison.csv; an existing file is replaced."""
    path.write_text(comparison_csv(rows), encoding="utf-8", newline="\n")


def read_comparison(path: Path) -> list[Row]:
    """Return the rows that ``write_comparison`` wrote, to the digits that it writes.

    Notes, which the table leaves out, are empty. Raises InputError with every fault of the
    table, or if it is not there.
    """
    rows, problems = [], []
    for number, cells in enumerate(read_cells(path, COLUMNS), start=2):
        values: dict[str, Any] = {"note": ""}
        for column, text in cells.items():
            try:
                values[column] = _value(column, text)
            except ValueError:
                allowed = _ALLOWED.get(column, "a number or nothing")
                problems.append(Problem(str(path), f"line {number}: {column}", text, allowed))
        if len(values) > len(COLUMNS):
            rows.append(Row(**values))
    if problems:
        raise InputError(problems)
    return rows


def write_unanswered(path: Path, found: Sequence[Unanswered]) -> None:
    """Write unanswered.csv, a row a claim without an answer; an existing file is replaced."""
    cells = ((item.claim, item.outcome, item.reason) for item in found)
    path.write_text(csv_text(_UNANSWERED_COLUMNS, cells), encoding="utf-8", newline="\n")


def read_unanswered(path: Path) -> list[Unanswered]:
    """Return what ``write_unanswered`` wrote. Raises InputError as ``read_comparison`` does."""
    return [Unanswered(**cells) for cells in read_cells(path, _UNANSWERED_COLUMNS)]


def _other_columns(path: Path, found: Sequence[str], columns: Sequence[str]) -> Problem:
    missing = [name for name in columns if name not in found]
    unknown = [name for name in found if name not in columns]
    told = []
    if len(unknown) < len(found):
        told += [f"no {', '.join(missing)}"] if missing else []
        told += [f"unknown {', '.join(unknown)}"] if unknown else []
    allowed = f"{', '.join(columns)}, in this order; a run of another version may have others"
    return Problem(
        str(path), "columns", " and ".join(told) or ", ".join(found) or "nothing", allowed
    )


def read_cells(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the cells by column of a table that has just these columns, in every row.

    Raises InputError with every fault, or if it is not there.
    """
    try:
        content = read_bounded(path, MAX_BYTES, "a table of a finished run")
        lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError([Problem(str(path), "file", str(error), "a CSV file")]) from None
    if not lines or tuple(lines[0]) != columns:
        raise InputError([_other_columns(path, lines[0] if lines else [], columns)])
    ragged = [
        Problem(str(path), f"line {number}", f"{len(line)} cells", f"{len(columns)} cells")
        for number, line in enumerate(lines, start=1)
        if len(line) != len(columns)
    ]
    if ragged:
        raise InputError(ragged)
    return [dict(zip(columns, line, strict=True)) for line in lines[1:]]


def _value(column: str, text: str) -> str | float:
    """A cell of comparison.csv as a row has it. Raises ValueError for one that is amiss."""
    if column in _TEXT:
        return text
    if column == "verdict":
        return VERDICTS[VERDICTS.index(text)]
    if column == "given":
        return yes_or_nothing(text)
    return float(text) if text else _IF_EMPTY.get(column, math.nan)


def _cell(column: str, value: str | float) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES_OR_NOTHING[value]
    return "" if math.isinf(value) and column in _IF_EMPTY else number_text(value)


def number_text(value: float) -> str:
    """Write a number to six digits, from a million on whole; NaN is empty."""
    if math.isnan(value):
        return ""
    # A claim printed as 1,577,725 men must not come out as 1.57772e+06.
    text = f"{value:.6g}" if abs(value) < 999_999.5 else f"{value:.0f}"
    return "0" if text == "-0" else text


def yes_or_nothing(text: str) -> bool:
    """Read a cell that is ``yes`` or empty. Raises ValueError for another."""
    return tuple(YES_OR_NOTHING)[tuple(YES_OR_NOTHING.values()).index(text)]
