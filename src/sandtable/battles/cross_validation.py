"""Battles held back and predicted by laws that never saw them, on one process or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sandtable.battles import alternatives
from sandtable.battles.distributions import Forecast, Normal, taken
from sandtable.battles.factors import FACTORS, USED
from sandtable.battles.fit import Sample, fit_sample, require_enough
from sandtable.battles.mixed import Matrix, Vector
from sandtable.laws.attrition import FORMS
from sandtable.laws.coefficients import FITS, SIDES
from sandtable.processes import each
from sandtable.streams import Streams

WAR_OUT, CROSS = "leave one war out", "cross-validation"
WINS, GROUND = "attacker wins", "ground gained"
CASUALTIES = {side: f"{side} casualties" for side in SIDES}
ADVANCE = "advance"
QUANTITIES = (*CASUALTIES.values(), ADVANCE, WINS, GROUND)
"""Casualties in persons, advance in km/day where ground was gained, and two probabilities."""

_SEED = 1
_FULL = (*(f"attrition.full.{side}" for side in SIDES), "advance.fitted", "outcome.odds")
# The pace of the decision foretells none of the quantities.
_FITTED = tuple(name for name in FITS if name != "outcome.pace")

Key = tuple[str, str]
Found = dict[Key, Matrix]


@dataclass(frozen=True, slots=True)
class Task:
    """One fit: the battles held back, and a factor that it may not know (empty: all known)."""

    scheme: str
    repeat: int
    held: npt.NDArray[np.int_]
    left_out: str
    factor: str = ""


@dataclass(frozen=True, slots=True)
class Foretold:
    """One quantity of all n battles as one law foretold it, r times, never fitted on them.

    ``values``: (r, n, 2), mean and standard deviation of the logarithm, or (r, n, 1), a
    probability. ``recorded``: (n,), NaN where unknown (or without a logarithm), 1 or 0 of an
    event. ``most``: (n,), what the quantity cannot exceed.
    """

    quantity: str
    law: str
    scheme: str
    factor: str
    values: npt.NDArray[np.float64]
    recorded: Vector
    most: Vector

    @property
    def points(self) -> npt.NDArray[np.float64]:
        """Quantiles, (r, n, 5), or the probability, (r, n, 1)."""
        if self.values.shape[2] == 1:
            return self.values
        return Normal(self.values[..., 0], self.values[..., 1]).quantiles(self.most)


def folds(count: int, number: int, repeat: int) -> npt.NDArray[np.int_]:
    """The fold, from 0, of each of ``count`` battles; folds differ by one battle at most."""
    drawn = Streams("battles", _SEED).uniforms(f"folds/{repeat}", 0, count)
    ranks = np.empty(count, dtype=np.int_)
    ranks[np.argsort(drawn, kind="stable")] = np.arange(count)
    return ranks % number


def tasks_of(sample: Sample, repeats: int, number: int) -> list[Task]:
    """Every fit of leaving each war out in turn, as for a campaign, and of cross-validation."""
    wars = np.array([battle.war for battle in sample.battles])
    tasks = [
        Task(WAR_OUT, 0, np.flatnonzero(wars == war), str(war) or "war unknown")
        for war in np.unique(wars)
    ]
    for repeat in range(repeats):
        fold = folds(len(sample), number, repeat)
        tasks += [
            Task(CROSS, repeat, np.flatnonzero(fold == k), f"fold {k + 1}") for k in range(number)
        ]
    return tasks


def check(sample: Sample, tasks: Iterable[Task], file: Path) -> None:
    """Raise InputError for every task that leaves too little to fit on."""
    trained = (
        (f"battles without {task.left_out} ({task.scheme})", _train(sample, task)) for task in tasks
    )
    require_enough(sample, trained, file)


def hold_out(
    sample: Sample, tasks: Sequence[Task], jobs: int, on_done: Callable[[], None]
) -> list[Foretold]:
    """Do every task and return what was foretold, by scheme, factor, quantity and law.

    ``jobs`` processes; their number changes no result. ``on_done`` is called after each fit.
    Raises SandtableError if a process dies.
    """
    parts = []
    for part in each(partial(foretell, sample), tasks, jobs):
        parts.append(part)
        on_done()
    found = []
    for scheme, factor in dict.fromkeys((task.scheme, task.factor) for task in tasks):
        own = [
            (task, part)
            for task, part in zip(tasks, parts, strict=True)
            if (task.scheme, task.factor) == (scheme, factor)
        ]
        repeats = 1 + max(task.repeat for task, _ in own)
        for quantity, law in own[0][1]:
            width = own[0][1][quantity, law].shape[1]
            values = np.full((repeats, len(sample), width), np.nan)
            for task, part in own:
                values[task.repeat, task.held] = part[quantity, law]
            recorded, most = recorded_of(sample, quantity)
            found.append(Foretold(quantity, law, scheme, factor, values, recorded, most))
    return found


def recorded_of(sample: Sample, quantity: str) -> tuple[Vector, Vector]:
    """The record of a quantity and what it cannot exceed, each (n,); see `Foretold`."""
    free = np.full(len(sample), np.inf)
    if quantity == ADVANCE:
        return np.exp(alternatives.rate(sample)), free
    if quantity == WINS:
        return np.where(sample.won == "", np.nan, sample.won == "attacker"), free
    if quantity == GROUND:
        known = np.isfinite(sample.advance)
        return np.where(known, sample.advance > 0.0, np.nan), free
    side = next(side for side, name in CASUALTIES.items() if name == quantity)
    casualties = sample.casualties[side]
    most = np.array([getattr(battle, side) for battle in sample.battles])
    return np.where(casualties > 0.0, casualties, np.nan), most


def unrecorded(sample: Sample, quantity: str) -> dict[str, int]:
    """Count the battles without a record of a quantity by reason; reasons of none left out."""
    missing = np.isnan(recorded_of(sample, quantity)[0])
    sides = {name: side for side, name in CASUALTIES.items()}
    if quantity == ADVANCE:
        none, why = sample.advance <= 0.0, "no ground gained"
    elif quantity in sides:
        none, why = sample.casualties[sides[quantity]] == 0.0, "no casualties"
    else:
        none, why = np.zeros(len(sample), dtype=np.bool_), "none"
    counts = {"unknown": missing & ~none, why: missing & none}
    return {reason: int(rows.sum()) for reason, rows in counts.items() if rows.any()}


def _train(sample: Sample, task: Task) -> npt.NDArray[np.bool_]:
    train = np.ones(len(sample), dtype=np.bool_)
    train[task.held] = False
    return train


def foretell(sample: Sample, task: Task) -> Found:
    """Fit on the battles that a task leaves, and foretell those that it holds back."""
    train, held = _train(sample, task), task.held
    if task.factor:
        battles = [FACTORS[task.factor](battle) for battle in sample.battles]
        sample = replace(sample, battles=battles)
        return _of_full_laws(sample, train, task)
    laws = fit_sample(sample, train, _FITTED)
    forecast = Forecast(laws, taken(sample, held))
    pairs: dict[Key, Normal | Vector] = {
        (CASUALTIES[side], law): forecast.casualties(law, side) for side in SIDES for law in FORMS
    }
    wins, ground = recorded_of(sample, WINS)[0], recorded_of(sample, GROUND)[0]
    pairs |= {
        (ADVANCE, "constant"): alternatives.constant_rate(sample, train, held),
        (ADVANCE, "dupuy"): alternatives.dupuy(sample, train, held),
        (ADVANCE, "fitted"): _a_day(forecast),
        (WINS, "base-rate"): alternatives.base_rate(wins, train, held),
        (WINS, "force-ratio"): alternatives.force_ratio(sample, train, held, laws.decided),
        (WINS, "fitted"): forecast.attacker_wins,
        (GROUND, "base-rate"): alternatives.base_rate(ground, train, held),
        (GROUND, "fitted"): 1.0 - forecast.no_ground,
    }
    return {key: _array(value) for key, value in pairs.items()}


def _of_full_laws(sample: Sample, train: npt.NDArray[np.bool_], task: Task) -> Found:
    """The same of the full laws alone, those that use the factor."""
    factor = USED[task.factor]
    names = tuple(name for name in _FULL if factor & {*FITS[name].features, *FITS[name].groups})
    forecast = Forecast(fit_sample(sample, train, names), taken(sample, task.held))
    pairs: dict[Key, Normal | Vector] = {}
    for side in SIDES:
        if f"attrition.full.{side}" in names:
            pairs[CASUALTIES[side], "full"] = forecast.casualties("full", side)
    if "advance.fitted" in names:
        pairs[ADVANCE, "fitted"] = _a_day(forecast)
    if "outcome.odds" in names:
        pairs[WINS, "fitted"] = forecast.attacker_wins
    return {key: _array(value) for key, value in pairs.items()}


def _a_day(forecast: Forecast) -> Normal:
    advance = forecast.advance
    return Normal(advance.mean - np.log(forecast.sample.recorded_days), advance.sd)


def _array(value: Normal | Vector) -> Matrix:
    if isinstance(value, Normal):
        return np.column_stack([value.mean, value.sd])
    return value[:, None]
