"""Phases of a scenario as written: who takes part, with what, where, and on whose side."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.scenario import describe, load_scenario
from sandtable.scenario.description import Unit
from shipped import shipped

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


def test_every_sum_of_the_whole_is_that_of_a_phase() -> None:
    """The 39th Corps gains regiments by phases, and no day has the sum of their first strengths."""
    scenario = shipped("lake-khasan-1938")
    whole = units(describe(scenario).order_of_battle)
    parts = [
        units(describe(load_scenario("lake-khasan-1938", phase=span.id)).order_of_battle)
        for span in scenario.calendar.phases
    ]
    for unit in whole.values():
        first = next(part[unit.id] for part in parts if unit.id in part)
        assert unit.strength in ({}, first.strength), unit.id
    unknown = {unit.id for unit in whole.values() if not unit.strength}
    assert unknown == {"1-red-banner-army", "39-rifle-corps", "40-rifle-division", "19-division"}


def units(tops: Iterable[Unit]) -> dict[str, Unit]:
    return {u.id: u for top in tops for u in (top, *units(top.below).values())}


def test_who_attacks_in_a_phase(load) -> None:
    told = describe(load())
    assert [side.coalition for side in told.sides] == [None, None]
    assert [phase.attackers for phase in told.phases] == [("blue",), ("red",)]
    sides = describe(load(phase="first")).sides
    assert {side.id: side.coalition for side in sides} == {"red": "defender", "blue": "attacker"}


LANDING = """
[[formation]]
id = "red-marines"
name = "Red Marines"
side = "red"
type = "rifle"
echelon = "regiment"
personnel = { assumed = 900, because = "of the test" }
effectiveness = { assumed = 0.8, because = "of the test" }
[[order]]
id = "red-lands"
what = "land-from-sea"
who = ["red-marines"]
place = "east"
when = { assumed = 1939-05-12T06:00:00+08:00, because = "of the test" }
phases = ["second"]
"""


def test_nobody_attacks_without_an_axis_or_a_landing(tmp_path: Path, register: Path) -> None:
    text = FILE.read_text("utf-8")
    axis = text[
        text.index('[[axis]]\nid = "red-drive"') : text.index('[[axis]]\nid = "blue-drive"')
    ]
    text = text.replace(axis, "")
    landing = text.replace('["red-army", "blue-1"]', '["blue-1", "red-marines"]') + LANDING
    for name, written, attackers in (("lull", text, ()), ("landing", landing, ("red",))):
        file = tmp_path / f"{name}.toml"
        file.write_text(written, "utf-8")
        told = describe(load_scenario(file, register_root=register)).phases
        assert [phase.attackers for phase in told] == [("blue",), attackers]


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


def test_the_whole_has_the_air_forces_of_the_last_phase_in_which_a_side_has_any(
    tmp_path: Path, register: Path
) -> None:
    air = """
[[air]]
id = "{id}"
side = "{side}"
phases = ["{phase}"]
aircraft = {{assumed = {aircraft}, because = "so many"}}
serviceable = {{assumed = 1, because = "all"}}
sorties = {{assumed = 1, because = "usual"}}
losses = {{assumed = 0, because = "none"}}
"""
    path = tmp_path / "phases.toml"
    forces = [
        ("red-before", "red", "first", 10), ("blue", "blue", "first", 20),
        ("red-army", "red", "second", 30), ("red-fleet", "red", "second", 40),
    ]  # fmt: skip
    names = ("id", "side", "phase", "aircraft")
    text = "".join(air.format(**dict(zip(names, force, strict=True))) for force in forces)
    path.write_text(FILE.read_text(encoding="utf-8") + text, encoding="utf-8")
    whole = load_scenario(path, register_root=register).sampler.central()
    assert [force.id for force in whole.air] == ["red-army", "red-fleet", "blue"]
    assert [[f.id for f in part.air] for part in whole.phases] == [
        ["red-before", "blue"], ["red-army", "red-fleet"],
    ]  # fmt: skip
