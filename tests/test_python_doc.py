"""The examples of docs/python.md run, one after another, in a folder of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "python.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.verify
def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(BLOCKS) > 8
    # Not the main module: what starts processes stays unused.
    names = {"__name__": "example"}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"{PAGE.name}, example {number}", "exec"), names)
    said = capsys.readouterr().out
    for promised in re.findall(r"print\(\w+\)  # (.*)", "".join(BLOCKS)):
        assert f"{promised}\n" in said
    assert list((tmp_path / "figures").glob("*.png"))
