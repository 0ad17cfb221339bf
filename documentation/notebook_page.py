"""Notebooks of the documentation: run anew, and shown as pages of the site."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


def executed(path: Path) -> str:
    """Return a notebook run from its first cell to its last, as the text of its file.

    The same cells and versions of libraries give the same bytes. Raises CellExecutionError with the
    traceback of a cell that fails.
    """
    import nbformat
    from nbclient import NotebookClient

    read: Any = nbformat.read
    found = read(path, as_version=4)
    NotebookClient(found, timeout=600, kernel_name="python3", record_timing=False).execute()
    for number, cell in enumerate(found.cells):
        # A name drawn at random would change with each run.
        cell["id"] = f"cell-{number}"
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):
                del output["data"]["text/plain"]
    found.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def render_markdown(text: str) -> str:
    """Return the text of a notebook's file as a page, with the outputs that it holds."""
    parts: list[str] = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
        else:
            parts += [f"```python\n{source}\n```", *map(_output, cell["outputs"])]
    return "\n\n".join(parts) + "\n"


def _output(output: Notebook) -> str:
    """Return one output: the richest form that a page can show."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    forms = {kind: "".join(lines) for kind, lines in data.items()}
    if "text/html" in forms:
        return f'<div class="output">{forms["text/html"]}</div>'
    if "image/png" in forms:
        told = html.escape(forms["text/plain"], quote=True)
        picture = forms["image/png"].replace("\n", "")
        return f'<img class="output" alt="{told}" src="data:image/png;base64,{picture}">'
    return f"```text\n{forms['text/plain'].rstrip()}\n```"
