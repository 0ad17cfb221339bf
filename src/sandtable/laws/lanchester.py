"""Closed forms of Lanchester's differential equations, for tests and for teaching.

x and y are the strengths of two sides, a the rate at which y destroys x, b the rate at
which x destroys y. The laws of `attrition` are statistical; these are the textbook ones.

| law | equations | conserved | rates in |
|---|---|---|---|
| square (Lanchester 1916) | x' = -a y, y' = -b x | b x^2 - a y^2 | 1/day |
| linear (Lanchester 1916) | x' = -a x y, y' = -b x y | b x - a y | 1/(person day) |
| logarithmic (Peterson) | x' = -a x, y' = -b y | b ln x - a ln y | 1/day |

All functions raise ValueError for negative or non-finite strengths, and for rates that are
not above zero.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import atanh, cosh, exp, expm1, fsum, inf, isfinite, sinh, sqrt
from typing import NamedTuple


class End(NamedTuple):
    """How a fight to the finish ends: winner `x`, `y` or `none`, when, and what is left."""

    winner: str
    days: float
    survivors: float


class Landing(NamedTuple):
    """Reinforcements of x: `persons` landed evenly from day `start` to day `end`."""

    start: float
    end: float
    persons: float


class Fight(NamedTuple):
    """A numerical course: days, strengths of x and y, and the day y is annihilated (or inf)."""

    days: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    annihilated: float


def _check(x: float, y: float, a: float, b: float) -> None:
    if not all(isfinite(v) and v >= 0.0 for v in (x, y)):
        raise ValueError(f"strengths must be finite and not negative, found {x!r} and {y!r}")
    if not all(isfinite(v) and v > 0.0 for v in (a, b)):
        raise ValueError(f"rates must be finite and above zero, found {a!r} and {b!r}")


def square_end(x: float, y: float, a: float, b: float) -> End:
    """End of a square-law fight; a draw takes for ever (none, inf, 0)."""
    _check(x, y, a, b)
    power_x, power_y = sqrt(b) * x, sqrt(a) * y
    if power_x == power_y:
        return End("none", inf, 0.0)
    if power_x < power_y:
        return square_end(y, x, b, a)._replace(winner="y")
    share = power_y / power_x
    return End("x", atanh(share) / sqrt(a * b), x * sqrt((1.0 - share) * (1.0 + share)))


def square(x: float, y: float, a: float, b: float, days: float) -> tuple[float, float]:
    """Strengths after `days` under the square law; fixed once a side is annihilated."""
    end = square_end(x, y, a, b)
    if days >= end.days:
        return (end.survivors, 0.0) if end.winner == "x" else (0.0, end.survivors)
    turn, root = sqrt(a * b) * days, sqrt(a / b)
    if end.winner == "none":
        return x * exp(-turn), y * exp(-turn)
    return x * cosh(turn) - root * y * sinh(turn), y * cosh(turn) - x / root * sinh(turn)


def linear_end(x: float, y: float, a: float, b: float) -> End:
    """End of a linear-law fight: only in the limit (days = inf) while both sides exist."""
    _check(x, y, a, b)
    lead = b * x - a * y
    days = 0.0 if 0.0 in (x, y) and lead else inf
    if lead == 0.0:
        return End("none", inf, 0.0)
    return End("x", days, lead / b) if lead > 0.0 else End("y", days, -lead / a)


def linear(x: float, y: float, a: float, b: float, days: float) -> tuple[float, float]:
    """Strengths after `days` under the linear law."""
    _check(x, y, a, b)
    lead = b * x - a * y
    if lead < 0.0:
        later_y, later_x = linear(y, x, b, a, days)
        return later_x, later_y
    # Written so that an even fight (lead 0) is the limit, and a long one cannot overflow.
    decay = exp(-lead * days)
    elapsed = -expm1(-lead * days) / lead if lead else days
    return x / (1.0 + a * y * elapsed), y * decay / (decay + b * x * elapsed)


def logarithmic_end(x: float, y: float, a: float, b: float) -> End:
    """End of a logarithmic-law fight: both fade for ever, the slower-fading side wins."""
    _check(x, y, a, b)
    if 0.0 in (x, y):
        return End("none", inf, 0.0) if x == y else End("x" if x else "y", 0.0, max(x, y))
    return End("none" if a == b else "x" if a < b else "y", inf, 0.0)


def logarithmic(x: float, y: float, a: float, b: float, days: float) -> tuple[float, float]:
    """Strengths after `days` under the logarithmic law."""
    _check(x, y, a, b)
    return x * exp(-a * days), y * exp(-b * days)


def _runge_kutta(
    x: float, y: float, a: float, b: float, inflow: float, h: float
) -> tuple[float, float]:
    """One classical fourth-order step of x' = inflow - a y, y' = -b x."""
    dx1, dy1 = inflow - a * y, -b * x
    dx2, dy2 = inflow - a * (y + h / 2 * dy1), -b * (x + h / 2 * dx1)
    dx3, dy3 = inflow - a * (y + h / 2 * dy2), -b * (x + h / 2 * dx2)
    dx4, dy4 = inflow - a * (y + h * dy3), -b * (x + h * dx3)
    return (
        x + h / 6 * (dx1 + 2 * dx2 + 2 * dx3 + dx4),
        y + h / 6 * (dy1 + 2 * dy2 + 2 * dy3 + dy4),
    )


def _last_step(x: float, y: float, a: float, b: float, inflow: float, h: float) -> float:
    """Length of the step, at most `h`, after which y is 0 (bisection)."""
    low, high = 0.0, h
    for _ in range(60):
        middle = (low + high) / 2
        if _runge_kutta(x, y, a, b, inflow, middle)[1] > 0.0:
            low = middle
        else:
            high = middle
    return high


def reinforced_square(
    x: float,
    y: float,
    a: float,
    b: float,
    landings: Sequence[Landing],
    until: float,
    step: float = 0.01,
) -> Fight:
    """Square law with x reinforced by landings, integrated until y is 0 or day `until`.

    Equations of J. H. Engel, "A verification of Lanchester's law", Operations Research 2
    (1954), 163-171: x' = P(t) - a y, y' = -b x, with P persons landed a day. x need not
    stay positive before its first landing: nothing fires at a side that is not ashore, so
    a landing must begin on day 0 if x is 0. Steps are at most `step` days and end where a
    landing begins or ends. Raises ValueError for an empty step, a landing that ends before
    it begins, or x annihilated.
    """
    _check(x, y, a, b)
    if step <= 0.0 or any(landing.end <= landing.start for landing in landings):
        raise ValueError("the step and the length of every landing must be above zero")
    edges = sorted({0.0, until} | {t for g in landings for t in (g.start, g.end) if 0 < t < until})
    days, xs, ys = [0.0], [x], [y]
    for begin, end in pairwise(edges):
        inflow = fsum(g.persons / (g.end - g.start) for g in landings if g.start <= begin < g.end)
        count = max(1, round((end - begin) / step + 0.5))
        h = (end - begin) / count
        for i in range(1, count + 1):
            later_x, later_y = _runge_kutta(x, y, a, b, inflow, h)
            if later_x < 0.0:
                raise ValueError(f"x is annihilated on day {begin + i * h:g}")
            if later_y <= 0.0:
                last = _last_step(x, y, a, b, inflow, h)
                done = begin + (i - 1) * h + last
                x, _ = _runge_kutta(x, y, a, b, inflow, last)
                return Fight((*days, done), (*xs, x), (*ys, 0.0), done)
            x, y = later_x, later_y
            days.append(begin + i * h)
            xs.append(x)
            ys.append(y)
    return Fight(tuple(days), tuple(xs), tuple(ys), inf)
