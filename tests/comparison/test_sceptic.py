"""The sceptic's forecast against rates and dates reckoned by hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

import numpy as np
import pytest

from comparison.small_campaign import axis, formation
from sandtable.calendar import Calendar
from sandtable.comparison.other_operations import (
    TABLE,
    OtherOperations,
    Rates,
    load_other_operations,
    rates_of,
)
from sandtable.comparison.sceptic import planned_and_beyond, sceptic
from sandtable.laws.planning_file import load_planning
from sandtable.operations.armies import army_of
from sandtable.scenario import load_scenario
from sandtable.shipped import scenario_paths
from sandtable.streams import Streams

DRAWS = 300


def rates(*found: tuple[float, float, float]) -> Rates:
    low, high, marked = np.array(found).T
    return Rates(low, high, marked)


@pytest.fixture
def said(resolved, streams):
    """What the sceptic says if other wars had these operations alone."""

    def say(advance=(), attacker=(), defender=(), of=resolved):
        operations = OtherOperations(
            rates(*(advance or [(20.0, 20.0, 0.0)])),
            rates(*(attacker or [(0.004, 0.004, 0.0)])),
            rates(*(defender or [(0.002, 0.002, 0.0)])),
        )
        return sceptic(of, streams, DRAWS, operations=operations)

    return say


# --- dates ------------------------------------------------------------------------------------


def test_without_a_plan_the_column_goes_at_the_rate_of_an_operation(said):
    outcomes = said(advance=[(20.0, 20.0, 0.0)])
    assert outcomes["captured/middle"] == pytest.approx([10.0] * DRAWS)
    assert outcomes["captured/far"] == pytest.approx([45.0] * DRAWS)
    # 250 km, by a column that starts two days later.
    assert outcomes["captured/valley"] == pytest.approx([14.5] * DRAWS)
    assert outcomes["advance/tanks/3"] == pytest.approx([60.0] * DRAWS)
    assert outcomes["advance/riflemen/2"] == pytest.approx([0.0] * DRAWS)
    assert "advance/tanks/11" not in outcomes


def test_every_operation_is_drawn_alike_and_somewhere_in_its_range(said):
    rate = 200.0 / said(advance=[(10.0, 10.0, 0.0), (40.0, 80.0, 0.0)])["captured/middle"]
    slow = np.isclose(rate, 10.0)
    assert slow.mean() == pytest.approx(0.5, abs=0.1)
    assert ((rate[~slow] >= 40.0) & (rate[~slow] <= 80.0)).all()
    assert rate[~slow].mean() == pytest.approx(60.0, abs=3.0)


def test_planned_dates_go_before_rates(resolved, said):
    """700 km beyond a middle planned for day 4 take 35 days at 20 km a day."""
    planned = replace(resolved.axes[0], objectives=(("middle", 4.0), ("far", float("nan"))))
    outcomes = said(of=replace(resolved, axes=(planned, resolved.axes[1])))
    assert outcomes["captured/middle"] == pytest.approx([4.0] * DRAWS)
    assert outcomes["captured/far"] == pytest.approx([39.0] * DRAWS)
    assert outcomes["advance/tanks/1"] == pytest.approx([50.0] * DRAWS)
    assert outcomes["advance/tanks/4"] == pytest.approx([200.0] * DRAWS)
    assert outcomes["advance/tanks/5"] == pytest.approx([220.0] * DRAWS)


def test_the_pace_is_even_between_planned_objectives():
    column = axis("a", ("1-tank",), ("start", "near", "middle", "far", "end"), 1.0)
    planned = replace(column, objectives=(("middle", 5.0), ("end", 9.0)))
    km = (0.0, 50.0, 200.0, 300.0, 600.0)
    days = planned_and_beyond(planned, km, np.array([10.0, 20.0]))
    assert days.T.tolist() == [[1.0, 2.0, 5.0, 6.0, 9.0]] * 2
    alone = replace(column, objectives=(("middle", 5.0),))
    days = planned_and_beyond(alone, km, np.array([10.0, 20.0, 0.0]))
    assert days[:, 0].tolist() == [1.0, 2.0, 5.0, 15.0, 45.0]
    assert days[:, 1].tolist() == [1.0, 2.0, 5.0, 10.0, 25.0]
    # An operation that gains nothing gets as far as the plan.
    assert days[:, 2].tolist() == [1.0, 2.0, 5.0, np.inf, np.inf]


def test_two_objectives_of_one_date_are_both_reached_on_it(resolved, said):
    planned = replace(resolved.axes[0], objectives=(("middle", 4.0), ("far", 4.0)))
    outcomes = said(of=replace(resolved, axes=(planned,)))
    assert outcomes["captured/middle"] == pytest.approx([4.0] * DRAWS)
    assert outcomes["captured/far"] == pytest.approx([4.0] * DRAWS)
    assert outcomes["advance/tanks/3"] == pytest.approx([150.0] * DRAWS)
    assert outcomes["advance/tanks/4"] == pytest.approx([900.0] * DRAWS)


def test_an_objective_of_a_later_date_does_not_hold_up_the_column(resolved, said):
    """Far is planned for day 4: the column is there, whoever still fights for the middle."""
    planned = replace(resolved.axes[0], objectives=(("middle", 6.0), ("far", 4.0)))
    outcomes = said(of=replace(resolved, axes=(planned,)))
    assert outcomes["captured/middle"] == pytest.approx([6.0] * DRAWS)
    assert outcomes["captured/far"] == pytest.approx([4.0] * DRAWS)
    for day in ("4", "5", "6"):
        assert outcomes[f"advance/tanks/{day}"] == pytest.approx([900.0] * DRAWS)


# --- losses -----------------------------------------------------------------------------------


def test_losses_are_strength_times_days_times_the_rate(said):
    """4 and 2 in a thousand a day of 40,000 and 15,000 in ten days: 1,600 and 300 in action."""
    outcomes = said()
    assert outcomes["losses/ussr/personnel/killed"] == pytest.approx([1_200 * 0.25] * DRAWS)
    assert outcomes["losses/ussr/personnel/missing"] == pytest.approx([1_200 * 0.05] * DRAWS)
    assert outcomes["losses/ussr/personnel/wounded"] == pytest.approx([1_200 * 0.7] * DRAWS)
    assert outcomes["losses/ussr/personnel/in-action"] == pytest.approx([1_200.0] * DRAWS)
    assert outcomes["losses/a-front/personnel/in-action"] == pytest.approx([1_600.0] * DRAWS)
    assert outcomes["losses/ussr/personnel/irrecoverable"] == pytest.approx([360.0] * DRAWS)
    np.testing.assert_allclose(
        outcomes["losses/ussr/personnel/wounded-and-sick"],
        840.0 + outcomes["losses/ussr/personnel/sick"],
    )
    assert outcomes["losses/mongolia/personnel/killed"] == pytest.approx([400 * 0.5] * DRAWS)
    assert outcomes["losses/japan/personnel/killed"] == pytest.approx([300 * 0.5] * DRAWS)
    assert outcomes["losses/japan/personnel/captured"] == pytest.approx([300 * 0.1] * DRAWS)


def test_the_sick_are_taken_from_a_soviet_figure_and_added_to_any_other(said):
    counted = said(attacker=[(0.004, 0.004, 1.0)])
    assert counted["losses/ussr/personnel/total"] == pytest.approx([1_200.0] * DRAWS)
    share = counted["losses/ussr/personnel/sick"] / 1_200.0
    assert 0.10 <= share.min() < 0.11 and 0.24 < share.max() < 0.25
    np.testing.assert_allclose(counted["losses/ussr/personnel/killed"], 300 * (1 - share))
    left_out = said(attacker=[(0.004, 0.004, 0.0)])
    np.testing.assert_allclose(left_out["losses/ussr/personnel/total"], 1_200 / (1 - share))
    np.testing.assert_allclose(left_out["losses/ussr/personnel/sick"], 1_200 * share / (1 - share))


def test_prisoners_of_a_force_that_gave_up_are_no_casualties_in_action(said):
    """Half the operations lose 1 in 1,000 a day; in the others nearly all are taken prisoner."""
    outcomes = said(defender=[(0.001, 0.001, 0.0), (0.051, 0.051, 1.0)])
    gave_up = outcomes["losses/japan/personnel/captured"] > 1_000
    assert gave_up.mean() == pytest.approx(0.5, abs=0.1)
    assert outcomes["losses/japan/personnel/killed"] == pytest.approx([75.0] * DRAWS)
    assert outcomes["losses/japan/personnel/in-action"] == pytest.approx([150.0] * DRAWS)
    assert outcomes["losses/japan/personnel/captured"][gave_up] == pytest.approx(7_515.0)
    irrecoverable = outcomes["losses/japan/personnel/irrecoverable"]
    assert irrecoverable[gave_up] == pytest.approx(75.0 + 15.0 + 7_515.0)
    assert outcomes["losses/japan/personnel/captured"][~gave_up] == pytest.approx(15.0)
    sick = outcomes["losses/japan/personnel/sick"]
    total = outcomes["losses/japan/personnel/total"]
    np.testing.assert_allclose(total - sick, np.where(gave_up, 7_650.0, 150.0))


def test_a_force_that_gave_up_lost_no_more_in_action_than_in_all(said):
    outcomes = said(defender=[(0.02, 0.02, 0.0), (0.01, 0.01, 1.0)])
    in_action = outcomes["losses/japan/personnel/killed"] / 0.5
    assert sorted(set(in_action.round(6))) == [1_500.0, 3_000.0]


def test_nobody_is_lost_twice_or_beyond_the_strength(said):
    outcomes = said(attacker=[(0.2, 0.2, 1.0)], defender=[(0.09, 0.09, 0.0), (0.3, 0.3, 1.0)])
    assert outcomes["losses/ussr/personnel/total"] == pytest.approx([30_000.0] * DRAWS)
    assert outcomes["losses/japan/personnel/total"] == pytest.approx([15_000.0] * DRAWS)
    for side in ("ussr", "mongolia", "japan"):
        kinds = ("killed", "wounded", "missing", "captured", "sick")
        parts = [outcomes[f"losses/{side}/personnel/{kind}"] for kind in kinds]
        assert all((part >= 0.0).all() for part in parts)
        np.testing.assert_allclose(
            np.sum(parts, axis=0), outcomes[f"losses/{side}/personnel/total"]
        )


def test_tanks_and_guns_go_at_their_published_rates(said):
    outcomes = said()
    for arm, count in (("tanks", 200.0), ("guns", 50.0)):
        low, high = load_planning().named[f"{arm}.rate_ratio"].span
        ratio = outcomes[f"losses/ussr/{arm}"] / count / 0.04
        assert (ratio >= low - 1e-12).all() and (ratio <= high + 1e-12).all()
        assert ratio.min() < ratio.max()


def test_a_headquarters_loses_what_its_formations_lose(said):
    outcomes = said(attacker=[(0.001, 0.02, 1.0)])
    for kind in ("total", "killed", "captured", "in-action", "irrecoverable", "wounded-and-sick"):
        army = sum(outcomes[f"losses/{f}/personnel/{kind}"] for f in ("1-tank", "2-rifle"))
        np.testing.assert_allclose(outcomes[f"losses/a-army/personnel/{kind}"], army)
        sides = sum(outcomes[f"losses/{side}/personnel/{kind}"] for side in ("ussr", "mongolia"))
        np.testing.assert_allclose(outcomes[f"losses/a-front/personnel/{kind}"], sides)


def test_the_rear_bears_its_share_as_in_the_fronts_of_the_table(resolved, said):
    depot = formation("depot", "japan", "defender", type="services", personnel=5_000.0)
    outcomes = said(of=replace(resolved, formations=(*resolved.formations, depot)))
    assert outcomes["losses/japan/personnel/killed"] == pytest.approx([400 * 0.5] * DRAWS)
    assert outcomes["losses/depot/personnel/killed"] == pytest.approx([100 * 0.5] * DRAWS)


def test_half_the_campaign_costs_half(resolved, said):
    whole = said()
    short = said(of=replace(resolved, calendar=Calendar(datetime(1945, 8, 9), 5.0)))
    name = "losses/ussr/personnel/killed"
    np.testing.assert_allclose(short[name], whole[name] / 2)


def test_the_first_draws_are_the_same_whatever_follows(resolved):
    few, many = (sceptic(resolved, Streams("small", 0), n) for n in (20, 40))
    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name][:20])
    other = sceptic(resolved, Streams("small", 1), 20)
    for name in ("captured/far", "losses/ussr/personnel/total", "losses/japan/personnel/total"):
        assert not np.array_equal(few[name], other[name])


# --- the table --------------------------------------------------------------------------------


def row(**given: str) -> dict[str, str]:
    plain = {
        "operation": "an operation", "start": "1914-08-01", "days": "10", "attacker": "somebody",
        "depth_km_low": "100", "depth_km_high": "120", "attacker_strength": "200000",
        "attacker_losses": "8000", "sick_counted": "no", "defender_strength_low": "50000",
        "defender_strength_high": "100000", "defender_losses_low": "2000",
        "defender_losses_high": "3000", "captivity": "no", "unread": "", "source": "a book",
    }  # fmt: skip
    return plain | given


def test_a_row_becomes_rates_by_day():
    found = rates_of([row(), row(sick_counted="yes", captivity="yes")])
    assert found.advance.low.tolist() == [10.0, 10.0]
    assert found.advance.high.tolist() == [12.0, 12.0]
    assert found.attacker.low == pytest.approx([0.004, 0.004])
    assert found.attacker.high == pytest.approx([0.004, 0.004])
    assert found.attacker.marked.tolist() == [0.0, 1.0]
    # The least lost of the greatest strength, and the other way round.
    assert found.defender.low == pytest.approx([0.002, 0.002])
    assert found.defender.high == pytest.approx([0.006, 0.006])
    assert found.defender.marked.tolist() == [0.0, 1.0]
    assert found.defender.unmarked.low == pytest.approx([0.002])


@pytest.mark.parametrize(
    ("unread", "wider"),
    [
        ("depth", {"advance"}),
        ("attacker", {"attacker"}),
        ("defender", {"defender"}),
        ("depth defender", {"advance", "defender"}),
        ("days", {"advance", "attacker", "defender"}),
    ],
)
def test_what_is_only_remembered_is_a_wider_range(unread, wider):
    read, remembered = rates_of([row()]), rates_of([row(unread=unread)])
    for kind in ("advance", "attacker", "defender"):
        factor = 1.2 if kind in wider else 1.0
        before, after = getattr(read, kind), getattr(remembered, kind)
        np.testing.assert_allclose(after.low, before.low / factor)
        np.testing.assert_allclose(after.high, before.high * factor)


def test_a_rate_needs_its_figures():
    bare = {"depth_km_low": "", "depth_km_high": ""}
    assert rates_of([row(), row(**bare)]).advance.low.size == 1
    assert rates_of([row(), row(attacker_losses="")]).attacker.low.size == 1
    assert rates_of([row(), row(defender_losses_low="")]).defender.low.size == 1


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    text = files("sandtable.comparison").joinpath(TABLE).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_shipped_rates_are_the_published_ones(table):
    """Attackers' losses of a thousand a day, as tables of operations print them."""
    published = {
        "Tannenberg": 11.56, "Lake Naroch": 22.69, "Piave": 13.86, "Invasion of Poland": 0.82,
        "Orel": 8.79, "Belorussia": 4.83, "Baltic": 2.55, "Berlin": 8.04, "Chongchon River": 24.46,
    }  # fmt: skip
    for name, rate in published.items():
        (found,) = [each for each in table if each["operation"] == name]
        lost, strength = float(found["attacker_losses"]), float(found["attacker_strength"])
        assert 1000 * lost / strength / float(found["days"]) == pytest.approx(rate, abs=0.005)


def test_every_row_of_the_table_is_sound(table):
    words = {"days", "depth", "attacker", "defender"}
    assert len({each["operation"] for each in table}) == len(table)
    for each in table:
        assert each["source"] and set(each["unread"].split()) <= words, each["operation"]
        for figure in ("depth_km", "defender_strength", "defender_losses"):
            low, high = each[f"{figure}_low"], each[f"{figure}_high"]
            assert bool(low) == bool(high) and float(low or 0) <= float(high or 0)
        assert bool(each["attacker_losses"]) == (each["sick_counted"] in ("yes", "no"))
        assert bool(each["defender_losses_low"]) == (each["captivity"] in ("yes", "no"))
    found = load_other_operations()
    sizes = found.advance.low.size, found.attacker.low.size, found.defender.low.size
    assert sizes == (58, 26, 20)


@pytest.mark.verify
def test_no_shipped_campaign_is_among_the_operations(table):
    """No army of a shipped campaign began one of them while that campaign went on."""
    campaigns = [load_scenario(path) for path in scenario_paths().values()]
    assert campaigns
    for each in table:
        start = datetime.fromisoformat(each["start"])
        end = start + timedelta(days=float(each["days"]))
        for campaign in campaigns:
            calendar = campaign.calendar
            first = calendar.h_hour.replace(tzinfo=None)
            last = first + timedelta(days=calendar.days)
            armies = {side.army for side in campaign.file.side}
            apart = end <= first or last <= start
            assert apart or army_of(each["attacker"]) not in armies, each["operation"]
