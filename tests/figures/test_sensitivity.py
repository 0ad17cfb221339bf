from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from sandtable.calendar import Calendar
from sandtable.evidence import load_facts
from sandtable.figures.sensitivity import (
    SOURCE_COLOURS,
    draw_indices,
    draw_sensitivity,
    draw_split,
    draw_tornado,
)
from sandtable.figures.sheet import Sheet
from sandtable.figures.style import BLUE, PALE, VERMILION
from sandtable.shipped import register_root
from sandtable.studies.sensitivity.method import (
    MorrisEffect,
    OutcomeSensitivity,
    SensitivityFindings,
    SobolIndex,
    SobolIndices,
)
from sandtable.studies.sensitivity.uncertain_inputs import SOURCES

RESOLVED = SimpleNamespace(
    axes=(), formations=(), places=(), sides=(), phases=(), name="toy",
    calendar=Calendar(datetime(1945, 8, 9, tzinfo=UTC), 10.0),
)  # fmt: skip
SCENARIO: Any = SimpleNamespace(
    facts=load_facts(register_root()),
    sampler=SimpleNamespace(central=lambda: RESOLVED),
    file=SimpleNamespace(
        scenario=SimpleNamespace(title="Toy"), axis=(), formation=(), place=(), side=()
    ),
)
EFFECTS = (
    MorrisEffect("small", 1.0, 0.5, 1.5, -1.0, 0.1, -1),
    MorrisEffect("large", 4.0, 3.0, 5.0, 4.0, 0.2, 1),
    MorrisEffect("group", 2.0, 0.0, 4.0, np.nan, np.nan, 0),
)


def index(group: str, first: float, total: float) -> SobolIndex:
    return SobolIndex(group, first, first - 0.1, first + 0.1, total, total - 0.05, total + 0.05)


def findings(name: str, shares: dict[str, float]) -> OutcomeSensitivity:
    split = SobolIndices(tuple(index(k, v, v) for k, v in shares.items()), 0.1, 0.0, 0.2, 64)
    shown = SobolIndices((index("large", 0.3, 0.4), index("chance", 0.5, 0.6)), 0.2, 0.1, 0.3, 64)
    return OutcomeSensitivity(name, "person", 100.0, 10.0, 0.0, "", EFFECTS, shown, split)


@pytest.fixture
def axes(style: None) -> Axes:
    return Sheet("").figure(4.0).add_axes((0.3, 0.1, 0.6, 0.8))


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def labels(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_the_longest_bar_of_a_tornado_is_on_top_and_colours_tell_the_sign(axes: Axes) -> None:
    draw_tornado(axes, EFFECTS)
    assert labels(axes) == ["large", "group", "small"]
    assert [bar.get_width() for bar in bars(axes)] == [4.0, 2.0, 1.0]
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars(axes)] == [BLUE, PALE, VERMILION]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_indices_stand_in_pairs_by_their_total(axes: Axes) -> None:
    draw_indices(axes, [index("a", 0.3, 0.4), index("b", -0.02, 0.5)])
    assert labels(axes) == ["b", "a"]
    # Firsts, then totals; an estimate below nought has no bar.
    assert [bar.get_width() for bar in bars(axes)] == pytest.approx([0.0, 0.3, 0.5, 0.4])


def test_a_split_ends_at_the_whole(axes: Axes) -> None:
    whole = {"laws": 0.5, "chance": 0.3, "assumptions": -0.1}
    over = {"laws": 0.9, "chance": 0.3}
    draw_split(axes, [findings("x", whole), findings("y", over)])
    ends = {0: 0.0, 1: 0.0}
    for bar in bars(axes):
        row = round(bar.get_y() + bar.get_height() / 2)
        assert bar.get_x() == pytest.approx(ends[row])
        ends[row] += bar.get_width()
    assert ends == pytest.approx({0: 1.0, 1: 1.0})
    rest = [bar.get_width() for bar in bars(axes) if bar.get_hatch()]
    assert rest == pytest.approx([0.2, 0.0])


def test_every_source_has_a_colour_of_its_own() -> None:
    assert tuple(SOURCE_COLOURS) == SOURCES
    assert len(set(SOURCE_COLOURS.values())) == len(SOURCES)


@pytest.mark.verify
def test_figures_are_written_page_by_page_and_again_the_same(tmp_path: Path) -> None:
    many = [findings(f"losses/side-{k}/tanks", {"laws": 0.5, "chance": 0.3}) for k in range(9)]
    first, second = (
        draw_sensitivity(SensitivityFindings(SCENARIO, many, None), tmp_path / name)
        for name in ("a", "b")
    )
    assert [path.stem for path in first] == [
        "tornado-1", "tornado-2", "sobol-1", "sobol-2", "variance",
    ]  # fmt: skip
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_what_never_moved_has_no_figure(tmp_path: Path) -> None:
    still = OutcomeSensitivity("losses/ussr/tanks", "tank", 0.0, 0.0, 0.0, "", (), None, None)
    assert draw_sensitivity(SensitivityFindings(SCENARIO, [still], None), tmp_path / "a") == []
