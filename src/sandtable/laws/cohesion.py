"""Why forces quit: the defence's hazard, shared among its causes.

The battle table gives the hazard of an average battle (``outcome``); McQuie's 52 engagements
give the share of each cause in it. A cause that isn't there adds nothing, one that is fully
there adds its share over the intensity it had in the average battle:

    hazard = h_d * sum_c s_c * x_c / x_mean,     x_c from 0 to 1
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from operator import mul
from typing import Literal, get_args

Cause = Literal[
    "envelopment", "neighbour-gone", "surprise", "key-ground", "losses", "reserves", "supply",
    "other",
]  # fmt: skip
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""Causes of a defeat in action, in the order in which intensities are given."""

REPORTED = {
    "envelopment": "penetration",
    "neighbour-gone": "neighbour-gone",
    "surprise": "surprise",
    "key-ground": "penetration",
    "losses": "losses",
    "reserves": "no-reserves",
    "supply": "no-supply",
    "other": "other",
}
"""Name under which the outcomes ``quit/<cause>`` report a cause of the hazard."""


def multiplier(shares: Sequence[float], intensities: Sequence[float], mean: float) -> float:
    """Factor on the table's hazard for the causes present.

    ``shares`` of McQuie, in the order of ``CAUSES``, made to sum to 1 with ``other`` always
    present at its mean; ``intensities`` from 0 to 1; ``mean`` the intensity of each cause in
    the average battle of the table.
    """
    return float(shares[-1] + fsum(map(mul, shares, intensities)) / mean)


def cause_at(shares: Sequence[float], intensities: Sequence[float], mean: float, u: float) -> str:
    """The reported cause of a break, drawn by ``u`` in proportion to what each contributed."""
    weights = [s * x / mean for s, x in zip(shares[:-1], intensities, strict=True)]
    weights.append(shares[-1])
    left = u * fsum(weights)
    for cause, weight in zip(CAUSES, weights, strict=True):
        left -= weight
        if left < 0.0:
            return REPORTED[cause]
    return REPORTED["other"]
