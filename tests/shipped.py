"""The shipped campaigns, each loaded once for all the tests that only look at it."""

from __future__ import annotations

from functools import cache

import sandtable
from sandtable import Campaign
from sandtable.scenario import Scenario


@cache
def shipped(name: str) -> Scenario:
    """Return a scenario, not to be changed."""
    return campaign(name).scenario


@cache
def campaign(name: str) -> Campaign:
    """Return a campaign, not to be changed."""
    return sandtable.load(name)
