from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from printed import check_printed
from sandtable.comparison import BASELINES, KindScore, Score, Scores, Skill, Status
from sandtable.comparison.bounds import Bounds
from sandtable.errors import SandtableError
from sandtable.figures import FigureContext, score_figures, scores_figures
from sandtable.figures.score_panels import (
    Miss,
    draw_coverage,
    draw_misses,
    draw_pit,
    draw_skill,
    score_handles,
)
from sandtable.figures.sheet import HEIGHT, Sheet
from sandtable.figures.style import BLACK
from sandtable.outcomes import ScoreKind

NONE = Skill(0, 0, math.nan, math.nan, math.nan)
PIT = (0.3, 0.1, 0.0, 0.1, 0.0, 0.1, 0.0, 0.1, 0.0, 0.3)


def kind(name: str, outcomes: int, one_battle: Skill, sceptic: Skill) -> KindScore:
    skill = dict(zip(BASELINES, (one_battle, sceptic), strict=True))
    return KindScore(
        name, outcomes, 0.5, skill, 0.2, 0.4, 0.6, 0.5, 0.8, 0.9, PIT, math.nan, {}
    )  # fmt: skip


KINDS = (
    kind("all", 14, Skill(9, 4, -0.2, -1.4, 0.3), Skill(12, 12, 0.4, 0.1, 0.6)),
    kind("dates", 8, Skill(5, 3, -2.5, math.nan, math.nan), Skill(6, 4, 0.5, math.nan, math.nan)),
    kind("shares", 6, NONE, NONE),
)


def miss(outcome: str, unit: str, run: tuple[float, ...], record: tuple[float, float]) -> Score:
    return Score(
        outcome, ScoreKind.DATES, "axis/a", unit, 1, False, Status.SCORED, *record, *run, score=1.0,
        covered_50=0.0, covered_80=0.0, covered_90=0.0,
    )  # fmt: skip


LATE = miss("captured/nomonhan", "day", (6.0, 7.0, 9.0, math.inf, math.inf), (2.0, 3.0))
NEVER = miss("captured/fui-heights", "day", (math.inf,) * 5, (2.0, 2.0))
FEW = miss("losses/ussr/personnel/killed", "person", (100.0, 150.0, 200.0, 300.0, 400.0),
           (1_600.0, 2_000.0))  # fmt: skip
MISSES = (LATE, NEVER, FEW)


def scores(misses: tuple[Score, ...] = MISSES, effective: float = 5.0) -> Scores:
    return Scores(misses, KINDS, effective, Bounds(0, 0, math.nan, math.nan), BASELINES)


@pytest.fixture
def context(khalkhin_gol: Any) -> FigureContext:
    return FigureContext("Khalkhin Gol 1939", khalkhin_gol.scenario.sampler.central(), 60)


def axes() -> Axes:
    return Sheet("").figure(6.0).add_axes((0.3, 0.2, 0.4, 0.6))


def test_skill_stands_at_its_value_with_its_interval(style: None) -> None:
    drawn = draw_skill(axes(), KINDS)
    marks = [(float(li.get_xdata()[0]), float(li.get_ydata()[0]), li.get_marker(), li.get_mfc())
             for li in drawn.lines[1:]]  # fmt: skip
    one, edge, two, beyond, hollow = marks
    assert one[0] == -0.2 and two[0] == 0.4 and hollow[0] == 0.5
    assert one[1] < 0.0 < two[1] and 0.5 < beyond[1] < 1.0 < hollow[1] < 1.5
    # Cut off at -1: the end of an interval, and a mark.
    assert (edge[0], edge[2]) == (-1.0, "<") == (beyond[0], beyond[2])
    assert [mark[3] == "white" for mark in (one, two, beyond, hollow)] == [False, False, True, True]
    ends = [c.get_segments()[0][:, 0].tolist() for c in drawn.collections]
    assert ends == [[-1.0, 0.3], [0.1, 0.6]]
    assert [text.get_text() for text in drawn.texts] == ["9", "12", "5", "6", "–", "–"]
    names = [label.get_text() for label in drawn.get_yticklabels()]
    assert names == ["all (14)", "dates (8)", "shares (6)"]


def test_the_histogram_has_the_shares_and_the_range_of_calibrated_runs(style: None) -> None:
    """Of 5 outcomes: 0.1 with a standard error of root(0.1 * 0.9 / 5), 1.645 times."""
    drawn = draw_pit(axes(), scores())
    band, bars = drawn.patches
    assert bars.get_data().values.tolist() == pytest.approx(PIT)
    box = band.get_extents().transformed(drawn.transData.inverted())
    assert (box.y0, box.y1) == pytest.approx((0.0, 0.1 + 1.645 * math.sqrt(0.018)))
    assert drawn.lines[0].get_ydata().tolist() == pytest.approx([0.1, 0.1])
    (top,) = {drawn.get_ylim()[1]}
    assert top > 0.1 + 1.645 * math.sqrt(0.018)


def test_coverage_stands_beside_what_is_nominal(style: None) -> None:
    drawn = draw_coverage(axes(), KINDS[0], 20.0)
    ranges, held = drawn.patches[::2], drawn.patches[1::2]
    assert [bar.get_height() for bar in held] == [0.2, 0.4, 0.6]
    assert [line.get_ydata().tolist() for line in drawn.lines] == [[x, x] for x in (0.5, 0.8, 0.9)]
    due = np.array([0.5, 0.8, 0.9])
    half = 1.645 * np.sqrt(due * (1.0 - due) / 20)
    assert [r.get_y() for r in ranges] == pytest.approx(due - half)
    ends = np.minimum(due + half, 1.0)
    assert [r.get_y() + r.get_height() for r in ranges] == pytest.approx(ends)


def test_without_an_effective_number_there_is_no_range(style: None) -> None:
    drawn = draw_coverage(axes(), KINDS[0], math.nan)
    assert [bar.get_height() for bar in drawn.patches[::2]] == [0.0, 0.0, 0.0]
    labels = [str(h.get_label()) for h in score_handles([scores(effective=math.nan)], misses=True)]
    assert not [label for label in labels if "calibrated runs" in label]


def test_misses_stand_on_scales_of_their_own(context: FigureContext, style: None) -> None:
    misses = [Miss.of(score, context) for score in MISSES]
    assert misses[0].told == "run 29 Aug; record 22 Aug 09:00–23 Aug 09:00"
    assert misses[1].told == "run never; record 22 Aug 09:00"
    assert misses[2].told == "run 200; record 1,600–2,000 persons"
    drawn = draw_misses(axes(), misses, context)
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in drawn.patches]
    days = context.end
    assert ends[0] == pytest.approx((6.0 / days, 1.0))
    assert ends[1] == pytest.approx((7.0 / days, 1.0))
    assert ends[2] == pytest.approx((1.0, 1.0))
    # The largest value of this row is 2,000.
    assert ends[4] == pytest.approx((0.05, 0.2)) and ends[5] == pytest.approx((0.075, 0.15))
    records = [li.get_xdata().tolist() for li in drawn.lines if li.get_color() == BLACK]
    assert records[0] == pytest.approx([2.0 / days, 3.0 / days])
    assert records[4] == pytest.approx([0.8, 1.0])
    assert [li.get_marker() for li in drawn.lines].count(">") == 1


def test_a_legend_speaks_of_what_is_shown_alone() -> None:
    bare = replace(scores(()), kinds=(kind("all", 3, NONE, KINDS[0].skill["sceptic"]),))
    labels = [str(handle.get_label()) for handle in score_handles([bare], misses=False)]
    assert not [label for label in labels if "battle" in label or "record" in label]
    assert [label for label in labels if "rates of other wars" in label]


def test_a_page_is_fit_to_print(context: FigureContext, style: None) -> None:
    for shown in (scores(), scores(()), scores(MISSES * 7)):
        (page,) = score_figures(shown, context, "Record: claims.")
        check_printed(page)
    assert len(page.axes[3].patches) == 24


def test_without_scored_outcomes_there_is_no_page(context: FigureContext, style: None) -> None:
    none = replace(scores(()), kinds=(replace(KINDS[0], outcomes=0, pit=()),))
    assert score_figures(none, context, "") == []
    assert scores_figures([run(none, context, "a")]) == []


def run(shown: Scores, context: FigureContext, name: str) -> Any:
    told = SimpleNamespace(
        sampler=SimpleNamespace(central=lambda: replace(context.resolved, name=name)),
        file=SimpleNamespace(scenario=SimpleNamespace(title=f"The campaign of {name}")),
    )
    manifest = {"scenario": name, "variant": None, "overrides": [], "without": [],
                "digests": {"overlay": None}}  # fmt: skip
    return SimpleNamespace(
        score=lambda: shown, campaign=SimpleNamespace(scenario=told), manifest=manifest,
        numbers=range(60),
    )  # fmt: skip


@pytest.mark.verify
@pytest.mark.parametrize("campaigns", [2, 6])
def test_campaigns_stand_below_all_together(
    campaigns: int, context: FigureContext, style: None
) -> None:
    names = [f"place-{number}" for number in range(campaigns)]
    pages = scores_figures([run(scores(MISSES * 4), context, name) for name in names])
    headings = []
    for page in pages:
        check_printed(page)
        assert page.get_size_inches()[1] <= HEIGHT
        texts = [text.get_text() for text in page.texts if "outcomes scored" in text.get_text()]
        headings += texts
        # From top to bottom.
        places = [text.get_position()[1] for text in page.texts if text.get_text() in texts]
        assert all(above > below for above, below in pairwise(places))
    assert headings[0] == f"All together: {14 * campaigns} outcomes scored, worth {5 * campaigns} "\
        "independent ones"  # fmt: skip
    assert [name in heading for name, heading in zip(names, headings[1:], strict=True)] == [
        True
    ] * campaigns
    assert len(pages) == (1 if campaigns == 2 else 3)


def test_two_runs_of_one_campaign_are_not_two_campaigns(context: FigureContext) -> None:
    twice = [run(scores(), context, name) for name in ("here", "there", "here")]
    with pytest.raises(SandtableError, match="found 2 runs of here; allowed: one of each"):
        scores_figures(twice)
