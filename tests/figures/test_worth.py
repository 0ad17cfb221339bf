"""What each point of a vary study is worth, drawn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from figures.test_response import CONTEXT, findings, response
from sandtable.figures.worth import worth_of, worth_pages
from sandtable.studies.vary.dimension import Dimension

NAMES = ["none", "air", "fuel", "siege"]
DIMENSION = Dimension("without", "without=none,air,fuel,siege", tuple(NAMES))


def scored(skill: float) -> Any:
    skills = {name: SimpleNamespace(skill=skill) for name in ("one_battle", "sceptic")}
    return SimpleNamespace(all=SimpleNamespace(skill=skills))


def found(*means: list[float], skills: list[float] | None = None) -> Any:
    points = [(name,) for name in NAMES]
    outcomes = [f"losses/{side}/personnel/total" for side in ("ussr", "japan")]
    made = findings(
        [response(own, name) for own, name in zip(means, outcomes, strict=False)],
        [DIMENSION],
        points,
    )
    object.__setattr__(made, "scores", [scored(skill) for skill in skills or []])
    return made


def test_the_most_changed_come_first_with_their_change_of_skill() -> None:
    rows = worth_of(
        found([1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 1.0, 3.0], skills=[0.5, 0.5, 0.2, 0.7]), NAMES
    )
    assert [(row.name, row.changed) for row in rows] == [("siege", 2), ("fuel", 1), ("air", 0)]
    assert rows[0].skills == pytest.approx((0.2, 0.2))
    assert rows[1].skills == pytest.approx((-0.3, -0.3))


def test_what_changes_nothing_is_named_in_the_caption(style: None) -> None:
    (page,) = worth_pages(found([1.0, 1.0, 2.0, 2.0], skills=[0.5] * 4), NAMES, CONTEXT)
    left, right = page.axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["fuel", "siege"]
    assert [bar.get_width() for bar in right.patches] == [1.0, 1.0]
    assert any(
        "No outcome changes beyond chance with air." in text.get_text() for text in page.texts
    )
    assert len(worth_pages(found([1.0, 1.0, 2.0, 2.0]), NAMES, CONTEXT)[0].axes) == 1
    assert worth_pages(found([1.0] * 4), NAMES, CONTEXT) == []
