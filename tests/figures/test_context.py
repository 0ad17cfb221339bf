from __future__ import annotations

import math
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sandtable.calendar import Calendar
from sandtable.figures import FigureContext
from sandtable.representation import range_text
from shipped import shipped


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("captured/hailar", "Hailar captured"),
        ("encircled/107-division", "107 division encircled"),
        ("advance/36-army/5", "36 Army: gained by 13 Aug"),
        ("losses/ussr/personnel/total", "Soviet Union: all losses"),
        ("losses/ussr/personnel/captured", "Soviet Union: prisoners"),
        ("losses/japan/armoured-cars", "Japan: armoured cars"),
        ("losses/japan/tanks/disabled", "Japan: tanks, disabled"),
        ("losses/ussr/tanks/by/mines-grenades", "Soviet Union: tanks lost to mines and grenades"),
        ("battle/hutou/ussr/personnel", "Hutou, battle: Soviet Union, personnel"),
        ("halted/17-army/fuel", "17 Army: halted for fuel"),
        ("quit/no-supply", "Defeats by no supply"),
    ],
)
def test_outcomes_are_told_in_words(outcome: str, words: str, manchuria: Any) -> None:
    resolved = manchuria.scenario.sampler.central()
    context = FigureContext("M", resolved, 60)
    assert context.describe(outcome) == words


def test_a_day_of_a_phase_counts_from_its_start() -> None:
    context = FigureContext.of(shipped("khalkhin-gol-1939"))
    told = context.describe("phase/august-offensive/advance/northern-group/8")
    assert told == "The August offensive: Northern Group: gained by 27 Aug"


@pytest.mark.parametrize(
    ("h_hour", "days", "years"),
    [
        (datetime(1939, 12, 30, 5), 2, "1939"),
        (datetime(1939, 12, 30, 5), 3, "1939–1940"),
        (datetime(1939, 1, 1), 365, "1939"),
        (datetime(1939, 1, 1), 366, "1939–1940"),
    ],
)
def test_axes_of_dates_name_the_years_of_their_days(
    h_hour: datetime, days: int, years: str
) -> None:
    into_day = h_hour.hour / 24
    resolved: Any = SimpleNamespace(calendar=Calendar(h_hour, days - into_day))
    assert FigureContext("A winter", resolved, 1).years == years


def test_ranges_are_told_with_their_open_ends() -> None:
    assert range_text(594000.0, 609000.0) == "594,000–609,000"
    assert range_text(300.0, math.inf) == "≥ 300"
    assert range_text(-math.inf, 20000.0) == "≤ 20,000"
    assert range_text(78.0, 78.0) == "78"


def test_the_caption_tells_what_a_run_changed() -> None:
    resolved = shipped("khalkhin-gol-1939").sampler.central()
    plain = FigureContext("T", resolved, 1200)
    assert plain.simulated == "Simulated: 1,200 replications of scenario khalkhin-gol-1939."
    changed = FigureContext("T", resolved, 1200, changes="variant no-reserve, without air")
    assert changed.simulated.endswith("khalkhin-gol-1939, variant no-reserve, without air.")
