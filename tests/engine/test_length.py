"""A campaign may last as long as memory holds: a year is a year of days, weather and sickness."""

from dataclasses import replace
from math import isnan, sqrt

import pytest

from engine.builder import JAPAN, USSR, Weather, axis, blue, line, play, red, scenario

YEAR = 365
STARTS = 200.0


@pytest.fixture(scope="module")
def year():
    places, legs = line("abc", 9.0)
    sickly = replace(USSR, sick=0.001)
    return play(
        scenario(
            places, legs, [red("r", "a"), red("rear", "a"), blue("j", "b", 500.0)],
            [axis("x", "r", "abc", starts=STARTS)], days=float(YEAR), sides=(sickly, JAPAN),
            weather=[Weather("w", ("b", "c"), 0.4)],
        )
    )  # fmt: skip


def test_every_day_has_its_outcome_and_its_row(year):
    days = [int(name.rpartition("/")[2]) for name in year.outcomes if name.startswith("advance/x/")]
    assert days == list(range(1, YEAR + 1))
    assert {len(values) for values in year.series.values()} == {YEAR + 1}
    gained = [year.outcomes[f"advance/x/{day}"] for day in days]
    assert gained[: int(STARTS)] == [0.0] * int(STARTS)
    assert gained == sorted(gained)
    assert gained[-1] == pytest.approx(18.0)
    assert STARTS < year.outcomes["captured/b"] < year.outcomes["captured/c"] < YEAR
    assert isnan(year.outcomes["captured/a"])


def test_the_weather_goes_on_to_the_end_as_it_began(year):
    calendar = year.world.wet["b"]
    assert len(calendar) >= YEAR
    quarter = YEAR // 4
    for first in range(0, 4 * quarter, quarter):
        wet = sum(calendar[first : first + quarter]) / quarter
        assert wet == pytest.approx(0.4, abs=3.5 * sqrt(0.4 * 0.6 / quarter))


def test_who_is_never_in_action_wastes_by_sickness_alone(year):
    rear = year.world.formations["rear"]
    at_first = next(f.personnel for f in year.world.scenario.formations if f.id == "rear")
    assert rear.personnel == pytest.approx(at_first * (1.0 - 0.001) ** YEAR)


def test_time_and_events_grow_with_the_days_and_no_faster(year):
    """Nothing but the day's own event happens on a day at rest."""
    before = [event for event in year.events if event.day < STARTS]
    assert before == []
    assert year.event_count < 3 * YEAR
