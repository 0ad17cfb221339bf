from __future__ import annotations

from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.scenario.findings import Findings
from sandtable.scenario.overrides import parse_set


def _use(scenario, key: str):
    return next(use for use in scenario.quantities if use.key == key)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("0.6", 0.6, 0.6), ("0.5..0.7", 0.5, 0.7), ("[0.5, 0.7]", 0.5, 0.7), (" 1 ", 1.0, 1.0)],
)
def test_quantity_is_set_as_an_assumption(load, text: str, low: float, high: float) -> None:
    use = _use(
        load(overrides=[f"formation.19-division.effectiveness={text}"]),
        "formation.19-division.effectiveness",
    )
    assert (use.kind, use.because, use.low, use.high) == (
        "assumed",
        "set on the command line",
        low,
        high,
    )


def test_whole_quantity_is_set(load) -> None:
    scenario = load(overrides=['formation.19-division.personnel={fact = "t-men"}'])
    use = _use(scenario, "formation.19-division.personnel")
    assert (use.kind, use.facts, use.low) == ("cited", ("t-men",), 9000.0)


def test_words_lists_and_moments_are_set(load) -> None:
    resolved = load(
        overrides=[
            "scenario.attrition=square",
            'order.cease.who=["19-division"]',
            "order.cease.when=1938-08-09",
            "axis.main.starts=1938-08-07..1938-08-08",
        ]
    ).sampler.draw([0.0] * 11)
    assert resolved.attrition == "square"
    assert resolved.orders[0].who == ("19-division",)
    assert resolved.orders[0].when == 3.0
    assert resolved.axes[0].starts == 1.0


@pytest.mark.parametrize(
    ("text", "day"),
    [("1938-08-07T05:45", 1 + 5.75 / 24), ("1938-08-07T05:45+09:00", 1 + 6.75 / 24),
     ("1938-08-07T05:45..1938-08-07T06:45", 1 + 6.25 / 24), ("1938-08-07T05:45..1938-08-08", None)],
)  # fmt: skip
def test_a_moment_needs_no_seconds(load, tmp_path: Path, text: str, day: float | None) -> None:
    """As in the register and in `vary`; a file of changes may quote it."""
    overlay = tmp_path / "overlay.toml"
    overlay.write_text(f'axis.main.starts = "{text}"\n')
    for given in ({"overrides": [f"axis.main.starts={text}"]}, {"overlay": overlay}):
        starts = load(**given).sampler.central().axes[0].starts
        assert starts == pytest.approx(day or (1 + 5.75 / 24 + 2) / 2)


def test_the_ends_of_the_campaign_are_set_without_seconds(load) -> None:
    loaded = load(
        overrides=["scenario.start=1938-08-06T00:01+10:00", "scenario.end=1938-08-11T12:00"]
    )
    assert loaded.calendar.days == pytest.approx(5.5 - 1 / 1440)


def test_nested_keys_and_legs_in_either_order(load) -> None:
    resolved = load(
        overrides=[
            "leg.hill--ford.length_km=40",
            "leg.camp--ford.length_km=55",
            "axis.main.fuel.carried_km=120",
            "axis.main.objectives.ford.planned=1938-08-07",
            "axis.main.fortified_regions.hill.how=mask",
            "supply.camp--ussr.place=ford",
            "place.ford.owner=ussr",
        ]
    ).sampler.central()
    assert [leg.length_km for leg in resolved.legs] == [55.0, 40.0]
    assert resolved.axes[0].fuel is not None and resolved.axes[0].fuel.carried_km == 120.0
    assert resolved.axes[0].objectives[0] == ("ford", 1.0)
    assert resolved.axes[0].fortified_regions["hill"].how == "mask"
    assert resolved.supply[0] == ("ford", "attacker")


def test_formation_overrides_its_establishment(load) -> None:
    by_id = {
        formation.id: formation
        for formation in load(overrides=["formation.40-division.guns=7"])
        .sampler.central()
        .formations
    }
    assert (by_id["40-division"].guns, by_id["32-division"].guns) == (7.0, 40.0)


def test_overlay_takes_paths_and_tables(load, tmp_path: Path) -> None:
    overlay = tmp_path / "changes.toml"
    overlay.write_text(
        '"scenario.attrition" = "linear"\n'
        "[formation.19-division]\npersonnel = 4000\neffectiveness = [0.2, 0.4]\n"
        '[leg]\nford--hill.length_km = {assumed = 50, because = "measured"}\n'
    )
    scenario = load(overlay=overlay)
    assert scenario.sampler.central().attrition == "linear"
    assert _use(scenario, "formation.19-division.personnel").because == "set in changes.toml"
    assert _use(scenario, "leg.ford--hill.length_km").because == "measured"


def test_command_line_beats_overlay_beats_variant(load, tmp_path: Path) -> None:
    overlay = tmp_path / "changes.toml"
    overlay.write_text('scenario.attrition = "linear"\nformation.19-division.personnel = 1000\n')
    resolved = load(
        variant="weak", overlay=overlay, overrides=["formation.19-division.personnel=2000"]
    ).sampler.central()
    assert resolved.attrition == "linear"
    assert resolved.formations[-1].personnel == 2000.0


def test_variant_keeps_the_names_of_all_other_draws(load) -> None:
    base, late = load().sampler.uncertain, load(variant="late").sampler.uncertain
    assert set(base) - set(late) == {"fact:t-value", "fact:t-first-day"}
    assert set(late) - set(base) == {"formation.19-division.effectiveness"}
    assert load(variant="late").sampler.central().axes[0].starts == 1.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "effectiveness=0.6",
            "effectiveness: found 'effectiveness'; allowed: a key path that begins with scenario, "
            "map, side, place, leg, establishment, formation, axis, order, lift, weather, air, "
            "supply, phase, order_of_battle, variant",
        ),
        (
            "formation.91-division.personnel=5",
            "formation.91-division.personnel: found 'formation.91-division'; allowed: one of the "
            "scenario's formation.19-division, formation.32-division, formation.40-division, "
            "formation.corps; did you mean 'formation.19-division'?",
        ),
        (
            "formation.19-division.personel=5",
            "formation.19-division.personel: found the key 'personel'; allowed: the keys "
            "personnel, tanks, guns, antitank_guns, armoured_cars, effectiveness, fortification, "
            "desertion, infantry, tank_hunters, depth_km, range_km, name, side, type, echelon, "
            "parent, establishment, start; "
            "did you mean 'personnel'?",
        ),
        (
            "formation.19-division=5",
            "formation.19-division: found no key; allowed: the keys personnel, tanks, guns, "
            "antitank_guns, armoured_cars, effectiveness, fortification, desertion, infantry, "
            "tank_hunters, depth_km, range_km, "
            "name, side, type, echelon, parent, establishment, start",
        ),
        (
            "formation.19-division.personnel.assumed=5",
            "formation.19-division.personnel.assumed: found a key below "
            "'formation.19-division.personnel'; allowed: 'formation.19-division.personnel' "
            "as a whole",
        ),
        (
            "formation.19-division.personnel",
            "formation.19-division.personnel: found 'formation.19-division.personnel'; allowed: "
            "KEY=VALUE, as formation.107-division.effectiveness=0.5..0.7",
        ),
        (
            "formation.19-division.effectiveness=1.5",
            "formation.19-division.effectiveness: found 1.5; allowed: a share from 0 to 1",
        ),
        (
            "formation.19-division.effectiveness=high",
            "formation.19-division.effectiveness.assumed: found 'high'; allowed: a number, or a "
            "range [low, high], each a number",
        ),
        (
            "scenario.attrition=sqare",
            "scenario.attrition: found 'sqare'; allowed: one of full, fatigue, free-exponents, "
            "square, linear, logarithmic, constant-rate; did you mean 'square'?",
        ),
        (
            "scenario.end=soon",
            "scenario.end: found 'soon'; allowed: a date, or a date and hour",
        ),
    ],
)
def test_faulty_change_is_told(load, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load(overrides=[text])
    assert str(caught.value) == f"--set: {message}"


def test_missing_overlay_is_told(load, tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(InputError) as caught:
        load(overlay=path)
    assert str(caught.value) == f"{path}: file: found no such file; allowed: a TOML file"


def test_fault_of_an_overlay_names_it(load, tmp_path: Path) -> None:
    path = tmp_path / "changes.toml"
    path.write_text("formation.19-division.personnel = -1\n")
    with pytest.raises(InputError) as caught:
        load(overlay=path)
    assert str(caught.value).startswith(f"{path}: formation.19-division.personnel: found -1;")


def test_text_that_looks_like_toml_stays_one_value() -> None:
    findings = Findings("")
    change = parse_set("scenario.title=1\nb = 2", findings)
    assert change is not None and change.value == "1\nb = 2"
    assert not findings.problems
