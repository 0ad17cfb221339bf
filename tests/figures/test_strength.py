from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from sandtable.calendar import Calendar
from sandtable.figures import (
    Claimed,
    FigureContext,
    draw_claims,
    draw_course,
    losses_figures,
    quantiles,
    strength_figures,
)
from sandtable.figures.sheet import Sheet
from sandtable.outcomes import LOST, SERIES, TANKS_LOST, parse


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
    (figure,) = strength_figures(_bands(khalkhin_gol), _setting(khalkhin_gol))
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
    rows, context = khalkhin_gol.rows, _setting(khalkhin_gol)
    figures = losses_figures(_bands(khalkhin_gol), rows, context)
    panels = {a.get_title(loc="left"): a for figure in figures for a in figure.axes}
    sides = {"side": {side.id for side in context.resolved.sides}}
    parsed = ((parse(row.outcome, (LOST, TANKS_LOST)), row) for row in rows)
    told = [row for found, row in parsed if found and found.fits(sides)]
    assert len(told) > 6
    for row in told:
        axes = panels[context.describe(row.outcome, SERIES)]
        words = [" ".join(text.get_text().split()) for text in axes.texts]
        assert any(text.startswith(row.claimant) for text in words)
        if math.isfinite(row.claim_high - row.claim_low):
            assert axes.get_ylim()[1] > row.claim_high


def test_a_series_is_drawn_at_the_ends_of_days(khalkhin_gol: Any, style: None) -> None:
    """For an H-hour of 18:00 the first day ends after a quarter; the last with the campaign."""
    h_hour = datetime(1939, 8, 20, 18, tzinfo=UTC)
    resolved = replace(khalkhin_gol.scenario.sampler.central(), calendar=Calendar(h_hour, 2.5))
    context = FigureContext("T", resolved, 1)
    axes = Sheet("").figure(4.0).add_axes((0.1, 0.1, 0.8, 0.8))
    draw_course(axes, np.tile([0.0, 1.0, 2.0, 3.0, 4.0], (5, 1)), "red", context)
    assert axes.lines[0].get_xdata().tolist() == [0.0, 0.25, 1.25, 2.25, 2.5]
    ticks = dict(
        zip(axes.get_xticks(), [t.get_text() for t in axes.get_xticklabels()], strict=True)
    )
    assert ticks == {0.25: "21 Aug", 1.25: "22 Aug", 2.25: "23 Aug"}


def test_a_claim_of_nine_ranges_overlaps_no_label(style: None) -> None:
    figure = Sheet("").figure(6.0)
    axes = figure.add_axes((0.1, 0.1, 0.5, 0.8))
    draw_claims(
        axes, [Claimed(100.0 + k, 120.0 + k, f"claimant {k}", f"{k}") for k in range(9)], 2.0
    )
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 9
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_closed_claim_is_always_in_sight_and_a_far_bound_is_not(style: None) -> None:
    axes = Sheet("").figure(6.0).add_axes((0.1, 0.1, 0.5, 0.8))
    axes.set_ylim(0.0, 100.0)
    draw_claims(
        axes, [Claimed(-math.inf, 9000.0, "far", ""), Claimed(90.0, 180.0, "closed", "")], 2.0
    )
    assert 180.0 < axes.get_ylim()[1] <= 250.0
    draw_claims(axes, [Claimed(9000.0, 9000.0, "closed", "")], 2.0)
    assert axes.get_ylim()[1] > 9000.0
