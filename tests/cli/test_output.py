"""Tables: whole words in a terminal of any width, and as wide as they need when piped."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandtable.cli import output
from sandtable.cli.output import figures, print_table
from sandtable.plain_text import NBSP

Show = Callable[..., list[str]]


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Print a table as on a terminal of so many columns; return its lines without styles."""

    def shown(columns: int, *arguments: Any, **options: Any) -> list[str]:
        screen = io.StringIO()
        monkeypatch.setattr(screen, "isatty", lambda: True)
        with monkeypatch.context() as patched:
            patched.setenv("COLUMNS", str(columns))
            patched.setattr("sys.stdout", screen)
            print_table(*arguments, **options)
        text = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
        return [line.rstrip() for line in text.splitlines()]

    return shown


HEADINGS = ["outcome", "record>", "unit", "claimant", "verdict", "CRPS>"]
ROWS = [
    [
        "losses/japan/personnel/total",
        "674,000–713,729",
        "person",
        "An older author",
        "outside",
        "9",
    ],
    ["captured/mukden", f"11.4 (20{NBSP}Aug)", "day", "Another", "inside 90", "0.12"],
]


def test_where_there_is_room_a_row_is_a_line(show: Show) -> None:
    lines = show(100, "Beside the record", HEADINGS, ROWS)
    assert lines == [
        "Beside the record",
        "outcome                                record  unit    claimant         verdict    CRPS",
        "───────────────────────────────────────────────────────────────────────────────────────",
        "losses/japan/personnel/total  674,000–713,729  person  An older author  outside       9",
        "captured/mukden                 11.4 (20 Aug)  day     Another          inside 90  0.12",
        "",
    ]


def test_spare_columns_are_left_out_first(show: Show) -> None:
    lines = show(84, "", HEADINGS, ROWS, spare=("CRPS",), above=("claimant",))
    assert lines[1].split() == ["outcome", "record", "unit", "claimant", "verdict"]
    assert lines[3].endswith("person  An older author  outside")
    assert lines[-2:] == ["no room for: CRPS", ""]
    assert "no room" not in "".join(show(100, "", HEADINGS, ROWS, spare=("CRPS",)))


def test_then_the_first_cell_stands_above_the_others(show: Show) -> None:
    lines = show(50, "", HEADINGS, ROWS, spare=("CRPS",), above=("claimant",))
    assert lines[1:] == [
        "outcome, claimant",
        "           record  unit    verdict    CRPS",
        "  ────────────────────────────────────────",
        "losses/japan/personnel/total, An older author",
        "  674,000–713,729  person  outside       9",
        "captured/mukden, Another",
        "    11.4 (20 Aug)  day     inside 90  0.12",
        "",
    ]


def test_at_last_a_row_is_a_paragraph(show: Show) -> None:
    assert show(30, "", HEADINGS, ROWS[1:], spare=("CRPS",))[1:] == [
        "captured/mukden",
        "  record: 11.4 (20 Aug);",
        "    unit: day; claimant:",
        "    Another; verdict: inside",
        "    90; CRPS: 0.12",
        "",
    ]


def test_rows_that_share_what_stands_above_say_it_once(show: Show) -> None:
    rows = [["x" * 30, "1", "a"], ["x" * 30, "2", "b"]]
    assert show(34, "", ["outcome", "record>", "verdict"], rows).count("x" * 30) == 1


words = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.lists(words, max_size=8).map(" ".join), min_size=3, max_size=3), max_size=4
    ),
    st.integers(20, 120),
)
def test_no_word_is_ever_cut(rows: Sequence[Sequence[str]], columns: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        screen = io.StringIO()
        patched.setattr(screen, "isatty", lambda: True)
        patched.setenv("COLUMNS", str(columns))
        patched.setattr("sys.stdout", screen)
        print_table("", ["a", "b>", "c"], rows)
    text = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
    shown = re.split(r"[ \n]+", text)
    for cell in (cell for row in rows for cell in row):
        for word in cell.split():
            assert any(word in piece for piece in shown), (word, text)


def test_short_words_may_stand_in_a_narrow_column(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    for heading in ("told<", "told"):
        screen = io.StringIO()
        monkeypatch.setattr(screen, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", "20")
        monkeypatch.setattr("sys.stdout", screen)
        print_table("", ["a", heading], [["x" * 9, "inside or outside or beyond"]])
        shown[heading] = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
    # Side by side where prose, which needs more room, stands below the first cell.
    assert re.search(r"x{9}  inside", shown["told<"])
    assert not re.search(r"x{9}  inside", shown["told"])


def test_a_piped_table_is_as_wide_as_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("wide", ["a", "b>"], [["x" * 250, "1,234,567"], ["[not markup]", "2"]])
    out = capsys.readouterr().out
    assert "x" * 250 + " | 1,234,567" in out
    assert "[not markup]" in out
    assert "\x1b" not in out


def test_a_title_is_never_broken_and_empty_headings_make_no_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    title = "much longer than the table " * 9
    print_table(title, ["a", "b"], [["1", "2"]])
    print_table("bare", ["", ""], [["1", "2"]])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        title.rstrip(),
        "+---+---+",
        "| a | b |",
        "+---+---+",
        "| 1 | 2 |",
        "+---+---+",
        "bare",
        "+---+---+",
        "| 1 | 2 |",
        "+---+---+",
    ]


def test_prose_wraps_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output.print_wrapped("one two three", 2)
    assert capsys.readouterr().out == "  one two three\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "11")
    output.print_wrapped("one two three", 2)
    assert capsys.readouterr().out == "  one two\n    three\n"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1.0, 1.0, "1"),
        (8000.0, 10000.0, "8,000–10,000"),
        (900.0, None, f"≥{NBSP}900"),
        (None, 0.25, f"≤{NBSP}0.25"),
        (None, None, "–"),
        (float("inf"), float("inf"), "never"),
    ],
)
def test_figures(low: float | None, high: float | None, text: str) -> None:
    assert figures(low, high) == text
