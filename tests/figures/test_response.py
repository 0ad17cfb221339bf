"""Figures of vary studies: what stands in them is what was told to them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dimensions import parse_dimensions
from sandtable.calendar import Calendar
from sandtable.evidence import Claim
from sandtable.figures import FigureContext
from sandtable.figures.response import draw_vary
from sandtable.figures.response_panel import (
    draw_curve,
    draw_heat,
    draw_intervals,
    draw_scatter,
)
from sandtable.figures.sheet import Sheet
from sandtable.figures.style import VERMILION
from sandtable.studies.vary.method import Ensemble, Response, VaryFindings, respond

H_HOUR = datetime(1945, 8, 9, tzinfo=UTC)
LOSSES = "losses/ussr/personnel/total"
CLAIM = Claim("c", "toy", LOSSES, 150.0, 250.0, "person", "Report", "source", None, "")


RESOLVED: Any = SimpleNamespace(
    axes=(), formations=(), places=(), sides=(), phases=(), name="toy",
    calendar=Calendar(H_HOUR, 10.0),
)  # fmt: skip
SCENARIO: Any = SimpleNamespace(
    sampler=SimpleNamespace(central=lambda: RESOLVED),
    file=SimpleNamespace(
        scenario=SimpleNamespace(title="Toy"), axis=(), formation=(), place=(), side=()
    ),
    quantities=(),
)
CONTEXT = FigureContext("Toy", RESOLVED, 11)


def response(means: list[float], outcome: str = LOSSES, claims: Any = (CLAIM,)) -> Response:
    spread = np.linspace(-50.0, 50.0, 11)
    sound = np.ones(11, dtype=np.bool_)
    found = [Ensemble(mean + spread, sound, Calendar(H_HOUR, 10.0)) for mean in means]
    return respond(outcome, "person", found, claims)


def axes() -> Any:
    return Sheet("").figure(4.0).add_axes((0.1, 0.2, 0.6, 0.5))


def findings(
    responses: list[Response], dimensions: Any, points: Any, warning: str | None = None
) -> VaryFindings:
    return VaryFindings(SCENARIO, dimensions, points, responses, 11, warning)


def test_a_curve_goes_through_the_medians_in_order(style: None) -> None:
    drawn = draw_curve(axes(), response([300.0, 100.0, 200.0]), np.array([3.0, 1.0, 2.0]), CONTEXT)
    line, marks = drawn.lines[:2]
    assert line.get_xdata().tolist() == [1.0, 2.0, 3.0]
    assert line.get_ydata() == pytest.approx([100.0, 200.0, 300.0])
    assert marks.get_marker() == "o"
    claim = [li.get_ydata()[0] for li in drawn.lines if li.get_color() == VERMILION]
    assert sorted(claim) == [150.0, 250.0]
    assert any("Report\n150–250" in text.get_text() for text in drawn.texts)


def test_intervals_stand_at_their_quantiles(style: None) -> None:
    drawn = draw_intervals(axes(), response([100.0, 200.0]), ["x", "y"], CONTEXT)
    light, dark = (bars.get_segments() for bars in drawn.collections[:2])
    assert light[1][:, 1] == pytest.approx([155.0, 245.0])
    assert dark[0][:, 1] == pytest.approx([75.0, 125.0])
    assert [label.get_text() for label in drawn.get_xticklabels()] == ["x", "y"]


def test_a_heat_map_has_its_values_and_the_records_contour(style: None) -> None:
    x, y = np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0])
    drawn = draw_heat(axes(), response((100.0 * x.ravel()).tolist()), x.ravel(), y.ravel(), CONTEXT)
    printed = [text.get_text() for text in drawn.texts]
    assert printed[:6] == ["0", "100", "200"] * 2
    contours = drawn.collections[-1]
    levels = {
        round(float(level), 6): path.vertices[:, 0]
        for level, path in zip(contours.levels, contours.get_paths(), strict=True)
        if len(path.vertices)
    }
    # The median is 100 x, so it equals the claim's lower end at 1.5; the upper lies outside.
    assert list(levels) == [150.0]
    assert levels[150.0] == pytest.approx(1.5)


def test_a_record_without_contour_is_told(style: None) -> None:
    x = np.array([0.0, 1.0, 0.0, 1.0])
    y = np.array([0.0, 0.0, 1.0, 1.0])
    far = draw_heat(axes(), response([0.0, 1.0, 2.0, 3.0]), x, y, CONTEXT)
    assert "Report, 150–250: met nowhere" in {text.get_text() for text in far.texts}
    within = draw_heat(axes(), response([190.0, 200.0, 200.0, 210.0]), x, y, CONTEXT)
    assert "Report, 150–250: holds everywhere" in {text.get_text() for text in within.texts}


def test_points_off_a_grid_keep_their_place(style: None) -> None:
    x, y = np.array([0.0, 1.0, 0.5, 0.2]), np.array([0.0, 0.3, 1.0, 0.6])
    drawn = draw_heat(axes(), response([100.0, 200.0, 300.0, 120.0]), x, y, CONTEXT)
    offsets = drawn.collections[0].get_offsets()
    assert offsets.tolist() == np.column_stack([x, y]).tolist()
    assert drawn.get_xlim()[0] < 0.0 < 1.0 < drawn.get_xlim()[1]


def test_never_is_drawn_at_the_end(style: None) -> None:
    sound = np.ones(3, dtype=np.bool_)
    found = [Ensemble(np.array([1.0, np.nan, np.nan]), sound, Calendar(H_HOUR, 10.0))] * 2
    drawn = draw_scatter(
        axes(), respond("captured/hill", "day", found, ()), np.array([0.0, 1.0]), CONTEXT
    )
    assert drawn.lines[0].get_ydata().tolist() == [10.0, 10.0]


@pytest.mark.verify
@pytest.mark.parametrize(
    ("keys", "pages"),
    [(["a=1,2,3"], 1), (["a=x,y,z"], 2), (["a=1,2", "b=1,2"], 1), (["a=1,2", "b=x,y", "c=1,2"], 2)],
)
def test_every_design_is_drawn_and_twice_the_same(
    keys: list[str], pages: int, tmp_path: Path
) -> None:
    from itertools import product

    dimensions = parse_dimensions(keys)
    points = list(product(*(dimension.values for dimension in dimensions)))
    moved = response([100.0 * i for i in range(len(points))])
    still = response([0.0] * len(points), "losses/japan/tanks")
    files = [
        draw_vary(findings([moved, still], dimensions, points), tmp_path / name)
        for name in ("a", "b")
    ]
    assert len(files[0]) == pages
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]


def test_moments_have_their_clock_in_the_caption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[Any] = []
    monkeypatch.setattr("sandtable.figures.response.save", lambda figure, *_: pages.append(figure))
    dimensions = parse_dimensions(["a.starts=1945-08-09T06:00,1945-08-12"])
    points = [(value,) for value in dimensions[0].values]
    found = [response([100.0, 200.0])]
    draw_vary(findings(found, dimensions, points, "fitted to the record: x"), tmp_path)
    words = " ".join(text.get_text() for text in pages[0].texts)
    assert "Dates and hours: UTC." in words
    assert words.endswith("fitted to the record: x")
    labels = [text.get_text() for text in pages[0].axes[0].get_xticklabels()]
    assert labels == ["10 Aug\n00:00", "11 Aug\n00:00", "12 Aug\n00:00"]
    assert pages[0].axes[0].get_xlim()[1] == (datetime(1945, 8, 12) - datetime(1970, 1, 1)).days


def test_what_never_moves_is_not_drawn(tmp_path: Path) -> None:
    dimensions = parse_dimensions(["a=1,2"])
    still = response([5.0, 5.0], "losses/japan/tanks")
    assert draw_vary(findings([still], dimensions, [(1.0,), (2.0,)]), tmp_path) == []
