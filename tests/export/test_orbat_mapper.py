"""The scenario of ORBAT Mapper that a run becomes, held against its published types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from export.conftest import Exported
from sandtable.campaign import CampaignRun
from sandtable.export.orbat_mapper import orbat_mapper_text
from sandtable.export.picture import Picture
from sandtable.symbols import symbol_svg

TYPES = json.loads(
    (Path(__file__).parents[1] / "inputs/export/orbat-mapper.schema.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def scenario(exported: Exported) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exported("orbat-mapper").read_text("utf-8"))
    return found


def units(items: list[dict[str, Any]], above: str | None = None) -> Iterator[tuple[Any, Any]]:
    """Every unit below some, with the id of the one above it."""
    for unit in items:
        yield unit, above
        yield from units(unit["subUnits"], unit["id"])


def all_units(scenario: dict[str, Any]) -> dict[str, dict[str, Any]]:
    groups = [group for side in scenario["sides"] for group in side["groups"]]
    return {unit["id"]: unit for group in groups for unit, _ in units(group["subUnits"])}


def test_it_is_of_the_published_types(scenario: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(TYPES)
    assert [error.message for error in validator.iter_errors(scenario)] == []


def test_the_types_refuse_what_is_none_of_them(scenario: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(TYPES)
    for key, value in (("version", "9"), ("sides", {}), ("colour", "red"), ("startTime", "now")):
        assert not validator.is_valid({**scenario, key: value})


def test_sides_and_units_are_those_of_the_scenario(
    scenario: dict[str, Any], river_run: CampaignRun
) -> None:
    file = river_run.campaign.scenario.file
    assert [(s["id"], s["standardIdentity"]) for s in scenario["sides"]] == [
        ("blue", "6"), ("red", "3"),
    ]  # fmt: skip
    found = {
        unit["id"]: (unit["name"], side["id"], above)
        for side in scenario["sides"]
        for group in side["groups"]
        for unit, above in units(group["subUnits"])
    }
    assert found == {f.id: (f.name, f.side, f.parent) for f in file.formation}


def test_symbols_can_be_drawn_and_are_of_the_side(scenario: dict[str, Any]) -> None:
    for side in scenario["sides"]:
        for group in side["groups"]:
            for unit, _ in units(group["subUnits"]):
                codes = [unit["sidc"], *(s["sidc"] for s in unit["state"] if "sidc" in s)]
                assert all(code[3] == side["standardIdentity"] for code in codes)
                assert all(symbol_svg(code) for code in codes)


def test_states_are_where_and_what_the_track_has(
    scenario: dict[str, Any], river_run: CampaignRun
) -> None:
    calendar = river_run.campaign.scenario.calendar
    places = {place.id: place for place in river_run.campaign.scenario.file.place}
    found = all_units(scenario)
    strength: dict[str, float] = {}
    for track in river_run.replay(0).tracks:
        unit, moment = found[track.formation], calendar.moment_of(track.day)
        (state, *_) = [s for s in unit["state"] if datetime.fromisoformat(s["t"]) == moment]
        here, there = places[track.place], places[track.toward or track.place]
        lon = (1.0 - track.share) * here.lon + track.share * there.lon
        lat = (1.0 - track.share) * here.lat + track.share * there.lat
        assert state["location"] == pytest.approx([lon, lat], abs=2e-5)
        for item in state.get("update", {}).get("personnel", []):
            strength[unit["id"]] = item["onHand"]
        assert strength[unit["id"]] == pytest.approx(track.personnel, abs=0.5)
    destroyed = [u for u in found.values() if u["state"] and u["state"][-1].get("sidc")]
    assert [u["id"] for u in destroyed] == ["7-division"]
    assert destroyed[0]["state"][-1]["sidc"][6] == "4"


def test_statuses_and_kinds_that_are_named_are_listed(scenario: dict[str, Any]) -> None:
    statuses = {status["name"] for status in scenario["settings"]["statuses"]}
    held = {item["name"] for key in ("equipment", "personnel") for item in scenario[key]}
    for unit in all_units(scenario).values():
        assert {s["status"] for s in unit["state"] if "status" in s} <= statuses
        assert {item["name"] for item in unit.get("equipment", [])} <= held
        assert {item["name"] for item in unit.get("personnel", [])} <= held


def test_its_zone_is_that_of_h_hour(scenario: dict[str, Any], river_run: CampaignRun) -> None:
    start = datetime.fromisoformat(scenario["startTime"])
    assert start == river_run.campaign.scenario.calendar.h_hour
    assert start.astimezone(ZoneInfo(scenario["timeZone"])).utcoffset() == start.utcoffset()


@pytest.mark.parametrize("hours", [-5.0, 0.0, 8.0, 9.0, 5.5])
def test_a_zone_of_whole_hours_has_its_name(hours: float, river_run: CampaignRun) -> None:
    picture = Picture.of(river_run, 0)
    offset = timedelta(hours=hours)
    calendar = replace(
        picture.calendar, h_hour=picture.calendar.h_hour.replace(tzinfo=timezone(offset))
    )
    resolved = replace(picture.resolved, calendar=calendar)
    moved = replace(picture, context=replace(picture.context, resolved=resolved))
    zone = ZoneInfo(json.loads(orbat_mapper_text(moved))["timeZone"])
    expected = offset if hours == round(hours) else timedelta(0)
    assert calendar.h_hour.astimezone(zone).utcoffset() == expected


def test_events_tell_what_befell_whom(scenario: dict[str, Any], river_run: CampaignRun) -> None:
    told = [(event["startTime"], event["title"]) for event in scenario["events"]]
    assert told == sorted(told, key=lambda event: datetime.fromisoformat(event[0]))
    captured = [e for e in river_run.replay(0).events if e["kind"] == "captured"]
    assert sum(title.startswith("Captured: ") for _, title in told) == len(captured) > 0


def test_ids_are_unique(scenario: dict[str, Any]) -> None:
    ids = [side["id"] for side in scenario["sides"]]
    for side in scenario["sides"]:
        for group in side["groups"]:
            ids += [group["id"], *(unit["id"] for unit, _ in units(group["subUnits"]))]
    ids += [state["id"] for unit in all_units(scenario).values() for state in unit["state"]]
    ids += [event["id"] for event in scenario["events"]]
    assert len(ids) == len(set(ids))


def test_the_same_bytes_twice(exported: Exported, river_run: CampaignRun) -> None:
    again = orbat_mapper_text(Picture.of(river_run, 0))
    assert again.encode() == exported("orbat-mapper").read_bytes()
