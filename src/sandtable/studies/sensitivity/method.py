"""Designs and indices of a sensitivity analysis, for any function of inputs in [0, 1).

Screening after Morris (1991) with groups and mu* after Campolongo, Cariboni and Saltelli
(2007); shares of variance after Sobol, estimated as in Saltelli and others (2010). Both come
from SALib, whose generators get a seed each: never its global one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandtable.errors import MissingPackageError, SandtableError

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

Floats = NDArray[np.float64]

LEAST_TRAJECTORIES, MOST_TRAJECTORIES = 4, 10_000
LEAST_SAMPLES, MOST_SAMPLES = 64, 2**16
SCREENED = (0.05, 0.95)
"""Ends of what the screening moves an input between: its tails would be all that it saw."""

_LEVELS = 4
_RESAMPLES = 200
_CONFIDENCE = 0.95
_ONE_SIGN = 0.9


@dataclass(frozen=True)
class SamplingDesign:
    """Rows of inputs (n, d) in blocks of ``block`` rows, and the groups that move together."""

    groups: tuple[str, ...]
    rows: Floats
    block: int
    problem: dict[str, Any]


class MorrisEffect(NamedTuple):
    """What moving one group across its range does to an outcome, by Morris.

    ``mu_star``: mean absolute elementary effect, in the outcome's unit per whole range, with
    its 95 percent interval; ``sigma``: their spread, from interactions and curvature;
    ``mu``: their mean, signed. Both are NaN for groups of more than one input, whose inputs
    go up and down apart. ``sign``: 1 or -1 where nine tenths of the effect go one way, else 0.
    """

    group: str
    mu_star: float
    mu_star_low: float
    mu_star_high: float
    mu: float
    sigma: float
    sign: int


class SobolIndex(NamedTuple):
    """Share of an outcome's variance that one group explains, with 95 percent intervals.

    ``first``: by itself; ``total``: with all its interactions. Estimates may leave 0-1 by
    their error.
    """

    group: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


class SobolIndices(NamedTuple):
    """The indices of all groups, and what no group explains by itself, with its interval."""

    groups: tuple[SobolIndex, ...]
    interaction: float
    interaction_low: float
    interaction_high: float
    blocks: int


@dataclass(frozen=True)
class OutcomeSensitivity:
    """All that is known of one outcome: where its spread comes from.

    ``mean`` and ``sd`` over random runs, in ``unit``. ``never``: share of them in which it did
    not come about, and ``handling``: what is counted then. ``effects`` of the screening (empty
    if nothing moved it), ``indices`` of the strongest inputs, ``split`` by source (None if
    nothing moved it, or if it came about too seldom).
    """

    outcome: str
    unit: str
    mean: float
    sd: float
    never: float
    handling: str
    effects: tuple[MorrisEffect, ...]
    indices: SobolIndices | None
    split: SobolIndices | None


@dataclass(frozen=True)
class SensitivityFindings:
    """Where the spread of each outcome of a scenario comes from.

    ``warning`` is what must be said beside it if the scenario was fitted to the record.
    """

    scenario: Scenario
    outcomes: Sequence[OutcomeSensitivity]
    warning: str | None


def named_seed(scenario: str, seed: int, name: str) -> int:
    """Seed of a generator named by scenario, seed and purpose: from 1 to 2**32 - 1.

    Never 0, which SALib's analysis of variance takes for no seed at all.
    """
    digest = hashlib.blake2b(f"{scenario}\0{seed}\0sensitivity/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "little") % (2**32 - 1) + 1


def morris_design(groups: Sequence[str], trajectories: int, seed: int) -> SamplingDesign:
    """Rows for a screening; ``groups`` names the group of each input, in order.

    Raises SandtableError for fewer than LEAST_TRAJECTORIES trajectories.
    """
    check_trajectories(trajectories)
    problem = _problem(groups, SCREENED)
    rows = _salib("sample.morris").sample(problem, trajectories, num_levels=_LEVELS, seed=seed)
    names = tuple(dict.fromkeys(groups))
    return SamplingDesign(names, np.asarray(rows, dtype=np.float64), len(names) + 1, problem)


def sobol_design(groups: Sequence[str], samples: int, seed: int) -> SamplingDesign:
    """Rows for first and total indices; ``groups`` names at least two groups.

    Raises SandtableError unless ``samples`` is a power of two from LEAST_SAMPLES.
    """
    check_samples(samples)
    names = tuple(dict.fromkeys(groups))
    if len(names) < 2:
        raise ValueError("indices of one group alone are 1 by definition")
    problem = _problem(groups, (0.0, 1.0))
    rows = _salib("sample.sobol").sample(problem, samples, calc_second_order=False, seed=seed)
    return SamplingDesign(names, np.asarray(rows, dtype=np.float64), len(names) + 2, problem)


def check_trajectories(trajectories: int) -> None:
    """Raise SandtableError, with the number that would do, if there are too few."""
    if not LEAST_TRAJECTORIES <= trajectories <= MOST_TRAJECTORIES:
        raise SandtableError(
            f"trajectories: found {trajectories}; allowed: a whole number from "
            f"{LEAST_TRAJECTORIES}, for a spread, to {MOST_TRAJECTORIES:,}; 10 will do"
        )


def check_samples(samples: int) -> None:
    """Raise SandtableError, with the number that would do, if no design can be balanced."""
    if not LEAST_SAMPLES <= samples <= MOST_SAMPLES or samples & (samples - 1):
        enough = min(enough_samples(samples), MOST_SAMPLES)
        raise SandtableError(
            f"samples: found {samples}; allowed: a power of two from {LEAST_SAMPLES} to "
            f"{MOST_SAMPLES:,}; {enough} will do"
        )


def enough_samples(samples: float) -> int:
    """Return the least allowed number of samples that is not below ``samples``."""
    return max(LEAST_SAMPLES, 1 << (max(1, int(np.ceil(samples))) - 1).bit_length())


def morris_effects(design: SamplingDesign, values: Floats, seed: int) -> tuple[MorrisEffect, ...]:
    """Elementary effects of every group on one outcome, from its values (n,) at the rows.

    Trajectories with a NaN are left out. Empty where the outcome is the same everywhere, or
    where fewer than LEAST_TRAJECTORIES are left.
    """
    kept = _whole(values, design.block)
    if kept.sum() < LEAST_TRAJECTORIES or np.ptp(values.reshape(-1, design.block)[kept]) == 0.0:
        return ()
    mask = np.repeat(kept, design.block)
    found = _salib("analyze.morris").analyze(
        design.problem,
        design.rows[mask],
        values[mask],
        num_resamples=_RESAMPLES,
        conf_level=_CONFIDENCE,
        num_levels=_LEVELS,
        seed=seed,
    )
    columns = [np.asarray(found[k], dtype=np.float64) for k in ("mu_star", "mu_star_conf", "mu")]
    sizes = [design.problem["groups"].count(name) for name in design.groups]
    sigmas = np.ma.filled(np.ma.asarray(found["sigma"], dtype=np.float64), np.nan)
    return tuple(
        _effect(name, *map(float, row), single=size == 1)
        for name, size, *row in zip(design.groups, sizes, *columns, sigmas, strict=True)
    )


def sobol_indices(design: SamplingDesign, values: Floats, seed: int) -> SobolIndices | None:
    """SobolIndices of every group for one outcome, from its values (n,) at the rows.

    Blocks with a NaN are left out. None where the outcome is the same everywhere, or where
    fewer than LEAST_SAMPLES blocks are left.
    """
    kept = _whole(values, design.block)
    mask = np.repeat(kept, design.block)
    base = values.reshape(-1, design.block)[kept][:, [0, -1]]
    if len(base) < LEAST_SAMPLES or np.ptp(base) == 0.0:
        return None
    found = _salib("analyze.sobol").analyze(
        design.problem,
        values[mask],
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=_CONFIDENCE,
        keep_resamples=True,
        seed=seed,
    )
    groups = tuple(
        SobolIndex(
            name, first, first - by, first + by, total, max(0.0, total - with_), total + with_
        )
        for name, first, by, total, with_ in zip(
            design.groups,
            *(found[key].tolist() for key in ("S1", "S1_conf", "ST", "ST_conf")),
            strict=True,
        )
    )
    rest = 1.0 - float(np.sum(found["S1"]))
    # The half width that SALib gives every index, for the sum of the same resamples.
    ratio = np.sum(found["S1_conf_all"], axis=1).std(ddof=1)
    half = _normal_half_width() * float(ratio)
    return SobolIndices(groups, rest, rest - half, rest + half, len(base))


def strongest(effects: Sequence[Sequence[MorrisEffect]], count: int) -> tuple[str, ...]:
    """Return the ``count`` groups that matter most for any of several outcomes.

    A group's weight is the largest of its mu*, each as a share of the outcome's largest.
    """
    weight: dict[str, float] = {}
    for one in effects:
        top = max((effect.mu_star for effect in one), default=0.0)
        for effect in one:
            share = effect.mu_star / top if top else 0.0
            weight[effect.group] = max(weight.get(effect.group, 0.0), share)
    return tuple(sorted(weight, key=lambda name: (-weight[name], name))[:count])


def _effect(
    group: str, mu_star: float, half: float, mu: float, sigma: float, *, single: bool
) -> MorrisEffect:
    sign = int(np.sign(mu)) if single and abs(mu) >= _ONE_SIGN * mu_star > 0.0 else 0
    low = max(0.0, mu_star - half)
    return MorrisEffect(
        group, mu_star, low, mu_star + half, mu if single else np.nan,
        sigma if single else np.nan, sign,
    )  # fmt: skip


def _whole(values: Floats, block: int) -> NDArray[np.bool_]:
    """Which blocks have a value in every run."""
    return np.asarray(np.isfinite(values.reshape(-1, block)).all(axis=1), dtype=np.bool_)


def _problem(groups: Sequence[str], bounds: tuple[float, float]) -> dict[str, Any]:
    return {
        "num_vars": len(groups),
        "names": [f"x{k}" for k in range(len(groups))],
        "bounds": [list(bounds)] * len(groups),
        "groups": list(groups),
    }


def _normal_half_width() -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)


def _salib(module: str) -> Any:
    try:
        return import_module(f"SALib.{module}")
    except ModuleNotFoundError:
        raise MissingPackageError("sensitivity", "SALib", "sensitivity") from None
