"""The notebook that ships holds what its cells come to, and becomes a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generated import DOCS, NOTEBOOKS
from notebook_page import executed, render_markdown

SHIPPED = DOCS / NOTEBOOKS[0]


def told(text: str) -> list[Any]:
    """The outputs of a notebook; a picture, whose bytes hang on a library's build, by its kind."""
    cells = json.loads(text)["cells"]
    found = [output for cell in cells for output in cell.get("outputs", [])]
    for output in found:
        if "image/png" in output.get("data", {}):
            output["data"]["image/png"] = "a picture"
    return found


@pytest.mark.processes
@pytest.mark.verify
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_cells_come_to_what_ships(name: str) -> None:
    again, shipped = executed(DOCS / name), (DOCS / name).read_text(encoding="utf-8")
    assert told(again) == told(shipped), "run `make pages` to run the notebook anew"
    parts = [json.loads(text)["cells"] for text in (again, shipped)]
    assert [c["source"] for c in parts[0]] == [c["source"] for c in parts[1]]


def test_what_ships_is_small_and_was_run_in_order() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert len(text) < 100_000 and str(Path.home()) not in text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == [*range(1, len(cells) + 1)]
    assert all(output["output_type"] != "error" for cell in cells for output in cell["outputs"])


def test_a_notebook_becomes_a_page() -> None:
    def code(source: str, *outputs: dict[str, object]) -> dict[str, object]:
        return {"cell_type": "code", "source": [source], "outputs": outputs}

    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        code("1 + 1", {"data": {"text/plain": ["2"]}}),
        code("print(3)", {"text": ["3\n"]}),
        code("table", {"data": {"text/plain": ["<T>"], "text/html": ["<table></table>"]}}),
        code("plot", {"data": {"text/plain": ["<Figure>"], "image/png": "QUJD\n"}}),
    ]
    assert render_markdown(json.dumps({"cells": cells})) == (
        "# Title\ntext\n\n"
        "```python\n1 + 1\n```\n\n```text\n2\n```\n\n"
        "```python\nprint(3)\n```\n\n```text\n3\n```\n\n"
        '```python\ntable\n```\n\n<div class="output"><table></table></div>\n\n'
        "```python\nplot\n```\n\n"
        '<img class="output" alt="&lt;Figure&gt;" src="data:image/png;base64,QUJD">\n'
    )
