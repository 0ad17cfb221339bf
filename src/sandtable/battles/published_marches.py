"""Dated marches of other wars beside what the planning figures give for the same days.

The planning figures are the pace of a column that nobody hinders. A march without opposition is to
lie in their interval; an advance against opposition is only to stay below its upper end, for it
lost time in action, and below it by how much says nothing of the pace.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from math import nan
from typing import NamedTuple, cast

import numpy as np

from sandtable.battles.published import Case
from sandtable.laws.advance import pace
from sandtable.laws.endurance import fatigued_days
from sandtable.laws.planning import Planning
from sandtable.laws.planning_file import load_planning
from sandtable.scenario.resolve import WINDING
from sandtable.streams import Streams
from sandtable.vocabulary import Mobility, Road, Terrain

_DRAWS = 2000
_SEED = 0


class DatedMarch(NamedTuple):
    """A march that is on record: km in whole days, by road or in a straight line.

    Who marched and when is on record; ``mobility``, ``terrain`` and ``road`` were coded here.
    """

    name: str
    year: int
    days: float
    km: float
    straight: bool
    opposed: bool
    mobility: Mobility
    terrain: Terrain
    road: Road
    source: str


def dated_marches() -> list[DatedMarch]:
    """The marches of ``marches.csv``, in its order."""
    text = (files("sandtable.battles") / "marches.csv").read_text(encoding="utf-8")
    return [
        DatedMarch(
            row["march"],
            int(row["year"]),
            float(row["days"]),
            float(row["km"]),
            row["line"] == "straight",
            row["opposed"] == "yes",
            cast(Mobility, row["mobility"]),
            cast(Terrain, row["terrain"]),
            cast(Road, row["road"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    ]


def marches() -> list[Case]:
    """Set each dated march beside km a day by the planning figures: dry, unopposed, with rest."""
    figures = load_planning()
    # By name, so that a new planning figure changes no other's draws.
    uniforms = Streams("marches", _SEED).table(figures.uncertain, 0, _DRAWS)
    drawn = [figures.draw(u) for u in uniforms.tolist()]
    return [_case(march, drawn) for march in dated_marches()]


def km_a_day(planning: Planning, march: DatedMarch) -> float:
    """Km a day at which an unhindered column covers the march, on a dry way and with its rests.

    Where the record is a straight line, the way is longer by the winding of its road.
    """
    fatigue = planning.march_fatigue
    way = march.km * (WINDING[march.road] if march.straight else 1.0)
    days = way / pace(planning, march.mobility, march.terrain, march.road)
    return march.km / fatigued_days(days, fatigue.days, fatigue.factor)


def _case(march: DatedMarch, drawn: list[Planning]) -> Case:
    rates = np.array([km_a_day(planning, march) for planning in drawn])
    low, middle, high = map(float, np.quantile(rates, (0.05, 0.5, 0.95)))
    opposed = march.opposed
    return Case(
        "Advances against opposition" if opposed else "Marches without opposition",
        f"{march.name}, {march.year}, {march.days:g} days",
        "km/day, straight" if march.straight else "km/day",
        march.km / march.days,
        middle,
        nan,
        0.0 if opposed else low,
        high,
        "at most the 95 percent point of the pace" if opposed else "90 percent of the pace",
        march.source,
        "planning figures for a dry march with days of rest, ground and road as coded",
    )
