"""Nothing in the code knows a war, a side or a campaign by name; one of one's own is served."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandtable.shipped import register_root, scenarios_root
from source_code import MODULES, ROOT, parsed

# Generated documentation shows key paths by example.
EXAMPLES = {("scenario/format_page.py", "_INTRODUCTION")}


def names() -> set[str]:
    """Ids and names of sides, and campaigns, of every shipped scenario and register."""
    found: set[str] = set()
    for path in scenarios_root().rglob("*.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for side in content.get("side", ()):
            found |= {side["id"], side.get("name", side["id"])}
        found |= {content["scenario"]["campaign"]} if "scenario" in content else set()
    for root in (register_root(), scenarios_root()):
        found |= {path.stem for path in root.rglob("*.csv")}
    return found


NAMES = names()
WORD = re.compile(rf"(?<![\w-])({'|'.join(sorted(NAMES))})(?![\w-])")


def said(path: Path) -> Iterator[str]:
    """Yield every text and name of a module, without its docstrings and examples."""
    for node in parsed(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        defined = {target.id for target in targets if isinstance(target, ast.Name)}
        if not EXAMPLES & {(path.relative_to(ROOT).as_posix(), name) for name in defined}:
            yield from _said(node)


def _said(node: ast.AST) -> Iterator[str]:
    within = list(ast.walk(node))
    docstrings = {id(child.value) for child in within if isinstance(child, ast.Expr)}
    for child in within:
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            if id(child) not in docstrings:
                yield child.value
        elif isinstance(child, ast.Name):
            yield child.id


def test_the_names_are_those_of_what_ships() -> None:
    assert {"ussr", "japan", "mengjiang", "khalkhin-gol-1939", "lake-khasan-1938"} <= NAMES
    assert {"germany", "france", "belgium", "sedan-1940"} <= NAMES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_knows_a_war(path: Path) -> None:
    assert [text for text in said(path) if WORD.search(text)] == []
