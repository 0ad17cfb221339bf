"""How much may be asked for: bounds, with their reason, and nothing held of what is to come."""

from __future__ import annotations

import pytest

from sandtable.amounts import JOBS, REPLICATIONS, SEED, Amount, require
from sandtable.ensemble import Settings, StoppingRule, parts_of
from sandtable.errors import SandtableError


@pytest.mark.parametrize("value", [0, -1, 10_000_001, 10**400, True, 2.0, "7", None, float("nan")])
def test_what_is_no_whole_number_within_the_range_is_refused(value: object) -> None:
    said = REPLICATIONS.fault("replications", value)
    assert said is not None
    assert said.startswith("replications: found ")
    assert said.endswith(
        "a whole number from 1 to 10,000,000, a thousand times what any question needs"
    )
    assert len(said) < 160


@pytest.mark.parametrize("value", [1, 200, 10_000_000])
def test_both_ends_are_allowed(value: int) -> None:
    assert REPLICATIONS.fault("replications", value) is None


def test_every_fault_is_told_at_once() -> None:
    few = Amount(2, 3, "for a test")
    with pytest.raises(SandtableError) as caught:
        require([few.fault("a", 1), few.fault("b", 2), few.fault("c", 1_000_000)])
    assert str(caught.value) == (
        "a: found 1; allowed: a whole number from 2 to 3, for a test\n"
        "c: found 1,000,000; allowed: a whole number from 2 to 3, for a test"
    )
    require([None, few.fault("a", 2)])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("replications", 10**9),
        ("seed", -1),
        ("seed", SEED.high + 1),
        ("jobs", JOBS.high + 1),
        ("part_size", 10_001),
    ],
)
def test_settings_keep_to_them(name: str, value: int) -> None:
    with pytest.raises(SandtableError, match=f"^{name}: found {value:,}; allowed: "):
        Settings(**{name: value})
    Settings(seed=SEED.high)


def test_rounds_keep_to_them() -> None:
    with pytest.raises(SandtableError, match=r"^--at-most: found 10,000,001; allowed: "):
        StoppingRule(0.1, ("a",), 10_000_001)


def test_parts_to_come_take_no_memory() -> None:
    parts = parts_of(Settings(REPLICATIONS.high))
    assert len(parts) == 400_000
    assert parts.__sizeof__() < 100
