from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.figures.sheet import Sheet
from sandtable.figures.text import _advance, line_count, text_inches, wrapped

WORDS = ["Soviet Union: killed", "formation.107-division.effectiveness", "Großdeutschland", "≤ 3–4"]


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("text", WORDS)
def test_a_line_is_no_narrower_than_it_is_drawn(text: str, weight: str, style: None) -> None:
    figure = Sheet("").figure(2.0)
    drawn = figure.text(0.0, 0.5, text, size=9.0, weight=weight)
    inches = drawn.get_window_extent().width / figure.dpi
    assert inches - 0.02 <= text_inches(text, 9.0, weight) <= 1.06 * inches + 0.02


def test_a_text_is_broken_between_words_and_long_words_behind_their_marks() -> None:
    room = text_inches("Northern pass")
    assert wrapped("Northern pass of the tank army", room) == "Northern pass\nof the tank\narmy"
    room = text_inches("formation.107-")
    assert wrapped("formation.107-division.tanks", room) == "formation.107-\ndivision.tanks"
    assert wrapped("one\ntwo", 5.0) == "one\ntwo"
    assert wrapped("(1\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}3)", 5.0).count("\xa0") == 2
    assert [line_count(text) for text in ("", "a", "a\nb")] == [0, 1, 2]


@given(st.text("abc -./", max_size=60), st.floats(0.15, 2.0))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, inches: float) -> None:
    lines = wrapped(text, inches).split("\n")
    assert all(text_inches(line) <= inches for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_letter_is_as_wide_whatever_settings_are_in_force_when_it_is_first_measured() -> None:
    widths = []
    for hinting in ("none", "force_autohint"):
        _advance.cache_clear()
        with mpl.rc_context({"text.hinting": hinting}):
            widths.append(text_inches("Army 1945"))
    assert widths[0] == widths[1]


def test_a_letter_counts_by_the_room_it_takes() -> None:
    widths = np.array([text_inches("i" * n) for n in range(1, 5)])
    assert widths == pytest.approx(np.arange(1, 5) * widths[0])
    assert text_inches("w") > 2 * text_inches("i")
