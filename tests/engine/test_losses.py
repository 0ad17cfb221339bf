"""Losses in action: shares of men, tanks by cause, guns, cars, and what is repaired."""

import pytest

from engine.builder import (
    JAPAN,
    USSR,
    blue,
    duel,
    laws,
    line,
    order,
    play,
    red,
    scenario,
)
from sandtable.engine.losses import Losses, Threat, threat_of
from sandtable.engine.network import Network
from sandtable.engine.state import Formation

NO_ONE_QUITS = laws(breaks=0.0)
ALONE = ("cohesion", "surprise", "opposed-advance", "combat-fatigue", "air", "second-echelon")


def test_tanks_go_by_the_share_of_men_and_come_back_from_repair():
    """Six times the share of personnel lost, times the weights; 0.55 return from repair."""

    def battle(days, stop=()):
        return duel(
            [red("r", "a", 10_000.0, tanks=100.0)],
            [blue("j", "b", 5000.0, antitank_guns=30.0, guns=20.0)],
            days=days, without=ALONE, orders=stop,
        )  # fmt: skip

    under = laws(certain=True, tanks__repair_days=2.5)
    run = play(battle(1.0), under)
    share = run.outcomes["losses/ussr/personnel/total"] / 10_000.0
    disabled = run.outcomes["losses/ussr/tanks/disabled"]
    # 6 and 4 guns a thousand men are the densities at which the shares were found; without
    # aircraft their 0.05 falls away.
    assert disabled == pytest.approx(100.0 * (1.0 - (1.0 - share) ** (6.0 * 0.95)))
    assert run.outcomes["losses/ussr/tanks"] == pytest.approx(0.45 * disabled)
    # The fight ends when j ceases fire after a day: what comes back by day 4 stays.
    stop = [order("stop", "cease-fire", "j", 1.0)]
    later = play(battle(6.0, stop), under)
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


USUAL = Threat(1.0, (0.5, 0.2, 0.1, 0.0, 0.2))


def kept(repair: bool = True, **figures: float) -> tuple[Losses, Network]:
    places, legs = line("ab")
    planning = laws(**figures).planning
    return Losses(planning, (USSR, JAPAN), repair=repair), Network(scenario(places, legs, [], []))


def division(personnel: float = 1000.0, **pieces: float) -> Formation:
    return Formation(red("r", "a", personnel, **pieces), 9.0)


def test_every_arm_loses_its_share_and_nothing_vanishes():
    """A tenth of the men; tanks and cars at six times that rate; guns at half of it."""
    armour, guns = 1.0 - 0.9**6, 1.0 - 0.9**0.5
    losses, net = kept(repair=False, guns__rate_ratio=0.5)
    f = division(tanks=50.0, guns=30.0, antitank_guns=10.0, armoured_cars=20.0)
    losses.take([f], 0.1, USUAL, net.nodes["b"], 1.0)
    assert (f.personnel, f.losses.in_action) == pytest.approx((900.0, 100.0))
    out = 50.0 * armour
    assert (f.tanks, f.losses.tanks_disabled, f.losses.tanks) == pytest.approx(
        (50.0 - out, out, out)
    )
    cars = 20.0 * armour
    assert (f.armoured_cars, f.losses.armoured_cars) == pytest.approx((20.0 - cars, cars))
    assert (f.guns, f.antitank_guns) == pytest.approx((30.0 * (1.0 - guns), 10.0 * (1.0 - guns)))
    assert f.losses.guns == pytest.approx(40.0 * guns)
    assert losses.personnel == {("b", "ussr"): pytest.approx(100.0)}
    assert losses.tanks == {("b", "ussr"): pytest.approx(out)}
    shares = [0.5, 0.2, 0.1, 0.0, 0.2]
    assert losses.tank_causes["ussr"] == pytest.approx([out * share for share in shares])
    assert losses.tank_causes["japan"] == [0.0] * 5


def test_the_battle_adds_up_over_formations_and_days():
    losses, net = kept()
    first, second = division(1000.0), division(3000.0)
    losses.take([first, second], 0.1, USUAL, net.nodes["b"], 1.0)
    losses.take([second], 0.1, USUAL, net.nodes["b"], 2.0)
    assert losses.personnel == {("b", "ussr"): pytest.approx(100.0 + 300.0 + 270.0)}


def test_never_more_than_there_is():
    losses, net = kept(guns__rate_ratio=9.0)
    f = division(tanks=5.0, guns=3.0)
    losses.take([f], 1.0, Threat(3.0, USUAL.shares), net.nodes["b"], 0.0)
    assert f.personnel == f.tanks == f.guns == 0.0


def test_what_can_be_repaired_comes_back_on_its_day():
    """0.55 of the ten after 2.5 days; none to a formation that is no more."""
    losses, net = kept(tanks__repair_days=2.5)
    alive, dead = division(tanks=20.0), division(tanks=20.0)
    for f in (alive, dead):
        losses.disable(f, 10.0, USUAL, net.nodes["b"], 1.0)
    assert alive.losses.tanks == pytest.approx(4.5)
    losses.give_back(3.4)
    assert (alive.tanks, len(losses.in_repair)) == (10.0, 2)
    dead.personnel = 0.0
    losses.give_back(3.5)
    assert (alive.tanks, alive.losses.tanks) == pytest.approx((15.5, 4.5))
    assert (dead.tanks, dead.losses.tanks) == pytest.approx((10.0, 10.0))
    assert losses.in_repair == []


def test_a_threat_is_the_sum_of_its_causes():
    """Three anti-tank guns and eight guns a thousand men, where 6 and 4 are usual."""
    planning = laws().planning
    shares = (0.5, 0.15, 0.1, 0.05, 0.2)
    enemy = [division(1500.0, antitank_guns=6.0), division(500.0, guns=16.0)]
    threat = threat_of(planning.tanks, shares, enemy, 1.0)
    weights = (0.25, 0.3, 0.1, 0.1, 0.2)
    assert threat.weight == pytest.approx(sum(weights))
    assert threat.shares == pytest.approx([w / sum(weights) for w in weights])
