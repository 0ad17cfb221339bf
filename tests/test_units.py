import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.errors import QuantityError
from sandtable.units import UNITS, canonical, convert


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
