"""The units of the register and of scenarios."""

from __future__ import annotations

from sandtable.errors import QuantityError, nearest

# Every unit a figure may be printed in. `name` marks a statement without a figure.
_UNITS_TEXT = """
    person tank gun mortar rocket-launcher armoured-car vehicle aircraft ship horse truck
    division brigade battalion formation km mile metre km/day hour day date name share percent
    ratio tonne round refill unit-of-fire train/day sortie degC degree work weapon code
"""
UNITS = frozenset(_UNITS_TEXT.split())

# Units that measure the same thing as a canonical unit, and the factor that leads to it.
# The international mile is 1609.344 m by definition (agreement of 1959).
_TO_CANONICAL: dict[str, tuple[str, float]] = {
    "mile": ("km", 1.609344),
    "metre": ("km", 0.001),
    "hour": ("day", 1 / 24),
    "percent": ("share", 0.01),
}


def canonical(unit: str) -> str:
    """Return the unit that `unit` is reckoned in: km for mile, day for hour, else itself.

    Raises QuantityError for an unknown unit.
    """
    return _canonical_factor(unit)[0]


def _canonical_factor(unit: str) -> tuple[str, float]:
    if unit not in UNITS:
        close = nearest(unit, UNITS)
        hint = f"; did you mean '{close}'?" if close else ""
        raise QuantityError(f"unknown unit '{unit}'{hint}")
    return _TO_CANONICAL.get(unit, (unit, 1.0))


def convert(value: float, unit: str, to: str) -> float:
    """Return `value`, given in `unit`, in the unit `to`.

    Raises QuantityError for an unknown unit and for units that measure different things.
    """
    base, factor = _canonical_factor(unit)
    base_to, factor_to = _canonical_factor(to)
    if base != base_to:
        raise QuantityError(f"cannot convert {unit} to {to}: they measure different things")
    return value if unit == to else value * factor / factor_to
