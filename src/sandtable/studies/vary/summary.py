"""What a vary study found, in words: where an outcome meets its claims, or how far it moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from sandtable.calendar import Calendar, day_number_text
from sandtable.comparison.compare import Row
from sandtable.comparison.verdicts import QUANTILES
from sandtable.outcomes import is_moment
from sandtable.studies.vary.dimension import Dimension, Value, told_value
from sandtable.studies.vary.method import AtPoint, Interval, Response, VaryFindings, where_met

Points = Sequence[tuple[Value, ...]]

_BEYOND = 2.0
_LISTED = 6


def beyond_chance(difference: float, mc_error: float) -> bool:
    """Whether a paired difference is above two standard errors; never if these are unknown."""
    return math.isfinite(mc_error) and abs(difference) > _BEYOND * mc_error


def summarise(findings: VaryFindings, calendar: Calendar) -> list[str]:
    """Return one sentence for each claim on an outcome, and one for an outcome without claims.

    ``calendar`` is that of the point with the shortest campaign. For one key of numbers or
    moments the sentence tells between which values the median lies in the claim's range, linear
    between the points, how far its Monte Carlo error widens that, and where the middle half of
    the replications meets it; for other designs, at which points. Without a claim it tells the
    largest change from the first point.
    """
    found, dimensions, points = [], findings.dimensions, findings.points
    for response in findings.responses:
        claims = response.claims
        if not claims:
            found.append(f"{response.outcome}: {_moved(response, dimensions, points)}")
        for claim in claims:
            head = f"{response.outcome}, {_claimed(claim, calendar)}"
            if len(dimensions) == 1 and dimensions[0].ordered:
                said = _along(response, claim, dimensions[0], points, calendar)
            else:
                said = _among(response, claim, dimensions, points, calendar)
            found.append(f"{head}: {said}")
    return found


def claim_range(response: Response, claim: Row, calendar: Calendar) -> Interval:
    """Return a claim's range on the scale of the medians: later than the campaign is +inf."""
    low, high = claim.claim_low, claim.claim_high
    if is_moment(response.outcome):
        low, high = calendar.until_end((low, high)).tolist()
    return low, high


def _along(
    response: Response, claim: Row, dimension: Dimension, points: Points, calendar: Calendar
) -> str:
    key, places = dimension.key, [dimension.position(point[0]) for point in points]
    order = sorted(range(len(points)), key=places.__getitem__)
    at = [response.at[i] for i in order]
    x = [places[i] for i in order]
    low, high = claim_range(response, claim, calendar)

    def met(lower: Callable[[AtPoint], float], upper: Callable[[AtPoint], float]) -> str:
        found = where_met(x, list(map(lower, at)), list(map(upper, at)), low, high)
        return "over the whole range" if found == [(x[0], x[-1])] else _places(found, dimension)

    median = met(_quantile(0.5), _quantile(0.5))
    with_error = met(lambda p: p.median - _error(p), lambda p: p.median + _error(p))
    half = met(_quantile(0.25), _quantile(0.75))
    if median:
        said = f"the median lies within it for {key} {median}"
        said += f" (with its Monte Carlo error {with_error})"
    else:
        said = f"the median never lies within it; {_nearest(response, [key], points, low, high)}"
        if with_error:
            said += f"; within its Monte Carlo error it does for {key} {with_error}"
    middle = "the middle 50 percent of replications"
    return f"{said}; {middle} {f'meet it {half}' if half else 'never meet it'}"


def _among(
    response: Response,
    claim: Row,
    dimensions: Sequence[Dimension],
    points: Points,
    calendar: Calendar,
) -> str:
    keys = [dimension.key for dimension in dimensions]
    low, high = claim_range(response, claim, calendar)
    inside = [i for i, at in enumerate(response.at) if low <= at.median <= high]
    half = [at for at in response.at if _quantile(0.25)(at) <= high and _quantile(0.75)(at) >= low]
    middle = f"the middle 50 percent of replications meet it at {len(half)} of {len(points)}"
    if not inside:
        nearest = _nearest(response, keys, points, low, high)
        return f"the median never lies within it; {nearest}; {middle}"
    named = "; ".join(point_text(keys, points[i]) for i in inside[:_LISTED])
    more = f" and {len(inside) - _LISTED} more" if len(inside) > _LISTED else ""
    where = f"the median lies within it at {len(inside)} of {len(points)} points ({named}{more})"
    return f"{where}; {middle}"


def _nearest(
    response: Response, keys: Sequence[str], points: Points, low: float, high: float
) -> str:
    """How near the median comes to a range that it never meets, and where."""

    def gap(i: int) -> float:
        median = response.at[i].median
        short = max(low - median, median - high)
        return math.inf if math.isnan(short) else short

    best = min(range(len(points)), key=gap)
    at, unit = response.at[best], response.unit
    if not math.isfinite(gap(best)):
        return "no median has a distance from it"
    side = "below" if at.median < low else "above"
    said = f"it comes nearest at {point_text(keys, points[best])}, {number(at.median)} {unit}"
    error = number(at.p50_error) if math.isfinite(at.p50_error) else "unknown"
    return f"{said}, {number(gap(best))} {side} (± {error})"


def _moved(response: Response, dimensions: Sequence[Dimension], points: Points) -> str:
    """The largest paired difference from the first point, and whether chance explains it."""
    keys = [dimension.key for dimension in dimensions]
    sizes = [abs(at.difference.mean) for at in response.at]
    told = [i for i, size in enumerate(sizes) if i and math.isfinite(size)]
    shares = [at.came_about for at in response.at]
    if not any(share > 0 for share in shares):
        return "no claim; it occurs at no point"
    if not told:
        return "no claim; at no point does it occur in the same replications as at the first"
    if not any(response.at[i].difference.moved for i in told):
        return "no claim; it is the same at every point, in every replication"
    best = max(told, key=lambda i: sizes[i])
    found = response.at[best].difference
    sign = "+" if found.mean > 0 else ""
    change = f"{sign}{number(found.mean)} {response.unit} (± {number(found.mc_error)})"
    said = f"no claim; largest paired change from {point_text(keys, points[0])}: {change}"
    said += f" at {point_text(keys, points[best])}"
    if min(shares) < max(shares):
        said += f" (it occurs in {min(shares):.0%} to {max(shares):.0%} of replications)"
    if math.isnan(found.mc_error):
        return f"{said}; too few replications for its Monte Carlo error"
    if beyond_chance(found.mean, found.mc_error):
        return f"{said}, beyond its Monte Carlo error"
    return f"{said}, within its Monte Carlo error"


def point_text(keys: Sequence[str], point: Sequence[Value]) -> str:
    """Return a point as ``KEY=VALUE`` for each of its keys."""
    return ", ".join(f"{key}={told_value(v)}" for key, v in zip(keys, point, strict=True))


def number(value: float) -> str:
    """Return a number as a reader wants it; an infinite one is a day that never comes."""
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else "never"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _claimed(claim: Row, calendar: Calendar) -> str:
    low, high = claim.claim_low, claim.claim_high
    if is_moment(claim.outcome):
        return f"{calendar.dates_text(low, high)} ({claim.claimant})"
    if math.isinf(low):
        told = f"at most {number(high)}"
    elif math.isinf(high):
        told = f"at least {number(low)}"
    else:
        told = number(low) if low == high else f"{number(low)} to {number(high)}"
    return f"{told} {claim.unit} ({claim.claimant})"


def _places(intervals: Sequence[Interval], dimension: Dimension) -> str:
    # Places along the key keep one digit more than outcomes: ends may lie close.
    def place(x: float) -> str:
        if dimension.moments:
            return day_number_text(x)
        return f"{x:,.0f}" if abs(x) >= 10_000 else f"{x:.4g}"

    return ", and ".join(
        f"at {place(start)}" if place(start) == place(stop) else f"{place(start)} to {place(stop)}"
        for start, stop in intervals
    )


def _quantile(share: float) -> Callable[[AtPoint], float]:
    index = QUANTILES.index(share)
    return lambda point: point.quantiles[index]


def _error(point: AtPoint) -> float:
    """Standard error of the median; none where it can't be told."""
    return point.p50_error if math.isfinite(point.p50_error) else 0.0
