"""Skill by hand, its interval beside scipy's bootstrap, and the effective number of outcomes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import bootstrap, spearmanr

from sandtable.comparison.outcome_scores import Score, Status
from sandtable.comparison.skill import effective_number, skill
from sandtable.outcomes import ScoreKind
from sandtable.streams import Streams

STREAMS = Streams("test", 0)


def score(own, baseline, kind=ScoreKind.DATES, cluster="axis/a"):
    return Score(
        "captured/a", kind, cluster, "day", 1, False, Status.SCORED, score=own, one_battle=baseline
    )


def test_skill_of_one_kind_is_of_the_means():
    told = skill([score(1.0, 4.0), score(2.0, 2.0), score(9.0, math.nan)], "one_battle", STREAMS)
    assert (told.outcomes, told.clusters) == (2, 1)
    assert told.skill == pytest.approx(1 - 3.0 / 6.0)
    assert math.isnan(told.low) and math.isnan(told.high)


def test_pooled_skill_weighs_the_kinds_by_outcomes_and_not_by_units():
    dates = [score(1.0, 4.0), score(2.0, 2.0), score(0.0, 0.0)]
    materiel = [score(300.0, 200.0, ScoreKind.MATERIEL)]
    told = skill(dates + materiel, "one_battle", STREAMS)
    assert told.skill == pytest.approx(1 - (3 * 0.5 + 1 * 1.5) / 4)


def test_nothing_to_compare_and_a_faultless_baseline():
    assert math.isnan(skill([score(1.0, math.nan)], "one_battle", STREAMS).skill)
    assert math.isnan(skill([score(1.0, 2.0)], "sceptic", STREAMS).skill)
    assert skill([score(0.0, 0.0)], "one_battle", STREAMS).skill == 0.0
    assert skill([score(1.0, 0.0)], "one_battle", STREAMS).skill == -math.inf


def test_the_interval_is_a_bootstrap_over_clusters():
    random = np.random.default_rng(3)
    own, baseline = random.gamma(2.0, 1.0, 30), random.gamma(3.0, 1.0, 30)
    apart = [
        score(a, b, cluster=f"axis/{n}") for n, (a, b) in enumerate(zip(own, baseline, strict=True))
    ]
    told = skill(apart, "one_battle", STREAMS)
    theirs = bootstrap(
        (own, baseline), lambda a, b, axis: 1 - a.mean(axis=axis) / b.mean(axis=axis),
        paired=True, confidence_level=0.9, method="percentile", n_resamples=20_000, rng=1,
    ).confidence_interval  # fmt: skip
    assert (told.low, told.high) == pytest.approx((theirs.low, theirs.high), abs=0.03)
    # The same outcomes three to a cluster, all alike within it, are worth a third as many.
    thrice = [each for each in apart for _ in range(3)]
    assert skill(thrice, "one_battle", STREAMS).low == pytest.approx(told.low)
    # And the interval is always the same.
    assert skill(apart, "one_battle", Streams("test", 0)) == told


@pytest.mark.parametrize(("clusters", "told"), [(9, False), (10, True)])
def test_few_clusters_have_no_interval(clusters, told):
    scores = [score(1.0 + n, 2.0, cluster=f"axis/{n}") for n in range(clusters)]
    assert math.isfinite(skill(scores, "one_battle", STREAMS).low) is told


def test_effective_number_of_repeated_and_independent_outcomes():
    random = np.random.default_rng(5)
    base = random.normal(size=(2000, 4))
    assert effective_number(base) == pytest.approx(4.0, abs=0.05)
    # Each twice: eight columns are worth four; monotone changes leave ranks as they are.
    assert effective_number(np.hstack([base, np.exp(base)])) == pytest.approx(4.0, abs=0.05)
    assert effective_number(np.repeat(base[:, :1], 5, axis=1)) == pytest.approx(1.0)


def test_effective_number_takes_off_what_chance_gives():
    random = np.random.default_rng(6)
    told = [effective_number(random.normal(size=(20, 30))) for _ in range(40)]
    # Without that it were 30^2 / (30 + 30 * 29 / 19) = 11.9.
    assert np.mean(told) == pytest.approx(30, abs=1.5)


def test_effective_number_is_of_rank_correlations_with_ties_and_constants():
    random = np.random.default_rng(7)
    members = np.round(random.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 500))
    rho = spearmanr(members).statistic
    unbiased = (rho**2 * 499 - 1) / 498
    assert effective_number(members) == pytest.approx(4 / (2 + 2 * unbiased))
    still = np.column_stack([members[:, 0], np.full(500, 3.0)])
    assert effective_number(still) == pytest.approx(2.0)
    assert math.isnan(effective_number(np.empty((9, 0))))
