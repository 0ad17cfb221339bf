from __future__ import annotations

import dataclasses
import math
import tomllib
from types import SimpleNamespace

import numpy as np
import pytest

import fakes
from sandtable.errors import InputError
from sandtable.laws.coefficients import load_coefficients
from sandtable.scenario import WINDING, to_toml
from sandtable.scenario.geometry import EARTH_RADIUS_KM, great_circle_km
from sandtable.scenario.resolve import side_colours
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.vocabulary import COALITION_COLOURS, PALETTE

PERSONNEL = 'personnel = {fact = "t-men"}\neffectiveness = {assumed = 0.8'
WHEN = 'when = {assumed = 1938-08-11T12:00:00, because = "agreed"}'


def _at(lat: float, lon: float) -> SimpleNamespace:
    return SimpleNamespace(lat=lat, lon=lon)


def _personnel(variation, value: str):
    return variation((PERSONNEL, f"personnel = {value}\neffectiveness = {{assumed = 0.8"))


def _use(scenario, key: str):
    return next(use for use in scenario.quantities if use.key == key)


def test_great_circle_between_two_airports() -> None:
    # Nashville to Los Angeles, the worked example in common use: 2887.2599506 km on a sphere of
    # 6372.8 km.
    distance = great_circle_km(_at(36.12, -86.67), _at(33.94, -118.40))
    assert distance == pytest.approx(2887.2599506071106 * EARTH_RADIUS_KM / 6372.8, rel=1e-12)


def test_radius_is_that_of_the_reference_ellipsoid() -> None:
    # Semi-axes of GRS 80 in metres (Moritz 2000).
    assert pytest.approx((2 * 6378137.0 + 6356752.3141) / 3000, abs=5e-5) == EARTH_RADIUS_KM


def test_great_circle_to_the_antipode_and_across_the_date_line() -> None:
    assert great_circle_km(_at(10, 20), _at(-10, -160)) == pytest.approx(math.pi * EARTH_RADIUS_KM)
    assert great_circle_km(_at(0, 179), _at(0, -179)) == pytest.approx(
        math.radians(2) * EARTH_RADIUS_KM
    )


@pytest.mark.parametrize(
    ("road", "terrain", "winding"),
    [
        ("rail", "flat", 1.1),
        ("road", "flat", 1.2),
        ("track", "flat", 1.3),
        ("none", "flat", 1.15),
        ("none", "sea", 1.0),
    ],
)
def test_length_of_a_leg_by_default(load, variation, road: str, terrain: str, winding) -> None:
    path = variation(
        ('terrain = "rolling"\nroad = "road"', f'terrain = "{terrain}"\nroad="{road}"')
    )
    scenario = load(path)
    straight = great_circle_km(_at(42.5, 130.0), _at(42.5, 130.5))
    assert scenario.sampler.central().legs[0].length_km == pytest.approx(straight * winding)
    assert _use(scenario, "leg.camp--hill.length_km").kind == "derived"
    assert set(WINDING) == {"rail", "road", "track", "none"}


@pytest.mark.parametrize(
    ("value", "kind", "low", "high"),
    [
        ('{fact = "t-men"}', "cited", 9000, 9000),
        ('{fact = "t-men-disputed"}', "cited", 8000, 10000),
        ('{fact = ["t-men", "t-men-other"]}', "cited", 9000, 11000),
        ('{fact = ["t-men-other", "t-men-disputed", "t-men"]}', "cited", 8000, 11000),
        ('{fact = ["t-men-at-least", "t-men-other"]}', "cited", 7000, 11000),
        ('{fact = "t-men", times = 0.5, because = "half"}', "derived", 4500, 4500),
        ('{fact = "t-men", times = [0.5, 0.6], because = "half"}', "derived", 4500, 5400),
        ('{fact = "t-men-disputed", times = [0.5, 2], because = "x"}', "derived", 4000, 20000),
        ('{fact = "t-divisions", times = 4000, because = "men each"}', "derived", 8000, 8000),
        ('{assumed = 4000, because = "x"}', "assumed", 4000, 4000),
        ('{assumed = [3500, 5000], because = "x"}', "assumed", 3500, 5000),
    ],
)
def test_forms_of_a_quantity(load, variation, value: str, kind: str, low, high) -> None:
    use = _use(load(_personnel(variation, value)), "formation.40-division.personnel")
    assert (use.kind, use.low, use.high, use.unit) == (kind, low, high, "person")


def test_facts_are_converted_to_the_unit_of_the_key(load) -> None:
    scenario = load()
    assert scenario.sampler.central().legs[1].length_km == pytest.approx(65 * 1.609344)
    value = _use(scenario, "formation.19-division.effectiveness")
    assert (value.low, value.high, value.unit) == (0.15, 0.2, "share")


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ('{fact = "t-attack"}', 16 / 24, 16 / 24),
        ('{fact = "t-first-day"}', 0, 1),
        ('{fact = ["t-attack", "t-later-term"]}', 16 / 24, 4),
        ('{assumed = 1938-08-08, because = "x"}', 2, 2),
        ('{assumed = 1938-08-08T06:00:00, because = "x"}', 2.25, 2.25),
        ('{assumed = 1938-08-08T06:00:00+09:00, because = "x"}', 2.25 + 1 / 24, 2.25 + 1 / 24),
        ('{assumed = [1938-08-08, 1938-08-10], because = "x"}', 2, 4),
    ],
)
def test_forms_of_a_moment(load, variation, value: str, low: float, high: float) -> None:
    sampler = load(variation((WHEN, f"when = {value}"))).sampler
    number = len(sampler.uncertain)
    assert sampler.draw([0.0] * number).orders[0].when == pytest.approx(low)
    assert sampler.draw([1.0] * number).orders[0].when == pytest.approx(high)


def test_planned_moment_is_the_end_of_its_day(load, variation) -> None:
    assert load(variation()).sampler.central().axes[0].objectives == (("hill", 3.0),)
    disputed = variation(
        ('planned = {fact = "t-term"}', 'planned = {fact = ["t-term", "t-later-term"]}')
    )
    sampler = load(disputed).sampler
    assert sampler.draw([0.0] * len(sampler.uncertain)).axes[0].objectives[0][1] == 3.0
    assert sampler.draw([1.0] * len(sampler.uncertain)).axes[0].objectives[0][1] == 4.0


def test_day_of_h_hour_begins_at_h_hour(load, variation) -> None:
    path = variation(
        ("start = 1938-08-06T00:00:00+10:00", "start = 1938-08-06T12:00:00+10:00"),
        ('places = ["camp", "hill"]', 'places = ["camp", "hill"]\nstarts = {fact = "t-first-day"}'),
    )
    sampler = load(path).sampler
    assert sampler.central().calendar.day_fraction == 0.5
    assert sampler.draw([0.0] * len(sampler.uncertain)).axes[0].starts == 0.0
    assert sampler.draw([1.0] * len(sampler.uncertain)).axes[0].starts == 0.5


def test_headquarters_stands_for_all_generations_below_it(load, variation) -> None:
    above = (
        'id = "front"\nname = "Front"\nside = "ussr"\ntype = "headquarters"\nechelon = "front"\n\n'
        '[[formation]]\nid = "corps"\nparent = "front"'
    )
    path = variation(('id = "corps"', above), ('who = ["corps", "19-division"]', 'who = ["front"]'))
    assert load(path).sampler.central().orders[0].who == ("40-division",)


def test_order_goes_out_in_the_order_of_the_file(load) -> None:
    who = load().sampler.central().orders[0].who
    assert who == ("40-division", "32-division", "19-division")


def test_axis_and_formation_of_one_name(load, variation) -> None:
    """Fuel is flown to the axis; a cease-fire goes to the formations below the headquarters."""
    renamed = ('id = "main"', 'id = "corps"')
    orders = (
        'who = ["corps", "19-division"]',
        'who = ["corps"]',
    )
    assert load(variation(renamed, orders)).sampler.central().orders[0].who == ("40-division",)
    airlift = (
        'what = "cease-fire"',
        'what = "airlift-fuel"\namount_km = {assumed = 40, because = "one flight"}',
    )
    resolved = load(variation(renamed, orders, airlift)).sampler.central()
    assert resolved.orders[0].who == ("corps",)


def test_absent_keys_have_their_defaults(load, minimal) -> None:
    resolved = load(minimal).sampler.central()
    ussr, division, axis = resolved.sides[0], resolved.formations[1], resolved.axes[0]
    order, place = resolved.orders[0], resolved.places[0]
    assert (ussr.sick, ussr.pocket_endurance) == (0.0, math.inf)
    assert (division.tanks, division.guns, division.depth_km, division.desertion) == (0, 0, 0, 0)
    assert (axis.starts, axis.surprise, axis.frontage_km, axis.fuel) == (0.0, 0.0, 0.0, None)
    assert (order.delay, order.heeded, order.amount_km) == ((0.0, 0.0), 1.0, 0.0)
    assert (place.battles, place.depot_km, place.coalition) == ((), 0.0, "attacker")
    assert resolved.days == 6.0
    assert load(variant="weak").sampler.central().places[2].battles == ("hill-battle",)


@pytest.mark.parametrize(
    ("changes", "battles"),
    [
        ((), {"hill-battle": ("hill",)}),
        (("place.hill.kind=fortified-region",), {"hill-battle": ("hill",)}),
        (("place.camp.kind=fortified-region", "place.hill.battle=hill"),
         {"camp": ("camp",), "hill": ("hill",)}),
        (("place.hill.battle=[]",), {}),
        (
            ('place.hill.battle=["hill", "all", "hill"]', 'place.camp.battle="all"'),
            {"all": ("camp", "hill"), "hill": ("hill",)},
        ),
    ],
)  # fmt: skip
def test_the_places_of_each_battle(load, changes, battles) -> None:
    assert load(overrides=changes).sampler.central().battles == battles


def test_delay_is_a_range_that_the_run_draws_from(load) -> None:
    scenario = load()
    assert scenario.sampler.central().orders[0].delay == (0.0, 1.5)
    assert "order.cease.delay" not in scenario.sampler.uncertain
    assert _use(scenario, "order.cease.delay").high == 1.5


def test_start_of_a_column_and_of_a_landing(load, variation) -> None:
    """Who marches begins where the axis does; who is landed by an order is nowhere before."""
    path = variation(('start = "camp"\n', ""))
    assert load(path).sampler.central().formations[1].start == "camp"
    landing = (
        'what = "cease-fire"\nwho = ["corps", "19-division"]',
        'what = "land-from-air"\nplace = "hill"\nwho = ["corps"]',
    )
    path = variation(('start = "camp"\n', ""), landing)
    assert load(path).sampler.central().formations[1].start is None


def test_toml_of_a_resolved_scenario_says_the_same(load) -> None:
    scenario = load()
    resolved = scenario.sampler.central()
    data = tomllib.loads(to_toml(resolved, scenario.quantities))
    assert len(data.pop("quantities")) == len(scenario.quantities)
    names = {field.name for field in dataclasses.fields(ResolvedScenario)}
    assert set(data) == names - {"phase", "phase_name", "phases"}
    assert data["formations"][1]["personnel"] == resolved.formations[1].personnel
    assert data["sides"][0]["pocket_endurance"] == math.inf
    assert "parent" not in data["formations"][0]
    assert data["axes"][0]["fuel"] == dataclasses.asdict(resolved.axes[0].fuel)
    assert math.isnan(data["axes"][0]["objectives"][0][1])


def test_length_far_below_the_straight_line_is_refused(load) -> None:
    with pytest.raises(InputError, match="not far below the straight line of 41"):
        load(overrides=["leg.camp--ford.length_km=20..60"])
    assert load(overrides=["leg.camp--ford.length_km=35"])


def _side(id: str, coalition: str, colour: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(id=id, coalition=coalition, colour=colour)


def test_sides_take_their_coalitions_colours_in_turn() -> None:
    sides = [_side("a", "attacker"), _side("b", "defender"), _side("c", "attacker")]
    assert side_colours(sides) == {
        "a": PALETTE["vermilion"], "b": PALETTE["blue"], "c": PALETTE["orange"],
    }  # fmt: skip


def test_a_colour_that_is_given_is_nobody_elses() -> None:
    sides = [_side("a", "attacker"), _side("b", "attacker", "#d55e00"),
             _side("c", "defender", "vermilion"), _side("d", "defender", "#123abc")]  # fmt: skip
    assert side_colours(sides) == {
        "a": PALETTE["orange"], "b": "#D55E00", "c": "#D55E00", "d": "#123ABC",
    }  # fmt: skip


def test_more_sides_than_colours_go_through_them_again() -> None:
    sides = [_side(f"s{i}", "defender") for i in range(6)]
    colours = list(side_colours(sides).values())
    assert colours == [PALETTE[name] for name in (*COALITION_COLOURS["defender"], "blue", "sky")]
    # All of the row taken by their enemies: it is used all the same.
    enemies = [_side(name, "attacker", name) for name in COALITION_COLOURS["defender"]]
    assert side_colours([*enemies, _side("x", "defender")])["x"] == PALETTE["blue"]


# Linear RGB as seen without each kind of cone: Machado, Oliveira and Fernandes (2009), severity 1.
SIGHT = {
    "all": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
# Linear sRGB to CIE XYZ over the white point D65 (IEC 61966-2-1).
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def _lab(colour: str, sight: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of a colour as it is seen."""
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(sight @ linear, 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_opponents_differ_clearly_to_every_eye(sight: str) -> None:
    """Three sides a coalition: a difference of 2 is just seen, of 35 at a glance."""
    first, second = ([PALETTE[name] for name in row[:3]] for row in COALITION_COLOURS.values())
    for ours in first:
        for theirs in second:
            apart = _lab(ours, SIGHT[sight]) - _lab(theirs, SIGHT[sight])
            assert np.linalg.norm(apart) > 35


@pytest.mark.parametrize("nation", load_coefficients().nations)
def test_every_nation_of_the_coefficients_can_be_named(load, minimal, nation: str) -> None:
    side = load(minimal, overrides=[f"side.japan.army={nation}"]).sampler.central().sides[1]
    assert (side.army, side.name) == (nation, "japan")


def test_headline_outcomes_are_sides_objectives_and_last_days() -> None:
    names = [
        "captured/hailar",
        "captured/elsewhere",
        "advance/36-army/2",
        "advance/36-army/3",
        "losses/ussr/personnel/total",
        "losses/ussr/personnel/wounded",
        "losses/36-army/personnel/total",
        "losses/ussr/tanks",
        "losses/ussr/tanks/by/aircraft",
    ]
    assert fakes.Central().headline(names) == [names[0], names[3], names[4], names[7]]


def test_a_side_of_several_words_has_headline_outcomes() -> None:
    """Its id was once taken for a formation's."""
    central = fakes.Central(sides=(fakes.Side("north-korea"),))
    names = ["losses/north-korea/personnel/total", "losses/north-korea/tanks"]
    assert central.headline(names) == names


AIR = """

[[air]]
id = "{id}"
side = "ussr"
{area}
rain = "slows"
aircraft = {{assumed = 100, because = "a division"}}
serviceable = {{assumed = 0.5, because = "usual"}}
sorties = {{assumed = 1, because = "usual"}}
losses = {{assumed = 0.01, because = "usual"}}
"""


def test_an_air_force_flies_over_its_places_and_those_of_its_axes(minimal, load, tmp_path) -> None:
    path = tmp_path / "air.toml"
    path.write_text(
        minimal.read_text(encoding="utf-8")
        + AIR.format(id="north", area='places = ["hill"]\naxes = ["main"]')
        + AIR.format(id="everywhere", area=""),
        encoding="utf-8",
    )
    north, everywhere = load(path).sampler.central().air
    assert (north.id, north.side, north.coalition, north.rain) == (
        "north", "ussr", "attacker", "slows",
    )  # fmt: skip
    assert (north.places, everywhere.places) == (("hill", "camp"), ())
