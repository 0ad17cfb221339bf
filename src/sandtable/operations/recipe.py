"""The recipe: one operation of the table as a campaign, told in a scenario's own terms.

    columns of divisions abreast, a day's march apart, each on a road of its own
    a defence in three positions a day's march apart, in each column's way
    positions to fall back on for weeks of marches, and a last way longer than any

Only what was known beforehand goes in: dates, the attackers' names, both strengths. Every
other figure is a row of the register `operations/register`, with its range and its reason.
A figure that shapes the order of battle (men a column, men a division, the share in the forward
position, mobile columns) is drawn a few times an operation: a `Layout` each. All others stand in
the scenario as facts and are drawn in each replication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from math import ceil, exp, log
from typing import Any

from sandtable.evidence import Fact
from sandtable.laws.circumstances import era
from sandtable.operations.armies import army_of
from sandtable.operations.table import Operation

ATTACKER, DEFENDER = "attacker", "defender"
CAMPAIGN = "operations"
"""File of the register's facts."""

# The law's mean is out of reach for what a scenario must give: half of the battles of the table
# were fought on rolling ground, and roads lead to where armies go.
_TERRAIN, _ROAD = "rolling", "road"
# Armies that march on foot, and what goes ahead of them, by the first year of the era.
_ON_FOOT, _ON_WHEELS = "rifle", "motor-rifle"
_MOTORISED_SINCE, _ARMOURED_SINCE = 1960, 1937
_FASTEST_KM, _FARTHEST_KM = 240.0, 2000.0
"""Km a day that no column exceeds, and km that none with fuel makes in a season."""
_HELD, _FAR_STEP = 3, 3
"""Positions that are held at first, and days' marches between places beyond all positions."""
_DEGREE_KM = 111.0
_ECHELONS = ((6_000.0, "division"), (2_500.0, "brigade"), (800.0, "regiment"), (0.0, "battalion"))
"""Least men of a formation that is called so; from its echelon comes the depth of its zone."""

Quantity = dict[str, Any]
Table = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the forces are divided: figures of the recipe that are no quantity of a scenario.

    ``column_men``, ``division_men``: persons of the whole force to an axis and to a division.
    ``forward_share``: of the defence, in the forward position. ``mobile_share``: of the columns.
    """

    column_men: float
    division_men: float
    forward_share: float
    mobile_share: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """An operation and a layout, worked out in whole columns and formations."""

    operation: Operation
    layout: Layout
    facts: Mapping[str, Fact]
    era: str

    @property
    def columns(self) -> int:
        most = self.facts["most-columns"].high
        wanted = round(self.operation.attacker_strength / self.layout.column_men)
        # Where the defence is a handful, not every column finds one.
        return int(max(1, min(wanted, most, self.operation.defender_strength // 1000)))

    @property
    def divisions(self) -> int:
        """Divisions of each column."""
        return self._divided(self.operation.attacker_strength / self.columns)

    def _divided(self, men: float) -> int:
        """Formations of a force: its divisions, or a few corps if it has more."""
        most = self.facts["most-formations"].high
        return int(max(1, min(round(men / self.layout.division_men), most)))

    @property
    def mobile(self) -> frozenset[int]:
        """Columns that are mobile, evenly among the others."""
        count = round(self.columns * self.layout.mobile_share)
        return frozenset(int((k + 0.5) * self.columns / count) for k in range(count))

    @property
    def steps(self) -> tuple[int, ...]:
        """Days' marches from each place of a column's road to the next, to beyond all reach."""
        days, shortest = self.operation.days, self.facts["position-km"].low
        reach = min(_FASTEST_KM * days, max(_FARTHEST_KM, self.facts["position-km"].high * days))
        near = int(max(_HELD, min(self.facts["positions"].high, ceil(reach / shortest))))
        far = max(0, ceil((reach / shortest - near) / _FAR_STEP))
        return (1,) * near + (_FAR_STEP,) * far

    @property
    def defence(self) -> list[tuple[int, float]]:
        """Formations and men of each formation, in each column's way, by position."""
        men = self.operation.defender_strength / self.columns
        forward = self.layout.forward_share
        shares = (forward, (1.0 - forward) / 2.0, (1.0 - forward) / 2.0)
        counts = [self._divided(men * share) for share in shares]
        return [(n, men * share / n) for n, share in zip(counts, shares, strict=True)]


def layout_at(facts: Mapping[str, Fact], year: int, u: Mapping[str, float]) -> Layout:
    """Return the layout at these places (0-1) within the ranges, by the figure's name.

    Counts of men are taken in proportion (evenly in their logarithm), shares evenly.
    """
    slug = _slug(era(year))

    def men(name: str, fact: Fact) -> float:
        return exp(log(fact.low) + u[name] * (log(fact.high) - log(fact.low)))

    def share(name: str, fact: Fact) -> float:
        return fact.low + u[name] * (fact.high - fact.low)

    return Layout(
        men("column-men", facts["column-men"]),
        men("division-men", facts[f"division-men-{slug}"]),
        share("forward-share", facts["forward-share"]),
        share("mobile-share", facts[f"mobile-share-{slug}"]),
    )


def scenario_of(
    operation: Operation, layout: Layout, facts: Mapping[str, Fact]
) -> dict[str, Any]:
    """Return the scenario's tables, as they stand in its TOML file."""
    plan = _Plan(operation, layout, facts, _slug(era(operation.start.year)))
    start = datetime.combine(operation.start, time(), UTC)
    formations, axes = _order_of_battle(plan)
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
        "place": list(_places(plan)),
        "leg": list(_legs(plan)),
        "establishment": _establishments(plan),
        "formation": formations,
        "axis": axes,
        "weather": [
            {"id": "everywhere", "places": [p["id"] for p in _places(plan)], "rain": _fact("rain")}
        ],
        "air": [_air(ATTACKER), _air(DEFENDER)],
        "supply": list(_supply(plan)),
    }


def _slug(words: str) -> str:
    return words.replace(" ", "-")


def _fact(id: str) -> Quantity:
    return {"fact": id}


def _times(id: str, times: float, because: str) -> Quantity:
    return {"fact": id, "times": times, "because": because}


def _assumed(value: float, because: str) -> Quantity:
    return {"assumed": value, "because": because}


def _sides(operation: Operation) -> Table:
    shares = {name: _fact(name) for name in ("killed", "captured", "missing")}
    attacker: dict[str, Any] = {"id": ATTACKER, "coalition": ATTACKER, "name": operation.attacker}
    army = army_of(operation.attacker)
    if army is not None:
        attacker["army"] = army
    defender = {"id": DEFENDER, "coalition": DEFENDER, "name": "defence"}
    endurance = {"pocket_endurance": _fact("pocket-endurance")}
    return [attacker | shares, defender | shares | endurance]


def _place_id(column: int, position: int) -> str:
    return f"c{column + 1}-p{position}"


def _places(plan: _Plan) -> Iterator[dict[str, Any]]:
    step = plan.facts["position-km"].low / _DEGREE_KM
    for column in range(plan.columns):
        for position, marches in enumerate(accumulate(plan.steps, initial=0)):
            yield {
                "id": _place_id(column, position),
                "name": f"column {column + 1}, position {position}",
                "lat": round(step * marches, 4),
                "lon": round(step * column, 4),
                "kind": "frontier" if position == 0 else "open-ground",
                "owner": ATTACKER if position == 0 else DEFENDER,
            }


def _legs(plan: _Plan) -> Iterator[dict[str, Any]]:
    way = {"terrain": _TERRAIN, "road": _ROAD, "rain": "slows"}
    march = {"length_km": _fact("position-km")}
    far = {"length_km": _times("position-km", _FAR_STEP, "beyond all positions places are sparse")}
    for column in range(plan.columns):
        for position, marches in enumerate(plan.steps):
            ends = _ends((column, position), (column, position + 1))
            yield ends | (march if marches == 1 else far) | way
            if marches == 1 and column + 1 < plan.columns:
                yield _ends((column, position), (column + 1, position)) | march | way


def _ends(a: tuple[int, int], b: tuple[int, int]) -> dict[str, Any]:
    return {"from": _place_id(*a), "to": _place_id(*b)}


def _supply(plan: _Plan) -> Iterator[dict[str, Any]]:
    for column in range(plan.columns):
        yield {"place": _place_id(column, 0), "side": ATTACKER}
        yield {"place": _place_id(column, len(plan.steps)), "side": DEFENDER}


def _establishments(plan: _Plan) -> Table:
    men = plan.operation.attacker_strength / (plan.columns * plan.divisions)
    patterns = [_establishment("attacking", ATTACKER, men, plan)]
    for number, (_, each) in enumerate(plan.defence, start=1):
        pattern = _establishment(f"position-{number}", DEFENDER, each, plan)
        works = "works-forward" if number == 1 else "works-rear"
        patterns.append(pattern | {"fortification": _fact(works)})
    return patterns


def _establishment(id: str, side: str, men: float, plan: _Plan) -> dict[str, Any]:
    share = "the force in equal parts, with its share of staffs and rear"
    tanks = f"tanks a thousand men, for {men:.0f} men"
    return {
        "id": id,
        "personnel": _assumed(men, share),
        "tanks": _times(f"tanks-{side}-{plan.era}", men / 1000.0, tanks),
        "effectiveness": _assumed(1.0, "as the battle table counts men"),
    }


def _echelon(men: float) -> str:
    return next(echelon for least, echelon in _ECHELONS if men >= least)


def _order_of_battle(plan: _Plan) -> tuple[Table, Table]:
    formations: Table = []
    axes: Table = []
    year = plan.operation.start.year
    men = plan.operation.attacker_strength / (plan.columns * plan.divisions)
    for column in range(plan.columns):
        mobile = column in plan.mobile
        kind = _kind(year, mobile)
        ids = [f"c{column + 1}-d{number + 1}" for number in range(plan.divisions)]
        for id in ids:
            formations.append(
                {
                    "id": id,
                    "name": f"attacking division {id}",
                    "side": ATTACKER,
                    "type": kind,
                    "echelon": _echelon(men),
                    "establishment": "attacking",
                    "start": _place_id(column, 0),
                }
            )
        for number, (count, each) in enumerate(plan.defence, start=1):
            for n in range(count):
                formations.append(
                    {
                        "id": f"c{column + 1}-p{number}-g{n + 1}",
                        "name": f"group {n + 1} of column {column + 1}, position {number}",
                        "side": DEFENDER,
                        "type": _ON_FOOT,
                        "echelon": _echelon(each),
                        "establishment": f"position-{number}",
                        "start": _place_id(column, number),
                    }
                )
        axes.append(_axis(plan, column, ids, fuelled=kind not in (_ON_FOOT, "cavalry")))
    return formations, axes


def _kind(year: int, mobile: bool) -> str:
    if mobile:
        return "tank" if year >= _ARMOURED_SINCE else "cavalry"
    return _ON_WHEELS if year >= _MOTORISED_SINCE else _ON_FOOT


def _axis(plan: _Plan, column: int, ids: list[str], *, fuelled: bool) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "id": f"c{column + 1}",
        "name": f"column {column + 1}",
        "formations": ids,
        "places": [_place_id(column, position) for position in range(len(plan.steps) + 1)],
        "surprise": _fact("surprise"),
    }
    if fuelled:
        axis["fuel"] = {
            "carried_km": _fact("fuel-carried"),
            "lift_km": _fact("fuel-lift"),
            "lift_halves_km": _fact("fuel-halves"),
        }
    return axis


def _air(side: str) -> dict[str, Any]:
    return {
        "side": side,
        "aircraft": _fact(f"sorties-{side}"),
        "serviceable": _assumed(1.0, "only the proportion of sorties counts"),
        "sorties": _assumed(1.0, "only the proportion of sorties counts"),
        "losses": _assumed(0.0, "aircraft are not what is judged"),
    }
