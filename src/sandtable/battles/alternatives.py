"""Simple rules beside which the fitted laws must earn their terms."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sandtable.battles.distributions import Normal
from sandtable.battles.fit import Sample
from sandtable.battles.mixed import FREE, Vector, bernoulli, fit_generalised
from sandtable.laws.advance import Attack, DupuyTable
from sandtable.laws.outcome import log_ratio
from sandtable.laws.planning_file import load_planning
from sandtable.vocabulary import Mobility

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int_]

ARMOURED = 10.0
"""Attacking tanks a thousand men above which Dupuy's column of armour serves, below it that of
infantry: an assumption, for his table asks for the arm and the battle table doesn't name it."""

TERMS = {"constant": 1, "dupuy": 0, "base-rate": 1, "force-ratio": 2}
"""How many coefficients each rule has of its own; spreads aren't counted."""


def rate(sample: Sample) -> Vector:
    """Logarithm of km a day of each battle, NaN where no ground was gained or it isn't known."""
    gained = np.where(sample.advance > 0.0, sample.advance, np.nan)
    return np.asarray(np.log(gained / sample.recorded_days))


def constant_rate(sample: Sample, train: Mask, held: Rows) -> Normal:
    """The same rate in every battle: mean and spread of ln km/day among the training battles."""
    known = rate(sample)[train]
    known = known[np.isfinite(known)]
    spread = known.std(ddof=1) * np.sqrt(1.0 + 1.0 / len(known))
    return Normal(np.full(len(held), known.mean()), np.full(len(held), spread))


def dupuy(sample: Sample, train: Mask, held: Rows) -> Normal:
    """Dupuy's table at the ratio of strengths, its ranges at their middle.

    Nothing of it is fitted but its spread: root mean square error in the training battles.
    """
    table = _table()
    means = []
    for battle in sample.battles:
        tanks = 1000.0 * (battle.attacker_tanks or 0.0) / battle.attacker
        arm: Mobility = "tracked" if tanks > ARMOURED else "foot"
        ratio, persons = battle.attacker / battle.defender, battle.attacker + battle.defender
        attack = Attack(ratio, persons, arm, battle.posture)
        means.append(table.scale(attack, 1.0))
    mean = np.log(np.array(means))
    errors = (rate(sample) - mean)[train]
    spread = np.sqrt(np.nanmean(errors**2))
    return Normal(mean[held], np.full(len(held), spread))


def _table() -> DupuyTable:
    return DupuyTable(load_planning().sampler.central())


def base_rate(event: Vector, train: Mask, held: Rows) -> Vector:
    """The share of the training battles with the event (1, 0 or NaN) as the chance of each."""
    return np.full(len(held), np.nanmean(event[train]))


def force_ratio(sample: Sample, train: Mask, held: Rows, decided: float) -> Vector:
    """Logistic regression of the winner on the ratio of strengths alone.

    Among decided battles, whose share ``decided`` multiplies the chance, as in the full law.
    """
    ratios = np.array([log_ratio(battle.attacker, battle.defender) for battle in sample.battles])
    x = np.column_stack([np.ones(len(sample)), ratios])
    used = train & sample.rows_of("outcome.odds")
    won = (sample.won[used] == "attacker").astype(np.float64)
    found = fit_generalised(x[used], np.array([FREE, FREE]), bernoulli(won))
    return np.asarray(decided / (1.0 + np.exp(-(x[held] @ found.mean))))
