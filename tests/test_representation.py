"""What Python shows of an object fits a screen, however much the object holds."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import sandtable
from sandtable import Request, Settings
from sandtable.representation import Represented
from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy
from sandtable.studies.sensitivity import SensitivitySpecification, SensitivityStudy
from sandtable.studies.vary import VarySpecification, VaryStudy

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


@pytest.mark.parametrize("name", [name for name, _ in sandtable.available()])
def test_campaigns(name: str) -> None:
    campaign = sandtable.load(name)
    for shown in (repr(campaign), repr(campaign.scenario)):
        assert len(shown) < 300 and name in shown


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
