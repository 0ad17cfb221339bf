"""Objects with ranges in place of some of their numbers, from which replications are drawn."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Factor(NamedTuple):
    """A range under the name by which it is drawn: the same name, the same draw."""

    name: str
    low: float
    high: float


class Uncertain(float):
    """The middle of a range, which knows the range: a product of one or two factors."""

    __slots__ = ("factors",)

    factors: tuple[Factor, ...]

    def __new__(cls, factors: tuple[Factor, ...]) -> Uncertain:
        """Return the number whose value is the product of the factors' middles."""
        self = super().__new__(cls, math.prod(f.low + 0.5 * (f.high - f.low) for f in factors))
        self.factors = factors
        return self

    def __reduce__(self) -> tuple[type[Uncertain], tuple[tuple[Factor, ...]]]:
        return Uncertain, (self.factors,)

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest value, of factors none of which is negative."""
        return math.prod(f.low for f in self.factors), math.prod(f.high for f in self.factors)


class Sampler(Generic[T]):
    """An object of which replications are drawn, each with plain numbers in place of ranges.

    `uncertain` names the independent inputs, by the names of the ranges' factors.
    """

    __slots__ = ("_plan", "uncertain")

    def __init__(self, symbolic: T, first: Iterable[str] = ()) -> None:
        """Prepare draws from an object in which some numbers are `Uncertain`.

        Looked into are dataclasses, tuples and the values of mappings. The inputs come in the
        order in which they are met, but for those named in `first`.
        """
        inputs = {name: number for number, name in enumerate(first)}
        self._plan: _Plan | T = _plan(symbolic, inputs)
        self.uncertain: tuple[str, ...] = tuple(inputs)

    def draw(self, u: Sequence[float]) -> T:
        """Return the object with each uncertain input at `low + u (high - low)`.

        `u` holds one number in [0, 1) for each name in `uncertain`, in that order. Raises
        ValueError if their number differs.
        """
        if len(u) != len(self.uncertain):
            raise ValueError(f"{len(u)} draws for {len(self.uncertain)} uncertain inputs")
        if not isinstance(self._plan, _Plan):
            return self._plan
        built: T = _build(self._plan, u)
        return built

    def central(self) -> T:
        """Return the object with each uncertain input in the middle of its range."""
        return self.draw([0.5] * len(self.uncertain))


class _Mapping(NamedTuple):
    """Makes a mapping of these keys from its values."""

    keys: tuple[Any, ...]

    def __call__(self, *values: Any) -> dict[Any, Any]:
        return dict(zip(self.keys, values, strict=True))


class _Plan(NamedTuple):
    """How to rebuild one object: its parts as they are, and which of them are drawn.

    `single` holds (position, input, low, width); `double` the same for a product of two factors;
    `nested` holds (position, plan) of parts that hold drawn numbers themselves.
    """

    make: Any
    parts: list[Any]
    single: tuple[tuple[int, int, float, float], ...]
    double: tuple[tuple[int, int, float, float, int, float, float], ...]
    nested: tuple[tuple[int, _Plan], ...]


def _plan(value: Any, inputs: dict[str, int]) -> Any:
    """Return a plan for an object that holds uncertain numbers, else the object itself."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        make: Any = type(value)
        parts = [getattr(value, field.name) for field in dataclasses.fields(value)]
    elif type(value) is tuple:
        make, parts = None, list(value)
    elif type(value) is dict:
        make, parts = _Mapping(tuple(value)), list(value.values())
    else:
        return value
    single, double, nested = [], [], []
    for position, part in enumerate(parts):
        if isinstance(part, Uncertain):
            draws = [
                (inputs.setdefault(f.name, len(inputs)), f.low, f.high - f.low)
                for f in part.factors
            ]
            if len(draws) == 1:
                single.append((position, *draws[0]))
            else:
                double.append((position, *draws[0], *draws[1]))
        else:
            planned = _plan(part, inputs)
            if isinstance(planned, _Plan):
                nested.append((position, planned))
    if not (single or double or nested):
        return value
    return _Plan(make, parts, tuple(single), tuple(double), tuple(nested))


def _build(plan: _Plan, u: Sequence[float]) -> Any:
    make, parts, single, double, nested = plan
    parts = parts.copy()
    for position, i, low, width in single:
        parts[position] = low + u[i] * width
    for position, i, low, width, j, low_j, width_j in double:
        parts[position] = (low + u[i] * width) * (low_j + u[j] * width_j)
    for position, inner in nested:
        parts[position] = _build(inner, u)
    return tuple(parts) if make is None else make(*parts)
