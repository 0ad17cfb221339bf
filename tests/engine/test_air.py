"""Aircraft: shares of the sky over a place and losses by hand."""

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from engine.builder import (
    JAPAN,
    USSR,
    Air,
    Weather,
    axis,
    blue,
    duel,
    leg,
    line,
    place,
    play,
    red,
    scenario,
)
from sandtable.engine.air import AirForces
from sandtable.laws.planning_file import load_planning


def test_air_losses_and_superiority_by_hand():
    """100 against 50 aircraft: 200 and 100 sorties a day, two thirds of the sky."""
    s = duel([red("r", "a")], [blue("j", "b")], days=1.0, starts=9.0, air=[
        Air("ussr", "attacker", 100.0, 1.0, 2.0, 0.01),
        Air("japan", "defender", 50.0, 1.0, 2.0, 0.01),
    ])  # fmt: skip
    run = play(s)
    assert run.outcomes["losses/ussr/aircraft"] == pytest.approx(200 * 0.01 * 2 / 3)
    assert run.outcomes["losses/japan/aircraft"] == pytest.approx(100 * 0.01 * 4 / 3)


SIDES = (USSR, JAPAN)
RED = Air("ussr", "attacker", 100.0, 0.5, 3.0, 0.02)
BLUE = Air("japan", "defender", 50.0, 1.0, 1.0, 0.02)
RAIN = {"none": 1.0, "slows": 0.5, "closes": 0.0}
NORTH, SOUTH = ("n1", "n2", "n3"), ("s1",)


def forces(*air: Air) -> AirForces:
    return AirForces(air, SIDES, (*NORTH, *SOUTH), RAIN)


DRY = frozenset[str]()


def test_shares_are_those_of_the_sorties_that_can_be_flown():
    """150 sorties a day against 50."""
    air = forces(RED, BLUE)
    assert air.overhead("attacker", "n1", wet=False) == pytest.approx((0.75, 0.25))
    assert air.superiority("attacker", "n1", wet=False) == pytest.approx(0.5)
    assert air.superiority("defender", "n1", wet=False) == pytest.approx(-0.5)


def test_losses_go_by_the_enemys_share_and_change_the_next_days():
    air = forces(RED, BLUE)
    air.fly(2.0, DRY)
    assert air.lost == pytest.approx({"ussr": 300 * 0.02 * 0.5, "japan": 100 * 0.02 * 1.5})
    sorties = (100.0 - 3.0) * 1.5, 50.0 - 3.0
    assert air.overhead("attacker", "s1", wet=False)[0] == pytest.approx(sorties[0] / sum(sorties))


def test_nobody_loses_more_aircraft_than_he_has():
    air = forces(RED, replace(BLUE, losses=5.0))
    air.fly(3.0, DRY)
    assert air.lost["japan"] == 50.0
    assert air.superiority("attacker", "n1", wet=False) == 1.0
    air.fly(3.0, DRY)
    assert air.lost["japan"] == 50.0


def test_without_aircraft_the_sky_is_nobodys_and_nothing_is_lost():
    air = forces()
    air.fly(1.0, DRY)
    assert air.overhead("attacker", "n1", wet=False) == (0.0, 0.0)
    assert air.superiority("attacker", "n1", wet=False) == 0.0
    assert air.lost == {"ussr": 0.0, "japan": 0.0}


def test_who_has_lost_all_aircraft_is_over_no_place():
    air = forces(replace(BLUE, bases=("n1",)))
    assert air.overhead("attacker", "s1", wet=False) == (0.0, 1.0)
    air.overrun("n1", "attacker", 0.25)
    assert air.overhead("attacker", "s1", wet=False) == (0.0, 0.0)
    assert air.superiority("defender", "s1", wet=False) == 0.0


def test_over_a_place_where_all_are_banned_nobody_flies():
    air = forces(RED, BLUE)
    air.ground("ussr")
    air.ground("japan")
    assert air.overhead("attacker", "n1", wet=False) == (0.0, 0.0)
    assert air.superiority("attacker", "n1", wet=False) == 0.0


def test_a_force_flies_over_its_area_alone_and_is_denser_there():
    """In the south 150 sorties over one place of four, against 50 over all four: 600 to 50."""
    air = forces(replace(RED, places=SOUTH), BLUE)
    assert air.superiority("attacker", "n1", wet=False) == -1.0
    assert air.overhead("attacker", "s1", wet=False) == pytest.approx((600 / 650, 50 / 650))
    assert air.sky("n1") == air.sky("n3") != air.sky("s1")


def test_an_army_split_over_two_areas_by_their_places_is_the_same_army():
    whole = forces(RED, BLUE)
    parts = forces(
        replace(RED, aircraft=75.0, places=NORTH), replace(RED, aircraft=25.0, places=SOUTH), BLUE
    )
    for at in (*NORTH, *SOUTH):
        assert parts.superiority("attacker", at, wet=False) == pytest.approx(
            whole.superiority("attacker", at, wet=False)
        )
    whole.fly(5.0, DRY)
    parts.fly(5.0, DRY)
    assert parts.lost == pytest.approx(whole.lost)


def test_losses_are_reckoned_over_each_part_of_the_area():
    """Over the north nobody flies against the defenders: only a quarter of their 50 meet anybody.

    There 600 stand to 50, so that their loss is 0.02 a sortie times 2 by 600 / 650.
    """
    air = forces(replace(RED, places=SOUTH), BLUE)
    air.fly(1.0, DRY)
    assert air.lost["japan"] == pytest.approx(50.0 / 4 * 0.02 * 2 * 600 / 650)
    assert air.lost["ussr"] == pytest.approx(150.0 * 0.02 * 2 * 50 / 650)


def test_rain_keeps_a_share_of_the_sorties_down_and_what_it_keeps_is_nobodys():
    """On a wet day 75 of the 150 fly against 50: (75 - 50) / 200 of a dry day's sky."""
    air = forces(replace(RED, rain="slows"), BLUE)
    assert air.superiority("attacker", "n1", wet=True) == pytest.approx(25 / 200)
    assert air.overhead("attacker", "n1", wet=True) == pytest.approx((75 / 200, 50 / 200))
    assert air.superiority("attacker", "n1", wet=False) == pytest.approx(0.5)


def test_nobody_flies_where_rain_closes_the_sky():
    air = forces(replace(RED, rain="closes"), replace(BLUE, rain="closes"))
    assert air.superiority("attacker", "n1", wet=True) == 0.0
    assert air.overhead("defender", "n1", wet=True) == (0.0, 0.0)
    air.fly(1.0, frozenset(NORTH + SOUTH))
    assert air.lost == {"ussr": 0.0, "japan": 0.0}


def test_losses_fall_with_the_sorties_that_rain_keeps_down():
    """It rains over one place of four: there 37.5 / 2 sorties stand against 12.5."""
    air = forces(replace(RED, rain="slows"), BLUE)
    air.fly(1.0, frozenset({"s1"}))
    hostile = 0.75 * 2 * 0.25 + 0.25 * 0.5 * 2 * 50 / 125
    assert air.lost["ussr"] == pytest.approx(150 * 0.02 * hostile)
    assert air.lost["japan"] == pytest.approx(50 * 0.02 * (0.75 * 1.5 + 0.25 * 2 * 75 / 125))


def test_of_several_forces_of_a_side_a_ban_grounds_all():
    air = forces(replace(RED, places=NORTH), replace(RED, places=SOUTH), BLUE)
    air.ground("ussr")
    assert {air.superiority("attacker", p, wet=False) for p in (*NORTH, *SOUTH)} == {-1.0}
    air.release("ussr")
    assert air.superiority("attacker", "s1", wet=False) > 0.0


def test_a_base_that_falls_costs_the_force_that_has_it():
    """Of 40 at two bases a quarter of 20 is caught, then all that is left; the others go on."""
    first = replace(BLUE, aircraft=40.0, bases=("n1", "s1"))
    other = replace(BLUE, aircraft=10.0, bases=("n2",))
    air = forces(RED, first, other)
    assert air.overrun("n1", "attacker", 0.25) == 5.0
    assert air.overrun("n1", "attacker", 0.25) == 0.0
    assert air.overrun("s1", "attacker", 0.25) == 35.0
    assert air.lost["japan"] == 40.0
    assert air.overhead("defender", "s1", wet=False) == pytest.approx((10 / 160, 150 / 160))


def fought(rain: str, wet: float, **changes) -> float:
    """Japanese casualties of a day's attack under the law with air superiority."""
    places, legs = line("ab", 9.0)
    return play(scenario(
        places, legs, [red("r", "a"), blue("j", "b", 3000.0)], [axis("x", "r", "ab")],
        days=1.0, attrition="full", weather=[Weather("w", ("a", "b"), wet)],
        air=[Air("ussr", "attacker", 100.0, 1.0, 1.0, 0.0, rain=rain)], **changes,
    )).outcomes["losses/japan/personnel/total"]  # fmt: skip


def test_the_fight_below_feels_the_superiority_of_the_day():
    """Where rain closes the sky a wet day is fought without aircraft, and a dry one with them."""
    assert fought("closes", 0.0) == fought("none", 0.0)
    closed, flown = fought("closes", 1.0), fought("none", 1.0)
    assert closed != flown


def tanks_to_aircraft(rain: str) -> float:
    """Share of the attackers' tanks that aircraft put out of action on a wet day."""
    s = duel([red("r", "a", tanks=100.0)], [blue("j", "b", 3000.0)], days=1.0, air=[
        Air("japan", "defender", 100.0, 1.0, 1.0, 0.0, rain=rain),
    ], weather=[Weather("w", ("a", "b"), 1.0)])  # fmt: skip
    return play(s).outcomes["losses/ussr/tanks/by/aircraft"]


def test_no_tank_is_lost_to_aircraft_that_rain_keeps_down():
    assert tanks_to_aircraft("closes") == 0.0 < tanks_to_aircraft("none")


def test_each_day_in_the_air_has_the_weather_of_its_own():
    """Losses of the dry days among six: a tenth of the aircraft on each, none on the others."""
    s = duel([red("r", "a")], [blue("j", "b")], days=6.0, starts=9.0, air=[
        Air("ussr", "attacker", 100.0, 1.0, 1.0, 0.05, rain="closes"),
        Air("japan", "defender", 1e9, 1.0, 1.0, 0.0),
    ], weather=[Weather("w", tuple("abc"), 0.5)])  # fmt: skip
    run = play(s)
    wet = run.world.wet["b"][:6]
    assert 0 < sum(wet) < 6
    left = 100.0 * 0.9 ** wet.count(False)
    assert run.outcomes["losses/ussr/aircraft"] == pytest.approx(100.0 - left, rel=1e-5)


def forked(area: str) -> dict[str, float]:
    """Ground gained to two places of one battle, alike but for the aircraft above one of them."""
    places = [place("a", "ussr"), place("b"), place("c"), place("d")]
    army = replace(blue("army", None, 0.0), echelon="army", type="headquarters")
    blues = [replace(blue(f"j{at}", at, 3000.0), parent="army") for at in "bc"]
    run = play(scenario(
        places, [leg("ab", 9.0), leg("ac", 9.0), leg("bd", 9.0), leg("cd", 9.0)],
        [red("rb", "a"), red("rc", "a"), army, *blues],
        [axis("b", "rb", "ab"), axis("c", "rc", "ac")], days=0.25, advance="fitted",
        air=[Air("ussr", "attacker", 100.0, 1.0, 1.0, 0.0, places=(area,))],
    ))  # fmt: skip
    assert len({battle["battle"] for battle in run.battles}) == 1
    return {at: run.outcomes[f"advance/{at}/1"] for at in "bc"}


def test_each_place_of_a_battle_has_the_sky_above_it():
    over_b, over_c = forked("b"), forked("c")
    assert over_b["b"] != over_b["c"]
    assert over_b["b"] == pytest.approx(over_c["c"]) and over_b["c"] == pytest.approx(over_c["b"])


REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"


@pytest.mark.skipif(not REAL.exists(), reason="the table of battles is not here")
def test_the_share_flown_on_wet_days_is_the_tables():
    """Sorties a day in wet battles to those in dry ones of the same campaign and army.

    Poisson means with an effect of each army, days of battle as exposure, bootstrap over armies.
    """
    armies, battles = wet_and_dry()
    draws = np.random.default_rng(1).integers(0, len(armies), (1000, len(armies)))
    low, high = np.quantile([ratio(armies[d]) for d in draws], (0.05, 0.95))
    assert (len(armies), battles) == (13, 110)
    assert ratio(armies) == pytest.approx(0.64, abs=0.005)
    assert (low, high) == pytest.approx((0.41, 1.05), abs=0.04)
    assert load_planning().named["air.slows"].span == pytest.approx((low, min(high, 1.0)), abs=0.04)


def wet_and_dry() -> tuple[np.ndarray, int]:
    """Sorties and days, wet and dry, of the armies that flew and fought in both; their battles."""
    found: dict[tuple[str, str], list[tuple[bool, float, float]]] = defaultdict(list)
    with REAL.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for side in ("attacker", "defender"):
                if row[f"{side}_air_sorties"] and row["weather"]:
                    found[row["campaign"], row[f"{side}_actor"]].append((
                        row["weather"] == "wet",
                        float(row[f"{side}_air_sorties"]),
                        float(row["duration_days"]),
                    ))  # fmt: skip
    armies = [
        rows for rows in found.values()
        if len({wet for wet, _, _ in rows}) == 2 and any(sorties for _, sorties, _ in rows)
    ]  # fmt: skip
    totals = [
        [sum(row[i] for row in rows if row[0] == wet) for wet in (True, False) for i in (1, 2)]
        for rows in armies
    ]
    return np.array(totals), sum(map(len, armies))


def ratio(armies: np.ndarray) -> float:
    """The rate of wet days to that of dry ones that makes the wet sorties what is expected."""
    wet, wet_days, dry, dry_days = armies.T

    def excess(log_ratio: float) -> float:
        odds = np.exp(log_ratio) * wet_days
        return float(np.sum(wet - (wet + dry) * odds / (odds + dry_days)))

    return float(np.exp(brentq(excess, -8.0, 8.0)))
