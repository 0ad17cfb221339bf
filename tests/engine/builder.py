"""Tiny scenarios in plain numbers, and a run of them that can be looked into afterwards.

The laws' coefficients and the planning figures that durations are reckoned from are stated here,
whatever the fitted and the shipped ones are; the other planning figures stand at the middle of
their range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from math import e, inf, log
from typing import Any
from unittest.mock import patch

import pytest

from sandtable.battle_columns import BATTLE_COLUMNS
from sandtable.calendar import Calendar
from sandtable.engine import Event, Reporter, campaign
from sandtable.engine.world import World
from sandtable.laws.advance import DupuyTable, FittedGround
from sandtable.laws.attrition import AttritionLaw, SideLaw
from sandtable.laws.circumstances import FEATURES, NUMBERS, Scale
from sandtable.laws.exploitation import ContactLaw, PursuitLaw
from sandtable.laws.fitted import Predictor
from sandtable.laws.fortress import FortressLaw, PocketLaw
from sandtable.laws.landing import LandingLaw
from sandtable.laws.operational import OperationalLaws, TimeLaw
from sandtable.laws.outcome import OutcomeLaw
from sandtable.laws.planning_file import load_planning
from sandtable.laws.sampler import Laws, LawSampler
from sandtable.mechanisms import Mechanisms
from sandtable.scenario.resolved import (
    Air,
    Axis,
    Formation,
    Fuel,
    Leg,
    Lift,
    Order,
    Place,
    ResolvedScenario,
    Side,
    Weather,
)
from sandtable.streams import Streams
from sandtable.track_columns import Track

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
    "attack.detachment_ratio": 2.0,
    "battle.support_km": 100.0, "battle.gap_days": 1.0, "battle.ceiling": 1000.0,
    "battle.opponent_quality": 0.5, "battle.own_quality": 0.2,
    "battle.invest_ratio": 2.0,
    "attack.regroup": 1.25, "attack.echelon_wait": 1.0, "depth.division": 9.0,
    "pursuit.guns_abandoned": 0.25, "pursuit.breakout_losses": 0.35,
    "tanks.rate_ratio": 6.0, "tanks.repairable": 0.55, "tanks.antitank_density": 6.0,
    "tanks.gun_density": 4.0, "landing.afloat": 0.25,
}  # fmt: skip
# A pocket lasts eight days, and so does a formation in it until it slips out, on average.
OPERATIONS = OperationalLaws(
    FortressLaw(log(14.0), 1.0, 1.25),
    PocketLaw(log(8.0), 0.65, log(0.65 * (e - 1.0) / (e - 0.65 * (e - 1.0))), 0.0),
    PursuitLaw(log(1e9), log(1e9), 0.0),
    LandingLaw(log(400.0), 0.0),
    TimeLaw(0.8, 0.8, 0.0),
    ContactLaw(0.0, 0.0),
)
SHARES = (0.33, 0.13, 0.08, 0.06, 0.10, 0.12, 0.02, 0.16)
"""Of the causes of quitting: envelopment, neighbour, surprise, ground, losses, reserves, supply."""
DUPUY = {
    "surprise.mobility": (1.0, 1.3, 3.0, 5.0), "surprise.surpriser": (1.0, 0.9, 0.6, 0.4),
    "surprise.surprised": (1.0, 1.2, 2.0, 3.0), "dupuy.prepared": 0.6, "dupuy.fortified": 0.3,
}  # fmt: skip
YEAR = 1939.0
WEIGHTS = {
    "attacker": {"prepared": 0.2, "fortified": 0.4, "delay": -0.3},
    "defender": {"prepared": -0.1, "fortified": -0.3, "delay": -0.5},
}
"""Of the factors in ln casualties, by side, under every law but `constant-rate`."""
FURTHER = {
    "attacker": {"wet": -0.1, "attacker-tanks": -0.1, "defender-tanks": 0.15, "air": -0.2,
                 "surprise": -0.25},
    "defender": {"wet": -0.15, "attacker-tanks": 0.2, "defender-tanks": -0.05, "air": 0.1,
                 "surprise": 0.3},
}  # fmt: skip
"""Of the factors that only `full` has."""
LOSSES = {
    "constant-rate": ((0.015, 1.0, 0.0, 1.0), (0.025, 1.0, 0.0, 1.0)),
    "logarithmic": ((0.015, 1.0, 0.0, 1.0), (0.025, 1.0, 0.0, 1.0)),
    "square": ((0.02, 0.0, 1.0, 1.0), (0.01, 0.0, 1.0, 1.0)),
    "linear": ((3e-6, 1.0, 1.0, 1.0), (2e-6, 1.0, 1.0, 1.0)),
    "free-exponents": ((0.1, 0.6, 0.25, 1.0), (0.05, 0.5, 0.35, 1.0)),
    "fatigue": ((0.1, 0.6, 0.3, 0.7), (0.05, 0.5, 0.4, 0.8)),
    "full": ((0.1, 0.6, 0.3, 0.7), (0.05, 0.5, 0.4, 0.8)),
}
"""Casualties of (attacker, defender): factor, exponents of own and opponent's strength, of time."""
SPREAD = (0.5, 0.3, 0.6)
GROUND, GROUND_WEIGHTS, GROUND_SPREAD = (4.0, 0.5, 0.1, 0.8), {"prepared": -0.2, "air": 0.3}, 0.7
"""Of the fitted advance: km on the first day, exponents of force ratio, total and time."""
# A factor is its own number here, within these bounds; no year counts.
SCALES = dict.fromkeys(NUMBERS, Scale(0.0, 1.0, -5.0, 5.0)) | {"year": Scale(YEAR, 1.0, YEAR, YEAR)}
COALITION = {"ussr": "attacker", "mongolia": "attacker", "japan": "defender"}
ARMIES = {"ussr": "USSR", "mongolia": "", "japan": "Japan"}
USSR = Side("ussr", "attacker", 0.25, 0.02, 0.05, 0.0, inf, "Soviet Union", "#D55E00", "USSR")
JAPAN = Side("japan", "defender", 0.4, 0.02, 0.1, 0.0, inf, "Japan", "#0072B2", "Japan")


def place(id: str, side: str = "japan", **changes: Any) -> Place:
    """Make a place; a town of its side's coalition."""
    plain = Place(id, id.title(), 45.0, 120.0 + 0.7 * (ord(id[0]) - ord("a")), "town",
                  side, COALITION[side], (), 0.0)  # fmt: skip
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


def lift(id: str = "flotilla", **changes: Any) -> Lift:
    """Make ten craft of a hundred men each, there and back in half a day."""
    return replace(Lift(id, "ussr", "attacker", 10.0, 100.0, 0.5), **changes)


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
    lifts: Sequence[Lift] = (),
    supply: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    attrition: str = "fatigue",
    advance: str = "dupuy",
    day_fraction: float = 0.0,
    year: float = YEAR,
) -> ResolvedScenario:
    """Put a scenario together; without ``supply`` the first place and the last give it."""
    given = {places[0].id: "attacker", places[-1].id: "defender"} if supply is None else supply
    h_hour = datetime(int(year), 1, 1) + timedelta(days=day_fraction)
    return ResolvedScenario(
        "tiny", "tiny", Calendar(h_hour, days), Mechanisms().without(*without), attrition, advance,
        tuple(sides), tuple(places), tuple(legs), tuple(formations), tuple(axes), tuple(orders),
        tuple(weather), tuple(air), tuple(given.items()), lifts=tuple(lifts),
    )  # fmt: skip


def line(names: str, km: float = 60.0, **changes: Any) -> tuple[list[Place], list[Leg]]:
    """Lay places in a row, the first held by the attacker; ``changes`` are the legs'."""
    places = [place(name, "japan" if i else "ussr") for i, name in enumerate(names)]
    return places, [leg(a + b, km, **changes) for a, b in pairwise(names)]


def duel(attackers, defenders, **changes):
    """Nine kilometres, all of them in the defended zone: contact at H-hour."""
    places, legs = line("abc", 9.0)
    names = " ".join(f.id for f in attackers)
    start = changes.pop("starts", 0.0)
    surprise = changes.pop("surprise", 0.0)
    column = axis("x", names, "ab", starts=start, surprise=surprise)
    return scenario(places, legs, [*attackers, *defenders], [column], **changes)


def predictor(*core: float, weights: Mapping[str, float] | None = None) -> Predictor:
    """Stated coefficients; no army has an effect."""
    known = weights or {}
    assert known.keys() <= set(FEATURES)
    return Predictor(core, tuple(known.get(name, 0.0) for name in FEATURES), ())


def _side(attrition: str, number: int) -> SideLaw:
    factor, own, opponent, time = LOSSES[attrition][number]
    side = ("attacker", "defender")[number]
    weights = {} if attrition == "constant-rate" else dict(WEIGHTS[side])
    if attrition == "full":
        weights |= FURTHER[side]
    return SideLaw(predictor(log(factor), weights=weights), own, opponent, time)


def outcome(
    breaks: float, quits: float, shape: float = 1.0, weights: Mapping[str, float] | None = None
) -> OutcomeLaw:
    """Rates a day^shape of breaking and of quitting that no strength changes.

    ``weights``: of the factors in the logarithm of their sum.
    """
    decided = log(breaks + quits) if breaks + quits > 0.0 else -inf
    odds = inf if quits == 0.0 else log(breaks / quits) if breaks > 0.0 else -inf
    return OutcomeLaw(predictor(decided, 0.0, weights=weights), predictor(odds, 0.0), shape)


def changed(figures: Any, way: Sequence[str], value: Any) -> Any:
    """Planning figures with one changed, which is under the names of the ``way``."""
    if not way:
        return value
    first, *rest = way
    if isinstance(figures, Mapping):
        assert first in figures
        return {**figures, first: changed(figures[first], rest, value)}
    return replace(figures, **{first: changed(getattr(figures, first), rest, value)})


@cache
def central(attrition: str = "fatigue", advance: str = "dupuy") -> Laws:
    """The stated laws."""
    planning = load_planning().sampler.central()
    for name, figure in {**STATED, **DUPUY}.items():
        planning = changed(planning, name.split("."), figure)
    ground = predictor(log(GROUND[0]), *GROUND[1:], weights=GROUND_WEIGHTS)
    ways = {
        "dupuy": DupuyTable(planning),
        "fitted": FittedGround(ground, GROUND_SPREAD),
    }
    attacker, defender = _side(attrition, 0), _side(attrition, 1)
    surprise = None if attrition == "full" else planning.surprise
    return Laws(
        AttritionLaw(attrition, attacker, defender, SPREAD, surprise),
        # Decided in about three days, evenly at equal strength.
        OutcomeLaw(
            predictor(-1.5, -0.1),
            predictor(0.0, 0.7, weights={"prepared": -0.3, "fortified": -0.6, "surprise": 0.3}),
            1.5,
        ),
        ways[advance],
        SCALES,
        OPERATIONS,
        planning,
        SHARES,
        planning.tanks.shares,
    )


@cache
def drawn(attrition: str, advance: str, u: float) -> Laws:
    """The shipped laws, everything uncertain at the same share of its range."""
    sampler = LawSampler.shipped(attrition, advance, ARMIES, YEAR)
    return sampler.draw([u] * len(sampler.uncertain))


AT_ONCE = 1e9
OF_BATTLES = ("battle begins", "joins", "battle ends")


def laws(
    breaks: float | None = None,
    quits: float = 0.0,
    *,
    attrition: str = "fatigue",
    certain: bool = False,
    **planning: float,
) -> Laws:
    """The stated laws, with hazards of our own; ``certain`` takes an engagement's spread away.

    Keywords set planning figures, with two underscores for a dot: ``depth__division=4``; those
    that begin with ``law__`` the laws of operations.
    """
    found = central(attrition)
    if breaks is not None:
        found = replace(found, outcome=outcome(breaks, quits))
    if certain:
        found = replace(found, attrition=replace(found.attrition, residual=(0.0, 0.0, 0.0)))
    figures, operations = found.planning, found.operations
    for name, value in planning.items():
        first, *rest = name.split("__")
        if first == "law":
            operations = changed(operations, rest, value)
        else:
            figures = changed(figures, [first, *rest], value)
    attrition_law, advance = found.attrition, found.advance
    if attrition_law.surprise is not None:
        attrition_law = replace(attrition_law, surprise=figures.surprise)
    if isinstance(advance, DupuyTable):
        advance = DupuyTable(figures)
    return replace(
        found, operations=operations, planning=figures, attrition=attrition_law, advance=advance
    )


@dataclass(frozen=True)
class Played:
    """A replication with all that it left: outcomes and series by name, events, the world.

    ``battles`` are the rows of the table of battles, by column.
    """

    outcomes: dict[str, float]
    series: dict[str, list[float]]
    events: list[Event]
    event_count: int
    world: World
    battles: list[dict[str, Any]]
    tracks: list[Track]

    def log(self, *kinds: str) -> list[tuple[float, str, str, str]]:
        """Day (to a tenth of a second), kind, place, and axis or else formation of each event.

        Without ``kinds`` all but those that tell of a battle as a whole.
        """
        wanted = [e for e in self.events if e.kind in kinds or not (kinds or e.kind in OF_BATTLES)]
        return [(round(e.day, 6), e.kind, e.place, e.axis or e.formation) for e in wanted]

    def day(self, kind: str, place: str) -> float:
        """Day of the first event of this kind at a place."""
        return next(e.day for e in self.events if (e.kind, e.place) == (kind, place))


def play(
    resolved: ResolvedScenario,
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

        def close(self) -> None:
            """Stay as it is, to be looked into."""

    reporter = Reporter(resolved)
    with patch.object(campaign, "World", Seen):
        run = campaign.run(
            resolved,
            under or central(resolved.attrition, resolved.advance),
            reporter,
            streams=streams or Streams(resolved.name, seed),
            replication=replication,
            step_days=step_days,
            record_events=True,
        )
    outcomes = dict(zip(reporter.outcomes, run.outcomes, strict=True))
    columns = zip(*run.timeline, strict=True)
    series = {name: list(values) for name, values in zip(reporter.series, columns, strict=True)}
    battles = [dict(zip(BATTLE_COLUMNS, row, strict=True)) for row in run.battles]
    return Played(outcomes, series, run.events, run.event_count, worlds[0], battles, run.tracks)


def resolve_and_nerve(replication: int = 0) -> tuple[float, float]:
    """Staying power of (defenders, attackers) that the first battle against j draws."""
    draws = Streams("tiny", 1).within("battle/j/0", replication)
    _ = draws.normal(), draws.normal()
    return draws.exponential(), draws.exponential()


def about(day: float) -> Any:
    """A day to a second."""
    return pytest.approx(day, abs=1e-5)


__all__ = [
    "AT_ONCE", "COALITION", "FOOT", "FURTHER", "GROUND", "GROUND_SPREAD", "GROUND_WEIGHTS",
    "HORSE", "JAPAN", "LOSSES", "MOTOR", "SPREAD", "TRACKED", "USSR", "WEIGHTS", "Air", "Axis",
    "Fuel", "Played", "Weather", "about", "axis", "blue", "central", "changed", "drawn", "duel",
    "formation", "laws", "leg", "lift", "line", "order", "outcome", "place", "play", "predictor",
    "red", "resolve_and_nerve", "scenario",
]  # fmt: skip
