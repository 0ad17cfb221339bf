from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from sandtable.errors import InputError
from sandtable.figures import FigureContext, map_figure, quantiles
from sandtable.figures.base_map import (
    KM_PER_DEGREE,
    Bounds,
    credit,
    draw_ground,
    draw_scale,
    features_shown,
    frame,
    legend_handles,
    load_ground,
    names_on_ground,
    room_of_scale,
    too_coarse,
)
from sandtable.figures.labels import Label, Placing, draw_labels
from sandtable.figures.sheet import Sheet
from sandtable.scenario.ground import Ground
from sandtable.shipped import geography_root

INPUTS = Path(__file__).parents[1] / "inputs" / "scenarios"


@pytest.fixture
def own() -> Ground:
    ground = load_ground(INPUTS / "valid" / "with-map" / "ground.geojson")
    assert ground is not None
    return ground


@cache
def base(name: str) -> Ground:
    ground = load_ground(geography_root() / f"{name}.geojson.gz")
    assert ground is not None
    return ground


@pytest.fixture
def world() -> Ground:
    return base("world")


def framed(west: float, east: float, south: float, north: float) -> Axes:
    axes = Sheet("").figure(6.0).add_axes((0.1, 0.1, 0.8, 0.8))
    return frame(axes, Bounds.of([west, east], [south, north], 1.0))


def colours(axes: Axes) -> Callable[[float, float], str]:
    """Tells the colour of the ground, as it is drawn now, at a longitude and latitude."""
    axes.figure.canvas.draw()
    pixels = np.asarray(axes.figure.canvas.buffer_rgba())

    def at(lon: float, lat: float) -> str:
        x, y = axes.transData.transform((lon, lat))
        return to_hex(pixels[len(pixels) - 1 - round(y), round(x), :3] / 255)

    return at


def test_a_scale_bar_is_as_long_as_it_says(style: None) -> None:
    axes = Sheet("").figure(6.0).add_axes((0.1, 0.1, 0.8, 0.8))
    frame(axes, Bounds.of([118.4, 119.0], [47.5, 48.0], 1.0))
    draw_scale(axes)
    ends = axes.transAxes.transform([(x, 0) for x in axes.lines[0].get_xdata()[1:3]])
    degrees = np.diff(axes.transData.inverted().transform(ends)[:, 0])[0]
    km = float(axes.texts[0].get_text().removesuffix(" km"))
    middle = sum(axes.get_ylim()) / 2
    assert degrees * KM_PER_DEGREE * math.cos(math.radians(middle)) == pytest.approx(km, rel=1e-6)


def test_a_name_keeps_off_the_scale_bar(style: None) -> None:
    axes = Sheet("").figure(6.0).add_axes((0.1, 0.1, 0.8, 0.8))
    frame(axes, Bounds.of([118.4, 119.0], [47.5, 48.0], 1.0))
    draw_scale(axes)
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    spot = left + 0.08 * (right - left), bottom + 0.045 * (top - bottom)
    placing = Placing(axes, room_of_scale(axes))
    assert placing.place([Label("Ninguta", *spot)]) == []
    draw_labels(axes, placing.placed)
    bar, name = axes.texts
    assert not bar.get_window_extent().overlaps(name.get_window_extent())


def test_a_degree_is_as_long_up_as_across_on_the_ground(style: None) -> None:
    axes = Sheet("").figure(6.0).add_axes((0.1, 0.1, 0.8, 0.8))
    frame(axes, Bounds.of([110.0, 135.0], [39.0, 51.0], 0.7))
    origin, east, north = axes.transData.transform([(120, 45), (121, 45), (120, 46)])
    ratio = (east[0] - origin[0]) / (north[1] - origin[1])
    assert ratio == pytest.approx(math.cos(math.radians(45.0)), rel=1e-6)


@pytest.mark.parametrize("name", ["world", "northeast-asia"])
def test_land_and_water_are_where_they_are(name: str, style: None) -> None:
    ground = base(name)
    axes = framed(104.0, 145.0, 35.0, 56.0)
    draw_ground(axes, features_shown(ground, 41.0, borders=False))
    at = colours(axes)
    land, sea = at(123.0, 46.0), to_hex(axes.get_facecolor())
    assert land != sea
    assert at(123.43, 41.5) == land  # south of Mukden
    assert at(120.0, 38.7) == sea  # the Gulf of Pohai
    assert at(132.4, 45.0) == sea  # Lake Khanka
    assert at(108.2, 53.5) == sea  # Lake Baikal


def test_limits_stay_as_they_are(world: Ground, own: Ground, style: None) -> None:
    axes = framed(129.9, 130.6, 42.3, 42.7)
    limits = axes.get_xlim(), axes.get_ylim()
    for ground in (world, own):
        draw_ground(axes, features_shown(ground, 5.0, borders=True))
    assert (axes.get_xlim(), axes.get_ylim()) == limits


def test_ground_without_land_is_land_all_over(own: Ground, style: None) -> None:
    axes = framed(129.9, 130.6, 42.3, 42.7)
    inland = [f for f in own.features if f.properties.layer != "land"]
    draw_ground(axes, inland)
    before = to_hex(axes.get_facecolor())
    draw_ground(axes, own.features)
    assert to_hex(axes.get_facecolor()) != before == colours(axes)(130.15, 42.5)


def test_borders_of_today_are_drawn_only_if_asked_for(world: Ground, own: Ground) -> None:
    for ground in (world, own):
        without = features_shown(ground, 20.0, borders=False)
        assert "border" not in {f.properties.layer for f in without}
        assert "Borders" not in credit(ground, without)
        asked = features_shown(ground, 20.0, borders=True)
        assert "border" in {f.properties.layer for f in asked}
        assert credit(ground, asked).endswith("Borders are today's.")


def test_the_wider_the_map_the_fewer_rivers(world: Ground) -> None:
    counts = [len(features_shown(world, degrees, borders=True)) for degrees in (10, 60, 360)]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1] > 1000
    lowest = [f.properties.rank for f in features_shown(world, 360.0, borders=False)]
    assert max(lowest) == 3


def test_a_map_of_ones_own_is_shown_as_a_whole(own: Ground) -> None:
    assert len(features_shown(own, 360.0, borders=True)) == len(own.features)
    assert not too_coarse(own, 0.01)


@pytest.mark.parametrize(("name", "degrees"), [("world", 1.5), ("northeast-asia", 0.3)])
def test_below_its_scale_a_base_map_says_nothing(name: str, degrees: float) -> None:
    ground = base(name)
    assert features_shown(ground, 1.01 * degrees, borders=False)
    nothing = features_shown(ground, 0.99 * degrees, borders=False)
    assert nothing == []
    assert credit(ground, nothing).startswith("The region is too small for the base map (Natural E")


def test_a_caption_credits_and_says_what_is_schematic(own: Ground) -> None:
    assert credit(None, []) == "No base map."
    assert credit(own, own.features) == (
        "Ground: invented. Schematic, not surveyed: Sands, Rill, Claimed by the other. "
        "Borders are today's."
    )


def test_frontiers_differ_by_their_lines_not_their_colour(own: Ground, style: None) -> None:
    first, second, dunes = legend_handles(own.features)
    assert [h.get_label() for h in (first, second, dunes)] == [
        "Claimed by one",
        "Claimed by the other",
        "dunes",
    ]
    assert first.get_color() == second.get_color()
    axes = framed(129.9, 130.6, 42.3, 42.7)
    draw_ground(axes, own.features)
    drawn = [
        patch
        for patch in axes.patches
        if to_hex(patch.get_edgecolor()) == first.get_color().lower()
    ]
    # Two parts of the one, one of the other.
    dashes = [patch.get_linestyle() for patch in drawn]
    assert len(dashes) == 3 and dashes[0] == dashes[1] != dashes[2]


def test_schematic_lines_are_broken(own: Ground, style: None) -> None:
    axes = framed(129.9, 130.6, 42.3, 42.7)
    surveyed = [f for f in own.features if f.properties.name == "Brook"]
    draw_ground(axes, surveyed)
    assert axes.patches[-1].get_linestyle() in ("-", "solid")
    draw_ground(axes, [f for f in own.features if f.properties.name == "Rill"])
    assert axes.patches[-1].get_linestyle() not in ("-", "solid")


def test_water_dunes_and_frontiers_differ_in_lightness_too(own: Ground, style: None) -> None:
    # Told apart without any colour: relative luminance after WCAG 2.
    axes = framed(129.9, 130.6, 42.3, 42.7)
    draw_ground(axes, own.features)

    def luminance(colour: Any) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
        ]
        return float(np.dot((0.2126, 0.7152, 0.0722), linear))

    frontier = legend_handles(own.features)[0].get_color()
    river = next(p for p in axes.patches if p.get_linewidth() > 2).get_edgecolor()
    land = axes.patches[0].get_facecolor()
    ground, water, line = (luminance(c) for c in (land, river, frontier))
    assert (ground + 0.05) / (line + 0.05) > 4.5
    assert (water + 0.05) / (line + 0.05) > 3
    assert (ground + 0.05) / (water + 0.05) > 1.5


def test_names_stand_within_the_frame_and_none_twice(own: Ground, style: None) -> None:
    axes = framed(129.9, 130.6, 42.4, 42.6)
    labels = names_on_ground(axes, own.features, {"Pond"})
    assert [label.text for label in labels] == ["Sands", "Brook", "Rill"]
    placing = Placing(axes, [])
    assert placing.place(labels) == []
    draw_labels(axes, placing.placed)
    assert [text.get_text() for text in axes.texts] == ["Sands", "Brook", "Rill"]
    brook = labels[1]
    # Half way along what is seen of it, or else anywhere along.
    assert (brook.x, brook.y) == (130.3, 42.5)
    south, north = axes.get_ylim()
    assert len(brook.elsewhere) == 4 and all(south < y < north for _, y in brook.elsewhere)
    axes.set_ylim(42.35, 42.45)
    (brook,) = names_on_ground(axes, own.features, {"Pond", "Sands"})
    assert (brook.x, brook.y, brook.elsewhere) == (130.275, 42.4, ())


def test_a_faulty_file_is_refused_with_its_faults() -> None:
    with pytest.raises(InputError, match=r"layer: found 'rivr'"):
        load_ground(INPUTS / "invalid" / "maps" / "layer-unknown.geojson")
    assert load_ground(None) is None


def test_a_map_says_in_its_caption_what_it_is_drawn_on(
    khalkhin_gol: Any, own: Ground, style: None
) -> None:
    timeline = khalkhin_gol.results.timeline
    points = quantiles(timeline)
    bands = {name: points[:, :, k] for k, name in enumerate(khalkhin_gol.results.series)}
    resolved = khalkhin_gol.scenario.sampler.central()
    context = FigureContext("T", resolved, 1)
    resolved.map.note = "Good to a mile."
    try:
        figures = [map_figure(bands, {}, context, ground) for ground in (own, None)]
    finally:
        resolved.map.note = None
    with_ground, without = (" ".join(f.texts[2].get_text().split()) for f in figures)
    assert "Ground: invented. Schematic" in with_ground and "today's" not in with_ground
    assert "No base map. Good to a mile. Equirectangular" in without


def test_a_degree_of_latitude_is_a_360th_of_a_great_circle() -> None:
    assert pytest.approx(2 * math.pi * 6371 / 360, rel=1e-5) == KM_PER_DEGREE


def test_a_name_beside_its_point_is_nearer_to_it_than_to_any_other_mark(style: None) -> None:
    """Of thirty points close together; a name without a line to its point could be another's."""
    axes = Sheet("").figure(4.0).add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(0.0, 100.0)
    drawn = np.random.default_rng(5).uniform(30.0, 60.0, (30, 2)).tolist()
    marks = [(x, y) for x, y in drawn]
    labels = [Label(f"Place {i}", x, y) for i, (x, y) in enumerate(marks)]
    doubtful = []
    for known in ([], marks):
        placing = Placing(axes, [(x, y, 3.0) for x, y in marks], known)
        placing.place(labels)
        beside = [name for name in placing.placed if name.leader is None]
        assert len(beside) > 5
        draw_labels(axes, beside)
        doubtful.append(sum(_is_doubtful(axes, text, marks) for text in axes.texts))
        for text in list(axes.texts):
            text.remove()
    assert doubtful[0] > 2 and doubtful[1] == 0


def _is_doubtful(axes: Any, text: Any, marks: list[tuple[float, float]]) -> bool:
    """Whether a name stands as near to another mark as to its own."""
    box = text.get_window_extent()
    at = axes.transData.transform(marks)
    x = np.maximum(0.0, np.maximum(box.x0 - at[:, 0], at[:, 0] - box.x1))
    y = np.maximum(0.0, np.maximum(box.y0 - at[:, 1], at[:, 1] - box.y1))
    away = np.hypot(x, y)
    own = int(text.get_text().split()[1])
    return bool(np.delete(away, own).min() <= away[own])
