"""Where a response meets a claim: against lines whose crossings are known."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from sandtable.calendar import Calendar
from sandtable.evidence import Claim
from sandtable.studies.vary.method import Ensemble, VaryFindings, respond, where_met
from sandtable.studies.vary.specification import parse_dimensions
from sandtable.studies.vary.summary import summarise

H_HOUR = datetime(1945, 8, 9, tzinfo=UTC)
LOSSES = "losses/ussr/personnel/total"


def claim(outcome: str, low: float | None, high: float | None, unit: str = "person") -> Claim:
    return Claim("c", "toy", outcome, low, high, unit, "Report", "source", None, "")


def ensembles(*samples: list[float], days: float = 10.0) -> list[Ensemble]:
    return [
        Ensemble(np.array(values), np.ones(len(values), dtype=np.bool_), Calendar(H_HOUR, days))
        for values in samples
    ]


def met(x: list[float], lower: list[float], upper: list[float], low: float, high: float) -> object:
    """The ends of all intervals in a row, to the digits that arithmetic keeps."""
    found = where_met(x, lower, upper, low, high)
    return pytest.approx([end for interval in found for end in interval])


def test_a_line_crosses_where_algebra_says() -> None:
    x = [0.0, 1.0, 2.0]
    line = [0.0, 10.0, 20.0]
    assert met(x, line, line, 5.0, 12.0) == [0.5, 1.2]
    assert met(x, line, line, 5.0, 5.0) == [0.5, 0.5]
    assert met(x, line, line, -math.inf, 7.0) == [0.0, 0.7]
    assert met(x, line, line, 21.0, 30.0) == []
    assert met(x, line[::-1], line[::-1], 5.0, 12.0) == [0.8, 1.5]


def test_a_curve_can_cross_twice() -> None:
    curve = [0.0, 10.0, 0.0]
    assert met([0.0, 1.0, 2.0], curve, curve, 4.0, 6.0) == [0.4, 0.6, 1.4, 1.6]


def test_a_band_meets_earlier_than_its_middle() -> None:
    assert met([0.0, 1.0], [-2.0, 8.0], [2.0, 12.0], 5.0, 6.0) == [0.3, 0.8]


def test_towards_never_nothing_is_interpolated() -> None:
    x = [0.0, 1.0, 2.0]
    line = [3.0, math.inf, math.inf]
    assert met(x, line, line, 4.0, 5.0) == []
    assert met(x, line, line, 2.0, 5.0) == [0.0, 0.0]
    assert met(x, line, line, 4.0, math.inf) == [1.0, 2.0]
    assert met(x, [math.nan] * 3, [math.nan] * 3, -math.inf, math.inf) == []


def test_differences_are_paired_and_failures_left_out() -> None:
    first, second = ensembles([1.0, 2.0, 3.0, 9.0], [2.0, 4.0, math.nan, 8.0])
    second = Ensemble(second.values, np.array([True, True, False, True]), Calendar(H_HOUR, 10.0))
    at = respond(LOSSES, "person", [first, second], []).at[1]
    assert (at.n, at.came_about) == (3, 1.0)
    assert at.difference.pairs == 3
    assert at.difference.mean == pytest.approx((1 + 2 - 1) / 3)
    assert at.difference.mc_error == pytest.approx(np.std([1, 2, -1], ddof=1) / 3**0.5)
    assert at.mean == pytest.approx(14 / 3)


def test_never_counts_as_late() -> None:
    at = respond("captured/hill", "day", ensembles([1.0, 2.0, math.nan]), []).at[0]
    assert at.came_about == pytest.approx(2 / 3)
    assert at.median == 2.0
    assert at.quantiles[-1] == math.inf
    lost = respond(LOSSES, "person", ensembles([1.0, 2.0, math.nan]), []).at[0]
    assert lost.median == 1.5


def said(claims: list[Claim], *samples: list[float], keys: str = "k=0,1,2") -> str:
    dimensions = parse_dimensions([keys])
    points = [(value,) for value in dimensions[0].values]
    found = respond(LOSSES, "person", ensembles(*samples), claims)
    nowhere: Any = None
    findings = VaryFindings(nowhere, dimensions, points, [found], 4, None)
    (line,) = summarise(findings, Calendar(H_HOUR, 10.0))
    return line


def test_the_answer_tells_where() -> None:
    line = said([claim(LOSSES, 50, 120)], [0.0] * 4, [100.0] * 4, [200.0] * 4)
    assert "50 to 120 person (Report)" in line
    assert "the median lies in it for k 0.5 to 1.2 (with its Monte Carlo error 0.5 to 1.2)" in line


def test_the_error_widens_the_place() -> None:
    low, high = [80.0, 90.0, 110.0, 120.0], [180.0, 190.0, 210.0, 220.0]
    # Order statistics: half the distance of the quantiles 0.25 and 0.75 of four members.
    error = (np.quantile(low, 0.75) - np.quantile(low, 0.25)) / 2
    line = said([claim(LOSSES, 150, 150)], low, high, keys="k=0,1")
    assert "for k at 0.5" in line
    assert f"error {0.5 - error / 100:.4g} to {0.5 + error / 100:.4g})" in line


def test_the_answer_tells_how_near() -> None:
    line = said([claim(LOSSES, 500, None)], [0.0] * 4, [100.0] * 4, [200.0] * 4)
    assert "never lies in it; it comes nearest at k=2, 200 person, 300 below (± 0)" in line
    assert line.endswith("never meet it")


def test_places_among_moments_are_moments() -> None:
    keys = "k=1945-08-09,1945-08-10,1945-08-11"
    line = said([claim(LOSSES, 50, 125)], [0.0] * 4, [100.0] * 4, [200.0] * 4, keys=keys)
    assert "for k 1945-08-09 12:00 to 1945-08-10 06:00 (with" in line


def test_named_values_are_counted() -> None:
    line = said([claim(LOSSES, 90, 110)], [0.0] * 4, [100.0] * 4, [200.0] * 4, keys="k=a,b,c")
    assert "lies in it at 1 of 3 points (k=b)" in line


def test_without_a_claim_the_largest_change() -> None:
    line = said([], [0.0, 1.0], [5.0, 6.0], [-9.0, -7.0])
    assert "-8.5 person (± 0.5) at k=2, beyond" in line
    assert "from k=0" in line
    assert "within its" in said([], [0.0, 1.0], [5.0, -4.0], [0.0, 1.0])
    assert "the same at every point" in said([], [3.0, 1.0], [3.0, 1.0], [3.0, 1.0])


def test_without_a_claim_how_often_it_comes_about() -> None:
    never = math.nan
    assert "comes about at no point" in said([], [never], [never], [never])
    assert "same replications as at the first" in said([], [never], [1.0], [2.0])
    assert "in 50% to 100% of repl" in said([], [1.0, never], [3.0, 4.0], [1.0, 1.0])


def test_a_claim_of_another_outcome_is_none() -> None:
    found = respond(LOSSES, "person", ensembles([1.0]), [claim("losses/japan/tanks", 1, 2, "tank")])
    assert found.claims == []
