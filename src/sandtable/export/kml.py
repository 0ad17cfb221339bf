"""A run as KML 2.2 (OGC): places, axes, fronts, formations and battles, each with its span of time.

Coordinates are longitude, latitude, in degrees, clamped to the ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sandtable.export.picture import Picture, Point, Stay
from sandtable.scenario.resolved import Formation

NAMESPACE = "http://www.opengis.net/kml/2.2"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not have: with one of them nobody could read the document."""
_BAND, _AXIS = "ff2a6fd6", "7f606060"
"""Colours as KML writes them: opacity, blue, green, red."""
_SCALES = {"place": 0.6, "front": 0.7, "battle": 0.9}


def kml_text(picture: Picture) -> str:
    """Return the document."""
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _text(document, "name", picture.title)
    _text(document, "description", picture.about)
    _styles(document, picture)
    _places(_folder(document, "Places"), picture)
    _axes(_folder(document, "Axes of advance"), picture)
    _fronts(_folder(document, "Fronts"), picture)
    for side in picture.resolved.sides:
        _formations(_folder(document, side.name), picture, side.id)
    _battles(_folder(document, "Battles"), picture)
    indent(root, " ")
    told = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{told}\n'


def _styles(document: Element, picture: Picture) -> None:
    for name, scale in _SCALES.items():
        _icon_style(document, name, "ffffffff", scale)
    for side in picture.resolved.sides:
        _icon_style(document, f"side-{side.id}", _kml_colour(side.colour), 0.8)
    for name, colour, width in (("axis", _AXIS, "1.5"), ("band", _BAND, "4")):
        style = SubElement(document, "Style", id=name)
        line = SubElement(style, "LineStyle")
        _text(line, "color", colour)
        _text(line, "width", width)


def _icon_style(document: Element, name: str, colour: str, scale: float) -> None:
    style = SubElement(document, "Style", id=name)
    icon = SubElement(style, "IconStyle")
    _text(icon, "color", colour)
    _text(icon, "scale", f"{scale:g}")
    _text(SubElement(style, "LabelStyle"), "scale", f"{scale:g}")


def _places(folder: Element, picture: Picture) -> None:
    for capture in picture.captures:
        place, told = capture.place, []
        if capture.share:
            low, middle, high = (
                "never" if day is None else picture.calendar.date_text(day)
                for day in (capture.low, capture.middle, capture.high)
            )
            told.append(f"taken in {capture.share:.0%} of replications")
            told.append(f"5, 50, 95 percent: {low}, {middle}, {high}")
        if capture.here is not None:
            told.append(f"here {picture.time(capture.here)}")
        _placemark(folder, place.name, "place", told, [Point.of(place.lon, place.lat)])


def _axes(folder: Element, picture: Picture) -> None:
    for axis in picture.resolved.axes:
        places = [picture.resolved.places_by_id[id] for id in axis.places]
        points = [Point.of(place.lon, place.lat) for place in places]
        _placemark(folder, axis.name, "axis", [], points)


def _fronts(folder: Element, picture: Picture) -> None:
    """A front holds until the end of the next day."""
    days = sorted({front.day for front in picture.fronts})
    until = dict(zip(days, [*days[1:], picture.calendar.days], strict=True))
    for front in picture.fronts:
        name = front.route.axis.name
        span = picture.time(front.day), picture.time(until[front.day])
        told = [f"km along the axis, 5, 50, 95 percent: {_km(front.low, front.middle, front.high)}"]
        _placemark(folder, name, "front", told, [front.point], span)
        if front.band:
            _placemark(folder, name, "band", told, front.band, span)


def _km(*values: float) -> str:
    return ", ".join(f"{value:.0f}" for value in values)


def _formations(folder: Element, picture: Picture, side: str) -> None:
    for formation, stays in picture.tracked():
        shown = [stay for stay in stays if stay.point is not None]
        if formation.side == side and shown:
            inner = _folder(folder, formation.name)
            for stay in shown:
                _stay(inner, picture, formation, stay)


def _stay(folder: Element, picture: Picture, formation: Formation, stay: Stay) -> None:
    track = stay.track
    places = picture.resolved.places_by_id
    where = places[track.place].name
    if track.toward:
        where += f", {track.share:.0%} of the way to {places[track.toward].name}"
    strength = f"{track.personnel:,.0f} men"
    strength += f", {track.tanks:,.0f} tanks" if track.tanks else ""
    told = [f"{formation.type}, {formation.echelon}", strength, f"{track.status}: {where}"]
    span = picture.time(track.day), picture.time(stay.until)
    points = [stay.point] if stay.point else []
    _placemark(folder, formation.name, f"side-{formation.side}", told, points, span)


def _battles(folder: Element, picture: Picture) -> None:
    for battle in picture.battles:
        place = picture.resolved.places_by_id[battle["place"]]
        end = battle["end"] if battle["end"] == battle["end"] else picture.calendar.days
        told = [
            f"attackers: {', '.join(map(picture.context.name, battle['attackers']))}",
            f"defenders: {', '.join(map(picture.context.name, battle['defenders']))}",
            f"casualties: {_men(battle['attacker_casualties'])} of the attackers, "
            f"{_men(battle['defender_casualties'])} of the defenders",
            f"ended: {battle['decision']}",
        ]
        span = picture.time(battle["start"]), picture.time(end)
        point = Point.of(place.lon, place.lat)
        _placemark(folder, f"Battle: {place.name}", "battle", told, [point], span)


def _men(value: float) -> str:
    return "–" if value != value else f"{value:,.0f}"


def _folder(parent: Element, name: str) -> Element:
    folder = SubElement(parent, "Folder")
    _text(folder, "name", name)
    return folder


def _placemark(
    folder: Element,
    name: str,
    style: str,
    told: Iterable[str],
    points: Sequence[Point],
    span: tuple[str, str] | None = None,
) -> None:
    mark = SubElement(folder, "Placemark")
    _text(mark, "name", name)
    lines = list(told)
    if lines:
        _text(mark, "description", "\n".join(lines))
    if span is not None:
        time = SubElement(mark, "TimeSpan")
        _text(time, "begin", span[0])
        _text(time, "end", span[1])
    _text(mark, "styleUrl", f"#{style}")
    geometry = SubElement(mark, "Point" if len(points) == 1 else "LineString")
    if len(points) > 1:
        _text(geometry, "tessellate", "1")
    _text(geometry, "coordinates", " ".join(_coordinates(points)))


def _coordinates(points: Iterable[Point]) -> Iterator[str]:
    return (f"{point.lon:.5f},{point.lat:.5f}" for point in points)


def _kml_colour(colour: str) -> str:
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"ff{blue}{green}{red}".lower()


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _UNWRITABLE.sub("", text)
