from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from sandtable.calendar import Calendar
from sandtable.errors import SandtableError
from sandtable.figures import FigureContext, Stop, advance_figures, draw_advance, stops_of
from sandtable.figures.route import routes_of
from sandtable.figures.sheet import Sheet


def test_km_along_a_track_are_the_cumulated_legs(khalkhin_gol: Any) -> None:
    resolved = khalkhin_gol.scenario.sampler.central()
    legs = {frozenset((leg.a, leg.b)): leg.length_km for leg in resolved.legs}
    route = next(t for t in routes_of(resolved) if t.axis.id == "northern-group")
    first = legs[frozenset(("northern-crossing", "fui-heights"))]
    second = legs[frozenset(("fui-heights", "nomonhan"))]
    assert route.km == pytest.approx([0.0, first, first + second])
    assert route.at(first) == pytest.approx((118.6, 47.88))
    # Halfway along the first leg, on a straight line; beyond the end, at the end.
    assert route.at(first / 2) == pytest.approx(((118.5 + 118.6) / 2, (47.93 + 47.88) / 2))
    assert route.at(1e6) == pytest.approx((118.63, 47.97))
    line = route.between(first / 2, first + second / 2)
    assert line[1] == pytest.approx((118.6, 47.88))
    assert line[2] == pytest.approx(((118.6 + 118.63) / 2, (47.88 + 47.97) / 2))


def test_an_axis_without_a_leg_is_named(khalkhin_gol: Any) -> None:
    resolved = replace(khalkhin_gol.scenario.sampler.central(), legs=())
    with pytest.raises(SandtableError, match="southern-group: no leg joins southern-crossing"):
        routes_of(resolved)


def test_a_panel_shows_median_records_and_plans(style: None) -> None:
    axes = Sheet("").figure(4.0).add_axes((0.1, 0.1, 0.5, 0.8))
    points = np.arange(5.0)[:, None] * 10 + np.array([0.0, 20.0, 40.0, 60.0])
    stops = [Stop("Start", 0.0), Stop("Lubei", 50.0, ((1.0, 1.5), (-math.inf, 2.0)), 2.5)]
    draw_advance(axes, np.arange(4.0), points, stops, [(2.0, 30.0, 45.0)], "red")
    assert axes.lines[0].get_ydata().tolist() == [20.0, 40.0, 60.0, 80.0]
    planned = axes.lines[1].get_xydata().tolist()
    assert planned == [[2.5, 50.0]]
    segments = [
        s.tolist() for c in axes.collections[2:] for s in getattr(c, "get_segments", list)()
    ]
    for bar in ([[1.0, 50.0], [1.5, 50.0]], [[0.0, 50.0], [2.0, 50.0]], [[2.0, 30.0], [2.0, 45.0]]):
        assert bar in segments
    assert [text.get_text() for text in axes.texts] == ["Start", "Lubei"]


def test_stops_carry_the_claims_on_their_place(manchuria: Any) -> None:
    resolved = manchuria.scenario.sampler.central()
    route = next(t for t in routes_of(resolved) if t.axis.id == "36-army")
    stops = {stop.name: stop for stop in stops_of(route, manchuria.rows)}
    row = next(r for r in manchuria.rows if r.outcome == "captured/hailar")
    assert stops["Hailar"].recorded == ((row.claim_low, row.claim_high),)
    assert stops["Tsitsihar"].planned == pytest.approx(0.6 * resolved.calendar.calendar_days)
    assert math.isnan(stops["Pokotu"].planned)


def test_names_of_stops_close_together_do_not_overlap(style: None) -> None:
    figure = Sheet("").figure(4.0)
    axes = figure.add_axes((0.1, 0.1, 0.5, 0.5))
    stops = [Stop(f"Place {k}", 100.0 + 0.1 * k) for k in range(10)] + [Stop("End", 200.0)]
    draw_advance(axes, np.arange(4.0), np.zeros((5, 4)), stops, [], "red")
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_the_page_has_a_panel_for_each_axis(manchuria: Any, style: None) -> None:
    resolved = manchuria.scenario.sampler.central()
    bands = {f"front/{axis.id}": np.ones((5, 23)) for axis in resolved.axes}
    context = FigureContext("M", resolved, 10)
    figures = advance_figures(bands, manchuria.rows, context)
    panels = [axes for figure in figures for axes in figure.axes]
    titles = [axes.get_title(loc="left").replace("\n", " ") for axes in panels]
    assert titles == [axis.name for axis in resolved.axes]


def test_fronts_and_recorded_gains_stand_at_the_ends_of_days(
    khalkhin_gol: Any, style: None
) -> None:
    """Of an H-hour at 18:00 the second day ends after a day and a quarter."""
    h_hour = datetime(1939, 8, 20, 18, tzinfo=UTC)
    resolved = replace(khalkhin_gol.scenario.sampler.central(), calendar=Calendar(h_hour, 2.25))
    axis = resolved.axes[0].id
    row = next(r for r in khalkhin_gol.rows if r.outcome.startswith("advance/"))
    gained = replace(row, outcome=f"advance/{axis}/2", claim_low=3.0, claim_high=5.0)
    bands = {f"front/{axis}": np.tile([0.0, 1.0, 4.0, 6.0], (5, 1))}
    (figure,) = advance_figures(bands, [gained], FigureContext("T", resolved, 1))
    (axes,) = figure.axes
    assert axes.lines[0].get_xdata().tolist() == [0.0, 0.25, 1.25, 2.25]
    bars = [s.tolist() for c in axes.collections for s in getattr(c, "get_segments", list)()]
    assert [[1.25, 3.0], [1.25, 5.0]] in bars
