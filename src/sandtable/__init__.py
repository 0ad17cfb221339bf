"""Historical campaigns as discrete-event simulations, compared with the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.lazy_names import lazy_names

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

# The package itself costs nothing to import.
__getattr__ = lazy_names(
    __name__,
    {
        "campaign": "Campaign CampaignRun available load open_run",
        "ensemble": "Settings",
        "errors": "InputError Problem SandtableError",
        "runs": "Request RunOptions",
        "single_battle": "battle combat_results_table",
    },
)
