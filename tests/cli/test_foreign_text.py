"""Text from a scenario, a run or a table is shown, never obeyed: by a terminal or a spreadsheet."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.dom import minidom

import pytest

import sandtable
from cli.conftest import BARE, SCENARIO, Call
from sandtable.cli import main
from sandtable.plain_text import csv_text, printable
from sandtable.runs.results import MANIFEST
from source_code import parsed

ESCAPE = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202egnirts"
# As TOML and JSON write it.
WRITTEN = ESCAPE.encode("unicode_escape").decode().replace("\\x", "\\u00")
CLI = Path(sandtable.__file__).parent / "cli"


def unseen(text: str) -> list[str]:
    return [c for c in text if not (c.isprintable() or c in "\n\t\xa0")]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario in which every text that its author may choose holds escape sequences."""
    path = tmp_path_factory.mktemp("hostile") / "hill.toml"
    lines = []
    for line in Path(SCENARIO[0]).read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition(" = ")
        if key in ("title", "name", "question", "summary") and value.startswith('"'):
            line = key + equals + value[:-1] + WRITTEN + '"'
        lines.append(line.replace('because = "', f'because = "{WRITTEN}'))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_every_text_is_shown_and_none_obeyed(call: Call, hostile: Path, tmp_path: Path) -> None:
    register = SCENARIO[1:]
    run, other = tmp_path / "run", tmp_path / "other"
    words = ("-n", "3", "--jobs", "1", *BARE)
    variant = ("--variant", "weak-defence")
    for said in (
        call("show", hostile, *register),
        call("show", hostile, *register, "--quantities"),
        call("show", hostile, *register, "--json"),
        call("check", hostile, *register),
        call("cite", hostile, *register),
        call("run", hostile, *register, *words, "--out", run),
        call("run", hostile, *register, *words, *variant, "--out", other),
        call("compare", run),
        call("compare", run, "--json"),
        call("compare", run, other),
        call("show", run, "--battles"),
        call("show", run, "--battles", "--replication", "0"),
        call("run", hostile, *register, "--set", f"place.{ESCAPE}.lat=1"),
        call("run", f"no{ESCAPE}"),
    ):
        assert not unseen(said.out) and not unseen(said.err)
    assert "\\x1b[31m" in call("show", hostile, *register).out
    told = json.loads(call("show", hostile, *register, "--json").out)
    assert told["title"].endswith(ESCAPE)


def test_a_manifest_of_a_stranger_is_shown_and_not_obeyed(
    call: Call, hill: list[str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    call("run", *hill, "-n", "3", "--jobs", "1", *BARE, "-q", "--out", run)
    told = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    told["title"] += ESCAPE
    (run / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    said = call("compare", run)
    assert said.code == 0 and "\\x1b[31m" in said.out
    assert not unseen(said.out) and not unseen(said.err)


def test_there_is_one_place_that_prints() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(CLI.glob("*.py"))
        if path.name not in ("output.py", "app.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert found == []


def test_there_is_one_place_that_writes_csv() -> None:
    root = Path(sandtable.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "csv.writer(" in path.read_text(encoding="utf-8")
        or "csv.DictWriter(" in path.read_text(encoding="utf-8")
    }
    assert found == {"plain_text.py"}


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    kept = text.replace("\r", "\n")
    (row,) = csv.reader(io.StringIO(csv_text([text], [])))
    assert row == [f"'{kept}"]
    (_, row) = csv.reader(io.StringIO(csv_text(["a", "b"], [[text, "a=b"]])))
    assert row == [f"'{kept}", "a=b"]


@pytest.mark.parametrize("text", ["-2.5", "+3", "-inf", "1e6", "", "–", "plain"])
def test_numbers_and_other_text_stay_as_they_are(text: str) -> None:
    assert csv_text(["a"], [[text], [-2.5], [-3]]).splitlines()[1:] == [text or '""', "-2.5", "-3"]


def test_what_can_be_seen_stays() -> None:
    for text in ("Суйфэньхэ", "綏芬河", "a\xa0b", "Fui–Goldman ± 3", "a\nb\tc", "🙂"):
        assert printable(text) == text


# --- streams of any kind --------------------------------------------------------------------------


def said_here(encoding: str, *words: str) -> bytes:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
        out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        patch.setattr(sys, "stdout", out)
        main(words)
    assert not left.value.code
    return out.buffer.getvalue()  # type: ignore[attr-defined]


def said_elsewhere(encoding: str, *words: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "sandtable", *words],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize(
    "said",
    [said_here, pytest.param(said_elsewhere, marks=[pytest.mark.verify, pytest.mark.processes])],
)
def test_any_encoding_of_the_terminal_will_do(
    encoding: str, said: Callable[..., bytes], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    plain = call("show", "kurils-1945").out
    text = said(encoding, "show", "kurils-1945").decode(encoding)
    assert len(text.splitlines()) == len(plain.splitlines())
    assert ("8–10" in plain or "–" in plain) and "\\u2013" not in text
    if encoding == "ascii":
        assert "-" in text and "\ufffd" not in text


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="no such shell")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("show manchuria-1945 --quantities | head -1", 0, marks=pytest.mark.verify),
        pytest.param("list | true", 0, marks=pytest.mark.verify),
        pytest.param("list >&-", 0, marks=pytest.mark.verify),
        pytest.param("list >&- 2>&-", 0, marks=pytest.mark.verify),
        pytest.param("list <&-", 0, marks=pytest.mark.verify),
        ("list >&- 2>&- <&-", 0),
        pytest.param("check nowhere >&-", 2, marks=pytest.mark.verify),
        ("check nowhere 2>&-", 2),
    ],
)
def test_a_reader_that_goes_away_is_no_failure(line: str, code: int) -> None:
    program = f"set -o pipefail; {sys.executable} -m sandtable {line}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.processes
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_under_the_output_is_told() -> None:
    program = f"{sys.executable} -m sandtable list >/dev/full"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.verify
@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="no such shell")
def test_no_file_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    words = " ".join(["run", *SCENARIO, "-n", "2", "--jobs", "2", *BARE])
    for name, more in (("open", ""), ("closed", ">&- 2>&- <&-")):
        line = f"{sys.executable} -m sandtable {words} --out {tmp_path / name} {more}"
        done = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
        assert done.returncode == 0
    for path in (tmp_path / "open").glob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "closed" / path.name).read_bytes()


@pytest.mark.verify
def test_every_figure_of_it_can_be_read(call: Call, hostile: Path, tmp_path: Path) -> None:
    text = hostile.read_text(encoding="utf-8").replace('title = "', r'title = "$\\frac{$')
    path = tmp_path / "hill.toml"
    path.write_text(text, encoding="utf-8")
    words = ("-n", "3", "--jobs", "1", "--no-report", "--format", "svg")
    assert call("run", path, *SCENARIO[1:], *words, "--out", tmp_path / "run").code == 0
    drawn = list((tmp_path / "run").rglob("*.svg"))
    assert len(drawn) > 5
    for figure in drawn:
        assert not unseen(figure.read_text(encoding="utf-8"))
        minidom.parse(str(figure))
