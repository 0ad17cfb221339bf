"""The verb `export`: what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sandtable


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from cli.conftest import RUNS

    folder = tmp_path_factory.mktemp("export") / "run"
    campaign = sandtable.load(RUNS / "hill.toml", register=RUNS / "register")
    campaign.run(4, out=folder)
    return folder


@pytest.mark.parametrize("form", ["orbat-mapper", "geojson", "kml", "csv"])
def test_it_writes_the_typical_replication(call: Any, run: Path, form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    typical = sandtable.open_run(run).named["typical"]
    said = call("export", run, "--format", form, "--out", out)
    assert (said.code, said.err) == (0, "")
    assert said.out == f"written: {out} ({form}, replication {typical})\n"
    again = call("export", run, "--format", form, "--out", tmp_path / "b", "--typical", "--quiet")
    assert (again.code, again.out) == (0, f"{tmp_path / 'b'}\n")
    assert out.read_bytes() == (tmp_path / "b").read_bytes()


def test_any_replication(call: Any, run: Path, tmp_path: Path) -> None:
    words = ["--format", "csv", "--out", tmp_path / "out", "--replication", 3, "--json"]
    told = json.loads(call("export", run, *words).out)
    assert (told["replication"], told["format"]) == (3, "csv")
    rows = (tmp_path / "out").read_text("utf-8").splitlines()
    assert {row.split(",")[0] for row in rows} == {"replication", "3"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--replication", 9], "found 9"),
        (["--replication", 1, "--typical"], "--typical: not allowed with --replication"),
        (["--format", "geojsn"], "geojsn"),
    ],
)
def test_what_it_refuses(
    call: Any, run: Path, tmp_path: Path, words: list[object], told: str
) -> None:
    said = call("export", run, "--format", "csv", "--out", tmp_path / "out", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err and "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_a_file_is_replaced_only_when_asked(call: Any, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine", encoding="utf-8")
    said = call("export", run, "--format", "csv", "--out", out)
    assert (said.code, out.read_text("utf-8")) == (2, "mine")
    assert "--overwrite" in said.err
    assert call("export", run, "--format", "csv", "--out", out, "--overwrite").code == 0
    assert out.read_text("utf-8").startswith("replication,")
    inside = call("export", run, "--format", "csv", "--out", run / "x.csv")
    assert inside.code == 2 and "finished run" in inside.err
