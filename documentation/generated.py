"""The pages that are made from the code: `python documentation/generated.py` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import command_line
import disputes_page
import notebook_page
import outcome_page
import python_api
from sandtable import scenario

DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[str, Callable[[], str]] = {
    "disputes.md": disputes_page.render_markdown,
    "reference/command-line.md": command_line.render_markdown,
    "reference/outcomes.md": outcome_page.render_markdown,
    "reference/python-api.md": python_api.render_markdown,
    "scenario-format.md": scenario.render_markdown,
}
"""What makes each of them, by its path in docs/."""
NOTEBOOKS = ("notebooks/first-hour.ipynb",)
"""Those that ship with what their cells come to."""


if __name__ == "__main__":
    for name, render in PAGES.items():
        page = DOCS / name
        page.parent.mkdir(exist_ok=True)
        page.write_text(render(), encoding="utf-8", newline="\n")
    for name in NOTEBOOKS:
        text = notebook_page.executed(DOCS / name)
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
