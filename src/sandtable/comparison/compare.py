"""Claims against outcomes: which are answered, how well, and what the whole comes to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from sandtable.calendar import Calendar
from sandtable.comparison.scores import (
    INSIDE_50,
    INSIDE_90,
    NO_ANSWER,
    OUTSIDE,
    QUANTILES,
    Array,
    crps,
    median_error,
    percentile,
    quantile,
    verdict,
)
from sandtable.evidence.claims import Claim
from sandtable.outcomes import CAPTURED, closest, is_moment, parse

UNNAMED_BATTLE = (
    "fighting at a place is reported if the place has a `battle` name other than its id, or is a "
    "fortified region"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One claim beside the ensemble.

    ``claim_low``, ``claim_high`` and all that follows are in ``unit``; days count from H-hour,
    and +inf is never within the campaign. An open end of the claim is -inf or inf. What cannot
    be said is NaN. ``mc_error`` is the standard error of ``p50``, ``percentile`` a share (0-1).
    """

    claim: str
    outcome: str
    claim_low: float
    claim_high: float
    unit: str
    claimant: str
    source: str
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    mc_error: float
    verdict: str
    percentile: float
    crps: float
    baseline_crps: float
    note: str

    @property
    def bound(self) -> bool:
        """Whether the claim has an open end; a claim that the campaign's end cuts has both."""
        return math.isinf(self.claim_low) or math.isinf(self.claim_high)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A claim to which the ensemble gives no answer, and why."""

    claim: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many claims got each verdict."""

    inside_50: int
    inside_90: int
    outside: int

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Verdicts:
        """Count the verdicts of ``rows``, of which ``no answer`` is none."""
        counts = Counter(row.verdict for row in rows)
        return cls(counts[INSIDE_50], counts[INSIDE_90], counts[OUTSIDE])

    @property
    def total(self) -> int:
        """Number of claims that got a verdict."""
        return self.inside_50 + self.inside_90 + self.outside


@dataclass(frozen=True, slots=True)
class Summary:
    """What a comparison comes to.

    ``ranges`` counts the verdicts on claims with two ends, be they one figure, ``bounds`` those
    on claims with an open end ("at most 20,000"), and the two add up to ``answered``. They stay
    apart because nearly any small result lies within "at most": a bound tells little when it is
    kept.

    ``crps_ratio`` is the median, over the ``against_baseline`` ranges that the baseline answers
    too, of the score divided by the baseline's: below 1 the campaign model says more. A ratio
    claim by claim, because their units differ; NaN if there is none. Bounds have no part in it:
    where both models keep one, both scores are 0, whatever else they say.
    """

    answered: int
    ranges: Verdicts
    bounds: Verdicts
    against_baseline: int
    crps_ratio: float


def compare(
    outcomes: Mapping[str, Array],
    claims: Sequence[Claim],
    *,
    calendar: Calendar,
    baseline: Mapping[str, Array],
) -> list[Row]:
    """Set each claim beside the ensemble, in the order of ``claims``.

    Parameters
    ----------
    outcomes: by name, an array with one value a replication (NaN: never, or not applicable).
    calendar: the campaign's time; a day later than its end is never (see ``scores``).
    baseline: by name, the draws of ``baseline.baseline``; a name may be absent.

    A claim has no row if the scenario lacks its outcome or the campaign ends too early to tell.
    An outcome other than a day that is NaN in some replications is compared over the others; if
    it is NaN in all, its verdict is ``no answer``. Raises ValueError for an ensemble without
    members or with infinite values, and QuantityError for dates that cannot be compared with
    H-hour.
    """
    rows = []
    for claim in claims:
        target = _Target.of(claim, calendar)
        if claim.outcome in outcomes and not target.all_allowed:
            rows.append(_row(target, outcomes[claim.outcome], baseline.get(claim.outcome)))
    return rows


def unanswered(
    outcomes: Mapping[str, Array], claims: Sequence[Claim], *, calendar: Calendar
) -> list[Unanswered]:
    """Return the claims without an answer, in their order, each with the reason.

    They are those that have no row in ``compare`` and those whose verdict there is
    ``no answer``, so that with ``Summary.answered`` they add up to all claims. Parameters and
    errors are those of ``compare``.
    """
    found = []
    for claim in claims:
        target = _Target.of(claim, calendar)
        reason = _not_comparable(target, outcomes)
        if reason is None and not target.told(outcomes[claim.outcome]).size:
            reason = "the outcome does not apply in any replication"
        if reason is not None:
            found.append(Unanswered(claim.id, claim.outcome, reason))
    return found


def summarise(rows: Sequence[Row]) -> Summary:
    """Count the verdicts of a comparison and weigh its scores against the baseline's."""
    two_sided = [row for row in rows if not row.bound]
    ranges, bounds = Verdicts.of(two_sided), Verdicts.of(row for row in rows if row.bound)
    ratios = [_ratio(row) for row in two_sided if not math.isnan(row.crps + row.baseline_crps)]
    return Summary(
        answered=ranges.total + bounds.total,
        ranges=ranges,
        bounds=bounds,
        against_baseline=len(ratios),
        crps_ratio=median(ratios) if ratios else math.nan,
    )


def _ratio(row: Row) -> float:
    if row.baseline_crps == 0.0:
        return 1.0 if row.crps == 0.0 else math.inf
    return row.crps / row.baseline_crps


@dataclass(frozen=True, slots=True)
class _Target:
    """A claim as reckoned: ``low`` and ``high`` on the scale on which it is compared.

    ``calendar`` is the campaign's for a claim on the time of an event, else None.
    """

    claim: Claim
    unit: str
    reckoned: tuple[float, float]
    low: float
    high: float
    calendar: Calendar | None

    @classmethod
    def of(cls, claim: Claim, calendar: Calendar) -> _Target:
        low, high, unit = claim.interval(calendar)
        if not is_moment(claim.outcome):
            return cls(claim, unit, (low, high), low, high, None)
        told = calendar.until_end((low, high)).tolist()
        return cls(claim, unit, (low, high), told[0], told[1], calendar)

    @property
    def all_allowed(self) -> bool:
        """Whether the campaign ends before the latest day that the claim allows."""
        return self.low == -math.inf and self.high == math.inf

    def told(self, values: Array) -> Array:
        """The ensemble on the scale of the claim, sorted, without what does not apply."""
        array = np.asarray(values, dtype=np.float64)
        if not array.size:
            raise ValueError(f"{self.claim.outcome}: an ensemble without members")
        if self.calendar is not None:
            return np.sort(self.calendar.until_end(array))
        if np.isinf(array).any():
            raise ValueError(f"{self.claim.outcome}: an infinite value in the ensemble")
        return np.sort(array[~np.isnan(array)])

    def score(self, ordered: Array) -> float:
        """Score of an ensemble that ``told`` returned; NaN for one without members."""
        if not ordered.size:
            return math.nan
        end = math.inf if self.calendar is None else self.calendar.days
        return crps(np.minimum(ordered, end), min(self.low, end), min(self.high, end))


def _not_comparable(target: _Target, outcomes: Collection[str]) -> str | None:
    """Why a claim cannot be set beside the ensemble, or None if it can."""
    name = target.claim.outcome
    if name not in outcomes:
        parsed = parse(name)
        if parsed is not None and CAPTURED.name(place=parsed.slots.get("battle")) in outcomes:
            return f"the scenario has no such outcome; {UNNAMED_BATTLE}"
        close = closest(name, outcomes)
        return "the scenario has no such outcome" + (f"; the nearest is {close}" if close else "")
    if target.all_allowed:
        return "the campaign ends before the latest day that the claim allows"
    return None


def _row(target: _Target, values: Array, baseline: Array | None) -> Row:
    claim, ordered = target.claim, target.told(values)
    verdict_, share, error = NO_ANSWER, math.nan, math.nan
    quantiles = (math.nan,) * len(QUANTILES)
    if ordered.size:
        quantiles = tuple(quantile(ordered, q) for q in QUANTILES)
        verdict_ = verdict(target.low, target.high, quantiles)
        share = percentile(ordered, target.low, target.high)
        error = median_error(ordered)
    p05, p25, p50, p75, p95 = quantiles
    low, high = target.reckoned
    return Row(
        claim=claim.id,
        outcome=claim.outcome,
        claim_low=low,
        claim_high=high,
        unit=target.unit,
        claimant=claim.claimant,
        source=claim.source,
        p05=p05,
        p25=p25,
        p50=p50,
        p75=p75,
        p95=p95,
        mc_error=error,
        verdict=verdict_,
        percentile=share,
        crps=target.score(ordered),
        baseline_crps=math.nan if baseline is None else target.score(target.told(baseline)),
        note=claim.note,
    )
