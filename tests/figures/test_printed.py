"""Every figure of the shipped campaigns, as it is printed on A4 upright."""

from __future__ import annotations

from typing import Any

import pytest

import sandtable
from printed import check_printed
from sandtable.figures.draw import run_figures
from shipped import campaign


# The smallest is a sign of life; the largest shows most of what can go wrong.
@pytest.mark.parametrize(
    "name",
    [
        name if name == "kurils-1945" else pytest.param(name, marks=pytest.mark.verify)
        for name, _ in sandtable.available()
    ],
)
def test_figures_of_a_shipped_campaign_are_legible(name: str, style: None) -> None:
    run = campaign(name).run(replications=6, seed=1)
    for title, figure in run_figures(run):
        check_printed(figure, f"{name}: {title}")


@pytest.mark.verify
@pytest.mark.parametrize("case", ["manchuria", "khalkhin_gol"])
def test_figures_of_many_claims_are_legible(
    case: str, request: pytest.FixtureRequest, style: None
) -> None:
    made_up: Any = request.getfixturevalue(case)
    for title, figure in run_figures(made_up):
        check_printed(figure, f"{case}: {title}")
