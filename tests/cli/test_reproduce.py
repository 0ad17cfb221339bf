"""`reproduce`: published beside obtained, what is missing, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

COLUMNS = (
    "cdb90_id", "start", "duration_days", "attacker_strength", "attacker_casualties",
    "defender_strength", "defender_casualties", "attacker_advance_km", "defender_posture",
    "outcome",
)  # fmt: skip


@pytest.fixture
def battles(tmp_path: Path) -> Path:
    """Seven battles of each posture."""
    path = tmp_path / "battles.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for i in range(21):
            posture = ("hasty", "prepared", "fortified")[i % 3]
            row = [i, "1943-07-05", 2, 20_000 + 1_000 * i, 900 + 40 * i, 15_000, 1_000 + 30 * i]
            writer.writerow([*row, 4 + i, posture, "attacker"])
    return path


@pytest.mark.verify
def test_engel_is_printed_beside_the_published(call: Any) -> None:
    said = call("reproduce", "engel")
    assert (said.code, said.err) == (0, "")
    (row,) = [line for line in said.out.splitlines() if "attackers left" in line]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == [
        "attackers left on that day", "person", "52,000", "51,983", "–", "-17.1",
        "51,463 to 52,503", "yes", "[1]",
    ]  # fmt: skip
    assert "[1] J. H. Engel, A verification of Lanchester's law" in said.out
    assert "range: within 1 percent" in said.out


def test_json_and_bare_lines_say_the_same(call: Any) -> None:
    told = json.loads(call("reproduce", "lanchester", "--json").out)
    assert told["not_run"] == {}
    rows = told["cases"]["lanchester"]
    assert {"published", "obtained", "difference", "low", "high", "source", "agrees"} < set(rows[0])
    lines = call("reproduce", "lanchester", "--quiet").out.splitlines()
    assert len(lines) == len(rows) > 10
    assert all(line.startswith("lanchester: ") and line.endswith(" yes") for line in lines)


def test_the_battle_table_is_read(call: Any, battles: Path) -> None:
    (medians, longer) = 3, 3
    rows = json.loads(call("reproduce", "rates", "--battles", battles, "--json").out)["cases"]
    assert len(rows["rates"]) == medians + longer
    # Seven hasty battles of two days, 4, 7, ..., 22 km: the middle one gained 13.
    assert rows["rates"][0]["obtained"] == 6.5
    said = call("reproduce", "helmbold", "--battles", battles)
    assert said.code == 0
    assert "21 of 21 battles" in said.out


@pytest.mark.verify
def test_without_a_name_all_is_run_that_can_be(call: Any, battles: Path) -> None:
    said = call("reproduce", "-n", 2, "--quiet", "--json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert list(told["cases"]) == ["engel", "lanchester", "marches", "quit"]
    assert list(told["not_run"]) == ["helmbold", "rates"]
    assert "--battles TABLE" in told["not_run"]["rates"]
    assert told["cases"]["quit"][0]["basis"].startswith("mean of 2 replications")
    campaigns = {row["group"].partition(":")[0] for row in told["cases"]["quit"]}
    assert {"khalkhin-gol-1939", "manchuria-1945"} <= campaigns
    said = call("reproduce", "--battles", battles, "-n", 2, "--seed", 0)
    assert said.code == 0
    assert "not run" not in said.out
    assert "Helmbold" in said.out


@pytest.mark.verify
def test_quit_depends_on_the_seed_alone(call: Any) -> None:
    words = ["reproduce", "quit", "-n", 3, "--quiet"]
    first, again, other = (call(*words, "--seed", seed).out for seed in (0, 0, 1))
    assert first == again != other
    assert call(*words).out == other


def test_what_was_not_run_is_said(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandtable.campaign.available", list)
    said = call("reproduce")
    assert said.code == 0
    assert "helmbold: not run; it needs the battle table, which is not shipped" in said.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["engle"],
            "allowed: engel, helmbold, lanchester, rates, marches, quit; did you mean 'engel'?",
        ),
        (["helmbold"], "allowed: the battle table, which is not shipped: --battles TABLE"),
        (["rates"], "rates: found no battle table"),
        (["engel", "--battles", "t.csv"], "allowed: with helmbold or rates or without a name"),
        (["rates", "--battles", "nowhere.csv"], "nowhere.csv: file: found No such file"),
        (["engel", "-n", "5", "--seed", "3"], "--seed: found with engel; allowed: with quit"),
        (["quit", "-n", "1"], "--replications"),
        (["quit", "--seed", "-1"], "--seed"),
    ],
)
def test_bad_words_exit_2_and_say_why(call: Any, words: list[str], message: str) -> None:
    said = call("reproduce", *words)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert "Traceback" not in said.err


def test_every_option_that_does_not_fit_is_told(call: Any) -> None:
    said = call("reproduce", "engel", "--battles", "t.csv", "-n", 5, "--seed", 3)
    assert said.err.count("error: ") == 3


def test_a_faulty_table_is_told_with_row_and_column(call: Any, battles: Path) -> None:
    text = battles.read_text(encoding="utf-8").replace("fortified", "fortfied", 1)
    battles.write_text(text, encoding="utf-8")
    said = call("reproduce", "rates", "--battles", battles)
    assert said.code == 2
    assert "row 4, column defender_posture" in said.err
    assert "did you mean 'fortified'?" in said.err
