"""What a manifest must hold for its folder to be read, whoever wrote it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from sandtable.amounts import PART_SIZE, REPLICATIONS, SEED, Amount
from sandtable.errors import InputError, Problem

Test = Callable[[object], bool]
Kept = TypeVar("Kept")


def _whole(amount: Amount) -> tuple[Test, str]:
    return amount.__contains__, amount.allowed


def _list_of(test: Test, words: str) -> tuple[Test, str]:
    return lambda value: isinstance(value, list) and all(map(test, value)), f"a list of {words}"


def _text(value: object) -> bool:
    return isinstance(value, str)


def _object(value: object) -> bool:
    return isinstance(value, dict)


def _or_none(test: Test) -> Test:
    return lambda value: value is None or test(value)


def _step(value: object) -> bool:
    return type(value) in (int, float) and 0 < value <= 1  # type: ignore[operator]


def _finite(value: object) -> bool:
    # Not by math.isfinite, which raises for a whole number that is too large for a float.
    most = sys.float_info.max
    return type(value) in (int, float) and abs(value) <= most  # type: ignore[arg-type]


def _digests(value: object) -> bool:
    return isinstance(value, dict) and all(_or_none(_text)(digest) for digest in value.values())


def _of_run(value: object) -> bool:
    return _digests(value) and isinstance(value, dict) and {"scenario", "overlay"} <= value.keys()


def _failure(value: object) -> bool:
    return (
        isinstance(value, dict)
        and type(value.get("replication")) is int
        and 0 <= value["replication"] < REPLICATIONS.high
        and _text(value.get("error"))
    )


def _inputs(value: object) -> bool:
    if not isinstance(value, dict) or not _text(value.get("scenario")):
        return False
    others = (value.get(name, 0) for name in ("overlay", "register"))
    return all(map(_or_none(_text), others)) and _digests(value.get("digests"))


def _reached(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("errors"), dict):
        return False
    errors = value["errors"].values()
    return all(e is None or _finite(e) for e in errors) and _TEXTS[0](value.get("left_out"))


def _named(value: object) -> bool:
    return isinstance(value, dict) and all(type(number) is int for number in value.values())


_TEXTS = _list_of(_text, "texts")
_NEEDED: Mapping[str, tuple[Test, str]] = {
    "scenario": (_text, "a text"),
    "title": (_text, "a text"),
    "seed": _whole(SEED),
    "step_days": (_step, "a number above 0, at most 1"),
    "variant": (_or_none(_text), "a text or null"),
    "overrides": _TEXTS,
    "without": _TEXTS,
    "headline": _TEXTS,
    "digests": (_of_run, "an object of texts, scenario and overlay among them"),
    "versions": (_digests, "an object of texts"),
    "times": (_object, "an object"),
}
_OPTIONAL: Mapping[str, tuple[Test, str]] = {
    "command": (_text, "a text"),
    "verb": (_text, "a text"),
    "phase": (_or_none(_text), "a text or null"),
    "replications": _whole(REPLICATIONS),
    "part_size": _whole(PART_SIZE),
    "failures": _list_of(_failure, "replications that failed"),
    "fitted_to": _TEXTS,
    "named": (_named, "an object of numbers of replications"),
    "until": (_object, "an object"),
    "reached": (_reached, "an object of errors, numbers or null, and outcomes left_out"),
    "specification": (_object, "an object"),
    "inputs": (_or_none(_inputs), "an object of scenario, overlay, register and digests"),
    "files": (_object, "an object"),
}


def faults_of(
    manifest: Mapping[str, Any], needed: Iterable[str] = ()
) -> Iterator[tuple[str, str, str]]:
    """Yield key, what was found and what is allowed of each field that can't be used.

    ``needed`` are fields that must be there for what is to be done with the folder, beside those
    that every folder has.
    """
    needs = {*_NEEDED, *needed}
    for name, (test, allowed) in {**_NEEDED, **_OPTIONAL}.items():
        if name not in manifest:
            if name in needs:
                yield name, "nothing", allowed
        elif not test(manifest[name]):
            yield name, _shown(manifest[name]), allowed


def kept_as(kind: type[Kept], held: Mapping[str, Any], file: Path, key: str) -> Kept:
    """Return the dataclass ``kind`` of which a manifest keeps the fields, each of its own type.

    ``file`` and ``key`` say where it stands; an empty key: as the file itself. Raises InputError
    with every field that is missing, not known or of another type, and what ``kind`` itself raises.
    """
    from pydantic import TypeAdapter, ValidationError

    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    known = "one of " + ", ".join(sorted(names))
    problems = [
        Problem(str(file), _path(key, name), "an unknown field", known)
        for name in held
        if name not in names
    ]
    try:
        # As JSON, in which a tuple is a list.
        whole = TypeAdapter(kind).validate_json(json.dumps(held), strict=True)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            at = _path(key, *fault["loc"])
            missing = fault["type"] == "missing"
            found = "nothing" if missing else _shown(fault["input"])
            allowed = "a value" if missing else fault["msg"].removeprefix("Input should be ")
            problems.append(Problem(str(file), at, found, allowed))
    if problems:
        raise InputError(problems)
    return whole


def _path(*keys: object) -> str:
    return ".".join(filter(None, map(str, keys)))


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."
