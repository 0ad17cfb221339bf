"""What the shell completes: scenarios, variants, mechanisms and keys.

Asked for at every press of a key, so that nothing here loads the schema or the model: names come
from the folders and files themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from sandtable.errors import InputError
from sandtable.files import read_bounded
from sandtable.shipped import scenario_paths
from sandtable.toml_text import MAX_BYTES, parse_toml
from sandtable.vocabulary import ENTRY_IDS

# With more keys than these a shell asks whether to show them all.
_MOST_KEYS = 100
_QUANTITY = frozenset({"fact", "assumed", "because", "times", "until"})


def scenarios(incomplete: str) -> list[str]:
    """Return the shipped scenarios that begin so."""
    return [name for name in scenario_paths() if name.startswith(incomplete)]


def scenarios_or_seeds(incomplete: str) -> list[str]:
    """Return the same with the register, which `check` takes as well."""
    return scenarios(incomplete) + [name for name in ("seeds",) if name.startswith(incomplete)]


def variants(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the variants of the scenario on the command line, each with its question."""
    found = (entry for table, entry in _entries(ctx) if table == "variant")
    told = ((str(entry.get("id", "")), str(entry.get("question", ""))) for entry in found)
    return [(name, question) for name, question in told if name and name.startswith(incomplete)]


def phases(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the phases of the scenario on the command line, each with its name."""
    found = (entry for table, entry in _entries(ctx) if table == "phase")
    told = ((str(entry.get("id", "")), str(entry.get("name", ""))) for entry in found)
    return [(name, title) for name, title in told if name and name.startswith(incomplete)]


def mechanisms(incomplete: str) -> list[tuple[str, str]]:
    """Return the mechanisms that begin so, each with its meaning."""
    from sandtable.mechanisms import MECHANISMS

    return [(name, what) for name, what in MECHANISMS.items() if name.startswith(incomplete)]


def keys(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys that the scenario on the command line sets and that begin so.

    Where they are many, only their next steps are returned, up to where they differ.
    """
    written = (key for table, entry in _entries(ctx) for key in _keys(_head(table, entry), entry))
    found = sorted({key for key in written if key.startswith(incomplete)})
    if len(found) <= _MOST_KEYS:
        return found
    steps, heads = incomplete.count(".") + 1, set[str]()
    while len(heads) < 2:
        heads = {".".join(key.split(".")[:steps]) for key in found}
        steps += 1
    return sorted(f"{head}." for head in heads)


def _entries(ctx: typer.Context) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield table and content of each entry of the scenario on the command line, if it is one."""
    asked = _scenario_asked(ctx)
    path = scenario_paths().get(asked, Path(asked))
    for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
        try:
            document = parse_toml(read_bounded(file, MAX_BYTES).decode("utf-8"))
        except (InputError, ValueError):
            continue
        for table, value in document.items():
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    yield table, entry


def _scenario_asked(ctx: typer.Context) -> str:
    # Before an option whose value is being completed, arguments are left where they were found.
    found = [ctx.params.get("scenario"), ctx.params.get("what"), *ctx.args]
    return next((str(word) for word in found if word), "")


def _head(table: str, entry: Mapping[str, Any]) -> str:
    """The key path of an entry, as `scenario.read.entry_key` has it for sound ones."""
    parts = ("id",) if "id" in entry else ENTRY_IDS.get(table, ("id",))
    names = [str(entry[part]) for part in parts if part in entry]
    return ".".join([table, *(["--".join(names)] if names else [])])


def _keys(head: str, value: Any) -> Iterator[str]:
    """Yield the key paths below one, down to quantities."""
    if isinstance(value, dict) and not _QUANTITY & value.keys():
        for key, item in value.items():
            if key != "id":
                yield from _keys(f"{head}.{key}", item)
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for item in value:
            if "place" in item:
                yield from _keys(f"{head}.{item['place']}", item)
    else:
        yield head
