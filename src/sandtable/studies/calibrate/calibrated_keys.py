"""The keys of a scenario that a calibration may move, and between which values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandtable.calendar import (
    RANGE_EXAMPLE,
    Calendar,
    moment_text,
    parse_moments,
    split_range,
    to_minute,
)
from sandtable.errors import Problem, nearest

if TYPE_CHECKING:
    from sandtable.scenario import Scenario
    from sandtable.scenario.quantities import QuantityUse

KEYS = "--keys"
_DIGITS = 9
_MOMENTS = ("planned", "starts", "when")
_CALENDAR = ("scenario.start", "scenario.end")


@dataclass(frozen=True, slots=True)
class Key:
    """A key path and its range, in ``unit``; the unit cube has its ends at 0 and 1.

    With a ``calendar`` its values are moments, in days from H-hour.
    """

    path: str
    low: float
    high: float
    unit: str
    calendar: Calendar | None = None

    def at(self, share: float) -> float:
        """Return the value at a share of the range, to nine digits or to the minute."""
        value = self.low + float(share) * (self.high - self.low)
        value = float(f"{value:.{_DIGITS}g}") if self.calendar is None else to_minute(value)
        return min(max(value, self.low), self.high)

    def text(self, value: float) -> str:
        """Return a value as a scenario has it, and as it is run."""
        return repr(value) if self.calendar is None else self.calendar.moment_of(value).isoformat()

    def cell(self, value: float) -> float | str:
        """Return a value as tables hold it: a number, or a moment as a scenario has it."""
        return value if self.calendar is None or math.isnan(value) else self.text(value)

    def told(self, value: float) -> str:
        """Return a value as a reader wants it."""
        if self.calendar is None:
            return f"{value:.6g}"
        return moment_text(self.calendar.moment_of(value))


def read_keys(texts: Sequence[str], scenario: Scenario) -> tuple[tuple[Key, ...], list[Problem]]:
    """Read ``KEY`` (an assumption with a range of its own) or ``KEY=low..high``.

    The ends are numbers, or moments where the key's value is one. Returns the sound ones and
    every problem. Whether the scenario is sound at a range's ends is for the scenario to say.
    """
    uses = {use.key: use for use in scenario.quantities}
    keys: list[Key] = []
    problems: list[Problem] = []
    for text in texts:
        found = _read(text, uses, scenario.calendar)
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


def _read(text: str, uses: Mapping[str, QuantityUse], calendar: Calendar) -> Key | Problem:
    path, equals, values = (part.strip() for part in text.partition("="))
    use = uses.get(path)
    if path in _CALENDAR:
        allowed = "a key that leaves the calendar of the campaign as it is"
        return _fault(text, path, f"'{path}'", allowed)
    time = calendar if path.rpartition(".")[2] in _MOMENTS else None
    unit = use.unit if use else ""
    if time is not None:
        unit = f"date and hour {time.zone_name()}"
    if equals:
        ends = _numbers(values) if time is None else _days(values, time)
        if ends is None or ends[0] >= ends[1]:
            allowed = "low..high, two finite numbers, the lower first, as 0.3..0.9"
            if time is not None:
                allowed = f"low..high, two moments, the earlier first, as {RANGE_EXAMPLE}"
            return _fault(text, path, f"'{values}'", allowed)
        return Key(path, *ends, unit, time)
    if use is None:
        allowed = "the key path of an assumed quantity with a range, or KEY=low..high"
        return _fault(text, path, f"'{path}'", allowed, nearest(path, uses))
    key = Key(path, use.low, use.high, unit, time)
    if use.kind == "assumed" and use.low < use.high:
        return key
    found = "one figure, no range" if use.low == use.high else f"a range that is {use.kind}"
    stands = f"it stands at {key.told(use.low)} to {key.told(use.high)}"
    return _fault(text, path, found, f"a range to look in, as {path}=low..high ({stands})")


def _fault(text: str, path: str, found: str, allowed: str, close: str | None = None) -> Problem:
    return Problem(f"{KEYS} {text}", path or "key", found, allowed, close)


def _numbers(text: str) -> tuple[float, float] | None:
    """Read two finite numbers, low..high; None if that is not what stands there."""
    try:
        low, high = (float(end) for end in text.split(".."))
    except ValueError:
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def _days(text: str, calendar: Calendar) -> tuple[float, float] | None:
    """Read two moments, low..high, as days from H-hour."""
    low, high, steps = split_range(text) or ("", "", None)
    moments = parse_moments([low, high])
    if moments is None or steps is not None:
        return None
    return calendar.day_of(moments[0]), calendar.day_of(moments[1])
