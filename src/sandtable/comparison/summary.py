"""What a comparison comes to: skill, calibration and bounds, by kind and over all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import Any

import numpy as np

from sandtable.comparison.bounds import Bounds
from sandtable.comparison.compare import Row, Unanswered
from sandtable.comparison.outcome_scores import (
    BASELINES,
    INTERVALS,
    JOINT,
    Judged,
    Score,
    Status,
    judge,
)
from sandtable.comparison.scores import Array, energy_score
from sandtable.comparison.skill import Skill, effective_number, skill
from sandtable.outcomes import ScoreKind
from sandtable.representation import Represented
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams

ALL = "all"
"""Name of all kinds together."""

STREAMS = Streams("score", 0)
"""Of everything that scores draw: the same run, the same scores."""
_TRUTHS = 200


@dataclass(frozen=True, slots=True)
class KindScore:
    """The outcomes of one kind that are scored, or ALL.

    ``score`` is their mean expected CRPS on the scale of the kind (NaN for ALL, whose units
    differ); ``skill`` against each of BASELINES, by name. ``covered_50`` and ``nominal_50`` and so
    on are means over outcomes, ``pit`` the mean histogram (shares with sum 1; empty without
    outcomes). ``energy`` is the energy score of those that apply in every replication, by
    dimension, and ``energy_skill`` one less its ratio to the baseline's, over the outcomes that
    the baseline answers too; NaN for ALL.
    """

    kind: str
    outcomes: int
    score: float
    skill: Mapping[str, Skill]
    covered_50: float
    covered_80: float
    covered_90: float
    nominal_50: float
    nominal_80: float
    nominal_90: float
    pit: tuple[float, ...]
    energy: float
    energy_skill: Mapping[str, float]


@dataclass(frozen=True, slots=True, repr=False)
class Scores(Represented):
    """A run's scores: what figures draw and what is printed as the headline.

    ``outcomes`` has a row for each outcome that the record tells of, scored or not (score.csv);
    ``kinds`` ALL first, then each kind with scored outcomes; ``effective`` is the effective number
    of independent ones among them. ``baselines`` names those that were given.
    """

    outcomes: tuple[Score, ...]
    kinds: tuple[KindScore, ...]
    effective: float
    bounds: Bounds
    baselines: tuple[str, ...]

    @property
    def all(self) -> KindScore:
        """All kinds together."""
        return self.kinds[0]

    def count(self, status: Status) -> int:
        """Number of outcomes of a status."""
        return sum(score.status is status for score in self.outcomes)

    @property
    def misses(self) -> list[Score]:
        """Outcomes most of whose truth lies outside the middle 90 percent, the worst first.

        The worst is the one with the largest score relative to the mean score of its kind.
        """
        means = {kind.kind: kind.score for kind in self.kinds}
        missed = [score for score in self.outcomes if score.missed]
        return sorted(missed, key=lambda s: -s.score / means[s.kind])

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        told: dict[str, object] = {"outcomes scored": self.all.outcomes}
        for name in self.baselines:
            told[f"skill against {name.replace('_', ' ')}"] = self.all.skill[name]
        return told | {"inside 90 percent": f"{self.all.covered_90:.2f}"}

    @property
    def disputes(self) -> list[Score]:
        """Outcomes of which claimants contradict each other."""
        return [score for score in self.outcomes if score.disputed]


def score_run(
    rows: Sequence[Row],
    missing: Sequence[Unanswered],
    outcomes: Mapping[str, Array],
    *,
    scenario: ResolvedScenario,
    baselines: Mapping[str, Mapping[str, Array]],
) -> Scores:
    """Score a run. Parameters are those of `judge`."""
    judged = judge(rows, missing, outcomes, scenario=scenario, baselines=baselines)
    scored = [one for one in judged if one.truth is not None]
    joint = {
        one.score.outcome: one.members
        for one in scored
        if one.members is not None and not np.isnan(one.members).any()
    }
    kinds = [_kind(ALL, scored)]
    for kind in ScoreKind:
        own = [one for one in scored if one.score.kind is kind]
        if own:
            energy = _energy(own, joint, baselines)
            kinds.append(replace(_kind(kind, own), **energy))
    return Scores(
        outcomes=tuple(one.score for one in judged),
        kinds=tuple(kinds),
        effective=effective_number(np.array([*joint.values()]).T) if joint else math.nan,
        bounds=Bounds.of(rows),
        baselines=tuple(name for name in BASELINES if name in baselines),
    )


def _kind(kind: str, judged: Sequence[Judged]) -> KindScore:
    """What outcomes come to, their energy score apart."""
    scores = [one.score for one in judged]

    def average(values: Sequence[float]) -> float:
        return mean(values) if values else math.nan

    calibration = {
        f"{what}_{percent}": average([getattr(score, f"{what}_{percent}") for score in scores])
        for what in ("covered", "nominal")
        for percent in INTERVALS
    }
    shares = [one.pit for one in judged if one.pit is not None]
    return KindScore(
        kind=kind,
        outcomes=len(scores),
        score=math.nan if kind == ALL else average([score.score for score in scores]),
        skill={name: skill(scores, name, STREAMS) for name in BASELINES},
        pit=tuple(np.mean(shares, axis=0).tolist()) if shares else (),
        energy=math.nan,
        energy_skill={},
        **calibration,
    )


def _energy(
    judged: Sequence[Judged],
    joint: Mapping[str, Array],
    baselines: Mapping[str, Mapping[str, Array]],
) -> dict[str, Any]:
    """Energy score of a kind's outcomes, and skill in it; ``joint`` has them on the scale."""
    whole = [one for one in judged if one.score.outcome in joint]
    found = {}
    for baseline, draws in baselines.items():
        said = {
            one.score.outcome: one.scale.values(draws[one.score.outcome][:JOINT])
            for one in whole
            if one.score.outcome in draws
        }
        both = [one for one in whole if not np.isnan(said.get(one.score.outcome, math.nan)).any()]
        if both:
            found[baseline] = 1.0 - _energy_of(both, joint) / _energy_of(both, said)
    energy = _energy_of(whole, joint) if whole else math.nan
    return {"energy": energy, "energy_skill": found}


def _energy_of(judged: Sequence[Judged], values: Mapping[str, Array]) -> float:
    members = np.array([values[one.score.outcome] for one in judged]).T
    return energy_score(members, np.array([_truths(one) for one in judged]).T)


def _truths(judged: Judged) -> Array:
    """Draws of an outcome's truth, always the same."""
    assert judged.truth is not None
    names = [f"truth/{judged.score.outcome}/{part}" for part in ("claim", "within")]
    drawn = STREAMS.table(names, 0, _TRUTHS)
    return judged.truth.draw(drawn[:, 0], drawn[:, 1])
