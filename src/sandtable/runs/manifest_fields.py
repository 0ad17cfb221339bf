"""What a manifest must hold for its folder to be read, whoever wrote it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandtable.amounts import PART_SIZE, REPLICATIONS, SEED, Amount

Test = Callable[[object], bool]


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
    return isinstance(value, int | float) and math.isfinite(value) and 0 < value <= 1


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
    others = (value.get(name) for name in ("overlay", "register"))
    return all(map(_or_none(_text), others)) and _digests(value.get("digests"))


def _named(value: object) -> bool:
    return isinstance(value, dict) and all(type(number) is int for number in value.values())


_NEEDED: Mapping[str, tuple[Test, str]] = {
    "scenario": (_text, "a text"),
    "title": (_text, "a text"),
    "seed": _whole(SEED),
    "step_days": (_step, "a number above 0, at most 1"),
    "variant": (_or_none(_text), "a text or null"),
    "overrides": _list_of(_text, "texts"),
    "without": _list_of(_text, "texts"),
    "headline": _list_of(_text, "texts"),
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
    "fitted_to": _list_of(_text, "texts"),
    "named": (_named, "an object of numbers of replications"),
    "until": (_object, "an object"),
    "reached": (_object, "an object"),
    "specification": (_object, "an object"),
    "inputs": (_or_none(_inputs), "an object of scenario, overlay, register and digests"),
    "files": (_object, "an object"),
}


def faults_of(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield key, what was found and what is allowed of each field that can't be used."""
    for name, (test, allowed) in {**_NEEDED, **_OPTIONAL}.items():
        if name not in manifest:
            if name in _NEEDED:
                yield name, "nothing", allowed
        elif not test(manifest[name]):
            yield name, _shown(manifest[name]), allowed


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."
