"""`show` of a scenario: what it tells besides the quantities."""

from typing import Any

from sandtable.laws.operational import load_operational
from sandtable.laws.planning_file import load_planning


def test_it_tells_what_is_uncertain_in_the_laws(call: Any) -> None:
    """Of each fit of operations its terms and its spread, its ranges, and those of planning."""
    said = call("show", "khalkhin-gol-1939")
    fits = load_operational()
    operations = sum(len(fit.terms) + 1 for fit in fits.regressions.values()) + len(fits.ranges)
    planning = len(load_planning().uncertain)
    told = f"fitted on battles, {operations} on operations, {planning} planning figures"
    assert told in " ".join(said.out.split())
