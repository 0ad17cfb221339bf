"""`tell RUN` and `show RUN --formation`: which replication, which form, where it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandtable import load, open_run
from sandtable.cli.output import NBSP
from shells import in_terminals

RUNS = Path(__file__).parents[1] / "inputs" / "runs"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "hill"
    load(RUNS / "hill.toml", register=RUNS / "register").run(6, out=folder)
    return folder


@pytest.mark.verify
def test_the_replications_by_name(call: Any, run: Path) -> None:
    named = open_run(run).named
    options = {"typical": "--typical", "fastest": "--fastest", "costliest": "--costliest",
               "nearest to the record": "--nearest"}  # fmt: skip
    for name, option in options.items():
        said = call("tell", run, option, "--json")
        data = json.loads(said.out)
        assert (said.code, data["replication"]) == (0, named[name]) and name in data["name"]
    assert call("tell", run).out == call("tell", run, "--typical").out
    said = call("tell", run, "--replication", 3)
    assert said.out.splitlines()[0].startswith("A division takes a hill: replication 3")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--typical", "--replication", "1"], "--typical: not allowed with --replication"),
        (["--nearest", "--fastest"], "--fastest: not allowed with --nearest"),
        (["--replication", "6"], "6"),
        (["--formation", "9-divisio"], "did you mean '9-division'?"),
        (["--axis", "mainn"], "did you mean 'main'?"),
        (["--from", "9"], "--from: found day 9; allowed: 1 to 6, or a date"),
        (["--from", "²"], "--from: cannot read '²' as a date"),
        (["--to", "9" * 5000], "allowed: 1 to 6, or a date"),
        (["--from", "3", "--to", "2"], "--to: found 2; allowed: 3, as --from has it, or later"),
        (["--from", "1938-08-08", "--to", "2"], "--to: found 2; allowed: 1938-08-08"),
        (["--to", "tomorrow"], "--to: cannot read 'tomorrow' as a date"),
        (["--from", "1945-08-09"], "--from: found 1945-08-09; allowed: from 1938-08-06"),
        (["--to", "1938-08-01"], "--to: found 1938-08-01; allowed: from 1938-08-06"),
    ],
)
def test_bad_input(call: Any, run: Path, words: list[str], found: str) -> None:
    said = call("tell", run, *words)
    assert (said.code, said.out) == (2, "") and found in said.err
    assert said.err.startswith("error: ") and "Traceback" not in said.err


def test_part_of_the_days(call: Any, run: Path) -> None:
    by_number = call("tell", run, "--from", 1, "--to", 1)
    by_date = call("tell", run, "--from", "1938-08-06", "--to", "1938-08-06")
    assert by_number.out == by_date.out and "6 Aug" in by_number.out
    assert "7 Aug\n" not in by_number.out and "WHAT IT CAME TO" not in by_number.out


def test_to_a_file_that_nothing_replaces_unasked(call: Any, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "story.md"
    assert call("tell", run, "--format", "markdown", "--out", out).code == 0
    first = out.read_bytes()
    assert first.startswith(b"# A division takes a hill: replication ")
    refused = call("tell", run, "--out", out)
    assert refused.code == 2 and "--overwrite" in refused.err and out.read_bytes() == first
    assert call("tell", run, "--out", out, "--overwrite").code == 0
    assert not out.read_bytes().startswith(b"#")
    inside = call("tell", run, "--out", run / "story.txt")
    assert inside.code == 2 and not (run / "story.txt").exists()


def test_quiet_has_dates_and_facts_alone(call: Any, run: Path) -> None:
    said = call("tell", run, "--replication", 1, "--quiet")
    assert said.err == "" and said.out.splitlines()[0].startswith("6 Aug forces: ")


def test_the_diary(call: Any, run: Path) -> None:
    said = call("show", run, "--formation", "9-division", "--replication", 1)
    assert said.code == 0
    assert said.out.splitlines()[0].startswith("9th Division: A division takes a hill: replication")
    assert "At first it stood at Hill with" in said.out and "ITS BATTLES" in said.out
    data = json.loads(call("show", run, "--formation", "9-division", "--json").out)
    assert data["replication"] == open_run(run).named["typical"]
    for words, found in (
        (["--formation", "9-div"], "found no formation '9-div'"),
        (["--formation", "9-division", "--battles"], "--formation: not allowed with --battles"),
        (["--formation", "9-division", "--resolved"], "--formation: not allowed with --resolved"),
    ):
        said = call("show", run, *words)
        assert said.code == 2 and found in said.err


@pytest.mark.verify
@pytest.mark.processes
def test_terminals_wrap_between_words(run: Path) -> None:
    whole: set[str] = set()
    for width, shown in in_terminals((40, 80, 120), "tell", run).items():
        assert all(len(line) <= width for line in shown.splitlines())
        words = set(shown.replace(NBSP, " ").split())
        assert not whole or words == whole
        whole = words
