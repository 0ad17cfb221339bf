"""A battle as a campaign of one place, played by the campaign's engine to its decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import fsum, inf, nan
from typing import Any, NamedTuple

from sandtable.battle_columns import ABANDONED, BATTLE_COLUMNS, UNFINISHED, WON
from sandtable.battles.campaigns import (
    ATTACKER,
    DEFENDER,
    DEPTH_KM,
    LONGEST,
    STARTS,
    WORKS,
    aircraft,
    at_once,
    headquarters,
    mean_pieces,
    play,
)
from sandtable.calendar import Calendar
from sandtable.engine.battle_record import rows_of
from sandtable.engine.world import World
from sandtable.laws.planning import Tanks
from sandtable.laws.sampler import Laws
from sandtable.mechanisms import Mechanisms
from sandtable.scenario import resolved
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.single_battle.case import BattleCase, scaled_to
from sandtable.single_battle.forces import Drawn, Force

START, PLACE, REAR = "start", "place", "rear"
_AT = {name: column for column, name in enumerate(BATTLE_COLUMNS)}

BROKE, BEATEN_OFF, STALEMATE = "defender breaks", "attacker repulsed", "stalemate"
RESULTS = (BEATEN_OFF, STALEMATE, BROKE)
"""How a battle ends, worst for the attacker first; a stalemate is cut off by the limit of days."""


class Fought(NamedTuple):
    """What one battle came to; pairs are of attacker and defender.

    ``result``: place in RESULTS; ``men`` at first; ``lost``: casualties in action; ``tanks`` out of
    action, NaN where their number isn't known; ``days`` in contact; ``ground`` km gained;
    ``killed``, ``missing`` (captured in action included): persons, NaN where the side doesn't
    tell how its losses divide.
    """

    result: int
    men: tuple[float, float]
    lost: tuple[float, float]
    tanks: tuple[float, float]
    days: float
    ground: float
    killed: tuple[float, float]
    missing: tuple[float, float]


def fight(
    case: BattleCase,
    attacker: Drawn,
    defender: Drawn,
    laws: Laws,
    seed: int,
    replication: int,
) -> Fought:
    """Play a battle at one draw of its forces and of the laws.

    The random numbers depend on ``seed`` and ``replication`` alone.
    """
    attacker = scaled_to(attacker, defender, case.odds)
    forces = (attacker, defender)
    scenario = campaign_of(case, *(
        _filled(force, drawn, side, laws.planning.tanks)
        for force, drawn, side in zip(case.forces, forces, (ATTACKER, DEFENDER), strict=True)
    ))  # fmt: skip
    world = play(scenario, at_once(laws), replication, seed)
    # What falls due in the last instant has not happened yet.
    world.env.run(until=scenario.days + 1e-6)
    found = _found(world, case.forces, forces)
    world.close()
    return found


def campaign_of(case: BattleCase, attacker: Drawn, defender: Drawn) -> ResolvedScenario:
    """The battle as a campaign: one leg to a place that is held, and one to its supply."""
    setting = case.setting
    sides = tuple(
        replace(drawn.side, id=side, name=side, coalition=side, sick=0.0, sick_of_wounded=0.0,
                pocket_endurance=inf, border=None, ban=None)
        for drawn, side in ((attacker, ATTACKER), (defender, DEFENDER))
    )  # fmt: skip
    formations = (
        headquarters(ATTACKER), headquarters(DEFENDER),
        *_posted(attacker, ATTACKER, START, setting.posture, 0.0),
        *_posted(defender, DEFENDER, PLACE, setting.posture, setting.depth_km or 0.0),
    )  # fmt: skip
    ids = {
        side: tuple(f.id for f in formations if f.parent == side) for side in (ATTACKER, DEFENDER)
    }
    delay = resolved.Order("delay", "delay", ids[DEFENDER], 0.0, (0.0, 0.0), 1.0, None, None, 0.0)
    axis = resolved.Axis("attack", "attack", ids[ATTACKER], (START, PLACE), (), (), STARTS,
                         setting.surprise, setting.front_km or 0.0, {}, None)  # fmt: skip
    days = STARTS + (setting.days or LONGEST)
    return ResolvedScenario(
        "battle", "battle", Calendar(datetime(int(case.year), 1, 1), days), Mechanisms(),
        setting.attrition, setting.advance,
        sides=sides,
        places=tuple(_places()),
        legs=tuple(
            resolved.Leg(a, b, DEPTH_KM + 1.0, setting.terrain or "flat", "road", "none", "none")  # type: ignore[arg-type]
            for a, b in ((START, PLACE), (PLACE, REAR))
        ),
        formations=formations,
        axes=(axis,),
        orders=(delay,) if setting.posture == "delay" else (),
        weather=(resolved.Weather("sky", (PLACE,), 1.0),) if setting.wet else (),
        air=() if case.air is None else tuple(
            aircraft(case.air, side) for side in (ATTACKER, DEFENDER)
        ),
        supply=((START, ATTACKER), (REAR, DEFENDER)),
    )  # fmt: skip


def _places() -> list[resolved.Place]:
    held = ((START, ATTACKER), (PLACE, DEFENDER), (REAR, DEFENDER))
    return [
        resolved.Place(id, id, 45.0, 120.0 + 0.01 * i, "town", side, side, (), 0.0)
        for i, (id, side) in enumerate(held)
    ]


def _posted(
    drawn: Drawn, side: str, place: str, posture: str | None, depth_km: float
) -> list[resolved.Formation]:
    """A force's formations under their headquarters at one place, in works of this posture."""
    works = WORKS.get(posture or "")
    return [
        replace(f, id=f"{side}-{number}", side=side, coalition=side, parent=side, start=place,
                fortification=f.fortification if works is None else works,
                depth_km=depth_km or f.depth_km, range_km=0.0)
        for number, f in enumerate(drawn.formations)
    ]  # fmt: skip


def _filled(force: Force, drawn: Drawn, side: str, tanks: Tanks) -> Drawn:
    """A force with the mean of the table's battles for what is unknown of it.

    Guns as dense as where the causes of tank loss were found.
    """
    if not force.unknown:
        return drawn
    men = drawn.men
    means = {
        "tanks": mean_pieces(men, side, "tanks"),
        "guns": tanks.gun_density * men / 1000.0,
        "antitank-guns": tanks.antitank_density * men / 1000.0,
    }
    unknown: dict[str, Any] = {name.replace("-", "_"): means[name] for name in force.unknown}
    return replace(drawn, formations=tuple(replace(f, **unknown) for f in drawn.formations))


def _found(world: World, forces: Sequence[Force], drawn: Sequence[Drawn]) -> Fought:
    row: list[Any] = list(rows_of(world)[0])
    decision = row[_AT["decision"]]
    if decision == UNFINISHED:
        result = STALEMATE
    else:
        result = BROKE if decision in (WON, ABANDONED) else BEATEN_OFF
    tanks = [
        fsum([f.losses.tanks_disabled for f in world.by_coalition[side]])
        for side in (ATTACKER, DEFENDER)
    ]
    (a, d), (force_a, force_d) = drawn, forces
    lost_a, lost_d = row[_AT["attacker_casualties"]], row[_AT["defender_casualties"]]
    killed_a, missing_a = _divided(force_a, a, lost_a)
    killed_d, missing_d = _divided(force_d, d, lost_d)
    return Fought(
        RESULTS.index(result),
        (a.men, d.men),
        (lost_a, lost_d),
        (
            nan if "tanks" in force_a.unknown else tanks[0],
            nan if "tanks" in force_d.unknown else tanks[1],
        ),
        row[_AT["days"]],
        row[_AT["ground"]],
        (killed_a, killed_d),
        (missing_a, missing_d),
    )


def _divided(force: Force, drawn: Drawn, lost: float) -> tuple[float, float]:
    """Killed, and missing or captured, of so many casualties in action."""
    if not force.divided:
        return nan, nan
    return lost * drawn.side.killed, lost * (drawn.side.missing + drawn.side.captured)
