"""Rates of march and of opposed advance against the published figures and by hand."""

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.advance import (
    ARM,
    GROUND,
    MOBILITY,
    Attack,
    DupuyTable,
    FittedGround,
    mobility_factor,
    pace,
)
from sandtable.laws.circumstances import FEATURES, POSTURE_FEATURES, Circumstances, features
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.fit_sampler import FitSampler
from sandtable.laws.fitted import LEAST_TIME_EXPONENT, Predictor
from sandtable.laws.growth import between
from sandtable.laws.planning import RoadFactors, TerrainFactors
from sandtable.laws.planning_file import load_planning

CENTRAL = load_planning().sampler.central()
# Dupuy's table, km a day against a hasty defence, as the published transcription has it.
PUBLISHED = {
    1.0: (4, 4, 4), 1.5: (9, 7.5, 5), 2.0: (12, 10, 8), 2.6: (16, 13, 10), 3.6: (20, 16, 12),
    5.0: (40, 30, 18), 6.0: (60, 48, 24),
}  # fmt: skip
ARMS = {"tracked": 0, "motor": 1, "foot": 2}
TABLE = DupuyTable(
    replace(
        CENTRAL,
        dupuy=replace(CENTRAL.dupuy, prepared=0.5, fortified=0.3),
        air=replace(CENTRAL.air, effect=0.2),
        surprise=replace(CENTRAL.surprise, mobility=(1.0, 1.3, 3.0, 4.0), days=3.0),
    )
)
NOTHING = [0.0] * len(FEATURES)


def rate(ratio, mobility, posture="hasty", defender=1000.0, **circumstances):
    level = TABLE.level(NOTHING, "a", "d")
    attack = Attack(ratio, (1.0 + ratio) * defender, mobility, posture, **circumstances)
    return TABLE.scale(attack, level)


@pytest.mark.parametrize("ratio", PUBLISHED)
@pytest.mark.parametrize("mobility", ARMS)
def test_the_shipped_table_is_the_published_one(ratio, mobility):
    assert rate(ratio, mobility) == PUBLISHED[ratio][ARMS[mobility]]


def test_between_rows_the_rate_is_linear_and_beyond_them_it_holds():
    assert rate(1.75, "foot") == pytest.approx(6.5)
    assert rate(0.5, "tracked") == pytest.approx(2.0)
    assert rate(90.0, "motor") == 48.0
    assert rate(90.0, "motor", "prepared") == 24.0


def test_works_slow_it():
    rates = [rate(3.0, "foot", posture) for posture in ("hasty", "prepared", "fortified")]
    assert [r / rates[0] for r in rates] == pytest.approx([1.0, 0.5, 0.3])


def test_only_the_ratio_of_the_forces_counts_and_the_level_is_a_factor():
    assert rate(2.6, "motor", defender=10.0) == rate(2.6, "motor", defender=1e6) == 13.0
    assert TABLE.scale(Attack(2.6, 3600.0, "motor", "hasty"), 0.5) == 6.5


def test_the_table_holds_hour_after_hour_and_knows_no_spread():
    scale = rate(2.0, "tracked")
    assert between(scale, TABLE.time, 3.0, 3.5) == between(scale, TABLE.time, 0.0, 0.5) == 6.0
    assert TABLE.residual_sd == 0.0


def test_ground_air_and_surprise_are_factors_of_its_own():
    """Full air superiority is worth 0.2 of the strength, surprise enters by its square root."""
    assert rate(2.0, "motor", air=0.5) == rate(2.2, "motor") == pytest.approx(11.0)
    assert rate(2.0, "motor", surprise=3.0) == 2.0 * rate(2.0, "motor")
    assert rate(2.0, "motor", surprise=3.0, days=3.0) == rate(2.0, "motor")
    for mobility, factors in (("foot", CENTRAL.terrain.foot), ("tracked", CENTRAL.terrain.vehicle)):
        for terrain, factor in factors.items():
            assert rate(2.0, mobility, terrain=terrain) == rate(2.0, mobility) * factor


@given(st.floats(0.01, 50.0), st.floats(0.01, 50.0), st.sampled_from(sorted(ARM)))
def test_a_higher_ratio_is_never_slower(a, b, mobility):
    slow, fast = (rate(x, mobility) for x in sorted((a, b)))
    assert 0.0 < slow <= fast + 1e-12


WEIGHTS = tuple(0.05 * i for i in range(len(FEATURES)))
GAINED = FittedGround(Predictor((1.0, 0.4, 0.5, 0.25), WEIGHTS, ({"a": 0.2}, {"d": -0.1})), 0.7)


def test_the_fitted_ground_is_its_formula():
    found = [2.0 if name == "air" else 0.0 for name in FEATURES]
    level = GAINED.level(found, "a", "d")
    scale = GAINED.scale(Attack(3.0, 40_000, "foot", "fortified"), level)
    expected = exp(
        1.0 + 2.0 * WEIGHTS[FEATURES.index("air")] + 0.2 - 0.1
        + 0.4 * log(3) + 0.5 * log(4) + 0.25 * log(16)
    )  # fmt: skip
    assert between(scale, GAINED.time, 0.0, 16.0) == pytest.approx(expected)


def test_its_factors_hold_what_the_table_multiplies_on():
    attack = Attack(3.0, 4e4, "foot", "hasty")
    there = attack._replace(terrain="dunes", air=0.7, surprise=3.0)
    assert GAINED.scale(there, 1.0) == GAINED.scale(attack, 1.0)
    assert {"air", "surprise", *POSTURE_FEATURES} <= set(GROUND.features)
    assert GROUND.core == ("constant", "ratio", "total", "time")


@pytest.mark.parametrize("drawn", [-1.0, 0.0, 0.3])
def test_no_draw_turns_the_advance_back(drawn):
    law = FittedGround(Predictor((1.0, 0.4, 0.5, drawn), WEIGHTS, ()), 0.7)
    assert law.time == max(drawn, LEAST_TIME_EXPONENT)


def central(fit):
    sampler = FitSampler(fit, {"a": "", "d": ""})
    return sampler.draw([0.0] * len(sampler.inputs))


def shipped():
    coefficients = load_coefficients()
    fit = coefficients.fits["advance.fitted"]
    drawn = central(fit)
    return FittedGround(drawn, fit.residual_sd), coefficients.scales


@pytest.mark.parametrize("total", [5_000, 100_000])
def test_by_the_shipped_coefficients_more_attackers_gain_more_ground(total):
    law, scales = shipped()
    found = []
    for share in (0.3, 0.5, 0.7, 0.9):
        a, d = share * total, (1 - share) * total
        level = law.level(features(Circumstances(a, d, "hasty", 1944), scales), "a", "d")
        found.append(law.scale(Attack(a / d, total, "foot", "hasty"), level))
    assert found == sorted(found) and found[0] < found[-1]


def test_by_the_shipped_coefficients_works_slow_the_attacker_and_time_does():
    law, scales = shipped()
    levels = [
        law.level(features(Circumstances(2e4, 1e4, posture, 1944), scales), "a", "d")
        for posture in ("delay", "hasty", "fortified")
    ]
    assert levels == sorted(levels, reverse=True)
    assert 0.0 < law.time < 1.0


def test_every_type_has_a_pace_on_every_ground():
    for mobility in set(MOBILITY.values()):
        assert mobility in ARM
        for terrain in ("flat", "rolling", "rugged", "mountain", "desert", "dunes", "marsh",
                        "forest", "sea"):  # fmt: skip
            for road in ("none", "track", "road", "rail"):
                there = pace(CENTRAL, mobility, terrain, road)
                assert 0.0 < there <= pace(CENTRAL, mobility, "flat", "road")


def test_pace_by_hand():
    planning = replace(
        CENTRAL,
        march={"motor": 100.0, "horse": 40.0},
        terrain=TerrainFactors(foot={"marsh": 0.25}, vehicle={"marsh": 0.36}),
        road=RoadFactors(foot={"track": 0.8}, motor={"track": 0.5}, tracked={}),
        ground={"track": 0.5},
    )
    assert pace(planning, "motor", "marsh", "track") == pytest.approx(30.0)
    assert pace(planning, "horse", "marsh", "track") == pytest.approx(16.0)


def test_a_road_weakens_the_hold_of_the_ground():
    """Rough ground takes a smaller share of the pace on a road than off it."""

    def share(road):
        return pace(CENTRAL, "foot", "mountain", road) / pace(CENTRAL, "foot", "flat", road)

    assert share("none") < share("track") < share("road") < 1.0


def test_mobility_enters_by_its_square_root():
    assert mobility_factor(9.0) == 3.0
