"""What Python shows of an object fits a screen, however much the object holds."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import sandtable
from sandtable import Request, Settings
from sandtable.calendar import short_date
from sandtable.ensemble import paired_difference
from sandtable.representation import Represented, html_table, number_text
from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy
from sandtable.studies.sensitivity import SensitivitySpecification, SensitivityStudy
from sandtable.studies.vary import VarySpecification, VaryStudy
from shipped import campaign

RUNS = Path(__file__).parent / "inputs" / "runs"
HILL = Request(str(RUNS / "hill.toml"), register=RUNS / "register")
KEY = "formation.9-division.personnel"


class Told(Represented):
    def represented(self) -> dict[str, object]:
        return {"name": "<b> & co", "men": 5}


def test_a_line_and_a_table() -> None:
    assert repr(Told()) == "<Told name: <b> & co, men: 5>"
    table = ElementTree.fromstring(Told()._repr_html_())
    cells = [[cell.text for cell in row] for row in table.iter("tr")]
    assert cells == [["name", "<b> & co"], ["men", "5"]]


def cells_of(html: str) -> list[list[str | None]]:
    return [[cell.text for cell in row] for row in ElementTree.fromstring(html).iter("tr")]


def test_a_table_of_rows() -> None:
    html = html_table(["name", "men>"], [["<b> & co", 5]], "Told")
    assert cells_of(html) == [["name", "men"], ["<b> & co", "5"]]
    table = ElementTree.fromstring(html)
    assert table[0].text == "Told"
    sides = [cell.get("style") for cell in table.iter("td")]
    assert sides == ["text-align:left", "text-align:right"]


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (100.0, "100"), (99.96, "100"), (-0.12345, "-0.123")]
)
def test_numbers(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_comparison_is_a_table_with_dates() -> None:
    run = sandtable.load(HILL.scenario, register=HILL.register).run(12, 1)
    heads, *rows = cells_of(run.compare()._repr_html_())
    assert heads[0] == "outcome" and len(rows) == len(run.compare()) > 1
    told = dict(zip(heads, next(row for row in rows if row[0] == "captured/hill"), strict=True))
    (row,) = [row for row in run.compare() if row.outcome == "captured/hill"]
    first = run.campaign.scenario.calendar.moment_of(row.p05)
    assert (told["5 %"], told["95 %"]) == (short_date(first), "never")
    assert told["verdict"] == row.verdict
    losses = next(row for row in rows if "personnel" in str(row[0]))
    assert any(cell and cell.replace(",", "").isdigit() for cell in losses[3:6])


def test_a_paired_difference() -> None:
    first, second = np.array([1.0, 2.0, np.nan, 4.0]), np.array([3.0, 6.0, 6.0, np.nan])
    found = paired_difference("captured/hill", first, second)
    # Two pairs, 2 and 4 apart: mean 3, standard error 1; each comes about in three of four.
    told = dict(cells_of(found._repr_html_()))
    assert told["second less first"] == "3 ± 1" and told["pairs"] == "2"
    assert told["occurs"] == "75%, 75%" and "second less first: 3 ± 1" in repr(found)


@pytest.mark.parametrize("name", [name for name, _ in sandtable.available()])
def test_campaigns(name: str) -> None:
    made = campaign(name)
    for shown in (repr(made), repr(made.scenario)):
        assert len(shown) < 300 and name in shown


@pytest.mark.verify
def test_runs_and_studies(tmp_path: Path) -> None:
    campaign = sandtable.load(HILL.scenario, register=HILL.register)
    run = campaign.run(4, out=tmp_path / "run")
    vary = VaryStudy(HILL, Settings(3), VarySpecification((f"{KEY}=4000,5000",)))
    how = SensitivitySpecification(4, 1, 64, 2, outcomes=("captured/hill",))
    sensitivity = SensitivityStudy(HILL, Settings(1), how)
    matching = CalibrationSpecification((f"{KEY}=1000..30000",), ("losses/*",), waves=1, points=5)
    calibration = CalibrationStudy(HILL, Settings(3), matching)
    shown = [
        run,
        sandtable.open_run(tmp_path / "run"),
        run.results,
        run.outcomes,
        run.score(),
        run.daily,
        vary.run(tmp_path / "vary"),
        sensitivity.run(tmp_path / "sensitivity"),
        calibration.run(tmp_path / "calibrate"),
    ]
    for one in shown:
        # The folder of this test is not short.
        assert len(repr(one).replace(str(tmp_path), "")) < 300, repr(one)
        if isinstance(one, Represented):
            ElementTree.fromstring(one._repr_html_())
    assert "points: 2" in repr(shown[6]) and "share left: 0" not in repr(shown[6])
