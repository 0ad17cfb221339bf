"""What an order of the scenario gives, and to which axis or side an outcome belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comparison.small_campaign import formation
from sandtable.comparison.given import cluster, given
from sandtable.mechanisms import Mechanisms
from sandtable.outcomes import parse
from sandtable.scenario.resolved import After, Order

ALL_ON = Mechanisms()


def order(what, who=("3-cavalry",), **given):
    plain = Order(what, what, tuple(who), 3.0, (0.0, 0.0), 1.0, None, None, 0.0)
    return replace(plain, **given)


@pytest.fixture
def with_orders(resolved):
    def make(*orders, mechanisms=ALL_ON, formations=()):
        everybody = resolved.formations + tuple(formations)
        return replace(resolved, orders=orders, mechanisms=mechanisms, formations=everybody)

    return make


@pytest.mark.parametrize("what", ["land-from-sea", "land-from-air"])
def test_a_landing_gives_the_day_of_its_place(with_orders, what):
    landing = order(what, place="far")
    assert given(with_orders(landing)) == {"captured/far"}
    # It is on an axis, too, whose column may be there sooner; the order sets the latest day.
    assert "far" in with_orders().axes[0].places
    assert given(with_orders(landing, mechanisms=Mechanisms(landing=False))) == frozenset()
    assert given(with_orders(replace(landing, when=10.5))) == frozenset()
    assert given(with_orders(replace(landing, heeded=0.4))) == frozenset()


def test_an_order_that_waits_for_an_event_of_the_campaign_gives_no_day(with_orders):
    landing = order("land-from-sea", place="far")
    stop = order("cease-fire", after=After("captured", "far"))
    assert given(with_orders(replace(landing, after=After("captured", "hill")))) == frozenset()
    assert given(with_orders(landing, stop)) == {"captured/far"}
    # What follows another order by so many days is as given as that is.
    later = replace(landing, after=After("order", "cease-fire"))
    assert "captured/far" in given(with_orders(later, order("cease-fire")))
    assert given(with_orders(later, stop)) == frozenset()


@pytest.mark.parametrize(
    "what",
    ["advance", "hold", "delay", "withdraw", "counterattack", "reinforce", "airlift-fuel"],
)
def test_what_starts_a_march_or_a_fight_gives_nothing(with_orders, what):
    assert given(with_orders(order(what, place="far", axis="tanks"))) == frozenset()


@pytest.mark.parametrize("what", ["cease-fire", "surrender"])
def test_the_end_of_the_fighting_gives_the_surrender_of_half_a_force(with_orders, what):
    army = formation("5-army", "japan", "defender", type="headquarters", personnel=0.0)
    below = [
        formation(f"{n}-division", "japan", "defender", personnel=men, parent="5-army")
        for n, men in ((6, 6000.0), (7, 6000.0), (8, 3000.0))
    ]
    told = {"formations": [army, *below]}
    one = order(what, ["6-division"])
    assert given(with_orders(one, **told)) == {"surrendered/6-division"}
    two = order(what, ["6-division", "8-division"])
    assert given(with_orders(two, **told)) == {
        f"surrendered/{id}" for id in ("5-army", "6-division", "8-division")
    }
    # Half by one order and half by another is as good.
    assert given(with_orders(one, order(what, ["8-division"]), **told)) == given(
        with_orders(two, **told)
    )
    off = Mechanisms(cease_fire=False)
    assert given(with_orders(two, mechanisms=off, **told)) == frozenset()


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("advance/riflemen/3", "axis/riflemen"),
        ("halted/tanks/fuel", "axis/tanks"),
        ("captured/far", "axis/tanks"),
        ("captured/middle", "axis/riflemen"),
        ("captured/valley", "axis/riflemen"),
        ("captured/aside", "side/japan"),
        ("captured/nowhere", "all"),
        ("losses/ussr/tanks", "side/ussr"),
        ("losses/mongolia/personnel/killed", "side/mongolia"),
        ("losses/a-army/personnel/total", "side/ussr"),
        ("battle/middle/japan/personnel", "side/japan"),
        ("encircled/4-division", "side/japan"),
        ("quit/order", "all"),
    ],
)
def test_an_outcome_goes_with_its_axis_or_side(resolved, outcome, expected):
    # Both axes lead to the middle; it is an objective of the second.
    first, second = resolved.axes
    axes = first, replace(second, objectives=(("middle", 3.0),))
    told = parse(outcome)
    assert told is not None
    assert cluster(told, replace(resolved, axes=axes)) == expected
