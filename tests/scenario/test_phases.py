"""Phases of a scenario as written: who takes part, with what, where, and on whose side."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.scenario import describe, load_scenario

FILE = Path(__file__).parents[1] / "inputs" / "scenarios" / "valid" / "two-phases.toml"


@pytest.fixture
def load(register: Path):
    return lambda **changes: load_scenario(FILE, register_root=register, **changes)


def strengths(part) -> dict[str, tuple[str | None, float, str]]:
    return {f.id: (f.start, f.personnel, f.coalition) for f in part.formations if f.personnel}


def test_each_phase_has_its_order_of_battle(load) -> None:
    first, second = load().sampler.central().phases
    assert strengths(first) == {
        "red-1": ("hill", 1000.0, "defender"), "blue-1": ("east", 5000.0, "attacker"),
    }  # fmt: skip
    assert strengths(second) == {
        "red-1": ("west", 10_000.0, "attacker"), "blue-1": ("hill", 3000.0, "defender"),
    }  # fmt: skip
    # What the order of battle doesn't say stays as the formation has it, unless it names a pattern.
    there = {f.id: f for f in first.formations}
    assert there["blue-1"].antitank_guns == 8.0
    assert (there["red-1"].tanks, there["red-1"].effectiveness) == (0.0, 0.5)
    assert [[a.id for a in part.axes] for part in (first, second)] == [
        ["blue-drive"],
        ["red-drive"],
    ]
    assert first.places_by_id["hill"].coalition == "defender"


def test_one_phase_alone_is_the_phase_of_the_whole(load) -> None:
    whole = load().sampler.central()
    for part in whole.phases:
        alone = load(phase=part.phase)
        assert alone.sampler.central() == part
        assert alone.calendar == part.calendar
        assert set(alone.sampler.uncertain) <= set(load().sampler.uncertain)


def test_the_whole_keeps_sides_and_holders_of_its_own(load) -> None:
    whole = load().sampler.central()
    assert {s.id: s.coalition for s in whole.sides} == {"red": "attacker", "blue": "defender"}
    assert whole.places_by_id["hill"].coalition == "defender"
    assert [span.start for span in whole.calendar.phases] == [0.0, 10.0]
    assert {s.id: s.colour for s in whole.phases[0].sides} == {s.id: s.colour for s in whole.sides}


def test_moments_of_a_phase_are_told_on_the_campaigns_calendar(load) -> None:
    starts = {"assumed": "1939-05-12T06:00:00+08:00", "because": "a day later"}
    override = [f'axis.red-drive.starts={{assumed = {starts["assumed"]}, because = "a day later"}}']
    whole = load(overrides=override)
    assert whole.sampler.central().phases[1].axes[0].starts == 1.0
    assert {a.id: a.starts for a in whole.sampler.central().axes}["red-drive"] == 11.0
    (use,) = [u for u in whole.quantities if u.key == "axis.red-drive.starts"]
    assert (use.low, use.high) == (11.0, 11.0)
    (alone,) = [
        u for u in load(overrides=override, phase="second").quantities
        if u.key == "axis.red-drive.starts"
    ]  # fmt: skip
    assert alone.low == 1.0


def test_an_order_of_battle_is_set_by_its_key_path(load) -> None:
    first, second = (
        load(overrides=["order_of_battle.first--blue-1.personnel=700"]).sampler.central().phases
    )
    assert strengths(first)["blue-1"][1] == 700.0
    assert strengths(second)["blue-1"][1] == 3000.0


def test_every_quantity_is_told_once(load) -> None:
    keys = [use.key for use in load().quantities]
    assert len(keys) == len(set(keys))
    assert "order_of_battle.first--red-1.personnel" in keys
    units = {u.id: u.strength["personnel"] for u in describe(load()).order_of_battle}
    assert units == {"red-army": (1000.0, 1000.0), "blue-1": (5000.0, 5000.0)}
    units = {u.id: u.strength["personnel"] for u in describe(load(phase="second")).order_of_battle}
    assert units == {"red-army": (8000.0, 12_000.0), "blue-1": (3000.0, 3000.0)}


def test_a_phase_that_there_is_not(load, minimal: Path, register: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(phase="frist")
    assert str(caught.value) == (
        "--phase: found 'frist'; allowed: one of first, second; did you mean 'first'?"
    )
    with pytest.raises(InputError) as caught:
        load_scenario(minimal, register_root=register, phase="first")
    assert str(caught.value) == (
        "--phase: found 'first'; allowed: none: the scenario has no phases"
    )
