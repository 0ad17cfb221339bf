"""Arguments beyond the table count as its ends; casualties there are in proportion."""

from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.advance import Attack, FittedGround
from sandtable.laws.attrition import FORMS, SideLaw
from sandtable.laws.circumstances import FEATURES
from sandtable.laws.fitted import Predictor
from sandtable.laws.outcome import OutcomeLaw, log_ratio, log_total
from sandtable.laws.table_range import ANY, UNBOUNDED, Span, TableRange

TABLE = TableRange(Span(0.5, 100.0), Span(1000.0, 1e6), Span(300.0, 8e5), Span(0.25, 16.0))
NOTHING = Predictor((), (0.0,) * len(FEATURES), ())
SIDE = SideLaw(NOTHING, 0.5, 0.4, 0.45, TABLE)
FREE = SideLaw(NOTHING, 0.5, 0.4, 0.45)


@pytest.mark.parametrize(("x", "held"), [(0.0, 2.0), (2.0, 2.0), (3.0, 3.0), (5.0, 5.0), (9, 5.0)])
def test_a_number_beyond_is_the_end(x, held):
    assert Span(2.0, 5.0).hold(x) == held
    if x:
        assert Span(2.0, 5.0).factor(x) * x == pytest.approx(held)


def test_where_no_table_bounds_nothing_is_held():
    assert ANY.hold(1e300) == 1e300 and ANY.factor(3.0) == 1.0
    assert set(UNBOUNDED) == {Span(0.0, inf)}


@given(st.floats(300.0, 5e5), st.floats(700.0, 5e5))
def test_inside_the_range_the_law_is_as_fitted(own, opponent):
    assert SIDE.scale(own, opponent, 2.0) == pytest.approx(2.0 * own**0.5 * opponent**0.4)


@pytest.mark.parametrize(
    ("own", "opponent", "k"), [(40.0, 160.0, 5.0), (300.0, 200.0, 2.0), (1.5e6, 2.5e6, 0.25)]
)
def test_casualties_beyond_the_range_by_hand(own, opponent, k):
    """C(a, b) = C(k a, k b) / k with k (a + b) = 1,000 or a million."""
    expected = (k * own) ** 0.5 * (k * opponent) ** 0.4 / k
    assert SIDE.scale(own, opponent, 1.0) == pytest.approx(expected)


@given(st.floats(0.01, 1.0), st.floats(1.0, 20.0), st.floats(0.1, 10.0))
def test_the_rate_a_man_is_constant_beyond_the_range(smaller, larger, ratio):
    """At one ratio, forces of any size beyond an end lose the share of those at the end."""
    for total, factor in ((1000.0, smaller), (1e6, larger)):
        own, opponent = total / (1 + ratio), total * ratio / (1 + ratio)
        share = SIDE.scale(own, opponent, 1.0) / own
        assert SIDE.scale(factor * own, factor * opponent, 1.0) / (factor * own) == pytest.approx(
            share
        )
    # The law itself would have the small ones bleed ever more.
    assert FREE.scale(4.0, 6.0, 1.0) / 4.0 > 1.5 * SIDE.scale(4.0, 6.0, 1.0) / 4.0


@pytest.mark.parametrize("edge", [1000.0, 1e6])
def test_nothing_jumps_at_an_end(edge):
    below, above = (SIDE.scale(0.4 * x * edge, 0.6 * x * edge, 1.0) for x in (1 - 1e-9, 1 + 1e-9))
    assert below == pytest.approx(above, rel=1e-6)


@given(st.floats(1.0, 1e7), st.floats(1.0, 1e7), st.floats(1.0, 5.0))
def test_more_men_on_either_side_never_mean_fewer_casualties_of_a_side(own, opponent, more):
    least = SIDE.scale(own, opponent, 1.0) * (1 - 1e-12)
    assert SIDE.scale(more * own, opponent, 1.0) >= least
    assert SIDE.scale(own, more * opponent, 1.0) >= least


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("men", [(50.0, 90.0), (9000.0, 4000.0), (3e6, 1e6)])
def test_the_fit_and_the_campaign_hold_alike(name, men):
    """The values that the fit's prediction takes, times coefficients, are ln C of the law."""
    form = FORMS[name]
    values, fixed = form.values(*men, 3.0, TABLE)
    core = (0.1, 0.6, 0.3, 0.5)[: len(values)]
    law = form.side(Predictor(core, (), ()), TABLE)
    eta = fixed + sum(v * b for v, b in zip(values, core, strict=True))
    assert law.between(law.scale(*men, exp(0.1)), 0.0, 3.0) == pytest.approx(exp(eta))


def test_ratio_and_size_are_held_in_the_hazards():
    pace = Predictor((0.0, -0.8), (0.0,) * len(FEATURES), ())
    odds = Predictor((0.0, 1.1), (0.0,) * len(FEATURES), ())
    law = OutcomeLaw(pace, odds, 1.6, TABLE)
    at_end = law.rates(16.0, 1e6, (1.0, 1.0))
    assert law.rates(400.0, 9e6, (1.0, 1.0)) == at_end
    assert law.rates(0.01, 10.0, (1.0, 1.0)) == law.rates(0.25, 1000.0, (1.0, 1.0))
    assert at_end[0] + at_end[1] == pytest.approx(100**-0.8)
    assert at_end[0] / at_end[1] == pytest.approx(16**1.1)


def test_ratio_and_size_are_held_in_the_advance():
    law = FittedGround(Predictor((0.0, 0.3, 0.5, 0.2), (0.0,) * len(FEATURES), ()), 0.7, TABLE)
    found = law.scale(Attack(50.0, 5e6, "foot", "hasty"), 1.0)
    assert found == pytest.approx(16**0.3 * 100**0.5)


def test_logarithms_are_of_what_is_held():
    assert log_ratio(1e5, 1e3, TABLE) == log_ratio(16.0, 1.0)
    assert log_total(1.0, 1.0, TABLE) == log_total(500.0, 500.0)
    assert log_ratio(1e5, 1e3) > log_ratio(1e5, 1e3, TABLE)
