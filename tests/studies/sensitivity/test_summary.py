from __future__ import annotations

import math

from sandtable.studies.sensitivity.method import (
    MorrisEffect,
    OutcomeSensitivity,
    SobolIndex,
    SobolIndices,
)
from sandtable.studies.sensitivity.summary import summarise


def indices(half: float, **shares: float) -> SobolIndices:
    groups = tuple(
        SobolIndex(name, share, share - half, share + half, share, share - half, share + half)
        for name, share in shares.items()
    )
    return SobolIndices(groups, 0.25, 0.15, 0.35, 64)


def found(half: float, never: float = 0.0) -> OutcomeSensitivity:
    effects = (
        MorrisEffect("order.reserve.when", 0.5, 0.4, 0.6, -0.5, 0.1, -1),
        MorrisEffect("laws: attrition", 1200.0, 900.0, 1500.0, math.nan, math.nan, 0),
        MorrisEffect("air.japan.sorties", 0.0, 0.0, 0.0, 0.0, 0.0, 0),
    )
    handling = "never counts as day 9, the end" if never else ""
    strong = indices(half, weak=0.1, strong=0.6)
    split = indices(half, laws=0.8, chance=-0.05)
    return OutcomeSensitivity(
        "captured/hill", "day", 3.25, 1.5, never, handling, effects, strong, split
    )


def test_the_strongest_come_first_with_interval_and_direction() -> None:
    lines = summarise([found(0.05)], 512)
    (moved,) = [line for line in lines if "most sensitive to" in line]
    assert moved == (
        "  most sensitive to: laws: attrition (1,200 ± 300 day); "
        "order.reserve.when (0.5 ± 0.1 day, lowers it)"
    )
    (explained,) = [line for line in lines if "explained most by" in line]
    assert explained.startswith("  explained most by: strong (total index 0.60, 0.55 to 0.65)")


def test_shares_below_nought_are_told_as_nought() -> None:
    (line,) = [line for line in summarise([found(0.05)], 512) if line.startswith("  variance")]
    assert line == "  variance: laws 80% ± 5%, chance 0% ± 5%, interactions 25% ± 10%"


def test_wide_intervals_come_with_the_number_of_samples_that_would_do() -> None:
    *_, last = summarise([found(0.05)], 512)
    assert last == "Every share of variance is known to within ±0.05 (95 percent interval)."
    # Twice too wide: four times as many.
    *_, last = summarise([found(0.2)], 512)
    assert last.endswith(
        "within ±0.20 (95 percent interval). About --samples 2048 would bring that to ±0.10."
    )
    # What is printed as 0.10 is no reason for more.
    *_, last = summarise([found(0.1049)], 512)
    assert last.endswith("within ±0.10 (95 percent interval).")


def test_the_outcomes_stand_first() -> None:
    assert summarise([found(0.05)], 512)[0].startswith("captured/hill: mean 3.25 day")


def test_what_never_came_about_is_told_with_what_was_done() -> None:
    lines = summarise([found(0.05, never=0.125)], 512)
    assert lines[0].endswith("; never in 12.5% of runs (never counts as day 9, the end)")
    assert "never" not in summarise([found(0.05)], 512)[0]


def test_an_outcome_without_indices_says_so() -> None:
    still = OutcomeSensitivity("losses/ussr/tanks", "tank", 0.0, 0.0, 0.0, "", (), None, None)
    lines = summarise([still], 512)
    assert len(lines) == 4 and "the same in every run" in lines[1]
    # Nothing is known of intervals that there are not.
    assert "±" not in "".join(lines)
