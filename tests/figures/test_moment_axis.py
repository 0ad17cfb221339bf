from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from sandtable.figures.moment_axis import moment_axis


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.25, 3.25, ["1 Jan\n12:00", "2 Jan\n00:00", "2 Jan\n12:00"]),
        (
            0.0,
            0.5,
            ["1 Jan\n00:00", "1 Jan\n03:00", "1 Jan\n06:00", "1 Jan\n09:00", "1 Jan\n12:00"],
        ),
        (9.1, 9.2, ["10 Jan\n03:00", "10 Jan\n04:00"]),
        (0.0, 40.0, ["1 Jan\n00:00", "8 Jan\n00:00", "15 Jan\n00:00"]),
    ],
)
def test_labels_stand_at_round_moments_as_often_as_there_is_room(
    low: float, high: float, labels: list[str], style: None
) -> None:
    axes = Figure(figsize=(4.0, 3.0)).subplots()
    axes.set_xlim(low, high)
    moment_axis(axes, "x")
    found = [label.get_text() for label in axes.get_xticklabels()]
    assert found[: len(labels)] == labels and 1 < len(found) <= 6
    assert axes.get_xlim() == (low, high)
