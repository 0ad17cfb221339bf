"""Which replications stand for something, on outcomes that can be ranked by hand."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from sandtable.campaign.named import NAMES, named

NUMBERS = [0, 1, 3, 4]
NOTHING = np.full(4, nan)
SIDES = ("ussr", "japan")
IN_ACTION = {
    "losses/ussr/personnel/in-action": np.array([10.0, 40.0, 30.0, 20.0]),
    "losses/japan/personnel/in-action": np.array([10.0, 5.0, 20.0, 2.0]),
}


def told(headline: dict[str, list[float]], from_record: np.ndarray = NOTHING) -> dict[str, int]:
    outcomes = IN_ACTION | {name: np.array(values) for name, values in headline.items()}
    return named(outcomes, NUMBERS, list(headline), SIDES, from_record)


def test_the_typical_one_has_the_middle_ranks() -> None:
    # Ranks 4 1 2 3 and 4 3 1 2: shares are 7/8 1/8 3/8 5/8 and 7/8 5/8 1/8 3/8.
    # From 1/2: 3/8 3/8, 3/8 1/8, 1/8 3/8, 1/8 1/8.
    found = told(
        {"losses/ussr/tanks": [9.0, 1, 2, 3], "losses/japan/tanks": [900.0, 300, 100, 200]}
    )
    assert found["typical"] == 4


def test_never_is_later_than_any_day_and_those_alike_share_a_rank() -> None:
    # Ranks 3.5 1 2 3.5: shares 6/8 1/8 3/8 6/8.
    found = told({"captured/a": [nan, 1.0, 2.0, nan]})
    assert found["fastest"] == 1 and found["typical"] == 3
    # Ranks 4 3 1 2: the second and the last are as far from the middle.
    assert told({"captured/a": [4.0, 3.0, 1.0, 2.0]})["typical"] == 1


def test_the_fastest_is_the_earliest_on_the_mean_rank() -> None:
    # One day early at b by far outweighs nothing: only ranks count. 1+4, 2+2, 3+3, 4+1.
    found = told({"captured/a": [1.0, 2, 3, 4], "captured/b": [9.0, 2.5, 2.6, 0.1]})
    assert found["fastest"] == 1


@pytest.mark.parametrize("day", [[], [nan] * 4])
def test_without_any_event_the_fastest_came_farthest(day: list[float]) -> None:
    never = {"captured/a": day} if day else {}
    ends = {"advance/x/1": [9.0, 0, 0, 0], "advance/x/2": [9.0, 11, 12, 8]}
    assert told({**never, **ends})["fastest"] == 3


def test_the_fronts_of_a_phase_are_not_those_of_the_whole() -> None:
    ends = {"advance/x/1": [9.0, 11, 12, 8], "phase/one/advance/x/1": [99.0, 0, 0, 0]}
    assert told(ends)["fastest"] == 3


def test_the_costliest_lost_most_on_all_sides_together() -> None:
    assert told({"losses/ussr/tanks": [1.0, 2, 3, 4]})["costliest"] == 3


def test_the_nearest_to_the_record_and_names_that_nothing_tells() -> None:
    headline = {"losses/ussr/tanks": [1.0, 1, 1, 1]}
    # Of those alike the first; without day or front nothing says who was fastest.
    assert told(headline) == {"typical": 0, "costliest": 3}
    found = told(headline, np.array([nan, 2.0, 1.0, 1.0]))
    assert found == {"typical": 0, "costliest": 3, "nearest to the record": 3}
    assert set(found) < set(NAMES)


def test_what_does_not_apply_is_left_out() -> None:
    share = "losses/ussr/tanks/by/aircraft"
    # Of three: ranks 1 2 3. The first counts by the other outcome alone, near whose middle it is.
    found = told({share: [nan, 0.1, 0.2, 0.3], "losses/ussr/tanks": [2.0, 1.0, 4.0, 3.0]})
    assert found["typical"] == 0
