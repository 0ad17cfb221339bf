"""Scenarios: read, checked, resolved to plain numbers, described."""

from sandtable.scenario.describe import Description, describe
from sandtable.scenario.keys import render_markdown
from sandtable.scenario.load import Scenario, available, check_scenario, load_scenario
from sandtable.scenario.quantities import QuantityUse
from sandtable.scenario.resolve import WINDING
from sandtable.scenario.resolved import Resolved
from sandtable.scenario.template import Template
from sandtable.scenario.write import to_toml

__all__ = [
    "WINDING",
    "Description",
    "QuantityUse",
    "Resolved",
    "Scenario",
    "Template",
    "available",
    "check_scenario",
    "describe",
    "load_scenario",
    "render_markdown",
    "to_toml",
]
