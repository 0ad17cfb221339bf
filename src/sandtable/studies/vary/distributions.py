"""Distributions by name: how they are written, what their parameters must be, their quantiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution: how it is written, what its parameters must be, and its quantiles.

    ``moments`` says which of the parameters are moments where its values are; the others are
    days. None where it has no meaning for moments.
    """

    written: str
    sound: Callable[..., bool]
    needs: str
    quantiles: Callable[..., NDArray[np.float64]]
    moments: tuple[bool, ...] | None


def _normal(u: NDArray[np.float64], mean: float, deviation: float) -> NDArray[np.float64]:
    from scipy.special import ndtri

    return np.asarray(mean + deviation * ndtri(u))


def _triangular(
    u: NDArray[np.float64], low: float, mode: float, high: float
) -> NDArray[np.float64]:
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u * width <= mode - low, rising, falling)


DISTRIBUTIONS = {
    "uniform": Distribution(
        "uniform(LOW,HIGH)",
        lambda low, high: low < high,
        "LOW below HIGH",
        lambda u, low, high: low + (high - low) * u,
        (True, True),
    ),
    "normal": Distribution(
        "normal(MEAN,DEVIATION)",
        lambda _, deviation: deviation > 0,
        "DEVIATION above 0",
        _normal,
        (True, False),
    ),
    "triangular": Distribution(
        "triangular(LOW,MODE,HIGH)",
        lambda low, mode, high: low <= mode <= high and low < high,
        "LOW, MODE and HIGH in rising order",
        _triangular,
        (True, True, True),
    ),
    "loguniform": Distribution(
        "loguniform(LOW,HIGH)",
        lambda low, high: 0 < low < high,
        "LOW above 0 and below HIGH",
        lambda u, low, high: low * (high / low) ** u,
        None,
    ),
}
WRITTEN = ", ".join(form.written for form in DISTRIBUTIONS.values())
