"""Aircraft: shares of the sky and losses by hand."""

from dataclasses import replace

import pytest

from engine.builder import JAPAN, USSR, Air, blue, duel, play, red
from sandtable.engine.air import AirForces


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


def test_shares_are_those_of_the_sorties_that_can_be_flown():
    """150 sorties a day against 50."""
    air = AirForces((RED, BLUE), SIDES)
    assert air.sortie_share == pytest.approx({"attacker": 0.75, "defender": 0.25})
    assert air.superiority("attacker") == pytest.approx(0.5)
    assert air.superiority("defender") == pytest.approx(-0.5)


def test_losses_go_by_the_enemys_share_and_change_the_next_days():
    air = AirForces((RED, BLUE), SIDES)
    air.fly(2.0)
    assert air.lost == pytest.approx({"ussr": 300 * 0.02 * 0.5, "japan": 100 * 0.02 * 1.5})
    sorties = (100.0 - 3.0) * 1.5, 50.0 - 3.0
    assert air.sortie_share["attacker"] == pytest.approx(sorties[0] / sum(sorties))


def test_nobody_loses_more_aircraft_than_he_has():
    air = AirForces((RED, replace(BLUE, losses=5.0)), SIDES)
    air.fly(3.0)
    assert air.lost["japan"] == 50.0
    assert air.superiority("attacker") == 1.0
    air.fly(3.0)
    assert air.lost["japan"] == 50.0


def test_without_aircraft_the_sky_is_even_and_nothing_is_lost():
    air = AirForces((), SIDES)
    air.fly(1.0)
    assert not air.any_fly
    assert air.superiority("attacker") == air.superiority("defender") == 0.0
    assert air.lost == {"ussr": 0.0, "japan": 0.0}
