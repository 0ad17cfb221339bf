"""What the shipped scenarios are called, told without loading what reads a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandtable.errors import InputError
from sandtable.files import read_bounded
from sandtable.shipped import scenario_paths
from sandtable.toml_text import MAX_BYTES, parse_toml


def available() -> list[tuple[str, str]]:
    """Return name and title of each shipped scenario, by name; an unreadable one has no title."""
    listed = []
    for name, path in scenario_paths().items():
        title = ""
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            header = _tables(file).get("scenario")
            if isinstance(header, Mapping):
                title = str(header.get("title", ""))
        listed.append((name, title))
    return listed


def _tables(file: Path) -> dict[str, Any]:
    try:
        return parse_toml(read_bounded(file, MAX_BYTES).decode("utf-8-sig"))
    except (InputError, ValueError):
        return {}
