"""Demolitions: the published bridges come out at their published hours."""

from dataclasses import replace

import pytest

from sandtable.laws.bridging import blown, repair_days
from sandtable.laws.planning_file import load_planning

FIGURES = load_planning().sampler.central().demolition
FOOT_KM = 0.0003048


@pytest.mark.parametrize(
    ("km", "hours"),
    [
        (0.558, 48.0),  # Rees, 1945: floating Bailey, two days
        (1152.0 * FOOT_KM, 6.25),  # Wesel, 1945: treadway
    ],
)
def test_the_ends_of_the_range_are_those_of_published_bridges(km, hours):
    slow, fast = load_planning().named["demolition.bridging"].span
    rate = km / (hours / 24.0)
    assert min(abs(rate / end - 1.0) for end in (slow, fast)) < 0.01
    whole = repair_days(km, replace(FIGURES, prepare=0.5, bridging=rate))
    assert whole == pytest.approx(0.5 + hours / 24.0)


def test_american_practice_lies_between():
    slow, fast = load_planning().named["demolition.bridging"].span
    for feet, hours in ((362.0, 5.5), (362.0, 7.5), (50.0, 1.0)):
        assert slow < feet * FOOT_KM / hours * 24.0 < fast


def test_a_coup_de_main_forestalls_its_share():
    assert blown(0.8, 0.25, coup_de_main=True) == pytest.approx(0.6)
    assert blown(0.8, 0.25, coup_de_main=False) == 0.8
