"""Dated marches beside the planning figures, against hand work and figures known to be wrong."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from sandtable.battles import published_marches
from sandtable.battles.published_marches import DatedMarch, dated_marches, km_a_day, marches
from sandtable.laws.planning import MarchFatigue
from sandtable.laws.planning_file import load_planning
from sandtable.vocabulary import Mobility, Road, Terrain

FIGURES = load_planning()
CENTRAL = replace(
    FIGURES.sampler.central(),
    march={"foot": 30.0, "horse": 50.0, "motor": 150.0, "tracked": 100.0},
    march_fatigue=MarchFatigue(3.0, 0.75),
)
MARCH = DatedMarch("m", 1900, 10.0, 150.0, False, False, "foot", "flat", "road", "none")


def test_a_march_by_road_by_hand():
    """150 km at 30 km a day are five days; the two that are not fresh take 2 / 0.75."""
    assert km_a_day(CENTRAL, MARCH) == pytest.approx(150.0 / (3.0 + 2.0 / 0.75))


def test_a_straight_line_is_longer_by_the_winding_of_its_road():
    """75 km in a straight line are 90 km by road: three fresh days."""
    assert km_a_day(CENTRAL, MARCH._replace(km=75.0, straight=True)) == pytest.approx(25.0)


def test_the_file_speaks_the_vocabulary_of_legs_and_formations():
    for march in dated_marches():
        assert march.mobility in get_args(Mobility)
        assert march.terrain in get_args(Terrain)
        assert march.road in get_args(Road)
        assert march.days > 0.0 < march.km
        assert march.source


def test_without_opposition_the_record_lies_within_and_against_it_below():
    rows = {case.quantity: case for case in marches()}
    assert len(rows) == len(dated_marches())
    free = rows["Grande Armée to the Danube, 1805, 26 days"]
    assert free.low > 0.0
    assert free.agrees
    assert not replace(free, published=free.low / 2).agrees
    opposed = rows["6th Guards Army, Vitebsk to Polotsk, 1944, 12 days"]
    assert opposed.low == 0.0
    assert opposed.published == pytest.approx(95.0 / 12.0)
    assert opposed.agrees


def test_the_page_shows_what_comes_out():
    page = (Path(__file__).parents[2] / "docs" / "verification.md").read_text(encoding="utf-8")
    section = page.partition("### `marches`")[2].partition("###")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if re.match(r"\| .*\d+ days", line)
    ]
    assert len(rows) == 8
    cases = {case.quantity: case for case in marches()}
    for name, record, figures, agrees in rows:
        case = cases[name.removesuffix(", opposed")]
        low = "up to" if name.endswith(", opposed") else f"{case.low:.1f} to"
        assert record == f"{case.published:.1f}"
        assert figures == f"{case.obtained:.1f} ({low} {case.high:.1f})"
        assert agrees == ("yes" if case.agrees else "no")
    others = [case for case in cases.values() if not case.agrees]
    assert {case.quantity for case in others} <= {
        name.removesuffix(", opposed") for name, *_ in rows
    }


@pytest.mark.verify
def test_figures_that_are_too_slow_do_not_agree(monkeypatch):
    class Halved:
        uncertain = FIGURES.uncertain

        @staticmethod
        def draw(u):
            drawn = FIGURES.draw(u)
            return replace(drawn, march={who: km / 2 for who, km in drawn.march.items()})

    before = sum(bool(case.agrees) for case in marches())
    monkeypatch.setattr(published_marches, "load_planning", Halved)
    after = [case.quantity for case in marches() if not case.agrees]
    assert len(dated_marches()) - len(after) < before
    assert "7th Armoured Division, Mechili to Beda Fomm, 1941, 3 days" in after
