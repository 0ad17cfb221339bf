"""What the record says beside a replication, and by how much it differs."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf, nan

import pytest

from sandtable.calendar import Calendar
from sandtable.comparison import Row
from sandtable.story.record import Record, record_words
from sandtable.story.words import links_of, text_of

CALENDAR = Calendar(datetime(1945, 8, 9, tzinfo=UTC), 20.0)
TOWN, LOST, SHARE = "captured/town", "losses/japan/personnel/killed", "quit/losses"


UNTOLD = dict.fromkeys(
    ("p05", "p25", "p50", "p75", "p95", "mc_error", "percentile", "crps", "baseline_crps", "kept",
     "brier", "from_bound"), nan,
)  # fmt: skip


def row(
    outcome: str, low: float, high: float, verdict: str = "outside", claim: str = "a",
    claimant: str = "Somebody 1950",
) -> Row:  # fmt: skip
    return Row(
        claim=claim, outcome=outcome, claim_low=low, claim_high=high, unit="", claimant=claimant,
        source="s", verdict=verdict, given=False, note="", **UNTOLD,
    )  # fmt: skip


def words(outcome: str, value: float, *rows: Row) -> str:
    record = Record(rows, {outcome: value}.__getitem__, CALENDAR)
    return text_of(record_words(record.beside(outcome)))


@pytest.mark.parametrize(
    ("outcome", "value", "low", "high", "expected"),
    [
        (TOWN, 3.5, 3.0, 4.0, "12 Aug (Somebody 1950)"),
        (TOWN, 3.5, 5.0, 7.0, "14–15 Aug (Somebody 1950), differs: 1.5 days later"),
        (TOWN, 3.5, 1.0, 2.5, "10 Aug–11 Aug 12:00 (Somebody 1950), differs: 1 day earlier"),
        (TOWN, 3.5, 1.0, 3.25, "10 Aug–12 Aug 06:00 (Somebody 1950), differs: 6 hours earlier"),
        (TOWN, 3.5, -inf, 3.49,
         "by 12 Aug 11:46 (Somebody 1950), differs: less than an hour earlier"),
        (TOWN, nan, 3.0, 4.0, "12 Aug (Somebody 1950), differs: here never"),
        (TOWN, 3.501, 4.5, 5.0, "13 Aug 12:00–13 Aug (Somebody 1950), differs: 1 day later"),
        (TOWN, 9.687, 1.0, 2.5, "10 Aug–11 Aug 12:00 (Somebody 1950), differs: 7.2 days earlier"),
        (TOWN, 3.5, 20.0, inf, "never (Somebody 1950), differs: here it came"),
        (TOWN, nan, 20.0, inf, "never (Somebody 1950)"),
        (LOST, 100.0, 100.0, 100.0, "100 (Somebody 1950)"),
        (LOST, 100.0, 110.0, 120.0, "110–120 (Somebody 1950), differs: 10 percent more"),
        (LOST, 1000.0, 1001.0, 1001.0, "1,001 (Somebody 1950), differs: less than 1 percent more"),
        (LOST, 100.0, -inf, 75.0, "≤ 75 (Somebody 1950), differs: 25 percent less"),
        (LOST, 100.0, 350.0, inf, "≥ 350 (Somebody 1950), differs: 3.5 times as many"),
        (LOST, 100.0, 10.0, 25.0, "10–25 (Somebody 1950), differs: here 4 times as many"),
        (LOST, 0.0, 10.0, 25.0, "10–25 (Somebody 1950), differs: here none"),
        (SHARE, 0.5, 0.2, 0.3, "20–30% (Somebody 1950), differs: here 50%"),
    ],
)  # fmt: skip
def test_one_claim(outcome: str, value: float, low: float, high: float, expected: str) -> None:
    assert words(outcome, value, row(outcome, low, high)) == f"record: {expected}"


def test_claimants_who_agree_stand_together_and_others_apart() -> None:
    told = words(
        TOWN, 3.5,
        row(TOWN, 3.0, 4.0, claim="a", claimant="A"), row(TOWN, 5.0, 6.0, claim="b", claimant="B"),
        row(TOWN, 3.0, 4.0, claim="c", claimant="C"), row(TOWN, 3.0, 4.0, claim="d", claimant="A"),
    )  # fmt: skip
    assert told == "record: 12 Aug (A and C); 14 Aug (B), differs: 1.5 days later"


def test_a_claim_that_tests_nothing_is_left_out() -> None:
    assert words(TOWN, 3.5, row(TOWN, 0.0, 20.0, "tests nothing")) == ""


def test_only_the_moment_itself_has_the_record_beside_it() -> None:
    record = Record([row(TOWN, 3.0, 4.0)], {TOWN: 3.5}.__getitem__, CALENDAR)
    assert record.of_moment([TOWN], 3.5) and not record.of_moment([TOWN], 5.5)
    assert [link.id for link in links_of(record_words(record.beside(TOWN)))] == ["a"]
