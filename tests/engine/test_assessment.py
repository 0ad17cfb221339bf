"""What an engagement comes to at one moment: hazards and causes against sums by hand."""

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, log
from unittest.mock import patch

import pytest

from engine.builder import (
    GROUND,
    GROUND_SPREAD,
    GROUND_WEIGHTS,
    LOSSES,
    Air,
    blue,
    central,
    duel,
    laws,
    line,
    outcome,
    play,
    predictor,
    red,
    resolve_and_nerve,
)
from sandtable.engine import battle
from sandtable.engine.assessment import Assessment
from sandtable.laws.cohesion import CAUSES
from sandtable.streams import Streams

NO_ONE_QUITS = laws(breaks=0.0, certain=True)
ALONE = ("cohesion", "surprise", "opposed-advance", "combat-fatigue", "air", "second-echelon")


@pytest.mark.parametrize("surprise", [0.0, 3.0])
@pytest.mark.parametrize("shape", [1.0, 1.6])
def test_the_hazard_of_a_quiet_defence_by_hand(shape, surprise):
    """Without losses, penetration and neighbours: other 0.16, no reserves 0.12 / 0.5.

    Surprise counts as in the average battle, 0.08, whatever it is: the odds have it. The
    hazard up to day t is the rate times t^shape.
    """
    s = duel([red("r", "a")], [blue("j", "b")], days=60.0, surprise=surprise,
             without=["attrition", "opposed-advance"])  # fmt: skip
    resolve, _ = resolve_and_nerve()
    expected = (resolve / (0.25 * (0.16 + 0.08 + 0.12 / 0.5))) ** (1.0 / shape)
    under = replace(laws(), outcome=outcome(0.25, 0.0, shape))
    assert play(s, under).day("defence broken", "b") == pytest.approx(expected)


def test_reserves_behind_the_defence_lower_its_hazard():
    s = duel(
        [red("r", "a")], [blue("j", "b"), blue("k", "c")],
        days=60.0, without=["attrition", "opposed-advance"],
    )  # fmt: skip
    resolve, _ = resolve_and_nerve()
    broken = play(s, laws(breaks=1.0)).day("defence broken", "b")
    assert broken == pytest.approx(resolve / (0.16 + 0.08))


def test_strength_and_size_move_the_hazards_by_hand():
    """4 to 1 and 50,000 men: h = 0.5 (5)^-0.2 a day, odds 4^0.75; nobody has a cause but other."""
    s = duel([red("r", "a", 40_000.0)], [blue("j", "b", 10_000.0)], days=200.0,
             without=["attrition", "opposed-advance", "combat-fatigue"])  # fmt: skip
    pace, odds = predictor(log(0.5), -0.2), predictor(0.0, 0.75)
    found = replace(outcome(1.0, 1.0), pace=pace, odds=odds)
    under = replace(laws(), outcome=found, cohesion_shares=(0.0,) * 7 + (1.0,))
    decided, better = 0.5 * 5.0**-0.2, 4.0**0.75
    kinds = set()
    for replication in range(12):
        resolve, nerve = resolve_and_nerve(replication)
        breaks = resolve / (decided * better / (1.0 + better))
        quits = nerve / (decided / (1.0 + better))
        first = play(s, under, replication=replication).events[2]
        kinds.add(first.kind)
        assert first.day == pytest.approx(min(breaks, quits))
        assert first.kind == ("defence broken" if breaks < quits else "attack broken off")
    assert len(kinds) == 2


@pytest.mark.verify
def test_hazards_of_both_sides_compete():
    """With equal constant hazards and no causes at work the attack fails half of the time."""
    under = replace(laws(breaks=1.0, quits=1.0), cohesion_shares=(0.0,) * 7 + (1.0,))
    s = duel([red("r", "a")], [blue("j", "b")], days=30.0, without=["attrition"])
    first = [play(s, under, replication=r).events[2].kind for r in range(400)]
    assert set(first) == {"attack broken off", "defence broken"}
    # Standard error 0.025.
    assert abs(first.count("defence broken") / 400 - 0.5) < 0.08


def test_opposed_advance_is_dupuys():
    """Infantry at 3.6 to 1 against a hasty defence: 12 km a day, of the nine-kilometre zone."""
    s = duel([red("r", "a", 3600.0)], [blue("j", "b", 1000.0)], days=1.0,
             without=["attrition", "combat-fatigue", "cohesion"])  # fmt: skip
    places, legs = line("abc", 90.0)
    s = replace(s, places=tuple(places), legs=tuple(legs))
    s = replace(s, formations=(s.formations[0], replace(s.formations[1], depth_km=90.0)))
    assert play(s).outcomes["advance/x/1"] == pytest.approx(12.0)
    rough = tuple(replace(x, terrain="dunes") for x in legs)
    assert play(replace(s, legs=rough)).outcomes["advance/x/1"] == pytest.approx(12.0 * 0.3)


def surprised(attrition: str, days: float) -> tuple[float, float]:
    """Losses of (attacker, defender) under complete surprise, over those without."""
    plain = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=days, attrition=attrition,
                 without=[x for x in ALONE if x != "surprise"])  # fmt: skip
    column = replace(plain.axes[0], surprise=3.0)
    with_it, without = play(replace(plain, axes=(column,))).outcomes, play(plain).outcomes
    names = (f"losses/{side}/personnel/total" for side in ("ussr", "japan"))
    own, enemy = (with_it[name] / without[name] for name in names)
    return own, enemy


def test_surprise_spares_the_attacker_and_costs_the_defender():
    """Under a law without it: at first 0.4 and 3 times the losses, fading in 3 days (Dupuy)."""
    assert surprised("fatigue", 0.125) == pytest.approx((0.4, 3.0))
    # A day at most, and never longer than the battle has lasted.
    days = (0.0, 0.125, 0.25, 0.5, 1.0)
    left = sum((b - a) * (1.0 - a / 3.0) for a, b in pairwise(days))
    assert surprised("square", 1.0) == pytest.approx((1.0 - 0.6 * left, 1.0 + 2.0 * left))


@pytest.mark.parametrize("days", [0.25, 1.0])
def test_a_law_that_has_surprise_takes_it_once_and_for_the_whole_engagement(days):
    """Its weights are -0.25 and 0.3 a degree, of three."""
    assert surprised("full", days) == pytest.approx((exp(-0.75), exp(0.9)))


@pytest.mark.parametrize("days", [0.25, 2.0])
def test_a_fitted_advance_is_its_median_times_its_spread(days):
    """4 r^0.5 (N / 10,000)^0.1 T^0.8 km, prepared, two thirds of the sky; terrain is no factor."""
    still = ("attrition", "combat-fatigue", "cohesion")
    sky = [
        Air("ussr", "attacker", 100.0, 1.0, 2.0, 0.0),
        Air("japan", "defender", 50.0, 1.0, 2.0, 0.0),
    ]
    s = duel([red("r", "a", 4000.0)], [blue("j", "b", 1000.0, fortification=0.4)], days=days,
             without=still, advance="fitted", air=sky)  # fmt: skip
    places, legs = line("abc", 500.0, terrain="dunes")
    deep = replace(s.formations[1], depth_km=500.0)
    s = replace(s, places=tuple(places), legs=tuple(legs), formations=(s.formations[0], deep))
    draws = Streams("tiny", 1).within("battle/j/0", 0)
    _ = draws.normal(), draws.normal(), draws.exponential(), draws.exponential()
    z = draws.normal()
    km, ratio, total, time = GROUND
    median = km * 4.0**ratio * 0.5**total * days**time
    factors = exp(GROUND_WEIGHTS["prepared"] + GROUND_WEIGHTS["air"] / 3.0)
    expected = median * factors * exp(GROUND_SPREAD * z)
    front = play(s).series["front/x"][-1]
    assert front == pytest.approx(expected)


def test_a_fitted_advance_goes_by_the_fronts_width_where_it_is_known():
    """Twice the front at the same strength: half the density."""
    gained = {}
    for km in (0.0, 10.0, 20.0):
        s = duel([red("r", "a", 4000.0)], [blue("j", "b", 1000.0, depth_km=500.0)], days=1.0,
                 without=("attrition", "combat-fatigue", "cohesion"), advance="fitted")  # fmt: skip
        places, legs = line("abc", 500.0)
        s = replace(s, places=tuple(places), legs=tuple(legs))
        s = replace(s, axes=(replace(s.axes[0], frontage_km=km),))
        way = replace(central(advance="fitted").advance, residual_sd=0.0)
        dense = predictor(*way.predictor.core, weights={"density": -0.5})
        scales = dict(central().scales)
        scales["density"] = scales["density"]._replace(low=-inf, high=inf)
        under = replace(laws(), advance=replace(way, predictor=dense), scales=scales)
        gained[km] = play(s, under).series["front/x"][-1]
    km, ratio, total, _ = GROUND
    assert gained[0.0] == pytest.approx(km * 4.0**ratio * 0.5**total)
    assert gained[10.0] == pytest.approx(gained[0.0] * 400.0**-0.5)
    assert gained[20.0] == pytest.approx(gained[10.0] * 2.0**0.5)


def causes(days=0.2, **changes):
    """Intensities of the causes half way to the second assessment of an attack on b."""
    seen = []

    class Watched(Assessment):
        def rates(self, *given):
            found = super().rates(*given)
            seen.append(found)
            return found

    with patch.object(battle, "Assessment", Watched):
        play(duel([red("r", "a")], changes.pop("blues"), days=days, **changes), NO_ONE_QUITS)
    return dict(zip(CAUSES, seen[0].intensities, strict=False)), seen[0]


def test_causes_of_a_quiet_defence():
    """Nothing is lost or crossed yet; there are no reserves, and surprise is complete."""
    found, _ = causes(blues=[blue("j", "b")], surprise=3.0, days=1e-8)
    assert found == pytest.approx({
        "envelopment": 0.0, "neighbour-gone": 0.0, "surprise": 1.0, "key-ground": 0.0,
        "losses": 0.0, "reserves": 1.0, "supply": 0.0,
    }, abs=0.01)  # fmt: skip


def test_causes_are_those_half_way():
    """Surprise fades in three days; ground is crossed at 4 km a day, of a zone of 9 km."""
    found, rates = causes(blues=[blue("j", "b")], surprise=3.0, without=["attrition"])
    assert rates.days == 0.125
    assert found["surprise"] == pytest.approx(1.0 - 0.0625 / 3.0)
    ((_, _, advance),) = rates.phases
    assert found["key-ground"] == pytest.approx(0.0625 * advance / 9.0)
    assert found["envelopment"] == found["key-ground"]


def test_reserves_are_the_places_behind_that_are_held():
    found, _ = causes(blues=[blue("j", "b"), blue("k", "c")])
    assert found["reserves"] == 0.0
    assert found["surprise"] == 0.0


def test_rates_hold_for_the_step_or_to_the_end():
    for days in (0.01, 0.2):
        _, rates = causes(blues=[blue("j", "b")], without=["opposed-advance"], days=days)
        assert rates.days == pytest.approx(min(days, 0.125))
    ((_, breaks, advance),) = rates.phases
    assert (advance, breaks, rates.quits, rates.reckoning.end) == (0.0, 0.0, 0.0, inf)
    assert rates.reckoning.factors == pytest.approx(tuple(LOSSES["fatigue"][i][0] for i in (0, 1)))


def test_losses_count_by_their_scale():
    """Of 900 left and 100 lost a tenth is lost; at 0.2 losses are fully present."""
    found = []

    class Watched(Assessment):
        def rates(self, fight, lines):
            fight.toll.lost[1] = fight.defenders().men / 9.0
            made = super().rates(fight, lines)
            found.append(made.intensities[CAUSES.index("losses")])
            return made

    with patch.object(battle, "Assessment", Watched):
        play(duel([red("r", "a")], [blue("j", "b")], days=1e-8, without=ALONE[1:]),
             laws(breaks=0.0, cohesion__loss_scale=0.2))  # fmt: skip
    assert found[0] == pytest.approx(0.5, rel=1e-3)
