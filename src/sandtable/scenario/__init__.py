"""Scenarios: read, checked, resolved to plain numbers, described."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandtable.scenario.description import Description, describe
    from sandtable.scenario.format_page import render_markdown
    from sandtable.scenario.load import Scenario, check_scenario, load_scenario
    from sandtable.scenario.quantities import QuantityUse
    from sandtable.scenario.read import find, is_run, own_register
    from sandtable.scenario.resolve import WINDING
    from sandtable.scenario.resolved import ResolvedScenario
    from sandtable.scenario.titles import available
    from sandtable.scenario.write import to_toml

__all__ = [
    "WINDING",
    "Description",
    "QuantityUse",
    "ResolvedScenario",
    "Scenario",
    "available",
    "check_scenario",
    "describe",
    "find",
    "is_run",
    "load_scenario",
    "own_register",
    "render_markdown",
    "to_toml",
]

_HOME = {
    "WINDING": "resolve",
    "Description": "description",
    "QuantityUse": "quantities",
    "ResolvedScenario": "resolved",
    "Scenario": "load",
    "available": "titles",
    "check_scenario": "load",
    "describe": "description",
    "find": "read",
    "is_run": "read",
    "load_scenario": "load",
    "own_register": "read",
    "render_markdown": "format_page",
    "to_toml": "write",
}


def __getattr__(name: str) -> object:
    # Whoever runs a scenario needs none of what reads one.
    if name not in _HOME:
        raise AttributeError(f"module 'sandtable.scenario' has no attribute '{name}'")
    return getattr(import_module(f"sandtable.scenario.{_HOME[name]}"), name)
