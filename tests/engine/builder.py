"""Tiny scenarios in plain numbers, and a run of them that can be looked into afterwards.

The planning figures that durations are reckoned from are stated here, whatever the shipped ones
are; all others stand at the middle of their range, the fitted coefficients at their estimates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import inf
from typing import Any
from unittest.mock import patch

from sandtable.engine import Accounts, Event, campaign
from sandtable.engine.world import World
from sandtable.laws.attrition import POSTURES
from sandtable.laws.book import LawBook, Laws
from sandtable.laws.outcome import Hazard, OutcomeLaw
from sandtable.scenario.mechanisms import MECHANISMS
from sandtable.scenario.resolved import (
    Air,
    Axis,
    Formation,
    Fuel,
    Leg,
    Order,
    Place,
    Resolved,
    Side,
    Weather,
)
from sandtable.streams import Streams

ALL = frozenset(MECHANISMS)
FOOT, HORSE, MOTOR, TRACKED = 25.5, 45.0, 125.0, 95.0
STATED = {
    "march.foot": FOOT, "march.horse": HORSE, "march.motor": MOTOR, "march.tracked": TRACKED,
    "terrain.foot.rolling": 0.9, "terrain.foot.mountain": 0.35, "terrain.foot.marsh": 0.4,
    "terrain.foot.dunes": 0.3, "terrain.vehicle.mountain": 0.25, "terrain.vehicle.rolling": 0.9,
    "road.foot.track": 0.75, "road.foot.none": 0.5, "road.foot.rail": 0.7, "road.foot.road": 1.0,
    "road.motor.road": 1.0, "road.tracked.road": 1.0, "ground.road": 0.5, "ground.rail": 0.5,
    "ground.track": 0.75, "ground.none": 1.0,
    "obstacle.fordable-river": 0.125, "obstacle.great-river": 1.0,
    "rain.slows": 0.7, "rain.closes": 0.3, "march_fatigue.days": 3.0, "march_fatigue.factor": 0.85,
    "surprise.days": 3.0, "fatigue.loss": 0.05, "fatigue.floor": 0.5, "fatigue.recovery": 0.1,
    "cohesion.mean_intensity": 0.5, "attack.sufficient_ratio": 3.0, "attack.least_ratio": 1.25,
    "attack.regroup": 1.25, "attack.echelon_wait": 1.0, "depth.division": 9.0,
    "pursuit.guns_abandoned": 0.25, "pursuit.breakout_days": 8.0, "pursuit.breakout_losses": 0.35,
    "tanks.rate_ratio": 6.0, "tanks.repairable": 0.55, "tanks.antitank_density": 6.0,
    "tanks.gun_density": 4.0,
}  # fmt: skip
SHARES = (0.33, 0.13, 0.08, 0.06, 0.10, 0.12, 0.02, 0.16)
"""Of the causes of quitting: envelopment, neighbour, surprise, ground, losses, reserves, supply."""
DUPUY = {
    "surprise.mobility": (1.0, 1.3, 3.0, 5.0), "surprise.surpriser": (1.0, 0.9, 0.6, 0.4),
    "surprise.surprised": (1.0, 1.2, 2.0, 3.0),
}  # fmt: skip
COALITION = {"ussr": "attacker", "mongolia": "attacker", "japan": "defender"}
USSR = Side("ussr", "attacker", 0.25, 0.02, 0.05, 0.0, inf)
JAPAN = Side("japan", "defender", 0.4, 0.02, 0.1, 0.0, inf)


def place(id: str, side: str = "japan", **changes: Any) -> Place:
    """Make a place; a town of its side's coalition."""
    plain = Place(id, id.title(), 45.0, 120.0 + 0.7 * (ord(id[0]) - ord("a")), "town",
                  side, COALITION[side], id, 0.0)  # fmt: skip
    return replace(plain, **changes)


def leg(ends: str, km: float = 60.0, **changes: Any) -> Leg:
    """Make a dry, flat road between two places named by one letter each."""
    return replace(Leg(ends[0], ends[1], km, "flat", "road", "none", "none"), **changes)


def formation(id: str, side: str, start: str | None, personnel: float, **changes: Any) -> Formation:
    """Make a rifle division of full effectiveness, without pieces or works."""
    plain = Formation(
        id, id.title(), side, COALITION[side], "rifle", "division", None, start, personnel,
        0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0,
    )  # fmt: skip
    return replace(plain, **changes)


def red(id: str, start: str | None, personnel: float = 10_000.0, **changes: Any) -> Formation:
    return formation(id, "ussr", start, personnel, **changes)


def blue(id: str, start: str | None, personnel: float = 1_000.0, **changes: Any) -> Formation:
    return formation(id, "japan", start, personnel, **changes)


def axis(id: str, formations: str, way: str, **changes: Any) -> Axis:
    """Make an axis; formations parted by blanks, places by one letter each."""
    plain = Axis(id, id, tuple(formations.split()), tuple(way), (), (), 0.0, 0.0, 0.0, {}, None)
    return replace(plain, **changes)


def order(id: str, what: str, who: str, when: float, **changes: Any) -> Order:
    plain = Order(id, what, tuple(who.split()), when, (0.0, 0.0), 1.0, None, None, 0.0)
    return replace(plain, **changes)


def scenario(
    places: Sequence[Place],
    legs: Sequence[Leg],
    formations: Sequence[Formation],
    axes: Sequence[Axis],
    orders: Sequence[Order] = (),
    *,
    days: float = 10.0,
    sides: Sequence[Side] = (USSR, JAPAN),
    weather: Sequence[Weather] = (),
    air: Sequence[Air] = (),
    supply: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    attrition: str = "fatigue",
    advance: str = "dupuy",
    day_fraction: float = 0.0,
) -> Resolved:
    """Put a scenario together; without ``supply`` the first place and the last give it."""
    given = {places[0].id: "attacker", places[-1].id: "defender"} if supply is None else supply
    return Resolved(
        "tiny", "tiny", days, ALL - set(without), attrition, advance, tuple(sides), tuple(places),
        tuple(legs), tuple(formations), tuple(axes), tuple(orders), tuple(weather), tuple(air),
        tuple(given.items()), day_fraction,
    )  # fmt: skip


def line(names: str, km: float = 60.0, **changes: Any) -> tuple[list[Place], list[Leg]]:
    """Lay places in a row, the first held by the attacker; ``changes`` are the legs'."""
    places = [place(name, "japan" if i else "ussr") for i, name in enumerate(names)]
    return places, [leg(a + b, km, **changes) for a, b in pairwise(names)]


@cache
def central(attrition: str = "fatigue", advance: str = "dupuy") -> Laws:
    found = LawBook.shipped(attrition, advance).central()
    assert STATED.keys() <= found.planning.keys()
    assert DUPUY.keys() <= found.tables.keys()
    planning, tables = {**found.planning, **STATED}, {**found.tables, **DUPUY}
    return replace(found, planning=planning, tables=tables, cohesion_shares=SHARES)


@cache
def drawn(attrition: str, advance: str, u: float) -> Laws:
    book = LawBook.shipped(attrition, advance)
    return book.draw([u] * len(book.uncertain))


def constant(rate: float) -> Hazard:
    """A hazard that nothing changes, per day."""
    return Hazard(dict.fromkeys(POSTURES, rate), 0.0, 0.0)


AT_ONCE = 1e9


def laws(
    breaks: float | None = None,
    quits: float = 0.0,
    *,
    attrition: str = "fatigue",
    certain: bool = False,
    **planning: float,
) -> Laws:
    """The stated laws, with hazards of our own; ``certain`` takes an engagement's spread away.

    Keywords set planning figures, with two underscores for a dot: ``depth__division=4``.
    """
    found = central(attrition)
    if breaks is not None:
        found = replace(found, outcome=OutcomeLaw(constant(breaks), constant(quits)))
    if certain:
        found = replace(found, attrition=replace(found.attrition, residual=(0.0, 0.0, 0.0)))
    changes = {name.replace("__", "."): value for name, value in planning.items()}
    assert changes.keys() <= found.planning.keys()
    return replace(found, planning={**found.planning, **changes})


@dataclass(frozen=True)
class Played:
    """A replication with all that it left: outcomes and series by name, events, the world."""

    outcomes: dict[str, float]
    series: dict[str, list[float]]
    events: list[Event]
    event_count: int
    world: World

    def log(self, *kinds: str) -> list[tuple[float, str, str, str]]:
        """Day (to a tenth of a second), kind, place and formation of each event."""
        wanted = [e for e in self.events if not kinds or e.kind in kinds]
        return [(round(e.day, 6), e.kind, e.place, e.formation) for e in wanted]

    def day(self, kind: str, place: str) -> float:
        """Day of the first event of this kind at a place."""
        return next(e.day for e in self.events if (e.kind, e.place) == (kind, place))


def play(
    resolved: Resolved,
    under: Laws | None = None,
    *,
    replication: int = 0,
    seed: int = 1,
    step_days: float = campaign.STEP_DAYS,
    streams: Streams | None = None,
) -> Played:
    """Run one replication with its event log."""
    worlds: list[World] = []

    class Seen(World):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            worlds.append(self)

    accounts = Accounts(resolved)
    with patch.object(campaign, "World", Seen):
        run = campaign.run(
            resolved,
            under or central(resolved.attrition, resolved.advance),
            accounts,
            streams=streams or Streams(resolved.name, seed),
            replication=replication,
            step_days=step_days,
            record_events=True,
        )
    outcomes = dict(zip(accounts.outcomes, run.outcomes, strict=True))
    columns = zip(*run.timeline, strict=True)
    series = {name: list(values) for name, values in zip(accounts.series, columns, strict=True)}
    return Played(outcomes, series, run.events, run.event_count, worlds[0])


__all__ = [
    "ALL", "AT_ONCE", "COALITION", "FOOT", "HORSE", "JAPAN", "MOTOR", "TRACKED", "USSR", "Air",
    "Axis", "Fuel", "Played", "Weather", "axis", "blue", "central", "constant", "drawn",
    "formation", "laws", "leg", "line", "order", "place", "play", "red", "scenario",
]  # fmt: skip
