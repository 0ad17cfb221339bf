"""What may stand under each key of a scenario file, said in words from the schema itself."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from sandtable.scenario.measures import MEASURES
from sandtable.scenario.schema import (
    Colour,
    Document,
    Identifier,
    Moment,
    Quantity,
    ScenarioFile,
    Text,
)
from sandtable.vocabulary import PALETTE

QUANTITY_FORMS = (
    '{fact = "id"}, {fact = "id", times = 0.3, because = "..."} '
    'or {assumed = 4000, because = "..."}'
)
MOMENT_FORMS = '{fact = "id"} or {assumed = 1945-08-12T06:00:00+09:00, because = "..."}'


@cache
def fields(model: type[Document]) -> dict[str, Any]:
    """Return the keys of a table as they are written, each with its type."""
    hints = get_type_hints(model, include_extras=True)
    return {field.alias or name: hints[name] for name, field in model.model_fields.items()}


@cache
def required(model: type[Document]) -> tuple[str, ...]:
    """Return the keys that a table must have."""
    found = model.model_fields.items()
    return tuple(field.alias or name for name, field in found if field.is_required())


@cache
def tables() -> dict[str, type[Document]]:
    """Return the tables of a scenario file by name: `scenario`, `side`, `place` and so on."""
    return {name: document(hint) or Document for name, hint in fields(ScenarioFile).items()}


def single(table: str) -> bool:
    """Say whether a table stands in the file once, as `[map]`, not as often as `[[place]]`."""
    return not is_list(fields(ScenarioFile)[table])


def bare(hint: Any) -> Any:
    """Return a type without its `| None`, if one type is left."""
    if get_origin(hint) in (Union, types.UnionType):
        left = [part for part in get_args(hint) if part is not type(None)]
        return left[0] if len(left) == 1 else Union[tuple(left)]  # noqa: UP007
    return hint


def is_list(hint: Any) -> bool:
    """Say whether a key holds a list of any length."""
    return get_origin(bare(hint)) is tuple and get_args(bare(hint))[-1] is Ellipsis


def document(hint: Any) -> type[Document] | None:
    """Return the table that a key, or each item of its list, holds; None if it holds none."""
    kind = get_args(bare(hint))[0] if is_list(hint) else bare(hint)
    return kind if isinstance(kind, type) and issubclass(kind, Document) else None


def options(hint: Any) -> tuple[str, ...]:
    """Return the words that a key may hold, if it holds one of a few words."""
    if bare(hint) == Colour:
        return tuple(PALETTE)
    return get_args(bare(hint)) if get_origin(bare(hint)) is Literal else ()


def allowed(hint: Any) -> str:
    """Say in words what a key of this type may hold."""
    hint = bare(hint)
    plain = {
        Identifier: "an id of lower-case words and digits joined by hyphens",
        Colour: "a colour as #d55e00, or one of " + ", ".join(PALETTE),
        Text: "text of 1 to 2000 characters",
        str: "text",
        float: "a number",
        int: "a whole number",
        bool: "true or false",
        datetime: "a date, or a date and hour",
        Quantity: QUANTITY_FORMS,
        Moment: MOMENT_FORMS,
    }
    if hint in plain:
        return plain[hint]
    if options(hint):
        return "one of " + ", ".join(options(hint))
    if is_list(hint):
        return _allowed_list(get_args(hint)[0])
    origin = get_origin(hint)
    if origin is Annotated:
        return _allowed_range(hint)
    if origin is tuple:
        return f"a range [low, high], each {allowed(get_args(hint)[0])}"
    if origin in (Union, types.UnionType):
        return ", or ".join(allowed(part) for part in get_args(hint))
    if origin is dict:
        return "a table of key paths and their values"
    return "a table with the keys " + ", ".join(fields(hint))


def _allowed_list(item: Any) -> str:
    if item == Identifier:
        return "a list of ids"
    if item is str:
        return "a list of texts"
    return "a list of tables with the keys " + ", ".join(fields(item))


def _allowed_range(hint: Any) -> str:
    bounds = {
        side: getattr(rule, side)
        for info in get_args(hint)[1:]
        for rule in info.metadata
        for side in ("ge", "le")
        if hasattr(rule, side)
    }
    return f"a number from {bounds['ge']:g} to {bounds['le']:g}"


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
    from sandtable.scenario.demands import render_demands

    lines += render_demands()
    return "\n".join(lines).rstrip() + "\n"


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

This page is made from the schema; `sandtable.scenario.keys.render_markdown()` prints it.

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
`outcomes/`. It is found by itself and stands alone, in place of the shipped one; `--register DIR`
goes before both.

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
