"""Tank losses by cause against the published shares."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.armour import cause_weights, exposed, exposure, share_lost
from sandtable.laws.planning import Tanks
from sandtable.laws.planning_file import load_planning
from sandtable.outcomes import TANK_CAUSES

FIGURES = Tanks(
    rate_ratio=6.0, antitank_density=6.0, gun_density=4.0, repairable=0.5, repair_days=4.0,
    anti_tank_guns=0.5, artillery=0.15, infantry_incendiaries=0.1, aircraft=0.05,
    mines_grenades=0.2, escort=10.0, unescorted=3.0, hunters=5.0,
)  # fmt: skip
SHARES = FIGURES.shares


def test_a_defender_with_the_usual_weapons_gives_the_published_shares():
    weights = cause_weights(SHARES, FIGURES, 6.0, 4.0, 0.5)
    assert weights == pytest.approx((0.5, 0.15, 0.1, 0.05, 0.2))
    assert sum(weights) == pytest.approx(1.0)
    assert len(weights) == len(TANK_CAUSES)


def test_weights_follow_the_weapons():
    many = cause_weights(SHARES, FIGURES, 3.0, 8.0, 1.0)
    assert many == pytest.approx((0.25, 0.3, 0.1, 0.1, 0.2))
    none = cause_weights(SHARES, FIGURES, 0.0, 0.0, 0.0)
    assert none == pytest.approx((0, 0, 0.1, 0, 0.2))


def test_shares_that_do_not_sum_to_one_are_made_to():
    names = [cause.replace("-", "_") for cause in TANK_CAUSES]
    double = replace(FIGURES, **{name: 2 * getattr(FIGURES, name) for name in names})
    assert double.shares == pytest.approx(SHARES)
    assert pytest.approx([getattr(FIGURES, name) for name in names]) == SHARES


def test_losses_by_hand():
    # A tenth of the men at three times their rate: 1 - 0.9^3.
    assert share_lost(0.1, 3.0) == pytest.approx(0.271)
    # A few of the men: in proportion.
    assert share_lost(1e-6, 6.0) == pytest.approx(6e-6, rel=1e-4)


@given(st.floats(0, 0.999), st.floats(0, 0.999), st.floats(0.3, 10))
def test_losses_in_steps_come_out_as_in_one(first, second, ratio):
    left = (1.0 - share_lost(first, ratio)) * (1.0 - share_lost(second, ratio))
    whole = share_lost(1.0 - (1.0 - first) * (1.0 - second), ratio)
    assert 1.0 - left == pytest.approx(whole, abs=1e-9)


@given(st.floats(0, 1), st.floats(1, 10), st.floats(0, 20))
def test_never_more_than_there_are(share, ratio, density):
    weights = cause_weights(SHARES, FIGURES, density, density, 0.5)
    lost = share_lost(share, ratio * sum(weights))
    assert 0.0 <= lost <= 1.0


def test_ruweisat_lies_within_the_factor_of_tanks_alone():
    """23rd Armoured Brigade, 22 July 1942: 87 of 98 tanks, 203 men of 1200 to 2500."""
    named = load_planning().named
    ratio, alone = named["tanks.rate_ratio"].span, named["tanks.unescorted"].span
    for men, of, to in ((1200.0, ratio[0], alone[0]), (2500.0, ratio[1], alone[1])):
        lost = share_lost(203.0 / men, of * to)
        assert lost == pytest.approx(87.0 / 98.0, abs=0.1)


def test_exposure_falls_to_none_with_the_escort():
    assert exposure(0.0, 10.0, 4.0) == 4.0
    assert exposure(5.0, 10.0, 4.0) == 2.5
    assert exposure(10.0, 10.0, 4.0) == exposure(99.0, 10.0, 4.0) == 1.0
    assert exposed((0.5, 0.1, 0.1, 0.1, 0.2), 2.0) == (1.0, 0.1, 0.2, 0.1, 0.4)
