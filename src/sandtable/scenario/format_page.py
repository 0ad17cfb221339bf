"""docs/scenario-format.md: every table and key from the schema, and what `check` demands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from sandtable.scenario.demands import render_demands
from sandtable.scenario.keys import allowed, document, fields, is_list, required, single, tables
from sandtable.scenario.measures import MEASURES
from sandtable.scenario.plausibility import CHECKS
from sandtable.scenario.schema import Document, Moment, Quantity


def render_markdown() -> str:
    """Return docs/scenario-format.md: every table and key, made from the schema."""
    lines = [*_INTRODUCTION.strip().splitlines(), ""]
    shared: dict[type[Document], str] = {Quantity: "A quantity", Moment: "A moment"}
    for model, title in shared.items():
        lines += [f"## {title}", "", *_prose(model), ""]
    for name, model in tables().items():
        mark = f"[{name}]" if single(name) else f"[[{name}]]"
        lines += [f"## `{mark}`", "", *_prose(model), "", *_key_table(model), ""]
        for key, hint in fields(model).items():
            inner = document(hint)
            if inner is not None and inner not in shared:
                lines += [f"### `{name}.{key}`", "", *_prose(inner), "", *_key_table(inner), ""]
    lines += render_demands()
    lines += ["", "## What `check` warns of", "", *_WARNINGS.strip().splitlines(), ""]
    lines += [f"- {what}" for what in (*CHECKS, *_OF_CLAIMS)]
    return "\n".join(lines).rstrip() + "\n"


_WARNINGS = """
What is sound but hardly meant keeps no scenario from being run. `sandtable check` prints it as
`warning:` and exits 0, with `--strict` 2; `--json` lists it under `warnings`. It warns of
"""
_OF_CLAIMS = (
    "a claim about a side, formation, place, axis or battle that the scenario lacks",
    "a register of one's own that has claims, but none about the campaign",
    "a claim as wide as the campaign, which every run meets",
)


def _prose(model: type[Document]) -> list[str]:
    text = inspect.cleandoc(model.__doc__ or "").replace("``", "`")
    # A table's own mark at the head of its docstring is already the heading.
    head, separator, rest = text.partition("]`: ")
    if separator and "\n" not in head:
        text = rest[:1].upper() + rest[1:]
    return text.splitlines()


def _key_table(model: type[Document]) -> Iterator[str]:
    yield "| key | needed (or its default) | value | unit | meaning |"
    yield "|---|---|---|---|---|"
    for key, hint in sorted(fields(model).items(), key=lambda item: item[0] != "id"):
        measure = MEASURES.get(model.__name__, {}).get(key)
        cells = [
            f"`{key}`",
            _needed_cell(model, key),
            _value_cell(hint),
            "" if measure is None else _unit_cell(measure.unit, measure.low, measure.high),
            _meaning(model, key),
        ]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _needed_cell(model: type[Document], key: str) -> str:
    default = model.model_fields["from_" if key == "from" else key].get_default()
    if key in required(model):
        return "yes"
    return f"no: `{default}`" if isinstance(default, str) else "no"


def _value_cell(hint: Any) -> str:
    inner = document(hint)
    if inner is Quantity:
        return "a quantity"
    if inner is Moment:
        return "a moment"
    if inner is not None:
        return "a list of tables, below" if is_list(hint) else "a table, below"
    return allowed(hint)


def _unit_cell(unit: str, low: float, high: float) -> str:
    return unit if high == float("inf") else f"{unit}, {low:g} to {high:g}"


def _meaning(model: type[Document], key: str) -> str:
    """Return the docstring below a key of the schema, on one line."""
    text = model.model_fields["from_" if key == "from" else key].description or ""
    return " ".join(text.split()).replace("``", "`")


_INTRODUCTION = """
# The scenario file

A scenario is one TOML file, or a folder of TOML files that are merged: the lists of tables are
joined in the order of the files' names, and `[scenario]` and `[map]` stand in one of them. A file
holds at most 5 MB. Unknown keys are errors; all errors are reported at once, each with its file,
its key, what was found and what is allowed. `sandtable check` reads a scenario without running it.

This page is made from the schema; `sandtable.scenario.render_markdown()` prints it.

## Key paths

A key is named by its table, its id and its key: `formation.107-division.effectiveness`,
`scenario.attrition`, `map.base`, `axis.36-army.fuel.carried_km`,
`axis.36-army.objectives.hailar.planned`.
A leg is named by its two ends, `leg.hailar--qiqihar.length_km`, in either order; a supply source
by place and side, `supply.hailar--japan`; an air force by its side, `air.ussr.sorties`.

The same paths stand in `--set KEY=VALUE`, in the file that `--set-file` takes and in a variant's
`set`. There a quantity may be a bare number, or a range as `0.5..0.7` or `[0.5, 0.7]`; it counts as
an assumption made by whoever set it. An entry of `axis.fortified_regions` or `axis.objectives`
that isn't there yet is added.

## Facts

Facts come from the evidence register. A scenario of another war brings its own: a folder
`register/` in the scenario's folder, or beside its file, with `sources.toml`, `facts/` and
`outcomes/`; either folder may be absent, and a file may hold its header alone. It is found by
itself and stands alone, in place of the shipped one; `--register DIR` goes before both.
`sandtable check` says which one was read.

A fact is converted to the key's unit: miles to km, hours to days, percent to shares. A fact that is
a range is drawn from it, and wherever the same fact stands the same value is drawn. Several facts
give the range from the lowest to the highest. A fact that leaves one end open can only stand
together with one that closes it. With `times` the fact may have another unit, which the factor
then changes (divisions into persons): `because` says how.

A moment without a zone is in the zone of `scenario.start`, and a date without an hour is the
beginning of that day. A fact that gives a day without an hour covers that day, from its beginning
to its end; as the planned date of an objective it means the end. An axis or an order that a fact
puts on the day of H-hour starts at H-hour or later that day.
"""
