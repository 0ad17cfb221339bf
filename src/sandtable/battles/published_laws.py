"""Lanchester's laws and Engel's Iwo Jima: closed forms and published results worked out again."""

from __future__ import annotations

from collections.abc import Callable
from math import log, nan

from scipy import integrate

from sandtable.battles.published import Case
from sandtable.laws import lanchester

# --- Engel's Iwo Jima -------------------------------------------------------------------------

ENGEL = "J. H. Engel, A verification of Lanchester's law, Operations Research 2 (1954), 163-171"
_IWO_JIMA = (
    lanchester.Landing(0, 1, 54_000),
    lanchester.Landing(2, 3, 6_000),
    lanchester.Landing(5, 6, 13_000),
)


def engel() -> list[Case]:
    """Iwo Jima 1945 by the square law with reinforcements, after Engel.

    54,000, 6,000 and 13,000 persons land on days 1, 3 and 6 against 21,500 defenders; one
    defender puts 0.0544 attackers out of action a day, one attacker 0.0106 defenders.
    """
    fight = lanchester.reinforced_square(0, 21_500, 0.0544, 0.0106, _IWO_JIMA, until=60)
    basis = "x' = P(t) - 0.0544 y, y' = -0.0106 x, from landings and defenders alone"
    figures = (
        ("day on which the last defender falls", "day", 36.0, fight.annihilated, 1.0, "1 day"),
        ("attackers left on that day", "person", 52_000.0, fight.x[-1], 520.0, "1 percent"),
    )
    return [
        Case("Iwo Jima by the square law", quantity, unit, published, obtained, nan,
             obtained - allowed, obtained + allowed, f"within {words}", ENGEL, basis)
        for quantity, unit, published, obtained, allowed, words in figures
    ]  # fmt: skip


# --- Lanchester's laws ------------------------------------------------------------------------

LANCHESTER = "F. W. Lanchester, Aircraft in warfare, 1916"
_INTEGRATED = "numerical integration (scipy, DOP853, relative tolerance 1e-13)"
_BY_HAND = "worked out by hand"
_ROUNDING = 1e-9

State = tuple[float, float]
_EQUATIONS: dict[str, Callable[[float, float, float, float], State]] = {
    "square": lambda x, y, a, b: (-a * y, -b * x),
    "linear": lambda x, y, a, b: (-a * x * y, -b * x * y),
    "logarithmic": lambda x, y, a, b: (-a * x, -b * y),
}
_CONSERVED: dict[str, tuple[str, Callable[[float, float, float, float], float]]] = {
    "square": ("b x² - a y²", lambda x, y, a, b: b * x * x - a * y * y),
    "linear": ("b x - a y", lambda x, y, a, b: b * x - a * y),
    "logarithmic": ("b ln x - a ln y", lambda x, y, a, b: b * log(x) - a * log(y)),
}
_FORMS = {
    "square": lanchester.square,
    "linear": lanchester.linear,
    "logarithmic": lanchester.logarithmic,
}
# Strengths, rates and days of a fight that no side has won yet.
_FIGHTS = {
    "square": (1000.0, 700.0, 0.08, 0.05, 4.0),
    "linear": (1000.0, 700.0, 0.0002, 0.0003, 6.0),
    "logarithmic": (1000.0, 700.0, 0.2, 0.3, 4.0),
}


def closed_forms() -> list[Case]:
    """Lanchester's three laws: closed forms against integration, invariants and hand work."""
    rows = [case for law in _FORMS for case in _one_law(law)]
    ratio = log(2.0)
    end = lanchester.square_end(100, 60, 0.1, 0.1)
    # Lanchester's own example: 50,000 are the match of 40,000 and 30,000 met one after the other.
    first = lanchester.square_end(50_000, 40_000, 0.1, 0.1)
    halved = lanchester.logarithmic(100, 90, 0.1, 0.2, 10 * ratio)
    by_hand = (
        ("square: 50,000 beat 40,000, left", "person", 30_000.0, first.survivors, LANCHESTER),
        ("square: 100 beat 60, left", "person", 80.0, end.survivors, _BY_HAND),
        ("square: the same at rates of 0.1, over on", "day", 10 * ratio, end.days, _BY_HAND),
        ("linear: 100 beat 60, left", "person", 40.0,
         lanchester.linear_end(100, 60, 0.1, 0.1).survivors, _BY_HAND),
        ("linear: 10 against 10 at 0.1 after 1 day", "person", 5.0,
         lanchester.linear(10, 10, 0.1, 0.1, 1)[0], _BY_HAND),
        ("logarithmic: 100 fading at 0.1 after 10 ln 2 days", "person", 50.0, halved[0], _BY_HAND),
        ("logarithmic: 90 fading at 0.2 after 10 ln 2 days", "person", 22.5, halved[1], _BY_HAND),
    )  # fmt: skip
    return rows + [_exact(*row) for row in by_hand]


def _one_law(law: str) -> list[Case]:
    x, y, a, b, days = _FIGHTS[law]
    later = _FORMS[law](x, y, a, b, days)
    course = integrate.solve_ivp(
        lambda _, s: _EQUATIONS[law](float(s[0]), float(s[1]), a, b),
        (0.0, days), (x, y), method="DOP853", rtol=1e-13, atol=1e-9,
    )  # fmt: skip
    rows = [
        _exact(f"{law}: {side} after {days:g} days", "person", float(value[-1]), strength,
               _INTEGRATED)
        for side, strength, value in zip("xy", later, course.y, strict=True)
    ]  # fmt: skip
    formula, conserved = _CONSERVED[law]
    before = conserved(x, y, a, b)
    quantity = f"{law}: {formula} after {days:g} days"
    return [*rows, _exact(quantity, "", before, conserved(*later, a, b), "the same before")]


def _exact(quantity: str, unit: str, expected: float, obtained: float, source: str) -> Case:
    margin = _ROUNDING * abs(obtained)
    return Case("Lanchester's laws in closed form", quantity, unit, expected, obtained, nan,
                obtained - margin, obtained + margin, f"within {_ROUNDING:g} of it", source,
                "closed forms of square, linear and logarithmic law")  # fmt: skip
