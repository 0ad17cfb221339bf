"""One engagement: the law's closed total, its hazard, echelons, regrouping, pieces."""

from dataclasses import replace
from math import exp, inf, log

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    GROUND,
    GROUND_SPREAD,
    GROUND_WEIGHTS,
    JAPAN,
    LOSSES,
    SPREAD,
    USSR,
    WEIGHTS,
    Air,
    axis,
    blue,
    central,
    laws,
    line,
    order,
    outcome,
    play,
    predictor,
    red,
    scenario,
)
from sandtable.laws.attrition import FORMS
from sandtable.streams import Streams

NO_ONE_QUITS = laws(breaks=0.0)
ALONE = ("cohesion", "surprise", "opposed-advance", "combat-fatigue", "air", "second-echelon")


def duel(attackers, defenders, **changes):
    """Nine kilometres, all of them in the defended zone: contact at H-hour."""
    places, legs = line("abc", 9.0)
    names = " ".join(f.id for f in attackers)
    start = changes.pop("starts", 0.0)
    surprise = changes.pop("surprise", 0.0)
    column = axis("x", names, "ab", starts=start, surprise=surprise)
    return scenario(places, legs, [*attackers, *defenders], [column], **changes)


def resolve_and_nerve(replication: int = 0) -> tuple[float, float]:
    """What the first engagement for b draws of both."""
    draws = Streams("tiny", 1).within("engagement/b/x/0", replication)
    _, _, resolve, nerve = (*_normals(draws, 2), draws.exponential(), draws.exponential())
    return resolve, nerve


def _normals(draws, count):
    return tuple(draws.normal() for _ in range(count))


@pytest.mark.parametrize("days", [0.25, 1.0, 5.0])
@pytest.mark.parametrize("law", FORMS)
def test_casualties_are_the_laws_closed_total(law, days):
    """C(T) = exp(k + posture) own^p opponent^q T^c, reckoned here from the coefficients alone."""
    s = duel(
        [red("r1", "a", 9000.0), red("r2", "a", 3000.0, effectiveness=0.5)],
        [blue("j", "b", 4000.0, effectiveness=0.8, fortification=0.3)],
        days=days, without=ALONE, attrition=law,
    )  # fmt: skip
    run = play(s, laws(attrition=law, certain=True))
    # The opponent counts by his effectiveness: 9000 and half of 3000 men, 0.8 of 4000.
    for (factor, p, q, c), role, own, opponent, name in zip(
        LOSSES[law], WEIGHTS, (12_000.0, 4000.0), (3200.0, 10_500.0), ("ussr", "japan"),
        strict=True,
    ):  # fmt: skip
        posture = exp(WEIGHTS[role]["prepared"]) if law != "constant-rate" else 1.0
        total = posture * factor * own**p * opponent**q * days**c
        assert 0.0 < total < own
        lost = run.outcomes[f"losses/{name}/personnel/total"]
        assert lost == pytest.approx(total, rel=1e-9)


def test_an_engagement_draws_its_spread_from_its_own_stream():
    """Factors exp(l11 z1) and exp(l21 z1 + l22 z2)."""
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=2.0, without=ALONE)
    certain = play(s, laws(certain=True)).outcomes
    run = play(s, replication=3).outcomes
    z1, z2 = _normals(Streams("tiny", 1).within("engagement/b/x/0", 3), 2)
    l11, l21, l22 = SPREAD
    for side, factor in (("ussr", exp(l11 * z1)), ("japan", exp(l21 * z1 + l22 * z2))):
        name = f"losses/{side}/personnel/total"
        assert run[name] == pytest.approx(certain[name] * factor, rel=1e-9)


def test_nobody_loses_more_than_he_has():
    s = duel([red("r", "a", 1e6)], [blue("j", "b", 50.0)], days=5.0, without=ALONE)
    monstrous = laws(certain=True)
    side = replace(monstrous.attrition.defender, predictor=predictor(20.0))
    run = play(s, replace(monstrous, attrition=replace(monstrous.attrition, defender=side)))
    assert run.outcomes["losses/japan/personnel/total"] == pytest.approx(50.0)
    assert run.log("defence gone", "defence broken")


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
        first = play(s, under, replication=replication).events[1]
        kinds.add(first.kind)
        assert first.day == pytest.approx(min(breaks, quits))
        assert first.kind == ("defence broken" if breaks < quits else "attack broken off")
    assert len(kinds) == 2


def test_a_broken_defence_falls_back_on_the_next_place():
    s = duel([red("r", "a")], [blue("j", "b", guns=40.0)], days=5.0, without=["attrition"])
    run = play(s, laws(breaks=AT_ONCE))
    # Pursuer and pursued march alike: they arrive in the same moment.
    assert sorted(run.log()) == [
        (0.0, "contact", "b", "x"),
        (pytest.approx(0.0, abs=1e-6), "defence broken", "b", "x"),
        (pytest.approx(0.0, abs=1e-6), "withdraws", "b", "j"),
        (pytest.approx(9.0 / FOOT, abs=1e-5), "arrives", "c", "j"),
        (pytest.approx(9.0 / FOOT, abs=1e-5), "captured", "b", "x"),
    ]
    assert run.outcomes["losses/japan/guns"] == pytest.approx(10.0)


def test_after_an_attack_was_broken_off_the_column_regroups():
    s = duel([red("r", "a")], [blue("j", "b")], days=3.0, without=["attrition"])
    run = play(s, laws(breaks=0.0, quits=AT_ONCE))
    # 1.25 days each time.
    assert run.log() == [
        (pytest.approx(1.25 * (i // 2), abs=1e-6), kind, "b", "x")
        for i, kind in enumerate(["contact", "attack broken off"] * 3)
    ]


def test_the_second_echelon_is_committed_when_the_attack_drags_on():
    """r1 has three to one; r2 comes in after a day."""
    for days, loses in ((1.0, False), (1.5, True)):
        s = duel([red("r1", "a", 3000.0), red("r2", "a", 9000.0)], [blue("j", "b", 900.0)],
                 days=days)  # fmt: skip
        run = play(s, NO_ONE_QUITS)
        assert run.outcomes["losses/r1/personnel/total"] > 0.0
        assert (run.outcomes["losses/r2/personnel/total"] > 0.0) is loses


def test_as_many_are_committed_as_three_to_one_needs():
    s = duel([red(f"r{i}", "a", 1000.0) for i in range(5)], [blue("j", "b", 900.0)], days=0.5)
    run = play(s, NO_ONE_QUITS)
    lost = [run.outcomes[f"losses/r{i}/personnel/total"] > 0.0 for i in range(5)]
    assert lost == [True, True, True, False, False]


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
    assert surprised("fatigue", 0.25) == pytest.approx((0.4, 3.0))
    # Four quarters of a day: a twelfth of the effect less each time.
    left = sum(1.0 - i / 12.0 for i in range(4)) / 4.0
    assert surprised("square", 1.0) == pytest.approx((1.0 - 0.6 * left, 1.0 + 2.0 * left))


@pytest.mark.parametrize("days", [0.25, 1.0])
def test_a_law_that_has_surprise_takes_it_once_and_for_the_whole_engagement(days):
    """Its weights are -0.25 and 0.3 a degree, of three."""
    assert surprised("full", days) == pytest.approx((exp(-0.75), exp(0.9)))


def test_fatigue_lowers_the_opponents_losses_step_by_step():
    """Square law: each quarter of a day the opponent has lost 0.0125 more of its effect."""
    s = duel([red("r", "a", 5000.0)], [blue("j", "b", 5000.0)], days=1.0, attrition="square",
             without=[x for x in ALONE if x != "combat-fatigue"])  # fmt: skip
    fresh = play(replace(s, mechanisms=s.mechanisms.without("combat-fatigue")),
                 laws(attrition="square", certain=True)).outcomes  # fmt: skip
    tired = play(s, laws(attrition="square", certain=True)).outcomes
    share = (1.0 + 0.9875 + 0.975 + 0.9625) / 4.0
    for side in ("ussr", "japan"):
        name = f"losses/{side}/personnel/total"
        assert tired[name] == pytest.approx(fresh[name] * share, rel=1e-9)


def test_tanks_go_by_the_share_of_men_and_come_back_from_repair():
    """Six times the share of personnel lost, times the weights; 0.55 return from repair."""

    def battle(days, stop=()):
        return duel(
            [red("r", "a", 10_000.0, tanks=100.0)],
            [blue("j", "b", 5000.0, antitank_guns=30.0, guns=20.0)],
            days=days, without=ALONE, orders=stop,
        )  # fmt: skip

    under = laws(certain=True, tanks__repair_days=2.5)
    # Steps of a whole battle: losses by the share of men who were there when it began.
    run = play(battle(1.0), under, step_days=1.0)
    share = run.outcomes["losses/ussr/personnel/total"] / 10_000.0
    disabled = run.outcomes["losses/ussr/tanks/disabled"]
    # 6 and 4 guns a thousand men are the densities at which the shares were found; without
    # aircraft their 0.05 falls away.
    assert disabled == pytest.approx(100.0 * share * 6.0 * 0.95)
    assert run.outcomes["losses/ussr/tanks"] == pytest.approx(0.45 * disabled)
    # The fight ends when j ceases fire after a day: what comes back by day 4 stays.
    stop = [order("stop", "cease-fire", "j", 1.1)]
    later = play(battle(6.0, stop), under, step_days=1.0)
    tanks = later.series["strength/ussr/tanks"]
    assert tanks[2] == pytest.approx(100.0 - disabled)
    assert tanks[6] == pytest.approx(100.0 - 0.45 * disabled)


def test_shares_of_tank_losses_sum_to_one_and_follow_the_weapons():
    s = duel([red("r", "a", tanks=100.0)], [blue("j", "b", 5000.0, antitank_guns=60.0)], days=1.0)
    run = play(s, NO_ONE_QUITS).outcomes
    shares = {
        name.rpartition("/")[2]: value for name, value in run.items() if "/ussr/tanks/by/" in name
    }
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["artillery"] == 0.0
    assert max(shares, key=shares.get) == "anti-tank-guns"


def test_air_losses_and_superiority_by_hand():
    """100 against 50 aircraft: 200 and 100 sorties a day, two thirds of the sky."""
    s = duel([red("r", "a")], [blue("j", "b")], days=1.0, starts=9.0, air=[
        Air("ussr", "attacker", 100.0, 1.0, 2.0, 0.01),
        Air("japan", "defender", 50.0, 1.0, 2.0, 0.01),
    ])  # fmt: skip
    run = play(s)
    assert run.outcomes["losses/ussr/aircraft"] == pytest.approx(200 * 0.01 * 2 / 3)
    assert run.outcomes["losses/japan/aircraft"] == pytest.approx(100 * 0.01 * 4 / 3)


def test_casualties_are_divided_as_the_side_says():
    sides = (USSR, replace(JAPAN, killed=0.5, captured=0.1, missing=0.15))
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=1.0, sides=sides)
    run = play(s, NO_ONE_QUITS).outcomes
    total = run["losses/japan/personnel/total"]
    parts = [
        run[f"losses/japan/personnel/{k}"] for k in ("killed", "captured", "missing", "wounded")
    ]
    assert parts == pytest.approx([0.5 * total, 0.1 * total, 0.15 * total, 0.25 * total])


def test_the_sick_are_counted_by_the_day():
    sides = (replace(USSR, sick=0.01), JAPAN)
    s = duel([red("r", "a")], [blue("j", "b")], days=3.0, starts=9.0, sides=sides)
    run = play(s).outcomes
    assert run["losses/ussr/personnel/sick"] == pytest.approx(10_000 * (1 - 0.99**3))


def test_hazards_of_both_sides_compete():
    """With equal constant hazards and no causes at work the attack fails half of the time."""
    under = replace(laws(breaks=1.0, quits=1.0), cohesion_shares=(0.0,) * 7 + (1.0,))
    s = duel([red("r", "a")], [blue("j", "b")], days=30.0, without=["attrition"])
    first = [play(s, under, replication=r).events[1].kind for r in range(400)]
    assert set(first) == {"attack broken off", "defence broken"}
    # Standard error 0.025.
    assert abs(first.count("defence broken") / 400 - 0.5) < 0.08


def test_losses_of_the_last_instant_stand_in_the_last_row():
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=1.0, without=ALONE)
    run = play(s)
    lost = run.outcomes["losses/japan/personnel/total"]
    assert run.series["losses/japan/personnel"][-1] == pytest.approx(lost)
    assert run.series["strength/japan/personnel"][-1] == pytest.approx(5000.0 - lost)


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
    draws = Streams("tiny", 1).within("engagement/b/x/0", 0)
    *_, z = (*_normals(draws, 2), draws.exponential(), draws.exponential(), draws.normal())
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
