"""Historical campaigns as discrete-event simulations, compared with the record."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandtable.api import Campaign, CampaignRun, available, load, open_run
    from sandtable.errors import InputError, Problem, SandtableError

__version__ = "0.1.0"

__all__ = [
    "Campaign",
    "CampaignRun",
    "InputError",
    "Problem",
    "SandtableError",
    "__version__",
    "available",
    "load",
    "open_run",
]

_HOME = dict.fromkeys(("Campaign", "CampaignRun", "available", "load", "open_run"), "sandtable.api")
_HOME |= dict.fromkeys(("InputError", "Problem", "SandtableError"), "sandtable.errors")


def __getattr__(name: str) -> object:
    # The package itself costs nothing to import; what it offers is fetched when asked for.
    if name not in _HOME:
        raise AttributeError(f"module 'sandtable' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
