"""How far replications lie from the record, by hand on a campaign of ten days."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from sandtable.comparison import compare, distances

NAN = np.nan
FAR, TANKS, SHARE = "captured/far", "losses/ussr/tanks", "losses/ussr/tanks/by/artillery"


@pytest.fixture
def far_from(resolved, claim):
    """Distances of an ensemble from claims (outcome, low, high, unit)."""

    def make(outcomes, *claims, given=()):
        arrays = {name: np.array(values, dtype=float) for name, values in outcomes.items()}
        told = [claim(*one, id=f"c{n}") for n, one in enumerate(claims)]
        rows = compare(arrays, told, calendar=resolved.calendar, baseline={}, given=given)
        return distances(rows, arrays, scenario=resolved)

    return make


def day(text):
    return datetime.fromisoformat(f"1945-08-{text}")


def test_a_day_is_as_far_as_it_differs_in_units_of_the_spread(far_from):
    # Days 2, 4 and never, which is the tenth: shares 0.2, 0.4, 1.0 beside 0.4.
    found = far_from({FAR: [2.0, 4.0, NAN]}, (FAR, day("13"), day("13"), "date"))
    spread = np.std([0.2, 0.4, 1.0])
    assert found == pytest.approx(np.array([0.2, 0.0, 0.6]) / spread)


def test_counts_differ_by_factors_and_outcomes_weigh_alike(far_from):
    values = {FAR: [2.0, 4.0, 6.0], TANKS: [9.0, 99.0, 999.0]}
    claims = (FAR, day("13"), day("13"), "date"), (TANKS, 9, 9, "tank")
    days = np.array([0.2, 0.0, 0.2]) / np.std([0.2, 0.4, 0.6])
    logs = np.log([10.0, 100.0, 1000.0])
    tanks = (logs - logs[0]) / np.std(logs)
    assert far_from(values, *claims) == pytest.approx((days + tanks) / 2.0)


def test_of_a_range_it_is_the_expected_distance(far_from):
    values = np.array([0.0, 0.5, 1.0])
    found = far_from({SHARE: values}, (SHARE, 0.0, 0.5, "share"))
    assert found == pytest.approx(np.array([0.25, 0.25, 0.75]) / np.std(values))


def test_what_is_no_score_or_tells_nothing_apart_counts_for_nothing(far_from):
    claim = (FAR, day("13"), day("13"), "date")
    alone = far_from({FAR: [2.0, 4.0, 6.0]}, claim)
    bound, alike = (TANKS, 50, None, "tank"), (TANKS, 50, 50, "tank")
    for other, values in ((bound, [1.0, 2.0, 3.0]), (alike, [7.0, 7.0, 7.0])):
        found = far_from({FAR: [2.0, 4.0, 6.0], TANKS: values}, claim, other)
        assert found == pytest.approx(alone)
    given = far_from({FAR: [2.0, 4.0, 6.0]}, claim, given=(FAR,))
    assert np.isnan(given).all() and given.shape == (3,)


def test_a_share_of_nothing_is_left_out_of_a_replication(far_from):
    values = {FAR: [2.0, 4.0, 6.0], SHARE: [NAN, 0.25, 0.75]}
    found = far_from(values, (FAR, day("13"), day("13"), "date"), (SHARE, 0.25, 0.25, "share"))
    days = np.array([0.2, 0.0, 0.2]) / np.std([0.2, 0.4, 0.6])
    shares = np.array([0.0, 0.5]) / 0.25
    assert found == pytest.approx([days[0], (days[1] + shares[0]) / 2, (days[2] + shares[1]) / 2])
