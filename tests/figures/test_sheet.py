from __future__ import annotations

from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from printed import A4, MARGIN, check_printed
from sandtable.figures.sheet import HEIGHT, WIDTH, Frame, Sheet, dealt, numbered, save

LONG = "What is said of a campaign that nobody has a short name for, in words without end: " * 3


def test_a_page_fits_a4_upright_and_its_body_what_is_left() -> None:
    assert max(WIDTH * 25.4 - (A4[0] - 2 * MARGIN), HEIGHT * 25.4 - (A4[1] - 2 * MARGIN)) <= 0.0
    sheet = Sheet(LONG, LONG, LONG, [Line2D([], [], label="median")], LONG)
    figure = sheet.figure(sheet.room)
    assert tuple(figure.get_size_inches()) == pytest.approx((WIDTH, HEIGHT))


def test_title_legend_caption_and_warning_keep_apart(style: None) -> None:
    handles = [Line2D([], [], color="C0", label=f"entry {n} of many") for n in range(9)]
    figure, cell = Sheet(LONG, LONG, LONG, handles, LONG).grid([1.0], 1, Frame(1.0, 1.0))
    cell(0, 0).plot([0.0, 1.0], [0.0, 1.0], color="C0")
    check_printed(figure)
    assert figure.texts[-1].get_color() != figure.texts[-2].get_color()


@pytest.mark.filterwarnings("error")
def test_words_of_a_scenario_are_text(style: None, tmp_path: Path) -> None:
    figure = Figure(figsize=(3.0, 1.0))
    figure.text(0.1, 0.5, "$\\frac{$ \x1b[2J\ufffe <b>")
    path = save(figure, tmp_path, "page", "svg")
    assert r"<!-- $\frac{$ \x1b[2J\ufffe &lt;b&gt; -->" in path.read_text(encoding="utf-8")
    minidom.parse(str(path))


def test_cells_stand_where_the_frame_says() -> None:
    sheet, frame = Sheet("T"), Frame(0.5, 0.6, 0.7, above=0.2, below=0.3)
    figure, cell = sheet.grid([1.0, 2.0], 2, frame)
    height = figure.get_size_inches()[1]
    assert height == pytest.approx(sheet.head + 1.0 + 2.0 + 2 * 0.5 + sheet.foot)
    box = cell(1, 1).get_position()
    assert box.x1 * WIDTH == pytest.approx(WIDTH - 0.6)
    assert box.width * WIDTH == pytest.approx((WIDTH - 0.5 - 0.6 - 0.7) / 2)
    assert box.height * height == pytest.approx(2.0)
    assert box.y0 * height == pytest.approx(sheet.foot + 0.3)


def test_rows_are_dealt_to_pages_as_alike_as_can_be() -> None:
    assert dealt([1.0] * 7, 6.0) == [slice(0, 4), slice(4, 7)]
    assert dealt([5.0, 1.0, 1.0, 1.0], 6.0) == [slice(0, 1), slice(1, 4)]
    assert dealt([9.0, 1.0], 6.0) == [slice(0, 1), slice(1, 2)]
    assert dealt([], 6.0) == []


@given(st.lists(st.floats(0.1, 5.0), min_size=1, max_size=30))
def test_no_page_holds_more_than_it_has_room_for(heights: list[float]) -> None:
    pages = dealt(heights, 5.0)
    assert [i for page in pages for i in range(len(heights))[page]] == list(range(len(heights)))
    sums = [sum(heights[page]) for page in pages]
    assert max(sums) <= 5.0 + 1e-6
    # As few pages as there can be: the first that holds all the rest of a greedy filling.
    fewest, used = 1, 0.0
    for height in heights:
        fewest, used = (fewest, used + height) if used + height <= 5.0 else (fewest + 1, height)
    assert len(pages) <= fewest


def test_pages_say_which_they_are() -> None:
    pages = list(Sheet("T").pages([5.0, 5.0, 5.0]))
    assert [sheet.title.replace("\xa0", " ") for sheet, _ in pages] == [
        "T (1 of 3)", "T (2 of 3)", "T (3 of 3)",
    ]  # fmt: skip
    figures = [sheet.figure(1.0) for sheet, _ in pages]
    assert [name for name, _ in numbered("x", figures)] == ["x-1", "x-2", "x-3"]
    assert [name for name, _ in numbered("x", figures[:1])] == ["x"]
