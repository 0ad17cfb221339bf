from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from sandtable.calendar import Calendar
from sandtable.comparison import Claim
from sandtable.studies.calibrate.claims_to_meet import chosen_claims, read_discrepancies, targets

TIME = Calendar(datetime(1945, 8, 9, tzinfo=UTC), 10.0)
OUTCOMES = ["captured/hailar", "losses/ussr/tanks", "losses/japan/guns"]


def claim(name: str, outcome: str, low: object, high: object, unit: str, who: str = "A") -> Claim:
    return Claim(name, "c", outcome, low, high, unit, who, "s", None, "")  # type: ignore[arg-type]


CLAIMS = [
    claim("a", "captured/hailar", 3.0, 3.0, "day"),
    claim("b", "losses/ussr/tanks", 10.0, 20.0, "tank", "Soviet claim"),
    claim("c", "losses/ussr/tanks", 30.0, None, "tank", "Japanese records"),
    claim("d", "captured/mukden", 3.0, 3.0, "day"),
    claim("e", "captured/hailar", 9.0, 12.0, "day"),
]


def choose(*patterns: str) -> tuple[list[str], list[str], list[str]]:
    chosen, problems = chosen_claims(patterns, CLAIMS, OUTCOMES, calendar=TIME)
    without = [item.claim for item in chosen.unanswered]
    return [row.claim for row in chosen.rows], without, [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["losses/ussr/tanks"], ["b", "c"]),
        (["losses/*:Soviet*"], ["b"]),
        (["losses/*:Soviet*", "*:Japanese records"], ["b", "c"]),
        (["*:A"], ["a", "e"]),
    ],
)
def test_globs_on_outcome_and_claimant(patterns: list[str], found: list[str]) -> None:
    assert choose(*patterns)[0] == found


def test_what_has_no_answer_is_told() -> None:
    assert choose("captured/*") == (["a", "e"], ["d"], [])
    rows, _, problems = choose("captured/mukden")
    assert rows == []
    assert "no such outcome" in problems[0]


def test_unknown_names_have_a_nearest() -> None:
    _, _, problems = choose("captured/hailr", "losses/ussr/tanks:Soviet clam")
    assert "did you mean 'captured/hailar'" in problems[0]
    assert "did you mean 'Soviet claim'" in problems[1]
    assert "a claimant of that outcome" in problems[1]


def test_targets_end_where_the_campaign_ends() -> None:
    chosen, _ = chosen_claims(["*"], CLAIMS, OUTCOMES, calendar=TIME)
    found = {target.name: (target.low, target.high) for target in targets(chosen.rows, {}, TIME)}
    assert found == {
        "a": (2.0, 3.0),
        "b": (10.0, 20.0),
        "c": (30.0, math.inf),
        "e": (8.0, math.inf),
    }


def test_discrepancies_by_pattern_the_last_counts() -> None:
    chosen, _ = chosen_claims(["*"], CLAIMS, OUTCOMES, calendar=TIME)
    found, problems = read_discrepancies(["*=10%", "captured/*=0.5"], chosen.rows)
    assert problems == []
    assert found == pytest.approx({"a": 0.5, "b": 1.5, "c": 3.0, "e": 0.5})
    assert targets(chosen.rows, found, TIME)[1].discrepancy == pytest.approx(1.5)
