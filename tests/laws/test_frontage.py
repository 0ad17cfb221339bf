"""How many a front has room for, by hand and by what must hold of any numbers."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.frontage import FREE, Room, counting, room_on
from sandtable.laws.planning import FrontFigures
from sandtable.laws.planning_file import load_planning

MOST = FrontFigures(10_000.0, 5_000.0)
MEN = st.floats(1.0, 1e6)


def test_by_hand():
    """Two km have room for 20,000 attackers and 10,000 defenders; at three to one all count."""
    assert room_on(2.0, MOST) == (20_000.0, 10_000.0)
    assert counting(60_000.0, 12_000.0, 3.0, room_on(2.0, MOST)) == (20_000.0, 10_000.0)
    assert counting(60_000.0, 4_000.0, 3.0, room_on(2.0, MOST)) == (12_000.0, 4_000.0)
    assert room_on(2.0, MOST).or_more(Room(1.0, inf)) == (20_000.0, inf)


@given(MEN, MEN, st.floats(1.0, 20.0))
def test_where_no_front_is_given_the_ceiling_alone_bounds(attackers, defenders, ceiling):
    assert room_on(inf, MOST) == FREE
    found = counting(attackers, defenders, ceiling, FREE)
    assert found == (min(attackers, ceiling * defenders), defenders)


@given(MEN, MEN, st.floats(0.1, 50.0), st.floats(0.01, 100.0))
def test_forces_and_front_scaled_alike_count_alike(attackers, defenders, front, k):
    whole = counting(attackers, defenders, 6.0, room_on(front, MOST))
    scaled = counting(k * attackers, k * defenders, 6.0, room_on(k * front, MOST))
    assert scaled == pytest.approx((k * whole[0], k * whole[1]), rel=1e-12)


@given(MEN, MEN, st.floats(0.1, 50.0), st.floats(1.0, 3.0))
def test_a_wider_front_lets_no_fewer_fight(attackers, defenders, front, wider):
    narrow = counting(attackers, defenders, 6.0, room_on(front, MOST))
    wide = counting(attackers, defenders, 6.0, room_on(wider * front, MOST))
    assert wide[0] >= narrow[0] and wide[1] >= narrow[1]


def test_a_published_breakthrough_finds_room():
    """Rifle divisions of 1944-1945 attacked on 1.2 to 2 km with 5,000 to 7,000 men of their own.

    A corps of three with its artillery, 30,000 men, on a sector of 4 km is within the range.
    """
    most = load_planning().sampler.central().front
    assert room_on(4.0, most).attackers > 30_000.0 > room_on(2.0, most).attackers
