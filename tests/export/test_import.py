"""Orders of battle of ORBAT Mapper as scenarios: there and back, foreign files, faulty ones."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from export.conftest import Exported
from sandtable.errors import InputError
from sandtable.export import import_orbat_mapper
from sandtable.export.imported import TO_FILL_IN
from sandtable.export.orbat_mapper import orbat_mapper_text
from sandtable.export.picture import Picture, stays_of
from sandtable.figures.context import FigureContext
from sandtable.scenario import Scenario, load_scenario
from sandtable.shipped import scenario_paths
from sandtable.track_columns import Track
from shipped import shipped


def picture_at_h_hour(scenario: Scenario) -> Picture:
    """Everybody where he stands at H-hour, and no run."""
    context = FigureContext.of(scenario)
    tracks = [
        Track(0.0, f.id, f.start, "", 0.0, f.personnel, f.tanks, "holding")
        for f in context.resolved.formations
        if f.start is not None
    ]
    stays = stays_of(tracks, context.resolved)
    return Picture(context.title, "sandtable run", 0, 1, context, stays, [], [], [], [])


def who(scenario: Scenario) -> dict[str, tuple[Any, ...]]:
    """Through phases each formation is as in the first that it takes part in."""
    formations = scenario.sampler.central().formations
    return {f.id: (f.name, f.side, f.type, f.echelon, f.parent) for f in formations}


@pytest.mark.parametrize("name", sorted(scenario_paths()))
def test_there_and_back(name: str, tmp_path: Path) -> None:
    """Ids, names, sides, types, echelons and parents come back, and coalitions of the sides."""
    scenario = shipped(name)
    file = tmp_path / "orbat.json"
    file.write_text(orbat_mapper_text(picture_at_h_hour(scenario)), encoding="utf-8")
    import_orbat_mapper(file, tmp_path / "back.toml")
    back = tomllib.loads((tmp_path / "back.toml").read_text("utf-8"))
    found = {
        f["id"]: (f["name"], f["side"], f["type"], f["echelon"], f.get("parent"))
        for f in back["formation"]
    }
    assert found == who(scenario)
    sides = {side["id"]: (side["name"], side["coalition"]) for side in back["side"]}
    assert sides == {s.id: (s.name, s.coalition) for s in scenario.sampler.central().sides}


def test_an_exported_run_comes_back_with_places_and_counts(
    exported: Exported, tmp_path: Path
) -> None:
    out = tmp_path / "back.toml"
    result = import_orbat_mapper(exported("orbat-mapper"), out)
    back = load_scenario(out)
    central = back.sampler.central()
    places = {place.id: (place.name, place.lat, place.lon) for place in back.file.place}
    assert places["crossroads"] == ("Crossroads", 50.08, 10.45)
    assert {f.id: f.start for f in central.formations} == {
        "1-corps": None, "1-division": "harbour", "1-tank-brigade": "harbour",
        "7-division": "crossroads", "9-brigade": "railway-junction",
    }  # fmt: skip
    exported_units = exported("orbat-mapper").read_text("utf-8")
    for formation in central.formations:
        if formation.type != "headquarters":
            assert f'"count": {formation.personnel:.0f}\n' in exported_units
    uses = {use.key: use for use in back.quantities}
    assert uses["formation.1-division.personnel"].because.startswith("river.json: Personnel ")
    # Of combat formations the combat value is unknown, of sides how their losses divide.
    unknown = [use for use in back.quantities if (use.because or "").startswith(TO_FILL_IN)]
    assert len(unknown) == 4 + 2 * 3
    assert all(use.until for use in unknown)
    assert result.to_fill_in == len(unknown)


def foreign(**changes: Any) -> dict[str, Any]:
    """A small scenario of somebody else's, with changes of its keys."""
    infantry = {
        "id": "aB_9", "name": "Régiment d'Infanterie \"1\"", "sidc": "10031000171211000000",
        "location": [10.0, 50.0], "personnel": [{"name": "Officers", "count": 60, "onHand": 50},
                                               {"name": "Men", "count": 1950}],
        "equipment": [{"name": "Tank", "count": 3}, {"name": "Bicycles", "count": 40}],
        "supplies": [{"name": "Bread", "count": 9}],
    }  # fmt: skip
    engineers = {"id": "Eng-1", "name": "Engineers", "sidc": "10031000151407000000",
                 "state": [{"id": "s", "t": "1940-05-11T00:00:00+01:00",
                            "location": [10.2, 50.1, 30.0]}]}  # fmt: skip
    ship = {"id": "Ship", "name": "Ship", "sidc": "10033000001202030000",
            "location": [9.0, 54.0], "subUnits": [
                {"id": "Marines", "name": "Marines", "sidc": "10031000161211010000"}]}  # fmt: skip
    division = {
        "id": "Div",
        "name": "1st Division",
        "sidc": "10031000211211000000",
        "personnel": [{"name": "Staff", "count": 99}],
        "subUnits": [infantry, engineers],
    }
    enemy = {"id": "En", "name": "Army Group Centre", "sidc": "10061000241210000000",
             "location": [10.4, 50.0]}  # fmt: skip
    return {
        "type": "ORBAT-mapper", "id": "x", "version": "3.4.0", "name": "Somebody else's war",
        "startTime": "1940-05-10T05:35:00", "timeZone": "Europe/Paris",
        "events": [{"title": "Later", "startTime": "1940-05-20T00:00:00Z"}], "layerStack": [],
        "sides": [
            {"id": "s1", "name": "France", "standardIdentity": "3",
             "groups": [{"id": "g", "name": "Nord", "subUnits": [division]},
                        {"id": "h", "name": "Sud", "subUnits": [ship]}]},
            {"id": "s2", "name": "Germany", "standardIdentity": "6", "groups": [],
             "subUnits": [enemy]},
        ],
        **changes,
    }  # fmt: skip


def written(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "foreign.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_a_foreign_file_becomes_a_scenario_that_loads(tmp_path: Path) -> None:
    out = tmp_path / "war.toml"
    result = import_orbat_mapper(written(tmp_path, foreign()), out)
    loaded = load_scenario(out)
    assert loaded.calendar.h_hour.isoformat() == "1940-05-10T05:35:00+01:00"
    assert loaded.calendar.days == pytest.approx(9.809, abs=0.001)
    assert who(loaded) == {
        "1st-division": ("1st Division", "s1", "headquarters", "division", None),
        "regiment-d-infanterie-1": (
            "Régiment d'Infanterie \"1\"", "s1", "rifle", "regiment", "1st-division"),
        "engineers": ("Engineers", "s1", "services", "detachment", "1st-division"),
        "marines": ("Marines", "s1", "naval-infantry", "battalion", None),
        "army-group-centre": ("Army Group Centre", "s2", "motor-rifle", "front", None),
    }  # fmt: skip
    central = {f.id: f for f in loaded.sampler.central().formations}
    regiment = central["regiment-d-infanterie-1"]
    assert (regiment.personnel, regiment.tanks, regiment.guns) == (2000.0, 3.0, 0.0)
    told = "\n".join(result.left_out)
    for lost in (
        "Bicycles, 40", "supplies of 1 units", "Staff", "unit Ship: SIDC 10033000001202030000",
        "events: 1", "groups of the side France: Nord, Sud", "10031000151407000000",
        "side Germany: taken as the attacker", "10061000241210000000",
    ):  # fmt: skip
        assert lost in told, lost
    text = out.read_text("utf-8")
    assert all(f"# - {line}" in text for line in result.left_out)


def test_words_of_a_file_are_text_and_nothing_else(tmp_path: Path) -> None:
    data = foreign(name='x"\n[scenario]\nseed = 1 # \x7f\u2028 ok')
    data["sides"][1]["subUnits"][0]["name"] = '"""\\ \ud800 \u0007 end'
    out = tmp_path / "war.toml"
    path = tmp_path / "foreign.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    import_orbat_mapper(path, out)
    loaded = load_scenario(out)
    assert loaded.file.scenario.title == 'x" [scenario] seed = 1 # ok'
    assert [f.name for f in loaded.file.formation if f.side == "s2"] == ['"""\\ end']


def test_nothing_that_is_left_out_becomes_a_line_of_the_scenario(tmp_path: Path) -> None:
    line = "\n[[place]]\nid = 1 #\x1b\ud800"
    data = foreign(**{f"key{line}": [1]})
    data["sides"][1]["standardIdentity"] = line
    data["sides"][1]["subUnits"][0][f"own{line}"] = 1
    data["sides"][1]["subUnits"].append({"id": "x", "name": "X", "sidc": f"1{line}"})
    path, out = tmp_path / f"foreign{line.partition('#')[0]}.json", tmp_path / "war.toml"
    path.write_text(json.dumps(data), encoding="utf-8")
    result = import_orbat_mapper(path, out)
    load_scenario(out)
    assert all(told.isprintable() for told in result.left_out)
    assert any(told.startswith("key [[place]] id = 1 #") for told in result.left_out)


def test_a_place_has_the_name_of_the_first_point_that_lies_there(tmp_path: Path) -> None:
    items = [
        {"name": name, "geometry": {"type": "Point", "coordinates": [10.00001, 50.0]}}
        for name in ("Sedan", "Bridge")
    ]
    data = foreign(layerStack=[{"id": "l", "items": items}])
    result = import_orbat_mapper(written(tmp_path, data), tmp_path / "war.toml")
    (place,) = [place for place in result.places if place.lon == 10.0]
    assert (place.id, place.name) == ("sedan", "Sedan")


def test_who_attacks_is_told_where_nothing_tells(tmp_path: Path) -> None:
    data = foreign()
    data["sides"][1]["standardIdentity"] = "3"
    result = import_orbat_mapper(written(tmp_path, data), tmp_path / "war.toml")
    assert [side.coalition for side in result.sides] == ["attacker", "defender"]
    assert result.left_out[0].startswith("side France: taken as the attacker for want of")


def test_without_locations_check_names_what_is_missing(tmp_path: Path) -> None:
    data = foreign(sides=json.loads(json.dumps(foreign()["sides"]).replace('"location"', '"spot"')))
    out = tmp_path / "war.toml"
    import_orbat_mapper(written(tmp_path, data), out)
    with pytest.raises(InputError) as refused:
        load_scenario(out)
    keys = {problem.key for problem in refused.value.problems}
    assert {"axis", "leg", "place", "formation.marines.start"} <= keys
    assert not [key for key in keys if key.startswith(("formation.1st-division", "side."))]


UNIT = {"id": "u", "name": "U", "sidc": "10031000171211000000"}


def side(*units: Any, **changes: Any) -> list[dict[str, Any]]:
    return [{"id": "s", "name": "S", "standardIdentity": "3", "subUnits": list(units), **changes}]


@pytest.mark.parametrize(
    ("data", "key", "found"),
    [
        ("{", "file", "no JSON: Expecting property name"),
        ("[1]", "type", "a list"),
        ("{}", "type", "a table with the keys "),
        ('{"type": "FeatureCollection"}', "type", "a table with the keys type"),
        ('{"type": "ORBAT-mapper-encrypted"}', "type", "an encrypted one"),
        ("[" * 100_000, "file", "too deep"),
        (foreign(sides={}), "sides", "{}"),
        (foreign(sides=None), "sides", "none"),
        (foreign(sides=[]), "sides", "no unit"),
        (foreign(sides=side("u")), "sides[0].subUnits", '["u"]'),
        (foreign(sides=side(UNIT, UNIT)), "sides[0].subUnits[1].id", "'u', which there is already"),
        (foreign(sides=side({**UNIT, "id": ""})), "sides[0].subUnits[0].id", "none"),
        (foreign(sides=side(UNIT, name=3)), "sides[0].name", "3"),
        (foreign(startTime=None), "startTime", "none"),
        (foreign(startTime="noon"), "startTime", '"noon"'),
        (foreign(startTime=1e30), "startTime", "1e+30"),
        (foreign(timeZone="Mars/Olympus"), "timeZone", '"Mars/Olympus"'),
        (foreign(timeZone="../../etc/passwd"), "timeZone", '"../../etc/passwd"'),
        (
            foreign(sides=side({**UNIT, "location": [50.0, 100.0]})),
            "sides[0].subUnits[0].location", "[50.0, 100.0]",
        ),
        (
            foreign(sides=side({**UNIT, "location": "here"})),
            "sides[0].subUnits[0].location", '"here"',
        ),
        (
            foreign(sides=side({**UNIT, "personnel": [{"name": "m", "count": -1}]})),
            "sides[0].subUnits[0].personnel[0].count", "-1",
        ),
        (
            foreign(sides=side({**UNIT, "personnel": [{"name": "m", "count": float("nan")}]})),
            "sides[0].subUnits[0].personnel[0].count", "NaN",
        ),
        (
            foreign(sides=side(*({**UNIT, "id": f"u{n}"} for n in range(5_001)))),
            "sides", "more than 5,000 units",
        ),
    ],
)  # fmt: skip
def test_a_faulty_file_is_told_with_its_key(
    data: Any, key: str, found: str, tmp_path: Path
) -> None:
    path = written(tmp_path, data)
    with pytest.raises(InputError) as refused:
        import_orbat_mapper(path, tmp_path / "war.toml")
    problems = [p for p in refused.value.problems if p.key == key]
    assert problems, refused.value.problems
    assert found in problems[0].found and problems[0].file == str(path)
    assert not (tmp_path / "war.toml").exists()


def test_units_too_deep_in_one_another(tmp_path: Path) -> None:
    unit: dict[str, Any] = {**UNIT, "id": "0"}
    for number in range(1, 60):
        unit = {**UNIT, "id": str(number), "subUnits": [unit]}
    with pytest.raises(InputError, match="at most 40"):
        import_orbat_mapper(written(tmp_path, foreign(sides=side(unit))), tmp_path / "war.toml")


def test_groups_that_stand_under_each_other(tmp_path: Path) -> None:
    """Parents in a circle are the scenario's fault to be mended, and no endless loop."""
    groups = [
        {"id": "under-b", "name": "x", "subUnits": [{**UNIT, "id": "a", "location": [1, 1]}]},
        {"id": "under-a", "name": "y", "subUnits": [{**UNIT, "id": "b", "location": [1, 2]}]},
    ]
    data = foreign(sides=side(groups=groups))
    import_orbat_mapper(written(tmp_path, data), tmp_path / "war.toml")
    with pytest.raises(InputError, match="a headquarters that isn't below it"):
        load_scenario(tmp_path / "war.toml")


def test_all_faults_at_once(tmp_path: Path) -> None:
    data = foreign(startTime="noon", timeZone="Mars", sides=side(UNIT, UNIT, name=""))
    with pytest.raises(InputError) as refused:
        import_orbat_mapper(written(tmp_path, data), tmp_path / "war.toml")
    assert len(refused.value.problems) == 4
