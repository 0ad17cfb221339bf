"""Rates of march and of opposed advance against the published figures and by hand."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.advance import (
    ARM,
    MOBILITY,
    DupuyTable,
    FittedRate,
    fatigued_days,
    mobility_factor,
    pace,
    surprise_factor,
)
from sandtable.laws.coefficients import FittedAdvance
from sandtable.laws.planning import load_planning

PLANNING = load_planning()
CENTRAL = PLANNING.draw([0.5] * len(PLANNING.uncertain))
# Dupuy's table, km a day against a hasty defence, as the published transcription has it.
PUBLISHED = {
    1.0: (4, 4, 4), 1.5: (9, 7.5, 5), 2.0: (12, 10, 8), 2.6: (16, 13, 10), 3.6: (20, 16, 12),
    5.0: (40, 30, 18), 6.0: (60, 48, 24),
}  # fmt: skip
ARMS = {"tracked": 0, "motor": 1, "foot": 2}
TABLE = DupuyTable(
    PLANNING.tables["dupuy.ratio"],
    {arm: PLANNING.tables[f"dupuy.{arm}"] for arm in ("armour", "mechanised", "infantry")},
    0.5, 0.3,
)  # fmt: skip


@pytest.mark.parametrize("ratio", PUBLISHED)
@pytest.mark.parametrize("mobility", ARMS)
def test_the_shipped_table_is_the_published_one(ratio, mobility):
    assert TABLE.rate(ratio, mobility, "hasty", 0.0) == PUBLISHED[ratio][ARMS[mobility]]


def test_between_rows_the_rate_is_linear_and_beyond_them_it_holds():
    assert TABLE.rate(1.75, "foot", "hasty", 0.0) == pytest.approx(6.5)
    assert TABLE.rate(0.5, "tracked", "hasty", 0.0) == pytest.approx(2.0)
    assert TABLE.rate(90.0, "motor", "hasty", 0.0) == 48.0
    assert TABLE.rate(90.0, "motor", "prepared", 0.0) == 24.0


def test_works_slow_it():
    rates = [
        TABLE.rate(3.0, "foot", posture, 0.0) for posture in ("hasty", "prepared", "fortified")
    ]
    assert [rate / rates[0] for rate in rates] == pytest.approx([1.0, 0.5, 0.3])


@given(st.floats(0.01, 50.0), st.floats(0.01, 50.0), st.sampled_from(sorted(ARM)))
def test_a_higher_ratio_is_never_slower(a, b, mobility):
    slow, fast = (TABLE.rate(x, mobility, "hasty", 0.0) for x in sorted((a, b)))
    assert 0.0 < slow <= fast + 1e-12


def test_the_fitted_rate_is_its_formula():
    law = FittedAdvance({"hasty": 3.0, "prepared": 2.0}, 0.4, 0.2, 0.9, 1.0)
    rate = FittedRate(law)
    assert rate.rate(1.0, "foot", "prepared", 0.0) == pytest.approx(2.0)
    expected = exp(log(3.0) + 0.4 * log(2.5) + 0.2 * log(11.0))
    assert rate.rate(2.5, "tracked", "hasty", 10.0) == pytest.approx(expected)
    assert rate.residual_sd == 0.9


def test_every_type_has_a_pace_on_every_ground():
    for mobility in set(MOBILITY.values()):
        assert mobility in ARM
        for terrain in ("flat", "rolling", "rugged", "mountain", "desert", "dunes", "marsh",
                        "forest", "sea"):  # fmt: skip
            for road in ("none", "track", "road", "rail"):
                there = pace(CENTRAL, mobility, terrain, road)
                assert 0.0 < there <= pace(CENTRAL, mobility, "flat", "road")


def test_pace_by_hand():
    planning = {
        "march.motor": 100.0, "terrain.vehicle.marsh": 0.36, "road.motor.track": 0.5,
        "ground.track": 0.5,
    }  # fmt: skip
    assert pace(planning, "motor", "marsh", "track") == pytest.approx(30.0)


def test_a_road_weakens_the_hold_of_the_ground():
    """Rough ground takes a smaller share of the pace on a road than off it."""

    def share(road):
        return pace(CENTRAL, "foot", "mountain", road) / pace(CENTRAL, "foot", "flat", road)

    assert share("none") < share("track") < share("road") < 1.0


def test_fresh_and_tired_days():
    assert fatigued_days(2.0, 3.0, 0.5) == 2.0
    assert fatigued_days(5.0, 3.0, 0.5) == 7.0
    assert fatigued_days(1.0, 0.0, 0.8) == pytest.approx(1.25)


def test_surprise_fades_linearly_over_its_days():
    table = (1.0, 1.3, 3.0, 5.0)
    assert surprise_factor(table, 3.0, 0.0, 3.0) == 5.0
    assert surprise_factor(table, 2.0, 1.5, 3.0) == pytest.approx(2.0)
    assert surprise_factor(table, 1.5, 0.0, 3.0) == pytest.approx(2.15)
    assert surprise_factor(table, 3.0, 3.0, 3.0) == surprise_factor(table, 0.0, 0.0, 3.0) == 1.0


def test_mobility_enters_by_its_square_root():
    assert mobility_factor(9.0) == 3.0
