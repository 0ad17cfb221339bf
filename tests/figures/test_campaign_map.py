from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from sandtable.calendar import Calendar
from sandtable.figures import FigureContext, map_figure, quantiles
from sandtable.figures.base_map import load_ground
from sandtable.figures.fronts import draw_fronts, front_colours, front_days, stretches
from sandtable.figures.route import routes_of
from sandtable.figures.sheet import Sheet


def _figure(case: Any) -> Any:
    timeline = case.results.timeline
    points = quantiles(timeline)
    bands = {name: points[:, :, k] for k, name in enumerate(case.results.series)}
    resolved = case.scenario.sampler.central()
    outcomes = case.results.outcomes
    taken = {p.id: np.isfinite(outcomes[f"captured/{p.id}"]).mean() for p in resolved.places}
    context = FigureContext("T", resolved, timeline.shape[0])
    ground = load_ground(case.scenario.ground)
    return map_figure(bands, taken, context, ground), resolved, bands, context


@pytest.mark.verify
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
    # What has no room for its name has a number, and its name stands in the caption.
    caption = " ".join(figure.texts[-1].get_text().split())
    numbered = re.match(r"Numbers: (.*?)\. Simulated", caption)
    for item in numbered[1].split(", ") if numbered else []:
        number, _, place = item.partition(" ")
        assert number in shown
        shown.add(place)
    # Places far from every axis of advance lie outside the frame.
    left, right = axes.get_xlim()
    named = {place.name for place in resolved.places if left < place.lon < right}
    assert {place.name for place in resolved.places} - named <= {"Janjin Sume"}
    assert len(named & shown) >= 0.97 * len(named)


def test_dots_stand_where_the_median_front_stood(khalkhin_gol: Any, style: None) -> None:
    figure, resolved, bands, context = _figure(khalkhin_gol)
    axes = figure.axes[0]
    day = front_days(context.calendar.calendar_days)[0]
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
    marked = lines["taken in at least 90 % of replications"].get_xydata()
    assert {tuple(point) for point in marked.tolist()} == wanted


@dataclass(frozen=True)
class Straight:
    """A route on a line of latitude, a degree every 100 km."""

    start: float
    end: float
    axis: Any

    def at(self, km: float) -> tuple[float, float]:
        return self.start + np.sign(self.end - self.start) * km / 100.0, 0.0

    def between(self, start: float, end: float) -> list[tuple[float, float]]:
        return [self.at(start), self.at(end)]

    @property
    def lon(self) -> list[float]:
        return [self.start, self.end]

    @property
    def lat(self) -> list[float]:
        return [0.0, 0.0]


def test_a_shared_road_has_the_colour_of_the_first_to_come(style: None) -> None:
    """One column goes the whole road by day 1, another half of it by day 2, from the other end."""
    first = Straight(0.0, 10.0, SimpleNamespace(id="first"))
    second = Straight(10.0, 0.0, SimpleNamespace(id="second"))
    positions = {"first": np.array([0.0, 1000.0, 1000.0]), "second": np.array([0.0, 0.0, 500.0])}
    gained = stretches([second, first], positions, [1, 2])  # type: ignore[list-item]
    assert {day: len(some) for day, some in gained.items()} == {1: 1, 2: 1}
    figure = Sheet("").figure(4.0)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, 10.0)
    axes.set_ylim(-1.0, 1.0)
    draw_fronts(axes, [second, first], gained)  # type: ignore[list-item]
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    early, late = front_colours(2)
    for share in (0.2, 0.7, 0.9):
        at = pixels[len(pixels) // 2, int(share * pixels.shape[1]), :3] / 255
        assert to_hex(at) == early != late


@pytest.mark.parametrize(("hour", "minute"), [(18, 0), (0, 1), (5, 45)])
def test_a_date_of_the_map_is_that_of_the_days_end(
    hour: int, minute: int, khalkhin_gol: Any, style: None
) -> None:
    """The front at the end of day 2 is told of the date that day has, whatever H-hour is."""
    h_hour = datetime(1939, 8, 20, hour, minute, tzinfo=timezone(timedelta(hours=8)))
    resolved = replace(khalkhin_gol.scenario.sampler.central(), calendar=Calendar(h_hour, 11.2))
    context = FigureContext("T", resolved, 1)
    days = context.calendar.calendar_days
    front = np.minimum(3.0 * np.arange(days + 1.0), 15.0)
    bands = {f"front/{axis.id}": np.tile(front, (5, 1)) for axis in resolved.axes}
    figure = map_figure(bands, {}, context, None)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "front by the end of 21 Aug (day 2)" in labels
    day_2 = next(li for li in figure.axes[0].lines if li.get_label() == "front, day 2")
    route = routes_of(resolved)[0]
    assert np.hypot(*(day_2.get_xydata() - route.at(6.0)).T).min() < 1e-9
