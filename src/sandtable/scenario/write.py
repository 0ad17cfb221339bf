"""A resolved scenario as TOML text: every default filled in, every number as the engine has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import tomli_w

from sandtable.scenario.quantities import QuantityUse
from sandtable.scenario.resolved import ResolvedScenario


def to_toml(resolved: ResolvedScenario, quantities: Iterable[QuantityUse] = ()) -> str:
    """Return a resolved scenario as TOML text: one table an object, as in `ResolvedScenario`.

    The `quantities` given follow, each with its range and its reason.
    """
    document = _without_phases(_tomlable(asdict(resolved)))
    document["quantities"] = [_tomlable(asdict(use)) for use in quantities]
    if not document["quantities"]:
        del document["quantities"]
    return tomli_w.dumps(document)


def _without_phases(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a scenario that has no phases would only say nothing by."""
    for key in ("phase", "phase_name", "phases"):
        if not document[key]:
            del document[key]
    if not document["calendar"]["phases"]:
        del document["calendar"]["phases"]
    if "phases" in document:
        document["phases"] = [_without_phases(part) for part in document["phases"]]
    return document


def _tomlable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tomlable(item) for key, item in value.items() if item is not None}
    if isinstance(value, tuple | list):
        return [_tomlable(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value
