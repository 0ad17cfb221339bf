"""The page of disputes: figures, documents, use and effect of each, in words."""

from __future__ import annotations

from math import nan
from pathlib import Path

import pytest

from sandtable.studies.disputes import Effect, InputEffects, render_markdown
from studies.disputes.test_sources import hill, row

TOTAL = "losses/japan/personnel/total"


def effect(outcome: str, low: float, high: float, shares: tuple[float, float] = (1, 1)) -> Effect:
    return Effect(outcome, low, high, high - low, 0.25, *shares)


def page(tmp_path: Path, *moved: Effect, measured: bool = True) -> str:
    rows = [row("a", 9000, note="after [x]_y_"), row("b", 3000)]
    scenario = hill(tmp_path, rows, '["a", "b"]')
    found = InputEffects("hill", "fact:a+b", 60, 7, moved)
    return render_markdown([scenario], {("hill", "fact:a+b"): found} if measured else {})


def test_figures_stand_with_document_and_use(tmp_path: Path) -> None:
    told = page(tmp_path)
    assert "**9th Division, personnel**" in told
    assert "- 3000 person: A document; `b`, medium confidence\n- 9000 person: A document;" in told
    assert "(after \\[x\\]\\_y\\_)" in told
    assert "*Drawn*: 3,000 to 9,000 person for `formation.9-division.personnel`" in told
    assert "| 1 | 1 | 0 | 0 |" in told


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ((), "moves none of 7 in 60 pairs beyond chance"),
        ((effect(TOTAL, 1000.0, 1009.0),),
         "moves 1 of 7 in 60 pairs beyond chance, none by as much as is told"),
        ((effect(TOTAL, 1000.0, 1020.0),),
         f"moves 1 of 7 in 60 pairs: `{TOTAL}` +20 ± 0.25 person (from 1,000)"),
        ((effect("captured/hill", 1.0, 1.2), effect(TOTAL, 1000.0, 1001.0)),
         "moves 2 of 7 in 60 pairs: `captured/hill` +0.2 ± 0.25 day; 1 more by less"),
        ((effect("captured/hill", 1.0, 1.01, (0.5, 0.9)),),
         "`captured/hill` +0.01 ± 0.25 day, comes about in 50%, then 90%"),
        ((effect("captured/hill", nan, nan, (0.0, 0.9)),),
         "`captured/hill`, comes about in 0%, then 90%"),
    ],
)  # fmt: skip
def test_what_it_does_is_told_if_it_is_large_enough(
    moved: tuple[Effect, ...], said: str, tmp_path: Path
) -> None:
    told = page(tmp_path, *moved)
    (line,) = [line for line in told.splitlines() if line.startswith("- *Outcome*")]
    assert said in line
    large = sum("none" not in said for _ in moved[:1])
    assert f"| 1 | 1 | {large} | 0 |" in told


def test_what_was_not_measured_is_said(tmp_path: Path) -> None:
    assert "- *Outcome*: not measured" in page(tmp_path, measured=False)
