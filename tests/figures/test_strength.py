from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sandtable.figures import FigureContext, draw_claims, losses_figure, quantiles, strength_figure
from sandtable.figures.style import page


def _setting(case: Any) -> FigureContext:
    timeline = case.results.timeline
    return FigureContext(
        case.scenario.file.scenario.title,
        case.scenario.sampler.central(),
        timeline.shape[0],
    )


def _bands(case: Any) -> dict[str, Any]:
    points = quantiles(case.results.timeline)
    return {name: points[:, :, k] for k, name in enumerate(case.results.series)}


def test_each_panel_shows_the_median_of_its_own_series(khalkhin_gol: Any, style: None) -> None:
    figure = strength_figure(_bands(khalkhin_gol), _setting(khalkhin_gol))
    drawn = {axes.get_title(loc="left"): axes.lines[0].get_ydata() for axes in figure.axes}
    series = khalkhin_gol.results.series
    for title, name in (
        ("Soviet Union: personnel", "strength/ussr/personnel"),
        ("Japan: tanks", "strength/japan/tanks"),
    ):
        column = khalkhin_gol.results.timeline[:, :, series.index(name)]
        assert drawn[title] == pytest.approx(np.median(column, axis=0), rel=1e-6)
    # Mongolia has no tanks in this campaign, so there is nothing to show.
    assert "Mongolia: tanks" not in drawn


def test_losses_hold_every_claim_inside_their_scale(khalkhin_gol: Any, style: None) -> None:
    rows = khalkhin_gol.rows
    figure = losses_figure(_bands(khalkhin_gol), rows, _setting(khalkhin_gol))
    japan = next(a for a in figure.axes if a.get_title(loc="left") == "Japan: all personnel losses")
    claims = [row for row in rows if row.outcome == "losses/japan/personnel/total"]
    assert claims
    ends = [row.claim_high for row in claims if math.isfinite(row.claim_high - row.claim_low)]
    assert japan.get_ylim()[1] > max(ends)
    words = " ".join(text.get_text() for text in japan.texts)
    assert all(row.claimant[:12] in words for row in claims)


def test_a_claim_of_nine_ranges_overlaps_no_label(style: None) -> None:
    figure = page(6.0, "", "", "")
    axes = figure.add_axes((0.1, 0.1, 0.5, 0.8))
    draw_claims(axes, [(100.0 + k, 120.0 + k, f"claimant {k}") for k in range(9)])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 9
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_an_open_claim_reads_at_least_or_at_most(style: None) -> None:
    axes = page(6.0, "", "", "").add_axes((0.1, 0.1, 0.5, 0.8))
    draw_claims(axes, [(900.0, math.inf, "a"), (-math.inf, 20000.0, "b"), (3.0, 3.0, "c")])
    assert {text.get_text() for text in axes.texts} == {"a\n≥ 900", "b\n≤ 20,000", "c\n3"}


def test_a_closed_claim_is_always_in_sight_and_a_far_bound_is_not(style: None) -> None:
    axes = page(6.0, "", "", "").add_axes((0.1, 0.1, 0.5, 0.8))
    axes.set_ylim(0.0, 100.0)
    draw_claims(axes, [(-math.inf, 9000.0, "far bound"), (90.0, 180.0, "closed")])
    assert 180.0 < axes.get_ylim()[1] <= 250.0
    draw_claims(axes, [(9000.0, 9000.0, "closed")])
    assert axes.get_ylim()[1] > 9000.0
