"""A battle asked for by itself is the campaign's own battle."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np
import pytest

from sandtable import battle
from sandtable.engine import grouping
from sandtable.laws.sampler import LawSampler
from sandtable.single_battle import BattleForecast, case_of
from sandtable.single_battle.stage import RESULTS, fight
from single_battle.campaigns import fought, write_battle

PAIRS = (("attacker_casualties", "attacker"), ("defender_casualties", "defender"))


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_battle(tmp_path_factory.mktemp("battle"))


def asked(scenario: Path, replications: int, **setting: object) -> BattleForecast:
    forces = f"{scenario}:attacker-army", f"{scenario}:defender-army"
    return battle(*forces, replications=replications, **setting)


@pytest.mark.verify
def test_it_is_the_battle_of_a_campaign_draw_by_draw(
    scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the luck of one name both come out alike, but for a campaign's repairs by the day."""
    monkeypatch.setattr(grouping, "army_of", lambda world, formation: "defender")
    own, there = asked(scenario, 120), fought(scenario, 120)
    for name, side in PAIRS:
        assert own.lost[side] == pytest.approx(there[name], rel=1e-3)
        assert np.mean(np.isclose(own.lost[side], there[name], rtol=1e-9)) > 0.95
    assert own.days == pytest.approx(there["days"], rel=1e-3)
    assert own.ground == pytest.approx(there["ground"], rel=1e-3)
    broke = own.result == RESULTS.index("defender breaks")
    assert broke.tolist() == (there["decision"] == "won").tolist()


@pytest.mark.verify
def test_its_medians_are_those_of_a_campaign_with_other_luck(scenario: Path) -> None:
    own, there = asked(scenario, 1500, days=None), fought(scenario, 1500)
    errors = {e.name: e.error for e in own.estimates}
    for name, side in PAIRS:
        apart = abs(np.median(own.lost[side]) - np.median(there[name]))
        assert apart < 3.0 * 2.0**0.5 * errors[f"{side}'s casualties"]
    won, error = own.chance("defender breaks")
    assert abs(won - np.mean(there["decision"] == "won")) < 3.0 * 2.0**0.5 * error


def test_losses_divide_as_the_side_says(scenario: Path) -> None:
    found = asked(scenario, 40)
    for side in ("attacker", "defender"):
        assert found.killed[side] == pytest.approx(0.25 * found.lost[side])
        assert found.missing[side] == pytest.approx(0.05 * found.lost[side])
    plain = battle("men=5000", "men=5000", replications=2)
    assert np.isnan(plain.killed["attacker"]).all()


def test_a_limit_of_days_cuts_a_battle_off() -> None:
    whole = battle("men=8000", "men=8000", replications=60)
    part = battle("men=8000", "men=8000", replications=60, days=0.5)
    over = whole.days <= 0.5
    assert 5 < over.sum() < 55
    assert (part.result[over] == whole.result[over]).all()
    assert part.lost["attacker"][over] == pytest.approx(whole.lost["attacker"][over])
    assert (part.result[~over] == RESULTS.index("stalemate")).all()
    # The last instant counts: the casualties are those of the whole half day.
    assert part.days[~over] == pytest.approx(0.5)
    assert (part.lost["attacker"][~over] > 0.0).all()


def test_what_is_unknown_counts_as_the_mean_of_the_table() -> None:
    laws = LawSampler.shipped("full", "fitted", {"attacker": "", "defender": ""}, 1940.0).central()
    scale = laws.scales["attacker-tanks"]
    density = np.expm1(scale.centre)
    found = []
    for words in ("men=9000", f"men=9000,tanks={9.0 * density}"):
        case = case_of(words, "men=6000,tanks=0", days=0.1)
        forces = case.attacker.central(), case.defender.central()
        found.append(fight(case, *forces, laws, seed=1, replication=0))
    assert found[0].lost == pytest.approx(found[1].lost, rel=1e-9)
    assert isnan(found[0].tanks[0]) and found[1].tanks[0] > 0.0


@pytest.fixture(scope="module")
def plain() -> BattleForecast:
    return battle("men=8000,tanks=40", "men=6000,tanks=10", replications=200)


@pytest.mark.verify
@pytest.mark.parametrize(
    ("setting", "more"),
    [
        ({"surprise": 3.0}, "defender breaks"),
        ({"air": 1.0}, "defender breaks"),
        ({"posture": "fortified"}, "attacker repulsed"),
        ({"wet": True}, "attacker repulsed"),
    ],
)
def test_circumstances_act_as_the_odds_law_says(
    setting: dict[str, object], more: str, plain: BattleForecast
) -> None:
    """Signs of the law's coefficients; the draws are shared, so that few suffice."""
    other = battle("men=8000,tanks=40", "men=6000,tanks=10", replications=200, **setting)
    assert other.chance(more)[0] > plain.chance(more)[0]


def test_the_front_and_the_depth_bound_the_ground() -> None:
    forces = "men=20000", "men=8000"
    open_, narrow = (battle(*forces, replications=60, depth_km=900.0, front_km=km)
                     for km in (40.0, 4.0))  # fmt: skip
    assert (narrow.ground < open_.ground).mean() > 0.9
    shallow = battle(*forces, replications=60, depth_km=1.5)
    assert shallow.ground.max() == pytest.approx(1.5)


def test_two_calls_are_paired_and_one_is_repeated() -> None:
    first = battle("men=8000", "men=6000", replications=80)
    again = battle("men=8000", "men=6000", replications=80)
    assert first.lost["attacker"].tolist() == again.lost["attacker"].tolist()
    other = battle("men=8000", "men=6600", replications=80)
    ratio = np.log(other.lost["attacker"] / first.lost["attacker"])
    unpaired = np.log(np.roll(other.lost["attacker"], 1) / first.lost["attacker"])
    assert ratio.std() < 0.2 * unpaired.std()
    elsewhere = battle("men=8000", "men=6000", replications=80, seed=2)
    assert elsewhere.lost["attacker"].tolist() != first.lost["attacker"].tolist()
    case = case_of("men=8000", "men=6000")
    forces = case.attacker.central(), case.defender.central()
    laws = LawSampler.shipped("full", "fitted", {"attacker": "", "defender": ""}, 1940.0).central()
    chance = {fight(case, *forces, laws, seed, replication).lost[0]
              for seed in (1, 2) for replication in (0, 1)}  # fmt: skip
    assert len(chance) == 4


@pytest.mark.verify
@pytest.mark.processes
def test_the_number_of_processes_changes_nothing() -> None:
    found = [battle("men=800", "men=600", replications=300, jobs=jobs) for jobs in (1, 2)]
    assert found[0].days.tolist() == found[1].days.tolist()
