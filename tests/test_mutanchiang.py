"""One battle at two scales: Mutanchiang by regiment, and inside the whole offensive.

Nothing makes the two agree: they share laws and a handful of facts, not strengths, places or
orders. How far they may lie apart is what the campaign's page tells.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sandtable

PAGE = Path(__file__).parents[1] / "docs" / "campaigns" / "mutanchiang-1945.md"
REPLICATIONS = 60
CITY = "captured/mutanchiang"
CASUALTIES = ("battle/mutanchiang/ussr/personnel", "battle/mutanchiang/japan/personnel")
# The battle's H-hour, in days from that of the offensive.
AFTER = 3.0 + (5.0 * 60.0 - 1.0) / (24.0 * 60.0)
WITHIN = 3.0
"""Factor between the mean casualties; the page tells it."""

Outcomes = dict[str, NDArray[np.float64]]

pytestmark = pytest.mark.verify


def outcomes(name: str) -> Outcomes:
    run = sandtable.load(name).run(REPLICATIONS, seed=1)
    return {k: np.asarray(run.outcomes[k], float) for k in (CITY, *CASUALTIES)}


@pytest.fixture(scope="module")
def battle() -> Outcomes:
    return outcomes("mutanchiang-1945")


@pytest.fixture(scope="module")
def offensive() -> Outcomes:
    return outcomes("manchuria-1945")


@pytest.mark.parametrize("name", CASUALTIES)
def test_casualties_agree_within_a_factor(name: str, battle: Outcomes, offensive: Outcomes) -> None:
    alone, inside = battle[name], offensive[name]
    assert 1 / WITHIN < inside.mean() / alone.mean() < WITHIN
    low, high = np.quantile(alone, [0.05, 0.95]), np.quantile(inside, [0.05, 0.95])
    assert low[0] < high[1] and high[0] < low[1]
    assert f"within a factor of {WITHIN:g}" in PAGE.read_text(encoding="utf-8")


def test_the_offensive_is_later_at_the_city(battle: Outcomes, offensive: Outcomes) -> None:
    """In the battle the first echelons stand at the Muleng on the fourth day, as they did."""
    days = [np.nan_to_num(o[CITY], nan=np.inf) for o in (battle, offensive)]
    first, later = (np.quantile(d, 0.5, method="inverted_cdf") for d in (days[0] + AFTER, days[1]))
    assert 1.0 < later - first < 10.0
    assert days[0].min() + AFTER < later
