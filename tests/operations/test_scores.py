"""Scores of operations, against another library and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scoringrules

from sandtable.operations.scores import PARTS, Judged, crps, recorded_range, truths
from sandtable.operations.table import Record

NAN = float("nan")
RECORD = Record(1000.0, 500.0, 40.0, "high", False, True, True, "no")
EVERY = np.ones(3, dtype=np.bool_)


def test_crps_is_that_of_scoringrules() -> None:
    generator = np.random.default_rng(5)
    foretold, truth = generator.normal(size=(7, 40)), generator.normal(size=(7, PARTS))
    theirs = np.stack(
        [scoringrules.crps_ensemble(truth[:, k], foretold, estimator="nrg") for k in range(PARTS)],
        axis=1,
    )
    np.testing.assert_allclose(crps(foretold, truth), theirs, atol=1e-12)


def test_losses_that_count_the_sick_are_a_range_below_the_record() -> None:
    records = [RECORD, replace(RECORD, sick=True)]
    found = np.exp(truths(records, "attacker_losses"))
    np.testing.assert_allclose(found[0], 1000.0)
    np.testing.assert_allclose(found[1], [775, 825, 875, 925, 975])
    assert recorded_range(records[1], "attacker_losses") == (750.0, 1000.0)
    # The defender's count nobody sick.
    np.testing.assert_allclose(np.exp(truths(records, "defender_losses")), 500.0)


def test_no_ground_and_no_record_are_not_judged() -> None:
    records = [replace(RECORD, depth_km=0.0), replace(RECORD, depth_km=NAN), RECORD]
    assert np.isnan(truths(records, "depth_km")[:, 0]).tolist() == [True, True, False]


def test_measures_by_hand() -> None:
    foretold = np.tile(np.linspace(0.0, 10.0, 101), (3, 1))
    truth = np.repeat([[5.0], [9.25], [12.0]], PARTS, axis=1)
    judged = Judged(foretold, truth, np.array(["a", "b", "c"]))
    assert judged.measure("rms", EVERY)[0] == pytest.approx(((0 + 4.25**2 + 7**2) / 3) ** 0.5)
    assert judged.measure("mean", EVERY)[0] == pytest.approx(11.25 / 3)
    # 9.25 lies within 0.5 to 9.5 alone.
    for share, inside in ((50, 1), (80, 1), (90, 2)):
        assert judged.measure(f"inside {share}", EVERY)[0] == pytest.approx(inside / 3)
    np.testing.assert_allclose(judged.below, [0.5, 93 / 101, 1.0])


def test_a_range_of_truth_is_inside_as_far_as_it_lies_inside() -> None:
    foretold = np.linspace(0.0, 10.0, 101)[None, :]
    judged = Judged(foretold, np.array([[6.0, 7.0, 8.0, 9.0, 9.9]]), np.array(["a"]))
    rows = np.ones(1, dtype=np.bool_)
    assert judged.measure("inside 50", rows)[0] == pytest.approx(0.4)
    assert judged.measure("inside 90", rows)[0] == pytest.approx(0.8)


def test_skill_compares_the_same_operations() -> None:
    truth = np.zeros((3, PARTS))
    wars = np.array(["a", "b", "c"])
    near, far = (Judged(np.full((3, 4), x), truth, wars) for x in (1.0, 4.0))
    assert near.skill(far, EVERY) == (pytest.approx(0.75), pytest.approx(0.0))
    assert near.skill(near, EVERY)[0] == 0.0
