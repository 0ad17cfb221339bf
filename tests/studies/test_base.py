"""What all studies share: a folder that is drawn into before it is whole, taken up, replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sandtable import CampaignRun, Request, RunOptions, Settings, load
from sandtable.errors import SandtableError
from sandtable.studies.base import Study
from sandtable.studies.calibrate import (
    CalibrationFindings,
    CalibrationResult,
    CalibrationSpecification,
    CalibrationStudy,
)
from sandtable.studies.sensitivity import (
    SensitivityFindings,
    SensitivityResult,
    SensitivitySpecification,
    SensitivityStudy,
)
from sandtable.studies.vary import VaryFindings, VaryResult, VarySpecification, VaryStudy

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
HILL = Request(str(RUNS / "hill.toml"), register=RUNS / "register")
KEY = "formation.9-division.personnel"


class Drawn:
    """A picture for each call, and what it was called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, Path]] = []

    def __call__(self, found: Any, folder: Path) -> Sequence[Path]:
        folder.mkdir()
        (folder / "picture.png").write_bytes(b"drawn")
        self.calls.append((found, folder))
        return [folder / "picture.png"]


def vary() -> VaryStudy:
    asked = VarySpecification((f"{KEY}=4000,5000",), outcomes=("captured/hill",))
    return VaryStudy(HILL, Settings(3), asked)


def sensitivity() -> SensitivityStudy:
    asked = SensitivitySpecification(4, 1, 64, 2, outcomes=("captured/hill",))
    return SensitivityStudy(HILL, Settings(1), asked)


def calibrate() -> CalibrationStudy:
    asked = CalibrationSpecification((f"{KEY}=1000..30000",), ("losses/*",), waves=1, points=5)
    return CalibrationStudy(HILL, Settings(3), asked)


CASES = [
    (vary, VaryFindings, VaryResult),
    pytest.param(sensitivity, SensitivityFindings, SensitivityResult, marks=pytest.mark.verify),
    (calibrate, CalibrationFindings, CalibrationResult),
]


@pytest.mark.parametrize(("make", "findings", "result"), CASES)
def test_findings_are_drawn_once_into_the_folder(
    make: Any, findings: type, result: type, tmp_path: Path
) -> None:
    study: Study[Any, Any] = make()
    draw = Drawn()
    found = study.run(tmp_path / "out", RunOptions(draw=draw))
    assert isinstance(found, result) and found.path == tmp_path / "out"  # type: ignore[attr-defined]
    assert (tmp_path / "out/figures/picture.png").read_bytes() == b"drawn"
    ((drawn, folder),) = draw.calls
    # Drawn before the folder is renamed into its place, so that none is whole without figures.
    assert isinstance(drawn, findings) and folder == tmp_path / "out.partial/figures"
    again = study.run(tmp_path / "out", RunOptions(resume=True, draw=draw))
    assert len(draw.calls) == 1 and again == found
    with pytest.raises(SandtableError, match="holds a finished run"):
        study.run(tmp_path / "out")
    study.run(tmp_path / "out", RunOptions(overwrite=True))
    assert not (tmp_path / "out/figures").exists()


def test_a_picture_that_fails_leaves_no_whole_folder(tmp_path: Path) -> None:
    def fail(found: VaryFindings, folder: Path) -> list[Path]:
        raise RuntimeError("no colours")

    study = vary()
    with pytest.raises(RuntimeError, match="no colours"):
        study.run(tmp_path / "out", RunOptions(draw=fail))
    assert not (tmp_path / "out").exists()
    found: list[int] = []
    study.run(tmp_path / "out", RunOptions(resume=True, on_resumed=found.append))
    # Three replications at two points, none of them worked again.
    assert found == [6]


def test_figures_still_in_the_making_are_waited_for_once_the_report_is_written(
    tmp_path: Path,
) -> None:
    done: list[str] = []

    def draw(found: object, folder: Path) -> Iterator[Path]:
        def finish() -> Iterator[Path]:
            done.append("figures")
            yield folder / "picture.png"

        return finish()

    def report(path: Path, found: object) -> Path:
        done.append("report")
        return path

    options = RunOptions(draw=draw, report=report)
    options.finished(None, tmp_path, options.begun(None, tmp_path))
    assert done == ["report", "figures"]


def test_a_run_is_drawn_with_all_that_it_holds(tmp_path: Path) -> None:
    draw = Drawn()
    campaign = load(HILL.scenario, register=HILL.register)
    run = campaign.run(4, seed=1, out=tmp_path / "run", options=RunOptions(draw=draw))
    ((drawn, folder),) = draw.calls
    assert isinstance(drawn, CampaignRun) and folder == tmp_path / "run.partial/figures"
    assert [row.claim for row in drawn.compare()] == [row.claim for row in run.compare()]
    assert drawn.baselines.keys() == run.baselines.keys()
    assert (tmp_path / "run/figures/picture.png").is_file()
