"""docs/reference/outcomes.md: every outcome, daily series and column of battles, from the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sandtable.battle_columns import BATTLE_COLUMNS, DECISIONS
from sandtable.outcomes import FORMS, SERIES, Form

_INTRODUCTION = """
# Outcomes, series and battles

What a run computes, by name. `<place>`, `<side>`, `<formation>`, `<axis>`, `<battle>` are ids of
the scenario, `<day>` is the number of a calendar day, and words in braces are alternatives. How
each is computed is told in [the model](../model.md#outcomes), how the tables are stored in [the
folder of a run](../results.md).

This page is generated from `sandtable.outcomes` and `sandtable.battle_columns`.
"""
_OUTCOMES = """
One value a replication. A time of event is in days from H-hour; NaN is never, and counts as later
than the campaign's end. Any other NaN is a share of nothing, and is ignored.
`losses/<formation>/…` of a headquarters (a front, an army) is the sum below it. A battle is the
fighting at the places of one `battle` name, or in a fortified region, by its id; other places
have none. In a value `<casualty>` and `<cause>` stand for the word in braces.
"""
_SERIES = """
One value a replication and day. Day 0 is H-hour, day 1 the end of the first calendar day.
"""
_BATTLES = """
One row a battle and one for each of its phases, of all replications; [what they
mean](../results.md#battles).
"""


def render_markdown() -> str:
    """Return the page."""
    lines = [*_INTRODUCTION.strip().splitlines(), ""]
    lines += [*_section("Outcomes", _OUTCOMES), *_forms(FORMS), ""]
    lines += ["### Words for casualties", "", *_words(FORMS), ""]
    lines += [*_section("Daily series", _SERIES), *_forms(SERIES), ""]
    columns = [(f"`{name}`", c.unit, c.meaning) for name, c in BATTLE_COLUMNS.items()]
    lines += [*_section("Battles", _BATTLES), *_table(("column", "unit", "holds"), columns), ""]
    decisions = [(f"`{name}`", meaning) for name, meaning in DECISIONS.items()]
    lines += ["### How a battle ends", "", *_table(("decision", "meaning"), decisions)]
    return "\n".join(lines) + "\n"


def _section(title: str, text: str) -> list[str]:
    return [f"## {title}", "", *text.strip().splitlines(), ""]


def _forms(forms: Iterable[Form]) -> Iterator[str]:
    rows = [(f"`{f.written}`", f.unit, str(f.kind), _bare(f.meaning_of_any)) for f in forms]
    return _table(("name", "unit", "kind", "value"), rows)


def _bare(meaning: str) -> str:
    """Return a meaning with its slots as code, which no page takes for a tag of HTML."""
    return meaning.replace("<", "`<").replace(">", ">`")


def _words(forms: Iterable[Form]) -> Iterator[str]:
    """Every word that a form lists and that isn't its own meaning, once."""
    meanings = {
        word: choice.meaning
        for form in forms
        for words in form.choices.values()
        for word, choice in words.items()
        if choice.meaning
    }
    return _table(("word", "meaning"), [(f"`{word}`", told) for word, told in meanings.items()])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(cells) + " |"
