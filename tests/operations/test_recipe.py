"""The recipe: what an operation becomes, held against counts by hand and the scenario's checks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from operations.made_up import operation
from sandtable.laws.advance import MOBILITY
from sandtable.laws.planning_file import load_planning
from sandtable.operations.layout import Layout, Plan, layout_at
from sandtable.operations.play import LAYOUTS, Recipe
from sandtable.operations.recipe import scenario_of
from sandtable.operations.table import Operation
from sandtable.ranges import Uncertain

LAYOUT = Layout(column_men=30_000, division_men=12_000, forward_share=0.6, mobile_share=0.2)
LARGE = operation("Front", "1944-06-23", 60.0, own=300_000.0, other=120_000.0)


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return Recipe.shipped()


def resolved(recipe: Recipe, asked: Operation, layout: Layout = LAYOUT) -> Any:
    return recipe.scenario(Plan(asked, layout, recipe.ranges), 0).sampler.central()


@pytest.mark.parametrize("asked", [LARGE, operation(), operation(own=1000.0, other=1e6)])
def test_nobody_is_lost_or_made_on_the_way_into_the_scenario(
    recipe: Recipe, asked: Operation
) -> None:
    scenario = resolved(recipe, asked)
    men = {"attacker": 0.0, "defender": 0.0}
    for formation in scenario.formations:
        men[formation.coalition] += formation.personnel
    assert men["attacker"] == pytest.approx(asked.attacker_strength, rel=1e-12)
    assert men["defender"] == pytest.approx(asked.defender_strength, rel=1e-12)


def test_columns_formations_and_positions_by_hand(recipe: Recipe) -> None:
    plan = Plan(LARGE, LAYOUT, recipe.ranges)
    # 300,000 men in columns of 30,000; 30,000 in divisions of 12,000 (2.5, to the even); 12,000
    # defenders before each: 7,200 forward, 2,400 at each of the positions behind.
    assert (plan.columns, plan.divisions, plan.division_men) == (10, 2, 15_000.0)
    assert plan.defence == [(1, 7200.0), (1, pytest.approx(2400.0)), (1, pytest.approx(2400.0))]
    assert plan.mobile == {2, 7}
    scenario = resolved(recipe, LARGE)
    standing = {f.id: (f.start, f.type, f.echelon) for f in scenario.formations}
    assert standing["c1-d2"] == ("c1-p0", "rifle", "division")
    assert standing["c3-d1"] == ("c3-p0", "tank", "division")
    assert standing["c10-p1-g1"] == ("c10-p1", "rifle", "division")
    assert standing["c10-p3-g1"] == ("c10-p3", "rifle", "regiment")
    assert [axis.fuel is not None for axis in scenario.axes] == [c in {2, 7} for c in range(10)]


def test_where_hardly_anybody_defends_there_are_fewer_columns(recipe: Recipe) -> None:
    few = operation(own=300_000.0, other=4_999.0)
    assert Plan(few, LAYOUT, recipe.ranges).columns == 4
    assert Plan(operation(own=1e7, other=1e7), LAYOUT, recipe.ranges).columns == 10


@pytest.mark.parametrize(
    ("start", "mobile", "others"),
    [("1913-10-01", "cavalry", "rifle"), ("1936-12-31", "cavalry", "rifle"),
     ("1937-01-01", "tank", "rifle"), ("1959-01-01", "tank", "rifle"),
     ("1960-01-01", "tank", "motor-rifle")],
)  # fmt: skip
def test_armies_move_as_those_of_their_era(
    recipe: Recipe, start: str, mobile: str, others: str
) -> None:
    scenario = resolved(recipe, operation(start=start, own=300_000.0, other=120_000.0))
    types = {f.id: f.type for f in scenario.formations}
    assert (types["c3-d1"], types["c1-d1"]) == (mobile, others)


def test_tanks_are_those_of_the_era_and_drawn_once_for_a_side(recipe: Recipe) -> None:
    sampler = recipe.scenario(Plan(LARGE, LAYOUT, recipe.ranges), 0).sampler
    names = sampler.uncertain
    low, high = recipe.ranges["tanks-attacker-1937-1945"]
    at = names.index("fact:tanks-attacker-1937-1945")
    for u, density in ((0.0, low), (1.0, high)):
        drawn = sampler.draw([u if i == at else 0.5 for i in range(len(names))])
        own = [f for f in drawn.formations if f.coalition == "attacker" and f.personnel]
        assert [1000.0 * f.tanks / f.personnel for f in own] == pytest.approx([density] * len(own))
    assert not [name for name in names if "." in name], "a range of one formation's own"
    old = recipe.scenario(Plan(operation(start="1913-01-01"), LAYOUT, recipe.ranges), 0).sampler
    assert "fact:tanks-attacker-before-1914" not in old.uncertain
    assert {f.tanks for f in old.central().formations} == {0.0}


@pytest.mark.parametrize("start", ["1914-08-01", "1944-06-23", "1982-03-22"])
@pytest.mark.parametrize("days", [1.0, 4.0, 20.0, 60.0, 200.0])
def test_no_march_reaches_the_end_of_the_road(recipe: Recipe, days: float, start: str) -> None:
    asked = operation(start=start, days=days, own=60_000.0, other=30_000.0)
    half_mobile = replace(LAYOUT, mobile_share=0.5)
    sampler = recipe.scenario(Plan(asked, half_mobile, recipe.ranges), 0).sampler
    shortest = sampler.draw([0.0] * len(sampler.uncertain))
    km = min(shortest.km_along(axis)[-1] for axis in shortest.axes)
    march = load_planning().symbolic.march
    fastest = {kind: rate.span[1] for kind, rate in march.items() if isinstance(rate, Uncertain)}
    # With fuel: d km a day and lift halving every h km give h log2(1 + d ln 2 days / h) and what
    # was carried, at most.
    lift, halves = recipe.ranges["fuel-lift"][1], recipe.ranges["fuel-halves"][1]
    fuelled = halves * math.log2(1.0 + lift * math.log(2.0) * days / halves)
    fuelled += recipe.ranges["fuel-carried"][1]
    on_wheels = min(days * max(fastest["tracked"], fastest["motor"]), fuelled)
    reached = {"foot": days * fastest["foot"], "horse": days * fastest["horse"]}
    reached |= dict.fromkeys(("motor", "tracked"), on_wheels)
    attackers = [f for f in shortest.formations if f.coalition == "attacker" and f.personnel]
    moves = {MOBILITY[f.type] for f in attackers}
    assert len(moves) == 2
    assert km >= max(reached[kind] for kind in moves)


def test_the_attack_begins_at_the_edge_of_the_defence(recipe: Recipe) -> None:
    scenario = resolved(recipe, LARGE)
    first = next(leg for leg in scenario.legs if (leg.a, leg.b) == ("c1-p0", "c1-p1"))
    assert first.length_km == pytest.approx(9.0)
    # Each place has its neighbours abreast, so far as anybody stands there.
    abreast = {(leg.a, leg.b) for leg in scenario.legs}
    assert {("c1-p0", "c2-p0"), ("c1-p24", "c2-p24")} <= abreast
    assert ("c1-p26", "c2-p26") not in abreast


def test_figures_that_are_planning_figures_are_the_same(recipe: Recipe) -> None:
    planning = load_planning().symbolic
    for id, figure in (
        ("position-km", planning.march["foot"]),
        ("first-leg-km", planning.depth["division"]),
    ):
        assert isinstance(figure, Uncertain)
        assert recipe.ranges[id] == figure.span


def test_layouts_take_one_part_each_of_every_range(recipe: Recipe) -> None:
    plans = recipe.plans(LARGE, seed=3)
    assert len(plans) == LAYOUTS
    low, high = recipe.ranges["column-men"]
    logs = sorted(math.log(plan.layout.column_men / low) / math.log(high / low) for plan in plans)
    assert logs == pytest.approx([(k + 0.5) / LAYOUTS for k in range(LAYOUTS)])
    shares = sorted(plan.layout.forward_share for plan in plans)
    assert shares == pytest.approx([0.5 + 0.25 * (k + 0.5) / LAYOUTS for k in range(LAYOUTS)])
    assert recipe.plans(LARGE, seed=3) == plans
    seeds = {tuple(plan.layout.column_men for plan in recipe.plans(LARGE, s)) for s in range(8)}
    assert len(seeds) > 1
    others = [recipe.plans(replace(LARGE, name=f"Other {i}"), 3) for i in range(8)]
    assert len({tuple(plan.layout.column_men for plan in other) for other in others}) > 1


def test_the_campaign_is_named_by_the_operation_and_so_are_its_streams(recipe: Recipe) -> None:
    names = [
        recipe.scenario(plan, number).name for number, plan in enumerate(recipe.plans(LARGE, 1))
    ]
    assert names == [f"{LARGE.id}-{number}" for number in range(1, LAYOUTS + 1)]


def test_the_figures_of_a_layout_lie_where_they_are_asked_for(recipe: Recipe) -> None:
    middle = dict.fromkeys(("column-men", "division-men", "forward-share", "mobile-share"), 0.5)
    found = layout_at(LARGE, recipe.ranges, middle)
    assert found.column_men == pytest.approx(math.sqrt(15_000 * 65_000))
    assert found.division_men == pytest.approx(math.sqrt(10_000 * 15_000))
    assert (found.forward_share, found.mobile_share) == (0.625, pytest.approx(0.15))


def test_the_scenario_says_nothing_but_what_was_known_beforehand(recipe: Recipe) -> None:
    tables = scenario_of(Plan(LARGE, LAYOUT, recipe.ranges))
    assert tables["scenario"]["end"].isoformat() == "1944-08-22T00:00:00+00:00"
    sides = {side["id"]: side for side in tables["side"]}
    assert sides["attacker"]["army"] == "USSR"
    assert "army" not in sides["defender"]
    unknown = scenario_of(Plan(operation(attacker="Ruritania"), LAYOUT, recipe.ranges))
    assert all("army" not in side for side in unknown["side"])


def test_every_figure_of_the_register_is_used(recipe: Recipe) -> None:
    used = {"column-men", "most-columns", "most-formations", "forward-share", "positions"}
    for start in (
        "1900-01-01",
        "1916-01-01",
        "1920-01-01",
        "1944-01-01",
        "1950-01-01",
        "1970-01-01",
    ):
        asked = operation(start=start, own=300_000.0, other=120_000.0)
        used |= recipe.scenario(Plan(asked, LAYOUT, recipe.ranges), 0).facts_used.keys()
    rest = recipe.facts.keys() - used
    assert all(name.startswith(("division-men-", "mobile-share-")) for name in rest)
    assert len(rest) == 12
