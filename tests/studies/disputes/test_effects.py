"""What an input does at either end is what runs with its key at either end give."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import numpy as np
import pytest

from sandtable import load
from sandtable.ensemble import Settings
from sandtable.studies.disputes import InputEffects, find_effects, read_effects, write_effects
from studies.disputes.test_sources import hill, row

N = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hill")


@pytest.fixture(scope="module")
def found(folder: Path) -> list[InputEffects]:
    rows = [row("a", 9000), row("b", 3000), row("c", 20), row("d", 10)]
    rows[2:] = [r.replace("personnel", "horses") for r in rows[2:]]
    scenario = hill(folder, rows, '["a", "b"]')
    return find_effects(scenario, Settings(replications=N, seed=1))


def test_only_inputs_that_are_drawn_are_run(found: list[InputEffects]) -> None:
    assert [(one.scenario, one.input) for one in found] == [("hill", "fact:a+b")]
    assert found[0].replications == N and found[0].outcomes > 3


def test_the_difference_is_that_of_runs_at_either_end(
    found: list[InputEffects], folder: Path
) -> None:
    key = "formation.9-division.personnel"
    runs = [
        load(folder / "hill.toml", register=folder / "register", overrides={key: men}).run(
            N, seed=1
        )
        for men in (3000.0, 9000.0)
    ]
    assert found[0].moved
    for effect in found[0].moved:
        low, high = (run.outcomes[effect.outcome] for run in runs)
        both = np.isfinite(low) & np.isfinite(high)
        assert isclose(effect.difference, (high - low)[both].mean(), rel_tol=1e-6)
        assert isclose(effect.at_low, low[both].mean(), rel_tol=1e-6)
        assert effect.share_low == np.isfinite(low).mean()
        error = (high - low)[both].std(ddof=1) / both.sum() ** 0.5
        assert isclose(effect.error, error, rel_tol=1e-5)
    # Three times as many men on the hill: more are lost on both sides.
    by_name = {effect.outcome: effect.difference for effect in found[0].moved}
    assert by_name["losses/japan/personnel/total"] > 0.0


def test_a_dispute_that_changes_nothing_moves_nothing(tmp_path: Path) -> None:
    rows = [row("a", 9000), row("b", 9000.0001)]
    (one,) = find_effects(hill(tmp_path, rows, '["a", "b"]'), Settings(replications=8))
    assert one.outcomes > 3
    assert all(abs(e.difference) < 1e-2 for e in one.moved)


def test_the_table_is_read_as_it_was_written(found: list[InputEffects], tmp_path: Path) -> None:
    path = tmp_path / "effects.csv"
    still = InputEffects("hill", "fact:x+y", N, 7, ())
    write_effects([*found, still], path)
    again = read_effects(path)
    assert list(again) == [("hill", "fact:a+b"), ("hill", "fact:x+y")]
    assert again["hill", "fact:x+y"] == still
    for a, b in zip(again["hill", "fact:a+b"].moved, found[0].moved, strict=True):
        assert a.outcome == b.outcome
        assert isclose(a.difference, b.difference, rel_tol=1e-5)
