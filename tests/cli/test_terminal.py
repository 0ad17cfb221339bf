"""What the shipped campaigns look like in a terminal: every number whole, whatever the width."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sandtable import load
from sandtable.calendar import Calendar
from sandtable.cli.output import figure, figures
from sandtable.outcomes import is_moment
from sandtable.plain_text import NBSP
from sandtable.runs.results import read_calendar
from shells import in_terminals

WIDTHS = (80, 100, 120, 160)
LARGEST = "manchuria-1945"
CAMPAIGNS = {"khalkhin-gol-1939": 4, LARGEST: 2, "sedan-1940": 4}
pytestmark = [pytest.mark.processes, pytest.mark.verify]


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


def number(cell: str) -> float:
    return float(cell or math.nan)


def record(row: dict[str, str], calendar: Calendar) -> str:
    """How a claim is told."""
    low = -math.inf if math.isnan(number(row["claim_low"])) else number(row["claim_low"])
    high = math.inf if math.isnan(number(row["claim_high"])) else number(row["claim_high"])
    if is_moment(row["outcome"]):
        return calendar.dates_text(low, high)
    return figures(*(None if math.isinf(end) else end for end in (low, high)))


def verdict(row: dict[str, str]) -> str:
    if row["given"]:
        return "given"
    return f"kept in {number(row['kept']):.0%}" if row["kept"] else row["verdict"]


def expected(rows: list[dict[str, str]], calendar: Calendar) -> Counter[str]:
    """The words in which the rows of comparison.csv on one outcome are told."""
    by_record = {record(row, calendar): verdict(row) for row in reversed(rows)}
    told = words(" ".join(by_record))
    for name in ("p05", "p50", "p95"):
        value = number(rows[0][name])
        told += words(figure(value))
        if is_moment(rows[0]["outcome"]) and math.isfinite(value):
            told += words(calendar.date_text(value))
    verdicts = list(by_record.values())
    told += words(" ".join(verdicts if len(set(verdicts)) > 1 else verdicts[:1]))
    return told + words(f"{rows[0]['outcome']} {rows[0]['unit']}")


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_compare_tells_every_claim_whole(runs: dict[str, Path], name: str) -> None:
    calendar = read_calendar(runs[name])
    with open(runs[name] / "comparison.csv", encoding="utf-8", newline="") as file:
        by_outcome: dict[str, list[dict[str, str]]] = {}
        for row in csv.DictReader(file):
            by_outcome.setdefault(row["outcome"], []).append(row)
    wanted, claimants = Counter[str](), Counter[str]()
    for rows in by_outcome.values():
        wanted += expected(rows, calendar)
        for row in rows:
            claimants |= words(row["claimant"])
    told = json.loads((runs[name] / "score.json").read_text(encoding="utf-8"))
    skills = [kind["skill"][baseline] for kind in told["kinds"] for baseline in told["baselines"]]
    assert skills
    for columns, shown in in_terminals(WIDTHS, "compare", runs[name]).items():
        table, headline = shown[: shown.index("Skill:")], shown[shown.index("Skill:") :]
        assert not wanted - words(table), columns
        assert not claimants - words(table), columns
        assert all(len(line.rstrip()) <= columns for line in shown.splitlines()[1:])
        signed = words(headline.replace("[", " ").replace("]", " "))
        for skill in skills:
            for value in (skill["skill"], skill["low"], skill["high"]):
                if value is not None:
                    assert signed[f"{value:+.2f}".replace("-", "\u2212")], columns


def test_differences_of_runs_are_whole(runs: dict[str, Path], call: Any) -> None:
    folders = runs["sedan-1940"], runs["without"]
    told = json.loads(call("compare", *folders, "--all", "--json").out)["differences"]
    assert told
    for columns, text in in_terminals(WIDTHS, "compare", *folders, "--all").items():
        shown = words(text)
        for item in told:
            least = 1e-12 * max(abs(item["base_mean"] or 0.0), abs(item["run_mean"] or 0.0))
            for name in ("base_mean", "run_mean", "difference", "p05", "p95", "mc_error"):
                # The last digits of a mean are no difference.
                rounded = item[name] is not None and abs(item[name]) <= least
                number = figure(0.0 if rounded else item[name])
                assert shown[number] or shown[f"+{number}"], (columns, item["outcome"], name)
            assert shown[item["unit"]]


@pytest.mark.parametrize(
    ("name", "widths"),
    [
        ("sedan-1940", WIDTHS),
        ("khalkhin-gol-1939", (80,)),
        (LARGEST, (80,)),
    ],
)
def test_show_tells_every_quantity_whole(name: str, widths: tuple[int, ...], call: Any) -> None:
    told = json.loads(call("show", name, "--json").out)["quantity"]
    for form in (["--quantities"], ["formation"]):
        for text in in_terminals(widths, "show", name, *form).values():
            shown = words(text.replace(":", " "))
            for use in told:
                if form == ["--quantities"] or use["key"].startswith("formation."):
                    assert shown[use["key"]]
                    assert shown[figures(use["low"], use["high"])], use["key"]
                    assert shown[use["unit"]]


def test_vary_tells_every_number_whole(tmp_path: Path, call: Any) -> None:
    key = "formation.53-division.effectiveness=0.4..0.6:3"
    asked = ["vary", "sedan-1940", key, "-n", "2", "--jobs", "1", "--no-figures", "--verbose"]
    asked += ["--out", str(tmp_path / "vary")]
    table = json.loads(call(*asked, "--json").out)["table"]
    for columns, text in in_terminals(WIDTHS, *asked, "--resume").items():
        shown = words(text)
        for row in table:
            for name in ("p05", "p50", "p95", "difference", "difference_mc_error"):
                assert shown[figure(math.inf if row[name] is None else row[name])], (columns, row)
            assert shown[row["unit"]]
        assert all(len(line.rstrip()) <= columns for line in text.splitlines() if "  " in line)


def test_reproduced_results_are_whole(call: Any) -> None:
    cases = json.loads(call("reproduce", "engel", "--json").out)["cases"]["engel"]
    for columns, text in in_terminals(WIDTHS, "reproduce", "engel").items():
        shown = words(text)
        for case in cases:
            assert shown[figure(case["published"])] and shown[figure(case["obtained"])]
        assert all(len(line.rstrip()) <= columns for line in text.splitlines() if "  " in line)


def test_lists_fit_in_the_terminal() -> None:
    for verb in (["list"], ["cite", "sedan-1940"]):
        for columns, text in in_terminals(WIDTHS, *verb).items():
            rows = [line.rstrip() for line in text.splitlines() if "  " in line.strip()]
            assert all(len(row) <= columns for row in rows), verb
