"""Claims against outcomes, one by one: which are answered, and how."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sandtable.calendar import Calendar
from sandtable.comparison.bounds import Kept, kept
from sandtable.comparison.scores import Array, crps
from sandtable.comparison.truth import Truth
from sandtable.comparison.verdicts import (
    NO_ANSWER,
    QUANTILES,
    TESTS_NOTHING,
    median_error,
    percentile,
    quantile,
    verdict,
)
from sandtable.evidence.claims import Claim
from sandtable.outcomes import (
    CAPTURED,
    Kind,
    Parsed,
    closest,
    is_moment,
    of_phase,
    parse,
    split_phase,
)

UNNAMED_BATTLE = (
    "fighting at a place is reported if the place has a `battle` name, or is a fortified region"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One claim beside the ensemble.

    ``claim_low``, ``claim_high`` and all that follows are in ``unit``; days count from H-hour,
    and +inf is never within the campaign. An open end of the claim is -inf or inf. What cannot
    be said is NaN. ``mc_error`` is the standard error of ``p50``, ``percentile`` a share (0-1).
    ``crps`` and ``baseline_crps`` are of claims with two ends; ``kept``, ``brier`` and
    ``from_bound`` of those with an open one, see `bounds`. ``given`` marks an outcome that an
    order of the scenario sets.
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
    kept: float
    brier: float
    from_bound: float
    given: bool
    note: str

    @property
    def bound(self) -> bool:
        """Whether the claim has an open end; a claim that the campaign's end cuts has both."""
        return math.isinf(self.claim_low) or math.isinf(self.claim_high)

    @property
    def tests(self) -> bool:
        """Whether there is an answer that would miss the claim."""
        return self.verdict != TESTS_NOTHING


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A claim to which the ensemble gives no answer, and why."""

    claim: str
    outcome: str
    reason: str


def compare(
    outcomes: Mapping[str, Array],
    claims: Sequence[Claim],
    *,
    calendar: Calendar,
    baseline: Mapping[str, Array],
    given: Collection[str] = (),
) -> list[Row]:
    """Set each claim beside the ensemble, in the order of ``claims``.

    Parameters
    ----------
    outcomes: by name, an array with one value a replication (NaN: never, or not applicable).
    calendar: the campaign's time; a day later than its end is never (see ``verdicts``), and so is
        of an outcome of a phase one later than the phase's.
    baseline: by name, the draws of a baseline; a name may be absent.
    given: names of the outcomes that an order of the scenario sets, see ``given``.

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
            by_order = claim.outcome in given
            values, said = outcomes[claim.outcome], baseline.get(claim.outcome)
            rows.append(_row(target, values, said, by_order, calendar))
    return rows


def unanswered(
    outcomes: Mapping[str, Array], claims: Sequence[Claim], *, calendar: Calendar
) -> list[Unanswered]:
    """Return the claims without an answer, in their order, each with the reason.

    They are those that have no row in ``compare`` and those whose verdict there is
    ``no answer``. Parameters and errors are those of ``compare``.
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
        calendar = calendar.to_end_of(split_phase(claim.outcome)[0])
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
        """Score of an ensemble that ``told`` returned; NaN without members, and for a bound."""
        if not ordered.size or self.is_bound:
            return math.nan
        end = math.inf if self.calendar is None else self.calendar.days
        return crps(np.minimum(ordered, end), Truth(((min(self.low, end), min(self.high, end)),)))

    @property
    def is_bound(self) -> bool:
        """Whether the claim has an open end, be the other beyond the campaign's or not."""
        return math.isinf(self.reckoned[0]) or math.isinf(self.reckoned[1])

    def verdict(self, ordered: Array, quantiles: tuple[float, ...], calendar: Calendar) -> str:
        """Verdict on an ensemble that ``told`` returned, with its QUANTILES."""
        if not ordered.size:
            return NO_ANSWER
        if any_answer_meets(self.claim.outcome, *self.reckoned, calendar):
            return TESTS_NOTHING
        latest = ordered[np.isfinite(ordered)].max(initial=-math.inf)
        return verdict(self.low, self.high, quantiles, latest)


def any_answer_meets(outcome: str, low: float, high: float, calendar: Calendar) -> bool:
    """Whether a claim is as wide as the campaign, or as all shares, so that any answer meets it.

    ``low`` and ``high`` in the unit of the outcome, an open end -inf or inf. A day within the
    campaign is met by every run in which the event comes about at all.
    """
    told = parse(outcome)
    if told is None or math.isinf(high):
        return False
    span = calendar.span(told.phase)
    widest = {Kind.MOMENT: span.end, Kind.DURATION: span.end - span.start, Kind.SHARE: 1.0}
    first = span.start if told.form.kind is Kind.MOMENT else 0.0
    return low <= first and high >= widest.get(told.form.kind, math.inf)


def _not_comparable(target: _Target, outcomes: Collection[str]) -> str | None:
    """Why a claim cannot be set beside the ensemble, or None if it can."""
    name = target.claim.outcome
    if name not in outcomes:
        parsed = parse(name)
        if parsed is not None and _of_place(parsed) in outcomes:
            return f"the scenario has no such outcome; {UNNAMED_BATTLE}"
        close = closest(name, outcomes)
        return "the scenario has no such outcome" + (f"; the nearest is {close}" if close else "")
    if target.all_allowed:
        return "the campaign ends before the latest day that the claim allows"
    return None


def _of_place(parsed: Parsed) -> str:
    """The outcome that tells of the capture of a place whose battle another is about."""
    return of_phase(parsed.phase, CAPTURED.name(place=parsed.slots.get("battle")))


def _row(
    target: _Target, values: Array, baseline: Array | None, given: bool, calendar: Calendar
) -> Row:
    claim, ordered = target.claim, target.told(values)
    share, error, held = math.nan, math.nan, Kept.nothing()
    quantiles = (math.nan,) * len(QUANTILES)
    if ordered.size:
        quantiles = tuple(quantile(ordered, q) for q in QUANTILES)
        if target.is_bound:
            held = kept(claim.outcome, ordered, target.low, target.high)
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
        verdict=target.verdict(ordered, quantiles, calendar),
        percentile=share,
        crps=target.score(ordered),
        baseline_crps=math.nan if baseline is None else target.score(target.told(baseline)),
        kept=held.share,
        brier=held.brier,
        from_bound=held.distance,
        given=given,
        note=claim.note,
    )
