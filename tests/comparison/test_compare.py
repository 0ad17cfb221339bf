"""Claims of every kind beside ensembles whose answer is plain."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pytest

from sandtable.calendar import Calendar
from sandtable.comparison import compare, unanswered

NAN, INF = math.nan, math.inf


@pytest.fixture
def rows(h_hour):
    def make(outcomes, claims, baseline=None, days=20.0):
        arrays = {name: np.array(values, dtype=float) for name, values in outcomes.items()}
        said = {name: np.array(values, dtype=float) for name, values in (baseline or {}).items()}
        return compare(arrays, claims, calendar=Calendar(h_hour, days), baseline=said)

    return make


def day(text):
    return datetime.fromisoformat(text)


def test_a_row_holds_claim_and_ensemble(rows, claim):
    name = "losses/ussr/personnel/killed"
    (row,) = rows(
        {name: range(101)},
        [claim(name, 60.0, 62.0, "person", id="the-fallen")],
        {name: [61.0, 71.0]},
    )
    assert (row.claim, row.outcome, row.unit) == ("the-fallen", name, "person")
    assert (row.claimant, row.source, row.note) == ("a chronicler", "a-book", "a note")
    assert (row.claim_low, row.claim_high) == (60.0, 62.0)
    assert (row.p05, row.p25, row.p50, row.p75, row.p95) == (5.0, 25.0, 50.0, 75.0, 95.0)
    assert row.verdict == "inside 50"
    assert row.percentile == pytest.approx(61.5 / 101)
    # With y from 60 to 62, E|61 - y| = 1/2 and E|71 - y| = 10; half of E|x - x'| is 2.5.
    assert row.baseline_crps == pytest.approx((0.5 + 10.0) / 2 - 2.5)


def test_units_are_those_of_outcomes(rows, claim):
    share, advance = "losses/ussr/tanks/by/artillery", "advance/5-army/3"
    by_share, by_miles = rows(
        {share: [0.2, 0.2], advance: [16.09344, 16.09344]},
        [claim(share, 15.0, 20.0, "percent"), claim(advance, 10.0, 10.0, "mile")],
    )
    assert (by_share.claim_high, by_share.unit) == (pytest.approx(0.2), "share")
    assert by_miles.claim_low == pytest.approx(16.09344)
    assert by_miles.verdict == "inside 50"


def test_never_counts_as_later_than_any_day(rows, claim):
    name = "captured/mukden"
    c = claim(name, day("1945-08-19"), day("1945-08-20"), "date")
    (row,) = rows({name: [10.5, 10.5, 10.5, NAN, NAN]}, [c])
    assert (row.claim_low, row.claim_high) == (10.0, 11.0)
    assert (row.p50, row.p75) == (10.5, INF)
    assert row.verdict == "inside 50"
    assert row.percentile == pytest.approx(0.3)
    # Never is scored as the last moment of the campaign, 9.5 days after the claim's middle; from
    # there a day is 1/4 off on average. Half of E|x - x'| is 0.4 times 0.6 times 9.5.
    assert row.crps == pytest.approx(9.5 * 0.4 + 0.25 * 0.6 - 9.5 * 0.4 * 0.6)
    (row,) = rows({name: [NAN] * 5}, [c])
    assert row.verdict == "outside"
    assert (row.p05, row.p95, row.percentile, row.mc_error) == (INF, INF, 0.0, 0.0)
    assert row.crps == pytest.approx(9.5)


def test_a_claim_after_the_end_is_borne_out_by_never(rows, claim):
    name = "surrendered/hutou-garrison"
    c = claim(name, day("1945-08-26"), day("1945-08-27"), "date")
    never, early = (rows({name: values}, [c], days=10.0)[0] for values in ([NAN, NAN], [4.0, 4.0]))
    assert (never.verdict, never.crps, never.percentile) == ("inside 50", 0.0, 0.5)
    assert (early.verdict, early.crps, early.percentile) == ("outside", 6.0, 1.0)
    assert never.claim_low == 17.0


def test_an_ensemble_later_than_the_end_is_never(rows, claim):
    # A baseline by rates of march goes on beyond the campaign; the engine does not.
    name = "captured/mukden"
    c = claim(name, day("1945-08-19"), day("1945-08-20"), "date")
    late, never = (rows({name: [1.0]}, [c], {name: [v] * 3})[0] for v in (50.0, NAN))
    assert late.baseline_crps == never.baseline_crps == pytest.approx(9.5)


def test_open_ends(rows, claim):
    name = "losses/ussr/tanks"
    at_least, at_most = rows(
        {name: [100.0, 120.0, 140.0]},
        [claim(name, 300.0, None, "tank"), claim(name, None, 300.0, "tank")],
    )
    assert (at_least.claim_low, at_least.claim_high) == (300.0, INF)
    assert (at_least.verdict, at_least.percentile) == ("outside", 1.0)
    assert (at_most.claim_low, at_most.claim_high) == (-INF, 300.0)
    assert at_most.verdict == "inside 50"
    assert math.isnan(at_most.crps)


def test_what_does_not_apply_has_no_answer(rows, claim):
    name = "losses/ussr/tanks/by/artillery"
    c = claim(name, 0.1, 0.2, "share")
    (row,) = rows({name: [NAN, NAN]}, [c], {name: [0.1, 0.3]})
    assert row.verdict == "no answer"
    assert all(math.isnan(x) for x in (row.p05, row.p50, row.mc_error, row.percentile, row.crps))
    # E|x - y| is 0.05 at 0.1 and 0.15 at 0.3; half of E|x - x'| is 0.05.
    assert row.baseline_crps == pytest.approx(0.05)
    (row,) = rows({name: [0.15, NAN]}, [c], {name: [NAN]})
    assert (row.p50, row.verdict) == (0.15, "inside 50")
    assert math.isnan(row.baseline_crps)


def test_a_halt_is_a_length_and_not_a_moment(rows, claim):
    name = "halted/6-guards-tank-army/fuel"
    (row,) = rows({name: [2.0, 30.0, NAN]}, [claim(name, 2.0, 2.0, "day")], days=20.0)
    assert (row.p05, row.p95) == (pytest.approx(3.4), pytest.approx(28.6))


def test_a_single_replication(rows, claim):
    name = "losses/ussr/tanks"
    (row,) = rows({name: [80.0]}, [claim(name, 78.0, 78.0, "tank")])
    assert row.p05 == row.p50 == row.p95 == 80.0
    assert (row.verdict, row.crps) == ("outside", 2.0)
    assert math.isnan(row.mc_error)


def test_no_replication_or_an_infinite_value_is_an_error(rows, claim):
    name = "losses/ussr/tanks"
    with pytest.raises(ValueError, match="losses/ussr/tanks: an ensemble without members"):
        rows({name: []}, [claim(name, 1.0, 1.0, "tank")])
    with pytest.raises(ValueError, match="losses/ussr/tanks: an infinite value"):
        rows({name: [INF]}, [claim(name, 1.0, 1.0, "tank")])


def test_order_of_replications_does_not_matter(rows, claim):
    name = "captured/mukden"
    values = np.random.default_rng(1).uniform(0, 30, 99)
    values[::7] = NAN
    c = claim(name, day("1945-08-19"), day("1945-08-20"), "date")
    assert rows({name: values}, [c])[0].crps == rows({name: values[::-1]}, [c])[0].crps
    assert rows({name: values}, [c], {name: values}) == rows(
        {name: values[::-1]}, [c], {name: np.roll(values, 5)}
    )


def test_rows_keep_the_order_of_the_claims(rows, claim):
    names = [f"losses/{side}/tanks" for side in ("ussr", "japan", "mongolia")]
    outcomes = {name: [1.0, 2.0] for name in sorted(names)}
    found = rows(outcomes, [claim(name, 1.0, 1.0, "tank") for name in names])
    assert [row.outcome for row in found] == names


def test_unanswered_claims_are_told_with_the_reason(rows, claim, h_hour):
    known, unknown = "captured/mukden", "captured/mukdn"
    claims = [
        claim(unknown, None, day("1945-08-12"), "date", id="typo"),
        claim(known, None, day("1945-08-12"), "date", id="sound"),
        claim(known, None, day("1945-09-02"), "date", id="too-late"),
        claim(known, day("1945-08-12"), None, "date", id="from"),
    ]
    assert [row.claim for row in rows({known: [1.0]}, claims, days=20.0)] == ["sound", "from"]
    left = unanswered({known: np.array([1.0])}, claims, calendar=Calendar(h_hour, 20.0))
    assert [(x.claim, x.outcome) for x in left] == [("typo", unknown), ("too-late", known)]
    assert left[0].reason.endswith("no such outcome; the nearest is captured/mukden")
    assert "ends before" in left[1].reason


def test_a_claim_on_a_battle_that_is_not_reported_says_what_to_do(claim, h_hour):
    known = {"captured/thala": np.array([1.0])}
    claims = [claim("battle/thala/great-britain/personnel", 1.0, 2.0, "person")]
    (left,) = unanswered(known, claims, calendar=Calendar(h_hour, 20.0))
    assert left.reason == (
        "the scenario has no such outcome; fighting at a place is reported if the place has a "
        "`battle` name, or is a fortified region"
    )


def test_never_is_claimed_from_the_end_on(rows, claim):
    """As seeds/README.md says: the end as the low end, no high end."""
    name = "captured/mukden"
    never = claim(name, day("1945-08-29"), None, "date")
    verdicts = [rows({name: [taken] * 5}, [never])[0].verdict for taken in (NAN, 19.9)]
    assert verdicts == ["inside 50", "outside"]


def test_a_claim_on_what_the_scenario_lacks_has_the_nearest_it_has(claim, h_hour):
    known = {name: np.array([1.0]) for name in ("halted/6-tank-army/fuel", "losses/red/tanks")}
    claims = [
        claim("halted/6-guards-tank-army/fuel", 1.0, 2.0, "day"),
        claim("losses/reds/tanks", 1.0, 2.0, "tank"),
        claim("quit/order", 0.1, 0.2, "share"),
    ]
    left = unanswered(known, claims, calendar=Calendar(h_hour, 20.0))
    lacking = "the scenario has no such outcome"
    assert [x.reason for x in left] == [
        f"{lacking}; the nearest is halted/6-tank-army/fuel",
        f"{lacking}; the nearest is losses/red/tanks",
        lacking,
    ]


def test_answered_and_unanswered_claims_are_all_claims(rows, claim, h_hour):
    void, fallen, day_ = "losses/ussr/tanks/by/artillery", "losses/ussr/tanks", "captured/mukden"
    claims = [
        claim(void, 0.1, 0.2, "share", id="void"),
        claim(fallen, 1.0, 2.0, "tank", id="fallen"),
        claim(day_, day("1945-08-12"), None, "date", id="never"),
        claim("losses/japan/tanks", 1.0, 2.0, "tank", id="absent"),
    ]
    outcomes = {void: [NAN, NAN], fallen: [1.0, NAN], day_: [NAN, NAN]}
    arrays = {name: np.array(values) for name, values in outcomes.items()}
    left = unanswered(arrays, claims, calendar=Calendar(h_hour, 20.0))
    # A day that never comes is an answer; a share of nothing is none.
    assert [x.claim for x in left] == ["void", "absent"]
    assert left[0].reason == "the outcome does not apply in any replication"
    answered = [row for row in rows(outcomes, claims) if row.verdict != "no answer"]
    assert len(answered) + len(left) == len(claims)


def test_a_range_that_the_campaigns_end_cuts_is_no_bound(rows, claim):
    name = "captured/mukden"
    c = claim(name, day("1945-08-12"), day("1945-09-02"), "date")
    (row,) = rows({name: [5.0]}, [c], days=20.0)
    assert not row.bound


def test_a_band_that_reaches_never_bears_out_no_day_after_the_last(rows, claim):
    name = "encircled/japanese-6-army"
    values = [2.5, 3.5, *[NAN] * 8]
    days = [claim(name, day(f"1945-08-{d}"), day(f"1945-08-{d}"), "date") for d in (12, 13, 20)]
    never = claim(name, day("1945-08-29"), None, "date")
    found = rows({name: values}, [*days, never])
    assert (found[0].p05, found[0].p50) == (pytest.approx(2.95), INF)
    assert [row.verdict for row in found] == ["inside 90", "never only", "never only", "inside 50"]


def test_a_claim_as_wide_as_the_campaign_tests_nothing(rows, claim):
    taken, halted, share = "captured/mukden", "halted/5-army/fuel", "losses/ussr/tanks/by/artillery"
    claims = [
        claim(taken, day("1945-08-09"), day("1945-08-29"), "date"),
        claim(taken, None, day("1945-08-29"), "date"),
        claim(taken, day("1945-08-09"), day("1945-08-28"), "date"),
        claim(halted, 0.0, 20.0, "day"),
        claim(share, 0.0, 100.0, "percent"),
        claim("losses/ussr/tanks", 0.0, 1e6, "tank"),
    ]
    outcomes = {c.outcome: [0.5, 0.7] for c in claims}
    told = [row.verdict == "tests nothing" for row in rows(outcomes, claims)]
    assert told == [True, True, False, True, True, False]


def test_bounds_are_events_with_a_probability(rows, claim):
    tanks, taken = "losses/ussr/tanks", "captured/mukden"
    claims = [
        claim(tanks, None, 60.0, "tank"),
        claim(tanks, 90.0, None, "tank"),
        claim(taken, None, day("1945-08-12T00:00"), "date"),
        claim(tanks, 60.0, 61.0, "tank"),
    ]
    outcomes = {tanks: [30.0, 30.0, 60.0, 90.0], taken: [1.0, 2.0, 5.0, NAN]}
    at_most, at_least, by, between = rows(outcomes, claims)
    assert (at_most.kept, at_most.brier) == (0.75, 0.0625)
    assert at_most.from_bound == pytest.approx(45.0 / 60.0)
    assert (at_least.kept, at_least.brier) == (0.25, 0.5625)
    assert (by.kept, by.from_bound) == (0.5, pytest.approx(3.5 - 3.0))
    assert math.isnan(between.kept) and math.isnan(between.brier)


def test_what_an_order_gives_is_marked(h_hour, claim):
    names = "captured/mukden", "captured/harbin"
    claims = [claim(name, day("1945-08-19"), day("1945-08-19"), "date") for name in names]
    outcomes = {name: np.array([10.5]) for name in names}
    found = compare(
        outcomes, claims, calendar=Calendar(h_hour, 20.0), baseline={}, given={names[1]}
    )
    assert [row.given for row in found] == [False, True]
