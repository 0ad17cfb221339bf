"""``sandtable rerun``: the same again, or a word on why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import BARE, Call


@pytest.fixture
def made(call: Call, hill: list[str], tmp_path: Path) -> Path:
    out = tmp_path / "run"
    assert call("run", *hill, "-n", "3", *BARE, "--quiet", "--out", out).code == 0
    return out


def test_says_that_every_file_is_the_same(call: Call, made: Path, tmp_path: Path) -> None:
    said = call("rerun", made, "--out", tmp_path / "again")
    assert said.code == 0
    assert said.out == (
        f"written to {tmp_path / 'again'}; compared with {made}, every file is the same\n"
    )
    told = json.loads(call("rerun", made, "--out", tmp_path / "third", "--json").out)
    assert told == {"folder": str(tmp_path / "third"), "different": []}


@pytest.mark.verify
def test_figures_are_drawn_where_there_were_some(
    call: Call, hill: list[str], tmp_path: Path
) -> None:
    call("run", *hill, "-n", "3", "--quiet", "--out", tmp_path / "run")
    said = call("rerun", tmp_path / "run", "--out", tmp_path / "again", "--quiet")
    assert (said.code, said.err) == (0, "")
    assert (tmp_path / "again/figures/map.png").is_file()


def test_other_versions_are_refused_unless_wanted(call: Call, made: Path, tmp_path: Path) -> None:
    manifest = made / "manifest.json"
    told = json.loads(manifest.read_text())
    told["versions"]["sandtable"] = "0.0.9"
    manifest.write_text(json.dumps(told))
    said = call("rerun", made, "--out", tmp_path / "again")
    assert said.code == 2 and not (tmp_path / "again").exists()
    assert "--anyway" in said.err and 'versions.sandtable: "0.0.9" there' in said.err
    said = call("rerun", made, "--out", tmp_path / "again", "--anyway")
    # Made, but the manifest tells another version.
    assert said.code == 1 and "different: manifest.json" in said.out
    assert 'versions.sandtable: "0.0.9" there' in said.err


def test_a_folder_of_something_else_is_refused(call: Call, tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    said = call("rerun", tmp_path / "holiday", "--out", tmp_path / "again")
    assert said.code == 2 and "Traceback" not in said.err
