"""The parts of a battle strung together in one campaign.

Each part is a place. A force that is named in several parts is one force: an attacking one is a
column that goes from part to part, a defending one stands at all of its parts in equal shares. A
column sets out when its first part began, and the campaign ends with the last part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from sandtable.battles.campaigns import (
    ATTACKER,
    DEFENDER,
    DEPTH_KM,
    STARTS,
    WORKS,
    aircraft,
    headquarters,
    pieces,
    side_of,
)
from sandtable.calendar import Calendar
from sandtable.laws.circumstances import Circumstances
from sandtable.mechanisms import Mechanisms
from sandtable.scenario import resolved
from sandtable.scenario.resolved import ResolvedScenario

REAR = "rear"


@dataclass(frozen=True)
class Part:
    """An engagement of the record: circumstances known beforehand, and what it cost.

    ``days`` of actual fighting; ``casualties`` of attackers and defenders, NaN where unknown.
    """

    id: str
    name: str
    battle: Circumstances
    start: date
    days: float
    forces: tuple[str, str]
    casualties: tuple[float, float]


def force_named(name: str) -> str:
    """What a force is called without the marks (-) and (+) of detachments and attachments."""
    return " ".join(re.sub(r"\([^)]*\)", " ", name).split()).casefold()


def strung(parts: Sequence[Part]) -> ResolvedScenario:
    """The campaign of some parts, in the order of their first days."""
    in_order = sorted(parts, key=lambda part: (part.start, part.id))
    first = in_order[0]
    columns, defences = _by_force(in_order, 0), _by_force(in_order, 1)
    ends = [(p.start - first.start).days + p.days for p in in_order]
    moving = [p.id for p in in_order if p.battle.posture in ("delay", "withdrawal")]
    delay = resolved.Order("delay", "delay", tuple(f"defender-{id}" for id in moving), 0.0,
                           (0.0, 0.0), 1.0, None, None, 0.0)  # fmt: skip
    battle = first.battle
    return ResolvedScenario(
        "battle", "battle",
        Calendar(datetime.combine(first.start, time()), max(ends) + STARTS),
        Mechanisms(), "full", "fitted",
        sides=tuple(side_of(battle, side) for side in (ATTACKER, DEFENDER)),
        places=tuple(_places(in_order, len(columns))),
        legs=tuple(_legs(in_order, columns)),
        formations=(
            headquarters(ATTACKER), headquarters(DEFENDER),
            *(_formation(own, number) for number, own in enumerate(columns)),
            *(_defender(part, own) for own in defences for part in own),
        ),
        axes=tuple(_axis(own, number, first.start) for number, own in enumerate(columns)),
        orders=(delay,) if moving else (),
        weather=tuple(
            resolved.Weather(p.id, (_place(p),), p.battle.wet or 0.0) for p in in_order
        ),
        air=tuple(aircraft(battle.air or 0.0, side) for side in (ATTACKER, DEFENDER)),
        supply=((REAR, DEFENDER), *((f"start-{i}", ATTACKER) for i in range(len(columns)))),
    )  # fmt: skip


def _by_force(parts: Sequence[Part], side: int) -> list[list[Part]]:
    """The parts of each force of a side, in the order in which the forces appear."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(force_named(part.forces[side]) or part.id, []).append(part)
    return list(found.values())


def _place(part: Part) -> str:
    return f"place-{part.id}"


def _places(parts: Sequence[Part], columns: int) -> Iterator[resolved.Place]:
    ids = [(f"start-{i}", ATTACKER) for i in range(columns)]
    ids += [(_place(part), DEFENDER) for part in parts] + [(REAR, DEFENDER)]
    for i, (id, side) in enumerate(ids):
        yield resolved.Place(id, id, 45.0, 120.0 + 0.01 * i, "town", side, side, (), 0.0)


def _legs(parts: Sequence[Part], columns: Sequence[Sequence[Part]]) -> Iterator[resolved.Leg]:
    ways = [(f"start-{i}", *map(_place, own)) for i, own in enumerate(columns)]
    ends = [pair for way in ways for pair in pairwise(way)]
    for a, b in [*ends, *((_place(part), REAR) for part in parts)]:
        yield resolved.Leg(a, b, DEPTH_KM + 1.0, "flat", "road", "none", "none")


def _force(own: Sequence[Part], side: str) -> tuple[float, float, float]:
    """Men, tanks and guns of a force: the most that it has in any of its parts."""
    men = max(getattr(part.battle, side) for part in own)
    tanks, guns = (max(pieces(p.battle, side, what) for p in own) for what in ("tanks", "guns"))
    return men, tanks, guns


def _formation(own: Sequence[Part], number: int) -> resolved.Formation:
    id, (men, tanks, guns) = f"attacker-{number}", _force(own, ATTACKER)
    return resolved.Formation(
        id, id, ATTACKER, ATTACKER, "tank", "division", ATTACKER, f"start-{number}",
        men, tanks, guns, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0,
    )  # fmt: skip


def _defender(part: Part, own: Sequence[Part]) -> resolved.Formation:
    id, n = f"defender-{part.id}", len(own)
    men, tanks, guns = (x / n for x in _force(own, DEFENDER))
    return resolved.Formation(
        id, id, DEFENDER, DEFENDER, "tank", "division", DEFENDER, _place(part),
        men, tanks, guns, 0.0, 0.0, 1.0, WORKS[part.battle.posture], 0.0, DEPTH_KM,
    )  # fmt: skip


def _axis(own: Sequence[Part], number: int, first: date) -> resolved.Axis:
    id, battle = f"column-{number}", own[0].battle
    way = (f"start-{number}", *map(_place, own))
    starts = STARTS + (own[0].start - first).days
    surprise, width = max(0.0, battle.surprise or 0.0), battle.front_km or 0.0
    return resolved.Axis(id, id, (f"attacker-{number}",), way, (), (), starts, surprise, width,
                         {}, None)  # fmt: skip
