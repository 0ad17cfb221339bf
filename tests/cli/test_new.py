"""`new`, then `check` and `run`, as its last line says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE


def test_what_new_says_next_works(
    call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("new", "river-war")
    assert said.out.splitlines()[-1].startswith("next: sandtable check river-war")
    assert call("check", "river-war").out.startswith("river-war: sound; 6 places")
    words = ["-n", 2, "--jobs", 1, *BARE, "--out", "out", "--json"]
    compared = json.loads(call("run", "river-war", *words).out)
    assert compared["folder"] == "out"
    assert (tmp_path / "out" / "comparison.csv").is_file()


def test_new_as_json(call: Any, tmp_path: Path) -> None:
    said = json.loads(call("new", "river-war", "--out", tmp_path / "x", "--json").out)
    assert said["folder"] == str(tmp_path / "x")
    assert all(Path(path).is_file() for path in said["files"])
    assert call("new", "river-war", "--out", tmp_path / "x").code == 2
