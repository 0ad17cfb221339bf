"""Designs of experiments: which keys take which values, and the points at which they are run.

A dimension is written ``KEY=VALUES``: a list ``0.3,0.5,0.7``, a range with steps ``0.3..0.9:7``
(both ends and five between), a range ``0.3..0.9``, or a distribution ``normal(0.5,0.1)``. The
keys ``variant`` and ``without`` stand for the scenario's variants and the model's mechanisms.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sandtable.errors import InputError, Problem, nearest
from sandtable.streams import Streams

if TYPE_CHECKING:
    from numpy.typing import NDArray

Value = float | str

DESIGNS = ("grid", "lhs", "sobol")
VARIANT, WITHOUT = "variant", "without"
NO_VARIANT, NO_MECHANISM = "base", "none"

_MOST_POINTS = 10_000
_DIGITS = 12
_FORMS = "a list 0.3,0.5, a range with steps 0.3..0.9:7, a range 0.3..0.9 or a distribution "
_SAMPLED = "--design lhs or sobol with --points N"


@dataclass(frozen=True, slots=True)
class _Form:
    """A distribution: how it is written, what its parameters must be, and its quantiles."""

    written: str
    sound: Callable[..., bool]
    needs: str
    quantiles: Callable[..., NDArray[np.float64]]


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


_LAWS = {
    "uniform": _Form(
        "uniform(LOW,HIGH)",
        lambda low, high: low < high,
        "LOW below HIGH",
        lambda u, low, high: low + (high - low) * u,
    ),
    "normal": _Form(
        "normal(MEAN,DEVIATION)", lambda _, deviation: deviation > 0, "DEVIATION above 0", _normal
    ),
    "triangular": _Form(
        "triangular(LOW,MODE,HIGH)",
        lambda low, mode, high: low <= mode <= high and low < high,
        "LOW, MODE and HIGH in rising order",
        _triangular,
    ),
    "loguniform": _Form(
        "loguniform(LOW,HIGH)",
        lambda low, high: 0 < low < high,
        "LOW above 0 and below HIGH",
        lambda u, low, high: low * (high / low) ** u,
    ),
}
_WRITTEN = ", ".join(form.written for form in _LAWS.values())


@dataclass(frozen=True, slots=True)
class Dimension:
    """One key that is varied, over the listed ``values`` or by a distribution.

    ``text`` is the argument that asked for it; ``law`` names a distribution and ``parameters``
    are its own, and ``values`` is then empty.
    """

    key: str
    text: str
    values: tuple[Value, ...] = ()
    law: str | None = None
    parameters: tuple[float, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers, which have an order and distances."""
        return self.law is not None or all(isinstance(value, float) for value in self.values)

    def at(self, shares: NDArray[np.float64]) -> list[Value]:
        """Return the values at these shares (0-1) of the distribution; a list's are alike."""
        if self.law is None:
            places = np.minimum((shares * len(self.values)).astype(int), len(self.values) - 1)
            return [self.values[place] for place in places]
        # A distribution without bounds has no value at the very ends.
        inner = np.clip(shares, 2.0**-54, 1.0 - 2.0**-53)
        found = _LAWS[self.law].quantiles(inner, *self.parameters)
        return [_rounded(value) for value in found.tolist()]


def value_text(value: Value) -> str:
    """Return a value as it is written behind ``KEY=``."""
    return value if isinstance(value, str) else f"{value:.{_DIGITS}g}"


def parse_dimensions(
    arguments: Sequence[str], design: str = "grid", points: int | None = None
) -> list[Dimension]:
    """Read ``KEY=VALUES`` arguments for a design of ``points`` points (a grid counts its own).

    Raises InputError with every fault: of the arguments, of the design, and of the two together.
    """
    found, faults = read_dimensions(arguments, design, points)
    if faults:
        raise InputError(faults)
    return found


def read_dimensions(
    arguments: Sequence[str], design: str, points: int | None
) -> tuple[list[Dimension], list[Problem]]:
    """Return the dimensions that can be read, and every fault of arguments and design."""
    faults = _faults_of_design(design, points)
    found = list[Dimension]()
    for text in arguments:
        dimension = _dimension(text, faults)
        if dimension is None:
            continue
        if any(other.key == dimension.key for other in found):
            faults.append(Problem(text, dimension.key, "the key a second time", "each key once"))
        if design == "grid" and dimension.law is not None:
            allowed = f"a list or a range with steps, as 0.3..0.9:7; or {_SAMPLED}"
            faults.append(Problem(text, dimension.key, text.partition("=")[2].strip(), allowed))
        found.append(dimension)
    size = math.prod(len(dimension.values) or 1 for dimension in found)
    if design == "grid" and size > _MOST_POINTS:
        allowed = f"at most {_MOST_POINTS:,} points; {_SAMPLED} needs fewer"
        faults.append(Problem("--design", "grid", f"{size:,} points", allowed))
    if not arguments:
        faults.append(Problem("KEY=VALUES", "arguments", "none", "at least one key to vary"))
    return found, faults


def design_points(
    dimensions: Sequence[Dimension], design: str, points: int | None, streams: Streams
) -> list[tuple[Value, ...]]:
    """Return the points, each with one value a dimension; none stands there twice.

    A grid has every combination, the last key changing fastest. ``lhs`` is a Latin hypercube and
    ``sobol`` a scrambled Sobol sequence, both from scipy.stats.qmc, of ``points`` points before
    equal ones are dropped. Their seed comes from the stream ``design/<name>``.
    """
    if design == "grid":
        return list(itertools.product(*(dimension.values for dimension in dimensions)))
    assert points is not None
    shares = _shares(design, len(dimensions), points, streams)
    columns = [dim.at(shares[:, index]) for index, dim in enumerate(dimensions)]
    return list(dict.fromkeys(zip(*columns, strict=True)))


def _shares(design: str, width: int, points: int, streams: Streams) -> NDArray[np.float64]:
    from scipy.stats import qmc

    seed = int(streams.within(f"design/{design}", 0).uniform() * 2**53)
    generator = np.random.default_rng(seed)
    if design == "lhs":
        return np.asarray(qmc.LatinHypercube(width, rng=generator).random(points))
    return np.asarray(qmc.Sobol(width, rng=generator).random_base2(points.bit_length() - 1))


def _faults_of_design(design: str, points: int | None) -> list[Problem]:
    if design not in DESIGNS:
        allowed = "one of " + ", ".join(DESIGNS)
        return [Problem("--design", "design", f"'{design}'", allowed, nearest(design, DESIGNS))]
    if design == "grid":
        if points is None:
            return []
        allowed = "nothing with --design grid, whose values are listed; or --design lhs or sobol"
        return [Problem("--points", "points", str(points), allowed)]
    if points is None or not 2 <= points <= _MOST_POINTS:
        found = "nothing" if points is None else str(points)
        allowed = f"a number of points from 2 to {_MOST_POINTS:,} for --design {design}"
        return [Problem("--points", "points", found, allowed)]
    below = 1 << (points.bit_length() - 1)
    if design == "sobol" and below != points:
        above = f" or {2 * below}" if 2 * below <= _MOST_POINTS else ""
        allowed = f"a power of two for --design sobol, here {below}{above}"
        return [Problem("--points", "points", str(points), allowed)]
    return []


def _dimension(text: str, faults: list[Problem]) -> Dimension | None:
    """Read one argument; what is wrong with it goes to ``faults``."""
    key, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not key or not values:
        example = "KEY=VALUES, as formation.107-division.effectiveness=0.3..0.9:7"
        faults.append(Problem(text or "KEY=VALUES", key or "key", f"'{text}'", example))
        return None
    named = re.fullmatch(r"([A-Za-z]\w*)\((.*)\)", values)
    ranged = re.fullmatch(r"([^,]+?)\.\.([^,:]+)(?::([^,]*))?", values)
    special = key in (VARIANT, WITHOUT)
    if named and not special:
        found = _distribution(named[1], named[2])
    elif ranged and not special:
        found = _range(ranged[1], ranged[2], ranged[3])
    else:
        found = _list(values, words=special)
    if isinstance(found, Problem):
        faults.append(Problem(text, key, found.found, found.allowed, found.nearest))
        return None
    listed, law, parameters = found
    return Dimension(key, text, listed, law, parameters)


_Read = tuple[tuple[Value, ...], str | None, tuple[float, ...]]


def _distribution(name: str, inside: str) -> _Read | Problem:
    form = _LAWS.get(name)
    if form is None:
        return _fault(f"'{name}'", f"one of {_WRITTEN}", nearest(name, _LAWS))
    words = [word.strip() for word in inside.split(",")]
    numbers = [_number(word) for word in words]
    parameters = tuple(number for number in numbers if number is not None)
    if len(parameters) != len(words) or len(words) != form.written.count(",") + 1:
        return _fault(f"{name}({inside})", f"{form.written} with finite numbers")
    if not form.sound(*parameters):
        return _fault(f"{name}({inside})", f"{form.written} with {form.needs}")
    return (), name, parameters


def _range(low_text: str, high_text: str, steps_text: str | None) -> _Read | Problem:
    low, high = _number(low_text), _number(high_text)
    if low is None or high is None or low >= high:
        return _fault(f"{low_text}..{high_text}", "LOW..HIGH, two finite numbers, LOW below HIGH")
    if steps_text is None:
        return (), "uniform", (low, high)
    steps = int(steps_text) if steps_text.strip().isdecimal() else 0
    if not 2 <= steps <= _MOST_POINTS:
        return _fault(f"{steps_text} steps", f"a whole number of values from 2 to {_MOST_POINTS:,}")
    return tuple(_rounded(value) for value in np.linspace(low, high, steps).tolist()), None, ()


def _list(text: str, *, words: bool) -> _Read | Problem:
    parts = [part.strip() for part in text.split(",")]
    if "" in parts:
        return _fault(f"'{text}'", "a value between any two commas")
    numbers = [None if words else _number(part) for part in parts]
    values: tuple[Value, ...] = tuple(number for number in numbers if number is not None)
    if len(values) < len(parts):
        values = tuple(parts)
    if len(values) < 2:
        allowed = f"at least two values: {_FORMS}({_WRITTEN}); one for all points is --set"
        return _fault(f"'{text}'", allowed)
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        return _fault(f"{value_text(twice)} twice", "each value once")
    return values, None, ()


def _fault(found: str, allowed: str, close: str | None = None) -> Problem:
    return Problem("", "", found, allowed, close)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return _rounded(number) if math.isfinite(number) else None


def _rounded(value: float) -> float:
    # The value that is run and the one that is written are one.
    return float(f"{value:.{_DIGITS}g}")
