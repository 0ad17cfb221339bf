"""docs/scenario-format.md: every table and key from the schema, and what `check` demands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.demands import render_demands
from sandtable.scenario.keys import allowed, document, fields, is_list, required, single, tables
from sandtable.scenario.measures import MEASURES, MOST
from sandtable.scenario.plausibility import CHECKS
from sandtable.scenario.schema import Document, Header, Moment, Quantity


def render_markdown() -> str:
    """Return docs/scenario-format.md: every table and key, made from the schema."""
    lines = [*_INTRODUCTION.strip().splitlines(), ""]
    shared: dict[type[Document], str] = {Quantity: "A quantity", Moment: "A moment"}
    for model, title in shared.items():
        lines += [f"## {title}", "", *_prose(model), ""]
    for name, model in tables().items():
        mark = f"[{name}]" if single(name) else f"[[{name}]]"
        lines += [f"## `{mark}`", "", *_prose(model), "", *_key_table(model), ""]
        if model is Header:
            lines += _mechanisms()
        for key, hint in fields(model).items():
            inner = document(hint)
            if inner is not None and inner not in shared:
                lines += [f"### `{name}.{key}`", "", *_prose(inner), "", *_key_table(inner), ""]
    lines += render_demands()
    lines += ["", "## What `check` warns of", "", *_WARNINGS.strip().splitlines(), ""]
    lines += [f"- {what}" for what in (*CHECKS, *_OF_CLAIMS)]
    return "\n".join(lines).rstrip() + "\n"


_WARNINGS = """
What is valid but implausible does not prevent a run. `sandtable check` prints it as `warning:` and
exits with 0, or with 2 if `--strict` is given; `--json` lists it under `warnings`. It warns of
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
    return unit if (low, high) == (0.0, MOST.get(unit)) else f"{unit}, {low:g} to {high:,g}"


def _meaning(model: type[Document], key: str) -> str:
    """Return the docstring below a key of the schema, on one line."""
    text = model.model_fields["from_" if key == "from" else key].description or ""
    plain = " ".join(text.split()).replace("``", "`")
    return re.sub(r"docs/(model\.md#[\w-]+)", r"[model](\1)", plain)


def _mechanisms() -> Iterator[str]:
    yield "### Mechanisms"
    yield ""
    yield "What `scenario.mechanisms`, `variant.without` and `--without` name; the equations are"
    yield "[in the model](model.md#the-mechanisms)."
    yield ""
    yield "| mechanism | what it does |"
    yield "|---|---|"
    for name, what in MECHANISMS.items():
        yield f"| `{name}` | {what} |"
    yield ""


_INTRODUCTION = """
# The scenario file

A scenario is a TOML file, or a folder of TOML files that are merged: their lists of tables are
concatenated in the order of the file names, and `[scenario]` and `[map]` appear in one of them
only. A file can be up to 5 MB. Unknown keys are errors; all errors are reported at once, each with
its file, its key, what was found and what is allowed. `sandtable check` reads a scenario without
running it.

This page is generated from the schema; `sandtable.scenario.render_markdown()` prints it.

## Key paths

A key path consists of a table, an id and a key: `formation.107-division.effectiveness`,
`scenario.attrition`, `map.base`, `axis.36-army.fuel.carried_km`,
`axis.36-army.objectives.hailar.planned`.
A leg is identified by its two ends, `leg.hailar--qiqihar.length_km`, in either order; a supply
source by place and side, `supply.hailar--japan`; an air force by its `id`, without one by its
side, `air.ussr.sorties`; a formation in a phase by both, `order_of_battle.may--64-regiment.tanks`.

The same paths are used in `--set KEY=VALUE`, in the file given to `--set-file` and in a variant's
`set`. There a quantity can be a bare number or a range such as `0.5..0.7` or `[0.5, 0.7]`; it
counts as an assumption of whoever set it. An entry of `axis.fortified_regions` or `axis.objectives`
that does not exist is added.

## Facts

Facts come from the evidence register. A scenario of another war has its own: a folder `register/`
in the scenario's folder, or next to its file, with `sources.toml`, `facts/` and `outcomes/`;
either folder may be absent, and a file may consist of a header only. It is found automatically
and replaces the shipped register; `--register DIR` overrides both. `sandtable check` prints which
one was read.

A fact is converted to the key's unit: miles to km, hours to days, percent to shares. If a fact is a
range, a value is drawn from it, the same wherever the fact is cited. Several facts span the range
from the lowest to the highest. A fact with an open end must be combined with one that closes it.
With `times` the fact may have another unit, which the factor converts (divisions to persons);
`because` explains how.

A date and time without a zone is in the zone of `scenario.start`, and a date without a time is the
start of that day. A fact that gives a date without a time covers the whole day; as the planned date
of an objective it means the end of that day. An axis or an order that a fact dates to the day of
H-hour starts at H-hour or later that day.
"""
