"""What is said of a response and its claims, in words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dimensions import parse_dimensions
from sandtable.calendar import Calendar
from sandtable.evidence import Claim
from sandtable.studies.vary.method import Ensemble, VaryFindings, respond
from sandtable.studies.vary.summary import summarise

CALENDAR = Calendar(datetime(1945, 8, 9, tzinfo=UTC), 10.0)
LOSSES = "losses/ussr/personnel/total"


def claim(outcome: str, low: float | None, high: float | None) -> Claim:
    return Claim("c", "toy", outcome, low, high, "person", "Report", "source", None, "")


def said(claims: list[Claim], *samples: list[float], keys: str = "k=0,1,2") -> str:
    dimensions = parse_dimensions([keys])
    points = [(value,) for value in dimensions[0].values]
    whole = [
        Ensemble(np.array(values), np.ones(len(values), dtype=np.bool_), CALENDAR)
        for values in samples
    ]
    found = respond(LOSSES, "person", whole, claims)
    nowhere: Any = None
    findings = VaryFindings(nowhere, dimensions, points, [found], 4, None)
    (line,) = summarise(findings, CALENDAR)
    return line


def test_the_answer_tells_where() -> None:
    line = said([claim(LOSSES, 50, 120)], [0.0] * 4, [100.0] * 4, [200.0] * 4)
    assert "50 to 120 person (Report)" in line
    assert (
        "the median lies within it for k 0.5 to 1.2 (with its Monte Carlo error 0.5 to 1.2)" in line
    )


def test_the_error_widens_the_place() -> None:
    low, high = [80.0, 90.0, 110.0, 120.0], [180.0, 190.0, 210.0, 220.0]
    # Order statistics: half the distance of the quantiles 0.25 and 0.75 of four members.
    error = (np.quantile(low, 0.75) - np.quantile(low, 0.25)) / 2
    line = said([claim(LOSSES, 150, 150)], low, high, keys="k=0,1")
    assert "for k at 0.5" in line
    assert f"error {0.5 - error / 100:.4g} to {0.5 + error / 100:.4g})" in line


def test_the_answer_tells_how_near() -> None:
    line = said([claim(LOSSES, 500, None)], [0.0] * 4, [100.0] * 4, [200.0] * 4)
    assert "never lies within it; it comes nearest at k=2, 200 person, 300 below (± 0)" in line
    assert line.endswith("never meet it")


def test_places_among_moments_are_moments() -> None:
    keys = "k=1945-08-09,1945-08-10,1945-08-11"
    line = said([claim(LOSSES, 50, 125)], [0.0] * 4, [100.0] * 4, [200.0] * 4, keys=keys)
    assert "for k 1945-08-09 12:00 to 1945-08-10 06:00 (with" in line


def test_named_values_are_counted() -> None:
    line = said([claim(LOSSES, 90, 110)], [0.0] * 4, [100.0] * 4, [200.0] * 4, keys="k=a,b,c")
    assert "lies within it at 1 of 3 points (k=b)" in line


def test_without_a_claim_the_largest_change() -> None:
    line = said([], [0.0, 1.0], [5.0, 6.0], [-9.0, -7.0])
    assert "-8.5 person (± 0.5) at k=2, beyond" in line
    assert "from k=0" in line
    assert "within its" in said([], [0.0, 1.0], [5.0, -4.0], [0.0, 1.0])
    assert "the same at every point" in said([], [3.0, 1.0], [3.0, 1.0], [3.0, 1.0])


def test_without_a_claim_how_often_it_comes_about() -> None:
    never = math.nan
    assert "occurs at no point" in said([], [never], [never], [never])
    assert "same replications as at the first" in said([], [never], [1.0], [2.0])
    assert "in 50% to 100% of repl" in said([], [1.0, never], [3.0, 4.0], [1.0, 1.0])
