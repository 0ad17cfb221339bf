"""A key that is varied and the values that it takes, as the command line writes them.

A dimension is written ``KEY=VALUES``: a list ``0.3,0.5,0.7``, a range with steps ``0.3..0.9:7``
(both ends and five between), a range ``0.3..0.9``, or a distribution ``normal(0.5,0.1)``. All of
these may be moments, as ``1939-08-20T05:45..1939-08-22:3``. The keys ``variant`` and ``without``
stand for the scenario's variants and the model's mechanisms, of which ``all`` names every one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import numpy as np

from sandtable.calendar import (
    RANGE_EXAMPLE,
    at_day_number,
    day_number,
    moment_text,
    parse_moments,
    split_range,
    to_minute,
)
from sandtable.errors import Problem, nearest
from sandtable.studies.vary.distributions import DISTRIBUTIONS, WRITTEN, Distribution

if TYPE_CHECKING:
    from numpy.typing import NDArray

Value = float | str | datetime

VARIANT, WITHOUT = "variant", "without"
NO_VARIANT, NO_MECHANISM = "base", "none"
ALL = "all"
"""For every variant, or every mechanism that is on, beside the scenario as it stands."""
MOST_VALUES = 10_000

_DIGITS = 12
_LETTERS = 8
_FORMS = "a list 0.3,0.5, a range with steps 0.3..0.9:7, a range 0.3..0.9 or a distribution "

_ALLOWED = f"at least two values: {_FORMS}({WRITTEN}); one for all points is --set"
_ALLOWED_NAMES = (
    f"at least two, as {NO_VARIANT},NAME or {NO_MECHANISM},NAME; or {ALL} for each in turn"
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One key that is varied, over the listed ``values`` or by a distribution.

    ``text`` is the argument that asked for it; ``law`` names a distribution and ``parameters``
    are its own, and ``values`` is then empty. Parameters that are moments are day numbers, their
    clock being that of ``zone`` (None: the scenario's own), and ``moments`` is true.
    """

    key: str
    text: str
    values: tuple[Value, ...] = ()
    law: str | None = None
    parameters: tuple[float, ...] = ()
    moments: bool = False
    zone: tzinfo | None = None

    @property
    def ordered(self) -> bool:
        """Whether its values are numbers or moments, which have an order and distances."""
        return not any(isinstance(value, str) for value in self.values)

    def position(self, value: Value) -> float:
        """Return where a value stands: a number itself, a moment's day, a word's place."""
        if isinstance(value, datetime):
            return day_number(value)
        return value if isinstance(value, float) else float(self.values.index(value))

    def at(self, shares: NDArray[np.float64]) -> list[Value]:
        """Return the values at these shares (0-1) of the distribution; a list's are alike."""
        if self.law is None:
            places = np.minimum((shares * len(self.values)).astype(int), len(self.values) - 1)
            return [self.values[place] for place in places]
        # A distribution without bounds has no value at the very ends.
        inner = np.clip(shares, 2.0**-54, 1.0 - 2.0**-53)
        found = DISTRIBUTIONS[self.law].quantiles(inner, *self.parameters).tolist()
        if self.moments:
            return [at_day_number(to_minute(number), self.zone) for number in found]
        return [_rounded(value) for value in found]


def value_text(value: Value) -> str:
    """Return a value as it is written behind ``KEY=``."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else f"{value:.{_DIGITS}g}"


def told_value(value: Value) -> str:
    """Return a value as a reader wants it."""
    if isinstance(value, datetime):
        return moment_text(value)
    exact = value_text(value)
    if isinstance(value, str) or len(exact) <= _LETTERS:
        return exact
    return f"{value:.5g}"


def spelt_out(dimension: Dimension, names: Sequence[str], faults: list[Problem]) -> Dimension:
    """Return a dimension that says ALL with the values that this stands for; others as they are.

    ``names``: all variants, or all mechanisms that are on.
    """
    if dimension.key not in (VARIANT, WITHOUT) or dimension.values != (ALL,):
        return dimension
    if not names:
        found, allowed = f"'{ALL}', where the scenario has none", "a key of the scenario"
        faults.append(Problem(dimension.text, dimension.key, found, allowed))
    first = NO_VARIANT if dimension.key == VARIANT else NO_MECHANISM
    return replace(dimension, values=(first, *names))


def read_dimension(text: str, faults: list[Problem]) -> Dimension | None:
    """Read one argument; what is wrong with it goes to ``faults``."""
    key, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not key or not values:
        example = "KEY=VALUES, as formation.107-division.effectiveness=0.3..0.9:7"
        faults.append(Problem("vary", "argument", f"'{text}'", example))
        return None
    named = re.fullmatch(r"([A-Za-z]\w*)\((.*)\)", values)
    special = key in (VARIANT, WITHOUT)
    if special:
        found = _list(values.split(","), words=True)
    elif named:
        found = _distribution(named[1], named[2])
    elif ranged := _ends(values):
        found = _range(*ranged)
    else:
        found = _list(values.split(","), words=False)
    if isinstance(found, Problem):
        faults.append(Problem(text, key, found.found, found.allowed, found.nearest))
        return None
    return Dimension(key, text, *found)


_Read = tuple[tuple[Value, ...], str | None, tuple[float, ...], bool, tzinfo | None]


def _ends(text: str) -> tuple[str, str, str | None] | None:
    """Return both ends of a range and the number of values that is asked for, if any."""
    found = re.fullmatch(r"([^,]+?)\.\.([^,:]+)(?::([^,]*))?", text)
    return split_range(text) or (None if found is None else (found[1], found[2], found[3]))


def _distribution(name: str, inside: str) -> _Read | Problem:
    form = DISTRIBUTIONS.get(name)
    if form is None:
        return _fault(f"'{name}'", f"one of {WRITTEN}", nearest(name, DISTRIBUTIONS))
    words = [word.strip() for word in inside.split(",")]
    numbers, first = _parameters(words, form)
    parameters = tuple(number for number in numbers if number is not None)
    if len(parameters) != len(words) or len(words) != form.written.count(",") + 1:
        known = "finite numbers" if form.moments is None else "finite numbers or moments"
        return _fault(f"{name}({inside})", f"{form.written} with {known}")
    if not form.sound(*parameters):
        return _fault(f"{name}({inside})", f"{form.written} with {form.needs}")
    return (), name, parameters, first is not None, first.tzinfo if first else None


def _parameters(
    words: Sequence[str], form: Distribution
) -> tuple[list[float | None], datetime | None]:
    """Read numbers, or moments where the distribution has any; also the first moment, if so."""
    numbers = [_number(word) for word in words]
    if None not in numbers or form.moments is None or len(words) != len(form.moments):
        return numbers, None
    which = list(zip(words, numbers, form.moments, strict=True))
    moments = parse_moments([word for word, _, moment in which if moment])
    if moments is None:
        return numbers, None
    days = map(day_number, moments)
    return [next(days) if moment else number for _, number, moment in which], moments[0]


def _range(low_text: str, high_text: str, steps_text: str | None) -> _Read | Problem:
    low, high = _number(low_text), _number(high_text)
    zone, moments = None, parse_moments([low_text, high_text])
    if moments is not None:
        zone = moments[0].tzinfo
        low, high = map(day_number, moments)
    if low is None or high is None or low >= high:
        allowed = "LOW..HIGH, two finite numbers or two moments"
        return _fault(f"{low_text}..{high_text}", f"{allowed} ({RANGE_EXAMPLE}), LOW below HIGH")
    if steps_text is None:
        return (), "uniform", (low, high), moments is not None, zone
    steps = int(steps_text) if steps_text.strip().isdecimal() else 0
    if not 2 <= steps <= MOST_VALUES:
        return _fault(f"{steps_text} steps", f"a whole number of values from 2 to {MOST_VALUES:,}")
    between = np.linspace(low, high, steps).tolist()
    if moments is None:
        return tuple(_rounded(value) for value in between), None, (), False, None
    inner = [at_day_number(to_minute(number), zone) for number in between[1:-1]]
    values = (moments[0], *inner, moments[1])
    if len(set(values)) < steps:
        return _fault(f"{steps_text} steps", "steps of at least a minute")
    return values, None, (), True, zone


def _list(words_given: Sequence[str], *, words: bool) -> _Read | Problem:
    parts = [part.strip() for part in words_given]
    if "" in parts:
        return _fault(f"'{','.join(words_given)}'", "a value between any two commas")
    numbers = [None if words else _number(part) for part in parts]
    moments = None if words else parse_moments(parts)
    values: tuple[Value, ...] = tuple(number for number in numbers if number is not None)
    if len(values) < len(parts):
        values = tuple(moments or parts)
    if len(values) < 2 and not (words and values == (ALL,)):
        return _fault(f"'{','.join(words_given)}'", _ALLOWED_NAMES if words else _ALLOWED)
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        return _fault(f"{value_text(twice)} twice", "each value once")
    return values, None, (), moments is not None, moments[0].tzinfo if moments else None


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
