"""The verb `import`: what it writes and tells, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE
from export.test_import import foreign


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "war.json"
    path.write_text(json.dumps(foreign()), encoding="utf-8")
    return path


@pytest.mark.verify
def test_what_it_says_next_works(call: Any, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "war.toml"
    said = call("import", "orbat-mapper", file, "--out", out)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[:4] == [
        "2 sides", "5 formations", "4 places", "12 quantities to be filled in",
    ]  # fmt: skip
    assert "  unit Ship: SIDC 10033000001202030000 is no land unit's" in lines
    assert lines[-2:] == [f"written: {out}", f"next: sandtable check {out}"]
    assert call("check", out).out.startswith("war: sound; 4 places, 3 legs, 5 formations")
    assert call("run", out, "-n", 2, *BARE, "--out", tmp_path / "run", "-q").code == 0


def test_json_and_quiet(call: Any, file: Path, tmp_path: Path) -> None:
    told = json.loads(
        call("import", "orbat-mapper", file, "--out", tmp_path / "a.toml", "--json").out
    )
    assert (told["sides"], told["formations"], told["places"]) == (2, 5, 4)
    assert any("Bicycles" in text for text in told["not taken over"])
    said = call("import", "orbat-mapper", file, "--out", tmp_path / "b.toml", "--quiet")
    assert said.out == f"{tmp_path / 'b.toml'}\n"
    one, other = ((tmp_path / name).read_text("utf-8") for name in ("a.toml", "b.toml"))
    assert one.replace('"a"', '"b"') == other


def test_what_it_refuses(call: Any, file: Path, tmp_path: Path) -> None:
    for words, told in (
        (["orbat-maper", file, "--out", "x.toml"], "orbat-maper"),
        (["orbat-mapper", file, "--out", tmp_path / "folder"], "a name that ends in .toml"),
        (["orbat-mapper", tmp_path / "none", "--out", tmp_path / "x.toml"], "none"),
        (["orbat-mapper", tmp_path, "--out", tmp_path / "x.toml"], "a folder"),
    ):
        said = call("import", *words)
        assert (said.code, said.out) == (2, ""), words
        assert told in said.err and "Traceback" not in said.err
    (tmp_path / "mine.toml").write_text("mine", encoding="utf-8")
    said = call("import", "orbat-mapper", file, "--out", tmp_path / "mine.toml")
    assert said.code == 2 and "--overwrite" in said.err
    assert (tmp_path / "mine.toml").read_text("utf-8") == "mine"
