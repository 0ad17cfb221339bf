from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sandtable
from printed import check_printed
from sandtable.figures import FigureContext
from sandtable.figures.comparison import (
    Moved,
    comparison_figures,
    draw_comparison,
    draw_differences,
    moved_outcomes,
)
from sandtable.figures.sheet import Sheet

RUNS = {"base": None, "no surprise": "no-surprise", "frontal attack": "frontal-attack"}


@pytest.fixture(scope="module")
def runs() -> dict[str, Any]:
    return {
        name: sandtable.load("khalkhin-gol-1939", variant=variant).run(replications=12, seed=1)
        for name, variant in RUNS.items()
    }


@pytest.mark.verify
def test_differences_are_those_of_the_same_replications(runs: dict[str, Any], style: None) -> None:
    base, *others = runs.values()
    moved = {row.outcome: row for row in moved_outcomes(base, others)}
    name = "losses/ussr/personnel/killed"
    for told, other in zip(moved[name].differences, others, strict=True):
        wanted = other.outcomes[name] - base.outcomes[name]
        assert told.mean == pytest.approx(wanted.mean())
        assert (told.p05, told.p95) == pytest.approx(tuple(np.quantile(wanted, [0.05, 0.95])))
    assert set(moved) <= set(base.manifest["headline"])
    assert moved_outcomes(base, [base]) == []


@pytest.mark.verify
def test_a_row_shows_mean_interval_and_error(runs: dict[str, Any], style: None) -> None:
    base, *others = runs.values()
    row = next(r for r in moved_outcomes(base, others) if r.unit == "person")
    context = FigureContext.of(base.campaign.scenario, 12)
    axes = Sheet("").figure(2.0).add_axes((0.4, 0.3, 0.4, 0.5))
    draw_differences(axes, row, context)
    for y, told in enumerate(row.differences):
        thin, thick = axes.collections[y].get_segments()
        assert thin.tolist() == [[told.p05, y], [told.p95, y]]
        assert thick[:, 0] == pytest.approx([told.mean - told.mc_error, told.mean + told.mc_error])
    marks = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    assert [mark.get_xdata()[0] for mark in marks] == [told.mean for told in row.differences]
    assert len({(mark.get_color(), mark.get_marker()) for mark in marks}) == 2
    assert "persons" in {text.get_text() for text in axes.texts}


@pytest.mark.verify
def test_an_outcome_that_comes_about_less_often_says_so(runs: dict[str, Any], style: None) -> None:
    base, *others = runs.values()
    row = moved_outcomes(base, others)[0]
    rarer = row.differences[0].__class__(
        row.outcome, 0, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan,
        0.5, 0.25, 6, 3,
    )  # fmt: skip
    axes = Sheet("").figure(2.0).add_axes((0.4, 0.3, 0.4, 0.5))
    context = FigureContext.of(base.campaign.scenario, 12)
    draw_differences(axes, Moved(row.outcome, row.unit, (rarer,)), context)
    assert {"in 25%, was 50%", "it never comes about"} <= {t.get_text() for t in axes.texts}


@pytest.mark.verify
def test_pages_are_legible_and_written_twice_the_same(
    runs: dict[str, Any], tmp_path: Path, style: None
) -> None:
    for figure in comparison_figures(runs):
        check_printed(figure)
    one, two = (draw_comparison(runs, tmp_path / name) for name in ("a", "b"))
    assert [path.stem.split("-")[0] for path in one] == ["comparison"] * len(one)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert draw_comparison({"a": runs["base"], "b": runs["base"]}, tmp_path / "none") == []
