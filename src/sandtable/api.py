"""The same from Python as from the shell: load a campaign, run it, look at what came out.

>>> import sandtable
>>> run = sandtable.load("khalkhin-gol-1939").run(replications=200, seed=1)
>>> run.outcomes["losses/japan/personnel/total"].mean()
>>> for row in run.compare():
...     print(row.outcome, row.verdict)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sandtable import evidence, runs
from sandtable import scenario as scenarios
from sandtable.campaign import Campaign, CampaignRun

__all__ = ["Campaign", "CampaignRun", "available", "load", "open_run"]

available = scenarios.available


def load(
    scenario: str | Path,
    *,
    overrides: Sequence[str] = (),
    overlay: str | Path | None = None,
    variant: str | None = None,
    without: Sequence[str] = (),
    register: str | Path | None = None,
) -> Campaign:
    """Load a campaign by its shipped name or by the path of a scenario file or folder.

    ``overrides`` are ``KEY=VALUE`` by key path, ``overlay`` a TOML file of changed keys,
    ``variant`` one of the scenario's own counterfactuals, ``without`` names of mechanisms to
    switch off, and ``register`` the folder of an evidence register that takes the place of the
    shipped one. Raises InputError with every problem found.
    """
    overlay = None if overlay is None else Path(overlay)
    root = evidence.register_root() if register is None else Path(register)
    loaded = scenarios.load_scenario(
        scenario,
        overrides=overrides,
        overlay=overlay,
        variant=variant,
        without=without,
        register_root=root,
    )
    request = runs.Request(str(scenario), tuple(overrides), overlay, variant, tuple(without))
    return Campaign(loaded, request, root)


def open_run(folder: str | Path) -> runs.Results:
    """Open the results of a finished run. Raises InputError if the folder holds none."""
    return runs.load_results(Path(folder))
