"""An outcome's claims and its ensemble become one score, on the scale of its kind."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
import scoringrules

from sandtable.comparison import compare, read_scores, score_run, unanswered, write_scores
from sandtable.comparison.outcome_scores import Status
from sandtable.errors import InputError

NAN = math.nan
FAR, ASIDE, TANKS = "captured/far", "captured/aside", "losses/ussr/tanks"
KILLED, GAINED = "losses/japan/personnel/killed", "advance/tanks/3"
SHARE = "losses/ussr/tanks/by/artillery"


def day(text):
    return datetime.fromisoformat(f"1945-08-{text}")


@pytest.fixture
def scored(resolved, claim):
    """Scores of the small campaign of ten days, beside claims (outcome, low, high, unit)."""

    def make(outcomes, claims, given=(), **baselines):
        arrays = {name: np.array(values, dtype=float) for name, values in outcomes.items()}
        told = [
            replace(claim(*one, id=f"c{n}"), claimant=f"claimant {n}", source=f"source-{n}")
            for n, one in enumerate(claims)
        ]
        rows = compare(arrays, told, calendar=resolved.calendar, baseline={}, given=given)
        missing = unanswered(arrays, told, calendar=resolved.calendar)
        said = {
            name: {key: np.array(values, dtype=float) for key, values in draws.items()}
            for name, draws in baselines.items()
        }
        return score_run(rows, missing, arrays, scenario=resolved, baselines=said)

    return make


def by_theirs(values, points):
    return np.mean(
        [scoringrules.crps_ensemble(y, np.array(values), estimator="nrg") for y in points]
    )


def test_two_claimants_are_one_score_over_their_mixture(scored):
    values = [2.0, 4.0, 5.0, 7.0]
    claims = [(FAR, day("13"), day("13"), "date"), (FAR, day("15"), day("15"), "date")]
    (score,) = scored({FAR: values}, claims, one_battle={FAR: [1.0]}).outcomes
    assert (score.claims, score.disputed, score.status) == (2, True, Status.SCORED)
    assert (score.truth_low, score.truth_high, score.cluster) == (4.0, 6.0, "axis/tanks")
    points = np.array([4.0, 6.0]) / 10
    assert score.score == pytest.approx(by_theirs(np.array(values) / 10, points))
    assert score.one_battle == pytest.approx((0.3 + 0.5) / 2)
    assert math.isnan(score.sceptic)


def test_never_lies_at_the_end_of_the_campaign(scored):
    claims = [(FAR, day("13"), day("13"), "date")]
    for late in (NAN, 25.0):
        (score,) = scored({FAR: [NAN, 4.0]}, claims, sceptic={FAR: [late]}).outcomes
        assert score.score == pytest.approx(by_theirs([1.0, 0.4], [0.4]))
        assert score.sceptic == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("name", "unit", "kind", "scale"),
    [
        (TANKS, "tank", "materiel", np.log1p),
        (KILLED, "person", "personnel", np.log1p),
        (GAINED, "km", "ground", np.log1p),
        (SHARE, "share", "shares", lambda x: np.asarray(x) / 100),
        ("halted/tanks/fuel", "day", "dates", lambda x: np.minimum(np.asarray(x) / 10, 1)),
    ],
)
def test_a_score_is_on_the_scale_of_its_kind(scored, name, unit, kind, scale):
    values, low, high = [20.0, 40.0, 90.0], 9.0, 60.0
    if unit in ("share", "day"):
        low, high = (0.09, 0.6) if unit == "share" else (2.0, 5.0)
        values = [v / 100 for v in values] if unit == "share" else [0.0, 1.0, 8.0]
    (score,) = scored({name: values}, [(name, low, high, unit)]).outcomes
    at = (lambda x: np.asarray(x)) if unit == "share" else scale
    points = np.linspace(*at([low, high]), 4001)
    points = (points[1:] + points[:-1]) / 2
    assert score.kind == kind
    assert score.score == pytest.approx(by_theirs(at(values), points), rel=1e-6)


def test_what_counts_and_what_does_not(scored):
    ended = day("18").replace(hour=23)
    claims = [
        (FAR, day("12"), day("13"), "date"),
        (ASIDE, day("12"), day("13"), "date"),
        (ASIDE, None, day("12"), "date"),
        ("captured/middle", None, day("19"), "date"),
        ("captured/middle", day("09"), day("19"), "date"),
        ("captured/valley", None, ended, "date"),
        (TANKS, 5.0, 9.0, "tank"),
        (TANKS, 300.0, None, "tank"),
        (SHARE, 0.1, 0.2, "share"),
        (SHARE, 0.0, 1.0, "share"),
        ("captured/nowhere", None, day("12"), "date"),
    ]
    outcomes = {
        FAR: [3.0, 3.5], ASIDE: [3.0, 3.5], "captured/middle": [1.0, 2.0],
        "captured/valley": [1.0, NAN], TANKS: [7.0, 8.0], SHARE: [NAN, NAN],
    }  # fmt: skip
    found = scored(outcomes, claims, given={ASIDE})
    assert {score.outcome: str(score.status) for score in found.outcomes} == {
        FAR: "scored", ASIDE: "given", "captured/middle": "tests nothing",
        "captured/valley": "bound", TANKS: "scored", SHARE: "unanswered",
        "captured/nowhere": "unanswered",
    }  # fmt: skip
    assert found.all.outcomes == 2
    assert [score.outcome for score in found.disputes] == [TANKS]
    assert (found.bounds.claims, found.bounds.outcomes) == (2, 2)
    assert found.bounds.brier == pytest.approx((0.25 + 1.0) / 2)
    # A range that any answer meets takes nothing from the one that tests something.
    wide = (FAR, day("09"), day("19"), "date")
    alone, beside = (scored(outcomes, [claims[0], *more]).outcomes[0] for more in ([], [wide]))
    assert alone.score == beside.score and (alone.claims, beside.claims) == (1, 2)


def test_a_kinds_energy_score_is_that_of_scoringrules(scored):
    random = np.random.default_rng(2)
    names = [FAR, ASIDE, "captured/middle"]
    values = random.uniform(1, 9, (30, 3))
    said = random.uniform(1, 9, (20, 3))
    claims = [(name, day("13"), day("13"), "date") for name in names]
    found = scored(
        dict(zip(names, values.T, strict=True)),
        claims,
        one_battle=dict(zip(names[:2], said.T[:2], strict=True)),
    )
    dates = found.kinds[1]
    theirs = scoringrules.es_ensemble(np.full(3, 0.4), values / 10, estimator="nrg")
    assert dates.energy == pytest.approx(theirs / math.sqrt(3))
    own, baseline = (
        scoringrules.es_ensemble(np.full(2, 0.4), one[:, :2] / 10, estimator="nrg")
        for one in (values, said)
    )
    assert dates.energy_skill == {"one_battle": pytest.approx(1 - own / baseline)}
    assert math.isnan(found.all.energy)


def test_the_worst_miss_is_the_worst_of_its_kind(scored):
    claims = [
        (FAR, day("17"), day("17"), "date"),
        (ASIDE, day("11"), day("11"), "date"),
        ("captured/middle", day("12"), day("12"), "date"),
        (TANKS, 500.0, 500.0, "tank"),
    ]
    outcomes = {
        FAR: [1.0] * 9,
        ASIDE: [3.0] * 9,
        "captured/middle": [2.0, 4.0] * 4 + [3.0],
        TANKS: [9.0] * 9,
    }
    found = scored(outcomes, claims)
    assert [score.outcome for score in found.misses] == [FAR, TANKS, ASIDE]


def test_scores_are_written_and_read_back(scored, tmp_path):
    claims = [(FAR, day("12"), day("13"), "date"), (TANKS, None, 9.0, "tank")]
    outcomes = {FAR: [NAN, 4.0, 5.5], TANKS: [7.0, 8.0, 1.0]}
    found = scored(outcomes, claims, one_battle={FAR: [1.0, 2.0]})
    write_scores(tmp_path, found)
    read = read_scores(tmp_path)
    assert [score.outcome for score in read.outcomes] == [FAR, TANKS]
    first = read.outcomes[0]
    assert (first.p95, first.status, first.disputed) == (math.inf, Status.SCORED, False)
    assert first.score == pytest.approx(found.outcomes[0].score, rel=1e-5)
    assert read.kinds[1].skill["one_battle"].skill == pytest.approx(
        found.kinds[1].skill["one_battle"].skill, rel=1e-5
    )
    assert math.isnan(read.kinds[1].skill["one_battle"].low)
    assert sum(read.all.pit) == pytest.approx(1.0, abs=1e-5)
    before = [(tmp_path / name).read_bytes() for name in ("score.csv", "score.json")]
    write_scores(tmp_path, read)
    assert [(tmp_path / name).read_bytes() for name in ("score.csv", "score.json")] == before


def test_every_fault_of_the_scores_is_told(scored, tmp_path):
    write_scores(tmp_path, scored({TANKS: [7.0, 8.0]}, [(TANKS, 5.0, 9.0, "tank")]))
    path = tmp_path / "score.csv"
    text = path.read_text()
    path.write_text(text.replace("materiel", "stuff").replace("scored", "dropped"))
    with pytest.raises(InputError) as caught:
        read_scores(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path}: line 2: kind: found stuff; "
        "allowed: dates or personnel or materiel or ground or shares",
        f"{path}: line 2: status: found dropped; "
        "allowed: scored or bound or given or tests nothing or unanswered",
    ]
    path.write_text(text)
    (tmp_path / "score.json").write_text("{}")
    with pytest.raises(InputError, match="no summary of scores"):
        read_scores(tmp_path)


def test_a_campaign_without_claims_has_no_scores(scored, tmp_path):
    found = scored({TANKS: [7.0, 8.0]}, [])
    write_scores(tmp_path, found)
    for one in (found, read_scores(tmp_path)):
        assert (one.outcomes, one.all.outcomes, one.all.pit, one.misses) == ((), 0, (), [])
        assert math.isnan(one.effective) and math.isnan(one.bounds.kept)
        assert str(one.all.skill["one_battle"]) == "–"
