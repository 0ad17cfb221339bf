"""Scores of runs of different campaigns, taken together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import mul

from sandtable.comparison.bounds import Bounds
from sandtable.comparison.outcome_scores import BASELINES, INTERVALS, Score
from sandtable.comparison.skill import skill
from sandtable.comparison.summary import ALL, STREAMS, KindScore, Scores
from sandtable.outcomes import ScoreKind


def together(scores: Mapping[str, Scores]) -> Scores:
    """Return the scores of several campaigns, by name, as if they were of one run.

    Skill is that of all their outcomes, with a bootstrap over the axes and sides of all campaigns
    in alphabetical order, so that it is the same in whatever order the campaigns come;
    coverage and PIT are means over outcomes. Campaigns are independent, so that their effective
    numbers of outcomes add up. Energy scores, which are of one run, are NaN.
    """
    outcomes = [
        replace(score, cluster=f"{name}/{score.cluster}")
        for name, own in scores.items()
        for score in own.outcomes
    ]
    kinds = []
    for kind in (ALL, *ScoreKind):
        parts = [each for own in scores.values() for each in own.kinds if each.kind == kind]
        if parts:
            chosen = [score for score in outcomes if kind in (ALL, score.kind)]
            kinds.append(_pooled(kind, parts, sorted(chosen, key=lambda score: score.cluster)))
    return Scores(
        outcomes=tuple(outcomes),
        kinds=tuple(kinds),
        effective=_sum([own.effective for own in scores.values()]),
        bounds=_bounds([own.bounds for own in scores.values()]),
        baselines=tuple(
            name for name in BASELINES if any(name in own.baselines for own in scores.values())
        ),
    )


def _pooled(kind: str, parts: Sequence[KindScore], outcomes: Sequence[Score]) -> KindScore:
    """One kind of several campaigns: means of its ``parts`` over outcomes, and skill anew."""
    parts = [part for part in parts if part.outcomes]
    counts = [part.outcomes for part in parts]

    calibration = {
        name: _mean([getattr(part, name) for part in parts], counts)
        for what in ("covered", "nominal")
        for name in (f"{what}_{percent}" for percent in INTERVALS)
    }
    return KindScore(
        kind=kind,
        outcomes=sum(counts),
        score=_mean([part.score for part in parts], counts),
        skill={name: skill(outcomes, name, STREAMS) for name in BASELINES},
        pit=tuple(
            _mean(shares, counts) for shares in zip(*(part.pit for part in parts), strict=True)
        ),
        energy=math.nan,
        energy_skill={},
        **calibration,
    )


def _sum(numbers: Sequence[float]) -> float:
    """Sum of the numbers that are known; NaN if none is."""
    known = [number for number in numbers if not math.isnan(number)]
    return math.fsum(known) if known else math.nan


def _mean(numbers: Sequence[float], counts: Sequence[int]) -> float:
    """Mean of numbers that stand for so many each; NaN of none."""
    return math.fsum(map(mul, numbers, counts)) / sum(counts) if counts else math.nan


def _bounds(parts: Sequence[Bounds]) -> Bounds:
    told = [part for part in parts if part.outcomes]
    counts = [part.outcomes for part in told]
    return Bounds(
        sum(part.claims for part in told),
        sum(counts),
        _mean([part.kept for part in told], counts),
        _mean([part.brier for part in told], counts),
    )
