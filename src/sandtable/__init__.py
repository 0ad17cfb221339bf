"""Historical campaigns as discrete-event simulations, compared with the record."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandtable.campaign import Campaign, CampaignRun, available, load, open_run
    from sandtable.ensemble import Settings
    from sandtable.errors import InputError, Problem, SandtableError
    from sandtable.runs import Request, RunOptions
    from sandtable.single_battle import battle, combat_results_table

__version__ = "0.1.0"

__all__ = [
    "Campaign",
    "CampaignRun",
    "InputError",
    "Problem",
    "Request",
    "RunOptions",
    "SandtableError",
    "Settings",
    "__version__",
    "available",
    "battle",
    "combat_results_table",
    "load",
    "open_run",
]

_HOME = {
    "sandtable.campaign": ("Campaign", "CampaignRun", "available", "load", "open_run"),
    "sandtable.ensemble": ("Settings",),
    "sandtable.errors": ("InputError", "Problem", "SandtableError"),
    "sandtable.runs": ("Request", "RunOptions"),
    "sandtable.single_battle": ("battle", "combat_results_table"),
}
_HOME_OF = {name: module for module, names in _HOME.items() for name in names}


def __getattr__(name: str) -> object:
    # The package itself costs nothing to import; what it offers is fetched when asked for.
    if name not in _HOME_OF:
        raise AttributeError(f"module 'sandtable' has no attribute '{name}'")
    return getattr(import_module(_HOME_OF[name]), name)
