"""Scenarios: read, checked, resolved to plain numbers, described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.lazy_names import lazy_names

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

# Whoever runs a scenario needs none of what reads one.
__getattr__ = lazy_names(
    __name__,
    {
        "description": "Description describe",
        "format_page": "render_markdown",
        "load": "Scenario check_scenario load_scenario",
        "quantities": "QuantityUse",
        "read": "find is_run own_register",
        "resolve": "WINDING",
        "resolved": "ResolvedScenario",
        "titles": "available",
        "write": "to_toml",
    },
)
