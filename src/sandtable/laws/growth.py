"""What grows as a power of time: casualties, ground gained, the hazard of a decision.

X(t) = scale t^exponent,    t days since an engagement began
"""


def between(scale: float, exponent: float, t0: float, t1: float) -> float:
    """What is added from day ``t0`` to day ``t1`` (0 <= t0 <= t1), in the unit of X.

    ``scale``: X on the first day. ``exponent``: above 0.
    """
    return float(scale * (t1**exponent - t0**exponent))


def days_until(scale: float, exponent: float, t0: float, amount: float, days: float) -> float:
    """Days from ``t0`` until ``amount`` has been added, or ``days`` if that takes longer.

    ``amount`` in the unit of X, from 0; as for `between`, whose inverse it is.
    """
    start = t0**exponent
    if scale * ((t0 + days) ** exponent - start) <= amount:
        return days
    return min(days, float((start + amount / scale) ** (1.0 / exponent) - t0))
