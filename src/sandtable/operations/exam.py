"""What the laws of operations foretell of cases left out: by war, by operation, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sandtable.operations.cases import Siege, sure
from sandtable.operations.fit import Sample, Tables, samples_of, sieges_sample
from sandtable.operations.regressions import Array, TooFewCases

LEVELS = (0.5, 0.8, 0.9)
"""Central intervals whose coverage is told."""

ALTERNATIVES: Mapping[str, tuple[str, ...]] = {
    "constant": (),
    "field works": ("field works",),
    "size": ("size",),
    "field works, size": ("field works", "size"),
    "field works, way open": ("field works", "way open"),
}
"""Terms of the fortress law that were tried."""


@dataclass(frozen=True, slots=True)
class Score:
    """How a law did on the ``cases`` of ``groups`` left out in turn.

    ``rms`` and ``bias`` of recorded less foretold, of cases that are not censored; ``covered``:
    share of them within the intervals of LEVELS.
    """

    law: str
    rms: float
    bias: float
    covered: tuple[float, ...]
    cases: int
    groups: int


def examine(tables: Tables) -> list[Score]:
    """Score every law with each of its groups left out; a law that no group spares is left out."""
    found = (_score(name, sample) for name, sample in samples_of(tables).items())
    return [score for score in found if score is not None]


def alternatives(sieges: Sequence[Siege]) -> list[Score]:
    """Score the fortress law with each set of terms that was tried, a war left out at a time."""
    found = (_score(name, sieges_sample(sure(sieges), t)) for name, t in ALTERNATIVES.items())
    return [score for score in found if score is not None]


def _score(law: str, sample: Sample) -> Score | None:
    from scipy.stats import t

    rest: list[Array] = []
    inside: list[Array] = []
    groups = np.array(sample.groups)
    spared = 0
    for group in dict.fromkeys(sample.groups):
        out = groups == group
        try:
            fitted = sample.fit(~out)
        except TooFewCases:
            continue
        out &= ~sample.censored
        mean, sd = fitted.predicted(sample.x[out])
        error = sample.y[out] - mean
        freedom = 0.5 / fitted.spread_error**2
        limits = t.ppf([0.5 + level / 2.0 for level in LEVELS], freedom)
        rest.append(error)
        inside.append(np.abs(error / sd)[:, None] <= limits)
        spared += 1
    if not rest or not sum(map(len, rest)):
        return None
    errors, covered = np.concatenate(rest), np.concatenate(inside).mean(axis=0)
    return Score(
        law,
        float(np.sqrt(np.mean(errors**2))),
        float(errors.mean()),
        tuple(covered.tolist()),
        len(errors),
        spared,
    )
