"""Changed keys: from the command line, from a file of changes, or from a variant."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from sandtable.calendar import parse_moment
from sandtable.errors import QuantityError, SandtableError, listed
from sandtable.scenario.findings import Findings, shown
from sandtable.scenario.keys import bare, document, fields, is_list, single, tables
from sandtable.scenario.read import Entry, read_toml
from sandtable.scenario.schema import Document, Moment, Quantity, Variant
from sandtable.scenario.validate import validated

COMMAND_LINE = "--set"


@dataclass(frozen=True, slots=True)
class Change:
    """One key path and its new value; `file` and `shown_key` say where it was asked for."""

    key: str
    value: Any
    file: str
    shown_key: str
    because: str


class Index:
    """A scenario's entries by key path; a leg is found under either order of its ends."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries: dict[str, Entry] = {}
        for entry in reversed(entries):
            self.entries[entry.key] = entry
        self.aliases = {
            f"leg.{'--'.join(reversed(key[4:].split('--')))}": key
            for key in self.entries
            if key.startswith("leg.")
        }

    def get(self, key: str) -> Entry | None:
        """Return the entry of this key path, or None."""
        return self.entries.get(key) or self.entries.get(self.aliases.get(key, ""))

    def names(self, table: str) -> list[str]:
        """Return the key paths of the entries of one table."""
        return [key for key in self.entries if key.partition(".")[0] == table]


def parse_set(text: str, findings: Findings) -> Change | None:
    """Read `KEY=VALUE`: a TOML value, a range `0.5..0.7`, or a bare word."""
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not key or not value.strip():
        example = "KEY=VALUE, as formation.107-division.effectiveness=0.5..0.7"
        findings.add(key or "--set", shown(text), example, file=COMMAND_LINE)
        return None
    return Change(key, _literal(value.strip()), COMMAND_LINE, key, "set on the command line")


def set_text(key: str, value: object) -> str:
    """Return `KEY=VALUE`, as `parse_set` reads it, for a value of Python.

    That is a number, a text as on the command line, a moment, a pair of numbers for a range, a
    list, or a mapping as `{"fact": "id"}`. Raises SandtableError for anything else.
    """
    if isinstance(value, str):
        return f"{key}={value}"
    if isinstance(value, tuple) and len(value) == 2:
        return f"{key}={_toml_text(key, value[0])}..{_toml_text(key, value[1])}"
    return f"{key}={_toml_text(key, value)}"


def _toml_text(key: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml_text(key, item) for item in value) + "]"
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(str(k))} = {_toml_text(key, v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    allowed = "a number, text, a moment, a pair of numbers, a list or a mapping"
    raise SandtableError(f"overrides: {key}: found {type(value).__name__}; allowed: {allowed}")


def read_overlay(path: Path, findings: Findings) -> list[Change]:
    """Read a TOML file of changed keys, written as key paths or as tables."""
    data = read_toml(path, findings)
    return list(_flattened(data, "", str(path), "", f"set in {path.name}"))


def changes_of(variant: Variant, file: str) -> list[Change]:
    """Return the changes that a variant makes."""
    at = f"variant.{variant.id}.set."
    return list(_flattened(variant.set, "", file, at, f"variant {variant.id}"))


def apply(index: Index, changes: list[Change], findings: Findings) -> None:
    """Make the changes in the entries, in order; faults go to `findings`.

    An entry that is changed gets a value of its own: others may hold the one that it had.
    """
    for change in changes:
        entry = _entry(index, change, findings)
        if entry is not None:
            entry.value = copy.deepcopy(entry.value)
            path = _put(entry, change, findings)
            if path is not None:
                findings.origin[path] = change.file


def check_variant(index: Index, variant: Variant, findings: Findings) -> None:
    """Hold each change of a variant against the schema, without making it."""
    for change in changes_of(variant, findings.file_of(f"variant.{variant.id}")):
        entry = _entry(index, change, findings)
        if entry is None:
            continue
        model = tables()[entry.table]
        trial = Entry(entry.table, entry.key, copy.deepcopy(entry.value), entry.file)
        inner = Findings(change.file)
        if validated(model, trial.value, trial.key, inner) is None:
            continue
        if _put(trial, change, findings) is not None:
            validated(model, trial.value, trial.key, inner)
        for problem in inner.problems:
            findings.add(change.shown_key, problem.found, problem.allowed, file=change.file)


def _flattened(
    value: Mapping[str, Any], key: str, file: str, at: str, because: str
) -> Iterator[Change]:
    for name, item in value.items():
        path = f"{key}.{name}" if key else name
        if isinstance(item, Mapping) and not _is_value(path):
            yield from _flattened(item, path, file, at, because)
        else:
            yield Change(path, item, file, f"{at}{path}", because)


def _is_value(path: str) -> bool:
    """Say whether a table under this path is a value, not a part of the path."""
    parts = path.split(".")
    hint: Any = tables().get(parts[0])
    for part in parts[1 if parts[0] in tables() and single(parts[0]) else 2 :]:
        table = None if hint is None else document(hint)
        if table is None:
            return True
        hint = table if is_list(hint) else fields(table).get(part)
    return bare(hint) in (Quantity, Moment)


def _entry(index: Index, change: Change, findings: Findings) -> Entry | None:
    table, _, rest = change.key.partition(".")
    if table not in tables():
        may_be = "a key path that begins with " + ", ".join(tables())
        _refuse(findings, change, f"'{table}'", may_be, table, list(tables()))
        return None
    name = table if single(table) else f"{table}.{rest.partition('.')[0]}"
    entry = index.get(name)
    if entry is None:
        names = index.names(table)
        may_be = "one of the scenario's " + (listed(names) if names else f"{table} tables: none")
        _refuse(findings, change, f"'{name}'", may_be, name, names)
    return entry


def _put(entry: Entry, change: Change, findings: Findings) -> str | None:
    """Set one key of an entry; return its key path, or None if there is no such key."""
    head = 1 if single(entry.table) else 2
    steps = change.key.split(".")[head:]
    target: Any = entry.value
    hint: Any = tables()[entry.table]
    path = entry.key
    while True:
        table: type[Document] | None = document(hint)
        names = [] if table is None else [key for key in fields(table) if key != "id"]
        if bare(hint) in (Quantity, Moment) or table is None or not isinstance(target, dict):
            _refuse(findings, change, f"a key below '{path}'", f"'{path}' as a whole")
            return None
        if not steps or steps[0] not in names:
            found = f"the key '{steps[0]}'" if steps else "no key"
            may_be = "the keys " + ", ".join(names)
            _refuse(findings, change, found, may_be, steps[0] if steps else None, names)
            return None
        step = steps.pop(0)
        hint, path = fields(table)[step], f"{path}.{step}"
        if not steps:
            target[step] = _valued(hint, change)
            return path
        inner = document(hint)
        if inner is not None and is_list(hint) and "place" in fields(inner):
            place = steps.pop(0)
            target, path, hint = _by_place(target, step, place), f"{path}.{place}", inner
        else:
            target = target.setdefault(step, {})


def _by_place(target: dict[str, Any], key: str, place: str) -> Any:
    items = target.setdefault(key, [])
    if not isinstance(items, list):
        return None
    for item in items:
        if isinstance(item, dict) and item.get("place") == place:
            return item
    items.append({"place": place})
    return items[-1]


def _valued(hint: Any, change: Change) -> Any:
    value = change.value
    if bare(hint) in (Moment, datetime) and isinstance(value, str):
        value = _moment(value)
    if bare(hint) not in (Quantity, Moment):
        return value
    if isinstance(value, str):
        value = _literal(value)
    return value if isinstance(value, dict) else {"assumed": value, "because": change.because}


def _refuse(
    findings: Findings,
    change: Change,
    found: str,
    may_be: str,
    name: object = None,
    names: list[str] | None = None,
) -> None:
    findings.add(change.shown_key, found, may_be, name=name, names=names or (), file=change.file)


def _moment(text: str) -> Any:
    """Return a moment, or both ends of a range of them; text that is none is itself."""
    try:
        ends = [parse_moment(end.strip()) for end in text.split("..")]
    except QuantityError:
        return text
    return ends[0] if len(ends) == 1 else ends


def _literal(text: str) -> Any:
    low, dots, high = text.partition("..")
    if dots:
        ends = [_toml_value(low), _toml_value(high)]
        if not any(isinstance(end, str) for end in ends):
            return ends
    return _toml_value(text)


def _toml_value(text: str) -> Any:
    """Return a TOML value; text that is none is itself, a bare word."""
    try:
        parsed = tomllib.loads(f"value = {text.strip()}")
    except (ValueError, RecursionError):
        return text.strip()
    return parsed["value"] if len(parsed) == 1 else text
