"""The KML of a run, held against the OGC's schema and read back by two libraries."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any

import pyogrio
import pytest
from fastkml import KML
from fastkml.validator import validate
from lxml import etree

from export.conftest import Exported
from sandtable.campaign import CampaignRun
from sandtable.export.kml import NAMESPACE, kml_text
from sandtable.export.picture import Picture

K = {"k": NAMESPACE}


@pytest.fixture(scope="module")
def tree(exported: Exported) -> Any:
    return etree.parse(str(exported("kml")))


def test_it_is_valid_against_the_schema_of_the_ogc(exported: Exported) -> None:
    assert validate(file_to_validate=exported("kml"))


def test_places_lie_where_they_lie(tree: Any, river_run: CampaignRun) -> None:
    """Longitude comes first, then latitude."""
    found = {
        mark.findtext("k:name", namespaces=K): mark.findtext(".//k:coordinates", namespaces=K)
        for mark in folder(tree, "Places").iterfind("k:Placemark", K)
    }
    for place in river_run.campaign.scenario.file.place:
        lon, lat = map(float, found[place.name].split(","))
        assert (lon, lat) == pytest.approx((place.lon, place.lat), abs=1e-5)


def folder(tree: Any, name: str) -> Any:
    (found,) = [
        one
        for one in tree.iterfind("k:Document/k:Folder", K)
        if one.findtext("k:name", namespaces=K) == name
    ]
    return found


def test_every_stay_has_its_span_of_time(tree: Any, river_run: CampaignRun) -> None:
    tracks = Counter(track.formation for track in river_run.replay(0).tracks)
    names = {one.id: one.name for one in river_run.campaign.scenario.file.formation}
    for side in ("Blue", "Red"):
        for inner in folder(tree, side).iterfind("k:Folder", K):
            name = inner.findtext("k:name", namespaces=K)
            (id,) = [id for id, told in names.items() if told == name]
            spans = inner.findall("k:Placemark/k:TimeSpan", K)
            assert len(spans) == tracks.pop(id)
            for span in spans:
                begin, end = (
                    datetime.fromisoformat(span.findtext(f"k:{tag}", namespaces=K))
                    for tag in ("begin", "end")
                )
                assert begin <= end and begin.tzinfo
    assert not tracks


def test_fronts_follow_one_another_to_the_end(tree: Any, river_run: CampaignRun) -> None:
    calendar = river_run.campaign.scenario.calendar
    spans: dict[str, list[tuple[str, str]]] = {}
    for mark in folder(tree, "Fronts").iterfind("k:Placemark", K):
        if mark.find("k:Point", K) is not None:
            begin, end = (mark.findtext(f".//k:{tag}", namespaces=K) for tag in ("begin", "end"))
            spans.setdefault(mark.findtext("k:name", namespaces=K), []).append((begin, end))
    assert len(spans) == 2
    for own in spans.values():
        assert own[0][0] == calendar.h_hour.isoformat()
        assert own[-1][1] == calendar.moment_of(calendar.days).isoformat()
        assert all(one[1] == other[0] for one, other in pairwise(own))


def test_a_side_has_its_colour(tree: Any, river_run: CampaignRun) -> None:
    """Opacity, blue, green, red."""
    for side in river_run.campaign.scenario.sampler.central().sides:
        (style,) = tree.xpath(f".//k:Style[@id='side-{side.id}']", namespaces=K)
        colour = style.findtext("k:IconStyle/k:color", namespaces=K)
        assert bytes.fromhex(colour) == b"\xff" + bytes.fromhex(side.colour[1:])[::-1]


def test_fastkml_and_gdal_read_it(exported: Exported) -> None:
    document = KML.parse(exported("kml")).features[0]
    names = [one.name for one in document.features]  # type: ignore[union-attr]
    assert names == ["Places", "Axes of advance", "Fronts", "Blue", "Red", "Battles"]
    layers = pyogrio.list_layers(exported("kml"))[:, 0].tolist()
    assert {*names} - {"Blue", "Red"} <= {*layers}
    told = pyogrio.read_info(exported("kml"), layer="Fronts")
    assert told["crs"] == "EPSG:4326"


def test_styles_that_are_named_are_there(tree: Any) -> None:
    there = {f"#{style.get('id')}" for style in tree.iterfind(".//k:Style", K)}
    assert {url.text for url in tree.iterfind(".//k:styleUrl", K)} <= there


def test_nothing_is_fetched_from_elsewhere(exported: Exported) -> None:
    text = exported("kml").read_text("utf-8").replace(NAMESPACE, "")
    assert "://" not in text


def test_words_of_a_scenario_are_text(river_run: CampaignRun) -> None:
    from dataclasses import replace

    hostile = "<script>alert('&')</script>\x07 & 戦"
    text = kml_text(replace(Picture.of(river_run, 0), title=hostile))
    name = etree.fromstring(text.encode()).findtext("k:Document/k:name", namespaces=K)
    assert name == "<script>alert('&')</script> & 戦"


def test_the_same_bytes_twice(exported: Exported, river_run: CampaignRun) -> None:
    assert kml_text(Picture.of(river_run, 0)).encode() == exported("kml").read_bytes()
