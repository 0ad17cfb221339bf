"""Figures of one battle and pages of combat results."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from sandtable import battle, combat_results_table
from sandtable.figures.results_table import draw_results_table, results_page
from sandtable.figures.sheet import HEIGHT
from sandtable.figures.single_battle import battle_page, draw_battle
from sandtable.figures.style import styled
from sandtable.single_battle.written import footing

FORCES = "men=9000,tanks=40", "men=6000,tanks=5"


def texts(figure: Figure) -> list[str]:
    found = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    return [text.get_text() for text in found]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of the texts of a figure whose boxes cover one another."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    shown = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    shown += [text for text in figure.texts if text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in shown]
    return [
        (one, other)
        for number, (one, box) in enumerate(boxes)
        for other, beside in boxes[:number]
        if box.x0 < beside.x1 - 1 and beside.x0 < box.x1 - 1
        and box.y0 < beside.y1 - 1 and beside.y0 < box.y1 - 1
    ]  # fmt: skip


def test_a_battle_s_page_tells_what_was_found(tmp_path: Path) -> None:
    found = battle(*FORCES, replications=80)
    with styled():
        page = battle_page(found)
        share, error = found.chance("defender breaks")
        assert f"{share:.0%} ± {error:.1%}" in texts(page)
        assert any("272 battles" in text for text in texts(page))
        assert overlapping(page) == []
    first = draw_battle(found, tmp_path / "a.svg").read_bytes()
    assert draw_battle(found, tmp_path / "b.svg").read_bytes() == first


@pytest.mark.verify
@pytest.mark.parametrize("die", ["1d6", "2d6", "d100"])
def test_a_page_of_combat_results_has_every_cell_once(die: str, tmp_path: Path) -> None:
    odds = ["1:3", "1:2", "1:1", "3:2", "2:1", "3:1", "4:1", "5:1", "6:1", "10:1"]
    table = combat_results_table(*FORCES, die=die, odds=odds, replications=10, days=1.0)
    with styled():
        page = results_page(table)
        shown = texts(page)
        cells = [cell.code for column in table.columns for cell in column.cells]
        told = [" ".join(text.split()).removesuffix(" km") for text in shown]
        assert all(told.count(code) >= cells.count(code) for code in cells)
        assert all(text in shown for row in footing(table) for text in row)
        assert overlapping(page) == []
    assert page.get_size_inches()[1] <= HEIGHT
    for form, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")):
        first = draw_results_table(table, tmp_path / f"a.{form}").read_bytes()
        assert first.startswith(start)
        assert draw_results_table(table, tmp_path / f"b.{form}").read_bytes() == first
