"""What may stand under each key of a scenario file, said in words from the schema itself."""

from __future__ import annotations

import types
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

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


@cache
def single(table: str) -> bool:
    """Say whether a table stands in the file once, as `[map]`, not as often as `[[place]]`."""
    return not is_list(fields(ScenarioFile)[table])


def bare(hint: Any) -> Any:
    """Return a type without its `| None`, if one type is left."""
    if get_origin(hint) in (Union, types.UnionType):
        left = [part for part in get_args(hint) if part is not type(None)]
        return left[0] if len(left) == 1 else Union[tuple(left)]  # noqa: UP007
    return hint


def alternatives(hint: Any) -> tuple[Any, ...]:
    """Return the types of which a key may hold any one."""
    left = bare(hint)
    return get_args(left) if get_origin(left) in (Union, types.UnionType) else (left,)


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
        ids = get_args(hint)[1] == Identifier
        return "a table of ids, each with an id" if ids else "a table of key paths and their values"
    return "a table with the keys " + ", ".join(fields(hint))


def _allowed_list(item: Any) -> str:
    if item == Identifier:
        return "a list of ids"
    if item is str:
        return "a list of texts"
    if options(item):
        return "a list of words, each one of " + ", ".join(options(item))
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
