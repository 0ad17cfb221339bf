"""The page on operations: its table of figures is the register's.

``python tests/operations/test_page.py`` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from sandtable.evidence import Fact
from sandtable.evidence.sources import read_sources
from sandtable.operations.play import QUANTITIES, Recipe
from sandtable.operations.table import INPUTS, RESULTS
from sandtable.shipped import operations_root

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
BLOCK = re.compile(r"(<!-- generated: recipe -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table() -> str:
    """Return the recipe's figures as a table: id, range, unit, what it is and why so much."""
    sources, problems = read_sources(operations_root() / "register" / "sources.toml")
    assert not problems
    cited = dict.fromkeys(fact.source for fact in Recipe.shipped().facts.values())
    lines = ["| figure | range | what it is | source and reason |", "|---|---|---|---|"]
    for fact in Recipe.shipped().facts.values():
        reason = f"{fact.source}: {fact.note}"
        lines.append(f"| `{fact.id}` | {ends(fact)} | {fact.subject}: {fact.quantity} | {reason} |")
    lines += ["", "| source | |", "|---|---|"]
    lines += [f"| {id} | {sources[id].reference} |" for id in cited]
    return "\n" + "\n".join(lines) + "\n\n"


def ends(fact: Fact) -> str:
    """Return a fact's range with its unit, where that is one."""
    low, high = fact.printed
    unit = "" if fact.unit in ("share", "code", "formation") else f" {fact.unit}"
    return (low if low == high else f"{low} to {high}") + unit


def test_the_table_of_figures_is_that_of_the_register() -> None:
    found = BLOCK.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[2] == table()


def test_the_page_names_every_column() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for column in (*INPUTS, *RESULTS):
        assert f"`{column}`" in text, column
    for quantity in QUANTITIES:
        assert f"`{quantity}_p05` ... `_p95`" in text


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda m: m[1] + table() + m[3], text), encoding="utf-8")
