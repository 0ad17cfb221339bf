"""Where formations are between their rows."""

from __future__ import annotations

from datetime import UTC, datetime

from sandtable.calendar import Calendar
from sandtable.export.picture import FrontLine, Point, Stay, keyframes, stays_of
from sandtable.figures.route import routes_of
from sandtable.track_columns import Track
from shipped import shipped

CALENDAR = Calendar(datetime(1944, 6, 1, 12, tzinfo=UTC), 6.0)


def stay(day: float, until: float, point: Point | None) -> Stay:
    return Stay(Track(day, "x", "a", "", 0.0, 100.0, 0.0, "holding"), until, point)


def test_who_stands_still_sets_out_after_the_last_evening_on_which_he_was_seen_there() -> None:
    here, there = Point(10.0, 50.0), Point(10.5, 50.0)
    stays = [stay(0.0, 3.9, here), stay(3.9, 6.0, there)]
    days = [day for day, _ in keyframes(stays, CALENDAR)]
    # H-hour is noon: days end at 0.5, 1.5, ...; seen elsewhere at 3.9, he was here at 3.5.
    assert days == [0.0, 3.5, 3.9]


def test_who_moves_within_a_day_moves_evenly() -> None:
    stays = [stay(0.6, 1.2, Point(10.0, 50.0)), stay(1.2, 6.0, Point(10.5, 50.0))]
    assert [day for day, _ in keyframes(stays, CALENDAR)] == [0.6, 1.2]


def test_who_does_not_move_has_no_more_than_his_rows() -> None:
    here = Point(10.0, 50.0)
    assert len(keyframes([stay(0.0, 4.9, here), stay(4.9, 6.0, here)], CALENDAR)) == 2


def test_who_is_off_the_map_has_no_point() -> None:
    resolved = shipped("kurils-1945").sampler.central()
    formation = resolved.formations[-1].id
    place = resolved.places[0]
    tracks = [
        Track(0.0, formation, "", "", 0.0, 100.0, 0.0, "off the map"),
        Track(1.0, formation, place.id, "", 0.0, 100.0, 0.0, "holding"),
    ]
    (found,) = stays_of(tracks, resolved).values()
    assert [one.point for one in found] == [None, Point.of(place.lon, place.lat)]
    assert [one.until for one in found] == [1.0, resolved.days]


def test_a_front_that_is_one_point_has_no_band() -> None:
    route = routes_of(shipped("kurils-1945").sampler.central())[0]
    assert FrontLine(route, 1.0, 0.0, 0.0, 0.0).band == []
    assert len(FrontLine(route, 1.0, 0.0, 0.0, float(route.km[-1])).band) == len(route.km)
