"""`schema` prints or writes what editors read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandtable.scenario.json_schema import schemas


@pytest.mark.verify
def test_one_or_all_are_printed(call: Any) -> None:
    assert json.loads(call("schema", "overlay").out) == schemas()["overlay"]
    assert json.loads(call("schema").out) == schemas()


def test_written_files_are_named_on_stdout(call: Any, tmp_path: Path) -> None:
    said = call("schema", "--out", tmp_path / "schemas")
    written = sorted((tmp_path / "schemas").iterdir())
    assert sorted(said.out.split()) == [str(path) for path in written]
    assert [path.name for path in written] == sorted(f"{name}.schema.json" for name in schemas())
    assert call("schema", "facts", "--out", tmp_path, "--quiet").out == ""


def test_an_unknown_name_is_told_with_the_nearest(call: Any) -> None:
    said = call("schema", "overly")
    assert said.code == 2
    assert "did you mean 'overlay'?" in said.err
