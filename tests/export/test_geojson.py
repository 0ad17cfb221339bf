"""The GeoJSON of a run, read back by GDAL (as QGIS does) and by GEOS."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from export.conftest import Exported
from sandtable.campaign import CampaignRun
from sandtable.export.geojson import geojson_text
from sandtable.export.picture import Picture
from sandtable.outcomes import CAPTURED, FRONT


@pytest.fixture(scope="module")
def collection(exported: Exported) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exported("geojson").read_text("utf-8"))
    return found


def layer(collection: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for one in collection["features"] if one["properties"]["layer"] == name]


def test_gdal_reads_every_feature_with_its_times(
    exported: Exported, collection: dict[str, Any]
) -> None:
    told = pyogrio.read_info(exported("geojson"))
    assert (told["driver"], told["crs"]) == ("GeoJSON", "EPSG:4326")
    assert told["features"] == len(collection["features"])
    types = dict(zip(told["fields"].tolist(), told["dtypes"].tolist(), strict=True))
    for name in ("time", "time_start", "time_end", "captured", "captured_p50"):
        assert types[name].startswith("datetime64"), name
    for name in ("km_p05", "km_p50", "km_p95", "captured_share", "tanks"):
        assert types[name] == "float64", name


def test_it_is_geojson_of_rfc_7946(collection: dict[str, Any]) -> None:
    """Bare geometries in longitude and latitude: no crs, and no line without two positions."""
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.geom_type in ("Point", "LineString") and shape.is_valid
        west, south, east, north = shape.bounds
        assert 9.9 < west <= east < 11.2 and 49.9 < south <= north < 50.3
        assert shape.geom_type == "Point" or len(shape.coords) >= 2


def test_what_is_in_it(collection: dict[str, Any], river_run: CampaignRun) -> None:
    counted = Counter(one["properties"]["layer"] for one in collection["features"])
    replay = river_run.replay(0)
    assert counted["place"] == 6 and counted["axis"] == 2
    assert counted["front"] == 2 * next(iter(river_run.daily.values())).shape[1]
    assert 0 < counted["front-band"] <= counted["front"]
    assert counted["formation"] == len(replay.tracks)
    assert counted["battle"] == sum(bool(battle["place"]) for battle in replay.battles)
    assert counted["track"] == 4


def test_fronts_are_quantiles_of_all_replications(
    collection: dict[str, Any], river_run: CampaignRun
) -> None:
    calendar = river_run.campaign.scenario.calendar
    for axis in river_run.campaign.scenario.sampler.central().axes:
        fronts = [one for one in layer(collection, "front") if one["properties"]["id"] == axis.id]
        values = river_run.daily[FRONT.name(axis=axis.id)]
        low, middle, high = np.percentile(values, [5, 50, 95], axis=0)
        for k, front in enumerate(fronts):
            told = front["properties"]
            assert told["km_p05"] == pytest.approx(low[k], abs=0.01)
            assert told["km_p50"] == pytest.approx(middle[k], abs=0.01)
            assert told["km_p95"] == pytest.approx(high[k], abs=0.01)
            moment = calendar.moment_of(calendar.daily_moments()[k])
            assert datetime.fromisoformat(told["time"]) == moment


def test_a_front_stands_on_its_axis_within_its_band(collection: dict[str, Any]) -> None:
    axes = {one["properties"]["id"]: shape_of(one) for one in layer(collection, "axis")}
    fronts = {key_of(one): shape_of(one) for one in layer(collection, "front")}
    assert all(axes[id].distance(point) < 2e-5 for (id, _), point in fronts.items())
    for band in layer(collection, "front-band"):
        line = shape_of(band)
        assert axes[band["properties"]["id"]].buffer(2e-5).contains(line)
        assert line.distance(fronts[key_of(band)]) < 2e-5


def shape_of(feature: dict[str, Any]) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def key_of(feature: dict[str, Any]) -> tuple[str, str]:
    return feature["properties"]["id"], feature["properties"]["time"]


def test_captures_are_those_of_the_outcomes(
    collection: dict[str, Any], river_run: CampaignRun
) -> None:
    calendar = river_run.campaign.scenario.calendar
    taken = 0
    for place in layer(collection, "place"):
        told, name = place["properties"], CAPTURED.name(place=place["properties"]["id"])
        days = river_run.outcomes[name]
        assert told["captured_share"] == pytest.approx(np.isfinite(days).mean(), abs=1e-4)
        assert (told["captured"] is None) == bool(np.isnan(days[0]))
        middle = float(np.median(np.where(np.isnan(days), np.inf, days)))
        if np.isinf(middle):
            assert told["captured_p50"] is None
        else:
            taken += 1
            assert datetime.fromisoformat(told["captured_p50"]) == calendar.moment_of(middle)
    assert taken


def test_battles_are_those_of_the_replication(
    collection: dict[str, Any], river_run: CampaignRun
) -> None:
    calendar = river_run.campaign.scenario.calendar
    fought = [row for row in river_run.replay(0).battles if row["place"]]
    for told, row in zip(layer(collection, "battle"), fought, strict=True):
        properties = told["properties"]
        for key, day in (("time_start", row["start"]), ("time_end", row["end"])):
            moment = None if np.isnan(day) else calendar.moment_of(day).isoformat()
            assert properties[key] == moment
        assert properties["attacker_casualties"] == round(row["attacker_casualties"])
        assert properties["defender_casualties"] == round(row["defender_casualties"])
    assert any(row["start"] < row["end"] for row in fought)


def test_a_formation_is_on_its_leg_and_its_stays_follow_one_another(
    collection: dict[str, Any], river_run: CampaignRun
) -> None:
    places = {one["properties"]["id"]: shape_of(one) for one in layer(collection, "place")}
    ends = river_run.campaign.scenario.calendar
    by_id: dict[str, list[dict[str, Any]]] = {}
    for one in layer(collection, "formation"):
        told = one["properties"]
        by_id.setdefault(told["id"], []).append(told)
        here, there = places[told["place"]], places[told["toward"] or told["place"]]
        assert shapely.LineString([here, there]).distance(shape_of(one)) < 2e-5
    for stays in by_id.values():
        assert stays[0]["time_start"] == ends.h_hour.isoformat()
        assert stays[-1]["time_end"] == ends.moment_of(ends.days).isoformat()
        assert all(one["time_end"] == other["time_start"] for one, other in pairwise(stays))
        assert all(datetime.fromisoformat(one["time_start"]).tzinfo for one in stays)


def test_a_track_passes_its_stays_and_waits_where_it_waited(collection: dict[str, Any]) -> None:
    for track in layer(collection, "track"):
        told, coordinates = track["properties"], track["geometry"]["coordinates"]
        assert len(told["coordTimes"]) == len(coordinates)
        times = [datetime.fromisoformat(text) for text in told["coordTimes"]]
        assert times == sorted(times)
        stays = [o for o in layer(collection, "formation") if o["properties"]["id"] == told["id"]]
        passed = list(zip(told["coordTimes"], coordinates, strict=True))
        for stay in stays:
            there = (stay["properties"]["time_start"], stay["geometry"]["coordinates"])
            assert there in passed
        # It was looked at as each day ended: no move between two points is longer than a day.
        for (before, here), (after, there) in pairwise(zip(times, coordinates, strict=True)):
            assert here == there or (after - before).total_seconds() <= 86400


def test_the_same_bytes_twice(exported: Exported, river_run: CampaignRun) -> None:
    again = geojson_text(Picture.of(river_run, 0))
    assert again.encode() == exported("geojson").read_bytes()
