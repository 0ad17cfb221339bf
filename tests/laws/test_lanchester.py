"""Closed forms against numerical integration, conserved quantities and Engel's Iwo Jima."""

from math import inf, log

import pytest
from scipy.integrate import solve_ivp

from sandtable.laws import lanchester
from sandtable.laws.lanchester import End, Landing

EQUATIONS = {
    "square": lambda x, y, a, b: (-a * y, -b * x),
    "linear": lambda x, y, a, b: (-a * x * y, -b * x * y),
    "logarithmic": lambda x, y, a, b: (-a * x, -b * y),
}
CONSERVED = {
    "square": lambda x, y, a, b: b * x * x - a * y * y,
    "linear": lambda x, y, a, b: b * x - a * y,
    "logarithmic": lambda x, y, a, b: b * log(x) - a * log(y),
}
FIGHTS = [
    ("square", 10.0, 7.0, 0.08, 0.05, 4.0),
    ("square", 6.0, 9.0, 0.10, 0.03, 5.0),
    ("square", 9.0, 6.0, 0.09, 0.04, 7.0),
    ("linear", 10.0, 7.0, 0.02, 0.03, 6.0),
    ("linear", 5.0, 9.0, 0.03, 0.01, 9.0),
    ("linear", 6.0, 4.0, 0.02, 0.03, 30.0),
    ("logarithmic", 10.0, 7.0, 0.2, 0.3, 4.0),
]
IWO_JIMA = (Landing(0, 1, 54_000), Landing(2, 3, 6_000), Landing(5, 6, 13_000))


def integrated(name, x, y, a, b, days):
    solution = solve_ivp(
        lambda _, s: EQUATIONS[name](s[0], s[1], a, b),
        (0, days), (x, y), method="DOP853", rtol=1e-13, atol=1e-13,
    )  # fmt: skip
    return solution.y[:, -1]


@pytest.mark.parametrize(("name", "x", "y", "a", "b", "days"), FIGHTS)
def test_closed_form_equals_integration(name, x, y, a, b, days):
    expected = integrated(name, x, y, a, b, days)
    assert getattr(lanchester, name)(x, y, a, b, days) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("name", "x", "y", "a", "b", "days"), FIGHTS)
def test_the_conserved_quantity_is_conserved(name, x, y, a, b, days):
    later = getattr(lanchester, name)(x, y, a, b, days)
    before = CONSERVED[name](x, y, a, b)
    assert CONSERVED[name](*later, a, b) == pytest.approx(before, abs=1e-9)


@pytest.mark.parametrize(("name", "x", "y", "a", "b", "days"), FIGHTS)
def test_swapping_the_sides_swaps_the_result(name, x, y, a, b, days):
    at, end = getattr(lanchester, name), getattr(lanchester, f"{name}_end")
    assert at(y, x, b, a, days) == pytest.approx(at(x, y, a, b, days)[::-1], rel=1e-12)
    there, back = end(x, y, a, b), end(y, x, b, a)
    assert {there.winner, back.winner} in ({"x", "y"}, {"none"})
    assert back[1:] == pytest.approx(there[1:])


@pytest.mark.parametrize(("x", "y", "a", "b"), [(10, 7, 0.08, 0.05), (6, 9, 0.1, 0.03)])
def test_square_annihilation_as_integrated_to_the_event(x, y, a, b):
    def gone(_, s):
        return min(s)

    gone.terminal = True
    course = solve_ivp(
        lambda _, s: (-a * s[1], -b * s[0]), (0, 500), (x, y),
        events=gone, method="DOP853", rtol=1e-12, atol=1e-12,
    )  # fmt: skip
    end = lanchester.square_end(x, y, a, b)
    assert end.days == pytest.approx(course.t_events[0][0], rel=1e-9)
    assert end.survivors == pytest.approx(max(course.y_events[0][0]), rel=1e-9)
    assert end.winner == ("x" if course.y_events[0][0][0] > 1 else "y")
    assert max(lanchester.square(x, y, a, b, end.days + 5)) == pytest.approx(end.survivors)


def test_linear_law_leaves_the_lead():
    assert lanchester.linear_end(10, 7, 0.02, 0.03) == End("x", inf, pytest.approx(0.16 / 0.03))
    assert lanchester.linear(10, 7, 0.02, 0.03, 1e6) == pytest.approx((0.16 / 0.03, 0.0))


def test_logarithmic_law_is_won_by_the_side_that_outlasts_the_other():
    x, y = lanchester.logarithmic(5, 9, 0.1, 0.3, 60)
    assert x > 1000 * y
    assert lanchester.logarithmic_end(5, 9, 0.1, 0.3) == End("x", inf, 0.0)


def test_even_fights_have_no_winner():
    assert lanchester.square_end(5, 5, 0.1, 0.1) == End("none", inf, 0.0)
    assert lanchester.linear_end(5, 5, 0.1, 0.1) == End("none", inf, 0.0)
    assert lanchester.logarithmic_end(5, 9, 0.1, 0.1) == End("none", inf, 0.0)
    expected = integrated("square", 5, 5, 0.1, 0.1, 3)
    assert lanchester.square(5, 5, 0.1, 0.1, 3) == pytest.approx(expected, rel=1e-9)
    expected = integrated("linear", 5, 5, 0.1, 0.1, 3)
    assert lanchester.linear(5, 5, 0.1, 0.1, 3) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("end", ["square_end", "linear_end", "logarithmic_end"])
def test_a_side_alone_has_won_already(end):
    assert getattr(lanchester, end)(5, 0, 0.1, 0.2) == End("x", 0.0, pytest.approx(5))
    assert getattr(lanchester, end)(0, 5, 0.1, 0.2) == End("y", 0.0, pytest.approx(5))


@pytest.mark.parametrize("bad", [(-1, 5, 1, 1), (5, float("nan"), 1, 1), (5, 5, 0, 1)])
def test_impossible_fights_are_refused(bad):
    for end in (lanchester.square_end, lanchester.linear_end, lanchester.logarithmic_end):
        with pytest.raises(ValueError, match="must be finite"):
            end(*bad)


def test_iwo_jima_after_engel():
    fight = lanchester.reinforced_square(0, 21_500, 0.0544, 0.0106, IWO_JIMA, until=60)
    assert fight.annihilated == pytest.approx(36, abs=1)
    assert fight.x[-1] == pytest.approx(52_000, rel=0.01)
    assert fight.y[-1] == 0.0


def test_iwo_jima_equals_another_integrator():
    a, b = 0.0544, 0.0106

    def inflow(t):
        return sum(g.persons / (g.end - g.start) for g in IWO_JIMA if g.start <= t < g.end)

    state = (0.0, 21_500.0)
    for begin, end in ((0, 1), (1, 2), (2, 3), (3, 5), (5, 6), (6, 30)):
        p = inflow(begin)
        step = solve_ivp(
            lambda _, s, p=p: (p - a * s[1], -b * s[0]), (begin, end), state,
            method="DOP853", rtol=1e-12, atol=1e-9,
        )  # fmt: skip
        state = step.y[:, -1]
    fight = lanchester.reinforced_square(0, 21_500, a, b, IWO_JIMA, until=30)
    assert fight.days[-1] == pytest.approx(30)
    assert (fight.x[-1], fight.y[-1]) == pytest.approx(tuple(state), rel=1e-9)
    assert fight.annihilated == inf


def test_without_landings_it_is_the_square_law():
    fight = lanchester.reinforced_square(10, 7, 0.08, 0.05, (), until=60)
    end = lanchester.square_end(10, 7, 0.08, 0.05)
    assert (fight.annihilated, fight.x[-1]) == pytest.approx((end.days, end.survivors), rel=1e-9)


def test_landings_that_cannot_be():
    with pytest.raises(ValueError, match="above zero"):
        lanchester.reinforced_square(1, 1, 1, 1, (Landing(2, 2, 5),), until=3)
    with pytest.raises(ValueError, match="x is annihilated"):
        lanchester.reinforced_square(0, 100, 0.1, 0.1, (Landing(1, 2, 5),), until=3)
