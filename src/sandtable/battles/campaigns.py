"""What campaigns that are made of battles of the table have in common.

A march takes no time, so such a campaign costs what its fighting costs.
"""

from __future__ import annotations

from dataclasses import replace
from math import expm1, inf, log

from sandtable.engine.campaign import STEP_DAYS
from sandtable.engine.march import March
from sandtable.engine.orders import issue
from sandtable.engine.state import Column
from sandtable.engine.world import World
from sandtable.laws.advance import FittedGround
from sandtable.laws.circumstances import Circumstances
from sandtable.laws.coefficients import SIDES, load_coefficients
from sandtable.laws.exploitation import PursuitLaw
from sandtable.laws.planning import Planning
from sandtable.laws.sampler import Laws, LawSampler
from sandtable.scenario import resolved
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams

ATTACKER, DEFENDER = SIDES
WORKS = {"hasty": 0.0, "prepared": 0.4, "fortified": 0.8, "delay": 0.0, "withdrawal": 0.0}
"""A degree of fortification that counts as each posture."""
DEPTH_KM = 3000.0
"""Of the defended zone: more ground than any battle gains."""
AT_ONCE = 1e12
"""Rate of march, km a day, at which a march takes no time."""
NEVER = 1e9
"""Days to regroup after which there is no other attack."""
STARTS = 1.0
"""Day of the attack: an order of H-hour is known by then."""
LONGEST = 1000.0
"""Days that a battle is followed for."""
SURE = 60.0
"""Logarithm of the odds at which an attack succeeds."""


def play(scenario: ResolvedScenario, laws: Laws, replication: int, seed: int = 1) -> World:
    """Play a campaign to its end; the world at its end, which the caller closes.

    The random numbers depend on ``seed``, ``replication`` and the names of the scenario's entries.
    """
    world = World(scenario, laws, Streams("battle", seed), replication, STEP_DAYS, True)
    for axis in scenario.axes:
        formations = [world.formations[id] for id in axis.formations]
        column = Column(axis.id, axis.id, ATTACKER, formations, axis.places, axis.starts,
                        axis.surprise if world.on.surprise else 0.0,
                        frontage_km=axis.frontage_km)  # fmt: skip
        world.env.process(March(world, column, {}, None).run())
    for order in scenario.orders:
        issue(world, order)
    world.env.run(until=scenario.days)
    return world


def laws_of(battle: Circumstances, *, luck: bool) -> Laws:
    """The shipped laws at their estimates, in a war that the fit doesn't know.

    Without ``luck`` no battle differs from what the laws say of it, and the attack succeeds.
    """
    armies = {ATTACKER: battle.attacker_nation, DEFENDER: battle.defender_nation}
    laws = LawSampler.shipped("full", "fitted", armies, battle.year).central()
    if luck:
        return laws
    assert isinstance(laws.advance, FittedGround)
    constant, *others = laws.outcome.odds.core
    odds = replace(laws.outcome.odds, core=(constant + SURE, *others))
    return replace(
        laws,
        attrition=replace(laws.attrition, residual=(0.0, 0.0, 0.0)),
        advance=replace(laws.advance, residual_sd=0.0),
        operations=replace(laws.operations, time=replace(laws.operations.time, spread=0.0)),
        outcome=replace(laws.outcome, odds=odds),
    )


def at_once(laws: Laws, days_behind: float = 0.0, *, again: bool = False) -> Laws:
    """Laws under which no march takes time.

    But the first km, on a track, takes those on foot ``days_behind``. ``again``: whether an attack
    that was broken off is begun again.
    """
    figures: Planning = laws.planning
    foot = 1.0 / (AT_ONCE * days_behind) if days_behind else 1.0
    regroup = figures.attack.regroup if again else NEVER
    at_once = PursuitLaw(log(AT_ONCE), log(AT_ONCE), 0.0)
    return replace(
        laws,
        operations=replace(laws.operations, pursuit=at_once),
        planning=replace(
            figures,
            march=dict.fromkeys(figures.march, AT_ONCE),
            road=replace(figures.road, foot={**figures.road.foot, "track": foot, "road": 1.0}),
            attack=replace(figures.attack, regroup=regroup),
        ),
    )


def side_of(battle: Circumstances, side: str) -> resolved.Side:
    """A side of a battle, whose sick and prisoners don't count."""
    army = battle.attacker_nation if side == ATTACKER else battle.defender_nation
    return resolved.Side(side, side, 0.25, 0.0, 0.0, 0.0, inf, side, "#000000", army)


def headquarters(side: str) -> resolved.Formation:
    """The army headquarters under which all of a side fight, so that they support each other."""
    return resolved.Formation(
        side, side, side, side, "headquarters", "army", None, None,
        0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0,
    )  # fmt: skip


def aircraft(superiority: float, side: str) -> resolved.Air:
    """Aircraft whose share of the sorties makes the attacker's superiority (-1 to 1)."""
    share = 0.5 * (1.0 + (superiority if side == ATTACKER else -superiority))
    return resolved.Air(side, side, share, 1.0, 1.0, 0.0)


def pieces(battle: Circumstances, side: str, what: str) -> float:
    """Tanks or guns of a side; where unknown, as many as count as the mean."""
    count: float | None = getattr(battle, f"{side}_{what}")
    return mean_pieces(getattr(battle, side), side, what) if count is None else count


def mean_pieces(men: float, side: str, what: str) -> float:
    """Tanks or guns of so many men of a side that count as the mean of the table."""
    density = load_coefficients().scales[f"{side}-{what}"].centre
    return men * expm1(density) / 1000.0
