from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandtable.figures import FigureContext, draw_causes, tanks_figures
from sandtable.figures.sheet import Sheet


def _setting(case: Any) -> FigureContext:
    return FigureContext("T", case.scenario.sampler.central(), 60)


def test_shares_and_records_stand_at_their_values(style: None) -> None:
    axes = Sheet("").figure(4.0).add_axes((0.2, 0.1, 0.7, 0.8))
    points = {
        "artillery": np.array([0.1, 0.2, 0.3, 0.4, 0.5]),
        "aircraft": np.array([0.0, 0.05, 0.1, 0.15, 0.2]),
    }
    recorded = {"artillery": [(0.75, 0.80, "Soviet claim"), (0.1, 0.1, "Japanese records")]}
    assert draw_causes(axes, points, recorded) is axes
    assert axes.lines[0].get_xdata().tolist() == [0.3, 0.1]
    light, dark = (c.get_segments() for c in axes.collections)
    assert light[0][:, 0].tolist() == [0.1, 0.5]
    assert dark[1][:, 0].tolist() == [0.05, 0.15]
    assert axes.lines[1].get_xdata().tolist() == [0.75, 0.80]
    # The claims stand one below the other, between their own cause and the next.
    first, second = axes.get_yticks()
    one, two = (line.get_ydata()[0] for line in axes.lines[1:3])
    assert first < one < two < second


def test_a_page_shows_the_medians_of_the_sides_that_lost_tanks(
    khalkhin_gol: Any, style: None
) -> None:
    outcomes = khalkhin_gol.results.outcomes
    (figure,) = tanks_figures(outcomes, khalkhin_gol.rows, _setting(khalkhin_gol))
    (axes,) = figure.axes
    medians = [
        np.median(v) for name, v in outcomes.items() if name.startswith("losses/ussr/tanks/by")
    ]
    assert axes.lines[0].get_xdata().tolist() == pytest.approx(medians)


def test_without_a_tank_lost_there_is_no_figure(khalkhin_gol: Any, style: None) -> None:
    outcomes = {
        name: np.full(60, np.nan) if "/tanks/by/" in name else values
        for name, values in khalkhin_gol.results.outcomes.items()
    }
    assert tanks_figures(outcomes, khalkhin_gol.rows, _setting(khalkhin_gol)) == []
