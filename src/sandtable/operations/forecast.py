"""What is foretold of operations, in one form for the engine and its rivals.

Each quantity of each operation is an ensemble of natural logarithms; what is below one person or
one km counts as one. The rivals know an operation's strengths, days, attacker and date:

    one battle       the law `full`, and the law of the advance, once over the whole force
    constant rate    the median share lost a day, and km a day, of the operations of other wars
    regression       ln losses on ln own strength and ln days, ln depth on ln attackers and ln days,
                     of the operations of other wars

A rival's distribution is normal, and its ensemble the middles of equal parts of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sandtable.laws.advance import GROUND
from sandtable.laws.attrition import FORMS
from sandtable.laws.circumstances import Circumstances, features
from sandtable.laws.coefficients import Coefficients
from sandtable.laws.fitted import Fit
from sandtable.laws.outcome import log_ratio, log_total
from sandtable.operations.armies import army_of
from sandtable.operations.play import QUANTITIES
from sandtable.operations.table import Operation

Array = NDArray[np.float64]
Forecasts = dict[str, Array]
"""Logarithms by quantity, of shape (operations, members), NaN where nothing is foretold."""

ENGINE, BATTLE, RATE, REGRESSION = "campaign engine", "one battle", "constant rate", "regression"
RIVALS = (BATTLE, RATE, REGRESSION)
MEMBERS = 100
_Z = np.array([NormalDist().inv_cdf((i + 0.5) / MEMBERS) for i in range(MEMBERS)])
_LAW = "full"
_POSTURE = "prepared"
"""Posture of the one battle, between the other two of the table's common ones."""
_FEWEST = 5
"""Operations of other wars without which nothing is fitted."""


def logarithms(values: Array) -> Array:
    """Natural logarithms, in which what is below 1 counts as 1."""
    return np.asarray(np.log(np.maximum(values, 1.0)))


def of_ensembles(ensembles: Sequence[Mapping[str, Array]]) -> Forecasts:
    """What the engine foretells: its ensembles as they are."""
    return {name: logarithms(np.array([e[name] for e in ensembles])) for name in QUANTITIES}


def one_battle(operations: Sequence[Operation], laws: Coefficients) -> Forecasts:
    """Foretell each operation as one battle of all against all, in a new war and campaign.

    Factors that the table does not give are unknown to the law, and so at their mean.
    """
    found: dict[str, list[Array]] = {name: [] for name in QUANTITIES}
    for operation in operations:
        own, other, days = operation.attacker_strength, operation.defender_strength, operation.days
        known = Circumstances(
            attacker=own, defender=other, posture=_POSTURE, year=float(operation.start.year),
            attacker_nation=army_of(operation.attacker) or "",
        )  # fmt: skip
        for name, side, pair in (
            ("attacker_losses", "attacker", (own, other)),
            ("defender_losses", "defender", (other, own)),
        ):
            core, fixed = FORMS[_LAW].values(*pair, days, laws.range)
            fit = laws.fits[f"attrition.{_LAW}.{side}"]
            drawn = fixed + _normal(fit, core, known, laws)
            found[name].append(np.minimum(drawn, np.log(pair[0])))
        terms = {
            "constant": 1.0, "ratio": log_ratio(own, other, laws.range),
            "total": log_total(own, other, laws.range),
            "time": np.log(days),
        }  # fmt: skip
        ground = [terms[term] for term in GROUND.core]
        found["depth_km"].append(_normal(laws.fits["advance.fitted"], ground, known, laws))
    return {name: np.maximum(np.array(rows), 0.0) for name, rows in found.items()}


def _normal(fit: Fit, core: Sequence[float], known: Circumstances, laws: Coefficients) -> Array:
    mean, variance = fit.predict(core, features(known, laws.scales), known)
    return np.asarray(mean + np.sqrt(variance + fit.residual_sd**2) * _Z)


def constant_rate(
    operations: Sequence[Operation], recorded: Mapping[str, Array], wars: Sequence[str]
) -> Forecasts:
    """Foretell each operation by the mean rate of those of other wars.

    ``recorded``: logarithms by quantity, (operations,), NaN where unknown or not to be learnt
    from.
    """
    ones = np.ones((len(operations), 1))
    return {
        name: _fitted(ones, recorded[name], _exposure(operations, name), wars)
        for name in QUANTITIES
    }


def regression(
    operations: Sequence[Operation], recorded: Mapping[str, Array], wars: Sequence[str]
) -> Forecasts:
    """Foretell each operation by least squares on those of other wars; as `constant_rate`."""
    found = {}
    for name in QUANTITIES:
        men, days = _men(operations, name), np.log([o.days for o in operations])
        x = np.column_stack([np.ones(len(operations)), np.log(men), days])
        found[name] = _fitted(x, recorded[name], np.zeros(len(operations)), wars)
    return found


def _men(operations: Sequence[Operation], name: str) -> Array:
    own = "defender_strength" if name == "defender_losses" else "attacker_strength"
    return np.array([getattr(o, own) for o in operations])


def _exposure(operations: Sequence[Operation], name: str) -> Array:
    """Logarithm of what a rate is a rate of: men and days, or days."""
    days = np.log([o.days for o in operations])
    return np.asarray(days if name == "depth_km" else days + np.log(_men(operations, name)))


def _fitted(x: Array, y: Array, offset: Array, wars: Sequence[str]) -> Array:
    """Least squares of ``y - offset`` on ``x`` without each war, and what they foretell of it."""
    names = np.array(wars)
    found = np.full((len(y), MEMBERS), np.nan)
    for war in dict.fromkeys(wars):
        held = names == war
        train = ~held & np.isfinite(y)
        spare = int(train.sum()) - x.shape[1]
        if spare < _FEWEST or np.linalg.matrix_rank(x[train]) < x.shape[1]:
            continue
        inverse = np.linalg.inv(x[train].T @ x[train])
        b = inverse @ x[train].T @ (y - offset)[train]
        rest = (y - offset)[train] - x[train] @ b
        variance = float(rest @ rest) / spare
        sd = np.sqrt(variance * (1.0 + np.einsum("ij,jk,ik->i", x[held], inverse, x[held])))
        found[held] = (x[held] @ b + offset[held])[:, None] + sd[:, None] * _Z
    return np.where(np.isnan(found), np.nan, np.maximum(found, 0.0))
