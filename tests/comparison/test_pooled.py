"""Scores of several campaigns together, reckoned by hand."""

from __future__ import annotations

import math

import pytest

from sandtable.comparison import KindScore, Score, Scores, Status, together
from sandtable.comparison.bounds import Bounds
from sandtable.comparison.skill import Skill
from sandtable.comparison.summary import ALL
from sandtable.outcomes import ScoreKind

NO_BOUNDS = Bounds(0, 0, math.nan, math.nan)
NOTHING = Skill(0, 0, math.nan, math.nan, math.nan)


def one(kind: ScoreKind, own: float, beside: float, cluster: str = "side/ours") -> Score:
    return Score(
        outcome="losses/ours/personnel/killed", kind=kind, cluster=cluster, unit="person",
        claims=1, disputed=False, status=Status.SCORED, score=own, one_battle=beside,
    )  # fmt: skip


def part(kind: str, outcomes: int, score: float, held: float, pit: tuple[float, ...]) -> KindScore:
    return KindScore(
        kind, outcomes, score, {"one_battle": NOTHING, "sceptic": NOTHING}, held, 0.0, 0.0, 0.5,
        0.8, 0.9, pit, math.nan, {},
    )  # fmt: skip


@pytest.fixture
def campaigns() -> dict[str, Scores]:
    """Three outcomes of dates and one of personnel in the east, one of dates in the west."""
    dates, men = ScoreKind.DATES, ScoreKind.PERSONNEL
    east = Scores(
        outcomes=(one(dates, 1.0, 2.0), one(dates, 2.0, 2.0), one(dates, 3.0, 4.0),
                  one(men, 3.0, 2.0)),
        kinds=(
            part(ALL, 4, math.nan, 0.5, (0.2, 0.8)),
            part(dates, 3, 2.0, 0.6, (0.2, 0.8)),
            part(men, 1, 3.0, 0.2, (0.2, 0.8)),
        ),
        effective=2.5,
        bounds=Bounds(5, 3, 0.9, 0.1),
        baselines=("one_battle",),
    )  # fmt: skip
    west = Scores(
        outcomes=(one(dates, 2.0, 8.0),),
        kinds=(part(ALL, 1, math.nan, 1.0, (1.0, 0.0)), part(dates, 1, 2.0, 1.0, (1.0, 0.0))),
        effective=1.0,
        bounds=Bounds(1, 1, 0.5, 0.5),
        baselines=("one_battle", "sceptic"),
    )
    return {"east": east, "west": west}


def test_skill_is_that_of_all_outcomes_together(campaigns: dict[str, Scores]) -> None:
    """Dates: 8 of 16 is half. Personnel: 3 of 2, once. The mean over five: 1 - (4/2 + 3/2)/5."""
    every, dates, men = together(campaigns).kinds
    assert [each.kind for each in (every, dates, men)] == ["all", "dates", "personnel"]
    assert [each.outcomes for each in (every, dates, men)] == [5, 4, 1]
    assert dates.skill["one_battle"].skill == pytest.approx(0.5)
    assert men.skill["one_battle"].skill == pytest.approx(-0.5)
    assert every.skill["one_battle"].skill == pytest.approx(1 - 3.5 / 5)
    assert every.skill["sceptic"].outcomes == 0


def test_sides_of_the_same_name_in_two_campaigns_are_two(campaigns: dict[str, Scores]) -> None:
    found = together(campaigns)
    assert [score.cluster for score in found.outcomes[::4]] == ["east/side/ours", "west/side/ours"]
    assert found.all.skill["one_battle"].clusters == 2
    assert campaigns["east"].outcomes[0].cluster == "side/ours"


def test_calibration_is_the_mean_over_outcomes(campaigns: dict[str, Scores]) -> None:
    every, dates, men = together(campaigns).kinds
    assert every.covered_50 == pytest.approx((4 * 0.5 + 1.0) / 5)
    assert dates.covered_50 == pytest.approx((3 * 0.6 + 1.0) / 4)
    assert men.covered_50 == pytest.approx(0.2)
    assert (every.nominal_50, every.nominal_80, every.nominal_90) == pytest.approx((0.5, 0.8, 0.9))
    assert every.pit == pytest.approx((0.36, 0.64))
    assert dates.pit == pytest.approx((0.4, 0.6))
    assert dates.score == pytest.approx(2.0) and math.isnan(every.score)


def test_campaigns_are_independent_and_bounds_weighed_by_outcomes(
    campaigns: dict[str, Scores],
) -> None:
    found = together(campaigns)
    assert found.effective == pytest.approx(3.5)
    assert found.bounds == Bounds(6, 4, pytest.approx(0.8), pytest.approx(0.2))
    assert found.baselines == ("one_battle", "sceptic")


def test_a_campaign_alone_keeps_what_it_has(campaigns: dict[str, Scores]) -> None:
    found = together({"east": campaigns["east"]})
    for own, pooled in zip(campaigns["east"].kinds, found.kinds, strict=True):
        assert pooled.kind == own.kind and pooled.pit == pytest.approx(own.pit)
        assert pooled.covered_50 == pytest.approx(own.covered_50)


def test_a_campaign_without_scored_outcomes_changes_nothing(campaigns: dict[str, Scores]) -> None:
    empty = Scores((), (part(ALL, 0, math.nan, math.nan, ()),), math.nan, NO_BOUNDS, ("sceptic",))
    alone, beside = together(campaigns), together({**campaigns, "north": empty})
    assert repr(beside.kinds) == repr(alone.kinds)
    assert (beside.bounds, beside.effective) == (alone.bounds, alone.effective)
    nothing = together({"north": empty})
    assert nothing.all.outcomes == 0 and nothing.all.pit == ()
    assert math.isnan(nothing.effective) and math.isnan(nothing.bounds.kept)


def test_the_order_of_the_campaigns_changes_nothing() -> None:
    """Six sides each, none like another: the bootstrap has an interval, and always the same."""
    many = {
        name: Scores(
            outcomes=tuple(
                one(ScoreKind.DATES, own, 4.0, f"side/{i}") for i, own in enumerate(scores)
            ),
            kinds=(part(ALL, 6, math.nan, 0.5, (0.2, 0.8)),),
            effective=6.0,
            bounds=NO_BOUNDS,
            baselines=("one_battle",),
        )
        for name, scores in (("east", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)), ("west", (9, 0, 7, 8, 3, 2)))
    }
    found = together(many).all.skill["one_battle"]
    assert found.clusters == 12 and found.low < found.skill < found.high
    assert together(dict(reversed(many.items()))).all.skill["one_battle"] == found
