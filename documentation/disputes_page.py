"""docs/disputes.md, and the runs that it tells of.

``python documentation/disputes_page.py`` runs every contradictory input at both ends, which takes
minutes; with names of scenarios only theirs, and keeps what was measured of the others.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path

from sandtable.ensemble import Settings
from sandtable.scenario import Scenario, load_scenario
from sandtable.shipped import register_root, scenario_paths
from sandtable.studies import disputes

EFFECTS = Path(__file__).parents[1] / "results/reference/disputes.csv"
REPLICATIONS = 60


@cache
def scenarios() -> list[Scenario]:
    """The shipped campaigns that stand on the shipped register."""
    found = [load_scenario(name) for name in scenario_paths()]
    return [scenario for scenario in found if scenario.register == register_root()]


def render_markdown() -> str:
    """Return the page."""
    return disputes.render_markdown(scenarios(), disputes.read_effects(EFFECTS))


def main(names: list[str]) -> None:
    """Run the contradictory inputs of the scenarios named, or of all, and write what they do."""
    settings = Settings(replications=REPLICATIONS, jobs=2)
    known = list(disputes.read_effects(EFFECTS).values()) if names and EFFECTS.is_file() else []
    every = scenarios()
    for scenario in every:
        if names and scenario.name not in names:
            continue
        start = time.monotonic()
        known = [one for one in known if one.scenario != scenario.name]
        known += disputes.find_effects(scenario, settings)
        order = [one.name for one in every]
        # After each, so that what is done is kept.
        disputes.write_effects(sorted(known, key=lambda one: order.index(one.scenario)), EFFECTS)
        print(f"{scenario.name}: {time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
