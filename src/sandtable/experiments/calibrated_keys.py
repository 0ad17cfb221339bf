"""The keys of a scenario that a calibration may move, and between which values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandtable.errors import Problem, nearest

if TYPE_CHECKING:
    from sandtable.scenario import Scenario
    from sandtable.scenario.quantities import QuantityUse

KEYS = "--keys"
_DIGITS = 9
_MOMENTS = ("planned", "starts", "when")


@dataclass(frozen=True, slots=True)
class Key:
    """A key path and its range, in ``unit``; the unit cube has its ends at 0 and 1."""

    path: str
    low: float
    high: float
    unit: str

    def at(self, share: float) -> float:
        """Return the value at a share of the range, to nine digits, as it is run and written."""
        value = float(f"{self.low + float(share) * (self.high - self.low):.{_DIGITS}g}")
        return min(max(value, self.low), self.high)


def read_keys(texts: Sequence[str], scenario: Scenario) -> tuple[tuple[Key, ...], list[Problem]]:
    """Read ``KEY`` (an assumption with a range of its own) or ``KEY=low..high``.

    Returns the sound ones and every problem. Whether the scenario is sound at a range's ends is
    for the scenario to say.
    """
    uses = {use.key: use for use in scenario.quantities}
    keys: list[Key] = []
    problems: list[Problem] = []
    for text in texts:
        found = _read(text, uses)
        if isinstance(found, Key) and found.path in {key.path for key in keys}:
            found = _fault(text, found.path, "the key twice", "each key once")
        if isinstance(found, Key):
            keys.append(found)
        else:
            problems.append(found)
    if not texts:
        allowed = "at least one key, as formation.107-division.effectiveness=0.3..0.9"
        problems.append(Problem(KEYS, "keys", "none", allowed))
    return tuple(keys), problems


def _read(text: str, uses: Mapping[str, QuantityUse]) -> Key | Problem:
    path, equals, values = (part.strip() for part in text.partition("="))
    use = uses.get(path)
    if path.rpartition(".")[2] in _MOMENTS:
        return _fault(text, path, "a moment", "a key whose value is a number")
    if equals:
        ends = [_number(end) for end in values.split("..")]
        if len(ends) != 2 or None in ends or not ends[0] < ends[1]:  # type: ignore[operator]
            allowed = "low..high, two finite numbers, the lower first, as 0.3..0.9"
            return _fault(text, path, f"'{values}'", allowed)
        low, high = float(ends[0] or 0), float(ends[1] or 0)
        return Key(path, low, high, use.unit if use else "")
    if use is None:
        allowed = "the key path of an assumed quantity with a range, or KEY=low..high"
        return _fault(text, path, f"'{path}'", allowed, nearest(path, uses))
    if use.kind == "assumed" and use.low < use.high:
        return Key(path, use.low, use.high, use.unit)
    found = "one figure, no range" if use.low == use.high else f"a range that is {use.kind}"
    allowed = f"a range to look in, as {path}=low..high (it stands at {use.low:g} to {use.high:g})"
    return _fault(text, path, found, allowed)


def _fault(text: str, path: str, found: str, allowed: str, close: str | None = None) -> Problem:
    return Problem(f"{KEYS} {text}", path or "key", found, allowed, close)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
