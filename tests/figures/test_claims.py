from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sandtable.figures import FigureContext, claims_figures, draw_panel
from sandtable.figures.claim_panel import GIVEN, VERDICTS
from sandtable.figures.claims import panels
from sandtable.figures.sheet import Sheet


def _setting(case: Any) -> FigureContext:
    return FigureContext("T", case.scenario.sampler.central(), 60)


def _draw(case: Any, kind: str, rows: list[Any] | None = None) -> tuple[Any, Any]:
    context = _setting(case)
    panel = next(p for p in panels(rows or case.rows, context) if p.heading.startswith(kind))
    axes = Sheet("").figure(20.0).add_axes((0.4, 0.1, 0.5, 0.8))
    return draw_panel(axes, panel, context, case.baseline), panel


def test_every_claim_has_one_row_on_one_page(manchuria: Any, style: None) -> None:
    context = _setting(manchuria)
    rows = manchuria.rows[:90]
    sorted_in = [row.claim for panel in panels(rows, context) for row in panel.rows]
    assert sorted(sorted_in) == sorted(row.claim for row in rows)
    figures = claims_figures(rows, context, manchuria.baseline)
    shapes = {marker for _, marker in VERDICTS.values()}
    marks = [
        len(line.get_xdata())
        for figure in figures
        for axes in figure.axes
        for line in axes.lines
        if line.get_marker() in shapes
    ]
    # Each has its mark on the record and once more in the column at the right.
    assert sum(marks) == 2 * len(rows)
    assert len(figures) == 3


def test_medians_bars_and_records_stand_at_their_values(khalkhin_gol: Any, style: None) -> None:
    axes, panel = _draw(khalkhin_gol, "Personnel")
    light, dark = (c.get_segments() for c in axes.collections[1:3])
    for y, row in enumerate(panel.rows):
        assert light[y].tolist() == [[row.p05, y], [row.p95, y]]
        assert dark[y].tolist() == [[row.p25, y], [row.p75, y]]
    assert axes.lines[0].get_xdata().tolist() == [row.p50 for row in panel.rows]
    baseline = next(line for line in axes.lines if line.get_marker() == "D")
    medians = [np.median(khalkhin_gol.baseline[row.outcome]) for row in panel.rows]
    assert baseline.get_xdata().tolist() == pytest.approx(medians)


@pytest.mark.parametrize("verdict", list(VERDICTS))
def test_a_verdict_has_its_own_colour_and_shape(
    verdict: str, khalkhin_gol: Any, style: None
) -> None:
    told: dict[str, Any] = {"given": True} if verdict == GIVEN else {"verdict": verdict}
    rows = [replace(row, **told) for row in khalkhin_gol.rows]
    axes, panel = _draw(khalkhin_gol, "Personnel", rows)
    colour, marker = VERDICTS[verdict]
    marks = [li for li in axes.lines if li.get_marker() == marker and len(li.get_xdata())]
    # Once on the record, once in the column at the right.
    assert [len(line.get_xdata()) for line in marks] == [len(panel.rows)] * 2
    assert {line.get_color() for line in marks} == {colour}


def test_verdicts_differ_in_colour_and_in_shape() -> None:
    assert len({colour for colour, _ in VERDICTS.values()}) == len(VERDICTS)
    assert len({marker for _, marker in VERDICTS.values()}) == len(VERDICTS)


def test_what_an_order_gives_is_no_verdict(khalkhin_gol: Any, style: None) -> None:
    rows = [replace(row, given=True) for row in khalkhin_gol.rows]
    figure, *_ = claims_figures(rows, _setting(khalkhin_gol), {})
    legend = {text.get_text() for own in figure.legends for text in own.get_texts()}
    assert legend == {"middle 90 percent", "middle 50 percent", "median", "given by an order"}
    shapes = {marker for verdict, (_, marker) in VERDICTS.items() if verdict != GIVEN}
    lines = [li for axes in figure.axes for li in axes.lines if li.get_marker() in shapes]
    assert not any(len(line.get_xdata()) for line in lines)


def test_what_never_happens_stands_after_the_end(khalkhin_gol: Any, style: None) -> None:
    days = _setting(khalkhin_gol).end
    row = next(r for r in khalkhin_gol.rows if r.outcome == "captured/fui-heights")
    never = replace(row, p50=math.inf, p75=math.inf, p95=math.inf, claim_low=99.0, claim_high=99.0)
    axes, _ = _draw(khalkhin_gol, "Times", [never])
    assert axes.lines[0].get_xdata()[0] > days
    mark = next(li for li in axes.lines if li.get_marker() == VERDICTS[row.verdict][1])
    assert days < mark.get_xdata()[0] < axes.get_xlim()[1]
    assert any("never" in text.get_text() for text in axes.texts)


@pytest.mark.verify
def test_no_row_of_a_page_covers_the_next(manchuria: Any, style: None) -> None:
    figure = claims_figures(manchuria.rows, _setting(manchuria), {})[0]
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for axes in figure.axes for text in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
