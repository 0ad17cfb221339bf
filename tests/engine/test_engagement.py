"""One engagement: the law's closed total, its hazard, echelons, regrouping, pieces."""

from dataclasses import replace
from itertools import pairwise
from math import exp

import pytest

from engine.builder import (
    AT_ONCE,
    LOSSES,
    SPREAD,
    WEIGHTS,
    blue,
    duel,
    laws,
    play,
    predictor,
    red,
)
from sandtable.laws.attrition import FORMS
from sandtable.streams import Streams

NO_ONE_QUITS = laws(breaks=0.0)
ALONE = ("cohesion", "surprise", "opposed-advance", "combat-fatigue", "air", "second-echelon")


@pytest.mark.parametrize("days", [0.25, 1.0, 5.0])
@pytest.mark.parametrize("law", FORMS)
def test_casualties_are_the_laws_closed_total(law, days):
    """C(T) = exp(k + posture) own^p opponent^q T^c e^0.5 / e'^0.2, from the coefficients alone.

    e is what a man of the opponent is worth, e' one of their own.
    """
    s = duel(
        [red("r1", "a", 9000.0), red("r2", "a", 3000.0, effectiveness=0.5)],
        [blue("j", "b", 4000.0, effectiveness=0.8, fortification=0.3)],
        days=days, without=ALONE, attrition=law,
    )  # fmt: skip
    run = play(s, laws(attrition=law, certain=True))
    # 9000 men of full worth and 3000 of half.
    worth = {"ussr": 10_500.0 / 12_000.0, "japan": 0.8}
    for (factor, p, q, c), role, own, opponent, name, enemy in zip(
        LOSSES[law], WEIGHTS, (12_000.0, 4000.0), (4000.0, 12_000.0), ("ussr", "japan"),
        ("japan", "ussr"), strict=True,
    ):  # fmt: skip
        posture = exp(WEIGHTS[role]["prepared"]) if law != "constant-rate" else 1.0
        quality = worth[enemy] ** 0.5 / worth[name] ** 0.2
        total = posture * factor * own**p * opponent**q * days**c * quality
        assert 0.0 < total < own
        lost = run.outcomes[f"losses/{name}/personnel/total"]
        assert lost == pytest.approx(total, rel=1e-9)


def test_an_engagement_draws_its_spread_from_its_own_stream():
    """Factors exp(l11 z1) and exp(l21 z1 + l22 z2)."""
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=2.0, without=ALONE)
    certain = play(s, laws(certain=True)).outcomes
    run = play(s, replication=3).outcomes
    draws = Streams("tiny", 1).within("battle/j/0", 3)
    z1, z2 = draws.normal(), draws.normal()
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


def test_fatigue_lowers_the_opponents_losses_step_by_step():
    """Square law: by each assessment both have lost 0.05 of their effect for each day.

    What a man is worth counts by its root on the other side's losses, and by the fifth root on
    its own.
    """
    s = duel([red("r", "a", 5000.0)], [blue("j", "b", 5000.0)], days=1.0, attrition="square",
             without=[x for x in ALONE if x != "combat-fatigue"])  # fmt: skip
    fresh = play(replace(s, mechanisms=s.mechanisms.without("combat-fatigue")),
                 laws(attrition="square", certain=True)).outcomes  # fmt: skip
    tired = play(s, laws(attrition="square", certain=True)).outcomes
    # A day at most, and never longer than the battle has lasted.
    days = (0.0, 0.125, 0.25, 0.5, 1.0)
    share = sum((b - a) * (1.0 - 0.05 * a) ** (0.5 - 0.2) for a, b in pairwise(days))
    for side in ("ussr", "japan"):
        name = f"losses/{side}/personnel/total"
        assert tired[name] == pytest.approx(fresh[name] * share, rel=1e-9)
