"""--format on the verbs that draw, and the figure of compare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE
from sandtable.cli.figures import format_in


@pytest.mark.verify
@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_a_run_is_drawn_in_the_format_asked_for(
    form: str, call: Any, hill: list[str], tmp_path: Path
) -> None:
    asked = ["run", *hill, "-n", "3", "--jobs", "1", "--quiet", "--format", form]
    for name in ("a", "b"):
        assert call(*asked, "--out", tmp_path / name).code == 0
    one, two = (sorted((tmp_path / name / "figures").iterdir()) for name in ("a", "b"))
    others = [path for path in one if path.name != "order-of-battle.svg"]
    assert len(others) == len(one) - 1
    assert {path.suffix for path in others} == {f".{form}"}
    assert format_in(tmp_path / "a/figures") == form
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    again = call("rerun", tmp_path / "a", "--out", tmp_path / "c", "--jobs", "1")
    assert (again.code, "every file is the same" in again.out) == (0, True)


def test_another_format_is_refused_with_those_there_are(call: Any, hill: list[str]) -> None:
    said = call("run", *hill, "--format", "gif")
    assert said.code == 2
    assert "'gif' is not one of 'png', 'svg', 'pdf'" in said.err


def test_studies_are_drawn_in_the_format_asked_for(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    asked = ["vary", *hill, "side.japan.killed=0.1,0.4", "-n", "3", "--jobs", "1", "--quiet"]
    assert call(*asked, "--format", "svg", "--out", tmp_path / "v").code == 0
    assert {path.suffix for path in (tmp_path / "v/figures").iterdir()} == {".svg"}


@pytest.mark.verify
def test_several_runs_are_drawn_beside_each_other_if_a_folder_is_given(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    asked = ["run", *hill, "-n", "3", "--jobs", "1", "--quiet", *BARE]
    a, b = tmp_path / "a", tmp_path / "b"
    assert call(*asked, "--out", a).code == 0
    assert call(*asked, "--set", "side.japan.killed=0.5", "--out", b).code == 0
    said = call("compare", a, b, "--out", tmp_path / "c", "--format", "svg")
    assert said.code == 0
    assert f"written to {tmp_path}/c/comparison.svg" in said.out
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["comparison.svg"]
    alone = call("compare", a, "--out", tmp_path / "d")
    assert (alone.code, "several runs only" in alone.err) == (2, True)


def test_the_format_in_a_folder_is_that_of_the_files_there(tmp_path: Path) -> None:
    assert format_in(tmp_path) == "png"
    (tmp_path / "map.svg").touch()
    assert format_in(tmp_path) == "svg"
