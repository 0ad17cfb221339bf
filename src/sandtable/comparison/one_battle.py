"""What one would say without a campaign model: one battle, and the planned rates of march.

The battle law is applied once to the whole fighting strength of both coalitions over the
campaign's length (services lose nothing in it, as in a campaign's own battles); dates follow from
the distance along the axis and the planned rate of march of the column's leading formation on a
good road over open ground, with nobody in the way. What this cannot tell (the defender's prisoners,
the sick, causes of tank loss, encirclements, halts) is absent, not zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import fsum

import numpy as np

from sandtable.comparison.baselines import ATTACKER, DEFENDER, Drawn, Lost, losses, marches
from sandtable.comparison.scores import Array
from sandtable.laws.advance import MOBILITY
from sandtable.laws.attrition import SideLaw
from sandtable.laws.circumstances import Circumstances, features, posture_in
from sandtable.laws.coefficients import Coefficients
from sandtable.laws.operational import load_operational
from sandtable.laws.planning_file import load_planning
from sandtable.laws.sampler import LawSampler
from sandtable.scenario.resolved import Axis, ResolvedScenario
from sandtable.streams import Streams

BATTLE_LAW = "full"


def one_battle(
    resolved: ResolvedScenario, coefficients: Coefficients, streams: Streams, draws: int = 400
) -> dict[str, Array]:
    """Return the baseline's outcomes by name, each of shape ``(draws,)``.

    A draw takes its own coefficients of the battle law, its own residual and its own planning
    figures, all from streams whose names begin with ``baseline/``; the scenario's quantities
    stay as they are in ``resolved``. Losses are capped at the strength, ground gained at the
    axis's length. No record is read. Units as in the list of outcomes: persons, counts, days
    from H-hour (which may be later than the campaign's end), km.
    """
    planning = Drawn(load_planning().symbolic, streams, draws, "baseline")

    def timetable(axis: Axis, km: Sequence[float]) -> Array:
        leading = resolved.formations_by_id[axis.formations[0]]
        rate = planning.of(planning.figures.march[MOBILITY[leading.type]])
        return axis.starts + np.array(km)[:, None] / rate

    shares = _loss_shares(resolved, coefficients, streams, draws)
    # An attacker is taken prisoner in the fighting alone; how many of a defence give up, and when,
    # no battle law says.
    gave_up = {ATTACKER: np.zeros(draws), DEFENDER: None}
    lost = {coalition: Lost(share, gave_up[coalition]) for coalition, share in shares.items()}
    return marches(resolved, timetable) | losses(resolved, lost, planning, resolved.combatants)


def _loss_shares(
    resolved: ResolvedScenario, coefficients: Coefficients, streams: Streams, draws: int
) -> dict[str, Array]:
    """Share of its personnel (0-1) that each coalition loses in the one battle, by draw."""
    sampler = LawSampler(
        BATTLE_LAW,
        resolved.advance,
        {side.id: side.army for side in resolved.sides},
        resolved.year,
        coefficients,
        load_operational(),
        load_planning(),
    )
    own_a, effective_a = _strength(resolved, ATTACKER)
    own_d, effective_d = _strength(resolved, DEFENDER)
    lost = np.zeros((draws, 2))
    if not own_a or not own_d:
        return {ATTACKER: lost[:, 0], DEFENDER: lost[:, 1]}
    nations = _nation(resolved, ATTACKER), _nation(resolved, DEFENDER)
    known = features(_circumstances(resolved, own_a, own_d), coefficients.scales)
    for i in range(draws):
        stream = streams.within("baseline/battle", i)
        law = sampler.battle_law([stream.uniform() for _ in sampler.uncertain])
        spread_a, spread_d = law.spread(stream.normal(), stream.normal())
        level_a, level_d = law.levels(known, *nations)
        share_a = _share(law.attacker, own_a, effective_d, level_a, resolved.days)
        share_d = _share(law.defender, own_d, effective_a, level_d, resolved.days)
        lost[i] = spread_a * share_a, spread_d * share_d
    capped = np.minimum(lost, 1.0)
    return {ATTACKER: capped[:, 0], DEFENDER: capped[:, 1]}


def _share(law: SideLaw, own: float, opponent: float, level: float, days: float) -> float:
    """Casualties of one side as a share of its strength, before residual and cap."""
    return law.between(law.scale(own, opponent, level), 0.0, days) / own


def _circumstances(resolved: ResolvedScenario, attacker: float, defender: float) -> Circumstances:
    """The campaign as one battle of the whole strength of both coalitions."""
    pieces = {
        (coalition, arm): fsum(
            getattr(f, arm) for f in resolved.combatants if f.coalition == coalition
        )
        for coalition in (ATTACKER, DEFENDER)
        for arm in ("tanks", "guns")
    }
    sorties = dict.fromkeys((ATTACKER, DEFENDER), 0.0)
    for air in resolved.air:
        sorties[air.coalition] += air.aircraft * air.serviceable * air.sorties
    flown = fsum(sorties.values())
    return Circumstances(
        attacker=attacker,
        defender=defender,
        posture=_posture(resolved),
        year=resolved.year,
        attacker_tanks=pieces[ATTACKER, "tanks"],
        defender_tanks=pieces[DEFENDER, "tanks"],
        attacker_guns=pieces[ATTACKER, "guns"],
        defender_guns=pieces[DEFENDER, "guns"],
        air=2.0 * sorties[ATTACKER] / flown - 1.0 if flown else 0.0,
        surprise=max((axis.surprise for axis in resolved.axes), default=None),
    )


def _nation(resolved: ResolvedScenario, coalition: str) -> str:
    """The coalition's side with the most personnel."""
    men: dict[str, float] = defaultdict(float)
    for f in resolved.combatants:
        if f.coalition == coalition:
            men[f.side] += f.personnel
    return max(men, key=lambda side: men[side])


def _strength(resolved: ResolvedScenario, coalition: str) -> tuple[float, float]:
    """Personnel of a coalition, and personnel times effectiveness."""
    own = [f for f in resolved.combatants if f.coalition == coalition]
    return fsum(f.personnel for f in own), fsum(f.personnel * f.effectiveness for f in own)


def _posture(resolved: ResolvedScenario) -> str:
    """Posture after the mean fortification of the defence, weighted by personnel."""
    defence = [f for f in resolved.combatants if f.coalition == DEFENDER]
    personnel = fsum(f.personnel for f in defence)
    works = fsum(f.personnel * f.fortification for f in defence)
    mean = works / personnel if personnel else 0.0
    return posture_in(mean)
