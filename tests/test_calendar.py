import math
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.calendar import (
    MINUTE,
    Calendar,
    at_day_number,
    day_number,
    day_number_text,
    days_between,
    later,
    moment_text,
    parse_latest_moment,
    parse_moment,
    parse_moments,
    split_range,
    to_minute,
)
from sandtable.errors import QuantityError

JAPAN = timezone(timedelta(hours=9))
# Ten days and a half from six in the morning: until six in the evening of the eleventh day.
TEN = Calendar(datetime(1945, 8, 9, 6, tzinfo=JAPAN), 10.5)


def test_parse_moment() -> None:
    assert parse_moment("1945-08-09") == datetime(1945, 8, 9)
    assert parse_moment("1945-08-09T01:00") == datetime(1945, 8, 9, 1)
    assert parse_moment("1945-08-09T01:00", JAPAN) == datetime(1945, 8, 8, 16, tzinfo=UTC)
    # The offset in the text is the document's own and stands.
    assert parse_moment("1945-08-08T17:00+03:00", JAPAN) == datetime(1945, 8, 8, 14, tzinfo=UTC)


def test_a_day_lasts_to_its_end_and_a_minute_does_not() -> None:
    assert parse_latest_moment("1945-08-31") == datetime(1945, 9, 1)
    assert parse_latest_moment("1945-08-31T00:00") == datetime(1945, 8, 31)


@pytest.mark.parametrize(
    "text",
    ["", "9 August 1945", "1945-8-9", "19450809", "1945-02-30", "1945-08-09T25:00", "1945-W32-4",
     "1945-08-09 01:00", "1945-08-09+09:00", "1945-08-09T24:00"],
)  # fmt: skip
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(QuantityError, match="cannot read"):
        parse_moment(text)


def test_days_between() -> None:
    h_hour = datetime(1945, 8, 9, 0, 10, tzinfo=JAPAN)
    assert days_between(h_hour, datetime(1945, 8, 10, 0, 10)) == 1.0
    assert days_between(h_hour, datetime(1945, 8, 8, 15, 10, tzinfo=UTC)) == 0.0
    assert days_between(h_hour, datetime(1945, 8, 8, 12, 10)) == -0.5


def test_a_start_without_zone_cannot_be_compared_with_a_moment_that_has_one() -> None:
    with pytest.raises(QuantityError, match="has a zone"):
        days_between(datetime(1945, 8, 9), datetime(1945, 8, 9, tzinfo=UTC))


def test_calendar_days_end_at_midnight_where_the_clock_of_h_hour_stands() -> None:
    assert (TEN.year, TEN.zone, TEN.day_fraction) == (1945, JAPAN, 0.25)
    assert TEN.calendar_days == 11
    assert (TEN.zone_name(), TEN.zone_name(UTC)) == ("UTC+09:00", "UTC")
    assert TEN.ends_of_days() == [0.0, *(n - 0.25 for n in range(1, 12))]
    # The last day ends with the campaign, at six in the evening.
    assert TEN.daily_moments() == [0.0, *(n - 0.25 for n in range(1, 11)), 10.5]
    assert TEN.end_of_day(0) == -0.25
    assert [TEN.date_of_day(n) for n in (1, 11)] == [date(1945, 8, 9), date(1945, 8, 19)]
    assert TEN.midnights(-0.5, 2.0) == [-0.25, 0.75, 1.75]
    assert TEN.midnights(0.75, 0.8) == [0.75]


@given(st.integers(0, 86399), st.integers(1, 86400 * 400))
def test_days_are_those_of_the_clock(into_day: int, seconds: int) -> None:
    h_hour = datetime(1941, 6, 22, tzinfo=JAPAN) + timedelta(seconds=into_day)
    found = Calendar(h_hour, seconds / 86400)
    # The last instant belongs to the day that ends with it.
    last = (h_hour + timedelta(seconds=seconds - 1)).date()
    assert found.calendar_days == (last - h_hour.date()).days + 1
    assert found.date_of_day(found.calendar_days) == last
    for number in (1, found.calendar_days):
        midnight = datetime.combine(
            found.date_of_day(number) + timedelta(days=1), datetime.min.time(), JAPAN
        )
        assert found.end_of_day(number) == pytest.approx(found.day_of(midnight), abs=1e-9)
        assert found.ends_of_days()[number] == found.end_of_day(number)


@given(st.integers(0, 86399), st.integers(1, 400))
def test_a_campaign_that_ends_at_midnight_does_not_touch_the_next_day(
    into_day: int, days: int
) -> None:
    h_hour = datetime(1941, 6, 22) + timedelta(seconds=into_day)
    length = days_between(h_hour, datetime(1941, 6, 22) + timedelta(days=days))
    found = Calendar(h_hour, length)
    assert found.calendar_days == days
    assert found.ends_of_days()[-1] == pytest.approx(length, abs=1e-9)


def test_moments_and_days_from_h_hour_there_and_back() -> None:
    assert TEN.day_of(datetime(1945, 8, 10, 18)) == 1.5
    assert TEN.moment_of(1.5) == datetime(1945, 8, 10, 18, tzinfo=JAPAN)
    assert TEN.day_of(datetime(1945, 8, 8, 21, tzinfo=UTC)) == 0.0


def test_later_than_the_end_is_never() -> None:
    days = [0.0, 10.5, 10.6, math.nan, math.inf, -math.inf]
    assert TEN.until_end(days).tolist() == [0.0, 10.5, math.inf, math.inf, math.inf, -math.inf]
    assert TEN.never_as_end(days).tolist() == [0.0, 10.5, 10.5, 10.5, 10.5, -math.inf]
    assert np.isnan(days[3])


def test_moments_together_are_in_the_zone_of_the_first() -> None:
    found = parse_moments(["1945-08-09T01:00+09:00", "1945-08-09T00:00+00:00"])
    assert found is not None
    assert [moment.isoformat() for moment in found] == [
        "1945-08-09T01:00:00+09:00",
        "1945-08-09T09:00:00+09:00",
    ]
    assert parse_moments(["1945-08-09", "1945-08-10"]) is not None
    assert parse_moments(["1945-08-09", "1945-08-09T00:00+09:00"]) is None
    assert parse_moments(["1945-08-09", "tomorrow"]) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1939-08-20..1939-08-21", ("1939-08-20", "1939-08-21", None)),
        ("1939-08-20..1939-08-21:3", ("1939-08-20", "1939-08-21", "3")),
        ("1939-08-20T05:45..1939-08-21:3", ("1939-08-20T05:45", "1939-08-21", "3")),
        (
            "1939-08-20T05:45:30..1939-08-21T05:45:00:4",
            ("1939-08-20T05:45:30", "1939-08-21T05:45:00", "4"),
        ),
        ("0.3..0.9", None),
    ],
)
def test_ranges_of_moments(text: str, parts: tuple[str, str, str | None] | None) -> None:
    assert split_range(text) == parts


def test_moments_on_a_line_of_days() -> None:
    moment = datetime(1970, 1, 2, 12, tzinfo=JAPAN)
    assert day_number(moment) == 1.5
    assert at_day_number(1.5, JAPAN) == moment
    assert later(moment, 0.5 + 0.4 / 86400) == datetime(1970, 1, 3, tzinfo=JAPAN)
    assert to_minute(1.0 + 0.6 * MINUTE) == pytest.approx(1.0 + MINUTE)
    assert day_number_text(1.5 + 0.4 * MINUTE) == "1970-01-02 12:00"


def test_moments_in_words() -> None:
    assert moment_text(datetime(1939, 8, 20, 5, 45)) == "1939-08-20 05:45"
    assert moment_text(datetime(1939, 8, 20, 5, 45, 7)) == "1939-08-20 05:45:07"


# --- dates ------------------------------------------------------------------------------------


def at(hour: str, days: float = 40.0) -> Calendar:
    return Calendar(datetime.fromisoformat(f"1945-08-09T{hour}+09:00"), days)


@pytest.mark.parametrize("hour", ["00:00", "00:01", "05:45", "18:30"])
def test_days_to_the_date_are_written_as_dates(hour: str) -> None:
    calendar = at(hour)

    def span(first: int, last: int) -> str:
        # As a run's table holds them: to six digits.
        ends = (calendar.end_of_day(first - 1), calendar.end_of_day(last))
        return calendar.dates_text(*(float(f"{end:.6g}") for end in ends))

    assert span(1, 1) == "9 Aug"
    assert span(1, 3) == "9–11 Aug"
    assert span(22, 25) == "30 Aug–2 Sep"
    assert span(25, 25) == "2 Sep"


def test_open_ends_and_hours_are_told() -> None:
    calendar = at("00:01")
    inf = math.inf
    assert calendar.dates_text(-inf, calendar.end_of_day(12)) == "by 20 Aug"
    assert calendar.dates_text(calendar.end_of_day(1), inf) == "from 10 Aug"
    assert calendar.dates_text(-inf, inf) == "any day"
    assert calendar.dates_text(0.0, 0.0) == "9 Aug 00:01"
    assert calendar.dates_text(1.0, 1.25) == "10 Aug 00:01–10 Aug 06:01"
    assert calendar.dates_text(calendar.end_of_day(1), 1.25) == "10 Aug–10 Aug 06:01"


@pytest.mark.parametrize("days", [1e7, -1e308, math.nan, math.inf])
def test_a_day_of_no_calendar_is_told(days: float) -> None:
    with pytest.raises(QuantityError, match=r"no calendar has a day .* days from 1945-08-09"):
        later(datetime(1945, 8, 9), days)


def test_a_date_is_that_of_the_clock_at_h_hour() -> None:
    assert at("18:30").date_text(0.2) == "9 Aug"
    assert at("18:30").date_text(0.25) == "10 Aug"
