"""Predicted distributions beside what was recorded, battle by battle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Probabilities of the quantiles of a prediction."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """One quantity of n battles, each predicted by a law that was not fitted on it.

    ``quantity``: ``attacker casualties`` or ``defender casualties`` (persons), ``advance``
    (km/day, battles with ground gained), ``attacker wins`` or ``ground gained``
    (probabilities). ``law``: its name. ``scheme``: how battles were held back,
    ``cross-validation`` or ``leave one war out``. ``recorded``: shape (n,), in the quantity's
    unit (1 or 0 for a probability). ``quantiles``: shape (n, 5) at LEVELS; for a probability
    shape (n, 1). ``years``: year of each battle. ``wars``: its war, empty where unknown.
    ``unrecorded``: how many battles more were predicted that have no such record, by reason.
    """

    quantity: str
    law: str
    scheme: str
    recorded: Vector
    quantiles: npt.NDArray[np.float64]
    years: Vector
    wars: npt.NDArray[np.str_]
    unrecorded: Mapping[str, int] = field(default_factory=dict)
