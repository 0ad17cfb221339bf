"""The short answer of a vary study, from the rows of its table."""

from __future__ import annotations

import math
from typing import Any

from sandtable.studies.vary.brief import in_brief

KEY = "formation.a.effectiveness"
VALUES = ("0.2", "0.4", "0.6")


def rows(
    outcome: str,
    changes: list[tuple[float, float]],
    verdicts: list[str] | None = None,
    mean: float = 100.0,
) -> list[dict[str, Any]]:
    """An outcome at the three points: differences with their errors, and a claim's verdicts."""
    return [
        {
            "point": float(point), KEY: VALUES[point], "outcome": outcome, "unit": "person",
            "mean": mean, "difference": change, "difference_mc_error": error,
            "claim": f"claim-on-{outcome}" if verdicts else "", "claimant": "Author 1950",
            "verdict": verdicts[point] if verdicts else "",
        }
        for point, (change, error) in enumerate(changes)
    ]  # fmt: skip


def test_what_moves_beyond_chance_is_told_with_the_largest_share_first() -> None:
    table = [
        *rows("losses/a/tanks", [(0, 0), (3, 1), (-5, 1)], mean=10.0),
        *rows("losses/a/guns", [(0, 0), (30, 1), (20, 1)]),
        *rows("losses/b/guns", [(0, 0), (1.9, 1), (-2, 1)]),
        *rows("losses/b/tanks", [(0, 0), (9, math.inf), (9, math.nan)]),
    ]
    assert in_brief(table, [KEY]) == [
        f"3 points: 2 of 4 outcomes change beyond chance, compared with {KEY}=0.2; most of all",
        f"  losses/a/tanks: -5 person (± 1, -50%) at {KEY}=0.6",
        f"  losses/a/guns: +30 person (± 1, +30%) at {KEY}=0.4",
        "no claim is made about these outcomes",
    ]


def test_a_claim_whose_verdict_changes_is_told_with_the_values() -> None:
    still = [(0.0, 0.0)] * 3
    table = [
        *rows("losses/a/tanks", still, ["outside", "outside", "inside 90"]),
        *rows("losses/a/guns", still, ["outside"] * 3),
        *rows("losses/b/guns", still, ["inside 50"] * 3),
    ]
    assert in_brief(table, [KEY]) == [
        "3 points: 0 of 3 outcomes change beyond chance",
        "3 claims: 2 with the same verdict at every point (1 inside 50, 1 outside); "
        "1 whose verdict changes",
        "  losses/a/tanks (Author 1950): outside at 0.2 to 0.4; inside 90 at 0.6",
    ]


def test_it_stays_short() -> None:
    table = [
        row
        for number in range(30)
        for row in rows(
            f"losses/a{number}/guns", [(0, 0), (9, 1), (9, 1)], ["outside", "inside 50", "outside"]
        )
    ]
    assert len(in_brief(table, [KEY])) == 11


def test_names_are_listed_and_places_are_ranges() -> None:
    verdicts = ["outside", "outside", "inside 90"]
    named = [
        row | {KEY: name}
        for row, name in zip(
            rows("losses/a/tanks", [(0.0, 0.0)] * 3, verdicts),
            ("none", "air", "fuel"),
            strict=True,
        )
    ]
    told = "  losses/a/tanks (Author 1950): outside at none, air; inside 90 at fuel"
    assert in_brief(named, [KEY])[-1] == told
    thirds = [row | {KEY: repr((i + 1) / 3)} for i, row in enumerate(named)]
    told = "  losses/a/tanks (Author 1950): outside at 0.33333 to 0.66667; inside 90 at 1"
    assert in_brief(thirds, [KEY])[-1] == told


def test_a_verdict_is_told_once_however_names_stand() -> None:
    verdicts = ["outside", "inside 90", "outside"]
    named = [
        row | {KEY: name}
        for row, name in zip(
            rows("losses/a/tanks", [(0.0, 0.0)] * 3, verdicts),
            ("none", "air", "fuel"),
            strict=True,
        )
    ]
    told = "  losses/a/tanks (Author 1950): outside at none, fuel; inside 90 at air"
    assert in_brief(named, [KEY])[-1] == told
