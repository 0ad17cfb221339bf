from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.errors import QuantityError
from sandtable.units import (
    UNITS,
    canonical,
    convert,
    days_between,
    parse_latest_moment,
    parse_moment,
)

JAPAN = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (65, "mile", "km", 104.60736),  # 65 x 1609.344 m, the international mile
        (1, "mile", "metre", 1609.344),
        (42195, "metre", "km", 42.195),
        (36, "hour", "day", 1.5),
        (35, "percent", "share", 0.35),
        (0.35, "share", "percent", 35),
        (7, "person", "person", 7),
    ],
)
def test_convert(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@given(
    st.floats(0, 1e9),
    st.sampled_from([("mile", "metre"), ("hour", "day"), ("percent", "share"), ("km", "mile")]),
)
def test_there_and_back(value: float, units: tuple[str, str]) -> None:
    unit, to = units
    assert convert(convert(value, unit, to), to, unit) == pytest.approx(value, rel=1e-12)


def test_units_of_different_things_do_not_convert() -> None:
    with pytest.raises(QuantityError, match="cannot convert tank to gun"):
        convert(1, "tank", "gun")


def test_an_unknown_unit_is_named_with_the_nearest() -> None:
    with pytest.raises(QuantityError, match="unknown unit 'miles'; did you mean 'mile'"):
        convert(1, "miles", "km")


def test_canonical_units_are_their_own() -> None:
    assert {canonical(canonical(unit)) for unit in UNITS} == {canonical(unit) for unit in UNITS}
    assert canonical("mile") == "km"
    assert canonical("tank") == "tank"


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
     "1945-08-09 01:00", "1945-08-09+09:00"],
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
