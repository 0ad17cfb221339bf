"""Railways: published movements come out in their days."""

from dataclasses import replace

import pytest

from sandtable.laws.planning_file import load_planning
from sandtable.laws.railways import days_of_trains, redeployment_days

FIGURES = load_planning().sampler.central().rail
MEN = load_planning().named["rail.men"].span


@pytest.mark.parametrize(("men", "trains"), [(14_253.0, 63.0), (10_937.0, 69.0)])
def test_american_divisions_take_their_trains(men, trains):
    """63 trains an infantry division, 69 an armoured one: within the range of men to a train."""
    most, fewest = (days_of_trains(men, 1.0, replace(FIGURES, men=end)) for end in MEN)
    assert fewest <= trains <= most


def test_a_division_passes_a_double_line_in_about_two_days():
    assert days_of_trains(14_253.0, 30.0, replace(FIGURES, men=226.0)) == pytest.approx(
        2.1, abs=0.01
    )


def test_loading_trains_and_run_add_up():
    figures = replace(FIGURES, men=250.0, km=500.0, loading=0.25)
    assert redeployment_days(5000.0, 1000.0, 10.0, figures) == pytest.approx(0.5 + 2.0 + 2.0)
