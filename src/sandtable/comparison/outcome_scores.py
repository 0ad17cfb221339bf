"""One score an outcome: the ensemble, and each baseline, against all its claimants together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from sandtable.comparison.compare import Row, Unanswered
from sandtable.comparison.given import cluster
from sandtable.comparison.scale import Scale
from sandtable.comparison.scores import Array, coverage, crps, nominal_coverage, pit, pit_mean
from sandtable.comparison.truth import Truth, claimed, disputed
from sandtable.comparison.verdicts import NO_ANSWER, central_region
from sandtable.outcomes import ScoreKind, parse
from sandtable.scenario.resolved import ResolvedScenario

BASELINES = ("one_battle", "sceptic")
"""Forecasts without a campaign model, beside which the run is scored."""

INTERVALS = (50, 80, 90)
"""Central intervals of the ensemble whose coverage is told, in percent."""


JOINT = 1000
"""So many replications, the first, make joint scores: their work grows with the square."""


class Status(StrEnum):
    """What an outcome counts for."""

    SCORED = "scored"
    BOUND = "bound"
    """All claims have an open end; see `bounds`."""
    GIVEN = "given"
    """An order of the scenario sets it; see `given`."""
    TESTS_NOTHING = "tests nothing"
    """Any answer meets its claims."""
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Score:
    """One outcome that the record tells of; a row of score.csv.

    ``claims`` counts those on it, be they ranges, bounds or repetitions; ``disputed`` is true if
    two of them contradict each other. ``truth_low`` and ``truth_high`` are the ends of all ranges
    that make the truth, and the quantiles are the run's, in ``unit``; a day that never comes is
    inf. All that follows is of outcomes that are ``scored``, on the `Scale` of their kind:
    ``score`` and those of the baselines are the expected CRPS, ``pit`` (0-1) is the mean of the
    probability integral transform, ``covered_50`` the share (0-1) of the truth inside the middle
    50 percent of the ensemble and ``nominal_50`` what it were of a calibrated one. What cannot be
    said is NaN.
    """

    outcome: str
    kind: ScoreKind
    cluster: str
    unit: str
    claims: int
    disputed: bool
    status: Status
    truth_low: float = math.nan
    truth_high: float = math.nan
    p05: float = math.nan
    p25: float = math.nan
    p50: float = math.nan
    p75: float = math.nan
    p95: float = math.nan
    score: float = math.nan
    one_battle: float = math.nan
    sceptic: float = math.nan
    pit: float = math.nan
    covered_50: float = math.nan
    covered_80: float = math.nan
    covered_90: float = math.nan
    nominal_50: float = math.nan
    nominal_80: float = math.nan
    nominal_90: float = math.nan

    def against(self, baseline: str) -> float:
        """Score of one of BASELINES; NaN if it does not answer."""
        return float(getattr(self, baseline))

    @property
    def missed(self) -> bool:
        """Whether most of the truth lies outside the middle 90 percent of the ensemble."""
        return self.covered_90 < 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome's score, and of a scored one what calibration and joint scores are made from.

    ``truth`` is on ``scale``, and so are ``members``, the first JOINT replications in their order;
    ``pit`` has the shape ``(PIT_BINS,)``.
    """

    score: Score
    scale: Scale
    truth: Truth | None = None
    pit: Array | None = None
    members: Array | None = None


def judge(
    rows: Sequence[Row],
    missing: Sequence[Unanswered],
    outcomes: Mapping[str, Array],
    *,
    scenario: ResolvedScenario,
    baselines: Mapping[str, Mapping[str, Array]],
) -> list[Judged]:
    """Score each outcome that the record tells of, in the order of their first claims.

    ``rows`` and ``missing`` are what `compare` and `unanswered` say of ``outcomes``;
    ``baselines`` has the draws of BASELINES by name, any of which may be absent.
    """
    by_outcome: dict[str, list[Row]] = {}
    for row in rows:
        by_outcome.setdefault(row.outcome, []).append(row)
    # A claim without an answer may be on an outcome that answers another.
    without = [item.outcome for item in missing if item.outcome not in by_outcome]
    found = [
        _judged(name, group, outcomes, scenario, baselines) for name, group in by_outcome.items()
    ]
    return found + [
        _plain(name, [], without.count(name), scenario) for name in dict.fromkeys(without)
    ]


def _judged(
    name: str,
    rows: Sequence[Row],
    outcomes: Mapping[str, Array],
    scenario: ResolvedScenario,
    baselines: Mapping[str, Mapping[str, Array]],
) -> Judged:
    plain = _plain(name, rows, len(rows), scenario)
    if plain.score.status is not Status.SCORED:
        return plain
    values, scale = outcomes[name], plain.scale
    ranges, truth = _ranges(rows), _truth(rows, scale)
    ordered = scale.ordered(values)
    said: dict[str, Any] = {
        baseline: crps(own, truth)
        for baseline, draws in baselines.items()
        if name in draws and (own := scale.ordered(draws[name])).size
    }
    score = replace(
        plain.score,
        truth_low=min(row.claim_low for row in ranges),
        truth_high=max(row.claim_high for row in ranges),
        score=crps(ordered, truth),
        pit=pit_mean(ordered, truth),
        **said,
        **_coverage(ordered, truth, scale),
    )
    return Judged(score, scale, truth, pit(ordered, truth), scale.values(np.array(values[:JOINT])))


def scored_truths(
    rows: Sequence[Row], scenario: ResolvedScenario
) -> Iterator[tuple[str, Scale, Truth]]:
    """Yield the outcomes that are scored, each with its scale and its truth there."""
    by_outcome: dict[str, list[Row]] = {}
    for row in rows:
        by_outcome.setdefault(row.outcome, []).append(row)
    for name, group in by_outcome.items():
        told = parse(name)
        if told is not None and _status(group) is Status.SCORED:
            scale = Scale.of(told, scenario.calendar)
            yield name, scale, _truth(group, scale)


def _ranges(rows: Sequence[Row]) -> list[Row]:
    """The claims on an outcome that make its truth."""
    return [row for row in rows if row.tests and not row.bound]


def _truth(rows: Sequence[Row], scale: Scale) -> Truth:
    ranges = _ranges(rows)
    return Truth(
        claimed([(r.claimant, r.source, *scale.range(r.claim_low, r.claim_high)) for r in ranges])
    )


def _coverage(ordered: Array, truth: Truth, scale: Scale) -> dict[str, Any]:
    found = {}
    for percent in INTERVALS:
        region = central_region(ordered, percent, scale.never)
        found[f"covered_{percent}"] = coverage(region, truth)
        found[f"nominal_{percent}"] = nominal_coverage(ordered, region, truth, scale.ends)
    return found


def _plain(name: str, rows: Sequence[Row], claims: int, scenario: ResolvedScenario) -> Judged:
    """What there is to say of an outcome without a score."""
    told = parse(name)
    assert told is not None, name
    quantiles = {}
    if rows:
        quantiles = {key: getattr(rows[0], key) for key in ("p05", "p25", "p50", "p75", "p95")}
    score = Score(
        outcome=name,
        kind=told.form.score_kind,
        cluster=cluster(told, scenario.part(told.phase)),
        unit=told.form.unit,
        claims=claims,
        disputed=disputed([(row.claim_low, row.claim_high) for row in rows]),
        status=_status(rows),
        **quantiles,
    )
    return Judged(score, Scale.of(told, scenario.calendar))


def _status(rows: Sequence[Row]) -> Status:
    if all(row.verdict == NO_ANSWER for row in rows):
        return Status.UNANSWERED
    if any(row.given for row in rows):
        return Status.GIVEN
    if not any(row.tests for row in rows):
        return Status.TESTS_NOTHING
    bounds_alone = all(row.bound for row in rows if row.tests)
    return Status.BOUND if bounds_alone else Status.SCORED
