"""How many replications it takes is found out in rounds, and by nothing but their outcomes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fakes
from sandtable import engine
from sandtable.ensemble import (
    Part,
    Reached,
    Settings,
    StoppingRule,
    matching,
    run_ensemble,
    stopping,
)
from sandtable.errors import SandtableError

LOST, TAKEN, GAINED = fakes.OUTCOMES


@pytest.fixture(autouse=True)
def _toy_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch)


def ran(until: StoppingRule | None, settings: Settings, **how: Any) -> tuple[Reached, list[Part]]:
    parts: list[Part] = []
    reached = run_ensemble(fakes.Scenario(), settings, until, on_part=parts.append, **how)  # type: ignore[arg-type]
    return reached, sorted(parts, key=lambda part: part.first)


def test_rounds_grow_by_half_in_whole_parts() -> None:
    until = StoppingRule(0.1, (LOST,), at_most=201)
    assert list(until.sizes(Settings(30, part_size=10))) == [30, 50, 80, 120, 180, 201]
    assert list(StoppingRule(0.1, (LOST,), at_most=30).sizes(Settings(30))) == [30]
    assert list(StoppingRule(0.1, (LOST,), at_most=99).sizes(Settings(1))) == [25, 50, 75, 99]


def test_it_stops_at_the_first_round_that_knows_the_means() -> None:
    # The day of capture is uniform on (0, 0.7) in 0.7 of n replications: the relative error of
    # its mean is near sqrt(1 / 3 / 0.7 n), which falls to 4 % at about 300.
    reached, parts = ran(StoppingRule(0.04, (LOST, TAKEN)), Settings(50, seed=2))
    table = np.concatenate([part.outcomes for part in parts])
    assert reached.replications == len(table) in (300, 450)

    def error(values: np.ndarray[Any, Any]) -> float:
        return float(np.nanstd(values, ddof=1) / np.sqrt(np.isfinite(values).sum()))

    def worst(n: int) -> float:
        return max(error(table[:n, k]) / np.nanmean(table[:n, k]) for k in (0, 1))

    assert reached.errors is not None
    assert max(reached.errors.values()) == pytest.approx(worst(len(table)), rel=1e-12)
    ends = [n for n in (50, 75, 125, 200, 300, 450) if n <= len(table)]
    assert [n for n in ends if worst(n) <= 0.04] == ends[-1:]


def test_what_was_done_before_changes_nothing() -> None:
    until, settings = StoppingRule(0.04, (LOST, TAKEN)), Settings(50, seed=2)
    whole, parts = ran(until, settings)
    kept = {part.first: part.outcomes for part in parts if part.first in (0, 75, 100)}
    again, rest = ran(until, settings, done=kept, outcomes_of=kept.__getitem__)
    assert again == whole
    assert [part.first for part in rest] == [p.first for p in parts if p.first not in kept]


def test_the_most_allowed_is_the_end() -> None:
    reached, parts = ran(StoppingRule(0.001, (LOST,), at_most=110), Settings(50))
    assert reached.replications == sum(len(part.outcomes) for part in parts) == 110
    assert reached.errors is not None
    assert reached.errors[LOST] > 0.001


def test_a_failure_ends_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, replication: int, **rest: Any) -> fakes.Run:
        if replication == 60:
            raise ValueError
        return fakes.run(*args, replication=replication, **rest)

    monkeypatch.setattr(engine, "run", broken)
    until = StoppingRule(0.0001, (LOST,), at_most=200)
    stopped, _ = ran(until, Settings(50))
    assert (stopped.replications, stopped.errors) == (75, None)
    assert [failure.replication for failure in stopped.failures] == [60]
    went_on, _ = ran(until, Settings(50), keep_failures=True)
    assert (went_on.replications, len(went_on.failures)) == (200, 1)


def test_relative_errors_by_hand() -> None:
    nan = math.nan
    table = np.array([[1.0, nan, 0.0, -2.0], [3.0, nan, 0.0, -2.0], [nan, 5.0, 0.0, -2.0]] * 4)
    errors, left_out = stopping.relative_errors(("a", "b", "c", "d"), table)
    # 1 and 3 four times each: variance 8/7, mean 2.
    assert errors == {
        "a": pytest.approx(math.sqrt(8 / 7 / 8) / 2),
        "b": 0.0,
        "d": 0.0,
    }
    assert left_out == ("c",)


def test_what_hardly_ever_comes_about_is_left_out() -> None:
    table = np.zeros((100, 3))
    table[:4, 0], table[:5, 1], table[:, 2] = 1.0, 1.0, math.nan
    errors, left_out = stopping.relative_errors(("four", "five", "never"), table)
    assert left_out == ("four", "never")
    assert errors["five"] == pytest.approx(math.sqrt(0.05 * 0.95 / 99) / 0.05)


def test_nothing_to_wait_for_is_never_known() -> None:
    reached, _ = ran(StoppingRule(0.5, ("captured/hailar",), at_most=60), Settings(25, seed=3))
    assert reached.errors == {} or reached.replications < 60
    table = np.full((9, 1), math.nan)
    assert stopping.relative_errors(("never",), table) == ({}, ("never",))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"error": 0.0}, "--until-error: found 0; allowed: above 0"),
        ({"error": 1.0}, "--until-error: found 1"),
        ({"error": math.nan}, "--until-error: found nan"),
        ({"outcomes": ()}, "found no outcome"),
    ],
)
def test_rules_out_of_range(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SandtableError, match=message):
        StoppingRule(**{"error": 0.1, "outcomes": (LOST,), **wrong})


def test_fewer_at_most_than_at_first() -> None:
    with pytest.raises(
        SandtableError, match="--at-most: found 10; allowed: a whole number from 50"
    ):
        ran(StoppingRule(0.1, (LOST,), at_most=10), Settings(50))


def test_outcomes_by_pattern() -> None:
    assert matching(["captured/*", "losses/*"], fakes.OUTCOMES, "--outcomes") == (LOST, TAKEN)
    with pytest.raises(SandtableError) as caught:
        matching(["captured/hailer", "advance/*/1", "x*"], fakes.OUTCOMES, "--outcomes")
    first, second = str(caught.value).splitlines()
    assert first.endswith("did you mean 'captured/hailar'?")
    assert second.startswith("--outcomes: found x*; allowed: an outcome of the campaign")
