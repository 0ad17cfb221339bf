"""What a calibration's figures show."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from sandtable.calendar import Calendar
from sandtable.figures.calibration import (
    binned,
    draw_calibration,
    draw_depth,
    draw_ranges,
    plausibility_figure,
)
from sandtable.figures.moment_axis import moment_axis
from sandtable.studies.calibrate.calibrated_keys import Key
from sandtable.studies.calibrate.findings import CalibrationFindings
from sandtable.studies.calibrate.method import Moments, Target, match

SCENARIO: Any = SimpleNamespace(
    name="toy",
    file=SimpleNamespace(
        scenario=SimpleNamespace(title="Toy"),
        side=(),
        place=(),
        axis=(),
        air=(),
        formation=[SimpleNamespace(id=f"{n}-division", name=f"{n}th Division") for n in range(7)],
    ),
)


def calibration(keys: int, low: float = 0.0) -> CalibrationFindings:
    """A model whose outcome is the sum of its inputs, held to at most 0.5 above ``low``."""

    def runs(_: int, points: np.ndarray) -> tuple[np.ndarray, Moments]:
        sums = points.sum(axis=1)
        count, sd = np.full(len(points), 50.0), np.full(len(points), 0.02)
        return points, {"x": np.stack([count, sums, sd], axis=1)}

    target = Target("claim", "x", low, low + 0.5)
    found = match(
        runs,
        [target],
        inputs=keys,
        points=3 * keys + 5,
        waves=1,
        generator=lambda _: np.random.default_rng(1),
    )
    named = tuple(Key(f"formation.{n}-division.tanks", 10.0, 30.0, "tank") for n in range(keys))
    return CalibrationFindings(SCENARIO, named, (), (), (target,), found, 50)


def test_a_table_holds_the_least_and_the_share() -> None:
    points = np.array([[0.01, 0.99], [0.02, 0.98], [0.99, 0.01], [1.0, 0.0]])
    worst = np.array([2.0, 7.0, 5.0, 6.0])
    least = binned(points, worst, least=True)
    share = binned(points, worst, least=False)
    # Rows are the second input, from its low end up.
    assert (least[-1, 0], least[0, -1]) == (2.0, 5.0)
    assert (share[-1, 0], share[0, -1]) == (0.5, 0.0)
    assert np.isnan(least[5, 5]) and np.isnan(share[5, 5])


@pytest.mark.usefixtures("style")
def test_the_depth_of_one_key() -> None:
    axes = Figure().subplots()
    values = np.linspace(0.0, 0.999, 2400)
    draw_depth(axes, values, np.where(values < 0.5, 1.0, 9.0), Key("side.a.killed", 10, 30, ""))
    (step,) = axes.patches
    heights, edges, _ = step.get_data()  # type: ignore[attr-defined]
    assert heights.tolist() == [1.0] * 12 + [0.0] * 12
    assert (edges[0], edges[-1]) == (10, 30)


@pytest.mark.usefixtures("style")
@pytest.mark.parametrize("low", [0.0, 9.0])
def test_ranges_before_and_after(low: float) -> None:
    found = calibration(2, low)
    axes = Figure().subplots()
    draw_ranges(axes, found.ranges, found.keys, ["one", "two"])
    reached = low == 0.0
    assert len(axes.patches) == (6 if reached else 2)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two"]
    if not reached:
        assert math.isnan(found.ranges[0]["left_low"])
        return
    assert axes.patches[1].get_width() == pytest.approx(  # type: ignore[attr-defined]
        (found.ranges[0]["left_high"] - found.ranges[0]["left_low"]) / 20
    )


@pytest.mark.usefixtures("style")
def test_pairs_lie_on_both_sides_of_the_diagonal() -> None:
    figure = plausibility_figure(calibration(3))
    meshes = [axes for axes in figure.axes if axes.collections]
    assert len([axes for axes in meshes if axes.get_subplotspec() is None]) >= 6
    text = " ".join(item.get_text() for item in figure.texts)
    assert "Fitted to the record: claim" in text


@pytest.mark.usefixtures("style")
def test_moments_stand_as_dates() -> None:
    start = datetime(1939, 8, 20, 5, 45, tzinfo=timezone(timedelta(hours=8)))
    key = Key("axis.main.starts", 0.0, 4.0, "date and hour UTC+08:00", Calendar(start, 9.0))
    axes = Figure(figsize=(4, 3)).subplots()
    values = np.linspace(0.0, 0.999, 2400)
    draw_depth(axes, values, np.where(values < 0.5, 1.0, 9.0), key)
    # Days since 1970 began, as the clock of H-hour has them.
    first = (datetime(1939, 8, 20, 5, 45) - datetime(1970, 1, 1)) / timedelta(1)
    assert axes.get_xlim() == pytest.approx((first, first + 4.0))
    moment_axis(axes, "x")
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert labels[:2] == ["21 Aug\n00:00", "22 Aug\n00:00"]
    found = calibration(1)
    ranges = [{**found.ranges[0], "key": key.path, "prior_low": 0.0, "prior_high": 4.0}]
    drawn = draw_ranges(Figure().subplots(), ranges, [key], ["start"])
    said = [text.get_text() for text in drawn.texts]
    assert said == ["1939-08-20\n05:45", "1939-08-24\n05:45"]


@pytest.mark.verify
def test_files_of_one_key_and_of_many(tmp_path: Path) -> None:
    for keys in (1, 7):
        paths = draw_calibration(calibration(keys), tmp_path / str(keys))
        assert [path.name for path in paths] == ["plausibility.png", "ranges.png"]
    before = (tmp_path / "1/ranges.png").read_bytes()
    draw_calibration(calibration(1), tmp_path / "1")
    assert (tmp_path / "1/ranges.png").read_bytes() == before
