from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sandtable.errors import InputError
from sandtable.scenario import to_toml
from sandtable.scenario.findings import Findings
from sandtable.scenario.ground import AREAS, EXTENTS, MAX_BYTES, Ground, read_ground
from sandtable.scenario.keys import options
from sandtable.shipped import geography_root
from sandtable.vocabulary import BaseMap
from shipped import shipped

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def with_map() -> Path:
    return Path(__file__).parents[1] / "inputs" / "scenarios" / "valid" / "with-map"


@cache
def ground_of(path: Path) -> Ground:
    findings = Findings(str(path))
    ground = read_ground(path, findings)
    assert findings.problems == []
    return ground


def area(ring: np.ndarray) -> float:
    """Signed area in square degrees; positive if the ring runs counter-clockwise."""
    (x, y), (x1, y1) = ring[:-1].T, ring[1:].T
    return float(np.sum(x * y1 - x1 * y) / 2)


def holds(ground: Ground, layer: str, lon: float, lat: float) -> bool:
    """Say by ray casting whether a point lies in an odd number of a layer's rings."""
    crossed = 0
    for feature in ground.features:
        if feature.properties.layer == layer:
            for ring in feature.lines:
                (x, y), (x1, y1) = ring[:-1].T, ring[1:].T
                over = (y > lat) != (y1 > lat)
                at = x[over] + (lat - y[over]) / (y1[over] - y[over]) * (x1[over] - x[over])
                crossed += int((at > lon).sum())
    return crossed % 2 == 1


def test_a_map_of_ones_own_is_read_as_written(load, with_map: Path) -> None:
    scenario = load(with_map)
    assert scenario.ground == with_map / "ground.geojson"
    features = ground_of(scenario.ground).features
    about = [(f.properties.layer, f.properties.schematic, len(f.lines)) for f in features]
    assert about == [
        ("land", False, 1),
        ("lake", False, 1),
        ("dunes", True, 2),
        ("river", False, 1),
        ("river", True, 1),
        ("border", False, 1),
        ("frontier", False, 2),
        ("frontier", True, 1),
    ]
    assert features[3].lines[0].tolist() == [[130.25, 42.3], [130.3, 42.5], [130.25, 42.7]]
    assert [f.properties.rank for f in features] == [0, 0, 0, 0, 1, 0, 0, 0]


def test_without_a_table_the_map_is_the_world(load, minimal: Path) -> None:
    scenario = load(minimal)
    assert scenario.ground == geography_root() / "world.geojson.gz"
    assert 'base = "world"\nborders = false\n' in to_toml(scenario.sampler.central())


def test_a_base_is_chosen_by_key_and_from_the_command_line(load, minimal: Path) -> None:
    chosen = load(minimal, overrides=["map.base=northeast-asia", "map.borders=true"])
    assert chosen.ground == geography_root() / "northeast-asia.geojson.gz"
    assert chosen.file.map.borders and chosen.sampler.central().map.borders
    assert load(minimal, overrides=["map.base=none"]).ground is None
    with pytest.raises(InputError, match=r"^--set: map.base: found 'norheast-asia'.*northeast"):
        load(minimal, overrides=["map.base=norheast-asia"])


def test_borders_of_a_file_of_ones_own_are_drawn(load, with_map: Path, minimal: Path) -> None:
    """Whoever put them there wants them; those of a shipped map are today's."""

    def drawn(path: Path, *overrides: str) -> bool:
        return bool(load(path, overrides=overrides).sampler.central().map.borders)

    assert not drawn(minimal) and drawn(minimal, "map.borders=true")
    assert drawn(with_map)
    assert not drawn(with_map, "map.borders=false")
    # The same file, and no word of borders.
    assert drawn(minimal, "map.file=with-map/ground.geojson")


def test_the_map_leaves_the_digest_alone(load, minimal: Path, with_map: Path) -> None:
    plain = load(minimal)
    assert load(minimal, overrides=["map.base=none"]).digest == plain.digest
    assert load(with_map).digest == plain.digest
    assert load(minimal, overrides=["scenario.attrition=square"]).digest != plain.digest


def test_a_map_stands_in_one_file_of_a_folder(load, minimal: Path, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(minimal.read_text() + '\n[map]\nbase = "none"\n')
    (tmp_path / "b.toml").write_text('[map]\nbase = "world"\n')
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'b.toml'}: map: found a second [map], first in {tmp_path / 'a.toml'}; "
        "allowed: [map] in one file only"
    )


def test_every_fault_of_a_map_is_told_at_once(load, minimal: Path, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[130, 42], [131, 43]]}
    ring = {"type": "Polygon", "coordinates": [[[130, 42], [131, 42], [131, 43], [130, 42]]]}
    features = [
        {"properties": {"layer": "lake", "source": ""}, "geometry": line},
        {"properties": {"layer": "rivr", "source": "x"}, "geometry": line},
        {"properties": {"layer": "lak", "source": "x"}, "geometry": ring},
        {"properties": {"layer": "river", "source": "x"}, "geometry": {"type": "LineString"}},
        {"properties": {"layer": "river", "source": "x"}, "geometry": {"type": ["LineString"]}},
    ]
    ground = tmp_path / "ground.geojson"
    ground.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    path = tmp_path / "scenario.toml"
    path.write_text(minimal.read_text() + '\n[map]\nfile = "ground.geojson"\n')
    with pytest.raises(InputError) as caught:
        load(path)
    assert {(p.file, p.key, p.nearest) for p in caught.value.problems} == {
        (str(ground), "features[1].properties.source", None),
        (str(ground), "features[1].geometry.type", None),
        (str(ground), "features[2].properties.layer", "river"),
        (str(ground), "features[3].properties.layer", "lake"),
        (str(ground), "features[4].geometry.coordinates, line 1", None),
        (str(ground), "features[5].geometry.type", None),
    }


@pytest.mark.parametrize("name", ["x" * 300, "a\\u0000b", "/etc/hostname", "loop"])
def test_no_path_is_a_crash(load, minimal: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    path = tmp_path / "scenario.toml"
    path.write_text(minimal.read_text() + f'\n[map]\nfile = "{name}"\n')
    with pytest.raises(InputError, match="a GeoJSON file inside the scenario's folder"):
        load(path)


def test_a_link_out_of_the_folder_is_refused(load, minimal: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "ground.geojson").write_text("{}")
    (folder / "ground.geojson").symlink_to(tmp_path / "ground.geojson")
    (folder / "a.toml").write_text(minimal.read_text() + '\n[map]\nfile = "ground.geojson"\n')
    with pytest.raises(InputError, match="a GeoJSON file inside the scenario's folder"):
        load(folder)


def test_a_map_that_is_cut_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.geojson.gz"
    path.write_bytes(gzip.compress(b"{}" * 1000)[:-10])
    findings = Findings(str(path))
    assert read_ground(path, findings) == Ground(())
    assert [problem.key for problem in findings.problems] == ["file"]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_map_has_a_largest_size(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"big.geojson{suffix}"
    text = b" " * (MAX_BYTES + 1)
    path.write_bytes(gzip.compress(text) if suffix else text)
    findings = Findings(str(path))
    assert read_ground(path, findings) == Ground(())
    (problem,) = findings.problems
    assert problem.key == "file" and problem.allowed.endswith("at most 5 MB")


@pytest.mark.parametrize("name", [name for name in options(BaseMap) if name != "none"])
def test_a_shipped_map_is_sound(name: str) -> None:
    path = geography_root() / f"{name}.geojson.gz"
    ground = ground_of(path)
    # The time stamp of the compression is 0: the same input gives the same bytes.
    assert path.read_bytes()[4:8] == bytes(4)
    layers = {feature.properties.layer for feature in ground.features}
    assert layers == {"land", "lake", "river", "border"}
    assert {f.properties.source for f in ground.features} == {
        {"world": "Natural Earth 1:50m (public domain)"}.get(
            name, "Natural Earth 1:10m (public domain)"
        )
    }
    assert ground.scale == {"world": 50e6, "northeast-asia": 10e6}[name]


@pytest.mark.parametrize(
    ("lon", "lat", "land"),
    [
        (123.43, 41.8, True),  # Mukden
        (120.0, 38.7, False),  # the Gulf of Pohai
        (135.0, 40.0, False),  # the Sea of Japan
        (142.7, 47.0, True),  # southern Sakhalin
        (107.5, 53.2, True),  # Olkhon in Lake Baikal: land, not lake
    ],
)
@pytest.mark.parametrize("name", ["world", "northeast-asia"])
def test_known_points_lie_on_land_or_in_the_sea(
    name: str, lon: float, lat: float, land: bool
) -> None:
    ground = ground_of(geography_root() / f"{name}.geojson.gz")
    assert holds(ground, "land", lon, lat) == land


@pytest.mark.parametrize("name", EXTENTS)
def test_the_extent_of_a_shipped_map_is_that_of_its_features(name: str) -> None:
    ground = ground_of(geography_root() / f"{name}.geojson.gz")
    points = np.vstack([line for feature in ground.features for line in feature.lines])
    assert (*points.min(axis=0), *points.max(axis=0)) == EXTENTS[name]


def test_the_world_is_whole() -> None:
    ground = ground_of(geography_root() / "world.geojson.gz")
    points = np.vstack([line for feature in ground.features for line in feature.lines])
    assert points.min(axis=0).tolist() == [-180, -90]
    assert points.max(axis=0)[0] == 180 and 83 < points.max(axis=0)[1] < 84
    # Land takes 149 million square km of the earth's 510; these bands of latitude hold it.
    total = 0.0
    for feature in ground.features:
        for ring in feature.lines if feature.properties.layer == "land" else ():
            equal_area = ring.copy()
            equal_area[:, 1] = np.degrees(np.sin(np.radians(ring[:, 1])))
            total += area(equal_area)
    share = abs(total) / (360 * 2 * np.degrees(1.0))
    assert share == pytest.approx(149 / 510, abs=0.01)


@pytest.mark.parametrize(
    ("name", "lon", "lat"), [("Buir Nuur", 117.692, 47.807), ("Small Sands", 118.72, 47.65)]
)
def test_the_battlefield_map_has_its_lake_and_dunes(name: str, lon: float, lat: float) -> None:
    # The lake's middle after Wikipedia, "Buir Lake".
    ground = ground_of(SCENARIOS / "khalkhin-gol-1939" / "map.geojson")
    (feature,) = (f for f in ground.features if f.properties.name == name)
    assert feature.properties.layer in AREAS
    assert holds(Ground((feature,)), feature.properties.layer, lon, lat)


@pytest.mark.parametrize(
    ("name", "lon", "lat", "km"),
    [
        (
            "Khalkhin Gol",
            118.1343,
            48.0332,
            1.0,
        ),  # where it parts in two, Wikipedia, "Khalkhyn Gol"
        ("Khalkhin Gol", 118.599, 47.635, 3.0),  # the victory monument at Khalkhgol, on its bank
        ("Khalkhin Gol", 117.8356, 47.8956, 6.0),  # its mouth in the lake, "Khalkhyn Gol"
        ("Frontier claimed by Mongolia and the Soviet Union", 118.7567, 47.7733, 1.0),  # the obo
    ],
)
def test_the_battlefield_map_passes_known_points(
    name: str, lon: float, lat: float, km: float
) -> None:
    ground = ground_of(SCENARIOS / "khalkhin-gol-1939" / "map.geojson")
    assert abs(to_the_right(ground, name, lon, lat)) < km


@pytest.mark.parametrize(
    ("kind", "ids", "low", "high"),
    [
        # Within a bank's width of the river; before it as far as bridgeheads are deep; behind it.
        ("crossing", ["northern-crossing", "kawatama-bridge", "southern-crossing"], -0.2, 0.2),
        ("open-ground", [f"{of}-bridgehead" for of in ("northern", "central", "southern")], 1, 4),
        ("height", ["khamar-daba", "baintsagan-hill"], -10, -2),
        ("height", ["fui-heights", "remizov-height", "noro-heights"], 2, 10),
    ],
)
def test_places_of_the_battlefield_lie_on_their_bank(
    kind: str, ids: list[str], low: float, high: float
) -> None:
    ground = ground_of(SCENARIOS / "khalkhin-gol-1939" / "map.geojson")
    places = {p.id: p for p in shipped("khalkhin-gol-1939").file.place if p.id in ids}
    assert {p.kind for p in places.values()} == {kind}
    at = {i: to_the_right(ground, "Khalkhin Gol", p.lon, p.lat) for i, p in places.items()}
    assert set(at) == set(ids) and all(low < km < high for km in at.values()), at


def test_places_of_the_frontier_lie_on_it() -> None:
    ground = ground_of(SCENARIOS / "khalkhin-gol-1939" / "map.geojson")
    name = "Frontier claimed by Mongolia and the Soviet Union"
    places = shipped("khalkhin-gol-1939").file.place
    at = {p.id: to_the_right(ground, name, p.lon, p.lat) for p in places if p.kind == "frontier"}
    at["nomonhan"] = next(
        to_the_right(ground, name, p.lon, p.lat) for p in places if p.id == "nomonhan"
    )
    assert len(at) == 3 and all(abs(km) < 1 for km in at.values()), at


def to_the_right(ground: Ground, name: str, lon: float, lat: float) -> float:
    """Distance of a point from a feature's lines in km, below 0 if it lies to their left."""
    scale = 111.195 * np.array([np.cos(np.radians(lat)), 1.0])
    found = []
    for feature in ground.features:
        if feature.properties.name == name:
            for line in feature.lines:
                a, b = (line[:-1] - (lon, lat)) * scale, (line[1:] - (lon, lat)) * scale
                along = -np.sum(a * (b - a), axis=1) / np.sum((b - a) ** 2, axis=1)
                foot = a + np.clip(along, 0, 1)[:, None] * (b - a)
                km = np.hypot(*foot.T)
                right = a[:, 0] * b[:, 1] < a[:, 1] * b[:, 0]
                found.append((km.min(), 1 if right[km.argmin()] else -1))
    km, side = min(found)
    return float(km * side)


def test_the_battlefield_map_says_what_is_schematic() -> None:
    ground = ground_of(SCENARIOS / "khalkhin-gol-1939" / "map.geojson")
    drawn_by_hand = {f.properties.name for f in ground.features if f.properties.schematic}
    assert {"Holsten", "Small Sands", "Large Sands"} < drawn_by_hand
    assert not drawn_by_hand & {"Khalkhin Gol", "Buir Nuur"}


def test_a_shipped_scenario_has_the_ground_it_names() -> None:
    assert shipped("khalkhin-gol-1939").ground == SCENARIOS / "khalkhin-gol-1939/map.geojson"
    assert shipped("manchuria-1945").ground == geography_root() / "northeast-asia.geojson.gz"
