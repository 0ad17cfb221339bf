"""How outcomes answer to what is varied, and which keys change nothing at all.

Of each outcome its spread, its paired change from the first point, and its claims, by point.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sandtable.calendar import Calendar
from sandtable.comparison import Claim, Scores
from sandtable.comparison.compare import Row, compare
from sandtable.comparison.scores import Array
from sandtable.comparison.verdicts import QUANTILES, median_error, quantile
from sandtable.ensemble.paired import Difference, paired_difference
from sandtable.outcomes import is_moment

if TYPE_CHECKING:
    from sandtable.scenario import Scenario
    from sandtable.studies.vary.dimension import Dimension, Value

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The values of one outcome at one point, one a replication, and the point's calendar.

    NaN: it never came about. ``sound`` is false for a replication that failed.
    """

    values: Array
    sound: np.ndarray[tuple[int], np.dtype[np.bool_]]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class AtPoint:
    """One outcome at one point.

    ``n`` replications were sound, and in a share ``came_about`` (0-1) of them the outcome came
    about; ``mean`` and ``mc_error`` are over these. ``quantiles`` are those of QUANTILES, with
    +inf for a day that never comes; ``p50_error`` is the Monte Carlo standard error of the
    median. ``difference`` is from the first point, replication by replication. ``rows`` are the
    comparison's, one a claim.
    """

    n: int
    came_about: float
    mean: float
    mc_error: float
    quantiles: tuple[float, ...]
    p50_error: float
    difference: Difference
    rows: tuple[Row, ...]

    @property
    def median(self) -> float:
        """The 50 percent quantile."""
        return self.quantiles[QUANTILES.index(0.5)]


@dataclass(frozen=True, slots=True)
class Response:
    """One outcome at every point, in the order of the points."""

    outcome: str
    unit: str
    at: tuple[AtPoint, ...]

    @property
    def claims(self) -> list[Row]:
        """One row of each claim that is answered at any point, the earliest."""
        rows: dict[str, Row] = {}
        for point in self.at:
            for row in point.rows:
                rows.setdefault(row.claim, row)
        return list(rows.values())


@dataclass(frozen=True, slots=True)
class VaryFindings:
    """How each outcome answers to what was varied: one response an outcome.

    ``points`` hold one value of each of ``dimensions``, and ``replications`` were run at each;
    ``scenario`` is the one without their changes. ``warning`` is what must be said beside the
    results if any point was fitted to the record. ``scores`` are those of each point against the
    record; none without claims.
    """

    scenario: Scenario
    dimensions: Sequence[Dimension]
    points: Sequence[tuple[Value, ...]]
    responses: Sequence[Response]
    replications: int
    warning: str | None
    scores: Sequence[Scores] = ()


def respond(
    outcome: str, unit: str, ensembles: Sequence[Ensemble], claims: Sequence[Claim]
) -> Response:
    """Set an outcome's ensemble at each point beside the first one's and beside its claims.

    ``claims`` may be of any outcome; those of others are left out. Points share their draws, so
    differences are paired.
    """
    own = [claim for claim in claims if claim.outcome == outcome]
    first = ensembles[0]
    return Response(outcome, unit, tuple(_at(outcome, first, item, own) for item in ensembles))


def _at(outcome: str, first: Ensemble, ensemble: Ensemble, claims: Sequence[Claim]) -> AtPoint:
    values = ensemble.values[ensemble.sound]
    told = values[np.isfinite(values)]
    moment = is_moment(outcome)
    ordered = np.sort(ensemble.calendar.until_end(values) if moment else told)
    both = ensemble.sound & first.sound
    rows: list[Row] = []
    if values.size:
        rows = compare({outcome: values}, claims, calendar=ensemble.calendar, baseline={})
    return AtPoint(
        n=int(values.size),
        came_about=told.size / values.size if values.size else math.nan,
        mean=float(told.mean()) if told.size else math.nan,
        mc_error=float(told.std(ddof=1)) / math.sqrt(told.size) if told.size > 1 else math.nan,
        quantiles=tuple(quantile(ordered, q) if ordered.size else math.nan for q in QUANTILES),
        p50_error=median_error(ordered) if ordered.size else math.nan,
        difference=paired_difference(outcome, first.values[both], ensemble.values[both]),
        rows=tuple(rows),
    )


Interval = tuple[float, float]


def where_met(
    x: Sequence[float], lower: Sequence[float], upper: Sequence[float], low: float, high: float
) -> list[Interval]:
    """Return the intervals of ``x`` on which the band ``lower`` to ``upper`` meets a range.

    The band is given at each of ``x``, in rising order, and is linear between two of them; the
    range is ``low`` to ``high``, with -inf or inf for an open end. A line is a band whose ends
    agree; an interval may be a single place. Towards an end that is not finite nothing is
    interpolated: only the places themselves count there.
    """
    found: list[Interval] = []
    for i in range(max(len(x) - 1, 1)):
        j = min(i + 1, len(x) - 1)
        above = _share_from(upper[i], upper[j], low)
        below = _share_from(-lower[i], -lower[j], -high)
        if above is None or below is None:
            continue
        start, stop = max(above[0], below[0]), min(above[1], below[1])
        if start <= stop:
            # Weighted so that the ends are met to the last digit.
            ends = [x[i] * (1.0 - share) + x[j] * share for share in (start, stop)]
            found.append((ends[0], ends[1]))
    return _joined(found)


def _share_from(start: float, stop: float, bound: float) -> Interval | None:
    """The part (0-1) of a straight stretch that is at least ``bound``."""
    begins, ends = start >= bound, stop >= bound
    if begins and ends:
        return 0.0, 1.0
    if not begins and not ends:
        return None
    if math.isfinite(start) and math.isfinite(stop):
        place = (bound - start) / (stop - start)
    else:
        place = 0.0 if begins else 1.0
    return (0.0, place) if begins else (place, 1.0)


def _joined(intervals: Sequence[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for start, stop in intervals:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def fingerprints(names: Sequence[str], outcomes: NDArray[np.float64]) -> Numbers:
    """Return a number for each replication (row): equal where all of its outcomes are.

    ``names`` are those of the columns; other names give other numbers.
    """
    # Zero has two signs and NaN many forms, which mean the same.
    plain = np.where(np.isnan(outcomes), np.nan, outcomes + 0.0)
    head = hashlib.blake2b(json.dumps(list(names)).encode(), digest_size=8)
    found = np.empty(len(plain), dtype=np.uint64)
    for place, row in enumerate(plain):
        whole = head.copy()
        whole.update(row.tobytes())
        found[place] = int.from_bytes(whole.digest(), "little")
    return found


@dataclass(frozen=True, slots=True)
class InertKeys:
    """Keys that changed no outcome in any of so many ``replications`` at each point."""

    keys: tuple[str, ...]
    replications: int


def inert_keys(
    keys: Sequence[str],
    points: Sequence[tuple[Value, ...]],
    replications: Sequence[Numbers],
    sound: Sequence[NDArray[np.bool_]],
) -> InertKeys:
    """Find the keys that changed nothing, told by the fingerprints of each point's replications.

    Of several keys one can be told apart only where all of its values stand beside the same
    values of the others, as on a grid; in other designs either all changed nothing, or nobody
    knows which. Replications that failed at any point (``sound`` is false) are left out.
    """
    whole = np.logical_and.reduce(sound)
    table = np.stack(replications)[:, whole]
    count = table.shape[1]
    if not count:
        return InertKeys((), 0)
    if np.all(table == table[0]):
        return InertKeys(tuple(keys), count)
    still = [key for place, key in enumerate(keys) if _still(place, points, table)]
    return InertKeys(tuple(still), count)


def _still(place: int, points: Sequence[tuple[Value, ...]], table: Numbers) -> bool:
    """Whether one key changed nothing, whatever the others; false where that can't be told."""
    beside: dict[tuple[Value, ...], list[int]] = {}
    for index, point in enumerate(points):
        beside.setdefault((*point[:place], *point[place + 1 :]), []).append(index)
    values = len({point[place] for point in points})
    return all(
        len(group) == values and bool(np.all(table[group] == table[group[0]]))
        for group in beside.values()
    )
