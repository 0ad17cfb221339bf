"""Shares of a campaign's battles outside the table, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest

from battles.invented import battles, write
from sandtable.battles.beyond_table import Reach, arguments_of, outside, ranges_of
from sandtable.battles.coefficients_file import fit_to_file
from sandtable.battles.fit import sample_of
from sandtable.battles.table import load_table
from sandtable.laws.coefficients import load_coefficients

RANGES = {
    "days": Reach(0.5, 1.0, 20.0, 100.0),
    "persons": Reach(500.0, 5_000.0, 9e5, 2e6),
    "ratio": Reach(0.5, 0.75, 6.0, 16.0),
}


def columns(**changes: list[object]) -> dict[str, np.ndarray]:
    plain = {
        "place": ["", "", "b", ""],
        "decision": ["won", "unfinished", "won", "repulsed"],
        "days": [0.25, 0.1, 500.0, 200.0],
        "attacker_committed": [300.0, 4_000.0, 1.0, 2e6],
        "defender_committed": [100.0, 6_000.0, 1.0, 1.0],
        "ratio": [20.0, 3.0, 99.0, nan],
    }
    return {name: np.array(values) for name, values in (plain | changes).items()}


def test_phases_unfinished_days_and_ratios_to_nobody_do_not_count() -> None:
    found = arguments_of(columns())
    assert {name: values.tolist() for name, values in found.items()} == {
        "days": [0.25, 200.0], "persons": [400.0, 10_000.0, 2_000_001.0], "ratio": [20.0, 3.0],
    }  # fmt: skip


def test_shares_are_counted_on_both_sides() -> None:
    days, persons, ratio = outside(arguments_of(columns()), RANGES)
    assert (days.battles, days.below, days.above, days.beyond_middle) == (2, 0.5, 0.5, 1.0)
    assert (persons.battles, persons.below, persons.above) == (3, 1 / 3, 1 / 3)
    assert (ratio.battles, ratio.below, ratio.above, ratio.beyond_middle) == (2, 0.0, 0.5, 0.5)


def test_the_ends_of_the_range_are_inside() -> None:
    values = {name: np.array([known.low, known.high]) for name, known in RANGES.items()}
    assert [one.below + one.above for one in outside(values, RANGES)] == [0.0] * 3
    values = {name: np.array([known.p05, known.p95]) for name, known in RANGES.items()}
    assert [one.beyond_middle for one in outside(values, RANGES)] == [0.0] * 3


def test_no_battle_has_no_share() -> None:
    empty = {name: values[:0] for name, values in columns().items()}
    for one in outside(arguments_of(empty), RANGES):
        assert one.battles == 0 and isnan(one.below) and isnan(one.beyond_middle)


def test_the_table_itself_lies_inside_its_range_and_a_tenth_outside_the_middle(
    tmp_path: Path,
) -> None:
    sample = sample_of(load_table(write(tmp_path / "t.csv", battles(200, wars=5))))
    own = {
        "days": sample.days,
        "persons": np.array([b.attacker + b.defender for b in sample.battles]),
        "ratio": np.array([b.attacker / b.defender for b in sample.battles]),
    }
    for one in outside(own, ranges_of(sample)):
        assert (one.battles, one.below, one.above) == (200, 0.0, 0.0)
        if len(set(own[one.quantity])) == 200:
            assert one.beyond_middle == pytest.approx(0.1, abs=0.01)
    # A battle twice as large as the largest lies above.
    largest = max(sample.battles, key=lambda b: b.attacker + b.defender)
    twice = replace(largest, attacker=2 * largest.attacker, defender=2 * largest.defender)
    own["persons"] = np.append(own["persons"], twice.attacker + twice.defender)
    _, persons, _ = outside(own, ranges_of(sample))
    assert persons.above == 1 / 201


def test_fitted_coefficients_tell_the_same_range_of_a_table(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", battles(200, wars=5))
    fit_to_file(table, tmp_path / "c.toml")
    told = load_coefficients(tmp_path / "c.toml").range
    for name, reach in ranges_of(sample_of(load_table(table))).items():
        assert (reach.low, reach.high) == pytest.approx(tuple(getattr(told, name))), name
