"""What the shipped campaigns look like in a terminal: every number whole, whatever the width."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sandtable import load
from sandtable.calendar import Calendar
from sandtable.cli.output import NBSP, figure, figures
from sandtable.outcomes import is_moment
from sandtable.runs.results import read_calendar
from shells import in_terminal

WIDTHS = (80, 100, 120, 160)
CAMPAIGNS = {"khalkhin-gol-1939": 4, "manchuria-1945": 2, "sedan-1940": 4}
pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("runs")
    for name, replications in CAMPAIGNS.items():
        load(name).run(replications, out=folder / name)
    without = load("sedan-1940", without=["surprise"])
    without.run(CAMPAIGNS["sedan-1940"], out=folder / "without")
    return {path.name: path for path in folder.iterdir()}


def words(text: str) -> Counter[str]:
    """Every run of characters between spaces, without the brackets of dates and list marks."""
    return Counter(word.strip("();,") for word in text.replace(NBSP, " ").split())


def expected(row: dict[str, str], calendar: Calendar) -> Counter[str]:
    """The words that a row of comparison.csv is told in."""
    low, high = (float(row[name] or math.nan) for name in ("claim_low", "claim_high"))
    low, high = (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)
    told = Counter[str]()
    if is_moment(row["outcome"]):
        told += words(calendar.dates_text(low, high))
    else:
        told += words(figures(*(None if math.isinf(end) else end for end in (low, high))))
    for name in ("p05", "p50", "p95"):
        value = float(row[name] or math.nan)
        told += words(figure(value))
        if is_moment(row["outcome"]) and math.isfinite(value):
            told += words(calendar.date_text(value))
    return told + words(f"{row['outcome']} {row['unit']} {row['claimant']} {row['verdict']}")


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_compare_tells_every_claim_whole(runs: dict[str, Path], name: str, columns: int) -> None:
    shown = in_terminal(columns, "compare", runs[name])
    table = shown[: shown.rindex("claims answered")]
    calendar = read_calendar(runs[name])
    with open(runs[name] / "comparison.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = Counter[str]()
    for row in rows:
        wanted += expected(row, calendar)
    # What rows share may stand above them once.
    for row in rows:
        for word in words(f"{row['outcome']} {row['claimant']}"):
            wanted[word] = min(wanted[word], 1)
    missing = wanted - words(table)
    assert not missing
    verdicts = len(re.findall(r"\b(?:inside\s+[59]0|outside|no\s+answer)\b", table))
    assert verdicts == len(rows)
    assert all(len(line.rstrip()) <= columns for line in table.splitlines()[1:])


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    return [value] if isinstance(value, float) else []


@pytest.mark.parametrize("columns", WIDTHS)
def test_differences_of_runs_are_whole(runs: dict[str, Path], columns: int, call: Any) -> None:
    folders = runs["sedan-1940"], runs["without"]
    told = json.loads(call("compare", *folders, "--all", "--json").out)
    shown = words(in_terminal(columns, "compare", *folders, "--all"))
    assert told["differences"]
    for item in told["differences"]:
        for name in ("base_mean", "run_mean", "difference", "p05", "p95", "mc_error"):
            assert any(shown[sign + figure(item[name])] for sign in ("", "+")), (
                item["outcome"],
                name,
            )
        assert shown[item["unit"]]


@pytest.mark.parametrize(
    ("name", "columns"),
    [("sedan-1940", columns) for columns in WIDTHS]
    + [("khalkhin-gol-1939", 80), ("manchuria-1945", 80)],
)
def test_show_tells_every_quantity_whole(name: str, columns: int, call: Any) -> None:
    told = json.loads(call("show", name, "--json").out)["quantity"]
    for form in (["--quantities"], ["formation"]):
        shown = words(in_terminal(columns, "show", name, *form).replace(":", " "))
        for use in told:
            if form == ["--quantities"] or use["key"].startswith("formation."):
                assert shown[use["key"]]
                assert shown[figures(use["low"], use["high"])], use["key"]
                assert shown[use["unit"]]


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The words of a vary study that is finished, to be shown again."""
    key = "formation.53-division.effectiveness=0.4..0.6:3"
    out = str(tmp_path_factory.mktemp("varied") / "vary")
    asked = ["vary", "sedan-1940", key, "-n", "2", "--jobs", "1", "--no-figures", "--out", out]
    in_terminal(80, *asked)
    return [*asked, "--resume", "--verbose"]


@pytest.mark.parametrize("columns", WIDTHS)
def test_tables_fit_in_the_terminal(varied: list[str], columns: int) -> None:
    for verb in (["reproduce", "engel"], ["list"], varied, ["cite", "sedan-1940"]):
        lines = in_terminal(columns, *verb).splitlines()
        rows = [line.rstrip() for line in lines if "  " in line.strip()]
        assert all(len(row) <= columns for row in rows), verb


@pytest.mark.parametrize("columns", WIDTHS)
def test_vary_tells_every_number_whole(varied: list[str], columns: int, call: Any) -> None:
    table = json.loads(call(*varied, "--json").out)["table"]
    shown = words(in_terminal(columns, *varied))
    for row in table:
        for name in ("p05", "p50", "p95", "difference", "difference_mc_error"):
            assert shown[figure(math.inf if row[name] is None else row[name])], row
        assert shown[row["unit"]]


def test_reproduced_results_are_whole(call: Any) -> None:
    cases = json.loads(call("reproduce", "engel", "--json").out)["cases"]["engel"]
    for columns in WIDTHS:
        shown = words(in_terminal(columns, "reproduce", "engel"))
        for case in cases:
            assert shown[figure(case["published"])] and shown[figure(case["obtained"])]
