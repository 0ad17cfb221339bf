from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandtable.figures import FigureContext, draw_map, map_figure, quantiles
from sandtable.figures.base_map import load_ground
from sandtable.figures.campaign_map import front_days
from sandtable.figures.style import page


def _figure(case: Any) -> Any:
    timeline = case.results.timeline
    points = quantiles(timeline)
    bands = {name: points[:, :, k] for k, name in enumerate(case.results.series)}
    resolved = case.scenario.sampler.central()
    captured = {p.id: case.results.outcomes[f"captured/{p.id}"] for p in resolved.places}
    context = FigureContext("T", resolved, timeline.shape[0])
    ground = load_ground(case.scenario.ground)
    return map_figure(bands, captured, context, ground), resolved, bands, context


@pytest.mark.parametrize("name", ["manchuria", "khalkhin_gol"])
def test_no_name_covers_another_or_a_place(
    name: str, request: pytest.FixtureRequest, style: None
) -> None:
    figure, resolved, _, _ = _figure(request.getfixturevalue(name))
    figure.draw_without_rendering()
    axes = figure.axes[0]
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    points = axes.transData.transform([(place.lon, place.lat) for place in resolved.places])
    assert not any(box.contains(*point) for box in boxes for point in points)
    shown = {text.get_text() for text in axes.texts}
    # Places far from every axis of advance lie outside the frame.
    left, right = axes.get_xlim()
    named = {place.name for place in resolved.places if left < place.lon < right}
    assert {place.name for place in resolved.places} - named <= {"Janjin Sume"}
    assert len(named & shown) >= 0.97 * len(named)


def test_dots_stand_where_the_median_front_stood(khalkhin_gol: Any, style: None) -> None:
    figure, resolved, bands, context = _figure(khalkhin_gol)
    axes = figure.axes[0]
    day = front_days(context.days)[0]
    dots = next(line for line in axes.lines if line.get_label() == f"front, day {day}")
    km = bands["front/southern-group"][2][day]
    at = {place.id: place for place in resolved.places}
    a, b = at["southern-crossing"], at["great-sands"]
    leg = next(leg for leg in resolved.legs if {leg.a, leg.b} == {a.id, b.id})
    share = km / leg.length_km
    assert 0 < share < 1
    wanted = (a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat))
    assert np.hypot(*(dots.get_xydata() - wanted).T).min() < 1e-9


def test_places_are_sorted_by_how_often_they_fall(khalkhin_gol: Any, style: None) -> None:
    figure, resolved, _, _ = _figure(khalkhin_gol)
    axes = figure.axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    outcomes = khalkhin_gol.results.outcomes
    wanted = {
        (p.lon, p.lat)
        for p in resolved.places
        if p.coalition == "defender" and np.isfinite(outcomes[f"captured/{p.id}"]).mean() >= 0.9
    }
    marked = lines["taken in 90 percent of replications or more"].get_xydata()
    assert {tuple(point) for point in marked.tolist()} == wanted


def test_drawing_a_map_returns_its_axes(khalkhin_gol: Any, style: None) -> None:
    _, resolved, bands, context = _figure(khalkhin_gol)
    axes = page(8.0, "", "", "").add_axes((0.1, 0.1, 0.7, 0.8))
    positions = {axis.id: bands[f"front/{axis.id}"][2] for axis in resolved.axes}
    assert draw_map(axes, context, positions, {}) is axes
