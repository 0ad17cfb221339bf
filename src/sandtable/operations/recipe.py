"""The recipe: one operation of the table as a campaign, told in a scenario's own terms.

    columns of divisions abreast, each on a road of its own, at the edge of the defence
    a defence in three positions a day's march apart, in each column's way
    roads with positions to fall back on, longer than any march

Only what was known beforehand goes in: date, days, the attackers' names, both strengths. Every
other figure is a fact of the register `operations/register`, with its range and its reason: cited
by the scenario and drawn in each replication, or drawn a few times for a layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from typing import Any

from sandtable.operations.armies import army_of
from sandtable.operations.layout import ARMOURED_SINCE, FAR_STEP, Plan, era_id
from sandtable.operations.table import Operation

ATTACKER, DEFENDER = "attacker", "defender"
CAMPAIGN = "operations"
"""File of the register's facts."""

# Half of the battles of the table were fought on rolling ground, and armies go where roads do.
_WAY = {"terrain": "rolling", "road": "road", "rain": "slows"}
# How the bulk of an army moves, the mobile part before and since armour.
_ON_FOOT, _ON_WHEELS, _MOTORISED_SINCE = "rifle", "motor-rifle", 1960
_ON_HORSE, _ON_TRACKS = "cavalry", "tank"
_DEGREE_KM = 111.0
_ECHELONS = ((6_000.0, "division"), (2_500.0, "brigade"), (800.0, "regiment"), (0.0, "battalion"))
"""Least men of a formation that is called so; from its echelon comes the depth of its zone."""

Entry = dict[str, Any]


def scenario_of(plan: Plan) -> Entry:
    """Return the scenario's tables, as they stand in its TOML file."""
    operation = plan.operation
    start = datetime.combine(operation.start, time(), UTC)
    places = list(_places(plan))
    return {
        "scenario": {
            "title": operation.name,
            "campaign": CAMPAIGN,
            "summary": "An operation of another war, made a campaign by the recipe of operations.",
            "start": start,
            "end": start + timedelta(days=operation.days),
        },
        "map": {"base": "none"},
        "side": _sides(operation),
        "place": places,
        "leg": list(_legs(plan)),
        "establishment": _establishments(plan),
        "formation": [
            *map(_command, (ATTACKER, DEFENDER)),
            *_attackers(plan),
            *_defenders(plan),
        ],
        "axis": list(_axes(plan)),
        "weather": [
            {"id": "everywhere", "places": [p["id"] for p in places], "rain": _fact("rain")}
        ],
        "air": [_air(ATTACKER), _air(DEFENDER)],
        "supply": list(_supply(plan)),
    }


def _fact(id: str) -> Entry:
    return {"fact": id}


def _times(id: str, times: float, because: str) -> Entry:
    return {"fact": id, "times": times, "because": because}


def _assumed(value: float, because: str) -> Entry:
    return {"assumed": value, "because": because}


def _sides(operation: Operation) -> list[Entry]:
    shares = {name: _fact(name) for name in ("killed", "captured", "missing")}
    army = army_of(operation.attacker)
    attacker = {"id": ATTACKER, "coalition": ATTACKER, "name": operation.attacker}
    known = {} if army is None else {"army": army}
    defender = {"id": DEFENDER, "coalition": DEFENDER, "name": "defence"}
    endurance = {"pocket_endurance": _fact("pocket-endurance")}
    return [attacker | known | shares, defender | shares | endurance]


# --- ground -----------------------------------------------------------------------------------


def _place(column: int, position: int) -> str:
    return f"c{column + 1}-p{position}"


def _places(plan: Plan) -> Iterator[Entry]:
    first, step = (plan.ranges[id][0] / _DEGREE_KM for id in ("first-leg-km", "position-km"))
    north = [0.0, *(first + step * marches for marches in accumulate(plan.steps, initial=0))]
    for column in range(plan.columns):
        for position, lat in enumerate(north):
            # Half of the road on either side of the equator, or the longest would leave the globe.
            yield {
                "id": _place(column, position),
                "name": f"column {column + 1}, position {position}",
                "lat": round(lat - north[-1] / 2.0, 4),
                "lon": round(step * column, 4),
                "kind": "frontier" if position == 0 else "open-ground",
                "owner": ATTACKER if position == 0 else DEFENDER,
            }


def _legs(plan: Plan) -> Iterator[Entry]:
    first = _fact("first-leg-km")
    march = _fact("position-km")
    far = _times("position-km", FAR_STEP, "beyond all positions places are sparse")
    for column in range(plan.columns):
        yield _leg((column, 0), (column, 1), first)
        for position, marches in enumerate(plan.steps, start=1):
            length = march if marches == 1 else far
            yield _leg((column, position), (column, position + 1), length)
        if column + 1 < plan.columns:
            # Beyond all positions nobody goes from road to road.
            for position in range(plan.steps.count(1) + 2):
                yield _leg((column, position), (column + 1, position), march)


def _leg(a: tuple[int, int], b: tuple[int, int], length: Entry) -> Entry:
    return {"from": _place(*a), "to": _place(*b), "length_km": length} | _WAY


def _supply(plan: Plan) -> Iterator[Entry]:
    for column in range(plan.columns):
        yield {"place": _place(column, 0), "side": ATTACKER}
        yield {"place": _place(column, plan.last), "side": DEFENDER}


# --- forces -----------------------------------------------------------------------------------


def _establishments(plan: Plan) -> list[Entry]:
    patterns = [_establishment("attacking", ATTACKER, plan.division_men, plan)]
    for number, (_, men) in enumerate(plan.defence, start=1):
        pattern = _establishment(f"position-{number}", DEFENDER, men, plan)
        works = "works-forward" if number == 1 else "works-rear"
        patterns.append(pattern | {"fortification": _fact(works)})
    return patterns


def _establishment(id: str, side: str, men: float, plan: Plan) -> Entry:
    tanks = f"the fact is for a thousand men; here there are {men:.0f}"
    return {
        "id": id,
        "personnel": _assumed(men, "the whole force in equal parts, staffs and rear among them"),
        "tanks": _times(f"tanks-{side}-{era_id(plan.operation)}", men / 1000.0, tanks),
        "effectiveness": _assumed(1.0, "as the battle table counts men"),
    }


def _formation(id: str, side: str, kind: str, men: float, establishment: str, at: str) -> Entry:
    return {
        "id": id,
        "name": id,
        "side": side,
        "type": kind,
        "echelon": next(echelon for least, echelon in _ECHELONS if men >= least),
        "parent": _headquarters(side),
        "establishment": establishment,
        "start": at,
    }


def _headquarters(side: str) -> str:
    """Id of the headquarters above all formations of a side."""
    return f"{side}-headquarters"


def _command(side: str) -> Entry:
    id = _headquarters(side)
    return {"id": id, "name": id, "side": side, "type": "headquarters", "echelon": "army"}


def _attackers(plan: Plan) -> Iterator[Entry]:
    for column in range(plan.columns):
        for id in _divisions(plan, column):
            kind, at = _kind(plan, column), _place(column, 0)
            yield _formation(id, ATTACKER, kind, plan.division_men, "attacking", at)


def _defenders(plan: Plan) -> Iterator[Entry]:
    for column in range(plan.columns):
        for position, (count, men) in enumerate(plan.defence, start=1):
            at = _place(column, position)
            for n in range(count):
                id, pattern = f"{at}-g{n + 1}", f"position-{position}"
                yield _formation(id, DEFENDER, _main_body(plan), men, pattern, at)


def _divisions(plan: Plan, column: int) -> list[str]:
    return [f"c{column + 1}-d{number + 1}" for number in range(plan.divisions)]


def _kind(plan: Plan, column: int) -> str:
    """Type of a column's formations."""
    year = plan.operation.start.year
    if column in plan.mobile:
        return _ON_TRACKS if year >= ARMOURED_SINCE else _ON_HORSE
    return _main_body(plan)


def _main_body(plan: Plan) -> str:
    """Type of the bulk of both armies."""
    return _ON_WHEELS if plan.operation.start.year >= _MOTORISED_SINCE else _ON_FOOT


def _axes(plan: Plan) -> Iterator[Entry]:
    for column in range(plan.columns):
        axis = {
            "id": f"c{column + 1}",
            "name": f"column {column + 1}",
            "formations": _divisions(plan, column),
            "places": [_place(column, position) for position in range(plan.last + 1)],
            "surprise": _fact("surprise"),
        }
        fuel = {
            "carried_km": _fact("fuel-carried"),
            "lift_km": _fact("fuel-lift"),
            "lift_halves_km": _fact("fuel-halves"),
        }
        burns = _kind(plan, column) in (_ON_WHEELS, _ON_TRACKS)
        yield axis | ({"fuel": fuel} if burns else {})


def _air(side: str) -> Entry:
    sorties = "only the proportion of sorties counts"
    return {
        "side": side,
        "aircraft": _fact(f"sorties-{side}"),
        "serviceable": _assumed(1.0, sorties),
        "sorties": _assumed(1.0, sorties),
        "losses": _assumed(0.0, "aircraft are not what is judged"),
    }
