"""Circumstances of an engagement, as a campaign knows them, reach the laws: each by hand.

Weights of the factors and scales are the builder's: a factor is its own number.
"""

from dataclasses import replace
from math import exp, log

import pytest

from engine.builder import (
    FOOT,
    FURTHER,
    JAPAN,
    LOSSES,
    USSR,
    WEIGHTS,
    Air,
    Weather,
    axis,
    blue,
    laws,
    line,
    order,
    play,
    predictor,
    red,
    scenario,
)

STILL = ("cohesion", "opposed-advance", "combat-fatigue", "second-echelon")
FULL = laws(attrition="full", certain=True)
ATTACKS = 1.0
"""Day of the attack: what happens at H-hour is done by then."""


def duel(reds=None, blues=None, orders=(), *, days=0.5, without=(), surprise=0.0, **changes):
    """An attack at day 1 over nine kilometres, all of them in the defended zone."""
    places, legs = line("abc", 9.0)
    reds, blues = reds or [red("r", "a")], blues or [blue("j", "b", 5000.0)]
    column = axis("x", " ".join(f.id for f in reds), "ab", starts=ATTACKS, surprise=surprise)
    return scenario(
        places, legs, [*reds, *blues], [column], orders, days=ATTACKS + days,
        without=[*STILL, *without], attrition="full", **changes,
    )  # fmt: skip


def lost(s, under=FULL):
    run = play(s, under)
    sides = run.world.by_coalition
    return tuple(sum(f.losses.in_action for f in sides[s]) for s in ("attacker", "defender"))


def factors(s, under=FULL, beside=None):
    """Losses of (attacker, defender) over those of the plain duel."""
    pairs = zip(lost(s, under), lost(beside or duel(), under), strict=True)
    return pytest.approx([with_it / plain for with_it, plain in pairs], rel=1e-9)


def weighted(name, x, table=FURTHER):
    return [exp(weights[name] * x) for weights in table.values()]


def works(*degrees):
    return duel(blues=[blue(f"j{i}", "b", 2500.0, fortification=x) for i, x in enumerate(degrees)])


@pytest.mark.parametrize(
    ("degrees", "posture"),
    [
        ((0.24, 0.24), None), ((0.25, 0.25), "prepared"), ((0.0, 0.5), "prepared"),
        ((0.59, 0.59), "prepared"), ((0.6, 0.6), "fortified"), ((1.0, 0.2), "fortified"),
    ],
)  # fmt: skip
def test_works_make_the_posture_by_their_mean(degrees, posture):
    expected = weighted(posture, 1.0, WEIGHTS) if posture else [1.0, 1.0]
    assert factors(works(*degrees)) == expected


def test_the_mean_of_the_works_is_by_men():
    blues = [blue("j", "b", 1000.0, fortification=1.0), blue("k", "b", 4000.0)]
    assert factors(duel(blues=blues)) == [1.0, 1.0]
    blues = [blue("j", "b", 1300.0, fortification=1.0), blue("k", "b", 3700.0)]
    assert factors(duel(blues=blues)) == weighted("prepared", 1.0, WEIGHTS)


def test_a_delay_is_a_delay_whatever_the_works_but_only_if_all_delay():
    blues = [blue("j", "b", 2500.0, fortification=0.9), blue("k", "b", 2500.0, fortification=0.9)]
    both = duel(blues=blues, orders=[order("o", "delay", "j k", 0.0)])
    assert factors(both) == weighted("delay", 1.0, WEIGHTS)
    one = duel(blues=blues, orders=[order("o", "delay", "j", 0.0)])
    assert factors(one) == weighted("fortified", 1.0, WEIGHTS)


def test_without_fortification_a_defence_is_hasty():
    blues = [blue("j", "b", 5000.0, fortification=0.9)]
    assert factors(duel(blues=blues, without=["fortification"])) == [1.0, 1.0]


def test_it_is_wet_where_and_when_it_rains():
    rain = [Weather("w", ("b",), 1.0)]
    assert factors(duel(weather=rain)) == weighted("wet", 1.0)
    assert factors(duel(weather=[Weather("w", ("a", "c"), 1.0)])) == [1.0, 1.0]
    assert factors(duel(weather=[Weather("w", ("b",), 0.0)])) == [1.0, 1.0]
    assert factors(duel(weather=rain, without=["weather"])) == [1.0, 1.0]


def test_tanks_count_by_the_thousand_men_of_their_side():
    """200 tanks of 10,000 men, 10 of 5000: ln(1 + 20), ln(1 + 2)."""
    reds = [red("r", "a", 4000.0, tanks=150.0), red("s", "a", 6000.0, tanks=50.0)]
    assert factors(duel(reds)) == weighted("attacker-tanks", log(21.0))
    blues = [blue("j", "b", 5000.0, tanks=10.0)]
    assert factors(duel(blues=blues)) == weighted("defender-tanks", log(3.0))


def test_superiority_in_the_air_is_by_the_sorties():
    """300 sorties a day against 100: three quarters of the sky, halfway to all of it."""
    sky = [
        Air("ussr", "attacker", 100.0, 1.0, 3.0, 0.0),
        Air("japan", "defender", 50.0, 0.5, 4.0, 0.0),
    ]
    assert factors(duel(air=sky)) == weighted("air", 0.5)
    assert factors(duel(air=sky[:1])) == weighted("air", 1.0)
    assert factors(duel(air=sky[1:])) == weighted("air", -1.0)
    assert factors(duel(air=sky, without=["air"])) == [1.0, 1.0]


def test_surprise_counts_by_its_degree():
    assert factors(duel(surprise=2.5)) == weighted("surprise", 2.5)
    assert factors(duel(surprise=2.5, without=["surprise"])) == [1.0, 1.0]


def test_the_circumstances_are_looked_at_anew_when_forces_change():
    """Formation k joins j after a march of nine kilometres; complete surprise fades meanwhile."""
    orders = [order("o", "reinforce", "k", ATTACKS, place="b")]
    blues = [blue("j", "b", 5000.0), blue("k", "c", 5000.0)]
    found, _ = lost(duel(blues=blues, orders=orders, days=1.0, surprise=3.0))
    (factor, p, q, c), _ = LOSSES["full"]
    joins = 9.0 / FOOT
    first = factor * 10_000.0**p * 5000.0**q * joins**c
    then = factor * 10_000.0**p * 10_000.0**q - first
    assert found == pytest.approx(first * exp(-0.25 * 3.0) + then * exp(-0.25 * (3.0 - joins)))


def test_an_army_has_its_effects_and_the_one_with_most_men_counts():
    """USSR as attacker 0.5 and as defender 9 in the logarithm, Mongolia -0.4, Japan 0.3."""
    names = ("ussr", "mongolia", "japan")
    attacking = dict(zip(names, (0.5, -0.4, 7.0), strict=True))
    defending = dict(zip(names, (9.0, 8.0, 0.3), strict=True))
    law = FULL.attrition
    armed = replace(law.attacker.predictor, armies=(attacking, defending))
    under = replace(FULL, attrition=replace(law, attacker=replace(law.attacker, predictor=armed)))
    mongolia = replace(USSR, id="mongolia")
    for mongols, effect in ((4900.0, 0.5), (5100.0, -0.4)):
        reds = [
            red("r", "a", 10_000.0 - mongols),
            replace(red("m", "a", mongols), side="mongolia"),
        ]
        s = duel(reds, sides=(USSR, mongolia, JAPAN))
        attacker, defender = (
            there / plain for there, plain in zip(lost(s, under), lost(s), strict=True)
        )
        assert attacker == pytest.approx(exp(effect + 0.3))
        assert defender == pytest.approx(1.0)


def test_the_year_is_the_campaigns():
    """A law whose casualties rise by a tenth each year, from 1939 to 1945 at most."""
    law = FULL.attrition
    older = predictor(*law.attacker.predictor.core, weights={"year": log(1.1)})
    under = replace(
        FULL,
        attrition=replace(law, attacker=replace(law.attacker, predictor=older)),
        scales={**FULL.scales, "year": FULL.scales["year"]._replace(high=1945.0)},
    )
    for year, factor in ((1939.0, 1.0), (1941.0, 1.1**2), (1990.0, 1.1**6)):
        s = duel(year=year)
        assert lost(s, under)[0] == pytest.approx(factor * lost(duel(), under)[0])
