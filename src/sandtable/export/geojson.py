"""A run as GeoJSON (RFC 7946): places, axes, fronts, formations and battles with their times.

Longitude before latitude, WGS 84; times are ISO 8601 with their zone. Each feature says in
``layer`` what it is; docs/export.md lists their properties.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandtable.export.picture import Picture, Point, keyframes
from sandtable.symbols import sidc

Feature = dict[str, Any]


def geojson_text(picture: Picture) -> str:
    """Return the feature collection, a feature a line."""
    head = {"type": "FeatureCollection", "name": picture.title, "description": picture.about}
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features(picture))
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "features": [\n{lines}\n]}}\n'


def features(picture: Picture) -> Iterator[Feature]:
    """Yield every feature: places, axes, fronts, formations, battles."""
    yield from _places(picture)
    yield from _axes(picture)
    yield from _fronts(picture)
    yield from _formations(picture)
    yield from _battles(picture)


def _places(picture: Picture) -> Iterator[Feature]:
    for capture in picture.captures:
        place = capture.place
        yield _point(
            Point.of(place.lon, place.lat),
            layer="place", id=place.id, name=place.name, kind=place.kind, side=place.side,
            coalition=place.coalition, captured_share=round(capture.share, 4),
            captured_p05=picture.times(capture.low), captured_p50=picture.times(capture.middle),
            captured_p95=picture.times(capture.high), captured=picture.times(capture.here),
        )  # fmt: skip


def _axes(picture: Picture) -> Iterator[Feature]:
    for axis in picture.resolved.axes:
        places = [picture.resolved.places_by_id[id] for id in axis.places]
        side = picture.resolved.formations_by_id[axis.formations[0]].side
        points = [Point.of(place.lon, place.lat) for place in places]
        yield _line(points, layer="axis", id=axis.id, name=axis.name, side=side)


def _fronts(picture: Picture) -> Iterator[Feature]:
    for front in picture.fronts:
        axis = front.route.axis
        told = {
            "id": axis.id, "name": axis.name, "time": picture.time(front.day),
            "km_p05": round(front.low, 2), "km_p50": round(front.middle, 2),
            "km_p95": round(front.high, 2),
        }  # fmt: skip
        yield _point(front.point, layer="front", **told)
        if front.band:
            yield _line(front.band, layer="front-band", **told)


def _formations(picture: Picture) -> Iterator[Feature]:
    for formation, stays in picture.tracked():
        who = {
            "id": formation.id, "name": formation.name, "side": formation.side,
            "coalition": formation.coalition, "type": formation.type,
            "echelon": formation.echelon, "parent": formation.parent,
            "sidc": sidc(formation.type, formation.echelon, formation.coalition),
        }  # fmt: skip
        for stay in stays:
            if stay.point is not None:
                track = stay.track
                yield _point(
                    stay.point, layer="formation", **who, time_start=picture.time(track.day),
                    time_end=picture.time(stay.until), place=track.place,
                    toward=track.toward or None, personnel=round(track.personnel),
                    tanks=round(track.tanks, 1), status=track.status,
                )  # fmt: skip
        frames = [(day, stay) for day, stay in keyframes(stays, picture.calendar) if stay.point]
        points = [stay.point for _, stay in frames if stay.point]
        if len(set(points)) > 1:
            times = [picture.time(day) for day, _ in frames]
            yield _line(
                points, layer="track", **who, time_start=times[0], time_end=times[-1],
                coordTimes=times,
            )  # fmt: skip


def _battles(picture: Picture) -> Iterator[Feature]:
    for battle in picture.battles:
        place = picture.resolved.places_by_id[battle["place"]]
        end = None if battle["end"] != battle["end"] else battle["end"]
        yield _point(
            Point.of(place.lon, place.lat),
            layer="battle", number=battle["battle"], id=place.id, name=place.name,
            time_start=picture.time(battle["start"]), time_end=picture.times(end),
            attacking=battle["coalition"], attackers=list(battle["attackers"]),
            defenders=list(battle["defenders"]), ratio=_figure(battle["ratio"]),
            attacker_personnel=_whole(battle["attacker_in_contact"]),
            defender_personnel=_whole(battle["defender_in_contact"]),
            attacker_casualties=_whole(battle["attacker_casualties"]),
            defender_casualties=_whole(battle["defender_casualties"]),
            decision=battle["decision"], cause=battle["cause"] or None,
        )  # fmt: skip


def _point(point: Point, **properties: Any) -> Feature:
    return _feature({"type": "Point", "coordinates": list(point)}, properties)


def _line(points: Sequence[Point], **properties: Any) -> Feature:
    coordinates = [list(point) for point in points]
    return _feature({"type": "LineString", "coordinates": coordinates}, properties)


def _feature(geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _whole(value: float) -> int | None:
    return None if value != value else round(value)


def _figure(value: float) -> float | None:
    return float(f"{value:.4g}") if abs(value) < float("inf") else None
