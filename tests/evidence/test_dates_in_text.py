import pytest

from sandtable.evidence.dates_in_text import dates_in, times_in, without_dates
from sandtable.evidence.figures_in_text import missing_figures


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 18 August", [(None, 8, 18)]),
        ("on 18 August 1945, 3,827 men", [(1945, 8, 18)]),
        ("on 18 August, 3,827 men", [(None, 8, 18)]),
        ("On August 18, several", [(None, 8, 18)]),
        ("On August 18, 1945, several", [(1945, 8, 18)]),
        ("on 12–14 August", [(None, 8, 12), (None, 8, 14)]),
        ("on 12, 13 and 14 August", [(None, 8, 12), (None, 8, 13), (None, 8, 14)]),
        ("9 August–2 September 1945", [(None, 8, 9), (1945, 9, 2)]),
        ("August 3–5, 1945", [(1945, 8, 3), (1945, 8, 5)]),
        ("the 18th of August", [(None, 8, 18)]),
        ("in August 1945", [(1945, 8, None)]),
        ("since 1945-08-09", [(1945, 8, 9)]),
        ("they may march in 30 days", []),
    ],
)
def test_dates(text: str, dates: list[tuple[int | None, int, int | None]]) -> None:
    assert [(date.year, date.month, date.day) for date in dates_in(text)] == dates


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("at 5 p.m. Moscow time", {17 * 60}),
        ("at 3.00 a.m. General", {3 * 60}),
        ("at 2.35 a.m. on 18 August", {2 * 60 + 35}),
        ("at 1 a.m on 9 August", {60}),
        ("at 12:30 pm", {12 * 60 + 30}),
        ("at 12 a.m.", {0}),
        ("(9 May, 0:43 Moscow time)", {43}),
        ("at 0430 hours", {4 * 60 + 30}),
        ("just after midnight", {0}),
        ("at noon", {720}),
        ("At one minute past midnight", {1}),
        ("an hour before midnight on 8 August", {23 * 60}),
        ("half an hour after noon", {750}),
        ("5,000 pm", set()),
    ],
)
def test_times(text: str, times: set[int]) -> None:
    assert times_in(text) == times


def test_dates_and_times_are_taken_out() -> None:
    text = "On 18 August at 5 p.m. 24 tanks and in May 1939 70"
    assert " ".join(without_dates(text).split()) == "On · at · 24 tanks and in · 70"


def test_a_time_needs_its_date_in_the_same_line() -> None:
    line = "At 5.00 p.m. on 19 August he surrendered."
    moment = "1945-08-19T17:00"
    assert missing_figures(line, "date", moment, moment) == []
    assert missing_figures(line, "date", "1945-08-20T17:00", "") == ["1945-08-20T17:00"]
    assert missing_figures(line, "date", "1945-08-19T05:00", "") == ["1945-08-19T05:00"]


def test_a_printed_year_must_agree() -> None:
    assert missing_figures("on 18 August 1944", "date", "1945-08-18", "") == ["1945-08-18"]
    assert missing_figures("on 18 August", "date", "1945-08-18", "") == []
    assert missing_figures("on 18 July", "date", "1945-08-18", "") == ["1945-08-18"]


def test_a_month_holds_its_own_first_and_last_day_only() -> None:
    line = "in February 1944"
    assert missing_figures(line, "date", "1944-02-01", "1944-02-29") == []
    assert missing_figures(line, "date", "1944-02-02", "1944-02-28") == ["1944-02-02", "1944-02-28"]
