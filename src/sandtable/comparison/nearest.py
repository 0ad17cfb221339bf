"""How far each replication lies from the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sandtable.comparison.compare import Row
from sandtable.comparison.outcome_scores import scored_truths
from sandtable.comparison.scores import Array
from sandtable.scenario.resolved import ResolvedScenario


def distances(
    rows: Sequence[Row], outcomes: Mapping[str, Array], *, scenario: ResolvedScenario
) -> Array:
    """Return how far each replication lies from the record, of the shape of an outcome.

    It is the mean, over the outcomes that are scored, of E|x - Y|: x is the replication's value
    and Y the truth, on the outcome's `Scale`, in units of the ensemble's standard deviation there,
    so that each outcome tells replications apart with the same weight. What does not apply in a
    replication is left out, and so is an outcome in which all are alike. NaN is what nothing tells.
    """
    count = len(next(iter(outcomes.values())))
    total, told = np.zeros(count), np.zeros(count)
    for name, scale, truth in scored_truths(rows, scenario):
        values = scale.values(outcomes[name])
        applies = ~np.isnan(values)
        spread = float(np.std(values[applies]))
        if spread > 0.0:
            total[applies] += truth.distance(values[applies]) / spread
            told += applies
    return np.where(told > 0.0, total / np.maximum(told, 1.0), np.nan)
