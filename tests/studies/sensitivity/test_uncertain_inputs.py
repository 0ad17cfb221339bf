"""What is uncertain, by which groups it is moved, and what becomes of what never came about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from sandtable import load
from sandtable.calendar import Calendar
from sandtable.studies.sensitivity.uncertain_inputs import uncertain_inputs, without_never

RUNS = Path(__file__).parents[2] / "inputs" / "runs"


def test_many_quantities_are_screened_by_kind_but_facts_singly() -> None:
    hill = load(RUNS / "hill.toml", register=RUNS / "register")
    names = hill.scenario.sampler.uncertain
    single = uncertain_inputs(hill.scenario, singly=len(names))
    assert [one.group for one in single[: len(names)]] == list(names)
    grouped = {one.name: one.group for one in uncertain_inputs(hill.scenario, singly=1)}
    assert grouped["formation.1-division.effectiveness"] == "formation.*.effectiveness"
    assert grouped["fact:fm-rifle"] == "fact:fm-rifle"
    assert grouped["law.outcome.odds.war"] == "laws: war and campaign"
    assert grouped["law.outcome.odds.war.spread"] == "laws: war and campaign"
    assert grouped["law.outcome.odds.attacking-nation.ussr"] == "laws: armies"
    assert grouped["law.attrition.full.attacker.own"] == "laws: attrition"
    assert grouped["law.march.foot"] == "planning: march"


def test_what_never_came_about_is_the_end_for_a_day_and_nothing_for_a_share() -> None:
    values = np.array([1.0, np.nan, np.nan, 4.0])
    failed = np.array([False, False, True, False])
    time = Calendar(datetime(1945, 8, 9), 9.5)
    day = without_never("captured/hill", values, failed, time)
    assert np.array_equal(day.values, [1.0, 9.5, np.nan, 4.0], equal_nan=True)
    assert day.never == pytest.approx(1 / 3)
    share = without_never("losses/ussr/tanks/by/artillery", values, failed, time)
    assert np.array_equal(share.values, values, equal_nan=True)
    assert share.never == pytest.approx(1 / 3) and "left out" in share.said
