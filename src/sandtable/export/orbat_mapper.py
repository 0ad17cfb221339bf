"""A run as a scenario of ORBAT Mapper (JSON, version 3.4.0), which plays it on a map.

Sides hold groups of units; a unit has its military symbol, its strength and its states over
time; events tell what befell whom. The types are those of its `scenarioModels.ts`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandtable.export.picture import Picture, Stay, keyframes
from sandtable.scenario.chain_of_command import ChainOfCommand
from sandtable.scenario.resolved import Formation, Place, Side
from sandtable.symbols import IDENTITIES, destroyed, sidc
from sandtable.track_columns import STATUSES

Json = dict[str, Any]

VERSION = "3.4.0"
PERSONNEL, TANKS = "Personnel", "Tanks"
EQUIPMENT = {
    TANKS: "tanks", "Guns": "guns", "Anti-tank guns": "antitank_guns",
    "Armoured cars": "armoured_cars",
}  # fmt: skip
"""What a unit holds, by the count of the formation that it is."""
UNDER = "under-"
"""Begins the id of a group whose units stand under a unit of another side, which the rest names."""
_TOLD = (
    "phase begins", "lands", "battle begins", "battle ends", "captured", "bridge blown",
    "encircled", "relieved", "breaks out", "ceases fire", "surrendered", "destroyed",
)  # fmt: skip
"""Kinds of events that are told."""


def orbat_mapper_text(picture: Picture) -> str:
    """Return the scenario as JSON."""
    return json.dumps(scenario(picture), ensure_ascii=False, indent=1) + "\n"


def scenario(picture: Picture) -> Json:
    """Return the scenario as plain data."""
    resolved = picture.resolved
    return {
        "type": "ORBAT-mapper",
        "id": f"sandtable-{resolved.name}-{picture.number}",
        "version": VERSION,
        "name": picture.title,
        "description": picture.about,
        "startTime": picture.time(0.0),
        "timeZone": _time_zone(picture),
        "symbologyStandard": "2525d",
        "sides": [_side(side, picture) for side in resolved.sides],
        "events": list(_events(picture)),
        "layerStack": [_layer(picture)],
        "equipment": [{"name": name} for name in EQUIPMENT],
        "personnel": [{"name": PERSONNEL}],
        "settings": {
            "rangeRingGroups": [],
            "statuses": [{"name": name, "description": told} for name, told in STATUSES.items()],
            "supplyClasses": [],
            "supplyUoMs": [],
        },
    }


def _time_zone(picture: Picture) -> str:
    """The zone by its name in the database of zones: of whole hours, else universal time."""
    offset = picture.calendar.h_hour.utcoffset()
    hours, rest = divmod(int(offset.total_seconds()) if offset else 0, 3600)
    return "UTC" if rest or not hours else f"Etc/GMT{-hours:+d}"


def _side(side: Side, picture: Picture) -> Json:
    own = [f for f in picture.resolved.formations if f.side == side.id]
    children = ChainOfCommand(own).children
    ids = {formation.id for formation in own}
    above = [parent for parent in children if parent not in ids]
    return {
        "id": side.id,
        "name": side.name,
        "standardIdentity": IDENTITIES[side.coalition],
        "symbolOptions": {"fillColor": side.colour.lower()},
        "groups": [_group(side, parent, children, picture) for parent in above],
    }


def _group(
    side: Side, parent: str | None, children: Mapping[str | None, Sequence[str]], picture: Picture
) -> Json:
    """The side's units under nobody, or under one unit of another side."""
    by_id = picture.resolved.formations_by_id
    id, name = (
        (f"{side.id}-units", f"{side.name}: units")
        if parent is None
        else (f"{UNDER}{parent}", f"Under {by_id[parent].name}")
    )
    units = [_unit(by_id[child], children, picture) for child in children[parent]]
    return {"id": id, "name": name, "subUnits": units}


def _unit(
    formation: Formation, children: Mapping[str | None, Sequence[str]], picture: Picture
) -> Json:
    by_id, stays = picture.resolved.formations_by_id, picture.stays.get(formation.id, ())
    unit: Json = {
        "id": formation.id,
        "name": formation.name,
        "sidc": sidc(formation.type, formation.echelon, formation.coalition),
        "description": f"{formation.echelon.replace('-', ' ')}, {formation.type}",
        "subUnits": [
            _unit(by_id[id], children, picture) for id in children.get(formation.id, ())
        ],
        "state": [],
    }  # fmt: skip
    if formation.personnel:
        counts = {name: getattr(formation, count) for name, count in EQUIPMENT.items()}
        counts |= {TANKS: stays[0].track.tanks} if stays else {}
        men = stays[0].track.personnel if stays else formation.personnel
        unit["personnel"] = [{"name": PERSONNEL, "count": round(men)}]
        unit["equipment"] = [
            {"name": name, "count": round(count)} for name, count in counts.items() if count
        ]
    if stays:
        if stays[0].point is not None:
            unit["location"] = list(stays[0].point)
        unit["status"] = stays[0].track.status
        unit["state"] = list(_states(formation, stays, picture))
    return unit


def _states(formation: Formation, stays: Sequence[Stay], picture: Picture) -> Iterator[Json]:
    """States between whose locations the unit moves evenly; each tells what has changed."""
    status, strength = "", (-1, -1)
    for number, (day, stay) in enumerate(keyframes(stays, picture.calendar)):
        track = stay.track
        state: Json = {"id": f"{formation.id}-{number}", "t": picture.time(day)}
        state["location"] = None if stay.point is None else list(stay.point)
        if track.status != status:
            status = track.status
            state |= {"title": status, "status": status}
            if status == "destroyed":
                state["sidc"] = destroyed(
                    sidc(formation.type, formation.echelon, formation.coalition)
                )
        now = round(track.personnel), round(track.tanks)
        if now != strength:
            strength = now
            state["update"] = {"personnel": [{"name": PERSONNEL, "onHand": now[0]}]}
            if formation.tanks:
                state["update"]["equipment"] = [{"name": TANKS, "onHand": now[1]}]
        yield state


def _events(picture: Picture) -> Iterator[Json]:
    """What befell whom and where, in the order in which it happened."""
    resolved = picture.resolved
    units = {formation.id for formation in resolved.formations}
    for number, event in enumerate(picture.events):
        if event["kind"] not in _TOLD:
            continue
        told = [picture.context.name(event[key]) for key in ("place", "formation") if event[key]]
        item: Json = {
            "id": f"event-{number}",
            "startTime": picture.time(event["day"]),
            "title": f"{event['kind'].capitalize()}: {', '.join(told)}" if told else event["kind"],
        }
        if event["text"]:
            item["subTitle"] = event["text"]
        place = resolved.places_by_id.get(event["place"])
        if place is not None:
            item["where"] = {"type": "geometry", "geometry": _spot(place)}
        elif event["formation"] in units:
            item["where"] = {"type": "units", "units": [event["formation"]]}
        yield item


def _layer(picture: Picture) -> Json:
    """The places and the axes of advance, as an overlay."""
    resolved = picture.resolved
    items = [
        _item(f"place-{place.id}", place.name, _spot(place)) for place in resolved.places
    ] + [
        _item(
            f"axis-{axis.id}",
            axis.name,
            {
                "type": "LineString",
                "coordinates": [_at(resolved.places_by_id[id]) for id in axis.places],
            },
        )
        for axis in resolved.axes
    ]  # fmt: skip
    return {"id": "ground", "kind": "overlay", "name": "Places and axes", "items": items}


def _item(id: str, name: str, geometry: Json) -> Json:
    return {
        "id": id, "kind": "geometry", "name": name, "geometry": geometry,
        "geometryMeta": {"geometryKind": geometry["type"]}, "style": {},
    }  # fmt: skip


def _spot(place: Place) -> Json:
    return {"type": "Point", "coordinates": _at(place)}


def _at(place: Place) -> list[float]:
    return [place.lon, place.lat]
